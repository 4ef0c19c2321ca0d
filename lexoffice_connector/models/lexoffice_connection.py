# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
from odoo import api, fields, models


class LexofficeConnection(models.Model):
    """A company's way into its lexoffice account: consent, rules, and the worker."""

    _name = "lexoffice.connection"
    _description = "lexoffice Connection"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _rec_name = "company_id"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        ondelete="cascade",
    )
    auth_method = fields.Selection(
        [("oauth2", "Consent (OAuth2)"), ("api_key", "API key")],
        "Access",
        default="oauth2",
        required=True,
        tracking=True,
    )
    client_id = fields.Char("Client ID", copy=False)
    client_secret = fields.Char(
        compute="_compute_write_only",
        inverse="_inverse_client_secret",
        help="Can be written, never read.",
    )
    api_key = fields.Char(
        "API Key",
        compute="_compute_write_only",
        inverse="_inverse_api_key",
        help="Can be written, never read.",
    )
    has_client_secret = fields.Boolean(compute="_compute_has_secrets")
    has_api_key = fields.Boolean(compute="_compute_has_secrets")
    oauth_redirect_uri = fields.Char(
        "Callback Address", compute="_compute_oauth_redirect_uri"
    )
    state = fields.Selection(
        [
            ("disconnected", "Not connected"),
            ("connected", "Connected"),
            ("reconnect", "Reconnect needed"),
        ],
        default="disconnected",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    organization_id = fields.Char("Organization ID", readonly=True, copy=False)
    organization_name = fields.Char("Organization", readonly=True, copy=False)
    tax_type = fields.Selection(
        [("net", "Net prices"), ("gross", "Gross prices"), ("vatfree", "Without tax")],
        readonly=True,
        copy=False,
    )
    small_business = fields.Boolean(
        "Small Business (§ 19 UStG)", readonly=True, copy=False
    )
    connected_since = fields.Datetime(readonly=True, copy=False)
    valid_until = fields.Datetime(
        compute="_compute_valid_until",
        help="The access token's end. It is renewed by itself.",
    )
    database_mark = fields.Char(
        readonly=True,
        copy=False,
        groups=fields.NO_ACCESS,
        help="The database that this connection was made in.",
    )
    is_copied_database = fields.Boolean(compute="_compute_is_copied_database")

    export_variant = fields.Selection(
        [
            ("invoice", "Create invoices in lexoffice"),
            ("voucher", "Create bookkeeping vouchers in lexoffice"),
        ],
        default="invoice",
        required=True,
        tracking=True,
    )
    has_exports = fields.Boolean(compute="_compute_has_exports")
    auto_export = fields.Boolean("Transfer When Posted", default=True, tracking=True)
    export_start_date = fields.Date(
        tracking=True,
        help="Invoices dated before this day are left alone; empty means none are."
        " Only what is posted from now on goes by itself, whatever its date.",
    )
    journal_ids = fields.Many2many(
        "account.journal",
        domain="[('type', '=', 'sale'), ('company_id', 'child_of', company_id)]",
        string="Sales Journals",
        help="Only invoices of these journals; empty means all sales journals.",
    )
    documents_per_minute = fields.Integer(
        default=20,
        help="lexoffice's terms of use ask for at most 20 outgoing documents a"
        " minute. 0: no limit beside the two requests a second.",
    )
    posting_category_ids = fields.One2many(
        "lexoffice.posting.category",
        "connection_id",
        string="Known Posting Categories",
        readonly=True,
    )
    posting_category_id = fields.Many2one(
        "lexoffice.posting.category",
        domain="[('connection_id', '=', id)]",
        copy=False,
        tracking=True,
        help="What vouchers are booked as in lexoffice.",
    )
    print_layout_ids = fields.One2many(
        "lexoffice.print.layout",
        "connection_id",
        string="Known Print Layouts",
        readonly=True,
    )
    print_layout_id = fields.Many2one(
        "lexoffice.print.layout",
        domain="[('connection_id', '=', id)]",
        copy=False,
        help="The layout of invoices in lexoffice; empty means its default.",
    )
    introduction = fields.Text(
        help="Text above the lines; empty means lexoffice's default."
    )
    fetch_documents = fields.Boolean(
        "Fetch lexoffice's PDF",
        default=True,
        help="Attach the document that lexoffice made to the invoice.",
    )
    responsible_user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self.env.user,
        help="Gets a to-do when a document can't be transferred.",
    )
    cron_id = fields.Many2one(
        "ir.cron",
        readonly=True,
        copy=False,
        ondelete="set null",
        groups="base.group_system",
    )
    transfer_ids = fields.One2many("lexoffice.transfer", "connection_id")
    waiting_count = fields.Integer(compute="_compute_transfer_counts")
    failed_count = fields.Integer(compute="_compute_transfer_counts")

    _unique_company = models.Constraint(
        "unique(company_id)", "A company has one lexoffice connection."
    )

    # --- Computes

    def _compute_write_only(self):
        self.client_secret = False
        self.api_key = False

    def _inverse_client_secret(self):
        self._store_secret("client_secret")

    def _inverse_api_key(self):
        changed = self.filtered("api_key")
        self._store_secret("api_key")
        changed.filtered(lambda one: one.auth_method == "api_key")._distrust()

    def _store_secret(self, name):
        for connection in self.filtered(name):
            self.env["lexoffice.token"]._of(connection)[name] = connection[name].strip()
        self.invalidate_recordset([name, f"has_{name}"])

    def _compute_has_secrets(self):
        for connection in self:
            token = self.env["lexoffice.token"]._of(connection)
            connection.has_client_secret = bool(token.client_secret)
            connection.has_api_key = bool(token.api_key)

    def _compute_oauth_redirect_uri(self):
        for connection in self:
            connection.oauth_redirect_uri = (
                f"{connection.get_base_url()}/lexoffice/oauth/callback"
            )

    def _compute_valid_until(self):
        for connection in self:
            connection.valid_until = (
                self.env["lexoffice.token"]._of(connection).expires_at
            )

    def _compute_is_copied_database(self):
        here = self._database_mark()
        for connection in self:
            pinned = connection.sudo().database_mark
            connection.is_copied_database = bool(pinned) and pinned != here

    def _compute_has_exports(self):
        done = self.env["lexoffice.transfer"]._read_group(
            [("connection_id", "in", self.ids), ("state", "=", "done")],
            ["connection_id"],
        )
        with_exports = self.browse().concat(*[connection for (connection,) in done])
        for connection in self:
            connection.has_exports = connection in with_exports

    def _compute_transfer_counts(self):
        counts = {
            (connection, state): count
            for connection, state, count in self.env["lexoffice.transfer"]._read_group(
                [("connection_id", "in", self.ids)],
                ["connection_id", "state"],
                ["__count"],
            )
        }
        for connection in self:
            connection.waiting_count = counts.get((connection, "pending"), 0)
            connection.failed_count = counts.get(
                (connection, "failed"), 0
            ) + counts.get((connection, "uncertain"), 0)

    @api.onchange("export_variant")
    def _onchange_export_variant(self):
        return self._origin._variant_advice(self.export_variant)

    def _variant_advice(self, variant):
        """What an onchange answers to a change of the variant: advice, no refusal."""
        if not self.has_exports or variant == self.export_variant:
            return None
        return {
            "warning": {
                "title": self.env._("Change of variant within a fiscal year"),
                "message": self.env._(
                    "Documents have been transferred already. We advise against"
                    " changing the variant within a fiscal year: numbers and originals"
                    " would come from two systems. Ask your accountant first."
                ),
            }
        }

    # --- CRUD

    @api.model_create_multi
    def create(self, vals_list):
        connections = super().create(vals_list)
        self.env.registry.clear_cache()
        for connection in connections:
            connection._create_cron()
            self.env["lexoffice.pace"].sudo().create({"connection_id": connection.id})
            self.env["lexoffice.token"]._of(connection)
        return connections

    def write(self, vals):
        if "auth_method" in vals:
            method = vals["auth_method"]
            self.filtered(lambda one: one.auth_method != method)._distrust()
        return super().write(vals)

    def _distrust(self):
        """Another key may open another account: documents wait until it was tested."""
        self.sudo().filtered(lambda one: one.state == "connected").state = "reconnect"

    def unlink(self):
        crons = self.sudo().cron_id
        result = super().unlink()
        self.env.registry.clear_cache()
        crons.unlink()
        return result

    def _create_cron(self):
        """One cron per connection: Odoo runs each one once at a time, on whichever
        server is free, and so spreads many connections over all of them."""
        self.sudo().cron_id = (
            self.env["ir.cron"]
            .sudo()
            .create(
                {
                    "name": f"lexoffice: transfers of {self.company_id.name}",
                    "model_id": self.env["ir.model"]._get_id(self._name),
                    "state": "code",
                    "code": f"model._cron_run_transfers({self.id})",
                    "user_id": self.env.ref("base.user_root").id,
                    "interval_number": 10,
                    "interval_type": "minutes",
                }
            )
        )

    @api.model
    def _cron_run_transfers(self, connection_id):
        """Entry point of each connection's cron."""
        if connection := self.browse(connection_id).exists():
            self.env["lexoffice.worker"]._run(connection)
