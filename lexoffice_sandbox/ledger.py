# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Totals, payments and states of everything that can be paid."""

from .money import ZERO

SALES_PAYABLE = ("invoice", "downpaymentinvoice", "creditnote")
CREDIT_NOTES = ("creditnote", "salescreditnote", "purchasecreditnote")
PURCHASES = ("purchaseinvoice", "purchasecreditnote")
UNPAYABLE_STATES = ("draft", "unchecked", "blank")
TIED_CREDIT_NOTE = "_tied_to"


def voucher_type(record):
    """``invoice``, ``creditnote`` ... or the type of a bookkeeping voucher."""
    return record["_type"] if record["_kind"] == "sales" else record["type"]


def gross_total(record):
    """Gross amount of a document; None where there are no prices."""
    if record["_kind"] == "sales":
        return record.get("totalPrice", {}).get("totalGrossAmount")
    return record.get("totalGrossAmount", ZERO)


def is_payable(record):
    """Whether the document can have payments at all in its present state."""
    if record["voucherStatus"] in UNPAYABLE_STATES:
        return False
    return record["_kind"] == "voucher" or record["_type"] in SALES_PAYABLE


def open_amount(record):
    """What is still to be paid; None for documents without payment."""
    if not is_payable(record):
        return None
    if record["voucherStatus"] == "voided":
        return ZERO
    paid = sum((item["amount"] for item in record.get("_payments", ())), ZERO)
    return gross_total(record) - paid


def settled_state(record):
    """Credit notes are "paidoff", everything else is "paid"."""
    return "paidoff" if voucher_type(record) in CREDIT_NOTES else "paid"


def add_payment(record, amount, day, kind="manualPayment"):
    """Book a payment (rendered day) and derive the new state."""
    record.setdefault("_payments", []).append(
        {
            "paymentItemType": kind,
            "postingDate": day,
            "amount": amount,
            "currency": "EUR",
        }
    )
    settle(record, day)


def settle(record, day):
    """Move between open and paid according to what is left to pay."""
    if open_amount(record) <= 0:
        record["voucherStatus"] = settled_state(record)
        record["_paid_date"] = day
    else:
        record["voucherStatus"] = "open"
        record.pop("_paid_date", None)
