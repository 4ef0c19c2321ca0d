# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""What goes over the wire, endpoint by endpoint."""

import json
from datetime import date, datetime, timezone
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from lexware import (
    AuthError,
    LexwareClient,
    NotFoundError,
    RejectedError,
    TransientError,
    UncertainError,
)

from .conftest import API, TOKEN

ID = "0c5f3b8e-6a0e-4c6e-9d1b-0d0b8a9f4a11"
OTHER = "be9475a4-ef80-442b-95eb-e56a7b2d5596"
STUB = {"id": ID, "version": 1}


def sent(mock, index=0):
    return mock.calls[index].request


def query(mock, index=0):
    return urlsplit(sent(mock, index).url).query


def test_requests_carry_token_and_json_headers(mock, api):
    mock.post(f"{API}/v1/contacts", json=STUB, status=201)
    api.create_contact({"version": 0})
    headers = sent(mock).headers
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert headers["Accept"] == "application/json"
    assert headers["Content-Type"] == "application/json"


def test_no_compression_and_no_cookies(mock, api):
    """A compressed answer could unfold without limit; a cookie is a memory."""
    mock.get(f"{API}/v1/countries", json=[], headers={"Set-Cookie": "AWSALB=x"})
    api.countries()
    api.countries()
    assert sent(mock, 1).headers["Accept-Encoding"] == "identity"
    assert "Cookie" not in sent(mock, 1).headers


def test_a_netrc_entry_does_not_replace_the_token(mock, api, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine api.lexware.io login a password b\n")
    monkeypatch.setenv("NETRC", str(netrc))
    mock.get(f"{API}/v1/countries", json=[])
    api.countries()
    assert sent(mock).headers["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize("status", [200, 201, 202])
def test_any_success_status_counts_as_created(mock, api, status):
    mock.post(f"{API}/v1/vouchers", json=STUB, status=status)
    assert api.create_voucher({"version": 0}) == STUB


def test_amounts_keep_their_digits_both_ways(mock, api):
    mock.post(f"{API}/v1/invoices", json=STUB, status=201)
    api.create_invoice({"a": Decimal("90.10"), "b": [Decimal("1E+2")]}, finalize=True)
    assert sent(mock).body == b'{"a":90.10,"b":[100]}'
    mock.get(f"{API}/v1/invoices/{ID}", body=f'{{"id": "{ID}", "t": 100.10}}')
    assert api.invoice(ID)["t"] == Decimal("100.10")


@pytest.mark.parametrize(
    "finalize, preceding, expected",
    [
        (True, None, "finalize=true"),
        (False, None, ""),
        (True, OTHER, f"finalize=true&precedingSalesVoucherId={OTHER}"),
    ],
)
def test_finalize_and_predecessor_go_into_the_query(
    mock, api, finalize, preceding, expected
):
    mock.post(f"{API}/v1/credit-notes", json=STUB, status=201)
    api.create_credit_note({}, finalize=finalize, preceding_id=preceding)
    assert query(mock) == expected


@pytest.mark.parametrize("finalize", [None, 1, "true"])
def test_finalize_must_be_said_clearly(api, finalize):
    with pytest.raises(TypeError):
        api.create_invoice({}, finalize=finalize)
    assert api.request_count == 0


def test_an_answer_without_version_still_delivers_the_id(mock, api):
    mock.post(f"{API}/v1/invoices", json={"id": ID, "version": "x"}, status=201)
    stub = api.create_invoice({}, finalize=True)
    assert stub == {"id": ID, "version": None}


def test_a_contact_without_version_cannot_be_used(mock, api):
    mock.get(f"{API}/v1/contacts/{ID}", json={"id": ID})
    with pytest.raises(TransientError) as caught:
        api.contact(ID)
    assert caught.value.code == "bad_response"


@pytest.mark.parametrize("id", ["", None, "../profile", ID + "/x", 5, "%2e%2e"])
def test_what_is_no_id_never_reaches_the_network(api, id):
    with pytest.raises(NotFoundError):
        api.invoice(id)
    with pytest.raises(NotFoundError):
        api.update_contact(id, {})
    assert api.request_count == 0


def test_search_texts_are_html_then_url_encoded(mock, api):
    page = {"content": [], "last": True}
    mock.get(f"{API}/v1/contacts", json=page)
    list(api.contacts(name="johnson & partner", email="a+b@x.de", customer=True))
    assert "name=johnson%20%26amp%3B%20partner" in query(mock)
    assert "email=a%2Bb%40x.de" in query(mock)
    assert "customer=true" in query(mock)
    assert "vendor" not in query(mock)


def test_voucherlist_spells_all_its_filters(mock, api):
    mock.get(f"{API}/v1/voucherlist", json={"content": [], "last": True})
    rows = api.voucherlist(
        voucher_type=["invoice", "creditnote"],
        contact_id=OTHER,
        voucher_number="R&D <1>",
        voucher_date_from=date(2026, 9, 1),
        created_date_to="2026-09-30",
        updated_date_from=datetime(2026, 8, 31, 22, 30, tzinfo=timezone.utc),
        archived=False,
        sort="createdDate,DESC",
    )
    assert list(rows) == []
    assert query(mock).split("&") == [
        "voucherType=invoice,creditnote",
        "voucherStatus=any",
        "archived=false",
        f"contactId={OTHER}",
        "voucherNumber=R%26amp%3BD%20%26lt%3B1%26gt%3B",
        "voucherDateFrom=2026-09-01",
        "createdDateTo=2026-09-30",
        "updatedDateFrom=2026-09-01",
        "sort=createdDate,DESC",
        "page=0",
        "size=250",
    ]


def test_a_misspelled_filter_is_refused_because_the_service_would_ignore_it(api):
    with pytest.raises(TypeError):
        api.voucherlist(voucher_type="invoice", vouchernumber="x")
    with pytest.raises(TypeError):
        api.contacts(mail="x")


@pytest.mark.parametrize("open_amount", ['"69.01"', "69.01"])
def test_open_amount_is_decimal_even_if_sent_as_text(mock, api, open_amount):
    body = f'{{"openAmount": {open_amount}, "paymentItems": [{{"amount": 50}}]}}'
    mock.get(f"{API}/v1/payments/{ID}", body=body)
    data = api.payments(ID)
    assert data["openAmount"] == Decimal("69.01")
    assert data["paymentItems"][0]["amount"] == Decimal(50)


def test_a_401_is_repeated_once_with_another_token_even_for_a_post(mock):
    asked = []

    def provider(rejected=None):
        asked.append(rejected)
        return "new-token" if rejected else "old-token"

    mock.post(f"{API}/v1/invoices", status=401, json={"message": "Unauthorized"})
    mock.post(f"{API}/v1/invoices", status=201, json=STUB)
    with LexwareClient(API, provider) as api:
        assert api.create_invoice({"a": 1}, finalize=True)["id"] == ID
        assert api.request_count == 2
    assert asked == [None, "old-token"]
    assert sent(mock, 1).headers["Authorization"] == "Bearer new-token"
    assert sent(mock, 1).body == sent(mock, 0).body


def test_a_second_401_is_final(mock):
    mock.get(f"{API}/v1/profile", status=401)
    with LexwareClient(API, lambda rejected=None: f"t{bool(rejected)}") as api:
        with pytest.raises(AuthError):
            api.profile()
        assert api.request_count == 2


def test_a_401_without_another_token_is_not_repeated(mock, api):
    mock.get(f"{API}/v1/profile", status=401)
    with pytest.raises(AuthError) as caught:
        api.profile()
    assert caught.value.code == "unauthorized"
    assert api.request_count == 1


def test_hooks_frame_every_request_also_the_repeated_one(mock):
    events = []
    mock.get(f"{API}/v1/countries", status=401)
    mock.get(f"{API}/v1/countries", json=[])
    client = LexwareClient(
        API,
        lambda rejected=None: "b" if rejected else "a",
        before_request=lambda: events.append("slot"),
        after_response=events.append,
    )
    with client:
        client.countries()
    assert events == ["slot", 401, "slot", 200]


def test_the_hook_after_a_request_hears_of_a_lost_answer_too(mock):
    heard = []
    mock.get(f"{API}/v1/countries", body=ConnectionResetError())
    with LexwareClient(
        API, lambda rejected=None: "t", after_response=heard.append
    ) as client:
        with pytest.raises(TransientError):
            client.countries()
    assert heard == [None]


def test_redirects_are_not_followed_with_the_token(mock, api):
    headers = {"Location": "https://evil.example/v1/profile"}
    mock.get(f"{API}/v1/profile", status=301, headers=headers)
    with pytest.raises(RejectedError) as caught:
        api.profile()
    assert caught.value.code == "redirected"
    assert len(mock.calls) == 1


def test_a_voucher_put_leaves_out_what_lexoffice_refuses(mock, api):
    mock.put(f"{API}/v1/vouchers/{ID}", json=STUB)
    voucher = {
        "id": ID,
        "version": 1,
        "files": [],
        "voucherStatus": "open",
        "contactName": "x",
        "createdDate": "x",
        "organizationId": "x",
    }
    api.update_voucher(ID, voucher)
    assert json.loads(sent(mock).body) == {"id": ID, "version": 1, "files": []}
    assert "voucherStatus" in voucher, "the caller's dict is not changed"


def test_a_voucher_put_that_would_delete_files_is_not_sent(api):
    with pytest.raises(ValueError):
        api.update_voucher(ID, {"version": 1})
    assert api.request_count == 0


def test_subscriptions_have_one_name_for_their_id(mock, api):
    url = f"{API}/v1/event-subscriptions"
    mock.get(url, json={"content": [{"subscriptionId": ID, "eventType": "a.b"}]})
    assert api.event_subscriptions()[0]["id"] == ID
    mock.post(url, json=STUB, status=201)
    assert api.create_event_subscription("invoice.created", "https://x/y")["id"] == ID
    expected = {"eventType": "invoice.created", "callbackUrl": "https://x/y"}
    assert json.loads(sent(mock, 1).body) == expected


@pytest.mark.parametrize("status", [204, 404])
def test_deleting_a_subscription_twice_is_fine(mock, api, status):
    mock.delete(f"{API}/v1/event-subscriptions/{ID}", status=status)
    assert api.delete_event_subscription(ID) is None
    assert len(mock.calls) == 1


def test_a_profile_always_has_its_lists_and_flags(mock, api):
    mock.get(f"{API}/v1/profile", json={"organizationId": ID})
    profile = api.profile()
    assert profile["businessFeatures"] == []
    assert profile["smallBusiness"] is False


@pytest.mark.parametrize(
    "call, path, body",
    [
        ("posting_categories", "posting-categories", [{"id": ID}]),
        ("print_layouts", "print-layouts", [{"id": ID}]),
        ("payment_conditions", "payment-conditions", []),
        ("countries", "countries", [{"countryCode": "DE"}]),
    ],
)
def test_reference_data_are_bare_lists(mock, api, call, path, body):
    mock.get(f"{API}/v1/{path}", json=body)
    assert getattr(api, call)() == body


def test_a_204_to_a_creation_is_uncertain(mock, api):
    mock.post(f"{API}/v1/invoices", status=204)
    with pytest.raises(UncertainError):
        api.create_invoice({}, finalize=True)
