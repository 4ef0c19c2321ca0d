# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
from datetime import timedelta

from odoo import fields, models

from ..builders.stop import DocumentStop

MAX_FILE = 5 * 1024 * 1024
QUEUED_SENDING = timedelta(minutes=5)


class LexofficeWorker(models.AbstractModel):
    """PDFs: ours up to a voucher, lexoffice's down to an invoice.

    Steps of their own: a failed upload never makes a second voucher. lexoffice knows
    a file by its checksum, so repeating an upload is safe.
    """

    _inherit = "lexoffice.worker"

    def _transfer_files(self, connection, client, deadline):
        rows = self._due(connection, ["pending"], ["upload", "download"])
        self._for_each(rows, lambda row: self._transfer_file(row, client), deadline)

    def _transfer_file(self, row, client):
        if row.state != "pending":
            return
        if row.operation == "upload":
            self._upload(row, client)
        else:
            self._download(row, client)

    def _upload(self, row, client):
        move = row.move_id.with_company(row.move_id.company_id)
        if move.sending_data:
            # The user's own sending makes the PDF, perhaps with another template.
            row.write({"next_attempt_at": fields.Datetime.now() + QUEUED_SENDING})
            return
        attachment = self._legal_pdf(move)
        if len(attachment.raw) > MAX_FILE:
            size = f"{len(attachment.raw) / 1024 / 1024:.1f}"
            raise DocumentStop("pdf_too_large", size=size)
        # What was rendered stays, whatever becomes of the upload.
        self._commit()
        client.upload_voucher_file(
            row.lexoffice_uuid, attachment.name, attachment.raw, "application/pdf"
        )
        row.write({"state": "done", "adoption": "done", "error_code": False})

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
        return move.invoice_pdf_report_id

    def _download(self, row, client):
        """lexoffice's PDF becomes the invoice's document."""
        move = row.move_id
        if move.move_type == "out_refund":
            download = client.credit_note_file(row.lexoffice_uuid)
        else:
            download = client.invoice_file(row.lexoffice_uuid)
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
        row.write({"state": "done", "adoption": "done", "error_code": False})
