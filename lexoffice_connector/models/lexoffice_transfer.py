# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
import logging
import random
import secrets
import time
from datetime import timedelta

from psycopg2 import InterfaceError, OperationalError

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.sql_db import Cursor
from odoo.tools import SQL

from . import error_messages

_logger = logging.getLogger(__name__)

# A request leaves within this time after ``sending`` was committed, or not at all.
LEAVE_WITHIN = timedelta(seconds=15)
# With the client's read time-out and the 30 s of lexoffice's gateway: until then a
# request whose answer is missing may still be under way.
OUTCOME_DELAY = LEAVE_WITHIN + timedelta(seconds=35 + 30)
# How long to try to keep an id while the database can't be written.
KEEP_TRYING = 30
FIRST_BACKOFF = 15
LONGEST_BACKOFF = 3600
# Without letters and digits that are taken for one another.
MARKER_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
MARKER_LENGTH = 10

OPEN_STATES = ("pending", "sending", "uncertain")
# What lexoffice's list calls them.
VOUCHER_TYPES = {
    ("invoice", "out_invoice"): "invoice",
    ("invoice", "out_refund"): "creditnote",
    ("voucher", "out_invoice"): "salesinvoice",
    ("voucher", "out_refund"): "salescreditnote",
}


class LexofficeTransfer(models.Model):
    """One thing to be done in lexoffice for one move; written when it is posted.

    ::

        pending ──► sending ──► done
           ▲           ├──────► failed      refused; `Try Again` leads to pending
           ├───────────┤                    certainly not executed: back-off
           │           └──────► uncertain   the answer got lost
           └── surely absent ───────┴─────► done, failed
        pending ──► cancelled               the invoice went back to draft

    ``sending`` and an attempt token are committed before the request leaves, and a
    result is stored only where both still match: that is why nothing is sent twice.
    The id from lexoffice is committed alone; writing it into the move is a second,
    repeatable step with a mark of its own, ``adoption``.
    """

    _name = "lexoffice.transfer"
    _description = "lexoffice Transfer"
    _order = "document_date, id"
    _rec_name = "move_id"

    connection_id = fields.Many2one(
        "lexoffice.connection", required=True, ondelete="restrict", index=True
    )
    company_id = fields.Many2one(
        related="connection_id.company_id", store=True, precompute=True
    )
    move_id = fields.Many2one(
        "account.move", "Document", required=True, ondelete="restrict", index=True
    )
    operation = fields.Selection(
        [
            ("document", "Document"),
            ("upload", "Upload of the PDF"),
            ("download", "Download of lexoffice's PDF"),
        ],
        default="document",
        required=True,
    )
    variant = fields.Selection(
        [("invoice", "Invoice"), ("voucher", "Voucher")], required=True
    )
    state = fields.Selection(
        [
            ("pending", "Waiting"),
            ("sending", "Being sent"),
            ("uncertain", "To be clarified"),
            ("done", "Transferred"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        default="pending",
        required=True,
        index=True,
    )
    document_date = fields.Date(index=True)
    attempts = fields.Integer(readonly=True)
    next_attempt_at = fields.Datetime(default=fields.Datetime.now)
    sending_since = fields.Datetime(readonly=True)
    attempt_token = fields.Char(readonly=True, copy=False)
    absent_searches = fields.Integer(
        readonly=True, help="How often lexoffice was searched in vain."
    )
    marker = fields.Char(
        default=lambda self: self._new_marker(), readonly=True, copy=False
    )
    lexoffice_uuid = fields.Char("lexoffice ID", readonly=True, copy=False)
    lexoffice_number = fields.Char("lexoffice Number", readonly=True, copy=False)
    lexoffice_total = fields.Float(
        "Total in lexoffice", digits=(16, 2), readonly=True, copy=False
    )
    lexoffice_total_known = fields.Boolean(readonly=True, copy=False)
    adoption = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("done", "Adopted"),
            ("failed", "Not adopted"),
        ],
        default="waiting",
        help="Whether the outcome stands in the invoice.",
    )
    error_code = fields.Char(readonly=True)
    error_values = fields.Json(readonly=True)
    error_message = fields.Text("What Happened", compute="_compute_error_message")

    _one_open_row = models.UniqueIndex(
        "(move_id, operation) WHERE state IN ('pending', 'sending', 'uncertain')",
        "This document is on its way already.",
    )
    _one_document = models.UniqueIndex(
        "(move_id, operation) WHERE state = 'done'",
        "This document stands in lexoffice already.",
    )
    _due = models.Index("(connection_id, state, operation, next_attempt_at)")

    @api.model_create_multi
    def create(self, vals_list):
        # A row that was cancelled in this very transaction makes room for a new one.
        self.flush_model(["state"])
        return super().create(vals_list)

    @api.model
    def _new_marker(self):
        return "".join(secrets.choice(MARKER_ALPHABET) for _n in range(MARKER_LENGTH))

    def _sign(self):
        """How a document in lexoffice is recognized as this row's."""
        return f"Unser Zeichen: {self.marker}"

    @api.depends("error_code", "error_values")
    @api.depends_context("lang")
    def _compute_error_message(self):
        for row in self:
            row.error_message = row.error_code and error_messages.render(
                self.env, row.error_code, row.error_values
            )

    # --- Transitions that the worker makes

    def _stand(self, lock=False):
        """What tells whether somebody else has changed this row since.

        :param bool lock: wait for the row and lock it.
        """
        query = SQL(
            "SELECT state, attempt_token, adoption FROM lexoffice_transfer"
            " WHERE id = %s %s",
            self.id,
            SQL("FOR UPDATE") if lock else SQL(""),
        )
        self.flush_recordset(["state", "attempt_token", "adoption"])
        self.env.cr.execute(query)
        return self.env.cr.fetchone()

    def _begin_attempt(self, number=None):
        """To ``sending``; the caller commits before the request leaves.

        :param str number: under which a voucher is sent, and looked up again even if
            somebody renames the invoice.
        :return: the token that the result must present.
        """
        self.ensure_one()
        token = secrets.token_hex(16)
        self.write(
            {
                "state": "sending",
                "attempts": self.attempts + 1,
                "sending_since": self._database_now(),
                "attempt_token": token,
                "lexoffice_number": number or self.lexoffice_number,
                "error_code": False,
                "error_values": False,
            }
        )
        return token

    def _database_now(self):
        """The one clock that all servers share."""
        self.env.cr.execute("SELECT clock_timestamp() AT TIME ZONE 'UTC'")
        return self.env.cr.fetchone()[0].replace(microsecond=0)

    def _keep_uuid(self, token, uuid):
        """Note the id of what lexoffice has made, touching no other row.

        On a cursor of its own and under READ COMMITTED, so that whoever is at the row
        is waited for; and again and again while PostgreSQL starts anew. An id that
        gets lost here is found by a search, but nothing is cheaper than to keep it.

        :return: False when this attempt is no longer the row's.
        """
        query = SQL(
            """
            UPDATE lexoffice_transfer
            SET state = 'done', lexoffice_uuid = %s, adoption = 'waiting',
                absent_searches = 0, error_code = NULL, error_values = NULL,
                next_attempt_at = now() AT TIME ZONE 'UTC'
            WHERE id = %s AND attempt_token = %s AND state IN ('sending', 'uncertain')
            """,
            uuid,
            self.id,
            token,
        )
        give_up_at = time.monotonic() + KEEP_TRYING
        while True:
            try:
                with self.env.registry.cursor() as cr:
                    if isinstance(cr, Cursor):  # not a test's
                        cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
                    cr.execute(query)
                    return bool(cr.rowcount)
            except (OperationalError, InterfaceError):
                if time.monotonic() > give_up_at:
                    _logger.critical("Transfer %s: lexoffice made %s", self.id, uuid)
                    raise
                time.sleep(1)

    def _link_uuid(self, uuid):
        """The document was found in lexoffice. The caller has locked the row."""
        self.write(
            {
                "state": "done",
                "lexoffice_uuid": uuid,
                "adoption": "waiting",
                "attempt_token": False,
                "absent_searches": 0,
                "next_attempt_at": fields.Datetime.now(),
                "error_code": False,
                "error_values": False,
            }
        )

    def _postpone(self, error, seconds=None):
        """Back to ``pending``: lexoffice certainly did not act.

        :param lexware.LexwareError error: why.
        :param float seconds: a time to wait instead of the growing one.
        """
        if seconds is None:
            seconds = getattr(error, "retry_after", None) or self._backoff()
        self.write(
            {
                "state": "pending",
                "next_attempt_at": fields.Datetime.now() + timedelta(seconds=seconds),
                "error_code": error.code,
                "error_values": error_messages.error_values(error),
            }
        )

    def _wait(self, seconds):
        """Its turn comes later; otherwise it stays as it is."""
        self.next_attempt_at = fields.Datetime.now() + timedelta(seconds=seconds)

    def _backoff(self):
        """Seconds until the next attempt: doubling, spread by chance."""
        longest = min(FIRST_BACKOFF * 2 ** min(self.attempts, 10), LONGEST_BACKOFF)
        return random.uniform(longest / 2, longest)  # noqa: S311

    def _become_uncertain(self, code="outcome_unknown"):
        now = fields.Datetime.now()
        looked_up = (self.sending_since or now) + OUTCOME_DELAY
        self.write(
            {
                "state": "uncertain",
                "next_attempt_at": max(looked_up, now),
                "absent_searches": 0,
                "error_code": code,
                "error_values": False,
            }
        )

    def _fail(self, code, values=None):
        """To ``failed``, with a to-do and one message for the invoice's readers."""
        self.write(
            {"state": "failed", "error_code": code, "error_values": values or {}}
        )
        self._tell()

    def _resume_after_absence(self):
        """lexoffice surely has no such document: it may be sent again."""
        self.write(
            {
                "state": "pending",
                "attempt_token": False,
                "absent_searches": 0,
                "next_attempt_at": fields.Datetime.now(),
                "error_code": False,
                "error_values": False,
            }
        )

    def _fail_adoption(self, code, values):
        """Done in lexoffice, but not written into the move; nothing is sent again."""
        self.write({"adoption": "failed", "error_code": code, "error_values": values})
        self._tell()

    def _tell(self):
        """Put the row's message before the responsible: a to-do and a note."""
        user = self.connection_id.responsible_user_id
        row = self.with_context(lang=user.lang or self.env.lang)
        row.move_id._lexoffice_open_todo(user, row.error_message)
        row.move_id._lexoffice_post(row.error_message)

    def _wake(self):
        """Wake the workers of these rows' connections after the commit."""
        for cron in self.sudo().connection_id.cron_id:
            cron._trigger()

    @api.ondelete(at_uninstall=False)
    def _unlink_only_without_trace(self):
        if self.filtered(lambda row: row.state not in ("cancelled", "pending")):
            raise UserError(
                self.env._("A transfer that has been attempted is part of the records.")
            )
