# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
from datetime import timedelta
from decimal import Decimal

from psycopg2.errors import UniqueViolation

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..builders.amounts import decimal
from ..lexware import RejectedError, TransientError
from .lexoffice_transfer import VOUCHER_TYPES

NUMBER_LAG = 20
# While more than a few documents are still to be sent, one page brings the numbers of
# so many, or those for which somebody has waited so long.
ENOUGH_FOR_A_PAGE = 50
FEW = 5
LONGEST_NUMBER_WAIT = timedelta(minutes=2)


class LexofficeWorker(models.AbstractModel):
    """What came of it: numbers and totals, entered in the moves."""

    _inherit = "lexoffice.worker"

    def _adopt_outcomes(self, run):
        """Write the outcome into the moves of documents that lexoffice has made."""
        rows = self._due(run, ["done"], ["document"], limit=250, adoption=("waiting",))
        unknown = rows.filtered(lambda row: not self._is_outcome_known(row))
        single = unknown.browse()
        if unknown and self._is_worth_a_page(unknown, run):
            # A row alone, or one that the list did not show, is read by itself.
            single = unknown.filtered("absent_searches")
            listed = unknown - single
            if len(listed) == 1:
                single |= listed
            elif listed:
                self._read_outcomes(listed, run)
        ready = rows.filtered(self._is_outcome_known) | single
        self._for_each(ready.sorted(), lambda row: self._adopt(row, run), run)

    def _is_outcome_known(self, row):
        return row.variant == "voucher" or row.lexoffice_total_known

    def _is_worth_a_page(self, rows, run):
        if len(rows) >= ENOUGH_FOR_A_PAGE:
            return True
        since = min(row.sending_since or row.create_date for row in rows)
        if since < fields.Datetime.now() - LONGEST_NUMBER_WAIT:
            return True
        return len(self._due(run, ["pending"], ["document"], limit=FEW)) < FEW

    def _read_outcomes(self, rows, run):
        """Note numbers and totals on the rows: one page brings those of many."""
        wanted = dict(zip(rows.mapped("lexoffice_uuid"), rows.ids, strict=True))
        try:
            found = {}
            for entry in self._recent_documents(run.client, rows):
                outcome = _outcome(entry.get("voucherNumber"), entry["totalAmount"])
                if outcome and entry["id"] in wanted:
                    found[wanted.pop(entry["id"])] = outcome
                if not wanted:
                    break
        except TransientError:
            return  # the next run reads again
        self._repeat(lambda: self._note_outcomes(found, list(wanted.values())))

    def _note_outcomes(self, found, missing):
        for row_id, (number, total) in found.items():
            self._note_outcome(row_id, number, total)
        if missing:
            # The list may be behind. The next time each is read by itself.
            self.env.cr.execute(
                SQL(
                    "UPDATE lexoffice_transfer SET absent_searches = 1,"
                    " next_attempt_at = %s WHERE id IN %s AND state = 'done'",
                    fields.Datetime.now() + timedelta(seconds=NUMBER_LAG),
                    tuple(missing),
                )
            )
        self.env["lexoffice.transfer"].invalidate_model()

    def _note_outcome(self, row_id, number, total):
        self.env.cr.execute(
            SQL(
                "UPDATE lexoffice_transfer SET lexoffice_number = %s,"
                " lexoffice_total = %s, lexoffice_total_known = TRUE"
                " WHERE id = %s AND state = 'done'",
                number,
                total,
                row_id,
            )
        )

    def _read_outcome(self, row, run):
        """Number and total of one document, from the document itself."""
        read = run.client.invoice
        if row.move_id.move_type == "out_refund":
            read = run.client.credit_note
        document = read(row.lexoffice_uuid)
        price = document.get("totalPrice")
        total = price.get("totalGrossAmount") if isinstance(price, dict) else None
        outcome = _outcome(document.get("voucherNumber"), total)
        if not outcome:
            raise TransientError("no number or total", code="bad_response")
        self._note_outcome(row.id, *outcome)
        row.invalidate_recordset()

    def _recent_documents(self, client, rows, **filters):
        """lexoffice's list since the oldest of these rows was sent, newest first."""
        types = {VOUCHER_TYPES[row.variant, row.move_id.move_type] for row in rows}
        since = min(row.sending_since or row.create_date for row in rows)
        filters.update(
            voucher_type=",".join(sorted(types)),
            # A day of margin: lexoffice's days are Berlin's, ours are UTC's.
            created_date_from=(since - timedelta(days=1)).date(),
        )
        try:
            yield from client.voucherlist(sort="createdDate,DESC", **filters)
        except RejectedError:
            # Not every sort order has been accepted at all times.
            yield from client.voucherlist(**filters)

    def _adopt(self, row, run):
        """Enter one outcome in the move; can be repeated."""
        if row.state != "done" or row.adoption != "waiting":
            return
        if not self._is_outcome_known(row):
            self._read_outcome(row, run)
            # Kept, whatever comes of entering it; then the row is looked at afresh.
            self._commit()
            if not row.try_lock_for_update() or row.adoption != "waiting":
                return
        move = row.move_id.with_company(row.move_id.company_id)
        if self._enter_in_move(row, move):
            self._check_total(row, move)

    def _enter_in_move(self, row, move):
        """Number, id and a note into the move; a refusal stays with the row.

        :return: whether it could be written.
        """
        number = row.lexoffice_number or move.name
        provisional = move.name
        try:
            with self.env.cr.savepoint():
                if row.variant == "invoice":
                    move._lexoffice_adopt_number(number)
                move.with_context(skip_is_manually_modified=True).write(
                    {
                        "lexoffice_uuid": row.lexoffice_uuid,
                        "lexoffice_number": number,
                        "lexoffice_variant": row.variant,
                    }
                )
                row.write(
                    {"adoption": "done", "error_code": False, "error_values": False}
                )
                self.env.flush_all()
        except UniqueViolation:
            row._fail_adoption("number_taken", {"number": number})
            return False
        except UserError as error:
            row._fail_adoption(
                "number_not_written", {"number": number, "reason": str(error)}
            )
            return False
        move._lexoffice_close_todo()
        move._lexoffice_post(self._success_note(row, move, provisional))
        if row.variant == "voucher":
            move._lexoffice_queue_operation("upload")
        elif row.connection_id.fetch_documents:
            move._lexoffice_queue_operation("download")
        return True

    def _success_note(self, row, move, provisional):
        user = row.connection_id.responsible_user_id
        env = self.env(context={**self.env.context, "lang": user.lang or self.env.lang})
        if row.variant == "voucher":
            return env._("Booked in lexoffice as a voucher.")
        return env._(
            "Created in lexoffice: %(provisional)s is now %(number)s.",
            provisional=provisional,
            number=row.lexoffice_number,
        )

    def _check_total(self, row, move):
        """A difference of one cent is an error that a person sees."""
        if row.variant != "invoice":
            return
        theirs, ours = decimal(row.lexoffice_total), decimal(move.amount_total)
        if theirs != ours:
            row.write(
                {
                    "error_code": "total_differs",
                    "error_values": {"theirs": str(theirs), "ours": str(ours)},
                }
            )
            row._tell()


def _outcome(number, total):
    """Number and total as lexoffice gave them, or None while one is missing."""
    is_amount = isinstance(total, (int, Decimal)) and not isinstance(total, bool)
    if not number or not isinstance(number, str) or not is_amount:
        return None
    return number, total
