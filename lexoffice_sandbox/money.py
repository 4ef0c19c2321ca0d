# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Arithmetic of sales documents.

Lines are rounded to the cent in the leading side (net or gross), then summed per
tax rate; the tax of a rate is computed once from that sum. Half a cent goes up.
"""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
LIMIT = Decimal(10) ** 12


def is_amount(value, decimals=2):
    """Whether a JSON value is a number of sane size with so many decimals."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return False
    if not abs(value) < LIMIT:
        return False
    return -Decimal(value).normalize().as_tuple().exponent <= decimals


def round_to(value, exponent=CENT):
    return Decimal(value).quantize(exponent, ROUND_HALF_UP)


def line_amount(quantity, unit_price, discount=0):
    """Amount of a line: quantity x price, less its discount, to the cent."""
    factor = 1 - Decimal(discount) / 100
    return round_to(Decimal(quantity) * Decimal(unit_price) * factor)


def tax_in(amount, rate, gross):
    """Tax contained in a gross amount, or due on a net amount."""
    base = 100 + Decimal(rate) if gross else Decimal(100)
    return round_to(Decimal(amount) * Decimal(rate) / base)


def counterpart(price, rate, gross, decimals=2):
    """The net price for a gross unit price, and the other way round."""
    factor = 1 + Decimal(rate) / 100
    other = Decimal(price) / factor if gross else Decimal(price) * factor
    return round_to(other, Decimal(1).scaleb(-decimals))


def spread_discount(sums, absolute=None, percentage=None):
    """Take a discount on the whole document off the sum of every tax rate.

    The service does not document how it spreads an absolute discount; in
    proportion is the plausible way. The last rate takes the rounding cents.
    """
    if percentage:
        factor = 1 - Decimal(percentage) / 100
        return {rate: round_to(value * factor) for rate, value in sums.items()}
    total = sum(sums.values(), ZERO)
    if not absolute or not total:
        return sums
    reduced, rest = {}, round_to(absolute)
    for position, (rate, value) in enumerate(sums.items(), 1):
        share = round_to(Decimal(absolute) * value / total)
        share = rest if position == len(sums) else share
        rest -= share
        reduced[rate] = value - share
    return reduced


def totals(lines, gross, absolute=None, percentage=None):
    """Sums of a document from ``(rate, amount)`` pairs.

    Returns the ``taxAmounts`` list and the three total fields.
    """
    sums = {}
    for rate, amount in lines:
        sums[Decimal(rate)] = sums.get(Decimal(rate), ZERO) + amount
    groups, net_total, tax_total = [], ZERO, ZERO
    for rate, amount in spread_discount(sums, absolute, percentage).items():
        tax = tax_in(amount, rate, gross)
        net = amount - tax if gross else amount
        net_total, tax_total = net_total + net, tax_total + tax
        groups.append({"taxRatePercentage": rate, "taxAmount": tax, "netAmount": net})
    return groups, {
        "totalNetAmount": net_total,
        "totalGrossAmount": net_total + tax_total,
        "totalTaxAmount": tax_total,
    }
