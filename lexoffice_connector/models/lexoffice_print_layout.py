# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
from odoo import fields, models


class LexofficePrintLayout(models.Model):
    _name = "lexoffice.print.layout"
    _description = "lexoffice Print Layout"
    _order = "is_default desc, name"

    connection_id = fields.Many2one(
        "lexoffice.connection", required=True, ondelete="cascade", index=True
    )
    lexoffice_uuid = fields.Char("lexoffice ID", required=True)
    name = fields.Char(required=True)
    is_default = fields.Boolean("Default Layout")

    _unique_per_connection = models.Constraint(
        "unique(connection_id, lexoffice_uuid)",
        "This print layout is there already.",
    )
