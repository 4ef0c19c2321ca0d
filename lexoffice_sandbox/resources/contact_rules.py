# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""What the service demands of a contact and the keys of its issues."""

import re

from .. import reference
from ..errors import LegacyError, RegularError
from . import shapes

ADDRESS_KINDS = ("billing", "shipping")
EMAIL_KINDS = ("business", "office", "private", "other")
PHONE_KINDS = ("business", "office", "mobile", "private", "fax", "other")
WRITABLE = (
    "roles",
    "company",
    "person",
    "addresses",
    "xRechnung",
    "emailAddresses",
    "phoneNumbers",
    "note",
)
_FIELDS = {
    "company": ("name", "taxNumber", "vatRegistrationId", "allowTaxFreeInvoices"),
    "person": ("salutation", "firstName", "lastName"),
    "contactPersons": (
        "salutation",
        "firstName",
        "lastName",
        "primary",
        "emailAddress",
        "phoneNumber",
    ),
    "address": ("supplement", "street", "zip", "city", "countryCode"),
    "xRechnung": ("buyerReference", "vendorNumberAtCustomer"),
}
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")


def check(data):
    """Raise a 406 naming every issue of a contact that was sent."""
    shapes.check(shapes.ContactShape, data)
    issues = [
        *_identity(data),
        *_addresses(data.get("addresses")),
        *_xrechnung(data.get("xRechnung")),
        *_reach(data),
    ]
    if len(data.get("note") or "") > 1000:
        issues.append(("note", "invalid_value"))
    if issues:
        raise LegacyError(issues)


def _identity(data):
    """Roles, and exactly one of company and person."""
    roles = data.get("roles")
    if not isinstance(roles, dict) or not any(
        isinstance(roles.get(role), dict) for role in ("customer", "vendor")
    ):
        yield "roles.customer or roles.vendor", "missing_entity"
    company, person = data.get("company"), data.get("person")
    if company and person:
        yield "company and person", "invalid_value"
    elif isinstance(company, dict):
        yield from _company(company)
    elif isinstance(person, dict):
        yield from _person(person, "person")
    else:
        yield "company or person", "missing_entity"


def _company(company):
    if not _text(company.get("name")):
        yield "company.name", "missing_entity"
    persons = company.get("contactPersons") or []
    if len(persons) > 1:
        yield "company.contactPersons.size", "invalid_value"
    for person in persons:
        yield from _person(person, "company.contactPersons[0]")
        mail = person.get("emailAddress")
        if mail is not None and not _EMAIL.fullmatch(mail):
            yield "company.contactPersons[0].emailAddress", "invalid_value"


def _person(person, source):
    if not _text(person.get("lastName")):
        yield f"{source}.lastName", "missing_entity"
    if len(person.get("salutation") or "") > 25:
        yield f"{source}.salutation", "invalid_value"


def _addresses(addresses):
    if addresses is None:
        return
    if not isinstance(addresses, dict):
        yield "addresses", "missing_entity"
        return
    for kind in ADDRESS_KINDS:
        entries = addresses.get(kind)
        if entries is None:
            continue
        if not isinstance(entries, list) or not all(
            isinstance(entry, dict) for entry in entries
        ):
            yield kind, "missing_entity"
            continue
        if len(entries) > 1:
            yield f"addresses.{kind}.size", "invalid_value"
        for field in _FIELDS["address"]:
            values = (entry.get(field) for entry in entries)
            if not all(value is None or isinstance(value, str) for value in values):
                yield f"addresses.{kind}.{field}", "invalid_value"
        for entry in entries:
            if not isinstance(entry.get("countryCode"), str):
                yield "countryCode", "countrycode_is_not_valid"
            elif entry["countryCode"] not in reference.COUNTRY_CODES:
                yield "countryCode", "countrycode_is_not_valid"


def _xrechnung(data):
    """Leitweg-ID and supplier number go together or not at all."""
    if not data:
        return
    given = [field for field in _FIELDS["xRechnung"] if _text(data.get(field))]
    for field in _FIELDS["xRechnung"]:
        if len(given) == 1 and field not in given:
            yield f"xRechnung.{field}", "missing_entity"


def _reach(data):
    """E-mail addresses and phone numbers: one each, never an empty text."""
    position = 0
    for kind, entries in (data.get("emailAddresses") or {}).items():
        if kind in EMAIL_KINDS and len(entries or ()) > 1:
            yield f"emailAddresses.{kind}.size", "invalid_value"
        for mail in entries or ():
            if not isinstance(mail, str) or not _EMAIL.fullmatch(mail):
                yield f"emailAddresses[{position}].emailAddress", "invalid_value"
            position += 1
    position = 0
    for kind, entries in (data.get("phoneNumbers") or {}).items():
        if kind in PHONE_KINDS and len(entries or ()) > 1:
            yield f"phoneNumbers.{kind}.size", "invalid_value"
        for phone in entries or ():
            if not _text(phone):
                yield f"phoneNumbers[{position}].phoneNumber", "invalid_value"
            position += 1


def _text(value):
    return isinstance(value, str) and value.strip()


def check_version(data, record, settings):
    """A stale version: 406 as measured, or 409 as documented."""
    version = data.get("version")
    if version is None:
        raise LegacyError([("version", "missing_entity")])
    if version == record["version"]:
        return
    if settings.stale_version == "docs":
        raise RegularError(409, "Conflict")
    raise LegacyError([("version", "invalid_value")])


def check_replaceable(data, contact):
    """Refuse what a PUT cannot do with the contact as it stands."""
    for block in ("company", "person"):
        if block in contact and not data.get(block):
            raise LegacyError([(block, "invalid_value")])
    stored = [
        *(("addresses." + k, v) for k, v in contact.get("addresses", {}).items()),
        *(("emailAddresses." + k, v) for k, v in _lists(contact, "emailAddresses")),
        *(("phoneNumbers." + k, v) for k, v in _lists(contact, "phoneNumbers")),
        (
            "company.contactPersons",
            contact.get("company", {}).get("contactPersons", []),
        ),
    ]
    issues = [(f"{name}.size", "invalid_value") for name, v in stored if len(v) > 1]
    if issues:
        raise LegacyError(issues)


def _lists(contact, block):
    return contact.get(block, {}).items()


def normalise(data):
    """The writable blocks as they are stored: known fields, nothing empty."""
    blocks = {"note": data.get("note") or None}
    for block in ("company", "person", "xRechnung"):
        if data.get(block):
            blocks[block] = _known(data[block], block)
    if "company" in blocks:
        company = blocks["company"]
        company.setdefault("allowTaxFreeInvoices", False)
        persons = data["company"].get("contactPersons") or []
        if persons:
            company["contactPersons"] = [
                {"primary": False, **_known(person, "contactPersons")}
                for person in persons
            ]
    blocks["addresses"] = {
        kind: [_known(entry, "address") for entry in entries]
        for kind, entries in (data.get("addresses") or {}).items()
        if kind in ADDRESS_KINDS and entries
    }
    for block, kinds in (
        ("emailAddresses", EMAIL_KINDS),
        ("phoneNumbers", PHONE_KINDS),
    ):
        blocks[block] = {
            kind: list(entries)
            for kind, entries in (data.get(block) or {}).items()
            if kind in kinds and entries
        }
    return {name: value for name, value in blocks.items() if value}


def _known(data, block):
    return {
        field: data[field]
        for field in _FIELDS[block]
        if data.get(field) is not None and data[field] != ""
    }
