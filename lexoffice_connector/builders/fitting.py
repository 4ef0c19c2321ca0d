# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Choose prices so that lexoffice's arithmetic gives what Odoo booked.

lexoffice rounds each line to the cent and takes the tax from the sum per rate. Odoo
rounds the document, or each line, and may start from net or from gross. Where the
prices as typed in don't lead to the booked amounts, a line's unit price is moved by
fractions of a cent, or the document is expressed from the other side.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from .amounts import predict, round_cent

STEP = Decimal("0.0001")


@dataclass(frozen=True)
class AmountLine:
    """A line with money: its payload, and what Odoo booked for it.

    :ivar dict item: lexoffice's line item, priced on the side of ``gross``.
    :ivar bool gross: whether the price as typed in includes the tax.
    """

    item: dict
    gross: bool
    net: Decimal
    tax: Decimal

    def target(self, gross):
        return self.net + self.tax if gross else self.net

    def as_typed(self, gross):
        """The item with the price that the user knows, or None on the other side."""
        return self.item if gross == self.gross else None

    def fitted(self, gross):
        """The item with a price that gives exactly the booked amount."""
        target = self.target(gross)
        typed = self.as_typed(gross)
        if typed and line_amount(typed, gross) == target:
            return typed
        price = self._price_for(target)
        if price is not None:
            return _priced(self.item, gross, price)
        return self._at_one_piece(gross, target)

    def _price_for(self, target):
        """A unit price of four decimals whose amount is the target, or None."""
        factor = _factor(self.item)
        if not factor:
            return None
        best = (target / factor).quantize(STEP, rounding=ROUND_HALF_UP)
        for price in (best, best - STEP, best + STEP):
            if round_cent(factor * price) == target:
                return price
        return None

    def _at_one_piece(self, gross, target):
        """Quantities so large that no price of four decimals hits the cent."""
        item = {**self.item, "quantity": Decimal(1)}
        item.pop("discountPercentage", None)
        quantity = f"{self.item['quantity'].normalize():f}".replace(".", ",")
        note = f"{quantity} {self.item['unitName']}"
        item["description"] = "\n".join(filter(None, [note, item.get("description")]))
        item["unitName"] = "pauschal"
        return _priced(item, gross, target)


def _side(gross):
    return "grossAmount" if gross else "netAmount"


def _factor(item):
    discount = item.get("discountPercentage", Decimal(0))
    return item["quantity"] * (1 - discount / 100)


def line_amount(item, gross):
    """What lexoffice computes for one line, in EUR."""
    return round_cent(_factor(item) * item["unitPrice"][_side(gross)])


def _priced(item, gross, price):
    unit_price = {
        key: value
        for key, value in item["unitPrice"].items()
        if key not in ("netAmount", "grossAmount")
    }
    return {**item, "unitPrice": {**unit_price, _side(gross): price}}


def fit(lines, booked):
    """The line items whose totals in lexoffice will be Odoo's, per rate.

    :param lines: :class:`AmountLine` of one document.
    :param dict booked: ``{rate: (net, tax)}``
    :return: ``(items in the order of lines, gross)``, or ``(None, {rate: (net, tax)})``
        with what lexoffice would compute at best.
    """
    preferred = all(line.gross for line in lines)
    best = None
    for gross in (preferred, not preferred):
        typed = [line.as_typed(gross) for line in lines]
        for items in (typed, [line.fitted(gross) for line in lines]):
            if None in items:
                continue
            predicted = predict(items, gross)
            if predicted == booked:
                return items, gross
            best = best or predicted
    return None, best
