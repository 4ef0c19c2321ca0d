# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
from odoo import models
from odoo.tools import format_date

from .sales_document import DECIMALS
from .stop import DocumentStop


class LexofficeCreditNoteBuilder(models.AbstractModel):
    """A posted credit note as lexoffice's (lexware docs: credit notes).

    German law calls it Rechnungskorrektur: a Gutschrift is a self-billed invoice
    (§ 14 (2) UStG).
    """

    _name = "lexoffice.builder.credit.note"
    _inherit = "lexoffice.builder.sales.document"
    _description = "lexoffice Credit Note Builder"

    def _title(self, move):
        return "Rechnungskorrektur"

    def _introduction(self, transfer):
        """Names the invoice that is corrected (§ 31 (5) UStDV)."""
        invoice = transfer.move_id.reversed_entry_id
        if not invoice:
            return None
        date = format_date(self.env, invoice.invoice_date, date_format="dd.MM.yyyy")
        return f"Rechnungskorrektur zur Rechnung {invoice.name} vom {date}"

    def _product_line(self, line, rate, net, tax):
        """lexoffice's credit notes know no discount: it goes into the price."""
        amount, *texts = super()._product_line(line, rate, net, tax)
        if discount := amount.item.pop("discountPercentage", None):
            price = amount.item["unitPrice"]
            side = "grossAmount" if amount.gross else "netAmount"
            price[side] = round(price[side] * (1 - discount / 100), DECIMALS)
        return [amount, *texts]

    def _preceding_id(self, transfer):
        """The lexoffice id of the invoice that this credit note settles, or None.

        lexoffice settles a linked credit note at once against the invoice. That is
        right only while the invoice has that much open and no other credit note;
        otherwise the refund is assigned by a person.

        :raises DocumentStop: the invoice should stand in lexoffice, but does not.
        """
        move = transfer.move_id
        invoice = move.reversed_entry_id
        row = invoice._lexoffice_document_row()
        if row.state == "failed":
            raise DocumentStop("invoice_not_transferred", invoice=invoice.name)
        if row.state != "done" or row.variant != "invoice":
            return None
        others = (invoice.reversal_move_ids - move).filtered(
            lambda other: other.state == "posted"
        )
        if others or self._open_without(invoice, move) < move.amount_total:
            return None
        return row.lexoffice_uuid

    def _open_without(self, invoice, move):
        """What is open on the invoice if this credit note is left aside."""
        terms = invoice.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        settled = terms.matched_credit_ids.filtered(
            lambda partial: partial.credit_move_id.move_id == move
        )
        total = invoice.amount_residual + sum(settled.mapped("debit_amount_currency"))
        return invoice.currency_id.round(total)
