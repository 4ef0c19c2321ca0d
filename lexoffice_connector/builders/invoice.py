# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
from odoo import models

from ..lexware import berlin_midnight
from .amounts import decimal
from .sales_document import NAME_LENGTH
from .stop import DocumentStop


class LexofficeInvoiceBuilder(models.AbstractModel):
    """A posted invoice as lexoffice's invoice (lexware docs: invoices)."""

    _name = "lexoffice.builder.invoice"
    _inherit = "lexoffice.builder.sales.document"
    _description = "lexoffice Invoice Builder"

    def _build(self, transfer, link):
        move = transfer.move_id
        return {
            **super()._build(transfer, link),
            "paymentConditions": self._payment_conditions(move),
            "shippingConditions": self._shipping_conditions(move),
        }

    def _check(self, move):
        result = super()._check(move)
        term = move.invoice_payment_term_id
        if len(term.line_ids) > 1:
            raise DocumentStop("instalments", term=term.name)
        if term.early_discount and term.early_pay_discount_computation == "mixed":
            raise DocumentStop("cash_discount_upon_invoice", term=term.name)
        return result

    def _title(self, move):
        return "Rechnung"

    def _shipping_conditions(self, move):
        """Date or period of the supply (§ 14 (4) no. 6 UStG)."""
        start, end = move._lexoffice_service_period()
        kind = "service" if self._has_services(move) else "delivery"
        if start == end:
            return {"shippingType": kind, "shippingDate": berlin_midnight(end)}
        return {
            "shippingType": f"{kind}period",
            "shippingDate": berlin_midnight(start),
            "shippingEndDate": berlin_midnight(end),
        }

    def _has_services(self, move):
        lines = self._amount_lines(move)
        return any(line.product_id.type in (False, "service") for line in lines)

    def _payment_conditions(self, move):
        """The due date that Odoo booked, and the cash discount.

        Always sent: without it lexoffice takes terms of its own.
        """
        term = move.invoice_payment_term_id
        due = move.invoice_date_due or move.invoice_date
        days = max((due - move.invoice_date).days, 0)
        conditions = {
            "paymentTermLabel": self._term_label(move, days)[:NAME_LENGTH],
            "paymentTermDuration": days,
        }
        if term.early_discount:
            conditions["paymentDiscountConditions"] = {
                "discountPercentage": decimal(term.discount_percentage),
                "discountRange": term.discount_days,
            }
        return conditions

    def _term_label(self, move, days):
        term = move.invoice_payment_term_id
        if term.early_discount:
            percentage = f"{decimal(term.discount_percentage).normalize():f}"
            percentage = percentage.replace(".", ",")
            return f"{term.discount_days} Tage {percentage} % Skonto, {days} Tage netto"
        if days:
            return f"Zahlbar innerhalb von {days} Tagen ohne Abzug"
        return "Zahlbar sofort, rein netto"
