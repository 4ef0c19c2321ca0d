# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
import random
import time
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.sql_db import Cursor
from odoo.tools import SQL

from ..lexware import TransientError

# lexoffice fills two tokens a second into a bucket of four. A little slower than
# that, and with one token kept back, no request of ours is ever refused.
REQUEST_STEP = 0.51
REQUEST_BURST = 3
LONGEST_SLEEP = 3.0
# Who would have to wait for longer than this comes back later.
LONGEST_WAIT = 10.0

FAULTS_TO_PAUSE = 3
FIRST_PAUSE = 60
LONGEST_PAUSE = 3600


class LexofficePace(models.Model):
    """The next free slot of a connection, shared by all workers of all servers.

    A table of its own: a transaction that holds a lock on the connection's row must
    not make the others wait. Each slot is taken on a cursor of its own and committed
    at once, under READ COMMITTED, so that contention means waiting, not failing.

    The circuit breaker lives here, too: after several faults of lexoffice in a row
    the connection pauses, and one request is tried before it opens again.
    """

    _name = "lexoffice.pace"
    _description = "lexoffice Pace"
    _log_access = False

    connection_id = fields.Many2one(
        "lexoffice.connection", required=True, ondelete="cascade"
    )
    request_tat = fields.Datetime("Next Request")
    document_tat = fields.Datetime("Next Document")
    faults = fields.Integer("Faults in a Row")
    pause_seconds = fields.Integer("Latest Pause")
    paused_until = fields.Datetime()

    _unique_connection = models.Constraint(
        "unique(connection_id)", "A connection has one pace."
    )

    # --- Slots

    def _take_request_slot(self):
        """Wait for the slot of one HTTP request (lexware docs: rate limits).

        :raises TransientError: it comes too late to wait for it; none was taken.
        """
        wait = self._take("request_tat", REQUEST_STEP, REQUEST_BURST, LONGEST_WAIT)
        if wait is None:
            seconds = self._wait_for("request_tat")
            raise TransientError(
                "lexoffice asked for a pause.", code="rate_limited", retry_after=seconds
            )
        self._sleep(wait)

    def _take_document_slot(self, documents_per_minute):
        """Take the slot of one document and wait for it.

        :param int documents_per_minute: 0 means no limit beside the requests'.
        """
        if documents_per_minute > 0:
            self._sleep(self._take("document_tat", 60.0 / documents_per_minute, 1))

    def _document_wait(self):
        """Seconds until the next document may be sent, without taking the slot."""
        return self._wait_for("document_tat")

    def _hold(self, seconds):
        """Move the next request away: lexoffice said that we are too fast."""
        self._take("request_tat", seconds, 0)

    def _take(self, column, step, burst, longest=None):
        """Book a slot in one statement.

        :param float step: seconds between two slots.
        :param int burst: slots that may be used at once after a pause.
        :param float longest: book none that is further away than this.
        :return: seconds to wait until the slot, never negative, or None.
        """
        query = SQL(
            """
            UPDATE lexoffice_pace SET %(column)s = GREATEST(
                COALESCE(%(column)s, '-infinity'),
                clock_timestamp() AT TIME ZONE 'UTC' - %(slack)s * INTERVAL '1 second'
            ) + %(step)s * INTERVAL '1 second'
            WHERE connection_id = %(connection)s AND (
                %(longest)s IS NULL OR COALESCE(%(column)s, '-infinity') <=
                clock_timestamp() AT TIME ZONE 'UTC'
                    + %(longest)s * INTERVAL '1 second'
            )
            RETURNING EXTRACT(EPOCH FROM
                %(column)s - clock_timestamp() AT TIME ZONE 'UTC') - %(step)s
            """,
            column=SQL.identifier(column),
            slack=step * max(burst - 1, 0),
            step=step,
            connection=self.connection_id.id,
            longest=longest,
        )
        with self._own_cursor() as cr:
            cr.execute(query)
            row = cr.fetchone()
        return max(0.0, float(row[0])) if row else None

    def _wait_for(self, column):
        query = SQL(
            "SELECT EXTRACT(EPOCH FROM %s - clock_timestamp() AT TIME ZONE 'UTC')"
            " FROM lexoffice_pace WHERE connection_id = %s",
            SQL.identifier(column),
            self.connection_id.id,
        )
        with self._own_cursor() as cr:
            cr.execute(query)
            row = cr.fetchone()
        return max(0.0, float(row[0])) if row and row[0] else 0.0

    @contextmanager
    def _own_cursor(self):
        with self.env.registry.cursor() as cr:
            if isinstance(cr, Cursor):  # a test's cursor is in a transaction already
                cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            cr.execute("SET LOCAL lock_timeout = '10s'")
            yield cr

    def _sleep(self, seconds):
        while seconds and seconds > 0:
            time.sleep(min(seconds, LONGEST_SLEEP))
            seconds -= LONGEST_SLEEP

    # --- Circuit breaker

    def _faults_before(self):
        """lexoffice's faults in a row when the last run ended."""
        self.invalidate_recordset(["faults"])
        return self.faults

    def _is_paused(self):
        self.invalidate_recordset(["paused_until"])  # written past the cache
        return bool(self.paused_until) and self.paused_until > fields.Datetime.now()

    def _is_half_open(self):
        """Whether a pause is over, and one request has to show that it may end."""
        return bool(self.paused_until) and not self._is_paused()

    def _note_faults(self, faults):
        """What a run ends with; enough faults pause the connection.

        :param int faults: lexoffice's faults in a row; 0 closes the breaker.
        """
        query = (
            self._pause_query()
            if faults >= FAULTS_TO_PAUSE
            else SQL(
                "UPDATE lexoffice_pace SET faults = %s, pause_seconds = 0,"
                " paused_until = NULL WHERE connection_id = %s",
                faults,
                self.connection_id.id,
            )
        )
        with self._own_cursor() as cr:
            cr.execute(query)
        self.invalidate_recordset()

    def _pause_query(self):
        """Pause, twice as long as the last time, up to an hour.

        Spread by chance, so that connections don't come back all at once. Workers
        side by side count the same outage once.
        """
        return SQL(
            """
            UPDATE lexoffice_pace SET
                faults = %(faults)s,
                pause_seconds = next.pause,
                paused_until = clock_timestamp() AT TIME ZONE 'UTC'
                    + next.pause * %(jitter)s * INTERVAL '1 second'
            FROM (SELECT id, LEAST(GREATEST(COALESCE(pause_seconds, 0) * 2, %(first)s),
                                   %(longest)s) AS pause FROM lexoffice_pace) AS next
            WHERE next.id = lexoffice_pace.id AND connection_id = %(connection)s
                AND COALESCE(paused_until, '-infinity')
                    <= clock_timestamp() AT TIME ZONE 'UTC'
            """,
            jitter=random.uniform(1.0, 1.25),  # noqa: S311
            first=FIRST_PAUSE,
            longest=LONGEST_PAUSE,
            faults=FAULTS_TO_PAUSE,
            connection=self.connection_id.id,
        )


class LexofficeConnection(models.Model):
    """The breaker as the connection's form shows it."""

    _inherit = "lexoffice.connection"

    paused_until = fields.Datetime(
        compute="_compute_paused_until",
        help="lexoffice had several faults in a row. Until then nothing is sent; then"
        " one request is tried.",
    )

    @api.depends_context("uid")
    def _compute_paused_until(self):
        for connection in self:
            pace = connection._pace()
            connection.paused_until = pace._is_paused() and pace.paused_until

    def action_end_pause(self):
        """Try now: one request shows whether lexoffice is back."""
        self.ensure_one()
        self.check_access("read")
        pace = self._pace()
        if pace.paused_until:
            pace.paused_until = fields.Datetime.now()
        self.sudo().cron_id._trigger()
        return True
