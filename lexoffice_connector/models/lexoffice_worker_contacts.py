# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
from odoo import fields, models

from ..builders.stop import DocumentStop
from ..lexware import TransientError
from .lexoffice_transfer import OUTCOME_DELAY


def _plain(text):
    return " ".join((text or "").casefold().split())


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

    def add(self, contact):
        if self._contacts is not None:
            self._contacts.append(contact)

    def with_note(self, note):
        """The contact that bears our sign, or None."""
        return next((c for c in self if note in (c.get("note") or "")), None)

    def matches(self, partner):
        """Contacts that are surely this partner.

        Number, VAT id or e-mail must agree, **and** the name, or street with postcode:
        number ranges of two systems overlap, and one mailbox may serve many customers.
        """
        return [c for c in self if self._key_agrees(c, partner) and _who(c, partner)]

    def _key_agrees(self, contact, partner):
        number = contact.get("roles", {}).get("customer", {}).get("number")
        vat = (contact.get("company") or {}).get("vatRegistrationId")
        emails = {
            _plain(address)
            for addresses in (contact.get("emailAddresses") or {}).values()
            for address in addresses
        }
        return bool(
            (partner.ref and str(number) == partner.ref.strip())
            or (partner.vat and _plain(vat) == _plain(partner.vat))
            or (partner.email_normalized and _plain(partner.email_normalized) in emails)
        )


def _who(contact, partner):
    """Whether name, or street with postcode, agree."""
    company, person = contact.get("company") or {}, contact.get("person") or {}
    first_and_last = f"{person.get('firstName', '')} {person.get('lastName', '')}"
    if _plain(partner.name) == _plain(company.get("name") or first_and_last):
        return True
    billing = (contact.get("addresses") or {}).get("billing") or []
    return bool(partner.street and partner.zip) and any(
        _plain(address.get("street")) == _plain(partner.street)
        and _plain(address.get("zip")) == _plain(partner.zip)
        for address in billing
    )


class LexofficeWorker(models.AbstractModel):
    """Customers: linked, else found, else created."""

    _inherit = "lexoffice.worker"

    def _contact_directory(self, connection, client):
        return ContactDirectory(client)

    def _contact_link(self, connection, partner):
        return self.env["lexoffice.contact.link"].search(
            [("connection_id", "=", connection.id), ("partner_id", "=", partner.id)]
        )

    def _prepare_contact(self, row, client, directory):
        """Have the row's debtor linked with a contact in lexoffice.

        :raises DocumentStop: the customer lacks something, or is not unique.
        :raises TransientError: another worker is creating this very contact.
        """
        if row.state != "pending":
            return
        partner = row.move_id.commercial_partner_id
        link = self._contact_link(row.connection_id, partner)
        if link.lexoffice_uuid:
            return
        if link.creating_since and self._lost_contact_found(link, directory):
            return
        note = link._note() if link else ""
        self.env["lexoffice.builder.contact"]._build(partner, note)  # may stop
        if match := self._unique_match(partner, directory):
            link = link or self._create_link(row.connection_id, partner)
            self._link_existing(link, match, client)
        else:
            link = link or self._create_link(row.connection_id, partner)
            self._create_contact(link, client, directory)
        self._commit()

    def _create_link(self, connection, partner):
        return self.env["lexoffice.contact.link"].create(
            {"connection_id": connection.id, "partner_id": partner.id}
        )

    def _lost_contact_found(self, link, directory):
        """Settle a creation whose answer is missing.

        :return: whether the contact had been created.
        """
        age = fields.Datetime.now() - link.creating_since
        if age < OUTCOME_DELAY:
            wait = (OUTCOME_DELAY - age).total_seconds()
            raise TransientError(code="outcome_unknown", retry_after=min(wait, 5.0))
        contact = directory.with_note(link._note())
        if contact:
            link._adopt(contact)
            self._commit()
        return bool(contact)

    def _unique_match(self, partner, directory):
        matches = directory.matches(partner)
        if len(matches) > 1:
            numbers = [
                str(contact.get("roles", {}).get("customer", {}).get("number", "–"))
                for contact in matches
            ]
            raise DocumentStop(
                "contact_ambiguous",
                customer=partner.display_name,
                numbers=", ".join(numbers),
            )
        if matches and matches[0].get("archived"):
            raise DocumentStop("contact_archived", customer=partner.display_name)
        return matches[0] if matches else None

    def _link_existing(self, link, contact, client):
        """Link a contact that was there; a supplier becomes a customer, too."""
        if "customer" not in contact.get("roles", {}):
            contact = client.contact(contact["id"])
            contact["roles"]["customer"] = {}
            client.update_contact(contact["id"], contact)
            contact = client.contact(contact["id"])
        link._adopt(contact)

    def _create_contact(self, link, client, directory):
        """Create the contact; that we are at it is committed before."""
        link.creating_since = fields.Datetime.now()
        payload = self.env["lexoffice.builder.contact"]._build(
            link.partner_id, link._note()
        )
        self._commit()
        try:
            uuid = client.create_contact(payload)["id"]
        except TransientError:
            # Certainly not executed: the next attempt need not look it up.
            self.env.cr.rollback()
            link.creating_since = False
            self._commit()
            raise
        link.write(
            {
                "lexoffice_uuid": uuid,
                "creating_since": False,
                "created_at": fields.Datetime.now(),
            }
        )
        self._commit()
        contact = client.contact(uuid)
        directory.add(contact)
        link._adopt(contact)
