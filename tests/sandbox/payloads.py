# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Valid request bodies, to be bent by the tests."""

SERVICE = "8f8664a0-fd86-11e1-a21f-0800200c9a66"
DAY = "2026-09-01T00:00:00.000+02:00"


def contact(name="Nordlicht Fahrradbau GmbH", **changes):
    return {
        "version": 0,
        "roles": {"customer": {}},
        "company": {"name": name},
        "addresses": {
            "billing": [
                {
                    "street": "Hafenweg 3",
                    "zip": "20457",
                    "city": "Hamburg",
                    "countryCode": "DE",
                }
            ]
        },
        **changes,
    }


def line(price=100, rate=19, quantity=1, side="netAmount", **changes):
    return {
        "type": "custom",
        "name": "Beratung",
        "quantity": quantity,
        "unitName": "Stunde",
        "unitPrice": {"currency": "EUR", side: price, "taxRatePercentage": rate},
        **changes,
    }


def invoice(*lines, contact_id=None, tax_type="net", **changes):
    address = {"name": "Einmalig", "city": "Hamburg", "countryCode": "DE"}
    return {
        "voucherDate": DAY,
        "address": {"contactId": contact_id} if contact_id else address,
        "lineItems": list(lines) or [line()],
        "totalPrice": {"currency": "EUR"},
        "taxConditions": {"taxType": tax_type},
        "shippingConditions": {"shippingType": "service", "shippingDate": DAY},
        **changes,
    }


def credit_note(*lines, **changes):
    body = invoice(*lines, **changes)
    body.pop("shippingConditions")
    return body


def voucher(**changes):
    return {
        "version": 0,
        "type": "salesinvoice",
        "voucherNumber": "WEB-2026-4711",
        "voucherDate": "2026-09-01",
        "dueDate": "2026-09-15",
        "totalGrossAmount": 226.00,
        "totalTaxAmount": 26.00,
        "taxType": "gross",
        "useCollectiveContact": True,
        "remark": "Order 4711",
        "voucherItems": [item(119.00, 19.00, 19), item(107.00, 7.00, 7)],
        **changes,
    }


def item(amount, tax, rate, category=SERVICE):
    return {
        "amount": amount,
        "taxAmount": tax,
        "taxRatePercent": rate,
        "categoryId": category,
    }


def pdf(text="receipt"):
    """The smallest thing that passes as a PDF."""
    return b"%PDF-1.4\n" + text.encode() + b"\n%%EOF\n"
