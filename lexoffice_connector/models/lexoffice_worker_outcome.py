# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
from datetime import timedelta
from decimal import Decimal

from psycopg2.errors import UniqueViolation

from odoo import fields, models
from odoo.exceptions import UserError

from ..builders.amounts import decimal
from ..lexware import RejectedError

VOUCHER_TYPES = {
    ("invoice", "out_invoice"): "invoice",
    ("invoice", "out_refund"): "creditnote",
    ("voucher", "out_invoice"): "salesinvoice",
    ("voucher", "out_refund"): "salescreditnote",
}
# A list that doesn't show a document yet may be behind; looked at twice.
SEARCHES_TO_BELIEVE = 2
NEXT_SEARCH = timedelta(seconds=60)
NUMBER_LAG = timedelta(seconds=20)


class LexofficeWorker(models.AbstractModel):
    """What came of it: numbers and totals, and documents whose answer got lost."""

    _inherit = "lexoffice.worker"

    # --- Numbers and totals

    def _adopt_outcomes(self, connection, client, deadline):
        """Write the outcome into the moves of documents that lexoffice has made."""
        rows = self._due(connection, ["done"], ["document"], limit=250).filtered(
            lambda row: row.adoption == "waiting"
        )
        unknown = rows.filtered(
            lambda row: row.variant == "invoice" and not row.lexoffice_number
        )
        known = self._read_outcomes(connection, client, unknown) if unknown else {}
        self._for_each(
            rows, lambda row: self._adopt(row, known.get(row.lexoffice_uuid)), deadline
        )

    def _read_outcomes(self, connection, client, rows):
        """Numbers and totals by lexoffice id: one page for many, one GET for one.

        :return: ``{uuid: (number, gross total)}``; rows missing in lexoffice's list
            come in a later run.
        """
        if len(rows) == 1 and rows.move_id.move_type == "out_invoice":
            invoice = client.invoice(rows.lexoffice_uuid)
            total = invoice.get("totalPrice", {}).get("totalGrossAmount")
            return {rows.lexoffice_uuid: (invoice.get("voucherNumber"), total)}
        wanted = set(rows.mapped("lexoffice_uuid"))
        found = {}
        for entry in self._recent_documents(client, rows):
            if entry["id"] in wanted:
                found[entry["id"]] = (
                    entry.get("voucherNumber"),
                    entry.get("totalAmount"),
                )
                if len(found) == len(wanted):
                    break
        return found

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

    def _adopt(self, row, outcome):
        """Enter one outcome in the move; can be repeated.

        :param outcome: ``(number, total)`` in the invoice variant, or None.
        """
        if row.state != "done" or row.adoption != "waiting":
            return
        move = row.move_id.with_company(row.move_id.company_id)
        if row.variant == "invoice":
            if outcome and outcome[0]:
                row.write(
                    {
                        "lexoffice_number": outcome[0],
                        "lexoffice_total": outcome[1] or 0.0,
                    }
                )
            if not row.lexoffice_number:
                row.next_attempt_at = fields.Datetime.now() + NUMBER_LAG
                return
            self._commit()
            row.lock_for_update()
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
                move.flush_recordset()
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

    # --- Documents whose answer got lost

    def _settle_uncertain(self, connection, client, deadline):
        rows = self._due(connection, ["uncertain"], ["document"])
        self._for_each(rows, lambda row: self._look_up(row, client), deadline)

    def _look_up(self, row, client):
        """Adopt the document if lexoffice has it; send again only if surely absent."""
        if row.state != "uncertain":
            return
        candidates = [
            entry
            for entry in self._possible_documents(row, client)
            if not self._is_known(row, entry["id"])
        ]
        for entry in candidates:
            if row._sign() in self._text_of(row, client, entry["id"]):
                row._store_uuid(row.attempt_token, entry["id"])
                self._commit()
                return
        if candidates:
            # Somebody may have edited the text: only a person can tell.
            row.write(
                {
                    "error_code": "no_match_found",
                    "error_values": {"count": len(candidates), "marker": row.marker},
                    "next_attempt_at": fields.Datetime.now() + timedelta(hours=1),
                }
            )
            row._tell()
        elif row.absent_searches + 1 < SEARCHES_TO_BELIEVE:
            row.write(
                {
                    "absent_searches": row.absent_searches + 1,
                    "next_attempt_at": fields.Datetime.now() + NEXT_SEARCH,
                }
            )
        else:
            row.write(
                {"state": "pending", "next_attempt_at": fields.Datetime.now()}
            )

    def _possible_documents(self, row, client):
        """Documents of this customer, date and total, made since the attempt."""
        move = row.move_id
        link = self._contact_link(row.connection_id, move.commercial_partner_id)
        filters = {"contact_id": link.lexoffice_uuid} if link.lexoffice_uuid else {}
        if row.variant == "voucher":
            filters["voucher_number"] = move.name
        for entry in self._recent_documents(client, row, **filters):
            total = Decimal(str(entry.get("totalAmount") or 0))
            if total == decimal(move.amount_total):
                yield entry

    def _is_known(self, row, uuid):
        return bool(
            row.search_count(
                [
                    ("connection_id", "=", row.connection_id.id),
                    ("lexoffice_uuid", "=", uuid),
                    ("id", "!=", row.id),
                ]
            )
        )

    def _text_of(self, row, client, uuid):
        """All free text of a document: where our sign may stand."""
        if row.variant == "voucher":
            return client.voucher(uuid).get("remark") or ""
        is_credit_note = row.move_id.move_type == "out_refund"
        read = client.credit_note if is_credit_note else client.invoice
        document = read(uuid)
        return "\n".join(
            document.get(part) or "" for part in ("introduction", "remark")
        )
