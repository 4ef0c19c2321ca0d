# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""What only people in the web app can do: the API has no call for any of it.

Used by the pages and by the JSON hooks alike. Every function takes the sandbox
and a record, changes the record and stores it.
"""

import uuid
from decimal import Decimal

from . import dates, ledger
from .resources import contact_rules, contacts, file_store, sales_build, sales_types
from .resources.sales_documents import finalize_document

PAYMENT_TYPES = (
    "manualPayment",
    "partPaymentFinancialTransaction",
    "partPaymentCashBox",
    "cashDiscount",
    "dunningCosts",
    "currencyConversion",
    "irrecoverableReceivable",
)


class Impossible(Exception):
    """The document is not in a state for this."""


def find_document(sandbox, document_id):
    """A sales document or voucher of any account, or None."""
    store = sandbox.store
    return store.get("sales", document_id) or store.get("voucher", document_id)


def _save(sandbox, record):
    record["version"] += 1
    record["updatedDate"] = dates.render(sandbox.clock.now())
    sandbox.store.put(record["_kind"], record["_account"], record)
    return record


def pay(sandbox, record, amount=None, day=None, kind="manualPayment"):
    """Book a payment, the whole open amount by default."""
    left = ledger.open_amount(record)
    if left is None or record["voucherStatus"] == "voided":
        raise Impossible("Dieser Beleg kann nicht bezahlt werden.")
    if left <= 0:
        raise Impossible("Dieser Beleg ist schon bezahlt.")
    amount = left if amount is None else Decimal(str(amount))
    if not 0 < amount <= left:
        raise Impossible("Der Betrag muss zwischen 0,01 und dem offenen Betrag liegen.")
    day = day or sandbox.clock.today()
    ledger.add_payment(record, amount, dates.midnight(day), kind)
    return _save(sandbox, record)


def unpay(sandbox, record):
    """Take all payments back."""
    if not record.get("_payments"):
        raise Impossible("Dieser Beleg hat keine Zahlungen.")
    record["_payments"] = []
    ledger.settle(record, None)
    return _save(sandbox, record)


def void(sandbox, record):
    """Cancel a document; nothing is owed any more."""
    if record["voucherStatus"] in (*ledger.UNPAYABLE_STATES, "voided"):
        raise Impossible("Nur ein offener oder bezahlter Beleg kann storniert werden.")
    record["voucherStatus"] = "voided"
    record.pop("_paid_date", None)
    return _save(sandbox, record)


def reopen(sandbox, record):
    """Set an open sales document back to draft, as its payments allow."""
    if record["_kind"] != "sales" or record["voucherStatus"] != "open":
        raise Impossible("Nur ein offener Verkaufsbeleg kann wieder Entwurf werden.")
    if record["_payments"]:
        raise Impossible("Der Beleg hat Zahlungen.")
    sandbox.store.delete("document_file", record["files"]["documentFileId"])
    sales_build.back_to_draft(record)
    return _save(sandbox, record)


def finalize(sandbox, record):
    """Complete a draft."""
    kind = sales_types.BY_TYPE.get(record.get("_type"))
    if not kind or not kind.finalizable or record["voucherStatus"] != "draft":
        raise Impossible("Nur ein Entwurf kann abgeschlossen werden.")
    account = sandbox.store.get("account", record["_account"])
    finalize_document(sandbox.store, record, kind, account)
    return _save(sandbox, record)


def edit(sandbox, record, changes):
    """Merge changes into a document and compute its totals anew.

    Deliberately without rules, so that tests can make states which the service
    reaches by ways the stand-in does not have.
    """
    _merge(record, changes)
    if record["_kind"] == "sales":
        sales_build.recalculate(record)
    return _save(sandbox, record)


def _merge(target, changes):
    for field, value in changes.items():
        if value is None:
            target.pop(field, None)
        elif isinstance(value, dict) and isinstance(target.get(field), dict):
            _merge(target[field], value)
        else:
            target[field] = value


def delete(sandbox, record):
    """Remove a document with its files."""
    for file_id in record.get("files", ()) if record["_kind"] == "voucher" else ():
        file_store.delete(sandbox.store, file_id)
    if record["_kind"] == "sales" and "files" in record:
        sandbox.store.delete("document_file", record["files"]["documentFileId"])
    sandbox.store.delete(record["_kind"], record["id"])


def edit_contact(sandbox, contact, changes):
    """Merge changes into a contact; also more entries than the API allows."""
    data = {f: contact[f] for f in contact_rules.WRITABLE if f in contact}
    _merge(data, changes)
    contact["version"] += 1
    if "archived" in changes:
        contact["archived"] = bool(changes["archived"])
    return contacts.save_contact(sandbox, contact["_account"], contact, data)


def create_contact(sandbox, account_id, data):
    """A contact as a person would enter it, without the limits of the API."""
    contact = {
        "id": data.get("id") or str(uuid.uuid4()),
        "organizationId": account_id,
        "version": 1,
        "archived": bool(data.get("archived")),
    }
    data = {"roles": {"customer": {}}, **data}
    return contacts.save_contact(sandbox, account_id, contact, data)


def archive(sandbox, contact, archived=True):
    return edit_contact(sandbox, contact, {"archived": archived})


def add_address(sandbox, contact, address, kind="billing"):
    """A second address makes the contact unusable for updates by API."""
    entries = contact.get("addresses", {}).get(kind, [])
    return edit_contact(sandbox, contact, {"addresses": {kind: [*entries, address]}})
