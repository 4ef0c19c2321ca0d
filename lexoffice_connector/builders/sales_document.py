# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
from odoo import models
from odoo.tools import html2plaintext

from ..lexware import berlin_midnight
from .amounts import decimal
from .fitting import AmountLine, fit
from .stop import DocumentStop

MAX_LINES = 300
NAME_LENGTH = 255
TEXT_LENGTH = 2000
DECIMALS = 4


class LexofficeSalesDocumentBuilder(models.AbstractModel):
    """What invoices and credit notes in lexoffice have in common."""

    _name = "lexoffice.builder.sales.document"
    _description = "lexoffice Sales Document Builder"

    def _build(self, transfer, link):
        """The payload of a document whose totals will be Odoo's.

        :param transfer: the ``lexoffice.transfer`` row; names move and marker.
        :param link: the debtor's ``lexoffice.contact.link``.
        :raises DocumentStop: the reason why it can't be sent as it stands.
        """
        move = transfer.move_id
        self._check(move)
        items, gross = self._line_items(move)
        payload = {
            "voucherDate": berlin_midnight(move.invoice_date),
            "address": self._address(move, link),
            "lineItems": items,
            "totalPrice": {"currency": "EUR"},
            "taxConditions": {"taxType": "gross" if gross else "net"},
            "title": self._title(move),
            "remark": self._remark(transfer),
        }
        if introduction := self._introduction(transfer):
            payload["introduction"] = introduction[:TEXT_LENGTH]
        if layout := transfer.connection_id.print_layout_id:
            payload["printLayoutId"] = layout.lexoffice_uuid
        return payload

    # --- Checks

    def _check(self, move):
        """:raises DocumentStop: what makes any transfer of this move impossible."""
        if move.currency_id.name != "EUR":
            raise DocumentStop("foreign_currency", currency=move.currency_id.name)
        if not self._amount_lines(move):
            raise DocumentStop("no_lines")

    def _check_sum(self, move, booked):
        """:raises DocumentStop: the lines are not what the customer owes."""
        total = sum(net + tax for net, tax in booked.values())
        if total != decimal(move.amount_total):
            raise DocumentStop(
                "lines_dont_sum", lines=str(total), total=f"{move.amount_total:.2f}"
            )

    def _stop_for_difference(self, booked, predicted):
        """:raises DocumentStop: both amounts of the first rate that differs."""
        for rate, (their_net, theirs) in predicted.items():
            our_net, ours = booked.get(rate, (0, 0))
            if (their_net, theirs) != (our_net, ours):
                raise DocumentStop(
                    "totals_differ",
                    rate=str(rate),
                    theirs=str(theirs),
                    their_net=str(their_net),
                    ours=str(ours),
                    our_net=str(our_net),
                )

    def _amount_lines(self, move):
        return move.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )

    # --- Address

    def _address(self, move, link):
        """The debtor's contact, with the recipient's address where it differs.

        lexoffice also wants the address where the contact has none, or several.
        """
        address = {"contactId": link.lexoffice_uuid}
        debtor, recipient = move.commercial_partner_id, move.partner_id
        if recipient.type == "contact":
            recipient = debtor
        if recipient != debtor or link.billing_address_count != 1:
            address.update(self.env["lexoffice.builder.contact"]._recipient(recipient))
        return address

    # --- Lines

    def _line_items(self, move):
        """All lines, priced so that lexoffice's totals are Odoo's.

        :return: ``(line items, whether their prices include the tax)``
        :raises DocumentStop: no prices would lead to the booked totals.
        """
        resolver = self.env["lexoffice.tax.resolver"]
        booked_lines = resolver._booked_lines(move)
        booked = resolver._per_rate(booked_lines)
        self._check_sum(move, booked)
        parts = []
        for line in move.invoice_line_ids.sorted(lambda line: (line.sequence, line.id)):
            if line.display_type == "product":
                parts += self._product_line(line, *booked_lines[line.id])
            elif line.display_type in ("line_section", "line_subsection", "line_note"):
                parts += self._text_lines(line.name or "")
        if len(parts) > MAX_LINES:
            raise DocumentStop("too_many_lines", count=len(parts))
        items, gross = fit(
            [part for part in parts if isinstance(part, AmountLine)], booked
        )
        if items is None:
            self._stop_for_difference(booked, gross)
        rest = iter(items)
        return [
            next(rest) if isinstance(part, AmountLine) else part for part in parts
        ], gross

    def _product_line(self, line, rate, net, tax):
        """A line with money, and text lines for what its description has no room for.

        :return: an :class:`AmountLine`, then line items of type ``text``.
        """
        name, _newline, description = (line.name or "").strip().partition("\n")
        name = name or line.product_id.display_name or self._unit(line)
        if len(name) > NAME_LENGTH:
            name, description = (
                name[:NAME_LENGTH],
                f"{name[NAME_LENGTH:]}\n{description}",
            )
        gross = bool(line.tax_ids.flatten_taxes_hierarchy().price_include)
        price_digits = self.env["decimal.precision"].precision_get("Product Price")
        price = decimal(line.price_unit, price_digits)
        item = {
            "type": "custom",
            "name": name,
            "quantity": self._number(line, "quantity", "Product Unit", DECIMALS),
            "unitName": self._unit(line),
            "unitPrice": {
                "currency": "EUR",
                "grossAmount" if gross else "netAmount": round(price, DECIMALS),
                "taxRatePercentage": rate,
            },
        }
        if line.discount:
            item["discountPercentage"] = self._number(line, "discount", "Discount", 2)
        head, *rest = self._chunks(description.strip()) or [""]
        if head:
            item["description"] = head
        texts = [{"type": "text", "description": text} for text in rest]
        return [AmountLine(item, gross, net, tax), *texts]

    def _text_lines(self, text):
        """A section or note; a long one goes on in further text lines."""
        text = html2plaintext(text).strip()
        if not text:
            return []
        if len(text) <= NAME_LENGTH and "\n" not in text:
            return [{"type": "text", "name": text}]
        return [{"type": "text", "description": chunk} for chunk in self._chunks(text)]

    def _chunks(self, text):
        return [
            text[start : start + TEXT_LENGTH]
            for start in range(0, len(text), TEXT_LENGTH)
        ]

    def _number(self, line, field, precision, digits):
        places = self.env["decimal.precision"].precision_get(precision)
        return self._exact(line, decimal(line[field], places), field, digits)

    def _exact(self, line, value, field, digits):
        """:raises DocumentStop: lexoffice would have to round this number."""
        if value != round(value, digits):
            raise DocumentStop(
                "too_many_decimals",
                field=line._fields[field]._description_string(self.env),
                line=(line.name or "").split("\n")[0][:80],
                digits=digits,
            )
        return round(value, digits)

    def _unit(self, line):
        unit = line.product_uom_id or self.env.ref("uom.product_uom_unit")
        return unit.with_context(lang=self._language(line.move_id)).name

    # --- Texts

    def _language(self, move):
        """The language of the document: lexoffice's default is German."""
        installed = self.env["res.lang"].sudo()._get_data(code="de_DE")
        return "de_DE" if installed else move.partner_id.lang

    def _title(self, move):
        raise NotImplementedError

    def _introduction(self, transfer):
        return transfer.connection_id.introduction

    def _remark(self, transfer):
        """Closing text: the terms, both references, and the sign we are found by."""
        move = transfer.move_id
        parts = [html2plaintext(move.narration or "").strip()]
        signs = []
        if move.ref:
            signs.append(f"Ihr Zeichen: {move.ref}")
        signs.append(transfer._sign())
        tail = "\n".join(signs)
        room = TEXT_LENGTH - len(tail) - 2
        parts = [part[:room] for part in parts if part]
        return "\n\n".join([*parts, tail])
