# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import LockError

from ..lexware import AuthError, TransientError

# A token this close to its end might not survive the request it is used for.
EXPIRY_MARGIN = timedelta(minutes=2)


def _secret(label):
    return fields.Char(
        label, copy=False, readonly=True, prefetch=False, groups=fields.NO_ACCESS
    )


class LexofficeToken(models.Model):
    """What lets Odoo speak for a lexoffice account.

    Nobody has access rights, and business code never writes this row: a refresh,
    which kills the old pair of tokens in the same moment, is committed on a cursor of
    its own and must never fail because of what happens elsewhere.
    """

    _name = "lexoffice.token"
    _description = "lexoffice Token"
    _log_access = False

    connection_id = fields.Many2one(
        "lexoffice.connection", required=True, ondelete="cascade"
    )
    api_key = _secret("API Key")
    client_secret = _secret("Client Secret")
    access_token = _secret("Access Token")
    refresh_token = _secret("Refresh Token")
    expires_at = fields.Datetime(readonly=True, copy=False)

    _unique_connection = models.Constraint(
        "unique(connection_id)", "A connection has one token."
    )

    @api.model
    def _of(self, connection):
        """The token row of a connection, made if need be.

        A connection that is only being entered has none.
        """
        connection = connection._origin
        if not connection:
            return self.sudo().browse()
        token = self.sudo().search([("connection_id", "=", connection.id)])
        return token or self.sudo().create({"connection_id": connection.id})

    def _store_token_set(self, token_set):
        """:param lexware.TokenSet token_set: what the authorization server gave."""
        self.write(
            {
                "access_token": token_set.access_token,
                "refresh_token": token_set.refresh_token,
                "expires_at": token_set.expires_at,
            }
        )

    def _clear_grant(self):
        self.write({"access_token": False, "refresh_token": False, "expires_at": False})

    def _bearer(self, rejected=None):
        """A valid bearer token; the client's ``token_provider``.

        :param str rejected: the token that lexoffice has just refused, if any.
        :raises AuthError: nothing stored, or lexoffice takes the grant back.
        :raises TransientError: another worker refreshes at this moment.
        """
        connection = self.connection_id
        if connection.auth_method == "api_key":
            if not self.api_key:
                raise AuthError("No API key is stored.", code="not_connected")
            return self.api_key
        with self._on_own_cursor() as token:
            if bearer := token._usable_access_token(rejected):
                return bearer
        # Another cursor: a row that has changed since this one began to read could
        # not be locked on it.
        with self._on_own_cursor() as token:
            bearer, error = token._refreshed_access_token(rejected)
        # Raised outside, so that what was cleared stays cleared.
        if error:
            raise error
        return bearer

    @contextmanager
    def _on_own_cursor(self):
        """This row on a cursor that commits whatever the caller's transaction does."""
        with self.env.registry.cursor() as cr:
            yield self.with_env(self.env(cr=cr, su=True))

    def _usable_access_token(self, rejected):
        """The stored access token, if it can be used, read without a lock.

        :raises AuthError: nothing is stored.
        """
        token = self.exists()
        if not token.refresh_token:
            raise AuthError("No token is stored.", code="not_connected")
        if token.access_token != rejected and token._is_fresh():
            return token.access_token
        return None

    def _refreshed_access_token(self, rejected):
        """Refresh, on the cursor that holds the row's lock.

        :return: the access token and the error to raise once this is committed.
        """
        try:
            self.lock_for_update()
        except LockError:
            return None, TransientError(
                "The token is being refreshed.", code="refreshing", retry_after=1.0
            )
        try:
            # Somebody else may have refreshed it between the two cursors.
            if bearer := self._usable_access_token(rejected):
                return bearer, None
            client = self.connection_id._oauth_client()
            self._store_token_set(client.refresh(self.refresh_token))
        except AuthError as error:
            if error.code == "invalid_grant":
                self._clear_grant()
            return None, error
        return self.access_token, None

    def _is_fresh(self):
        return (
            self.access_token
            and self.expires_at
            and fields.Datetime.now() < self.expires_at - EXPIRY_MARGIN
        )
