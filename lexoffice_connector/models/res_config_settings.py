# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lexoffice_connection_id = fields.Many2one(
        "lexoffice.connection", compute="_compute_lexoffice_connection_id"
    )
    lexoffice_state = fields.Selection(related="lexoffice_connection_id.state")
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

    def action_lexoffice_connection(self):
        """Open the company's connection, or the form to make one."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("lexoffice Connection"),
            "res_model": "lexoffice.connection",
            "res_id": self.lexoffice_connection_id.id,
            "view_mode": "form",
            "context": {"default_company_id": self.company_id.id},
        }

    def action_lexoffice_connect(self):
        """Walk the consent from here, or open the form while something is missing."""
        connection = self.lexoffice_connection_id
        if connection.client_id or connection.has_api_key:
            return connection.sudo(False).action_connect()
        return self.action_lexoffice_connection()
