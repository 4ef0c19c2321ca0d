# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""What makes the service refuse a bookkeeping voucher (406, IssueList)."""

from .. import dates, reference
from ..errors import LegacyError
from ..money import ZERO, is_amount, tax_in
from . import shapes

TYPES = ("salesinvoice", "salescreditnote", "purchaseinvoice", "purchasecreditnote")
RATES = (0, 5, 7, 16, 19)
OSS_CATEGORIES = (
    "4ebd965a-7126-416c-9d8c-a5c9366ee473",
    "7ecea006-844c-4c98-a02d-aa3142640dd5",
)
_REQUIRED = ("type", "voucherNumber", "voucherDate", "taxType", "voucherItems")
_ITEM_REQUIRED = ("amount", "taxAmount", "taxRatePercent", "categoryId")
_DAYS = ("voucherDate", "shippingDate", "dueDate")
_AMOUNTS = ("totalGrossAmount", "totalTaxAmount")
MISSING, INVALID = "missing_entity", "invalid_value"


def check(call, data, complete=True):
    """Raise with all issues; an unchecked voucher may be incomplete."""
    shapes.check(shapes.VoucherShape, data)
    issues = list(_required(data)) if complete else []
    issues += _values(call, data)
    items = data.get("voucherItems")
    if not issues and items:
        for position, item in enumerate(items):
            issues += _item(call, data, item, f"voucherItems[{position}]")
        if not issues:
            issues += _sums(call, data, items)
    issues += _contact(call, data, complete)
    if issues:
        raise LegacyError(issues)


def _required(data):
    for field in _REQUIRED:
        if data.get(field) in (None, "", []):
            yield field, MISSING
    for field in _AMOUNTS:
        if data.get(field) is None:
            yield field, MISSING


def _values(call, data):
    if data.get("type") and data["type"] not in TYPES:
        yield "type", INVALID
    tax_types = ["net", "gross"]
    if call.settings.voucher_vatfree:
        tax_types.append("vatfree")
    if data.get("taxType") and data["taxType"] not in tax_types:
        yield "taxType", INVALID
    for field in _DAYS:
        if data.get(field):
            try:
                dates.parse_voucher_day(data[field])
            except ValueError:
                yield field, INVALID
    for field in _AMOUNTS:
        if data.get(field) is not None and not is_amount(data[field]):
            yield field, INVALID


def _item(call, data, item, source):
    """Fields of one item, its tax rate, category and tax amount."""
    missing = [field for field in _ITEM_REQUIRED if item.get(field) is None]
    if missing:
        yield from ((f"{source}.{field}", MISSING) for field in missing)
        return
    for field in ("amount", "taxAmount"):
        if not is_amount(item[field]):
            yield f"{source}.{field}", INVALID
            return
    category = reference.CATEGORY_BY_ID.get(item["categoryId"])
    if category is None:
        yield f"{source}.categoryId", INVALID
        return
    rate = item["taxRatePercent"]
    abroad = call.profile.get("distanceSalesPrinciple") == "DESTINATION"
    if rate not in RATES and not (abroad and item["categoryId"] in OSS_CATEGORIES):
        yield f"{source}.taxRatePercent", INVALID
        return
    if data["taxType"] == "vatfree" and rate != 0:
        yield f"{source}.taxRatePercent", INVALID
    expected = tax_in(item["amount"], rate, data["taxType"] == "gross")
    if abs(expected - item["taxAmount"]) > call.settings.voucher_tax_tolerance:
        yield f"{source}.taxAmount", "invalid_taxamount"
    if call.settings.enforce_categories:
        if category["contactRequired"] and data.get("useCollectiveContact"):
            yield "contactId", MISSING
        if not category["splitAllowed"] and len(data["voucherItems"]) > 1:
            yield f"{source}.categoryId", INVALID


def _sums(call, data, items):
    """Totals have to be the exact sums of the items."""
    tax = sum((item["taxAmount"] for item in items), ZERO)
    gross = sum((item["amount"] for item in items), ZERO)
    if data["taxType"] == "net":
        gross += tax
    if data.get("totalGrossAmount") != gross:
        yield "totalGrossAmount", "invalid_total_amount"
    if data.get("totalTaxAmount") != tax:
        yield "totalTaxAmount", "invalid_taxamount"


def _contact(call, data, complete):
    if data.get("useCollectiveContact"):
        return
    contact_id = data.get("contactId")
    if not contact_id:
        if complete:
            yield "contactId", MISSING
        return
    contact = call.store.get("contact", contact_id, call.account_id)
    role = "vendor" if str(data.get("type")).startswith("purchase") else "customer"
    if contact is None or role not in contact["roles"]:
        yield "contactId", INVALID


def check_transition(data, record):
    """Whether this PUT books the voucher: unchecked to open, nothing else."""
    state = data.get("voucherStatus")
    if state is None:
        return False
    if state == "open" and record["voucherStatus"] == "unchecked":
        return True
    raise LegacyError([("voucherStatus", INVALID)])


def check_files(call, data, record):
    """The ids of ``files``, each known and not another voucher's."""
    file_ids = data.get("files") or []
    for position, file_id in enumerate(file_ids):
        stored = call.store.get("file", file_id, call.account_id)
        if stored is None or stored["voucher"] not in (None, record["id"]):
            raise LegacyError([(f"files[{position}]", INVALID)])
    return list(file_ids)
