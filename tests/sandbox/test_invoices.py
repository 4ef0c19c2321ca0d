# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Sales documents: drafts, finalizing, references, rules, follow-ups."""

import pytest

from .payloads import DAY, contact, credit_note, invoice, line


def refused(api, body, query="", path="/v1/invoices"):
    answer = api.post(path + query, json=body)
    assert answer.status_code == 406, answer.text
    return answer.json()


def fields(body):
    return [detail["field"] for detail in body["details"]]


def test_a_draft_as_it_is_read(api):
    invoice_id = api.create("/v1/invoices", invoice(title="Rechnung", remark="Danke"))
    read = api.read(f"/v1/invoices/{invoice_id}")
    assert read["voucherStatus"] == "draft"
    assert read["voucherNumber"] == "RE0001"
    assert read["version"] == 1
    assert read["language"] == "de"
    assert read["archived"] is False
    assert read["closingInvoice"] is False
    assert read["relatedVouchers"] == []
    assert read["taxConditions"] == {"taxType": "net"}
    assert read["paymentConditions"] == {
        "paymentTermLabel": "Zahlbar sofort, rein netto",
        "paymentTermLabelTemplate": "Zahlbar sofort, rein netto",
        "paymentTermDuration": 0,
    }
    absent = {"dueDate", "printLayoutId", "electronicDocumentProfile", "files"}
    assert not absent & set(read)
    assert None not in read.values()


def test_finalizing_opens_the_document(api):
    invoice_id = api.create("/v1/invoices?finalize=true", invoice())
    read = api.read(f"/v1/invoices/{invoice_id}")
    layout = api.read("/v1/print-layouts")[0]["id"]
    assert read["voucherStatus"] == "open"
    assert read["dueDate"] == DAY
    assert read["printLayoutId"] == layout
    assert read["electronicDocumentProfile"] == "NONE"
    assert set(read["files"]) == {"documentFileId"}


def test_numbers_run_per_kind_and_count_drafts(api):
    ids = [
        ("/v1/invoices", api.create("/v1/invoices", invoice())),
        ("/v1/invoices", api.create("/v1/invoices?finalize=true", invoice())),
        ("/v1/credit-notes", api.create("/v1/credit-notes", credit_note())),
    ]
    numbers = [api.read(f"{path}/{i}")["voucherNumber"] for path, i in ids]
    assert numbers == ["RE0001", "RE0002", "GS0001"]


def test_a_document_read_can_be_posted_again(api):
    """Unknown and read-only properties, nulls too, are tolerated."""
    invoice_id = api.create("/v1/invoices", invoice())
    body = api.read(f"/v1/invoices/{invoice_id}")
    body.update(xRechnung=None, remark=None, somethingNew={"a": [1]})
    assert api.create("/v1/invoices", body) != invoice_id


def test_lines_of_text(api):
    hint = {"type": "text", "name": "Hinweis", "description": "Auftrag 4711"}
    invoice_id = api.create("/v1/invoices", invoice(line(), hint))
    assert api.read(f"/v1/invoices/{invoice_id}")["lineItems"][1] == hint
    body = refused(api, invoice({**hint, "quantity": 1}))
    assert fields(body) == ["lineItems[0].quantity"]
    assert fields(refused(api, invoice({"type": "text"}))) == ["lineItems[0].name"]


def test_a_draft_may_have_no_lines(api):
    empty = invoice(lineItems=[])
    api.create("/v1/invoices", empty)
    assert fields(refused(api, empty, "?finalize=true")) == ["lineItems"]


def test_address_of_the_contact(api, customer):
    invoice_id = api.create("/v1/invoices", invoice(contact_id=customer))
    assert api.read(f"/v1/invoices/{invoice_id}")["address"] == {
        "contactId": customer,
        "name": "Nordlicht Fahrradbau GmbH",
        "street": "Hafenweg 3",
        "zip": "20457",
        "city": "Hamburg",
        "countryCode": "DE",
    }


def test_deviating_address_stays_linked(api, customer):
    address = {"contactId": customer, "name": "Filiale", "countryCode": "AT"}
    invoice_id = api.create("/v1/invoices", invoice(address=address))
    assert api.read(f"/v1/invoices/{invoice_id}")["address"] == address


def test_contacts_that_cannot_be_used(api, hooks, customer):
    body = contact()
    del body["addresses"]
    bare = api.create("/v1/contacts", body)
    assert refused(api, invoice(contact_id=bare))["message"] == (
        "Referenced contact needs to have exactly one billing address, "
        "but 0 addresses were found."
    )
    hooks.post(f"/sandbox/contacts/{customer}/add-address")
    message = refused(api, invoice(contact_id=customer))["message"]
    assert "but 2 addresses were found" in message
    vendor = api.create("/v1/contacts", contact(roles={"vendor": {}}))
    assert "role customer" in refused(api, invoice(contact_id=vendor))["message"]
    assert "not found" in refused(api, invoice(contact_id="x"))["message"]


def test_archived_contacts_can_be_allowed(api, hooks, customer, settings):
    hooks.post(f"/sandbox/contacts/{customer}/archive")
    assert "archived" in refused(api, invoice(contact_id=customer))["message"]
    settings(archived_contacts="accept")
    api.create("/v1/invoices", invoice(contact_id=customer))


def test_a_new_contact_may_need_a_moment(api, hooks, settings):
    settings(contact_delay=2)
    fresh = api.create("/v1/contacts", contact())
    assert "not found" in refused(api, invoice(contact_id=fresh))["message"]
    hooks.post("/sandbox/clock", json={"advance_seconds": 2})
    api.create("/v1/invoices", invoice(contact_id=fresh))


def test_unknown_country_names_the_known_ones(api):
    body = refused(api, invoice(address={"name": "X", "countryCode": "XX"}))
    assert "DE" in body["details"][0]["message"]


def test_only_articles_have_an_id(api):
    body = refused(api, invoice(line(id="3f1d7c52-8a4b-4a39-9c1e-6b0f2d5e7a10")))
    assert body["message"] == (
        "Only line items of type 'material' or 'service' can contain an ID"
    )


LIMITS = [
    ({"title": "x" * 26}, "title"),
    ({"introduction": "x" * 2001}, "introduction"),
    ({"remark": "x" * 2001}, "remark"),
    ({"lineItems": [line()] * 301}, "lineItems"),
    ({"lineItems": [line(name="x" * 256)]}, "lineItems[0].name"),
    ({"lineItems": [line(type="other")]}, "lineItems[0].type"),
    ({"totalPrice": {"currency": "USD"}}, "totalPrice.currency"),
    ({"totalPrice": {}}, "totalPrice.currency"),
    ({"taxConditions": {}}, "taxConditions.taxType"),
    ({"shippingConditions": {"shippingType": "x"}}, "shippingConditions.shippingType"),
    (
        {"shippingConditions": {"shippingType": "service"}},
        "shippingConditions.shippingDate",
    ),
    (
        {"shippingConditions": {"shippingType": "serviceperiod", "shippingDate": DAY}},
        "shippingConditions.shippingEndDate",
    ),
]


@pytest.mark.parametrize(("change", "field"), LIMITS)
def test_limits(api, change, field):
    assert fields(refused(api, invoice(**change))) == [field]


@pytest.mark.parametrize(
    ("day", "rate", "is_allowed"),
    [
        ("2020-06-30T00:00:00.000+02:00", 19, True),
        ("2020-07-01T00:00:00.000+02:00", 19, False),
        ("2020-07-01T00:00:00.000+02:00", 16, True),
        ("2020-12-31T00:00:00.000+01:00", 5, True),
        ("2021-01-01T00:00:00.000+01:00", 16, False),
        ("2026-01-01T00:00:00.000+01:00", 20, False),
    ],
)
def test_tax_rates_depend_on_the_day_of_service(api, day, rate, is_allowed):
    shipping = {"shippingType": "service", "shippingDate": day}
    body = invoice(line(100, rate), shippingConditions=shipping)
    expected = 201 if is_allowed else 406
    assert api.post("/v1/invoices", json=body).status_code == expected


def test_foreign_rates_under_the_destination_principle(api, hooks):
    conditions = {"taxType": "gross", "taxSubType": "distanceSales"}
    body = invoice(line(100, 20, side="grossAmount"), taxConditions=conditions)
    assert fields(refused(api, body)) == ["lineItems[0].unitPrice.taxRatePercentage"]
    account = hooks.read("/sandbox/accounts")[0]["id"]
    change = {"distanceSalesPrinciple": "DESTINATION"}
    hooks.patch(f"/sandbox/accounts/{account}", json=change)
    api.create("/v1/invoices", body)


def test_tax_free_types_need_rate_zero_and_a_contact(api, customer):
    supply = "intraCommunitySupply"
    free = invoice(line(100, 0), tax_type=supply)
    assert "requires a contact" in refused(api, free)["message"]
    taxed = invoice(line(100, 19), contact_id=customer, tax_type=supply)
    assert fields(refused(api, taxed)) == ["lineItems[0].unitPrice.taxRatePercentage"]
    api.create(
        "/v1/invoices", invoice(line(100, 0), contact_id=customer, tax_type=supply)
    )


def test_small_businesses_write_tax_free_only(api, hooks):
    account = hooks.read("/sandbox/accounts")[0]["id"]
    hooks.patch(f"/sandbox/accounts/{account}", json={"smallBusiness": True})
    assert "vatfree" in refused(api, invoice())["message"]
    api.create("/v1/invoices", invoice(line(100, 0), tax_type="vatfree"))
    assert api.read("/v1/profile")["taxType"] == "vatfree"


def test_english_needs_the_bigger_contract(api, hooks, settings):
    account = hooks.read("/sandbox/accounts")[0]["id"]
    api.create("/v1/invoices", invoice(language="en"))
    features = {"businessFeatures": ["INVOICING"]}
    hooks.patch(f"/sandbox/accounts/{account}", json=features)
    assert "INVOICING_PRO" in refused(api, invoice(language="en"))["message"]
    settings(missing_feature_status=402)
    assert api.post("/v1/invoices", json=invoice(language="en")).status_code == 402


def test_payment_terms_with_cash_discount(api):
    terms = {
        "paymentTermLabel": (
            "{discountRange} Tage -{discount}, {paymentRange} Tage netto"
        ),
        "paymentTermDuration": 30,
        "paymentDiscountConditions": {"discountPercentage": 2, "discountRange": 10},
    }
    body = invoice(paymentConditions=terms)
    invoice_id = api.create("/v1/invoices?finalize=true", body)
    read = api.read(f"/v1/invoices/{invoice_id}")
    shown = read["paymentConditions"]
    assert shown["paymentTermLabel"] == "10 Tage -2 %, 30 Tage netto"
    assert shown["paymentTermLabelTemplate"] == terms["paymentTermLabel"]
    assert shown["paymentDiscountConditions"] == terms["paymentDiscountConditions"]
    assert read["dueDate"] == "2026-10-01T00:00:00.000+02:00"


def test_another_kind_of_document_is_unknown_under_this_path(api):
    invoice_id = api.create("/v1/invoices", invoice())
    answer = api.get(f"/v1/quotations/{invoice_id}")
    assert (answer.status_code, answer.json()["error"]) == (404, "Not Found")
