# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
from odoo import fields, models


class LexofficePostingCategory(models.Model):
    _name = "lexoffice.posting.category"
    _description = "lexoffice Posting Category"
    _order = "name"

    connection_id = fields.Many2one(
        "lexoffice.connection", required=True, ondelete="cascade", index=True
    )
    lexoffice_uuid = fields.Char("lexoffice ID", required=True)
    name = fields.Char(required=True)
    group_name = fields.Char("Group")
    contact_required = fields.Boolean()
    split_allowed = fields.Boolean()

    _unique_per_connection = models.Constraint(
        "unique(connection_id, lexoffice_uuid)",
        "This posting category is there already.",
    )
