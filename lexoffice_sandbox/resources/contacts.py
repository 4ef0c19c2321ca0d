# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Contacts: create, read, replace and search. There is no way to delete one."""

import html
import re
import uuid
from datetime import datetime, timedelta

from fastapi import APIRouter

from .. import dates, paging
from ..call import CurrentCall
from ..errors import LegacyError, bad_request
from ..jsonio import JsonResponse, public
from . import contact_rules

router = APIRouter(prefix="/v1/contacts")

FIRST_NUMBER = {"customer": 10001, "vendor": 70001}
MAX_SIZE = 500
_SEARCH_FIELDS = {"name": "_search_name", "email": "_search_email"}


@router.post("")
async def create_contact(call: CurrentCall):
    """Store a contact and give it its customer and vendor numbers."""
    data = call.json()
    contact_rules.check(data)
    contact = {
        "id": str(uuid.uuid4()),
        "organizationId": call.account_id,
        "version": call.settings.contact_initial_version,
    }
    save_contact(call.sandbox, call.account_id, contact, data)
    return call.action_result("contacts", contact, call.settings.status_on_create)


@router.put("/{contact_id}")
async def update_contact(contact_id: str, call: CurrentCall):
    """Replace a contact completely: what is not sent is gone."""
    contact = call.get("contact", contact_id)
    data = call.json()
    contact_rules.check(data)
    contact_rules.check_version(data, contact, call.settings)
    contact_rules.check_replaceable(data, contact)
    contact["version"] += 1
    save_contact(call.sandbox, call.account_id, contact, data)
    return call.action_result("contacts", contact)


@router.get("/{contact_id}")
async def read_contact(contact_id: str, call: CurrentCall):
    return JsonResponse(public(call.get("contact", contact_id)))


@router.get("")
async def list_contacts(call: CurrentCall):
    """Search by name, e-mail, number and role, always ordered by name."""
    params = call.params
    size = paging.whole_number(params.get("size"), 25, 1)
    if size > MAX_SIZE:
        raise bad_request("parameter 'size' exceeds the limit")
    tests = _tests(call)
    rows = [
        contact
        for contact in call.store.all("contact", call.account_id)
        if all(test(contact) for test in tests)
    ]
    rows.sort(key=lambda contact: (contact["_search_name"], contact["_seq"]))
    page = paging.whole_number(params.get("page"), 0, 0)
    result = paging.envelope(rows, page, size, "name")
    result["content"] = [public(contact) for contact in result["content"]]
    return JsonResponse(result)


def save_contact(sandbox, account_id, contact, data):
    """Put the writable part of ``data`` into a contact and store it."""
    now = dates.render(sandbox.clock.now())
    old_roles = contact.get("roles", {})
    for field in contact_rules.WRITABLE:
        contact.pop(field, None)
    roles = {}
    for role, start in FIRST_NUMBER.items():
        if isinstance(data["roles"].get(role), dict):
            number = old_roles.get(role, {}).get("number")
            if number is None:
                number = sandbox.store.next_number(account_id, role, start)
            roles[role] = {"number": number}
    contact["roles"] = roles
    contact.update(contact_rules.normalise(data))
    contact.setdefault("archived", False)
    contact.setdefault("_created", now)
    contact["_updated"] = now
    contact.update(_search_texts(contact))
    return sandbox.store.put("contact", account_id, contact)


def is_visible(contact, call):
    """A new contact may take a moment until other endpoints know it."""
    if not call.settings.contact_delay:
        return True
    born = datetime.fromisoformat(contact["_created"])
    return call.now - born >= timedelta(seconds=call.settings.contact_delay)


def _search_texts(contact):
    """Haystacks of the search; the service keeps &, < and > HTML-encoded."""
    company, person = contact.get("company", {}), contact.get("person", {})
    name = company.get("name") or " ".join(
        filter(None, (person.get("firstName"), person.get("lastName")))
    )
    mails = [m for entry in contact.get("emailAddresses", {}).values() for m in entry]
    mails += [p.get("emailAddress") or "" for p in company.get("contactPersons", ())]
    return {
        "_search_name": html.escape(name, quote=False).lower(),
        "_search_email": html.escape("\n".join(mails), quote=False).lower(),
    }


def _tests(call):
    """One predicate per filter; all of them must hold."""
    params = call.params
    tests = []
    for name, field in _SEARCH_FIELDS.items():
        if name in params:
            tests.append(_text_test(params[name], field))
    if "number" in params:
        tests.append(_number_test(params["number"]))
    for role in FIRST_NUMBER:
        wanted = params.get(role, "").lower()
        if wanted in ("true", "false"):
            has = wanted == "true"
            tests.append(lambda c, r=role, h=has: (r in c["roles"]) is h)
    if call.settings.contact_delay:
        tests.append(lambda contact: is_visible(contact, call))
    return tests


def _text_test(pattern, field):
    """Case-insensitive substring, ``_`` one and ``%`` any number of characters."""
    if not 3 <= len(pattern) <= 128:
        raise bad_request("size must be between 3 and 128")
    pattern = pattern.lower()
    if not re.search(r"[_%\\]", pattern):
        return lambda contact: pattern in contact[field]
    parts = re.findall(r"\\.|.", pattern, re.S)
    wild = {"_": ".", "%": ".*"}
    regex = re.compile(
        "".join(
            wild.get(part) or re.escape(part[1:] if len(part) == 2 else part)
            for part in parts
        )
    )
    return lambda contact: regex.search(contact[field]) is not None


def _number_test(text):
    if not text.isdecimal():
        raise LegacyError([("number", "invalid_value")], 400)
    number = int(text)
    return lambda contact: any(
        role.get("number") == number for role in contact["roles"].values()
    )
