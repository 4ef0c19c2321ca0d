# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
import logging
import time

from odoo import fields, models

from ..builders.stop import DocumentStop
from ..lexware import (
    AuthError,
    LexwareError,
    RejectedError,
    TransientError,
    UncertainError,
)
from ..lexware.parsing import dump_json
from . import error_messages
from .lexoffice_pace import LONGEST_SLEEP
from .lexoffice_transfer import OPEN_STATES
from .lexoffice_worker import CONFLICT_WAIT, MAX_ATTEMPTS
from .lexoffice_worker_run import NotYet, RunEnds

_logger = logging.getLogger(__name__)

BUILDERS = {
    ("invoice", "out_invoice"): "lexoffice.builder.invoice",
    ("invoice", "out_refund"): "lexoffice.builder.credit.note",
    ("voucher", "out_invoice"): "lexoffice.builder.voucher",
    ("voucher", "out_refund"): "lexoffice.builder.voucher",
}
PREDECESSOR_WAIT = 30
# How long a contact just made may be unknown to lexoffice's other half.
FRESH_CONTACT = 2.0
FRESH_CONTACT_RETRY = 60
# The documents' pace leaves gaps; a file needs about this much of one.
FILE_SECONDS = 1.0


class LexofficeWorker(models.AbstractModel):
    """Documents: contacts first, then one POST for each."""

    _inherit = "lexoffice.worker"

    def _send_documents(self, run):
        rows = self._due(run, ["pending"], ["document"])
        self._prepare_contacts(rows, run)
        # Preparing may have stopped some of them; others came due meanwhile.
        rows = self._due(run, ["pending"], ["document"])
        for row_id in rows.ids:
            if not self._slot_is_near(run):
                return
            self._for_each(
                rows.browse(row_id), lambda row: self._send_document(row, run), run
            )

    def _slot_is_near(self, run):
        """Wait until the next document's slot is near, and use the time for files.

        Nothing is locked meanwhile. ``documents_per_minute`` spaces documents evenly;
        the last gap of a run is left to the next one.
        """
        if run.connection.documents_per_minute <= 0:
            return True
        files = self._due(run, ["pending"], ["upload", "download"], limit=10).ids
        self._commit()
        while (wait := run.pace._document_wait()) > 0:
            if wait > run.seconds_left():
                run.slot_wait = wait
                return False
            if files and wait > FILE_SECONDS:
                row = self.env["lexoffice.transfer"].browse(files.pop(0))
                self._for_each(row, lambda row: self._transfer_file(row, run), run)
            else:
                time.sleep(min(wait, LONGEST_SLEEP))
        return True

    def _send_document(self, row, run):
        """Send one document. The row is committed as ``sending`` before.

        From that commit until the answer is kept, the worker's own transaction reads
        nothing: it would see the past, and could not lock the row any more.

        :raises DocumentStop: it can't be sent as it stands.
        :raises AuthError: the token is refused; the row waits.
        """
        if row.state != "pending" or not self._may_be_sent(row):
            return
        move = row.move_id.with_company(row.move_id.company_id)
        link = self._contact_link(run.connection, move.commercial_partner_id)
        if not link.lexoffice_uuid:
            raise NotYet(CONFLICT_WAIT)  # its turn with the contacts comes
        if self._predecessor_is_open(move):
            raise NotYet(PREDECESSOR_WAIT)
        self._check_number_can_come(row)
        send = self._request(row, run.client, link)
        self._await_fresh_contact(link)
        run.pace._take_document_slot(run.connection.documents_per_minute)
        token = row._begin_attempt(move.name if row.variant == "voucher" else None)
        link_created_at = link.created_at
        self._commit()
        try:
            with run.leaving():
                uuid = send()["id"]
        except LexwareError as error:
            self._record_no_id(row, token, error, link_created_at)
        else:
            self._keep_id(row, token, uuid)

    def _may_be_sent(self, row):
        """Whether the row still stands for something to send; else it ends here."""
        move = row.move_id
        others = (move.lexoffice_transfer_ids - row).filtered(
            lambda other: other.operation == "document"
        )
        if move.state != "posted" or "done" in others.mapped("state"):
            row.state = "cancelled"
        elif row.attempts >= MAX_ATTEMPTS:
            self._give_up_attempts(row)
        return row.state == "pending"

    def _request(self, row, client, link):
        """All that can go wrong before anything is sent, done beforehand.

        :return: a function that sends the document and reads nothing from the database.
        """
        builder = self._builder(row)
        payload = builder._build(row, link)
        dump_json(payload)
        if row.variant == "voucher":
            return lambda: client.create_voucher(payload)
        if row.move_id.move_type == "out_refund":
            preceding_id = builder._preceding_id(row)
            return lambda: client.create_credit_note(
                payload, finalize=True, preceding_id=preceding_id
            )
        return lambda: client.create_invoice(payload, finalize=True)

    def _builder(self, row):
        name = BUILDERS[row.variant, row.move_id.move_type]
        return self.env[name].with_company(row.move_id.company_id)

    def _predecessor_is_open(self, move):
        """Whether the invoice that a credit note corrects is still on its way."""
        row = move.reversed_entry_id._lexoffice_document_row()
        waiting = row.state == "done" and row.adoption == "waiting"
        return row.state in OPEN_STATES or waiting

    def _await_fresh_contact(self, link):
        if link.created_at:
            age = (fields.Datetime.now() - link.created_at).total_seconds()
            if 0 <= age < FRESH_CONTACT:
                time.sleep(FRESH_CONTACT - age)

    def _keep_id(self, row, token, uuid):
        """The document exists: keep its id, or say that it came too late."""
        if row._keep_uuid(token, uuid):
            row.invalidate_recordset()
            return
        # A person or a search has settled the row while this worker stood still.
        _logger.error("Transfer %s: late answer, lexoffice made %s", row.id, uuid)
        if not row.search_count([("lexoffice_uuid", "=", uuid)]):
            message = error_messages.render(self.env, "late_answer", {"uuid": uuid})
            self._repeat(lambda: row.move_id._lexoffice_post(message))

    def _record_no_id(self, row, token, error, link_created_at):
        """The POST did not give an id: what that means for the row.

        :raises AuthError: after the row went back to waiting.
        :raises RunEnds: lexoffice takes nothing at the moment.
        """

        def change():
            _state, current, _adoption = row._stand(lock=True)
            if current == token and row.state in ("sending", "uncertain"):
                self._enter_no_id(row, error, link_created_at)

        self.env.cr.rollback()
        self._repeat(change)
        if isinstance(error, AuthError):
            raise error
        if isinstance(error, TransientError):
            raise RunEnds(f"lexoffice did not take a document: {error.code}")

    def _enter_no_id(self, row, error, link_created_at):
        if isinstance(error, UncertainError):
            row._become_uncertain()
            return
        if isinstance(error, (TransientError, AuthError)):
            # 401, 429 and a refused connection count as no attempt: nothing happened.
            row.attempts -= 1
            row._postpone(error, 0 if isinstance(error, AuthError) else None)
            if error.status == 429:
                row.connection_id._pace()._hold(error.retry_after or 2.0)
        elif self._is_contact_too_fresh(error, link_created_at):
            row.attempts -= 1
            row._postpone(error, 3)
        else:
            row._fail(error.code, error_messages.error_values(error))

    def _is_contact_too_fresh(self, error, created_at):
        """lexoffice sometimes doesn't know a contact that it has just made."""
        if not isinstance(error, RejectedError) or not created_at:
            return False
        age = fields.Datetime.now() - created_at
        text = str(error_messages.error_values(error)).lower()
        return age.total_seconds() < FRESH_CONTACT_RETRY and "contact" in text

    def _give_up_attempts(self, row):
        row._fail(
            "attempts_used_up",
            {
                "attempts": row.attempts,
                "reason_code": row.error_code or "server_error",
                "reason_values": row.error_values or None,
            },
        )

    def _check_number_can_come(self, row):
        """In the invoice variant, lexoffice's number will be written into the move.

        :raises DocumentStop: something would forbid that.
        """
        move = row.move_id
        if row.variant != "invoice":
            return
        if not move.lexoffice_provisional_name and move.is_move_sent:
            raise DocumentStop("sent_under_own_number", number=move.name)
        locks = move._get_violated_lock_dates(move.date, move._affect_tax_report())
        if locks:
            raise DocumentStop(
                "locked_period",
                date=fields.Date.to_string(move.date),
                lock=self.env["res.company"]._format_lock_dates(locks),
            )
        if move.inalterable_hash or move.restrict_mode_hash_table:
            raise DocumentStop("journal_secured", journal=move.journal_id.name)
        if move.journal_id.sequence_override_regex:
            raise DocumentStop("sequence_regex", journal=move.journal_id.name)
