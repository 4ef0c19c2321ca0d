# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Contacts: numbers, replacement, versions, search."""

import pytest

from .payloads import contact


def issues(answer, status=406):
    assert answer.status_code == status, answer.text
    return [(i["source"], i["i18nKey"]) for i in answer.json()["IssueList"]]


def test_creation_answers_a_stub_only(api):
    answer = api.post("/v1/contacts", json=contact())
    assert answer.status_code == 201
    assert set(answer.json()) == {
        "id",
        "resourceUri",
        "createdDate",
        "updatedDate",
        "version",
    }
    assert answer.json()["version"] == 1


def test_status_and_first_version_can_be_switched(api, settings):
    settings(status_on_create=200, contact_initial_version=0)
    answer = api.post("/v1/contacts", json=contact())
    assert (answer.status_code, answer.json()["version"]) == (200, 0)


def test_reading_omits_what_is_empty(api, customer):
    read = api.read(f"/v1/contacts/{customer}")
    assert set(read) == {
        "id",
        "organizationId",
        "version",
        "roles",
        "company",
        "addresses",
        "archived",
    }
    assert read["company"] == {
        "name": "Nordlicht Fahrradbau GmbH",
        "allowTaxFreeInvoices": False,
    }
    assert read["archived"] is False
    assert read["roles"] == {"customer": {"number": 10001}}


def test_everything_that_can_be_written_comes_back(api):
    person = {
        "salutation": "Frau",
        "firstName": "Jana",
        "lastName": "Petersen",
        "primary": True,
        "emailAddress": "jana@nordlicht.example",
        "phoneNumber": "+49 40 1",
    }
    body = contact(
        roles={"customer": {}, "vendor": {}},
        company={
            "name": "Nordlicht",
            "vatRegistrationId": "DE123456789",
            "taxNumber": "12/345/67890",
            "allowTaxFreeInvoices": True,
            "contactPersons": [person],
        },
        xRechnung={"buyerReference": "04011000-1", "vendorNumberAtCustomer": "70123"},
        emailAddresses={"business": ["a@b.example"], "other": ["c@d.example"]},
        phoneNumbers={"mobile": ["1"], "fax": ["2"]},
        note="shop id 4711",
    )
    read = api.read(f"/v1/contacts/{api.create('/v1/contacts', body)}")
    assert read["roles"] == {"customer": {"number": 10001}, "vendor": {"number": 70001}}
    for block in (
        "company",
        "addresses",
        "xRechnung",
        "emailAddresses",
        "phoneNumbers",
        "note",
    ):
        assert read[block] == body[block]


def test_customer_numbers_count_up(api):
    ids = [api.create("/v1/contacts", contact()) for _ in range(3)]
    numbers = [
        api.read(f"/v1/contacts/{i}")["roles"]["customer"]["number"] for i in ids
    ]
    assert numbers == [10001, 10002, 10003]


ADDRESS = {"countryCode": "DE"}
REFUSALS = [
    ({"roles": {}}, ("roles.customer or roles.vendor", "missing_entity")),
    ({"company": None}, ("company or person", "missing_entity")),
    ({"person": {"lastName": "X"}}, ("company and person", "invalid_value")),
    ({"company": {"name": ""}}, ("company.name", "missing_entity")),
    ({"company": {"taxNumber": "1"}}, ("company.name", "missing_entity")),
    (
        {"addresses": {"billing": [ADDRESS, ADDRESS]}},
        ("addresses.billing.size", "invalid_value"),
    ),
    ({"addresses": []}, ("addresses", "missing_entity")),
    ({"addresses": {"billing": {}}}, ("billing", "missing_entity")),
    (
        {"addresses": {"billing": [{"countryCode": "Deutschland"}]}},
        ("countryCode", "countrycode_is_not_valid"),
    ),
    (
        {"addresses": {"billing": [{"city": "Kiel"}]}},
        ("countryCode", "countrycode_is_not_valid"),
    ),
    (
        {"emailAddresses": {"business": [""]}},
        ("emailAddresses[0].emailAddress", "invalid_value"),
    ),
    (
        {"emailAddresses": {"business": ["a@b.de", "c@d.de"]}},
        ("emailAddresses.business.size", "invalid_value"),
    ),
    (
        {"phoneNumbers": {"mobile": [""]}},
        ("phoneNumbers[0].phoneNumber", "invalid_value"),
    ),
    (
        {"xRechnung": {"buyerReference": "1"}},
        ("xRechnung.vendorNumberAtCustomer", "missing_entity"),
    ),
    ({"note": "x" * 1001}, ("note", "invalid_value")),
]


@pytest.mark.parametrize(("change", "issue"), REFUSALS)
def test_refused_with_the_reason(api, change, issue):
    answer = api.post("/v1/contacts", json=contact(**change))
    assert issues(answer) == [issue]


def test_a_put_replaces_everything(api):
    contact_id = api.create("/v1/contacts", contact(note="to be lost"))
    body = contact("Neuer Name", version=1)
    del body["addresses"]
    answer = api.put(f"/v1/contacts/{contact_id}", json=body)
    assert answer.status_code == 200
    assert answer.json()["version"] == 2
    read = api.read(f"/v1/contacts/{contact_id}")
    assert read["company"]["name"] == "Neuer Name"
    assert "note" not in read
    assert "addresses" not in read
    assert read["roles"] == {"customer": {"number": 10001}}


def test_read_only_fields_may_be_sent_back(api, customer):
    body = api.read(f"/v1/contacts/{customer}")
    body["archived"] = True
    body["roles"]["customer"]["number"] = 99
    assert api.put(f"/v1/contacts/{customer}", json=body).status_code == 200
    read = api.read(f"/v1/contacts/{customer}")
    assert read["archived"] is False
    assert read["roles"]["customer"]["number"] == 10001


def test_roles_can_be_added_and_left_out(api, customer):
    body = contact(version=1, roles={"vendor": {}})
    api.put(f"/v1/contacts/{customer}", json=body)
    read = api.read(f"/v1/contacts/{customer}")
    assert read["roles"] == {"vendor": {"number": 70001}}


def test_a_stale_version_is_406_or_409(api, customer, settings):
    path = f"/v1/contacts/{customer}"
    stale, missing = contact(version=0), contact()
    del missing["version"]
    assert issues(api.put(path, json=stale)) == [("version", "invalid_value")]
    assert issues(api.put(path, json=missing)) == [("version", "missing_entity")]
    settings(stale_version="docs")
    assert api.put(path, json=stale).status_code == 409


def test_a_company_does_not_become_a_person(api, customer):
    body = contact(version=1, company=None, person={"lastName": "X"})
    assert issues(api.put(f"/v1/contacts/{customer}", json=body)) == [
        ("company", "invalid_value")
    ]


def test_more_than_one_entry_can_be_read_but_not_updated(api, hooks, customer):
    hooks.post(f"/sandbox/contacts/{customer}/add-address")
    read = api.read(f"/v1/contacts/{customer}")
    assert len(read["addresses"]["billing"]) == 2
    single = contact(version=read["version"])
    assert issues(api.put(f"/v1/contacts/{customer}", json=single)) == [
        ("addresses.billing.size", "invalid_value")
    ]


def found(api, query):
    page = api.read(f"/v1/contacts?{query}")
    return [c.get("company", c.get("person")).get("name") for c in page["content"]]


@pytest.fixture
def three(api):
    api.create("/v1/contacts", contact("Zeder AG", roles={"vendor": {}}))
    api.create("/v1/contacts", contact("johnson & partner"))
    mail = {"business": ["Info_Post@Ahorn.example"]}
    api.create("/v1/contacts", contact("Ahorn 100% GmbH", emailAddresses=mail))


SEARCHES = {
    "": ["Ahorn 100% GmbH", "johnson & partner", "Zeder AG"],
    "name=AHORN": ["Ahorn 100% GmbH"],
    "name=horn": ["Ahorn 100% GmbH"],
    "name=z_der": ["Zeder AG"],
    "name=z%25ag": ["Zeder AG"],
    "name=100%5C%25": ["Ahorn 100% GmbH"],
    "name=johnson%20%26amp%3B%20partner": ["johnson & partner"],
    "name=johnson%20%26%20partner": [],
    "email=info%5C_post%40": ["Ahorn 100% GmbH"],
    "number=10001": ["johnson & partner"],
    "number=70001": ["Zeder AG"],
    "customer=true": ["Ahorn 100% GmbH", "johnson & partner"],
    "customer=false": ["Zeder AG"],
    "vendor=true&name=ahorn": [],
    "nane=ahorn": ["Ahorn 100% GmbH", "johnson & partner", "Zeder AG"],
}


@pytest.mark.parametrize(("query", "names"), SEARCHES.items())
def test_search(api, three, query, names):
    assert found(api, query) == names


def test_contact_persons_are_found_by_mail(api):
    person = {"lastName": "Petersen", "emailAddress": "jana@nordlicht.example"}
    company = {"name": "Nordlicht", "contactPersons": [person]}
    api.create("/v1/contacts", contact(company=company))
    assert found(api, "email=jana@nord") == ["Nordlicht"]


def test_unusable_filters(api):
    for query in ("name=ab", "email=" + "x" * 129):
        assert issues(api.get(f"/v1/contacts?{query}"), 400) == [
            ("size must be between 3 and 128", "bad_request_error")
        ]
    assert issues(api.get("/v1/contacts?number=abc"), 400) == [
        ("number", "invalid_value")
    ]


def test_pages(api):
    for number in range(3):
        api.create("/v1/contacts", contact(f"Firma {number}"))
    page = api.read("/v1/contacts?page=1&size=2")
    assert [c["company"]["name"] for c in page.pop("content")] == ["Firma 2"]
    order = {"direction": "ASC", "property": "name", "ignoreCase": False}
    order.update(nullHandling="NATIVE", ascending=True)
    assert page == {
        "first": False,
        "last": True,
        "totalPages": 2,
        "totalElements": 3,
        "numberOfElements": 1,
        "size": 2,
        "number": 1,
        "sort": [order],
    }
    assert api.read("/v1/contacts?page=-1&size=x")["size"] == 25
    assert api.get("/v1/contacts?size=500").status_code == 200
    assert issues(api.get("/v1/contacts?size=1000"), 400) == [
        ("parameter 'size' exceeds the limit", "bad_request_error")
    ]


def test_archived_contacts_stay_in_the_list(api, hooks, customer):
    hooks.post(f"/sandbox/contacts/{customer}/archive")
    assert api.read("/v1/contacts")["content"][0]["archived"] is True
