# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
from odoo import fields, models
from odoo.exceptions import LockError, UserError

from .lexoffice_transfer import OPEN_STATES


class LexofficeTransfer(models.Model):
    """What a person does with a transfer. Each action locks its rows first."""

    _inherit = "lexoffice.transfer"

    def _lock(self):
        """Before a person changes anything: not while the worker has the row.

        :raises UserError: the worker is at it right now.
        """
        try:
            self.lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._(
                    "This document is just being transferred. Try again in a moment."
                )
            ) from error

    def action_retry(self):
        """Failed or cancelled rows wait again; the worker is woken.

        A transfer that was given up while its outcome was unknown is looked up first.
        """
        self.check_access("read")
        self.move_id.check_access("write")
        rows = self.sudo().filtered(lambda row: row.state in ("failed", "cancelled"))
        rows._lock()
        rows = rows.filtered(lambda row: row._can_retry())
        now = fields.Datetime.now()
        for row in rows:
            unknown = row.error_code == "given_up"
            row.write(
                {
                    "state": "uncertain" if unknown else "pending",
                    "attempts": 0,
                    "absent_searches": 0,
                    "next_attempt_at": now,
                    "error_code": False,
                    "error_values": False,
                }
            )
        for move in rows.move_id:
            move._lexoffice_close_todo()
        rows._wake()
        return True

    def _can_retry(self):
        """Only a move's latest row: an older one would be a second document."""
        siblings = self.move_id.lexoffice_transfer_ids.filtered(
            lambda row: row.operation == self.operation
        )
        return (
            self.state in ("failed", "cancelled")
            and self.move_id.state == "posted"
            and self == siblings.sorted("id")[-1:]
            and not siblings.filtered(lambda row: row.state in (*OPEN_STATES, "done"))
        )

    def action_adopt_number(self):
        """Try again to enter lexoffice's number in the invoice."""
        self.move_id.check_access("write")
        rows = self.sudo().filtered(
            lambda row: row.state == "done" and row.adoption == "failed"
        )
        rows._lock()
        rows.write({"adoption": "waiting", "next_attempt_at": fields.Datetime.now()})
        rows._wake()
        return True

    def action_surely_absent(self):
        """A person has looked: it is not in lexoffice. Send it again."""
        rows = self._lock_uncertain()
        rows._resume_after_absence()
        rows.attempts = 0
        rows._wake()
        return True

    def action_give_up(self):
        """A person decides that Odoo shall leave this document alone."""
        self._lock_uncertain().write(
            {
                "state": "cancelled",
                # A late answer to the old attempt must not count any more.
                "attempt_token": False,
                "error_code": "given_up",
                "error_values": {"user": self.env.user.name},
            }
        )
        return True

    def _lock_uncertain(self):
        """The rows among these whose outcome is unknown, locked, to-dos closed."""
        self.move_id.check_access("write")
        rows = self.sudo().filtered(lambda row: row.state == "uncertain")
        rows._lock()
        for move in rows.move_id:
            move._lexoffice_close_todo()
        return rows

    def action_open_move(self):
        """Open the invoice."""
        self.ensure_one()
        return self.move_id._get_records_action()

    # --- Documents in lexoffice that might be this one

    def action_show_candidates(self):
        """Show side by side what lexoffice has and what Odoo sent.

        For a transfer whose outcome is unknown, and for one that failed or was given
        up and whose document somebody typed into lexoffice by hand.

        :return: an action with the documents found, each to be linked.
        :raises UserError: lexoffice can't be asked, or shows nothing like it.
        """
        self.ensure_one()
        self.move_id.check_access("write")
        candidates = self.env["lexoffice.transfer.candidate"]._find(self)
        if not candidates:
            raise UserError(
                self.env._(
                    "lexoffice shows no document that could be %s.", self.move_id.name
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Documents in lexoffice"),
            "res_model": "lexoffice.transfer.candidate",
            "view_mode": "list",
            "domain": [("id", "in", candidates.ids)],
            "target": "new",
        }

    def _link_by_hand(self, uuid):
        """A person says which document in lexoffice is this row's.

        :raises UserError: the row is on its way or done, or the document is another
            row's.
        """
        self.move_id.check_access("write")
        row = self.sudo()
        row._lock()
        if row.state in ("sending", "done") or row.move_id.state != "posted":
            raise UserError(self.env._("This transfer can't be linked any more."))
        if row.search_count(
            [
                ("connection_id", "=", row.connection_id.id),
                ("lexoffice_uuid", "=", uuid),
            ]
        ):
            raise UserError(
                self.env._("Another transfer is linked with this document already.")
            )
        row._link_uuid(uuid)
        row.move_id._lexoffice_close_todo()
        row.move_id._lexoffice_post(
            self.env._(
                "Linked by %s with a document that stood in lexoffice.",
                self.env.user.name,
            )
        )
        row._wake()
