# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Money as Decimal, and lexoffice's own arithmetic."""

from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal

from odoo.tools import float_repr

CENT = Decimal("0.01")


def decimal(value, digits=2):
    """An ORM float as the decimal number that it stands for.

    :param int digits: how many decimals the field has.
    """
    return Decimal(float_repr(value, digits))


def round_cent(value):
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


def predict(lines, gross):
    """What lexoffice will compute (lexware docs: invoices, total price).

    Each line is rounded to the cent; the tax is taken from the sum per rate.

    :param lines: payloads of line items with an amount.
    :param bool gross: the leading side of the prices.
    :return: ``{rate: (net, tax)}`` in EUR.
    """
    sums = defaultdict(Decimal)
    side = "grossAmount" if gross else "netAmount"
    for line in lines:
        factor = 1 - line.get("discountPercentage", Decimal(0)) / 100
        amount = line["quantity"] * line["unitPrice"][side] * factor
        sums[line["unitPrice"]["taxRatePercentage"]] += round_cent(amount)
    totals = {}
    for rate, amount in sums.items():
        if gross:
            tax = round_cent(amount * rate / (100 + rate))
            totals[rate] = (amount - tax, tax)
        else:
            totals[rate] = (amount, round_cent(amount * rate / 100))
    return totals
