# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
import logging
import time
from datetime import timedelta

from psycopg2.errors import LockNotAvailable, SerializationFailure, UniqueViolation

from odoo import fields, models
from odoo.tools import config

from ..builders.stop import DocumentStop
from ..lexware import (
    AuthError,
    ConflictError,
    NotFoundError,
    RejectedError,
    TransientError,
    UncertainError,
)
from . import error_messages
from .lexoffice_transfer import OUTCOME_DELAY

_logger = logging.getLogger(__name__)

# A cron that goes on for longer than this keeps the others of its server waiting.
RUN_SECONDS = 10
# Connecting, reading and the gateway: how long one request may take.
LONGEST_REQUEST = 70
BATCH = 40
FAULTS_TO_PAUSE = 3
FRESH_CONTACT = 2.0


class RunEnds(Exception):
    """This run can't go on; the rows wait for the next one."""


class LexofficeWorker(models.AbstractModel):
    """Carries out a connection's open transfers, committed row by row.

    Odoo runs each connection's cron once at a time, but nothing here leans on that:
    every step locks its row, and a result counts only for the attempt it belongs to.
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
        deadline = time.monotonic() + self._run_seconds()
        try:
            with connection._client() as client:
                self._recover_stale(connection)
                for step in (
                    self._settle_uncertain,
                    self._send_documents,
                    self._adopt_outcomes,
                    self._transfer_files,
                ):
                    step(connection, client, deadline)
        except AuthError as error:
            self.env.cr.rollback()
            _logger.warning("lexoffice refuses the token of %s", connection)
            connection._need_reconnect(error)
            self._commit()
            return
        except RunEnds as reason:
            _logger.info("Run of %s ends: %s", connection, reason)
        self._wake_for_the_rest(connection)

    def _run_seconds(self):
        """How long a run may last: no request may begin that the server's time limit
        for crons could cut off."""
        limit = config["limit_time_real_cron"] or 0
        if limit < 0:
            limit = config["limit_time_real"]
        return min(RUN_SECONDS, limit - LONGEST_REQUEST) if limit else RUN_SECONDS

    def _commit(self):
        # The way in which a cron may commit; outside of one it just does.
        self.env["ir.cron"]._commit_progress()

    def _in_time(self, deadline):
        return time.monotonic() < deadline

    # --- Rows

    def _due(self, connection, states, operations, limit=BATCH):
        return self.env["lexoffice.transfer"].search(
            [
                ("connection_id", "=", connection.id),
                ("state", "in", states),
                ("operation", "in", operations),
                ("next_attempt_at", "<=", fields.Datetime.now()),
            ],
            limit=limit,
        )

    def _for_each(self, rows, step, deadline):
        """Do a step for each row; one row's trouble is its own.

        :param step: called with a locked row; it may commit.
        :raises AuthError: nothing more can be done with this token.
        :raises RunEnds: several faults of lexoffice in a row.
        """
        faults = 0
        for row in rows:
            if not self._in_time(deadline):
                return
            fault = self._guarded(row, step)
            faults = faults + 1 if fault else 0
            if faults >= FAULTS_TO_PAUSE:
                raise RunEnds("lexoffice has faults")

    def _guarded(self, row, step):
        """Run one step; whatever it raises ends in the row, in words.

        :return: whether lexoffice or the network had a fault.
        """
        fault = False
        try:
            if row.try_lock_for_update():
                step(row)
        except (SerializationFailure, LockNotAvailable, UniqueViolation):
            # Somebody else was at this row: it is theirs, or its turn comes again.
            self.env.cr.rollback()
        except (AuthError, RunEnds):
            raise
        except (TransientError, UncertainError) as error:
            self.env.cr.rollback()
            self._retry_later(row, error)
            fault = True
        except (RejectedError, ConflictError, NotFoundError) as error:
            self.env.cr.rollback()
            row._fail(error.code, error_messages.error_values(error))
        except DocumentStop as stop:
            self.env.cr.rollback()
            row._fail(stop.code, stop.values)
        except Exception as error:  # a fault of ours must not stop the other rows
            self.env.cr.rollback()
            _logger.exception("Transfer %s stopped by a fault", row.id)
            self._record_fault(row, error)
        self._commit()
        return fault

    def _retry_later(self, row, error):
        """A read, or a step that can be repeated, did not get through."""
        if row.state == "done":
            seconds = getattr(error, "retry_after", None) or row._backoff()
            row.next_attempt_at = fields.Datetime.now() + timedelta(seconds=seconds)
        elif row.state != "uncertain":
            uncertain = isinstance(error, UncertainError)
            row._postpone(error, OUTCOME_DELAY.total_seconds() if uncertain else None)
        if error.code == "rate_limited":
            row.connection_id._pace()._hold(error.retry_after or 2.0)

    def _record_fault(self, row, error):
        """A fault of the program: what has left must be looked up, the rest fails."""
        if row.state == "sending":
            row._become_uncertain()
        elif row.state == "done":
            row._fail_adoption("internal_error", {"error": type(error).__name__})
        elif row.state == "pending":
            row._fail("internal_error", {"error": type(error).__name__})

    # --- Before and after

    def _recover_stale(self, connection):
        """Rows of a worker that died: nobody knows whether lexoffice acted."""
        stale = self.env["lexoffice.transfer"].search(
            [
                ("connection_id", "=", connection.id),
                ("state", "=", "sending"),
                ("sending_since", "<", fields.Datetime.now() - OUTCOME_DELAY),
            ]
        )
        for row in stale:
            self._guarded(row, self._recover)

    def _recover(self, row):
        if row.state != "sending":
            return
        if row.operation == "document":
            row._become_uncertain()
        else:
            # Uploading the same file again, or reading it, changes nothing.
            row.write({"state": "pending", "next_attempt_at": fields.Datetime.now()})

    def _wake_for_the_rest(self, connection):
        """Wake the cron again: at once if something is due, else when it will be."""
        if connection.state != "connected":
            return
        self.env.cr.execute(
            """
            SELECT min(CASE WHEN state = 'sending' THEN sending_since + %s
                            ELSE next_attempt_at END)
            FROM lexoffice_transfer
            WHERE connection_id = %s AND (
                state IN ('pending', 'sending', 'uncertain')
                OR (state = 'done' AND adoption = 'waiting')
            )
            """,
            (OUTCOME_DELAY, connection.id),
        )
        (next_time,) = self.env.cr.fetchone()
        if next_time:
            now = fields.Datetime.now()
            # With a time, a trigger is only looked at once a minute.
            connection.cron_id._trigger(next_time if next_time > now else None)
