# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Bookkeeping vouchers: create, read, replace, attach files."""

import uuid

from fastapi import APIRouter, Request

from .. import dates, ledger, paging
from ..call import CurrentCall
from ..errors import LegacyError, bad_request
from ..jsonio import JsonResponse, public
from . import contact_rules, file_store, voucher_rules

router = APIRouter(prefix="/v1/vouchers")

_DAYS = ("voucherDate", "shippingDate", "dueDate")
_WRITABLE = (
    "type",
    "voucherNumber",
    *_DAYS,
    "totalGrossAmount",
    "totalTaxAmount",
    "taxType",
    "useCollectiveContact",
    "contactId",
    "remark",
    "voucherItems",
)
_ITEM_FIELDS = ("amount", "taxAmount", "taxRatePercent", "categoryId")
_SALES = ("salesinvoice", "salescreditnote")


@router.post("")
async def create_voucher(call: CurrentCall):
    """Book a voucher; it is open from the start."""
    data = call.json()
    state = _state_on_post(call, data)
    voucher_rules.check(call, data, complete=state == "open")
    now = dates.render(call.now)
    record = {
        "id": str(uuid.uuid4()),
        "organizationId": call.account_id,
        "voucherStatus": state,
        "files": [],
        "createdDate": now,
        "updatedDate": now,
        "version": 1,
    }
    file_ids = voucher_rules.check_files(call, data, record)
    _write(record, data)
    file_store.assign(call, record, file_ids)
    call.store.put("voucher", call.account_id, record)
    return call.action_result("vouchers", record, call.settings.status_on_create)


@router.put("/{voucher_id}")
async def update_voucher(voucher_id: str, call: CurrentCall):
    """Replace a voucher; files that are not named again are gone for good."""
    record = file_store.recognise(call, call.get("voucher", voucher_id))
    data = call.json()
    contact_rules.check_version(data, record, call.settings)
    books = voucher_rules.check_transition(data, record)
    complete = books or record["voucherStatus"] not in ("unchecked", "blank")
    voucher_rules.check(call, data, complete)
    file_ids = voucher_rules.check_files(call, data, record)
    if books:
        record["voucherStatus"] = "open"
    _write(record, data)
    file_store.assign(call, record, file_ids)
    record["version"] += 1
    record["updatedDate"] = dates.render(call.now)
    if record.get("_payments"):
        ledger.settle(record, record["_payments"][-1]["postingDate"])
    call.store.put("voucher", call.account_id, record)
    return call.action_result("vouchers", record)


@router.get("/{voucher_id}")
async def read_voucher(voucher_id: str, call: CurrentCall):
    record = file_store.recognise(call, call.get("voucher", voucher_id))
    return JsonResponse(public(record))


@router.get("")
async def find_vouchers(call: CurrentCall):
    """Vouchers with exactly this number (deprecated in favour of voucherlist)."""
    number = call.params.get("voucherNumber")
    if not number:
        raise bad_request("voucherNumber parameter is required")
    rows = [
        public(file_store.recognise(call, record))
        for record in call.store.all("voucher", call.account_id)
        if record.get("voucherNumber") == number
    ]
    size = paging.whole_number(call.params.get("size"), 25, 1)
    if size > 250:
        raise bad_request("parameter 'size' exceeds the limit")
    page = paging.whole_number(call.params.get("page"), 0, 0)
    return JsonResponse(paging.envelope(rows, page, size, "voucherNumber"))


@router.post("/{voucher_id}/files")
async def attach_file(voucher_id: str, request: Request, call: CurrentCall):
    """Upload a file to a voucher; equal bytes are stored once."""
    upload = await file_store.read_upload(request)
    record = call.get("voucher", voucher_id)
    existing = file_store.same_content(call, upload)
    if existing is None:
        existing = file_store.store_upload(call, upload, record["id"])
        record["files"].append(existing["id"])
        record["updatedDate"] = dates.render(call.now)
        record["version"] += call.settings.upload_bumps_version
        call.store.put("voucher", call.account_id, record)
    return JsonResponse({"id": existing["id"]}, 202)


def _state_on_post(call, data):
    """ "unchecked" is documented for POST, but was seen to be refused."""
    state = data.get("voucherStatus")
    if state in (None, "open"):
        return "open"
    accepts = call.settings.voucher_status_on_post == "accept"
    if state == "unchecked" and accepts and data.get("taxType") != "net":
        return "unchecked"
    raise LegacyError([("voucherStatus", "invalid_value")])


def _write(record, data):
    """Put the writable part of ``data`` into the record, days at midnight."""
    for field in _WRITABLE:
        record.pop(field, None)
        if data.get(field) not in (None, ""):
            record[field] = data[field]
    record.setdefault("type", "purchaseinvoice")
    record["useCollectiveContact"] = bool(data.get("useCollectiveContact"))
    if record["useCollectiveContact"]:
        record.pop("contactId", None)
    if record["type"] not in _SALES:
        record.pop("shippingDate", None)
    for field in _DAYS:
        if field in record:
            record[field] = dates.midnight(dates.parse_voucher_day(record[field]))
    if "voucherDate" in record:
        record.setdefault("dueDate", record["voucherDate"])
    record["voucherItems"] = [
        {field: item[field] for field in _ITEM_FIELDS if field in item}
        for item in data.get("voucherItems") or ()
    ]
