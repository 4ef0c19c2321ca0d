# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Bookkeeping vouchers: sums, states, replacement, contacts."""

import pytest

from .payloads import SERVICE, contact, item, pdf, voucher

EU_SUPPLY = "9075a4e3-66de-4795-a016-3889feca0d20"
TRAVEL = "f9f05693-fd89-11e1-a21f-0800200c9a66"


def issues(answer):
    assert answer.status_code == 406, answer.text
    return [(i["source"], i["i18nKey"]) for i in answer.json()["IssueList"]]


def test_booked_at_once_and_read_back(api):
    answer = api.post("/v1/vouchers", json=voucher(shippingDate="2026-09-02"))
    assert (answer.status_code, answer.json()["version"]) == (201, 1)
    read = api.read(f"/v1/vouchers/{answer.json()['id']}")
    assert {k: read[k] for k in ("createdDate", "updatedDate")} == {
        k: answer.json()[k] for k in ("createdDate", "updatedDate")
    }
    for field in ("id", "organizationId", "createdDate", "updatedDate"):
        del read[field]
    assert read == {
        "type": "salesinvoice",
        "voucherStatus": "open",
        "voucherNumber": "WEB-2026-4711",
        "voucherDate": "2026-09-01T00:00:00.000+02:00",
        "shippingDate": "2026-09-02T00:00:00.000+02:00",
        "dueDate": "2026-09-15T00:00:00.000+02:00",
        "totalGrossAmount": 226.00,
        "totalTaxAmount": 26.00,
        "taxType": "gross",
        "useCollectiveContact": True,
        "remark": "Order 4711",
        "voucherItems": voucher()["voucherItems"],
        "files": [],
        "version": 1,
    }


def test_due_on_the_day_of_the_voucher_by_default(api):
    body = voucher()
    del body["dueDate"]
    read = api.read(f"/v1/vouchers/{api.create('/v1/vouchers', body)}")
    assert read["dueDate"] == read["voucherDate"]


def test_net_vouchers_add_the_tax(api):
    body = voucher(taxType="net", voucherItems=[item(100, 19, 19)])
    assert issues(api.post("/v1/vouchers", json=body)) == [
        ("totalGrossAmount", "invalid_total_amount"),
        ("totalTaxAmount", "invalid_taxamount"),
    ]
    api.create("/v1/vouchers", {**body, "totalGrossAmount": 119, "totalTaxAmount": 19})


REFUSALS = [
    ({"totalGrossAmount": 226.01}, ("totalGrossAmount", "invalid_total_amount")),
    ({"totalTaxAmount": 25.99}, ("totalTaxAmount", "invalid_taxamount")),
    ({"totalGrossAmount": "much"}, ("totalGrossAmount", "invalid_value")),
    ({"totalGrossAmount": None}, ("totalGrossAmount", "missing_entity")),
    ({"voucherNumber": None}, ("voucherNumber", "missing_entity")),
    ({"voucherNumber": ""}, ("voucherNumber", "missing_entity")),
    ({"voucherDate": None}, ("voucherDate", "missing_entity")),
    ({"type": None}, ("type", "missing_entity")),
    ({"type": "invoice"}, ("type", "invalid_value")),
    ({"taxType": "brutto"}, ("taxType", "invalid_value")),
    ({"voucherItems": []}, ("voucherItems", "missing_entity")),
    ({"useCollectiveContact": False}, ("contactId", "missing_entity")),
    (
        {"useCollectiveContact": False, "contactId": "unknown"},
        ("contactId", "invalid_value"),
    ),
    ({"voucherStatus": "unchecked"}, ("voucherStatus", "invalid_value")),
    ({"voucherStatus": "paid"}, ("voucherStatus", "invalid_value")),
    ({"files": ["unknown"]}, ("files[0]", "invalid_value")),
]


@pytest.mark.parametrize(("change", "issue"), REFUSALS)
def test_refused_with_the_reason(api, change, issue):
    assert issues(api.post("/v1/vouchers", json=voucher(**change))) == [issue]


ITEM_REFUSALS = [
    (item(226, 30, 19), "voucherItems[0].taxAmount", "invalid_taxamount"),
    (item(226, 36.08, 18), "voucherItems[0].taxRatePercent", "invalid_value"),
    (item(226, 36.08, 19, "x"), "voucherItems[0].categoryId", "invalid_value"),
    (item(226, 36.08, 19, None), "voucherItems[0].categoryId", "missing_entity"),
    (item(226, None, 19), "voucherItems[0].taxAmount", "missing_entity"),
    (item(226, 36.081, 19), "voucherItems[0].taxAmount", "invalid_value"),
    (item(226, 0, 0, EU_SUPPLY), "contactId", "missing_entity"),
]


@pytest.mark.parametrize(("entry", "source", "key"), ITEM_REFUSALS)
def test_items_are_checked(api, entry, source, key):
    tax = round(entry["taxAmount"] or 0, 2)
    body = voucher(voucherItems=[entry], totalTaxAmount=tax)
    assert issues(api.post("/v1/vouchers", json=body))[0] == (source, key)


def test_tax_of_an_item_may_be_a_cent_off_unless_switched(api, settings):
    body = voucher(voucherItems=[item(226, 36.09, 19)], totalTaxAmount=36.09)
    api.create("/v1/vouchers", body)
    settings(voucher_tax_tolerance=0)
    assert api.post("/v1/vouchers", json=body).status_code == 406


@pytest.mark.parametrize("rate", [0, 5, 7, 16, 19])
def test_rates_do_not_depend_on_the_day(api, rate):
    tax = round(100 * rate / (100 + rate), 2)
    entry = item(100, tax, rate)
    body = voucher(voucherItems=[entry], totalGrossAmount=100, totalTaxAmount=tax)
    api.create("/v1/vouchers", body)


def test_categories_that_stand_alone(api):
    items = [item(119, 19, 19, TRAVEL), item(107, 7, 7, SERVICE)]
    body = voucher(voucherItems=items)
    assert issues(api.post("/v1/vouchers", json=body)) == [
        ("voucherItems[0].categoryId", "invalid_value")
    ]


def test_contact_needs_the_role_of_the_type(api, customer):
    own = {"useCollectiveContact": False, "contactId": customer}
    voucher_id = api.create("/v1/vouchers", voucher(**own))
    assert api.read(f"/v1/vouchers/{voucher_id}")["contactId"] == customer
    answer = api.post("/v1/vouchers", json=voucher(type="purchaseinvoice", **own))
    assert issues(answer) == [("contactId", "invalid_value")]
    vendor = api.create("/v1/contacts", contact(roles={"vendor": {}}))
    body = voucher(type="purchaseinvoice", **{**own, "contactId": vendor})
    api.create("/v1/vouchers", body)


def test_the_same_number_twice_is_no_problem(api):
    api.create("/v1/vouchers", voucher())
    api.create("/v1/vouchers", voucher())
    page = api.read("/v1/vouchers?voucherNumber=WEB-2026-4711")
    assert page["totalElements"] == 2
    assert api.read("/v1/vouchers?voucherNumber=web-2026-4711")["content"] == []
    answer = api.get("/v1/vouchers")
    assert answer.status_code == 400
    source = answer.json()["IssueList"][0]["source"]
    assert source == "voucherNumber parameter is required"


def test_a_put_replaces_and_counts_the_version(api):
    voucher_id = api.create("/v1/vouchers", voucher())
    path = f"/v1/vouchers/{voucher_id}"
    body = voucher(version=1, voucherNumber="NEU")
    del body["remark"]
    answer = api.put(path, json=body)
    assert (answer.status_code, answer.json()["version"]) == (200, 2)
    read = api.read(path)
    assert (read["voucherNumber"], "remark" in read) == ("NEU", False)
    assert issues(api.put(path, json=body)) == [("version", "invalid_value")]
    del body["version"]
    assert issues(api.put(path, json=body)) == [("version", "missing_entity")]


@pytest.mark.parametrize("state", ["open", "paid", "unchecked"])
def test_the_state_must_not_be_sent_back(api, state):
    voucher_id = api.create("/v1/vouchers", voucher())
    body = voucher(version=1, voucherStatus=state)
    answer = api.put(f"/v1/vouchers/{voucher_id}", json=body)
    assert issues(answer) == [("voucherStatus", "invalid_value")]


def test_an_unchecked_voucher_is_booked_by_open(api, hooks):
    upload = api.post(
        "/v1/files", files={"file": ("r.pdf", pdf())}, data={"type": "voucher"}
    ).json()
    path = f"/v1/vouchers/{upload['voucherId']}"
    hooks.post("/sandbox/clock", json={"advance_seconds": 10})
    read = api.read(path)
    assert read["voucherStatus"] == "unchecked"
    partial = {
        "version": read["version"],
        "voucherNumber": "R1",
        "files": read["files"],
    }
    partial["useCollectiveContact"] = True
    assert api.put(path, json=partial).status_code == 200
    assert api.read(path)["voucherStatus"] == "unchecked"
    full = voucher(voucherStatus="open", version=api.read(path)["version"])
    full["files"] = read["files"]
    assert api.put(path, json=full).status_code == 200
    read = api.read(path)
    assert (read["voucherStatus"], read["files"]) == ("open", [upload["id"]])


def test_unchecked_can_be_posted_when_switched_to_the_documentation(api, settings):
    settings(voucher_status_on_post="accept")
    body = {"version": 0, "voucherStatus": "unchecked", "useCollectiveContact": True}
    read = api.read(f"/v1/vouchers/{api.create('/v1/vouchers', body)}")
    assert read["voucherStatus"] == "unchecked"
