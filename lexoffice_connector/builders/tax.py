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

    def _booked(self, move, company_currency=False):
        """What Odoo booked per rate, with the tax as the user may have edited it.

        :param bool company_currency: amounts of the books, not of the document.
        :return: ``{rate: (net, tax)}`` as Decimal, positive for an invoice and for a
            credit note.
        :raises DocumentStop: see :meth:`_rate`.
        """
        suffix = "" if company_currency else "_currency"
        totals = defaultdict(lambda: [Decimal(0), Decimal(0)])
        base_lines, _tax_lines = move._get_rounded_base_and_tax_lines()
        for base_line in base_lines:
            if base_line["record"].display_type != "product":
                continue
            total = totals[self._rate(base_line["record"])]
            for data in base_line["tax_details"]["taxes_data"]:
                total[0] += decimal(data[f"base_amount{suffix}"])
                total[1] += decimal(data[f"tax_amount{suffix}"])
        return {rate: tuple(total) for rate, total in totals.items()}
