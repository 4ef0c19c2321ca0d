# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""What the gateway does before and around every request."""

import re
import threading

import pytest

from . import payloads
from .server import KEY, Api

UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Basic eDp5", KEY])
def test_without_a_valid_key_nothing_is_answered(hooks, header):
    headers = {"Authorization": header} if header else {}
    answer = hooks.get("/v1/profile", headers=headers)
    assert answer.status_code == 401
    assert answer.json() == {"message": "Unauthorized"}
    assert answer.headers["x-amzn-ErrorType"] == "UnauthorizedException"


def test_every_answer_has_the_headers_of_the_gateway(api):
    headers = api.get("/v1/profile").headers
    assert re.fullmatch(UUID, headers["x-amzn-RequestId"])
    assert headers["x-amz-apigw-id"].endswith("=")
    assert headers["X-Amzn-Trace-Id"].startswith("Root=1-")
    assert headers["Content-Type"] == "application/json"
    assert "ETag" not in headers


def test_201_says_where_the_new_thing_is(api, server):
    answer = api.post("/v1/contacts", json=payloads.contact())
    assert answer.headers["Location"] == answer.json()["resourceUri"]
    assert answer.json()["resourceUri"].startswith(server.url + "/v1/contacts/")


def test_resource_addresses_follow_the_host_the_client_used(api):
    headers = {"Host": "lexoffice.test:1234"}
    answer = api.post("/v1/contacts", json=payloads.contact(), headers=headers)
    assert answer.json()["resourceUri"].startswith("http://lexoffice.test:1234/v1/")


def test_five_calls_at_once_pass_four(hooks, api, settings, server):
    settings(rate_limit=True)
    codes = []

    def call():
        codes.append(Api(server.url).post("/v1/invoices", json=payloads.invoice()))

    threads = [threading.Thread(target=call) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in codes) == [201] * 4 + [429]
    refused = next(answer for answer in codes if answer.status_code == 429)
    assert refused.json() == {"message": "Too Many Requests"}
    assert len(hooks.read("/sandbox/documents")) == 4  # the fifth was not executed


def test_accounts_have_a_bucket_each(hooks, api, settings, server):
    settings(rate_limit=True, rate_capacity=1, rate_refill=0.01)
    body = {"organization": "Zweite GmbH", "api_keys": ["second"]}
    hooks.post("/sandbox/accounts", json=body)
    assert api.get("/v1/profile").status_code == 200
    assert api.get("/v1/profile").status_code == 429
    assert Api(server.url, "second").get("/v1/profile").status_code == 200


def test_the_bucket_refills(api, settings):
    settings(rate_limit=True, rate_capacity=1, rate_refill=50)
    assert api.get("/v1/profile").status_code == 200
    threading.Event().wait(0.05)
    assert api.get("/v1/profile").status_code == 200


def test_a_429_may_carry_retry_after_or_be_a_500(api, settings):
    settings(rate_limit=True, rate_capacity=1, rate_refill=0.01, retry_after=3)
    api.get("/v1/profile")
    assert api.get("/v1/profile").headers["Retry-After"] == "3"
    settings(rate_limit_status=500)
    answer = api.get("/v1/profile")
    assert answer.status_code == 500
    assert "rate limit" in answer.json()["message"]


def test_a_key_without_the_scope_is_forbidden(hooks, api, server, settings):
    account = hooks.read("/sandbox/accounts")[0]["id"]
    body = {"key": "readonly", "scopes": ["contacts.read"]}
    hooks.post(f"/sandbox/accounts/{account}/api-keys", json=body)
    reader = Api(server.url, "readonly")
    assert reader.get("/v1/contacts").status_code == 200
    assert reader.get("/v1/countries").status_code == 200
    answer = reader.post("/v1/contacts", json=payloads.contact())
    assert answer.status_code == 403
    assert "access_denied" in answer.text
    settings(forbidden_body="echo_token")
    assert "Bearer readonly" in reader.get("/v1/profile").json()["message"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/invoices"),
        ("GET", "/v1/files"),
        ("GET", "/v1/taxes"),
        ("GET", "/v2/contacts"),
        ("DELETE", "/v1/contacts/3f1d7c52-8a4b-4a39-9c1e-6b0f2d5e7a10"),
        ("DELETE", "/v1/vouchers/3f1d7c52-8a4b-4a39-9c1e-6b0f2d5e7a10"),
        ("GET", "/v1/vouchers/3f1d7c52-8a4b-4a39-9c1e-6b0f2d5e7a10/files"),
        ("GET", "/v1/invoices/3f1d7c52-8a4b-4a39-9c1e-6b0f2d5e7a10"),
    ],
)
def test_unknown_routes_and_ids_are_404(api, method, path):
    assert api.request(method, path).status_code == 404


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_finished_invoice_cannot_be_changed(api, method):
    invoice_id = api.create("/v1/invoices", payloads.invoice())
    answer = api.request(method, f"/v1/invoices/{invoice_id}", json={})
    assert answer.status_code == 404


def test_the_wrong_method_is_405_when_switched_to_the_documentation(api, settings):
    settings(method_not_allowed=405)
    assert api.get("/v1/invoices").status_code == 405


def test_bodies_have_to_be_json(api):
    for path in ("/v1/invoices", "/v1/contacts"):
        assert api.post(path, data="x").status_code == 415
        headers = {"Content-Type": "application/json"}
        assert api.post(path, data="{", headers=headers).status_code == 400
        assert api.post(path, data="[1]", headers=headers).status_code == 400


def test_json_is_all_there_is_to_accept(api):
    answer = api.get("/v1/profile", headers={"Accept": "text/html"})
    assert answer.status_code == 406
    headers = {"Accept": "text/html, application/json;q=0.5"}
    assert api.get("/v1/profile", headers=headers).status_code == 200


def test_unknown_parameters_and_headers_change_nothing(api):
    """There is no idempotency: the same request twice makes two documents."""
    headers = {"Idempotency-Key": "1", "X-Idempotency-Key": "1"}
    ids = {
        api.post(
            "/v1/invoices?finalized=true", json=payloads.invoice(), headers=headers
        ).json()["id"]
        for _ in range(2)
    }
    assert len(ids) == 2
    states = [api.read(f"/v1/invoices/{i}")["voucherStatus"] for i in ids]
    assert states == ["draft", "draft"]


def test_a_key_ends_after_two_years(hooks, api):
    hooks.post("/sandbox/clock", json={"advance_seconds": 731 * 86400})
    assert api.get("/v1/profile").status_code == 401
