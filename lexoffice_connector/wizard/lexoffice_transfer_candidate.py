# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ..lexware import LexwareError, parse_datetime
from ..models import error_messages
from ..models.account_move import PERMALINKS
from ..models.lexoffice_transfer import VOUCHER_TYPES

MOST_SHOWN = 80
# Somebody may have typed it in before Odoo had tried.
TYPED_IN_BEFORE = timedelta(days=31)


class LexofficeTransferCandidate(models.TransientModel):
    """A document in lexoffice that might be a transfer's, beside Odoo's own figures."""

    _name = "lexoffice.transfer.candidate"
    _description = "lexoffice Document to Link"
    _order = "is_equal desc, voucher_date desc, id"

    transfer_id = fields.Many2one(
        "lexoffice.transfer", required=True, ondelete="cascade"
    )
    move_id = fields.Many2one(related="transfer_id.move_id", string="In Odoo")
    currency_id = fields.Many2one(related="move_id.currency_id")
    move_date = fields.Date(related="move_id.invoice_date", string="Date in Odoo")
    move_total = fields.Monetary(related="move_id.amount_total", string="Total in Odoo")
    move_partner_id = fields.Many2one(
        related="move_id.commercial_partner_id", string="Customer in Odoo"
    )
    lexoffice_uuid = fields.Char(required=True)
    number = fields.Char("Number in lexoffice")
    voucher_date = fields.Date("Date in lexoffice")
    total = fields.Monetary("Total in lexoffice")
    contact_name = fields.Char("Customer in lexoffice")
    is_equal = fields.Boolean("Same Total")

    def _find(self, transfer):
        """Documents without a transfer, of the customer or with the same total.

        :raises UserError: lexoffice can't be asked.
        """
        row = transfer.sudo()
        try:
            with row.connection_id._client() as client:
                entries = self._entries(row, client)
        except LexwareError as error:
            raise UserError(error_messages.of_error(self.env, error)) from error
        known = row.search(
            [
                ("connection_id", "=", row.connection_id.id),
                ("lexoffice_uuid", "in", [entry["id"] for entry in entries]),
            ]
        ).mapped("lexoffice_uuid")
        values = [self._values(row, e) for e in entries if e["id"] not in known]
        values.sort(key=lambda one: not one["is_equal"])
        return self.create(values[:MOST_SHOWN])

    def _entries(self, row, client):
        link = self.env["lexoffice.contact.link"].search(
            [
                ("connection_id", "=", row.connection_id.id),
                ("partner_id", "=", row.move_id.commercial_partner_id.id),
            ]
        )
        entries = client.voucherlist(
            voucher_type=VOUCHER_TYPES[row.variant, row.move_id.move_type],
            created_date_from=(row.create_date - TYPED_IN_BEFORE).date(),
        )
        return [
            entry
            for entry in entries
            if self._is_equal(row, entry)
            or (link.lexoffice_uuid and entry.get("contactId") == link.lexoffice_uuid)
        ]

    def _is_equal(self, row, entry):
        total = float(entry["totalAmount"] or 0)
        return (
            row.move_id.currency_id.compare_amounts(total, row.move_id.amount_total)
            == 0
        )

    def _values(self, row, entry):
        try:
            date = parse_datetime(entry.get("voucherDate")).date()
        except ValueError:
            date = False
        return {
            "transfer_id": row.id,
            "lexoffice_uuid": entry["id"],
            "number": entry.get("voucherNumber"),
            "voucher_date": date,
            "total": float(entry["totalAmount"] or 0),
            "contact_name": entry.get("contactName"),
            "is_equal": self._is_equal(row, entry),
        }

    def action_link(self):
        """This is it: the transfer takes over number, total and link."""
        self.ensure_one()
        self.transfer_id._link_by_hand(self.lexoffice_uuid)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_open(self):
        """Open the document in lexoffice."""
        self.ensure_one()
        row = self.transfer_id.sudo()
        resource = PERMALINKS[row.variant, row.move_id.move_type]
        url = row.connection_id._permalink(resource, self.lexoffice_uuid)
        return {"type": "ir.actions.act_url", "url": url, "target": "new"}
