# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Arithmetic of sales documents, with the vectors known from the service."""

import json
from decimal import Decimal

import pytest

from .payloads import credit_note, invoice, line


def exact(answer):
    return json.loads(answer.text, parse_float=Decimal)


def amounts(api, path, body):
    """Line amounts, (rate, tax) pairs and totals of a document."""
    document = exact(api.get(f"{path}/{api.create(path, body)}"))
    total = document["totalPrice"]
    return (
        [entry["lineItemAmount"] for entry in document["lineItems"]],
        [(g["taxRatePercentage"], g["taxAmount"]) for g in document["taxAmounts"]],
        [total[f"total{kind}Amount"] for kind in ("Net", "Tax", "Gross")],
    )


def decimals(*texts):
    return [Decimal(text) for text in texts]


def test_a_net_invoice_with_three_rates_and_a_discount(api):
    body = invoice(
        line(13.40, 19, 2, discountPercentage=50), line(8.32, 7), line(5.00, 0)
    )
    assert amounts(api, "/v1/invoices", body) == (
        decimals("13.40", "8.32", "5.00"),
        list(zip((19, 7, 0), decimals("2.55", "0.58", "0"), strict=True)),
        decimals("26.72", "3.13", "29.85"),
    )


def test_b_net_credit_note(api):
    body = credit_note(line(13.40, 19, 2), line(5.00, 0))
    assert amounts(api, "/v1/credit-notes", body) == (
        decimals("26.80", "5.00"),
        list(zip((19, 0), decimals("5.09", "0"), strict=True)),
        decimals("31.80", "5.09", "36.89"),
    )


def test_c_gross_amount(api):
    body = invoice(line(666, 19, side="grossAmount"), tax_type="gross")
    assert amounts(api, "/v1/invoices", body) == (
        decimals("666.00"),
        [(19, Decimal("106.34"))],
        decimals("559.66", "106.34", "666.00"),
    )


def test_d_one_line_with_trailing_zeros(api):
    document_id = api.create("/v1/invoices", invoice(line(100, 19)))
    text = api.get(f"/v1/invoices/{document_id}").text
    document = json.loads(text, parse_float=Decimal)
    price = document["lineItems"][0]["unitPrice"]
    assert (price["netAmount"], price["grossAmount"]) == (100, 119)
    assert '"lineItemAmount":100.00' in text
    assert '"totalTaxAmount":19.00' in text
    assert document["taxAmounts"] == [
        {"taxRatePercentage": 19, "taxAmount": 19, "netAmount": 100}
    ]


def test_half_a_cent_goes_up(api):
    lines, _, _ = amounts(api, "/v1/invoices", invoice(line(0.005, 19)))
    assert lines == decimals("0.01")


def test_tax_is_computed_once_per_rate_not_per_line(api):
    # three times 0.02 * 19 % would be 0.00 each, the sum of 0.06 gives a cent
    body = invoice(line(0.02, 19), line(0.02, 19), line(0.02, 19))
    assert amounts(api, "/v1/invoices", body)[2] == decimals("0.06", "0.01", "0.07")


def test_quantity_and_price_may_have_four_decimals(api):
    lines, _, _ = amounts(api, "/v1/invoices", invoice(line("0.3333", 19, 3)))
    assert lines == decimals("1.00")


@pytest.mark.parametrize(
    ("field", "value"), [("quantity", 1.00001), ("discountPercentage", 1.001)]
)
def test_more_decimals_than_allowed_are_refused(api, field, value):
    answer = api.post("/v1/invoices", json=invoice(line(**{field: value})))
    assert answer.status_code == 406
    assert answer.json()["details"][0]["field"] == f"lineItems[0].{field}"


def test_discount_on_the_whole_document(api):
    total = {"currency": "EUR", "totalDiscountPercentage": 10}
    body = invoice(line(100, 19), line(100, 7), totalPrice=total)
    assert amounts(api, "/v1/invoices", body)[2] == decimals(
        "180.00", "23.40", "203.40"
    )
    total = {"currency": "EUR", "totalDiscountAbsolute": 20}
    body = invoice(line(100, 19), line(100, 7), totalPrice=total)
    assert amounts(api, "/v1/invoices", body)[2] == decimals(
        "180.00", "23.40", "203.40"
    )


@pytest.mark.parametrize(("decimals_shown", "gross"), [(2, "15.95"), (4, "15.9460")])
def test_computed_unit_price_has_two_or_four_decimals(
    api, settings, decimals_shown, gross
):
    settings(unit_price_decimals=decimals_shown)
    document_id = api.create("/v1/invoices", invoice(line(13.40, 19)))
    document = exact(api.get(f"/v1/invoices/{document_id}"))
    assert document["lineItems"][0]["unitPrice"]["grossAmount"] == Decimal(gross)


def test_price_of_the_wrong_side_is_missed(api):
    body = invoice(line(100, 19, side="netAmount"), tax_type="gross")
    details = api.post("/v1/invoices", json=body).json()["details"]
    assert details == [
        {
            "violation": "NOTNULL",
            "field": "lineItems[0].unitPrice.grossAmount",
            "message": "darf nicht leer sein",
        }
    ]
