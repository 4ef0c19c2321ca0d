# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The buttons of the pages."""

from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import RedirectResponse

from .. import dates, operations
from ..call import CurrentCall
from ..oauth import grants
from .forms import read_form

router = APIRouter()


def _back(target, message):
    return RedirectResponse(f"{target}?{urlencode({'message': message})}", 303)


def _pay(sandbox, record, form):
    text = form.get("amount", "").strip()
    if "," in text:
        text = text.replace(".", "").replace(",", ".")
    try:
        amount = Decimal(text) if text else None
        day = dates.parse_day(form["date"]) if form.get("date") else None
    except (InvalidOperation, ValueError):
        raise operations.Impossible("Betrag oder Datum ist nicht lesbar.") from None
    kind = form.get("type") or "manualPayment"
    operations.pay(sandbox, record, amount, day, kind)
    return "Die Zahlung ist gebucht."


def _edit(sandbox, record, form):
    fields = ("title", "introduction", "remark")
    changes = {field: form.get(field) or None for field in fields if field in form}
    operations.edit(sandbox, record, changes)
    return "Der Beleg ist geändert."


_DOCUMENT_ACTIONS = {
    "pay": _pay,
    "edit": _edit,
    "unpay": lambda sandbox, record, form: (
        operations.unpay(sandbox, record) and "Die Zahlungen sind zurückgenommen."
    ),
    "void": lambda sandbox, record, form: (
        operations.void(sandbox, record) and "Der Beleg ist storniert."
    ),
    "reopen": lambda sandbox, record, form: (
        operations.reopen(sandbox, record) and "Der Beleg ist wieder ein Entwurf."
    ),
    "finalize": lambda sandbox, record, form: (
        operations.finalize(sandbox, record) and "Der Beleg ist abgeschlossen."
    ),
}


@router.post("/app/documents/{document_id}/{action}")
async def act_on_document(document_id: str, action: str, call: CurrentCall):
    """Pay, void, edit and so on; the page then says what happened."""
    record = operations.find_document(call.sandbox, document_id)
    if record is None:
        return _back("/", "Diesen Beleg gibt es nicht.")
    if action == "delete":
        operations.delete(call.sandbox, record)
        return _back("/", "Der Beleg ist gelöscht.")
    target = f"/app/documents/{document_id}"
    perform = _DOCUMENT_ACTIONS.get(action)
    if perform is None:
        return _back(target, "Das geht hier nicht.")
    try:
        message = perform(call.sandbox, record, read_form(call))
    except operations.Impossible as error:
        message = str(error)
    return _back(target, message)


_ADDRESS = ("supplement", "street", "zip", "city", "countryCode")


@router.post("/contacts/{contact_id}/{action}")
async def act_on_contact(contact_id: str, action: str, call: CurrentCall):
    """Edit, archive, add an address."""
    contact = call.store.get("contact", contact_id)
    if contact is None:
        return _back("/", "Diesen Kontakt gibt es nicht.")
    form = read_form(call)
    message = "Das geht hier nicht."
    if action in ("archive", "unarchive"):
        operations.archive(call.sandbox, contact, action == "archive")
        message = "Der Kontakt ist archiviert."
        if action == "unarchive":
            message = "Der Kontakt ist wieder aktiv."
    elif action == "add-address":
        address = {field: form[field] for field in _ADDRESS if form.get(field)}
        operations.add_address(call.sandbox, contact, address)
        message = "Die Adresse ist hinzugefügt."
    elif action == "edit":
        operations.edit_contact(call.sandbox, contact, _contact_changes(contact, form))
        message = "Der Kontakt ist geändert."
    return _back(f"/contacts/{contact_id}", message)


def _contact_changes(contact, form):
    """Form fields as a change of the contact; more addresses stay as they are."""
    changes = {"note": form.get("note") or None}
    if "company" in contact:
        name = form.get("name") or contact["company"]["name"]
        changes["company"] = {"name": name}
    else:
        changes["person"] = {
            "firstName": form.get("firstName") or None,
            "lastName": form.get("lastName") or contact["person"]["lastName"],
        }
    address = {field: form[field] for field in _ADDRESS if form.get(field)}
    if address:
        others = contact.get("addresses", {}).get("billing", [])[1:]
        changes["addresses"] = {"billing": [address, *others]}
    if form.get("email"):
        others = contact.get("emailAddresses", {}).get("business", [])[1:]
        changes["emailAddresses"] = {"business": [form["email"], *others]}
    return changes


@router.post("/app/connections/{connection_id}/revoke")
async def revoke(connection_id: str, call: CurrentCall):
    """Take an application's access away."""
    connection = call.store.get("connection", connection_id)
    if connection is None:
        return _back("/", "Diese Verbindung gibt es nicht mehr.")
    grants.close_connection(call.sandbox, connection)
    return RedirectResponse(f"/?account={connection['_account']}", 303)


@router.post("/app/accounts/{account_id}/api-keys")
async def new_key(account_id: str, call: CurrentCall):
    """Make an API key; this is the only time it is shown in full."""
    if call.store.get("account", account_id) is None:
        return _back("/", "Dieses Konto gibt es nicht.")
    key = call.sandbox.add_api_key(account_id)
    message = f"Ihr neuer API-Schlüssel: {key['key']}"
    query = urlencode({"account": account_id, "message": message})
    return RedirectResponse(f"/?{query}", 303)


@router.post("/app/api-keys/{key_id}/delete")
async def delete_key(key_id: str, call: CurrentCall):
    key = call.store.get("api_key", key_id)
    if key is None:
        return _back("/", "Diesen Schlüssel gibt es nicht mehr.")
    call.store.delete("api_key", key_id)
    return RedirectResponse(f"/?account={key['_account']}", 303)
