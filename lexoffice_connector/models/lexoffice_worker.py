# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
import logging
import time
from datetime import timedelta

from psycopg2 import InterfaceError, OperationalError
from psycopg2.errors import (
    DeadlockDetected,
    LockNotAvailable,
    SerializationFailure,
    UniqueViolation,
)

from odoo import fields, models
from odoo.tools import SQL, config

from ..builders.stop import DocumentStop
from ..lexware import (
    AuthError,
    LexwareError,
    TransientError,
    UncertainError,
)
from . import error_messages
from .lexoffice_pace import LONGEST_SLEEP
from .lexoffice_transfer import OUTCOME_DELAY
from .lexoffice_worker_run import NotYet, Run, RunEnds

_logger = logging.getLogger(__name__)

# A cron that goes on for longer than this keeps the others of its server waiting.
RUN_SECONDS = 10
# A slot, connecting, reading and the gateway: how long one request may take.
LONGEST_REQUEST = 80
BATCH = 40
MAX_ATTEMPTS = 8

CONFLICTS = (DeadlockDetected, LockNotAvailable, SerializationFailure)
CONFLICT_WAIT = 2.0
CONFLICT_TRIES = 5


class LexofficeWorker(models.AbstractModel):
    """Carries out a connection's open transfers, committed row by row.

    Odoo runs each connection's cron once at a time, but nothing here leans on that:
    every step locks its row, and a result counts only for the attempt it belongs to.

    A commit frees all locks and begins a new view of the database. So each outcome is
    written in a transaction of its own, which first locks the row and looks whether
    it still is as the step had found it.
    """

    _name = "lexoffice.worker"
    _description = "lexoffice Worker"

    def _run(self, connection):
        """One run: about ten seconds, then the cron is woken again if need be.

        :param connection: one ``lexoffice.connection``.
        """
        connection = connection.sudo().with_company(connection.company_id)
        if connection.state != "connected" or not connection._may_talk():
            return
        run = Run(connection, self._run_seconds())
        try:
            if not run.pace._is_paused():
                with run.open_client() as run.client:
                    self._work(run)
        except RunEnds as reason:
            self.env.cr.rollback()
            _logger.info("Run of %s ends: %s", connection, reason)
        except AuthError as error:
            self.env.cr.rollback()
            _logger.warning("lexoffice refuses the token of %s", connection)
            refusal = error
            self._repeat(lambda: self._note_refusal(connection, refusal))
            return
        except LexwareError as error:
            # What could not even begin, as with a broken address: no row's fault.
            self.env.cr.rollback()
            _logger.warning("Run of %s ends: %s", connection, error.code)
            run.worked = 0
        run.close()
        self._wake_for_the_rest(run)

    def _note_refusal(self, connection, error):
        # Whoever disconnects in this moment does not want to be told to reconnect.
        if connection.state == "connected":
            connection._need_reconnect(error)

    def _work(self, run):
        """Every kind of step, those first that others wait for.

        The outcomes come twice: a long queue of documents may take the whole run, and
        a single document's number is wanted at once.
        """
        if run.pace._is_half_open():
            run.client.profile()
        self._recover_stale(run)
        for step in (
            self._settle_uncertain,
            self._adopt_outcomes,
            self._send_documents,
            self._adopt_contacts,
            self._adopt_outcomes,
            self._transfer_files,
        ):
            step(run)
            run.check()

    def _run_seconds(self):
        """How long a run may last: no request may begin that the server's time limit
        for crons could cut off, unless that limit is too short for any."""
        limit = config["limit_time_real_cron"] or 0
        if limit < 0:
            limit = config["limit_time_real"]
        return (
            max(min(RUN_SECONDS, limit - LONGEST_REQUEST), 1) if limit else RUN_SECONDS
        )

    def _commit(self):
        # The way in which a cron may commit; outside of one it just does.
        self.env["ir.cron"]._commit_progress()

    def _repeat(self, change):
        """Make a change and commit it, again if others were at the same rows.

        :return: whether it could be committed.
        """
        for _attempt in range(CONFLICT_TRIES):
            try:
                change()
                self._commit()
                return True
            except CONFLICTS:
                self.env.cr.rollback()
                time.sleep(0.05)
        _logger.warning("Gave up after %s conflicts", CONFLICT_TRIES)
        return False

    # --- Rows

    def _due(
        self,
        run,
        states,
        operations,
        limit=BATCH,
        adoption=("waiting", "done", "failed"),
    ):
        return self.env["lexoffice.transfer"].search(
            [
                ("connection_id", "=", run.connection.id),
                ("state", "in", states),
                ("operation", "in", operations),
                ("adoption", "in", adoption),
                ("next_attempt_at", "<=", fields.Datetime.now()),
            ],
            limit=limit,
        )

    def _for_each(self, rows, step, run):
        """Do a step for each row; one row's trouble is its own.

        :param step: called with a locked row; it may commit.
        :raises AuthError: nothing more can be done with this token.
        :raises RunEnds: several faults of lexoffice in a row.
        """
        for row_id in rows.ids:
            run.check()
            if not run.seconds_left():
                return
            # By itself: each commit empties the cache, and what is read for one of
            # many would be read for all of them, every time.
            self._guarded(rows.browse(row_id), step, run)

    def _guarded(self, row, step, run):
        """Run one step; whatever it raises ends in the row, in words."""
        seen = None
        try:
            if not row.try_lock_for_update():
                return  # somebody else is at it
            seen = row._stand()
            step(row)
            self._commit()
        except (AuthError, RunEnds):
            raise
        except (*CONFLICTS, UniqueViolation):
            self.env.cr.rollback()
            self._conclude(row, seen, lambda: row._wait(CONFLICT_WAIT))
            return
        except NotYet as later:
            seconds = later.seconds
            self.env.cr.rollback()
            self._conclude(row, seen, lambda: row._wait(seconds))
        except LexwareError as error:
            fault = error
            self.env.cr.rollback()
            self._conclude(row, seen, lambda: self._note_error(row, fault))
        except DocumentStop as stop:
            reason = stop
            self.env.cr.rollback()
            self._conclude(row, seen, lambda: row._fail(reason.code, reason.values))
        except (OperationalError, InterfaceError):
            raise  # the database has gone; the next run recovers what is left
        except Exception as error:  # a fault of ours must not stop the other rows
            name = type(error).__name__
            self.env.cr.rollback()
            _logger.exception("Transfer %s stopped by a fault", row.id)
            self._conclude(row, seen, lambda: self._note_fault(row, name))
        run.worked += 1

    def _conclude(self, row, seen, change):
        """Write what came of a step, unless the row has changed since.

        :param seen: how the step had found the row, or None: nothing was found out.
        """

        def locked_change():
            if row._stand(lock=True) == seen:
                change()

        if seen:
            self._repeat(locked_change)

    def _note_error(self, row, error):
        """A step that can be repeated did not get through, or was refused."""
        if error.status == 429:
            row.connection_id._pace()._hold(error.retry_after or 2.0)
        if not isinstance(error, (TransientError, UncertainError)):
            values = error_messages.error_values(error)
            if row.state == "done":
                row._fail_adoption("outcome_unreadable", values)
            elif row.state == "uncertain":
                row._wait(row._backoff())
            else:
                row._fail(error.code, values)
        elif row.state in ("done", "uncertain"):
            row._wait(getattr(error, "retry_after", None) or row._backoff())
        else:
            uncertain = isinstance(error, UncertainError)
            row._postpone(error, OUTCOME_DELAY.total_seconds() if uncertain else None)

    def _note_fault(self, row, name):
        """A fault of the program, in a step that left nothing behind."""
        if row.state == "done":
            row._fail_adoption("adoption_fault", {"error": name})
        elif row.state == "uncertain":
            row._wait(row._backoff())
        elif row.state == "pending":
            row._fail("internal_error", {"error": name})

    # --- Before and after

    def _recover_stale(self, run):
        """Rows of a worker that died: nobody knows whether lexoffice acted."""
        self.env.cr.execute(
            SQL(
                "SELECT id FROM lexoffice_transfer WHERE connection_id = %s"
                " AND state = 'sending'"
                " AND sending_since < now() AT TIME ZONE 'UTC' - %s",
                run.connection.id,
                OUTCOME_DELAY,
            )
        )
        ids = [row_id for (row_id,) in self.env.cr.fetchall()]
        rows = self.env["lexoffice.transfer"].browse(ids)
        self._for_each(rows, self._recover, run)

    def _recover(self, row):
        # Looked at afresh: its worker may have come back meanwhile.
        stale_since = row._database_now() - OUTCOME_DELAY
        if row.state == "sending" and row.sending_since < stale_since:
            row._become_uncertain()

    def _wake_for_the_rest(self, run):
        """Wake the cron again: at once if something is due, else when it will be."""
        next_time = self._next_time(run)
        if not next_time:
            return
        now = fields.Datetime.now()
        if run.pace._is_paused():
            next_time = max(next_time, run.pace.paused_until)
        elif next_time <= now and run.slot_wait:
            # The next document's slot is near. Wait for it, but not for long: Odoo
            # looks at triggers with a time only once a minute.
            self.env.cr.rollback()
            time.sleep(min(run.slot_wait, LONGEST_SLEEP))
        elif next_time <= now and not run.worked:
            # Others are at these rows: no use in running in circles.
            next_time = now + timedelta(seconds=30)

        def wake():
            run.connection.cron_id._trigger(next_time if next_time > now else None)

        self._repeat(wake)

    def _next_time(self, run):
        """When the next row of the connection is due, or None."""
        self.env.cr.execute(
            SQL(
                """
                SELECT min(CASE WHEN state = 'sending' THEN sending_since + %s
                                ELSE next_attempt_at END)
                FROM lexoffice_transfer
                WHERE connection_id = %s AND (
                    state IN ('pending', 'sending', 'uncertain')
                    OR (state = 'done' AND adoption = 'waiting')
                )
                """,
                OUTCOME_DELAY,
                run.connection.id,
            )
        )
        (next_time,) = self.env.cr.fetchone()
        return next_time
