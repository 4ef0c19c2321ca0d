# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Odoo's scheduler at the pace of the run: its minute is a few seconds long."""

import threading

import psycopg2

import databases
from environment import SetupError

TICK = 0.5
# The worker's longest wait that is no constant to be divided. Who comes too early finds
# nothing to do and ends at once.
INTERVAL = 30


class Clock(threading.Thread):
    """Wakes the cron workers of a database again and again.

    Odoo looks at triggers with a time once a minute, or when it is notified.
    """

    def __init__(self, database, factor):
        super().__init__(name="clock", daemon=True)
        self.database = database
        self.factor = factor
        self._ended = threading.Event()

    def end(self):
        self._ended.set()
        self.join(timeout=30)

    def run(self):
        while not self._ended.wait(TICK):
            try:
                self._tick()
            except (SetupError, psycopg2.Error):
                continue  # PostgreSQL is being restarted

    def _tick(self):
        with databases.connect() as cursor:
            cursor.execute("SELECT pg_notify('cron_trigger', %s)", (self.database,))
        with databases.connect(self.database) as cursor:
            # Not those that run at this moment.
            cursor.execute(
                """
                UPDATE ir_cron SET nextcall = latest.at
                FROM (
                    SELECT cron.id, now() AT TIME ZONE 'UTC'
                        + %s * INTERVAL '1 second' AS at
                    FROM ir_cron AS cron
                    JOIN lexoffice_connection ON cron_id = cron.id
                    FOR NO KEY UPDATE OF cron SKIP LOCKED
                ) AS latest
                WHERE latest.id = ir_cron.id AND nextcall > latest.at
                """,
                (INTERVAL / self.factor,),
            )
