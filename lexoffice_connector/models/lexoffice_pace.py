# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
import time

from odoo import fields, models
from odoo.sql_db import Cursor
from odoo.tools import SQL

# lexoffice fills two tokens a second into a bucket of four. A little slower than
# that, and with one token kept back, no request of ours is ever refused.
REQUEST_STEP = 0.51
REQUEST_BURST = 3
LONGEST_SLEEP = 3.0


class LexofficePace(models.Model):
    """The next free slot of a connection, shared by all workers of all servers.

    A table of its own: a transaction that holds a lock on the connection's row must
    not make the others wait. Each slot is taken on a cursor of its own and committed
    at once, under READ COMMITTED, so that contention means waiting, not failing.
    """

    _name = "lexoffice.pace"
    _description = "lexoffice Pace"
    _log_access = False

    connection_id = fields.Many2one(
        "lexoffice.connection", required=True, ondelete="cascade"
    )
    request_tat = fields.Datetime("Next Request")
    document_tat = fields.Datetime("Next Document")

    _unique_connection = models.Constraint(
        "unique(connection_id)", "A connection has one pace."
    )

    def _take_request_slot(self):
        """Wait for the slot of one HTTP request (lexware docs: rate limits)."""
        self._sleep(self._take("request_tat", REQUEST_STEP, REQUEST_BURST))

    def _take_document_slot(self, documents_per_minute):
        """Take the slot of one document and wait for it.

        :param int documents_per_minute: 0 means no limit beside the requests'.
        """
        if documents_per_minute > 0:
            self._sleep(self._take("document_tat", 60.0 / documents_per_minute, 1))

    def _document_wait(self):
        """Seconds until the next document may be sent, without taking the slot."""
        self.env.cr.execute(
            SQL(
                "SELECT EXTRACT(EPOCH FROM document_tat"
                " - clock_timestamp() AT TIME ZONE 'UTC')"
                " FROM lexoffice_pace WHERE connection_id = %s",
                self.connection_id.id,
            )
        )
        row = self.env.cr.fetchone()
        return max(0.0, float(row[0])) if row and row[0] else 0.0

    def _hold(self, seconds):
        """Move the next request away: lexoffice said that we are too fast."""
        self._take("request_tat", seconds, 0)

    def _take(self, column, step, burst):
        """Book a slot in one statement.

        :param float step: seconds between two slots.
        :param int burst: slots that may be used at once after a pause.
        :return: seconds to wait until the slot; never negative.
        """
        query = SQL(
            """
            UPDATE lexoffice_pace SET %(column)s = GREATEST(
                COALESCE(%(column)s, '-infinity'),
                clock_timestamp() AT TIME ZONE 'UTC' - %(slack)s * INTERVAL '1 second'
            ) + %(step)s * INTERVAL '1 second'
            WHERE connection_id = %(connection)s
            RETURNING EXTRACT(EPOCH FROM
                %(column)s - clock_timestamp() AT TIME ZONE 'UTC') - %(step)s
            """,
            column=SQL.identifier(column),
            slack=step * max(burst - 1, 0),
            step=step,
            connection=self.connection_id.id,
        )
        with self.env.registry.cursor() as cr:
            if isinstance(cr, Cursor):  # a test's cursor is in a transaction already
                cr.execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED")
            cr.execute("SET LOCAL lock_timeout = '10s'")
            cr.execute(query)
            row = cr.fetchone()
        # No row: the connection is being made in a transaction not yet committed.
        return max(0.0, float(row[0])) if row else 0.0

    def _sleep(self, seconds):
        while seconds > 0:
            time.sleep(min(seconds, LONGEST_SLEEP))
            seconds -= LONGEST_SLEEP
