# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Which contact in lexoffice a partner is."""

from .lexoffice_contact_link import _mapping, customer_number


def _plain(text):
    return " ".join(text.casefold().split()) if isinstance(text, str) else ""


class ContactDirectory:
    """lexoffice's contacts, read once per run and only if somebody asks.

    lexoffice can't search for a VAT id, and its searches find substrings: comparing
    the whole list is the one exact way, at a request per 250 contacts.
    """

    def __init__(self, client):
        self._client = client
        self._contacts = None

    def __iter__(self):
        if self._contacts is None:
            self._contacts = list(self._client.contacts())
        return iter(self._contacts)

    def with_note(self, note):
        """The contact that bears our sign, or None."""
        return next((c for c in self if note in str(c.get("note") or "")), None)

    def matches(self, partner, taken):
        """Contacts that are surely this partner.

        Number, VAT id or e-mail must agree, **and** the name, or street with postcode:
        number ranges of two systems overlap, and one mailbox may serve many customers.
        Where several agree, the one whose number agrees is meant; an archived contact
        counts only if there is no other.

        :param taken: ids of contacts that other partners are linked with.
        """
        found = [
            contact
            for contact in self
            if contact["id"] not in taken
            and _key_agrees(contact, partner)
            and _who_agrees(contact, partner)
        ]
        for narrower in (
            [contact for contact in found if not contact.get("archived")],
            [contact for contact in found if _number_agrees(contact, partner)],
        ):
            if len(found) > 1 and narrower:
                found = [contact for contact in found if contact in narrower]
        return found


def _number_agrees(contact, partner):
    return bool(partner.ref) and customer_number(contact) == partner.ref.strip()


def _key_agrees(contact, partner):
    vat = _mapping(contact.get("company")).get("vatRegistrationId")
    emails = {
        _plain(address)
        for addresses in _mapping(contact.get("emailAddresses")).values()
        for address in (addresses if isinstance(addresses, list) else ())
    }
    email = _plain(partner.email_normalized)
    return (
        _number_agrees(contact, partner)
        or bool(partner.vat and _vat(vat) == _vat(partner.vat))
        or bool(email and email in emails)
    )


def _vat(text):
    return _plain(text).replace(" ", "")


def _who_agrees(contact, partner):
    """Whether name, or street with postcode, agree."""
    person = _mapping(contact.get("person"))
    first_and_last = f"{person.get('firstName') or ''} {person.get('lastName') or ''}"
    name = _mapping(contact.get("company")).get("name") or first_and_last
    if _plain(partner.name) and _plain(partner.name) == _plain(name):
        return True
    billing = _mapping(contact.get("addresses")).get("billing")
    street, postcode = _plain(partner.street), _plain(partner.zip)
    return bool(street and postcode) and any(
        _plain(address.get("street")) == street
        and _plain(address.get("zip")) == postcode
        for address in (billing if isinstance(billing, list) else ())
        if isinstance(address, dict)
    )
