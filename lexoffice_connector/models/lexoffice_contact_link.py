# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
from odoo import api, fields, models


class LexofficeContactLink(models.Model):
    """Which contact in lexoffice a partner is, per connection.

    Partners are shared between companies, so the link can't be a field of theirs.
    """

    _name = "lexoffice.contact.link"
    _description = "lexoffice Customer Link"
    _rec_name = "partner_id"

    connection_id = fields.Many2one(
        "lexoffice.connection", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="connection_id.company_id", store=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, ondelete="cascade", index=True
    )
    lexoffice_uuid = fields.Char("lexoffice ID", readonly=True)
    version = fields.Integer(readonly=True)
    customer_number = fields.Char(readonly=True)
    former_ref = fields.Char(
        "Former Customer Number",
        readonly=True,
        help="What stood in Odoo before lexoffice's customer number.",
    )
    billing_address_count = fields.Integer(readonly=True, default=1)
    marker = fields.Char(
        default=lambda self: self.env["lexoffice.transfer"]._new_marker(),
        readonly=True,
    )
    creating_since = fields.Datetime(
        readonly=True, help="Set while lexoffice's answer to the creation is missing."
    )
    created_at = fields.Datetime("Created in lexoffice", readonly=True)
    lexoffice_url = fields.Char("lexoffice Page", compute="_compute_lexoffice_url")

    _unique_partner = models.Constraint(
        "unique(connection_id, partner_id)", "This customer is linked already."
    )
    _unique_contact = models.Constraint(
        "unique(connection_id, lexoffice_uuid)",
        "Another customer is linked with this contact already.",
    )

    @api.depends("lexoffice_uuid")
    def _compute_lexoffice_url(self):
        for link in self:
            link.lexoffice_url = link.lexoffice_uuid and (
                link.connection_id.sudo()._permalink("contacts", link.lexoffice_uuid)
            )

    def _note(self):
        """How a contact in lexoffice is recognized as made by this link."""
        return f"Odoo {self.marker}"

    def _adopt(self, contact):
        """Take over what lexoffice says about the linked contact.

        The customer number goes into the partner's reference, over what stood there;
        the old one is kept in the link.

        :param dict contact: as read from lexoffice.
        """
        number = customer_number(contact)
        billing = _mapping(contact.get("addresses")).get("billing")
        values = {
            "lexoffice_uuid": contact["id"],
            "version": contact.get("version") or 0,
            "customer_number": number,
            "billing_address_count": len(billing) if isinstance(billing, list) else 0,
            "creating_since": False,
        }
        partner = self.partner_id.sudo()
        if number and partner.ref != number:
            if partner.ref:
                values["former_ref"] = partner.ref
            partner.ref = number
        self.write(values)


def _mapping(value):
    return value if isinstance(value, dict) else {}


def customer_number(contact):
    """lexoffice's customer number as Odoo keeps it, or False."""
    customer = _mapping(_mapping(contact.get("roles")).get("customer"))
    return str(customer["number"]) if customer.get("number") else False
