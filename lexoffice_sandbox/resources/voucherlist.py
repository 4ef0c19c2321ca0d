# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""``GET /v1/voucherlist``: the read-only index over all documents."""

import html
import uuid
from datetime import timedelta

from fastapi import APIRouter

from .. import dates, paging
from ..call import CurrentCall
from ..errors import RegularError
from ..jsonio import JsonResponse, public

router = APIRouter(prefix="/v1/voucherlist")

TYPES = (
    "salesinvoice salescreditnote purchaseinvoice purchasecreditnote invoice "
    "downpaymentinvoice creditnote orderconfirmation quotation deliverynote"
).split()
STATES = (
    "draft open paid paidoff voided transferred sepadebit overdue accepted "
    "rejected unchecked"
).split()
SORTABLE = ("voucherDate", "voucherNumber", "createdDate", "updatedDate")
DAY_FILTERS = ("voucherDate", "createdDate", "updatedDate")
WINDOW = 10_000


@router.get("")
async def voucherlist(call: CurrentCall):
    """All documents that pass every filter; dunnings are never listed."""
    params = call.params
    types = _choices(params, "voucherType", TYPES)
    states = _choices(params, "voucherStatus", STATES)
    if states and "overdue" in states and len(states) > 1:
        raise RegularError(400, "voucherStatus 'overdue' must not be combined")
    page, size = paging.strict_page(params, window=WINDOW)
    prop, direction = _sort(params)
    tests = _tests(call, types, states)
    rows = [
        row
        for row in map(_with_overdue(call), _candidates(call))
        if all(test(row) for test in tests)
    ]
    rows.sort(
        key=lambda row: (row.get(prop) or "", row["_seq"]),
        reverse=direction == "DESC",
    )
    result = paging.envelope(rows, page, size, prop.lower(), direction)
    result["content"] = [public(row) for row in result["content"]]
    return JsonResponse(result)


def _choices(params, name, known):
    """A required comma list; None stands for "any"."""
    values = [value for value in params.get(name, "").split(",") if value]
    if not values:
        raise RegularError(400, "Missing required request parameters")
    if "any" in values:
        return None
    if set(values) - set(known):
        raise RegularError(400, f"parameter '{name}' is invalid")
    return set(values)


def _sort(params):
    prop, _, direction = params.get("sort", "voucherDate,DESC").partition(",")
    direction = direction.upper() or "ASC"
    if prop not in SORTABLE or direction not in ("ASC", "DESC"):
        raise RegularError(400, "parameter 'sort' is invalid")
    return prop, direction


def _candidates(call):
    """Rows found by the fast filters of the index."""
    contact_id = call.params.get("contactId")
    if contact_id is not None:
        try:
            contact_id = str(uuid.UUID(contact_id))
        except ValueError:
            raise RegularError(400, "parameter 'contactId' is invalid") from None
    number = call.params.get("voucherNumber")
    if number is not None:
        # the service stores &, < and > encoded; an unencoded & matches nothing
        if html.escape(html.unescape(number), quote=False) != number:
            return ()
        number = html.unescape(number)
    rows = call.sandbox.vouchers.rows(call.account_id, contact_id, number)
    if contact_id is not None and number is not None:
        rows = [row for row in rows if row.get("contactId") == contact_id]
    return rows


def _with_overdue(call):
    """The list calls an open document past its due date "overdue"."""
    today = dates.midnight(call.now.date())

    def derive(row):
        is_open = row["voucherStatus"] in ("open", "sepadebit")
        if is_open and row.get("dueDate", today)[:10] < today[:10]:
            return {**row, "voucherStatus": "overdue"}
        return row

    return derive


def _tests(call, types, states):
    """One predicate per filter that was given."""
    tests = [lambda row: row["voucherStatus"] != "blank"]
    if types:
        tests.append(lambda row: row["voucherType"] in types)
    if states:
        tests.append(lambda row: row["voucherStatus"] in states)
    archived = call.params.get("archived", "").lower()
    if archived in ("true", "false"):
        tests.append(lambda row: row["archived"] is (archived == "true"))
    for field in DAY_FILTERS:
        tests += _day_tests(call.params, field)
    if call.settings.index_lag:
        lag = timedelta(seconds=call.settings.index_lag)
        newest = dates.render(call.now - lag)
        tests.append(lambda row: row["createdDate"] <= newest)
    return tests


def _day_tests(params, field):
    """Whole days in local time of Berlin, both bounds inclusive."""
    tests = []
    for suffix in ("From", "To"):
        text = params.get(field + suffix)
        if not text:
            continue
        try:
            bound = dates.parse_day(text).isoformat()
        except ValueError:
            raise RegularError(
                400, f"parameter '{field + suffix}' is invalid"
            ) from None
        if suffix == "From":
            tests.append(lambda row, b=bound: (row.get(field) or "")[:10] >= b)
        else:
            tests.append(lambda row, b=bound: "" < (row.get(field) or "")[:10] <= b)
    return tests
