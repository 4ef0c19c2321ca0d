# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
from odoo import api, models
from odoo.exceptions import UserError

from ..lexware import LexwareClient, OAuthClient, permalink

API_URL = "https://api.lexware.io"
APP_URL = "https://app.lexware.de"


class LexofficeConnection(models.Model):
    """Hosts, clients, and whether this database may talk to lexoffice at all."""

    _inherit = "lexoffice.connection"

    @api.model
    def _host(self, name, default):
        parameter = self.env["ir.config_parameter"].sudo()
        return (parameter.get_param(f"lexoffice_connector.{name}") or default).rstrip(
            "/"
        )

    def _permalink(self, resource, uuid):
        """The address of a document or contact in lexoffice's web app."""
        return permalink(self._host("app_url", APP_URL), resource, uuid)

    def _token(self):
        return self.env["lexoffice.token"]._of(self)

    def _pace(self):
        return (
            self.env["lexoffice.pace"].sudo().search([("connection_id", "=", self.id)])
        )

    def _client(self, token_provider=None):
        """A client of lexoffice's API which keeps the common pace.

        :param token_provider: instead of the stored token, see ``LexwareClient``.
        :return: ``lexware.LexwareClient``, to be used as a context manager.
        :raises UserError: in a copied or neutralized database.
        """
        self.ensure_one()
        self._check_may_talk()
        return LexwareClient(
            self._host("api_url", API_URL),
            token_provider or self._token()._bearer,
            before_request=self._pace()._take_request_slot,
        )

    def _oauth_client(self):
        """A client of lexoffice's authorization server."""
        app_url = self._host("app_url", APP_URL)
        return OAuthClient(
            client_id=self.client_id or "",
            client_secret=self._token().client_secret or "",
            redirect_uri=self.oauth_redirect_uri,
            app_url=app_url,
            token_url=self._host("token_url", app_url),
        )

    # --- Copies of a database

    @api.model
    def _database_mark(self):
        """What tells this database from a copy of it on the same or another server.

        A copy made by ``createdb -T`` or from a dump keeps Odoo's own uuid; the oid
        and the cluster's identifier are PostgreSQL's.
        """
        self.env.cr.execute(
            """
            SELECT (SELECT system_identifier FROM pg_control_system()), oid
            FROM pg_database WHERE datname = current_database()
            """
        )
        cluster, oid = self.env.cr.fetchone()
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        return f"{uuid}:{cluster}:{oid}"

    def _may_talk(self):
        """Whether this database may use the account at all."""
        return not (self.is_copied_database or self._is_neutralized())

    @api.model
    def _is_neutralized(self):
        parameter = self.env["ir.config_parameter"].sudo()
        return bool(parameter.get_param("database.is_neutralized"))

    def _check_may_talk(self):
        """:raises UserError: this database is a copy, for tests or by accident."""
        if self._is_neutralized():
            raise UserError(
                self.env._(
                    "This database is a copy for tests: it never talks to lexoffice."
                )
            )
        if self.is_copied_database:
            raise UserError(
                self.env._(
                    "This database is a copy: it sends nothing to lexoffice. If it has"
                    " been moved here, an administrator says so on the lexoffice"
                    " connection."
                )
            )

    def action_confirm_moved(self):
        """The database lives here now: go on with the connection."""
        self.check_access("write")
        self.sudo().write({"database_mark": self._database_mark()})
        self.invalidate_recordset(["is_copied_database"])
        self.sudo().cron_id._trigger()
