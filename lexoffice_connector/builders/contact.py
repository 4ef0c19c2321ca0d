# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
from odoo import models

from .stop import DocumentStop

NAME_LENGTH = 255


class LexofficeContactBuilder(models.AbstractModel):
    """A partner as lexoffice's contact (lexware docs: contacts)."""

    _name = "lexoffice.builder.contact"
    _description = "lexoffice Contact Builder"

    def _build(self, partner, marker):
        """A new contact's payload.

        :param partner: the commercial partner, who owes the money.
        :param str marker: goes into the note, so that a contact whose answer got
            lost is found again.
        :raises DocumentStop: naming the field that is missing.
        """
        payload = {
            "version": 0,
            "roles": {"customer": {}},
            "addresses": {"billing": [self._address(partner)]},
            "note": marker,
        }
        if self._is_company(partner):
            payload["company"] = self._company(partner)
        else:
            payload["person"] = self._person(partner)
        kind = "business" if self._is_company(partner) else "private"
        if partner.email_normalized:
            payload["emailAddresses"] = {kind: [partner.email_normalized]}
        if partner.phone and partner.phone.strip():
            payload["phoneNumbers"] = {kind: [partner.phone.strip()[:30]]}
        if partner.lexoffice_leitweg_id:
            payload["xRechnung"] = self._x_rechnung(partner)
        return payload

    def _is_company(self, partner):
        return bool(partner.is_company or partner.vat)

    def _company(self, partner):
        company = {"name": self._required(partner, "name")[:NAME_LENGTH]}
        if partner.vat:
            company["vatRegistrationId"] = partner.vat.replace(" ", "")
        person = partner.child_ids.filtered(
            lambda child: (
                child.type == "contact" and not child.is_company and child.name
            )
        )[:1]
        if person:
            company["contactPersons"] = [self._contact_person(person)]
        return company

    def _contact_person(self, partner):
        person = {**self._split_name(partner.name), "primary": True}
        if partner.email_normalized:
            person["emailAddress"] = partner.email_normalized
        if partner.phone and partner.phone.strip():
            person["phoneNumber"] = partner.phone.strip()[:30]
        return person

    def _person(self, partner):
        return self._split_name(self._required(partner, "name"))

    def _split_name(self, name):
        """lexoffice keeps first and last name apart; Odoo has one field."""
        first, _space, last = name.strip().rpartition(" ")
        parts = {"lastName": last}
        if first:
            parts["firstName"] = first
        return parts

    def _address(self, partner):
        """A postal address; lexoffice demands the country only.

        :raises DocumentStop: there is no country.
        """
        self._required(partner, "country_id")
        address = {"countryCode": partner.country_id.code}
        for key, value in (
            ("supplement", partner.street2),
            ("street", partner.street),
            ("zip", partner.zip),
            ("city", partner.city),
        ):
            if value and value.strip():
                address[key] = value.strip()
        return address

    def _recipient(self, partner):
        """A document's own address beside the debtor's contact id."""
        return {"name": self._recipient_name(partner), **self._address(partner)}

    def _recipient_name(self, partner):
        name = partner.name or partner.commercial_partner_id.name
        return (name or self._required(partner, "name"))[:NAME_LENGTH]

    def _x_rechnung(self, partner):
        if not partner.lexoffice_vendor_number:
            raise DocumentStop(
                "leitweg_without_vendor_number", customer=partner.display_name
            )
        return {
            "buyerReference": partner.lexoffice_leitweg_id,
            "vendorNumberAtCustomer": partner.lexoffice_vendor_number,
        }

    def _required(self, partner, field):
        value = partner[field]
        if not value:
            raise DocumentStop(
                "contact_field_missing",
                field=partner._fields[field]._description_string(self.env),
                customer=partner.display_name or f"ID {partner.id}",
            )
        return value
