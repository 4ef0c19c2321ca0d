# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The five shapes of refusals, each at its family of endpoints."""

import re

import pytest

from . import payloads


def test_regular_error_in_every_field(api):
    answer = api.post("/v1/invoices?finalize=true", json={"title": "x"})
    assert answer.status_code == 406
    body = answer.json()
    request_id = answer.headers["x-amzn-RequestId"]
    assert body["status"] == 406
    assert body["error"] == "Not Acceptable"
    assert body["path"] == "/v1/invoices"
    assert body["traceId"] == request_id.split("-")[-1]
    assert re.fullmatch("[0-9a-f]{12}", body["traceId"])
    assert re.fullmatch("[0-9a-f-]{36}", body["requestId"])
    assert re.fullmatch(r"\d{4}-.*T.*\.\d{3}\+0[12]:00", body["timestamp"])
    assert body["message"] == (
        "Validation failed for request. Please see details list for specific causes."
    )
    assert {d["field"] for d in body["details"]} == {
        "voucherDate",
        "address",
        "lineItems",
        "taxConditions",
    }
    assert {d["violation"] for d in body["details"]} == {"NOTNULL"}
    assert {d["message"] for d in body["details"]} == {"darf nicht leer sein"}


def test_regular_error_with_a_nested_field(api):
    line = payloads.line()
    del line["unitPrice"]["taxRatePercentage"]
    details = api.post("/v1/invoices", json=payloads.invoice(line)).json()["details"]
    assert details[0]["field"] == "lineItems[0].unitPrice.taxRatePercentage"


def test_regular_business_error_has_only_a_message(api):
    body = payloads.invoice()
    del body["shippingConditions"]
    answer = api.post("/v1/invoices", json=body)
    assert answer.status_code == 406
    assert answer.json()["message"] == "The shipping conditions must not be null"
    assert "details" not in answer.json()


def test_legacy_error_of_a_contact(api):
    answer = api.post("/v1/contacts", json=payloads.contact(company={"name": ""}))
    assert answer.status_code == 406
    body = answer.json()
    assert re.fullmatch("[0-9a-f-]{36}", body["requestId"])
    assert body["IssueList"] == [
        {
            "i18nKey": "missing_entity",
            "source": "company.name",
            "type": "validation_failure",
            "additionalData": None,
            "args": None,
        }
    ]


def test_legacy_bad_request(api):
    answer = api.get("/v1/contacts?name=ab")
    assert answer.status_code == 400
    issue = answer.json()["IssueList"][0]
    assert issue["i18nKey"] == issue["type"] == "bad_request_error"
    assert issue["source"] == "size must be between 3 and 128"


def test_unknown_ids_by_family(api, settings):
    unknown = "3f1d7c52-8a4b-4a39-9c1e-6b0f2d5e7a10"
    regular = api.get(f"/v1/invoices/{unknown}")
    assert regular.json()["error"] == "Not Found"
    assert api.get(f"/v1/contacts/{unknown}").content == b""
    settings(legacy_not_found="issue_list")
    assert "IssueList" in api.get(f"/v1/contacts/{unknown}").json()


def test_upload_errors_are_flat_or_a_bare_string(api):
    files = {"file": ("a.pdf", payloads.pdf())}
    answer = api.post("/v1/files", files=files)
    assert answer.status_code == 400
    assert answer.json()["i18nKey"] == "bad_request_error"
    assert answer.json()["source"].startswith("Required request parameter 'type'")
    answer = api.post("/v1/files", files=files, data={"type": "receipt"})
    assert answer.status_code == 400
    assert answer.json() == "Invalid or missing upload type."
    answer = api.post("/v1/files", files={"type": (None, "voucher")})
    assert answer.status_code == 500


def test_a_wrong_body_type_is_refused_in_the_format_of_the_family(api):
    assert api.post("/v1/invoices", data="x").json()["status"] == 415
    assert "IssueList" in api.post("/v1/contacts", data="x").json()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/contacts", payloads.contact(company=["x"])),
        ("/v1/contacts", payloads.contact(emailAddresses=7)),
        ("/v1/contacts", payloads.contact(addresses={"billing": ["x"]})),
        ("/v1/vouchers", payloads.voucher(voucherItems=["x"])),
        ("/v1/vouchers", payloads.voucher(voucherNumber={"a": 1})),
        ("/v1/vouchers", payloads.voucher(totalGrossAmount=1e300)),
        ("/v1/invoices", payloads.invoice(address="x")),
        ("/v1/invoices", payloads.invoice(payloads.line(price=1e300))),
        ("/v1/invoices", payloads.invoice(payloads.line(quantity={}))),
        ("/v1/articles", {"title": "x", "type": "PRODUCT", "price": [1]}),
        ("/v1/event-subscriptions", {"eventType": [1], "callbackUrl": "https://x"}),
    ],
)
def test_values_of_the_wrong_type_are_refused_not_a_failure(api, path, body):
    assert api.post(path, json=body).status_code == 406


def test_oauth_errors(hooks):
    answer = hooks.post("/oauth2/token", data={"grant_type": "refresh_token"})
    assert answer.json() == {"error": "invalid_client"}
