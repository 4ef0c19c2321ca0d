# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
from odoo import models

from ..builders.stop import DocumentStop
from ..lexware import ConflictError, NotFoundError, TransientError, UncertainError
from . import error_messages
from .lexoffice_transfer import OUTCOME_DELAY
from .lexoffice_worker import MAX_ATTEMPTS
from .lexoffice_worker_run import NotYet

MAX_FILE = 5 * 1024 * 1024
QUEUED_SENDING = 5 * 60
# lexoffice renders lazily: a file that isn't there yet may come.
NOT_RENDERED = 5


class LexofficeWorker(models.AbstractModel):
    """PDFs: ours up to a voucher, lexoffice's down to an invoice.

    Steps of their own: a failed upload never makes a second voucher. lexoffice knows
    a file by its checksum, so repeating an upload is safe.
    """

    _inherit = "lexoffice.worker"

    def _transfer_files(self, run):
        rows = self._due(run, ["pending"], ["upload", "download"])
        self._for_each(rows, lambda row: self._transfer_file(row, run), run)

    def _transfer_file(self, row, run):
        """One file. Repeating it does no harm, so there is no state in between."""
        if row.state != "pending":
            return
        try:
            if row.operation == "upload":
                self._upload(row, run.client)
            else:
                self._download(row, run.client)
        except UncertainError as error:
            self._count_attempt(row, error, OUTCOME_DELAY.total_seconds())
        except (ConflictError, NotFoundError) as error:
            if row.operation == "upload":
                raise
            self._count_attempt(row, error, NOT_RENDERED * 2**row.attempts)
        else:
            self._close_todo_if_well(row.move_id)

    def _close_todo_if_well(self, move):
        troubled = move.lexoffice_transfer_ids.filtered(
            lambda row: (
                row.state in ("failed", "uncertain")
                or (row.state == "done" and row.error_code)
            )
        )
        if not troubled:
            move._lexoffice_close_todo()

    def _count_attempt(self, row, error, seconds):
        """An attempt that may do better later, but not for ever."""
        self.env.cr.rollback()
        if not row.try_lock_for_update() or row.state != "pending":
            return
        row.attempts += 1
        if row.attempts < MAX_ATTEMPTS:
            row._postpone(error, seconds)
        else:
            row._fail(error.code, error_messages.error_values(error))

    def _upload(self, row, client):
        move = row.move_id.with_company(row.move_id.company_id)
        if move.sending_data:
            # The user's own sending makes the PDF, perhaps with another template.
            raise NotYet(QUEUED_SENDING)
        attachment = self._legal_pdf(move)
        if len(attachment.raw) > MAX_FILE:
            size = f"{len(attachment.raw) / 1024 / 1024:.1f}"
            raise DocumentStop("pdf_too_large", size=size)
        # What was rendered stays, whatever becomes of the upload.
        name, content = attachment.name, attachment.raw
        self._commit()
        client.upload_voucher_file(row.lexoffice_uuid, name, content, "application/pdf")
        self._finish_file(row)

    def _finish_file(self, row):
        row.write(
            {
                "state": "done",
                "adoption": "done",
                "error_code": False,
                "error_values": False,
            }
        )

    def _legal_pdf(self, move):
        """The invoice's PDF; made without sending anything if there is none.

        Odoo's way to make it, without the parts that mark the invoice as sent and
        write mails.

        :raises DocumentStop: Odoo says why it can't be made.
        """
        if not move.invoice_pdf_report_id:
            send = self.env["account.move.send"]
            data = {
                move: send._get_default_sending_settings(
                    move, sending_methods={"manual"}, extra_edis=set()
                )
            }
            send._generate_invoice_documents(data)
            if error := data[move].get("error"):
                reason = send._format_error_text(error)
                raise DocumentStop("pdf_failed", reason=reason)
            move.invalidate_recordset(["invoice_pdf_report_id"])
            if not move.invoice_pdf_report_id:
                raise DocumentStop("pdf_failed", reason="–")
        return move.invoice_pdf_report_id

    def _download(self, row, client):
        """lexoffice's PDF becomes the invoice's document."""
        move = row.move_id
        if move.move_type == "out_refund":
            download = client.credit_note_file(row.lexoffice_uuid)
        else:
            download = client.invoice_file(row.lexoffice_uuid)
        if not download.content.startswith(b"%PDF"):
            raise TransientError("not a PDF", code="bad_response")
        move._detach_attachments()
        attachment = self.env["ir.attachment"].create(
            {
                "name": download.filename or f"{move.name}.pdf",
                "raw": download.content,
                "mimetype": "application/pdf",
                "res_model": "account.move",
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file",
            }
        )
        move.invalidate_recordset(["invoice_pdf_report_id", "invoice_pdf_report_file"])
        move.message_main_attachment_id = attachment
        self._finish_file(row)
