# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
from odoo import fields, models, tools


class ResCompany(models.Model):
    _inherit = "res.company"

    lexoffice_connection_ids = fields.One2many(
        "lexoffice.connection", "company_id", string="lexoffice Connections"
    )

    def _lexoffice_connection(self):
        """The connection that this company's documents go through.

        A branch without one of its own uses its nearest parent's.

        :return: a ``lexoffice.connection`` record as superuser, or an empty one.
        """
        return self.env["lexoffice.connection"].sudo().browse(self._lexoffice_find())

    @tools.ormcache("self.id")
    def _lexoffice_find(self):
        ancestors = self.sudo().parent_ids
        connections = (
            self.env["lexoffice.connection"]
            .sudo()
            .search([("company_id", "in", ancestors.ids)])
        )
        nearest = connections.sorted(
            lambda connection: len(connection.company_id.parent_path)
        )[-1:]
        return nearest.ids
