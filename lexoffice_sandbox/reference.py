# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Reference data: countries, posting categories, payment conditions."""

from decimal import Decimal
from pathlib import Path

from . import jsonio

_DATA = Path(__file__).parent / "data"


def _read(name):
    return jsonio.loads((_DATA / name).read_text(encoding="utf-8"))


COUNTRIES = _read("countries.json")
COUNTRY_CODES = {row["countryCode"]: row for row in COUNTRIES}
POSTING_CATEGORIES = _read("posting_categories.json")
CATEGORY_BY_ID = {row["id"]: row for row in POSTING_CATEGORIES}

DEFAULT_PAYMENT_LABEL = {
    "de": "Zahlbar sofort, rein netto",
    "en": "Payable immediately without deduction",
}
PAYMENT_CONDITIONS = [
    {
        "id": "1b3a4b9c-6f0e-4d1c-9a0a-7e7a0c0f4d01",
        "paymentTermLabelTemplate": DEFAULT_PAYMENT_LABEL["de"],
        "paymentTermDuration": 0,
        "organizationDefault": True,
    },
    {
        "id": "3fcc62d1-0925-456d-890b-779b56e7289e",
        "paymentTermLabelTemplate": (
            "{discountRange} Tage -{discount}, {paymentRange} Tage netto"
        ),
        "paymentTermDuration": 30,
        "paymentDiscountConditions": {
            "discountRange": 10,
            "discountPercentage": Decimal("2.00"),
        },
        "organizationDefault": False,
    },
]


def country_name(code, language="de"):
    """Name of a country as printed on documents; empty for Germany."""
    if code in (None, "DE"):
        return ""
    name = COUNTRY_CODES.get(code, {})
    return name.get("countryNameEN" if language == "en" else "countryNameDE", code)
