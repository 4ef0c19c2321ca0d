# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
import logging
import re

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from ..lexware import LexwareError
from ..models import error_messages
from ..models.lexoffice_connection_consent import SESSION_KEY

_logger = logging.getLogger(__name__)

CALLBACK = "/lexoffice/oauth/callback"


class _NoQuery(logging.Filter):
    """The access log writes whole addresses; ours come with a code and a state."""

    _query = re.compile(rf"({CALLBACK})\?\S*")

    def filter(self, record):
        message = record.getMessage()
        if CALLBACK in message:
            record.msg, record.args = self._query.sub(r"\1?…", message), ()
        return True


logging.getLogger("werkzeug").addFilter(_NoQuery())


class LexofficeController(http.Controller):
    @http.route(CALLBACK, type="http", auth="user", methods=["GET"])
    def oauth_callback(self, code=None, state=None, error=None, **_parameters):
        """Where lexoffice's consent page sends the browser back to.

        Answers with a page of ours whatever happens; goes on to the connection form
        and never to an address that came with the request.
        """
        kept = request.session.pop(SESSION_KEY, None)
        connection = request.env["lexoffice.connection"]._from_oauth_state(state, kept)
        if not connection:
            return self._page("expired", status=403)
        try:
            connection.check_access("write")
        except AccessError:
            return self._page("forbidden", status=403)
        if error == "access_denied":
            return self._page("denied", connection)
        if error or not code:
            return self._page("no_code", connection)
        try:
            connection._connect_with_code(code, kept["verifier"])
        except LexwareError as problem:
            _logger.warning("lexoffice refused the consent: %s", problem.code)
            reason = error_messages.of_error(request.env, problem)
            return self._page("failed", connection, reason=reason)
        except UserError as problem:
            return self._page("failed", connection, reason=str(problem))
        return request.redirect(self._form_url(connection))

    def _form_url(self, connection):
        action = "lexoffice_connector.lexoffice_connection_action"
        return f"/odoo/action-{action}/{connection.id}"

    def _page(self, outcome, connection=None, reason=None, status=200):
        """A friendly page; nothing has been stored."""
        return request.render(
            "lexoffice_connector.oauth_outcome",
            {
                "outcome": outcome,
                "reason": reason,
                "back_url": self._form_url(connection) if connection else "/odoo",
            },
            status=status,
        )
