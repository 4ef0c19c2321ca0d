# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
from odoo import api, fields, models
from odoo.exceptions import UserError

from .lexoffice_transfer import OPEN_STATES

EXPORTED_TYPES = ("out_invoice", "out_refund")
PERMALINKS = {
    ("invoice", "out_invoice"): "invoices",
    ("invoice", "out_refund"): "credit-notes",
    ("voucher", "out_invoice"): "vouchers",
    ("voucher", "out_refund"): "vouchers",
}


class AccountMove(models.Model):
    """The hand-over: posting adds an outbox row, nothing more."""

    _inherit = "account.move"

    lexoffice_transfer_ids = fields.One2many(
        "lexoffice.transfer", "move_id", string="lexoffice Transfers", copy=False
    )
    lexoffice_state = fields.Selection(
        selection=lambda self: (
            self.env["lexoffice.transfer"]
            ._fields["state"]
            ._description_selection(self.env)
        ),
        string="lexoffice",
        compute="_compute_lexoffice_state",
        store=True,
        copy=False,
        index="btree_not_null",
    )
    lexoffice_variant = fields.Selection(
        [("invoice", "Invoice"), ("voucher", "Voucher")],
        "lexoffice Variant",
        compute="_compute_lexoffice_state",
        store=True,
        copy=False,
    )
    lexoffice_uuid = fields.Char(
        "lexoffice ID", readonly=True, copy=False, index="btree_not_null"
    )
    lexoffice_number = fields.Char(readonly=True, copy=False, index="btree_not_null")
    lexoffice_url = fields.Char("lexoffice Page", compute="_compute_lexoffice_url")
    lexoffice_message = fields.Text(compute="_compute_lexoffice_message")
    lexoffice_can_export = fields.Boolean(compute="_compute_lexoffice_can_export")
    lexoffice_service_from = fields.Date("Service From", copy=False)
    lexoffice_service_to = fields.Date("Service To", copy=False)

    _lexoffice_service_order = models.Constraint(
        "CHECK (lexoffice_service_from <= lexoffice_service_to)",
        "The service can't end before it begins.",
    )

    @api.depends(
        "lexoffice_transfer_ids.state",
        "lexoffice_transfer_ids.adoption",
        "lexoffice_transfer_ids.operation",
    )
    def _compute_lexoffice_state(self):
        for move in self:
            row = move._lexoffice_document_row()
            # Until the number is here, the user sees a document on its way.
            waiting = row.state == "done" and row.adoption == "waiting"
            move.lexoffice_state = "sending" if waiting else row.state
            move.lexoffice_variant = row.variant

    @api.depends("lexoffice_uuid", "lexoffice_variant")
    def _compute_lexoffice_url(self):
        for move in self:
            resource = PERMALINKS.get((move.lexoffice_variant, move.move_type))
            move.lexoffice_url = (
                move.lexoffice_uuid
                and resource
                and self.env["lexoffice.connection"]
                .sudo()
                ._permalink(resource, move.lexoffice_uuid)
            )

    @api.depends_context("lang")
    @api.depends("lexoffice_transfer_ids.error_code")
    def _compute_lexoffice_message(self):
        for move in self:
            messages = [
                row.error_message
                for row in move._lexoffice_latest_rows()
                if row.error_message and row.state != "cancelled"
            ]
            move.lexoffice_message = "\n".join(messages)

    def _compute_lexoffice_can_export(self):
        for move in self:
            move.lexoffice_can_export = bool(move._lexoffice_connection_for_post())

    def _lexoffice_document_row(self):
        """The latest row that creates this move's document, if any."""
        rows = self.sudo().lexoffice_transfer_ids
        return rows.filtered(lambda row: row.operation == "document").sorted("id")[-1:]

    def _lexoffice_latest_rows(self):
        rows = self.sudo().lexoffice_transfer_ids.sorted("id")
        return rows.browse(
            {row.operation: row.id for row in rows}.values()  # the last one wins
        )

    def _lexoffice_service_period(self):
        """First and last day of the supply; the invoice date when nobody said."""
        self.ensure_one()
        end = self.lexoffice_service_to or self.delivery_date or self.invoice_date
        start = self.lexoffice_service_from or end
        if self.lexoffice_service_from and not self.lexoffice_service_to:
            end = max(start, end)
        return min(start, end), end

    # --- Which moves go

    def _lexoffice_connection_for_post(self):
        """The connection that this move goes through, or an empty one."""
        self.ensure_one()
        connection = self.env["lexoffice.connection"]
        if self.move_type not in EXPORTED_TYPES or not self.journal_id:
            return connection
        connection = self.company_id._lexoffice_connection()
        date = self.invoice_date or self.date
        start = connection.export_start_date
        if (
            connection.state not in ("connected", "reconnect")
            or (
                connection.journal_ids and self.journal_id not in connection.journal_ids
            )
            or (start and date and date < start)
        ):
            return connection.browse()
        return connection

    # --- Hand-over

    def _post(self, soft=True):
        posted = super()._post(soft)
        by_connection = posted.grouped(
            lambda move: move._lexoffice_connection_for_post()
        )
        for connection, moves in by_connection.items():
            if connection.auto_export:
                moves._lexoffice_queue(connection)
        return posted

    def _lexoffice_queue(self, connection):
        """Add the outbox rows, in the transaction that posts, and wake the worker.

        A move that has an open or finished row is left as it is.

        :return: the new rows.
        """
        rows = self.sudo().lexoffice_transfer_ids.filtered(
            lambda row: (
                row.operation == "document" and row.state in (*OPEN_STATES, "done")
            )
        )
        moves = (self - rows.move_id).sudo()
        created = (
            self.env["lexoffice.transfer"]
            .sudo()
            .create(
                [
                    {
                        "connection_id": connection.id,
                        "move_id": move.id,
                        "variant": connection.export_variant,
                        "document_date": move.invoice_date or move.date,
                    }
                    for move in moves
                ]
            )
        )
        created._wake()
        return created

    def action_lexoffice_export(self):
        """Send these invoices to lexoffice, or try the failed ones again.

        :return: a notice: how many go, how many don't.
        :raises UserError: none of them can go, with the reason.
        """
        self.check_access("write")
        failed = self.sudo().lexoffice_transfer_ids.filtered(
            lambda row: (
                row.state in ("failed", "cancelled")
                and row
                == row.move_id._lexoffice_latest_rows().filtered(
                    lambda other: other.operation == row.operation
                )
            )
        )
        failed.action_retry()
        posted = (self - failed.move_id).filtered(lambda move: move.state == "posted")
        queued = 0
        for connection, moves in posted.grouped(
            lambda move: move._lexoffice_connection_for_post()
        ).items():
            if connection:
                queued += len(moves._lexoffice_queue(connection))
        return self._lexoffice_export_notice(len(failed.move_id) + queued)

    def _lexoffice_export_notice(self, count):
        if not count and not self.company_id[:1]._lexoffice_connection():
            raise UserError(
                self.env._(
                    "There is no connection with lexoffice. Connect under Invoicing →"
                    " Configuration → lexoffice."
                )
            )
        left_out = len(self) - count
        message = self.env._(
            "%(count)s documents are on their way to lexoffice.", count=count
        )
        if left_out:
            message += " " + self.env._(
                "%(count)s are left out: they are drafts, stand in lexoffice already,"
                " or lie outside of what the connection transfers.",
                count=left_out,
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": "lexoffice",
                "message": message,
                "type": "success" if count else "warning",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_lexoffice_retry(self):
        """Try again what failed for this invoice."""
        self.check_access("write")
        return self.sudo().lexoffice_transfer_ids.action_retry()

    def action_lexoffice_open(self):
        """Open the document in lexoffice."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": self.lexoffice_url,
            "target": "new",
        }

    def action_lexoffice_fetch_document(self):
        """Fetch lexoffice's PDF and attach it, in the background."""
        self.check_access("write")
        self._lexoffice_queue_operation("download")
        return True

    def _lexoffice_queue_operation(self, operation):
        """A follow-up row for documents that stand in lexoffice."""
        for move in self:
            row = move._lexoffice_document_row()
            rows = move.sudo().lexoffice_transfer_ids.filtered(
                lambda row: row.operation == operation
            )
            if row.state != "done" or rows.filtered(
                lambda row: row.state in (*OPEN_STATES, "done")
            ):
                continue
            rows.create(
                {
                    "connection_id": row.connection_id.id,
                    "move_id": move.id,
                    "variant": row.variant,
                    "operation": operation,
                    "document_date": row.document_date,
                    "lexoffice_uuid": row.lexoffice_uuid,
                }
            )._wake()

    # --- While it is on its way

    def _check_draftable(self):
        result = super()._check_draftable()
        rows = self.sudo().lexoffice_transfer_ids.filtered(
            lambda row: row.operation == "document" and row.state != "cancelled"
        )
        rows._lock()
        for row in rows:
            if row.state in ("sending", "uncertain"):
                raise UserError(
                    self.env._(
                        "%(move)s is just being transferred to lexoffice. Wait until"
                        " its outcome is known.",
                        move=row.move_id.name,
                    )
                )
            if row.state == "done":
                raise UserError(
                    self.env._(
                        "%(move)s stands in lexoffice. Correct it by a credit note"
                        " (Rechnungskorrektur).",
                        move=row.move_id.name,
                    )
                )
        return result

    def button_draft(self):
        result = super().button_draft()
        rows = self.sudo().lexoffice_transfer_ids.filtered(
            lambda row: row.state in ("pending", "failed")
        )
        rows.write({"state": "cancelled"})
        for move in rows.move_id:
            move._lexoffice_close_todo()
        return result

    def unlink(self):
        rows = self.sudo().lexoffice_transfer_ids
        rows.filtered(lambda row: row.state in ("pending", "cancelled")).unlink()
        return super().unlink()

    # --- Telling people

    def _get_alerts(self):
        alerts = super()._get_alerts()
        rows = self._lexoffice_latest_rows().filtered("error_message")
        if not self.lexoffice_message or not rows:
            return alerts
        # What waits goes on by itself; everything else needs a person.
        waits = set(rows.mapped("state")) <= {"pending", "sending"}
        alert = {
            "level": "info" if waits else "danger",
            "message": f"lexoffice: {self.lexoffice_message}",
        }
        may_act = self.env.user.has_group("account.group_account_invoice")
        if may_act and "failed" in rows.mapped("state"):
            alert["action_text"] = self.env._("Try Again")
            alert["action_call"] = ("account.move", "action_lexoffice_retry", self.ids)
        elif may_act:
            alert["action_text"] = self.env._("Details")
            alert["action"] = rows[:1]._get_records_action()
        return {**alerts, "lexoffice": alert}

    def _lexoffice_post(self, body):
        """One note per outcome in the chatter."""
        self.sudo().message_post(
            body=body, author_id=self.env.ref("base.partner_root").id
        )

    def _lexoffice_open_todo(self, user, note):
        """One to-do per invoice; a second failure only renews its text."""
        kind = "lexoffice_connector.mail_activity_type_transfer"
        move = self.sudo().with_context(lang=user.lang or self.env.lang)
        if activities := move.activity_search([kind]):
            activities.note = note
        else:
            user = user or self.env.ref("base.user_admin")
            move.activity_schedule(kind, note=note, user_id=user.id)

    def _lexoffice_close_todo(self):
        self.sudo().activity_unlink(["lexoffice_connector.mail_activity_type_transfer"])
