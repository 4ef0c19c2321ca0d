# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
import re
from collections import defaultdict
from decimal import Decimal

from odoo import models

from .amounts import decimal
from .stop import DocumentStop

TEMPLATE_ID = re.compile(r"^\d+_(.+)_skr0[34]$")

# Xml ids of l10n_de's charts without the suffix of the chart, with their rates.
DOMESTIC_TAXES = {"tax_ust_19": 19, "tax_ust_7": 7}


class LexofficeTaxResolver(models.AbstractModel):
    """What a tax means to lexoffice. Decided by xml id, never by name or rate."""

    _name = "lexoffice.tax.resolver"
    _description = "lexoffice Tax Resolver"

    def _rate(self, line):
        """The rate of an invoice line, in percent.

        :param line: an ``account.move.line`` with an amount.
        :raises DocumentStop: no tax, several, or one that nothing maps.
        """
        name = line.name or line.product_id.display_name or ""
        name = name.split("\n")[0][:80]
        taxes = line.tax_ids.flatten_taxes_hierarchy()
        if not taxes:
            raise DocumentStop("line_without_tax", line=name)
        if len(taxes) > 1:
            raise DocumentStop("line_with_several_taxes", line=name)
        rate = DOMESTIC_TAXES.get(self._template_names(taxes).get(taxes.id))
        if rate is None or taxes.amount_type != "percent" or taxes.amount != rate:
            raise DocumentStop("tax_not_supported", tax=taxes.name, line=name)
        return rate

    def _template_names(self, taxes):
        """The chart template's names of taxes: ``{tax id: "tax_ust_19"}``."""
        names = {}
        for tax_id, xml_ids in taxes.sudo()._get_external_ids().items():
            for xml_id in xml_ids:
                module, name = xml_id.split(".", 1)
                match = TEMPLATE_ID.match(name)
                if module == "account" and match:
                    names[tax_id] = match.group(1)
        return names

    def _booked_lines(self, move, company_currency=False):
        """What Odoo booked per line, with the tax as the user may have edited it.

        :param bool company_currency: amounts of the books, not of the document.
        :return: ``{line id: (rate, net, tax)}`` as Decimal, positive for an invoice
            and for a credit note.
        :raises DocumentStop: see :meth:`_rate`.
        """
        suffix = "" if company_currency else "_currency"
        booked = {}
        base_lines, _tax_lines = move._get_rounded_base_and_tax_lines()
        for base_line in base_lines:
            line = base_line["record"]
            if line.display_type != "product":
                continue
            rate = self._rate(line)
            (data,) = base_line["tax_details"]["taxes_data"]
            booked[line.id] = (
                rate,
                decimal(data[f"base_amount{suffix}"]),
                decimal(data[f"tax_amount{suffix}"]),
            )
        return booked

    def _booked(self, move, company_currency=False):
        """:meth:`_booked_lines`, summed by :meth:`_per_rate`."""
        return self._per_rate(self._booked_lines(move, company_currency))

    def _per_rate(self, booked_lines):
        """Sums of :meth:`_booked_lines`: ``{rate: (net, tax)}``."""
        totals = defaultdict(lambda: [Decimal(0), Decimal(0)])
        for rate, net, tax in booked_lines.values():
            totals[rate][0] += net
            totals[rate][1] += tax
        return {rate: tuple(total) for rate, total in totals.items()}
