# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
import logging
import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.http import request
from odoo.tools import SQL, hash_sign, verify_hash_signed

from ..lexware import AuthError, LexwareError, OAuthClient
from . import error_messages

_logger = logging.getLogger(__name__)

STATE_SCOPE = "lexoffice_connector.oauth"
STATE_HOURS = 1
SESSION_KEY = "lexoffice_oauth"

# lexoffice's own id of "Dienstleistung", the category of a service company's income.
SERVICE_CATEGORY = "8f8664a0-fd86-11e1-a21f-0800200c9a66"

OAUTH_SCOPES = (
    *("contacts.read", "contacts.write", "vouchers.read", "vouchers.write"),
    *("files.read", "files.write", "invoices.read", "invoices.write"),
    *("credit-notes.read", "credit-notes.write", "voucherlist.read"),
    *("payments.read", "profile.read"),
)


class LexofficeConnection(models.Model):
    """Connect, test, disconnect; what lexoffice says about the account."""

    _inherit = "lexoffice.connection"

    @api.model
    def _action_open_own(self):
        """What the menu opens: the company's connection, or the form to make it.

        :return: the list only for users who look at several companies at once.
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "lexoffice_connector.lexoffice_connection_action"
        )
        if len(self.env.companies) == 1:
            connection = self.env.company._lexoffice_connection()
            action.update(
                views=[(False, "form")], view_mode="form", res_id=connection.id
            )
        return action

    def action_connect(self):
        """Start the consent in lexoffice, or check the API key.

        :return: an ``ir.actions.act_url`` to lexoffice's consent page, or a notice.
        :raises UserError: when the client's id or secret, or the key, is missing.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_may_talk()
        self._check_entered()
        if self.auth_method == "api_key":
            return self.action_test_connection()
        try:
            url = self._consent_url()
        except LexwareError as error:
            raise UserError(error_messages.of_error(self.env, error)) from error
        return {"type": "ir.actions.act_url", "url": url, "target": "self"}

    def _is_entered(self):
        """Whether everything is there that lexoffice gave for this way to connect."""
        if self.auth_method == "api_key":
            return self.has_api_key
        return bool(self.client_id) and self.has_client_secret

    def _check_entered(self):
        """:raises UserError: what lexoffice gave has not been entered yet."""
        if self._is_entered():
            return
        if self.auth_method == "api_key":
            raise UserError(self.env._("Enter the API key from lexoffice first."))
        raise UserError(
            self.env._(
                "Enter the client ID and the client secret from lexoffice first."
            )
        )

    def _consent_url(self):
        """The consent page, with PKCE and a state that only this session can use.

        The state is signed, ends after an hour, and names connection and user; its
        nonce, kept in the session, is removed at the first use.
        """
        nonce = secrets.token_urlsafe(24)
        verifier = OAuthClient.new_code_verifier()
        state = hash_sign(
            self.env(su=True),
            STATE_SCOPE,
            [self.id, self.env.uid, nonce],
            expiration_hours=STATE_HOURS,
        )
        if request:
            request.session[SESSION_KEY] = {"nonce": nonce, "verifier": verifier}
        return self._oauth_client().authorization_url(
            state,
            code_verifier=verifier,
            scopes=OAUTH_SCOPES,
            connection_name=f"Odoo: {self.company_id.name}",
        )

    @api.model
    def _from_oauth_state(self, state, session_value):
        """The connection that a callback belongs to.

        :param str state: as it came back through the browser.
        :param dict session_value: what the session kept; already removed from it.
        :return: the connection as the current user, or an empty recordset when the
            state is forged, expired, another user's or another session's.
        """
        try:
            values = verify_hash_signed(self.env(su=True), STATE_SCOPE, state or "")
        except ValueError:
            values = None
        if not values or not session_value:
            return self.browse()
        connection_id, uid, nonce = values
        if uid != self.env.uid or not secrets.compare_digest(
            nonce, session_value.get("nonce", "")
        ):
            return self.browse()
        return self.browse(connection_id).exists()

    def _connect_with_code(self, code, verifier):
        """Exchange the code and establish the connection.

        :raises LexwareError: lexoffice refuses; nothing is stored.
        :raises UserError: another organization than before.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_may_talk()
        # A code works once: whoever else is at these rows must be done with them
        # before it is traded, because the request would be repeated in vain.
        self._lock_for_connect()
        tokens = self._oauth_client().exchange_code(code, verifier)
        try:
            with self.env.cr.savepoint():
                self._token()._store_token_set(tokens)
                self._establish(tokens.access_token)
        except (LexwareError, UserError):
            self._revoke(tokens.refresh_token)
            raise

    def _lock_for_connect(self):
        """Wait for others who write the connection or its token.

        When they have, PostgreSQL refuses the lock and Odoo repeats the request.
        """
        token = self._token()
        for record in (self, token):
            record.flush_recordset()
            self.env.cr.execute(
                SQL(
                    "SELECT id FROM %s WHERE id = %s FOR UPDATE",
                    SQL.identifier(record._table),
                    record.id,
                )
            )

    def _revoke(self, refresh_token):
        """Give a grant back to lexoffice.

        :return: the error that prevented it; lexoffice's own page of extensions can
            end the grant, too.
        """
        try:
            self._oauth_client().revoke(refresh_token)
        except LexwareError as error:
            _logger.warning("A grant of %s was not given back: %s", self, error.code)
            return error
        return None

    def _establish(self, access_token=None):
        """Read the profile, pin the organization, load the reference data.

        :param str access_token: a token just received, not yet committed.
        :raises LexwareError: lexoffice refuses or can't be reached.
        :raises UserError: another organization, or a copied database.
        """
        bearer = (lambda rejected=None: access_token) if access_token else None
        with self._client(bearer) as client:
            profile = client.profile()
            self._check_same_organization(profile)
            categories = client.posting_categories()
            layouts = client.print_layouts()
        self.sudo().write(
            {
                "state": "connected",
                "organization_id": profile.get("organizationId"),
                "organization_name": profile.get("companyName"),
                "tax_type": self._known_tax_type(profile.get("taxType")),
                "small_business": bool(profile.get("smallBusiness")),
                "connected_since": self.connected_since or fields.Datetime.now(),
                "database_mark": self._database_mark(),
            }
        )
        self._load_posting_categories(categories)
        self._load_print_layouts(layouts)
        self._close_todo("reconnect")
        self.sudo().cron_id._trigger()

    def _known_tax_type(self, tax_type):
        known = dict(self._fields["tax_type"].selection)
        return tax_type if tax_type in known else False

    def _check_same_organization(self, profile):
        """:raises UserError: the consent was given for another lexoffice account."""
        if self.organization_id and self.organization_id != profile.get(
            "organizationId"
        ):
            raise UserError(
                self.env._(
                    "This is the lexoffice account of %(new)s, but the connection"
                    " belongs to %(old)s. Log in to the right account. A connection"
                    " that has transferred nothing yet can be deleted and made anew.",
                    new=profile.get("companyName"),
                    old=self.organization_name,
                )
            )

    def _load_posting_categories(self, rows):
        self._load_reference_data(
            self.sudo().posting_category_ids,
            {
                row["id"]: {
                    "name": row.get("name"),
                    "group_name": row.get("groupName"),
                    "contact_required": bool(row.get("contactRequired")),
                    "split_allowed": bool(row.get("splitAllowed")),
                }
                for row in rows
                if row.get("type") == "income"
            },
        )
        if not self.posting_category_id:
            self.sudo().posting_category_id = self.posting_category_ids.filtered(
                lambda category: category.lexoffice_uuid == SERVICE_CATEGORY
            )

    def _load_print_layouts(self, rows):
        self._load_reference_data(
            self.sudo().print_layout_ids,
            {
                row["id"]: {
                    "name": row.get("name"),
                    "is_default": bool(row.get("default")),
                }
                for row in rows
            },
        )

    def _load_reference_data(self, records, values_by_uuid):
        """Bring local copies of lexoffice's lists up to date, keeping their ids."""
        known = {record.lexoffice_uuid: record for record in records}
        for uuid, values in values_by_uuid.items():
            if uuid in known:
                known.pop(uuid).write(values)
            else:
                records.create(
                    {"connection_id": self.id, "lexoffice_uuid": uuid, **values}
                )
        for record in known.values():
            record.unlink()
        self.invalidate_recordset(["posting_category_ids", "print_layout_ids"])

    def action_test_connection(self):
        """Ask lexoffice who we are; with an API key this also connects.

        :return: a notice with the outcome, in the reader's language.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_may_talk()
        try:
            self._establish()
        except LexwareError as error:
            if isinstance(error, AuthError) and self.state == "connected":
                self._need_reconnect(error)
            return self._notify(error_messages.of_error(self.env, error), "danger")
        return self._notify(
            self.env._("Connected with %(name)s.", name=self.organization_name),
            "success",
        )

    def action_disconnect(self):
        """Give the grant back to lexoffice and forget tokens and API key.

        Open rows wait; they go on after the next connect.
        """
        self.ensure_one()
        self.check_access("write")
        token = self._token()
        if token.refresh_token and self._may_talk():
            if error := self._revoke(token.refresh_token):
                self.message_post(body=error_messages.of_error(self.env, error))
        token._clear_grant()
        token.api_key = False
        self.sudo().write(
            {"state": "disconnected", "connected_since": False, "database_mark": False}
        )
        self._close_todo("reconnect")
        return self._notify(
            self.env._("The connection to lexoffice has been ended."), "success"
        )

    def _need_reconnect(self, error):
        """lexoffice refuses our token: rows wait, one to-do for the responsible."""
        self.sudo().state = "reconnect"
        self._open_todo("reconnect", error_messages.of_error(self.env, error))

    def _open_todo(self, kind, note):
        """One activity of a kind; a second failure only renews its text."""
        self.ensure_one()
        activity_type = f"lexoffice_connector.mail_activity_type_{kind}"
        user = self.responsible_user_id.filtered("active") or self.env.ref(
            "base.user_admin"
        )
        record = self.sudo().with_context(lang=user.lang)
        if activities := record.activity_search([activity_type]):
            activities.note = note
        else:
            record.activity_schedule(activity_type, note=note, user_id=user.id)

    def _close_todo(self, kind):
        self.sudo().activity_unlink([f"lexoffice_connector.mail_activity_type_{kind}"])

    def _notify(self, message, kind):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": "lexoffice",
                "message": message,
                "type": kind,
                "sticky": kind == "danger",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
