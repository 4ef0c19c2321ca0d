# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lexoffice_connection_id = fields.Many2one(
        "lexoffice.connection", compute="_compute_lexoffice_connection_id"
    )
    lexoffice_state = fields.Selection(related="lexoffice_connection_id.state")
    lexoffice_connected_since = fields.Datetime(
        related="lexoffice_connection_id.connected_since"
    )
    lexoffice_organization_name = fields.Char(
        related="lexoffice_connection_id.organization_name"
    )
    lexoffice_export_variant = fields.Selection(
        related="lexoffice_connection_id.export_variant", readonly=False
    )
    lexoffice_auto_export = fields.Boolean(
        related="lexoffice_connection_id.auto_export", readonly=False
    )

    @api.depends("company_id")
    def _compute_lexoffice_connection_id(self):
        for settings in self:
            settings.lexoffice_connection_id = (
                settings.company_id._lexoffice_connection()
            )

    @api.onchange("lexoffice_export_variant")
    def _onchange_lexoffice_export_variant(self):
        return self.lexoffice_connection_id._variant_advice(
            self.lexoffice_export_variant
        )

    def action_lexoffice_connection(self):
        """Open the company's connection, or the form to make one."""
        return (
            self.env["lexoffice.connection"]
            .with_company(self.company_id)
            .with_context(allowed_company_ids=self.company_id.ids)
            ._action_open_own()
        )

    def action_lexoffice_connect(self):
        """Walk the consent from here, or open the form while something is missing."""
        connection = self.lexoffice_connection_id.sudo(False)
        if connection._is_entered():
            return connection.action_connect()
        return self.action_lexoffice_connection()
