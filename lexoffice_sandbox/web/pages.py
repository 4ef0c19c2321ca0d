# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The pages: overview of an account, one document, one contact, deep links."""

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from .. import documents, ledger, operations
from ..call import CurrentCall
from ..money import ZERO
from ..resources import file_store, sales_types
from ..resources.files import MEDIA_TYPES
from ..voucherindex import contact_list_name
from . import templates

router = APIRouter()

SHOWN = 200
_TITLES = {kind.voucher_type: kind.title for kind in sales_types.ALL}
_TITLES.update(
    salesinvoice="Einnahme",
    salescreditnote="Einnahmenminderung",
    purchaseinvoice="Ausgabe",
    purchasecreditnote="Ausgabenminderung",
)
_RESOURCES = (*sales_types.BY_PATH, "vouchers")


@router.get("/")
async def overview(call: CurrentCall, account: str | None = None):
    """What arrived in one account, the newest first."""
    accounts = list(call.store.all("account"))
    chosen = call.store.get("account", account) if account else None
    chosen = chosen or accounts[0]
    sales = _rows(call, "sales", chosen)
    vouchers = _rows(call, "voucher", chosen)
    invoices = [row for row in sales if row["type"] == "invoice"]
    contacts = list(call.store.all("contact", chosen["id"]))
    contacts.sort(key=lambda contact: contact["_search_name"])
    return templates.page(
        "overview.html",
        accounts=accounts,
        account=chosen,
        contacts=contacts[:SHOWN],
        contact_count=len(contacts),
        sections=[
            ("Rechnungen", invoices[:SHOWN], len(invoices)),
            *_other_sales(sales),
            ("Belege", vouchers[:SHOWN], len(vouchers)),
        ],
        open_total=sum((row["open"] or ZERO for row in invoices), ZERO),
        invoice_total=sum((row["total"] for row in invoices), ZERO),
        keys=list(call.store.all("api_key", chosen["id"])),
        connections=list(call.store.all("connection", chosen["id"])),
        contact_name=contact_list_name,
        message=call.params.get("message"),
    )


def _other_sales(sales):
    """Credit notes always have a table, rarer kinds only when there are some."""
    others = [row for row in sales if row["type"] not in ("invoice", "creditnote")]
    notes = [row for row in sales if row["type"] == "creditnote"]
    yield "Rechnungskorrekturen", notes[:SHOWN], len(notes)
    if others:
        yield "Weitere Belege des Verkaufs", others[:SHOWN], len(others)


def _rows(call, kind, account):
    records = list(call.store.all(kind, account["id"]))
    return [_row(call, record) for record in reversed(records)]


def _row(call, record):
    """What a table shows of a document."""
    if record["_kind"] == "voucher":
        record = file_store.recognise(call, record)
        file_ids = record["files"]
        links = [(f"/app/files/{file_id}", "Datei") for file_id in file_ids]
    else:
        links = [(f"/app/documents/{record['id']}/pdf", "PDF")]
    return {
        "id": record["id"],
        "type": ledger.voucher_type(record),
        "title": _TITLES[ledger.voucher_type(record)],
        "number": record.get("voucherNumber") or "ohne Nummer",
        "date": record.get("voucherDate"),
        "due": record.get("dueDate"),
        "state": _state(call, record),
        "contact": _contact_name(call, record),
        "total": ledger.gross_total(record) or ZERO,
        "open": ledger.open_amount(record),
        "links": links,
    }


def _state(call, record):
    """The state as the voucherlist names it, overdue documents included."""
    due = record.get("dueDate", "")[:10]
    is_late = due and due < call.now.date().isoformat()
    return (
        "overdue"
        if is_late and record["voucherStatus"] == "open"
        else record["voucherStatus"]
    )


def _contact_name(call, record):
    if record["_kind"] == "sales":
        return record["address"].get("name", "")
    contact = call.store.get("contact", record.get("contactId") or "")
    if contact:
        return contact_list_name(contact)
    is_purchase = record["type"] in ledger.PURCHASES
    return "Sammellieferant" if is_purchase else "Sammelkunde"


@router.get("/app/documents/{document_id}")
async def document_page(document_id: str, call: CurrentCall):
    """One document with its PDF and everything the web app can do to it."""
    record = operations.find_document(call.sandbox, document_id)
    if record is None:
        return templates.page("error.html", 404, message="Diesen Beleg gibt es nicht.")
    row = _row(call, record)
    return templates.page(
        "document.html",
        record=record,
        row=row,
        account=call.store.get("account", record["_account"]),
        payments=record.get("_payments", ()),
        payment_types=operations.PAYMENT_TYPES,
        is_sales=record["_kind"] == "sales",
        can_pay=bool(row["open"]) and row["open"] > 0,
        message=call.params.get("message"),
    )


@router.get("/app/documents/{document_id}/pdf")
async def document_pdf(document_id: str, call: CurrentCall):
    record = call.store.get("sales", document_id)
    if record is None:
        return templates.page("error.html", 404, message="Diesen Beleg gibt es nicht.")
    return _inline(
        documents.pdf_of(call.sandbox, record), "pdf", documents.file_name(record)
    )


@router.get("/app/files/{file_id}")
async def file(file_id: str, call: CurrentCall):
    record = call.store.get("file", file_id)
    if record is None:
        return templates.page("error.html", 404, message="Diese Datei gibt es nicht.")
    extension = record["extension"]
    return _inline(record["_content"], extension, f"{file_id}.{extension}")


def _inline(content, extension, name):
    headers = {"Content-Disposition": f"inline; filename={name}"}
    return Response(content, media_type=MEDIA_TYPES[extension], headers=headers)


@router.get("/contacts/{contact_id}")
async def contact_page(contact_id: str, call: CurrentCall):
    """One contact with its documents."""
    contact = call.store.get("contact", contact_id)
    if contact is None:
        message = "Diesen Kontakt gibt es nicht."
        return templates.page("error.html", 404, message=message)
    rows = call.sandbox.vouchers.rows(contact["_account"], contact_id)
    records = [operations.find_document(call.sandbox, row["id"]) for row in rows]
    return templates.page(
        "contact.html",
        contact=contact,
        name=contact_list_name(contact),
        account=call.store.get("account", contact["_account"]),
        rows=[_row(call, record) for record in reversed(records)],
        message=call.params.get("message"),
    )


@router.get("/permalink/contacts/view/{contact_id}")
async def contact_link(contact_id: str):
    return RedirectResponse(f"/contacts/{contact_id}", 302)


@router.get("/permalink/{resource}/{mode}/{document_id}")
async def document_link(resource: str, mode: str, document_id: str, call: CurrentCall):
    """Deep links of the web app; an unknown id leads to the start page."""
    if resource not in _RESOURCES or mode not in ("view", "edit"):
        return templates.page("error.html", 404, message="Diese Seite gibt es nicht.")
    record = operations.find_document(call.sandbox, document_id)
    target = f"/app/documents/{document_id}" if record else "/"
    return RedirectResponse(target, 302)
