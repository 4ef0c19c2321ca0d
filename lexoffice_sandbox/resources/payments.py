# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""``GET /v1/payments/{voucherId}``: open amount and payment items, read-only."""

from fastapi import APIRouter

from .. import ledger
from ..call import CurrentCall
from ..errors import RegularError
from ..jsonio import JsonResponse

router = APIRouter(prefix="/v1/payments")


@router.get("/{voucher_id}")
async def payments(voucher_id: str, call: CurrentCall):
    """State of payment; 406 for everything that has none."""
    record = call.store.get("sales", voucher_id, call.account_id)
    record = record or call.get("voucher", voucher_id)
    _refuse_without_payment(record)
    left = ledger.open_amount(record)
    result = {
        "openAmount": left,
        "currency": "EUR",
        "paymentStatus": _payment_status(record, left),
        "voucherType": ledger.voucher_type(record),
        "voucherStatus": record["voucherStatus"],
    }
    if record.get("_paid_date"):
        result["paidDate"] = record["_paid_date"]
    result["paymentItems"] = record.get("_payments", [])
    return JsonResponse(result)


def _refuse_without_payment(record):
    kind = ledger.voucher_type(record)
    if record["_kind"] == "sales" and record["voucherStatus"] == "draft":
        raise RegularError(406, f"No payment information for this {kind} in draft")
    if not ledger.is_payable(record):
        text = "No payment information for this voucher/voucher type"
        raise RegularError(406, text)
    if record.get(ledger.TIED_CREDIT_NOTE):
        text = "No payment information for credit notes related to an invoice"
        raise RegularError(406, text)


def _payment_status(record, left):
    if left <= 0:
        return "balanced"
    is_expense = ledger.voucher_type(record) in ledger.PURCHASES
    return "openExpense" if is_expense else "openRevenue"
