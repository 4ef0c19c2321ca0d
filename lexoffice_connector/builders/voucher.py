# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
from odoo import models

from .amounts import decimal
from .stop import DocumentStop

TYPES = {"out_invoice": "salesinvoice", "out_refund": "salescreditnote"}


class LexofficeVoucherBuilder(models.AbstractModel):
    """A posted invoice as lexoffice's bookkeeping voucher (lexware docs: vouchers).

    The amounts are those of the books, to the cent: one item per tax rate.
    """

    _name = "lexoffice.builder.voucher"
    _description = "lexoffice Voucher Builder"

    def _build(self, transfer, link):
        """:raises DocumentStop: the reason why it can't be sent as it stands."""
        move = transfer.move_id
        company_currency = move.company_id.currency_id
        if company_currency.name != "EUR":
            raise DocumentStop("company_currency", currency=company_currency.name)
        if move.currency_id != company_currency:
            raise DocumentStop("foreign_currency", currency=move.currency_id.name)
        items = self._items(transfer)
        self._check_total(move, items)
        tax = sum(item["taxAmount"] for item in items)
        _start, service_date = move._lexoffice_service_period()
        due = move.invoice_date_due or move.invoice_date
        return {
            "version": 0,
            "type": TYPES[move.move_type],
            "voucherNumber": move.name,
            "voucherDate": move.invoice_date.isoformat(),
            "shippingDate": service_date.isoformat(),
            "dueDate": max(due, move.invoice_date).isoformat(),
            "totalGrossAmount": sum(item["amount"] for item in items) + tax,
            "totalTaxAmount": tax,
            "taxType": "net",
            "useCollectiveContact": False,
            "contactId": link.lexoffice_uuid,
            "remark": self._remark(transfer),
            "voucherItems": items,
        }

    def _check_total(self, move, items):
        """:raises DocumentStop: the items are not what the customer owes."""
        total = sum(item["amount"] + item["taxAmount"] for item in items)
        if total != abs(decimal(move.amount_total_signed)):
            raise DocumentStop(
                "lines_dont_sum", lines=str(total), total=f"{move.amount_total:.2f}"
            )

    def _remark(self, transfer):
        parts = []
        if invoice := transfer.move_id.reversed_entry_id:
            parts.append(f"Rechnungskorrektur zu {invoice.name}")
        if transfer.move_id.ref:
            parts.append(f"Ihr Zeichen: {transfer.move_id.ref}")
        return "\n".join([*parts, transfer._sign()])

    def _items(self, transfer):
        move = transfer.move_id
        category = transfer.connection_id.posting_category_id
        if not category:
            raise DocumentStop("no_posting_category")
        booked = self.env["lexoffice.tax.resolver"]._booked(move, company_currency=True)
        if not booked:
            raise DocumentStop("no_lines")
        if len(booked) > 1 and not category.split_allowed:
            raise DocumentStop("posting_category_alone", category=category.name)
        return [
            {
                "amount": net,
                "taxAmount": tax,
                "taxRatePercent": rate,
                "categoryId": category.lexoffice_uuid,
            }
            for rate, (net, tax) in sorted(booked.items(), reverse=True)
        ]
