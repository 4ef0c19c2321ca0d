# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Documents and contacts: everything the API itself cannot do."""

import datetime
from decimal import Decimal
from typing import Literal

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from .. import documents as rendering
from .. import ledger, operations
from ..call import CurrentCall
from ..jsonio import JsonResponse, public
from ..resources import file_store
from .accounts import find_account

router = APIRouter(prefix="/sandbox")


class Payment(BaseModel):
    model_config = ConfigDict(extra="forbid")

    amount: Decimal | None = None
    date: datetime.date | None = None
    type: Literal[operations.PAYMENT_TYPES] = "manualPayment"


def _document(call, document_id):
    record = operations.find_document(call.sandbox, document_id)
    if record is None:
        raise HTTPException(404, "no such document")
    return record


def _contact(call, contact_id):
    contact = call.store.get("contact", contact_id)
    if contact is None:
        raise HTTPException(404, "no such contact")
    return contact


def _shown(call, record):
    """A document in full, with payments and what is known of its files."""
    if record["_kind"] == "voucher":
        record = file_store.recognise(call, record)
    shown = {
        "account": record["_account"],
        "voucherType": ledger.voucher_type(record),
        "openAmount": ledger.open_amount(record),
        "paymentItems": record.get("_payments", []),
        "document": public(record),
    }
    if record["_kind"] == "voucher":
        files = (call.store.get("file", file_id) for file_id in record["files"])
        shown["files"] = [public(stored) for stored in files if stored]
    return shown


def _done(call, operation, *arguments):
    """Run an operation; 409 if the record is in no state for it."""
    try:
        record = operation(call.sandbox, *arguments)
    except operations.Impossible as error:
        raise HTTPException(409, str(error)) from None
    if record["_kind"] == "contact":
        return JsonResponse(public(record))
    return JsonResponse(_shown(call, record))


@router.get("/documents")
async def list_documents(call: CurrentCall, account: str | None = None):
    """All sales documents and vouchers, of one account or of all."""
    account_id = find_account(call, account)["id"] if account else None
    rows = [
        *call.store.all("sales", account_id),
        *call.store.all("voucher", account_id),
    ]
    return JsonResponse([_shown(call, record) for record in rows])


@router.get("/documents/{document_id}")
async def read_document(document_id: str, call: CurrentCall):
    return JsonResponse(_shown(call, _document(call, document_id)))


@router.get("/documents/{document_id}/pdf")
async def document_pdf(document_id: str, call: CurrentCall):
    """The rendered PDF of a sales document, drafts included."""
    record = call.store.get("sales", document_id)
    if record is None:
        raise HTTPException(404, "no such document")
    content = rendering.pdf_of(call.sandbox, record)
    return Response(content, media_type="application/pdf")


@router.post("/documents/{document_id}/pay")
async def pay(document_id: str, payment: Payment, call: CurrentCall):
    """Book a payment; without an amount everything that is open."""
    record = _document(call, document_id)
    return _done(
        call, operations.pay, record, payment.amount, payment.date, payment.type
    )


@router.post("/documents/{document_id}/unpay")
async def unpay(document_id: str, call: CurrentCall):
    return _done(call, operations.unpay, _document(call, document_id))


@router.post("/documents/{document_id}/void")
async def void(document_id: str, call: CurrentCall):
    return _done(call, operations.void, _document(call, document_id))


@router.post("/documents/{document_id}/reopen")
async def reopen(document_id: str, call: CurrentCall):
    """Open back to draft."""
    return _done(call, operations.reopen, _document(call, document_id))


@router.post("/documents/{document_id}/finalize")
async def finalize(document_id: str, call: CurrentCall):
    """Draft to open."""
    return _done(call, operations.finalize, _document(call, document_id))


@router.post("/documents/{document_id}/edit")
async def edit(document_id: str, call: CurrentCall):
    """Merge a JSON object into the document; null removes a property."""
    record = _document(call, document_id)
    return _done(call, operations.edit, record, call.json())


@router.delete("/documents/{document_id}")
async def delete(document_id: str, call: CurrentCall):
    operations.delete(call.sandbox, _document(call, document_id))
    return Response(status_code=204)


@router.get("/contacts")
async def list_contacts(call: CurrentCall, account: str | None = None):
    account_id = find_account(call, account)["id"] if account else None
    return JsonResponse([public(c) for c in call.store.all("contact", account_id)])


@router.post("/contacts")
async def create_contact(call: CurrentCall, account: str | None = None):
    """A contact with any content, also what the API would not take."""
    account_id = find_account(call, account)["id"]
    contact = operations.create_contact(call.sandbox, account_id, call.json())
    return JsonResponse(public(contact), 201)


@router.post("/contacts/{contact_id}/archive")
async def archive(contact_id: str, call: CurrentCall):
    return _done(call, operations.archive, _contact(call, contact_id))


@router.post("/contacts/{contact_id}/unarchive")
async def unarchive(contact_id: str, call: CurrentCall):
    return _done(call, operations.archive, _contact(call, contact_id), False)


@router.post("/contacts/{contact_id}/edit")
async def edit_contact(contact_id: str, call: CurrentCall):
    """Merge a JSON object into the contact; null removes a property."""
    contact = _contact(call, contact_id)
    return _done(call, operations.edit_contact, contact, call.json())


@router.post("/contacts/{contact_id}/add-address")
async def add_address(contact_id: str, call: CurrentCall, kind: str = "billing"):
    """A further address; without a body a made-up one."""
    address = call.json() if call.body.strip() else {}
    address = {"street": "Zweitweg 2", "zip": "10115", "city": "Berlin", **address}
    address.setdefault("countryCode", "DE")
    contact = _contact(call, contact_id)
    return _done(call, operations.add_address, contact, address, kind)
