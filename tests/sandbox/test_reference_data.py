# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Profile, bare arrays, articles and event subscriptions."""

import pytest

KLEINUNTERNEHMER = "f5c7fee8-f184-4e7a-ab04-8f7e7ad6c207"


def test_profile_field_by_field(api, hooks):
    account = hooks.read("/sandbox/accounts")[0]
    profile = api.read("/v1/profile")
    assert profile == {
        "organizationId": account["id"],
        "companyName": "Testfirma GmbH",
        "created": {
            "userId": account["users"][0]["id"],
            "userName": "Frau Erika Musterfrau",
            "userEmail": "erika@testfirma.example",
            "date": account["created"],
        },
        "connectionId": account["api_keys"][0]["id"],
        "taxType": "net",
        "distanceSalesPrinciple": "ORIGIN",
        "businessFeatures": ["INVOICING", "INVOICING_PRO", "BOOKKEEPING"],
        "smallBusiness": False,
    }


def test_every_country_has_two_names_and_a_class(api):
    rows = api.read("/v1/countries")
    by_code = {row["countryCode"]: row for row in rows}
    assert len(by_code) == len(rows) >= 251
    assert by_code["DE"] == {
        "countryCode": "DE",
        "countryNameDE": "Deutschland",
        "countryNameEN": "Germany",
        "taxClassification": "de",
    }
    assert {"ES_CN", "GR_69"} <= set(by_code)
    assert by_code["AT"]["taxClassification"] == "intraCommunity"
    assert by_code["CH"]["taxClassification"] == "thirdPartyCountry"
    classes = [row["taxClassification"] for row in rows]
    assert classes.count("de") == 1
    assert all(row["countryNameDE"] and row["countryNameEN"] for row in rows)


def test_posting_categories(api):
    rows = {row["id"]: row for row in api.read("/v1/posting-categories")}
    assert rows["8f8664a8-fd86-11e1-a21f-0800200c9a66"] == {
        "id": "8f8664a8-fd86-11e1-a21f-0800200c9a66",
        "name": "Warenverkäufe",
        "type": "income",
        "contactRequired": False,
        "splitAllowed": True,
        "groupName": "Einnahmen",
    }
    assert KLEINUNTERNEHMER in rows
    assert {row["type"] for row in rows.values()} == {"income", "outgo"}
    assert any(row["contactRequired"] for row in rows.values())


def test_one_layout_and_the_default_terms(api):
    (layout,) = api.read("/v1/print-layouts")
    assert (set(layout), layout["default"]) == ({"id", "name", "default"}, True)
    terms = api.read("/v1/payment-conditions")
    assert [t["organizationDefault"] for t in terms] == [True, False]
    template = "{discountRange} Tage -{discount}, {paymentRange} Tage netto"
    assert terms[1]["paymentTermLabelTemplate"] == template


def test_there_are_no_recurring_templates(api):
    page = api.read("/v1/recurring-templates")
    assert (page["content"], page["totalElements"]) == ([], 0)


def article(**changes):
    price = {"netPrice": 1, "grossPrice": 11.90, "leadingPrice": "GROSS", "taxRate": 19}
    return {
        "title": "Schloss",
        "type": "PRODUCT",
        "articleNumber": "A-1",
        "unitName": "Stück",
        "price": price,
        "version": 0,
        **changes,
    }


def test_an_article_from_birth_to_death(api):
    article_id = api.create("/v1/articles", article())
    path = f"/v1/articles/{article_id}"
    read = api.read(path)
    assert read["price"]["netPrice"] == 10
    assert read["gtin"] is None  # articles show what is empty
    assert api.put(path, json=article(version=7)).status_code == 409
    assert api.put(path, json=article(version=1, title="Neu")).status_code == 200
    assert api.delete(path).status_code == 204
    assert api.get(path).status_code == 404


@pytest.mark.parametrize(
    ("change", "field", "violation"),
    [
        ({"price": None}, "price", "NOTNULL"),
        ({"gtin": "123"}, "gtin", "VALIDGTIN"),
        ({}, "materialNumber", "MATERIAL_NUMBER_ALREADY_EXISTS"),
    ],
)
def test_articles_are_checked(api, change, field, violation):
    api.create("/v1/articles", article())
    details = api.post("/v1/articles", json=article(**change)).json()["details"]
    assert (field, violation) in [(d["field"], d["violation"]) for d in details]


def test_articles_are_listed_by_exact_filters(api):
    api.create("/v1/articles", article())
    assert api.read("/v1/articles?articleNumber=A-1")["totalElements"] == 1
    assert api.read("/v1/articles?articleNumber=A")["totalElements"] == 0
    answer = api.get("/v1/articles?size=24")
    assert answer.status_code == 406
    assert answer.json()["details"][0]["violation"] == "MIN"


def test_event_subscriptions(api):
    body = {"eventType": "invoice.created", "callbackUrl": "https://a.example/h"}
    answer = api.post("/v1/event-subscriptions", json=body)
    assert answer.status_code == 201
    made = answer.json()
    assert made["version"] == 0
    assert made["resourceUri"].endswith(f"/v1/event-subscriptions/{made['id']}")
    assert api.post("/v1/event-subscriptions", json=body).status_code == 409
    path = f"/v1/event-subscriptions/{made['id']}"
    read = api.read(path)
    assert read.pop("subscriptionId") == made["id"]
    assert read.pop("organizationId") == api.read("/v1/profile")["organizationId"]
    assert read == {**body, "createdDate": made["createdDate"]}
    assert set(api.read("/v1/event-subscriptions")) == {"content"}
    assert api.delete(path).status_code == 204
    assert api.get(path).status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"callbackUrl": "http://a.example"},
        {"eventType": "invoice.*"},
        {"eventType": None},
    ],
)
def test_unusable_subscriptions(api, change):
    body = {"eventType": "invoice.created", "callbackUrl": "https://a.example/h"}
    answer = api.post("/v1/event-subscriptions", json={**body, **change})
    assert answer.status_code == 406
