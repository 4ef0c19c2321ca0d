# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    lexoffice_leitweg_id = fields.Char(
        "Leitweg-ID",
        compute="_compute_lexoffice_leitweg_id",
        store=True,
        readonly=False,
        help="Routing ID of a public body: lexoffice then issues an XRechnung.",
    )
    lexoffice_vendor_number = fields.Char(
        "Our Vendor Number",
        help="Under which number this customer keeps us; lexoffice demands it beside"
        " the Leitweg-ID.",
    )
    lexoffice_contact_link_ids = fields.One2many(
        "lexoffice.contact.link", "partner_id", string="lexoffice"
    )

    @api.depends(lambda self: self._lexoffice_leitweg_sources())
    def _compute_lexoffice_leitweg_id(self):
        has_sources = self._lexoffice_leitweg_sources()
        for partner in self:
            if has_sources and partner.peppol_eas == "0204":
                partner.lexoffice_leitweg_id = partner.peppol_endpoint
            else:
                partner.lexoffice_leitweg_id = partner.lexoffice_leitweg_id

    @api.model
    def _lexoffice_leitweg_sources(self):
        """Odoo's e-invoicing keeps a Leitweg-ID as an endpoint of scheme 0204."""
        names = ("peppol_eas", "peppol_endpoint")
        return [name for name in names if name in self._fields]
