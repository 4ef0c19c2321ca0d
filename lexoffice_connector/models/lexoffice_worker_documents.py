# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
import time
from datetime import timedelta

from odoo import fields, models

from ..builders.stop import DocumentStop
from ..lexware import (
    AuthError,
    LexwareError,
    RejectedError,
    TransientError,
    UncertainError,
)
from . import error_messages
from .lexoffice_transfer import OPEN_STATES
from .lexoffice_worker import FRESH_CONTACT, RunEnds

BUILDERS = {
    ("invoice", "out_invoice"): "lexoffice.builder.invoice",
    ("invoice", "out_refund"): "lexoffice.builder.credit.note",
    ("voucher", "out_invoice"): "lexoffice.builder.voucher",
    ("voucher", "out_refund"): "lexoffice.builder.voucher",
}
PREDECESSOR_WAIT = timedelta(seconds=30)
MAX_ATTEMPTS = 8
# How long a contact just made may be unknown to lexoffice's other half.
FRESH_CONTACT_RETRY = 60


class LexofficeWorker(models.AbstractModel):
    """Documents: contacts first, then one POST for each."""

    _inherit = "lexoffice.worker"

    def _send_documents(self, connection, client, deadline):
        rows = self._due(connection, ["pending"], ["document"])
        directory = self._contact_directory(connection, client)
        self._for_each(
            rows, lambda row: self._prepare_contact(row, client, directory), deadline
        )
        # Preparing may have stopped some of them.
        waiting = rows.filtered(
            lambda row: row.state == "pending"
            and row.next_attempt_at <= fields.Datetime.now()
        )
        self._for_each(
            waiting, lambda row: self._send_document(row, client, deadline), deadline
        )

    def _send_document(self, row, client, deadline):
        """Send one document. The row is committed as ``sending`` before.

        :raises DocumentStop: it can't be sent as it stands.
        :raises AuthError: the token is refused; the row waits.
        """
        if row.state != "pending":
            return
        connection = row.connection_id
        move = row.move_id.with_company(row.move_id.company_id)
        if move.state != "posted":
            row.state = "cancelled"
            return
        if row.attempts >= MAX_ATTEMPTS:
            self._give_up_attempts(row)
            return
        link = self._contact_link(connection, move.commercial_partner_id)
        if not link.lexoffice_uuid:
            return
        if self._predecessor_is_open(move):
            row.next_attempt_at = fields.Datetime.now() + PREDECESSOR_WAIT
            return
        self._check_number_can_come(row)
        payload = self._builder(row)._build(row, link)
        self._await_slots(connection, link, deadline)
        token = row._begin_attempt()
        self._commit()
        try:
            uuid = self._create(row, client, payload)["id"]
        except LexwareError as error:
            self._record_no_id(row, token, error, link)
        else:
            row._store_uuid(token, uuid)
            self._commit()

    def _builder(self, row):
        name = BUILDERS[row.variant, row.move_id.move_type]
        return self.env[name].with_company(row.move_id.company_id)

    def _predecessor_is_open(self, move):
        """Whether the invoice that a credit note corrects is still on its way."""
        row = move.reversed_entry_id._lexoffice_document_row()
        waiting = row.state == "done" and row.adoption == "waiting"
        return row.state in OPEN_STATES or waiting

    def _create(self, row, client, payload):
        if row.variant == "voucher":
            return client.create_voucher(payload)
        if row.move_id.move_type == "out_refund":
            preceding_id = self._builder(row)._preceding_id(row)
            return client.create_credit_note(
                payload, finalize=True, preceding_id=preceding_id
            )
        return client.create_invoice(payload, finalize=True)

    def _await_slots(self, connection, link, deadline):
        """Wait for the document's slot, and until a new contact is usable.

        :raises RunEnds: the slot comes after the end of this run.
        """
        pace = connection._pace()
        if pace._document_wait() > max(deadline - time.monotonic(), 0):
            raise RunEnds("the next document's slot comes later")
        pace._take_document_slot(connection.documents_per_minute)
        if link.created_at:
            age = (fields.Datetime.now() - link.created_at).total_seconds()
            if 0 <= age < FRESH_CONTACT:
                time.sleep(FRESH_CONTACT - age)

    def _record_no_id(self, row, token, error, link):
        """The POST did not give an id: what that means for the row.

        :raises AuthError: after the row went back to waiting.
        """
        self.env.cr.rollback()
        if not row._is_attempt(token):
            self._commit()
            return
        if isinstance(error, UncertainError):
            row._become_uncertain()
        elif isinstance(error, TransientError):
            # 429 and a refused connection count as no attempt: nothing was executed.
            row.attempts -= 1
            row._postpone(error)
            if error.code == "rate_limited":
                row.connection_id._pace()._hold(error.retry_after or 2.0)
        elif isinstance(error, AuthError):
            row.attempts -= 1
            row._postpone(error, 0)
        elif self._is_contact_too_fresh(error, link):
            row._postpone(error, 3)
        else:
            row._fail(error.code, error_messages.error_values(error))
        self._commit()
        if isinstance(error, AuthError):
            raise error
        if isinstance(error, TransientError):
            raise RunEnds("lexoffice did not take a document")

    def _is_contact_too_fresh(self, error, link):
        """lexoffice sometimes doesn't know a contact that it has just made."""
        if not isinstance(error, RejectedError) or not link.created_at:
            return False
        age = fields.Datetime.now() - link.created_at
        text = str(error_messages.error_values(error)).lower()
        return age.total_seconds() < FRESH_CONTACT_RETRY and "contact" in text

    def _give_up_attempts(self, row):
        row._fail(
            "attempts_used_up",
            {
                "attempts": row.attempts,
                "reason_code": row.error_code or "error",
                "reason_values": row.error_values,
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
