# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The voucherlist: filters, order, pages, overdue documents."""

import pytest

from .payloads import contact, credit_note, invoice, line, voucher

ALL = "/v1/voucherlist?voucherType=any&voucherStatus=any"


def numbers(api, query="", base=ALL):
    return [row["voucherNumber"] for row in api.read(base + query)["content"]]


def on(day):
    return f"{day}T00:00:00.000+02:00"


@pytest.fixture
def documents(api, hooks, customer):
    """RE0001 open, RE0002 draft of the customer, GS0001 open, WEB-1 voucher."""
    hooks.post("/sandbox/clock", json={"set": "2026-06-10T12:00:00+02:00"})
    terms = {"paymentTermDuration": 10}
    body = invoice(voucherDate=on("2026-06-01"), paymentConditions=terms)
    api.create("/v1/invoices?finalize=true", body)
    hooks.post("/sandbox/clock", json={"set": "2026-06-11T00:00:30+02:00"})
    body = invoice(voucherDate=on("2026-06-03"), contact_id=customer)
    api.create("/v1/invoices", body)
    hooks.post("/sandbox/clock", json={"set": "2026-06-11T23:59:00+02:00"})
    body = credit_note(voucherDate=on("2026-06-02"))
    api.create("/v1/credit-notes?finalize=true", body)
    body = voucher(
        voucherNumber="WEB-1", voucherDate="2026-06-04", dueDate="2026-07-01"
    )
    api.create("/v1/vouchers", body)


def test_one_row_field_by_field(api, documents, customer):
    row = api.read(ALL + "&voucherNumber=re0001")["content"][0]
    invoice_id = row.pop("id")
    created = api.read(f"/v1/invoices/{invoice_id}")["createdDate"]
    assert row == {
        "voucherType": "invoice",
        "voucherStatus": "open",
        "voucherNumber": "RE0001",
        "voucherDate": "2026-06-01T00:00:00.000+02:00",
        "createdDate": created,
        "updatedDate": created,
        "dueDate": "2026-06-11T00:00:00.000+02:00",
        "contactName": "Einmalig",
        "totalAmount": 119.00,
        "openAmount": 119.00,
        "currency": "EUR",
        "archived": False,
    }


FILTERS = {
    "": ["WEB-1", "RE0002", "GS0001", "RE0001"],
    "&voucherDateFrom=2026-06-02&voucherDateTo=2026-06-03": ["RE0002", "GS0001"],
    "&createdDateTo=2026-06-10": ["RE0001"],
    "&createdDateFrom=2026-06-11": ["WEB-1", "RE0002", "GS0001"],
    "&updatedDateFrom=2026-06-11&updatedDateTo=2026-06-11": [
        "WEB-1",
        "RE0002",
        "GS0001",
    ],
    "&voucherNumber=web-1": ["WEB-1"],
    "&voucherNumber=web": [],
    "&archived=true": [],
    "&archived=false&voucherNumber=GS0001": ["GS0001"],
    "&sort=voucherNumber,ASC": ["GS0001", "RE0001", "RE0002", "WEB-1"],
    "&sort=createdDate,ASC": ["RE0001", "RE0002", "GS0001", "WEB-1"],
    "&sort=updatedDate,DESC&size=2": ["WEB-1", "GS0001"],
    "&sort=voucherDate,ASC&size=3&page=1": ["WEB-1"],
    "&voucherNummer=x": ["WEB-1", "RE0002", "GS0001", "RE0001"],
}


@pytest.mark.parametrize(("query", "expected"), FILTERS.items())
def test_filters_and_order(api, documents, query, expected):
    assert numbers(api, query) == expected


@pytest.mark.parametrize(
    ("types", "states", "expected"),
    [
        ("invoice", "any", ["RE0002", "RE0001"]),
        ("invoice,creditnote", "open", ["GS0001", "RE0001"]),
        ("any", "draft", ["RE0002"]),
        ("salesinvoice", "open,paid", ["WEB-1"]),
        ("quotation", "any", []),
    ],
)
def test_types_and_states(api, documents, types, states, expected):
    base = f"/v1/voucherlist?voucherType={types}&voucherStatus={states}"
    assert numbers(api, base=base) == expected


def test_by_contact(api, documents, customer):
    assert numbers(api, f"&contactId={customer}") == ["RE0002"]
    assert numbers(api, f"&contactId={customer}&voucherNumber=RE0001") == []


def test_names_of_persons_and_collective_contacts(api):
    body = contact(person={"firstName": "Jana", "lastName": "Petersen"})
    del body["company"]
    person = api.create("/v1/contacts", body)
    api.create("/v1/invoices", invoice(contact_id=person))
    api.create("/v1/vouchers", voucher(voucherNumber="S"))
    api.create("/v1/vouchers", voucher(voucherNumber="P", type="purchaseinvoice"))
    rows = api.read(ALL)["content"]
    names = {row["voucherNumber"]: row["contactName"] for row in rows}
    assert names == {
        "RE0001": "Petersen, Jana",
        "S": "Sammelkunde",
        "P": "Sammellieferant",
    }
    without = [row["voucherNumber"] for row in rows if "contactId" not in row]
    assert sorted(without) == ["P", "S"]


def test_overdue_is_derived_from_the_day(api, hooks, documents):
    overdue = "/v1/voucherlist?voucherType=any&voucherStatus=overdue"
    assert numbers(api, base=overdue) == []  # due today is not late yet
    hooks.post("/sandbox/clock", json={"set": "2026-06-12T00:00:01+02:00"})
    assert numbers(api, base=overdue) == ["RE0001"]
    invoices = "/v1/voucherlist?voucherType=invoice&voucherStatus="
    assert numbers(api, base=invoices + "open") == []
    row = api.read(overdue)["content"][0]
    assert api.read(f"/v1/invoices/{row['id']}")["voucherStatus"] == "open"


def test_numbers_with_signs_have_to_be_encoded(api):
    api.create("/v1/vouchers", voucher(voucherNumber="A&B"))
    assert numbers(api, "&voucherNumber=A%26amp%3BB") == ["A&B"]
    assert numbers(api, "&voucherNumber=A%26B") == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("voucherType=any", "Missing required request parameters"),
        ("voucherStatus=any", "Missing required request parameters"),
        ("voucherType=dunning&voucherStatus=any", None),
        ("voucherType=any&voucherStatus=blank", None),
        ("voucherType=any&voucherStatus=overdue,open", None),
        (
            "voucherType=any&voucherStatus=any&size=251",
            "parameter 'size' must be equal or lower than 250",
        ),
        (
            "voucherType=any&voucherStatus=any&sort=contactName,ASC",
            "parameter 'sort' is invalid",
        ),
        (
            "voucherType=any&voucherStatus=any&size=250&page=40",
            "Maximum search window size exceeded",
        ),
        ("voucherType=any&voucherStatus=any&createdDateFrom=1.6.2026", None),
        ("voucherType=any&voucherStatus=any&contactId=7", None),
    ],
)
def test_refused(api, query, message):
    answer = api.get(f"/v1/voucherlist?{query}")
    assert answer.status_code == 400
    assert message in (None, answer.json()["message"])


def test_the_last_page_of_the_window(api):
    page = api.read(ALL + "&size=250&page=39")
    assert page["content"] == []
    assert page["sort"] == [
        {
            "direction": "DESC",
            "property": "voucherdate",
            "ignoreCase": False,
            "nullHandling": "NATIVE",
            "ascending": False,
        }
    ]


def test_the_index_may_lag(api, hooks, settings):
    settings(index_lag=5)
    api.create("/v1/invoices", invoice(line()))
    assert numbers(api) == []
    hooks.post("/sandbox/clock", json={"advance_seconds": 6})
    assert numbers(api) == ["RE0001"]


def test_rows_without_payment_have_no_open_amount(api):
    api.create("/v1/invoices", invoice())
    assert api.read(ALL)["content"][0]["openAmount"] is None
