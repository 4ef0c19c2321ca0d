# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Which answer becomes which error, in all dialects of the API."""

import ast
import inspect
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import lexware
import pytest
from lexware import (
    CODES,
    AuthError,
    ConflictError,
    Issue,
    LexwareError,
    NotFoundError,
    RejectedError,
    TransientError,
    UncertainError,
)

from .conftest import API

ID = "0c5f3b8e-6a0e-4c6e-9d1b-0d0b8a9f4a11"
LEGACY = {
    "requestId": ID,
    "IssueList": [
        {"i18nKey": "missing_entity", "source": "company.name", "args": None},
        {"i18nKey": "invalid_value", "source": "company and person"},
    ],
}
REGULAR = {
    "status": 406,
    "message": "Validation failed for request.",
    "details": [
        {
            "violation": "NOTNULL",
            "field": "lineItems[0].unitPrice",
            "message": "darf nicht leer sein",
        }
    ],
}


@pytest.mark.parametrize(
    "status, on_read, on_write, code",
    [
        (301, RejectedError, RejectedError, "redirected"),
        (302, RejectedError, UncertainError, "redirected"),
        (303, RejectedError, UncertainError, "redirected"),
        (308, RejectedError, RejectedError, "redirected"),
        (400, RejectedError, RejectedError, "rejected"),
        (401, AuthError, AuthError, "unauthorized"),
        (402, RejectedError, RejectedError, "payment_required"),
        (403, AuthError, AuthError, "missing_scope"),
        (404, NotFoundError, NotFoundError, "not_found"),
        (405, RejectedError, RejectedError, "rejected"),
        (406, RejectedError, RejectedError, "rejected"),
        (408, TransientError, UncertainError, "timeout"),
        (409, ConflictError, ConflictError, "conflict"),
        (415, RejectedError, RejectedError, "rejected"),
        (422, RejectedError, RejectedError, "rejected"),
        (429, TransientError, TransientError, "rate_limited"),
        (500, TransientError, UncertainError, "server_error"),
        (501, RejectedError, RejectedError, "rejected"),
        (502, TransientError, UncertainError, "server_error"),
        (503, TransientError, UncertainError, "server_error"),
        (504, TransientError, UncertainError, "timeout"),
    ],
)
def test_status_decides_what_the_caller_may_do(
    mock, api, status, on_read, on_write, code
):
    mock.get(f"{API}/v1/invoices/{ID}", status=status, body="")
    mock.post(f"{API}/v1/invoices", status=status, body="")
    with pytest.raises(LexwareError) as read:
        api.invoice(ID)
    with pytest.raises(LexwareError) as write:
        api.create_invoice({}, finalize=False)
    assert (type(read.value), type(write.value)) == (on_read, on_write)
    assert read.value.code == write.value.code == code
    assert read.value.status == write.value.status == status
    assert read.value.details == ()


@pytest.mark.parametrize(
    "body, message, details",
    [
        ({"message": "Unauthorized"}, "Unauthorized", ()),
        ({"message": None}, "lexoffice answered HTTP 406", ()),
        (
            LEGACY,
            "lexoffice answered HTTP 406",
            (
                Issue("company.name", "missing_entity"),
                Issue("company and person", "invalid_value"),
            ),
        ),
        (
            REGULAR,
            "Validation failed for request.",
            (Issue("lineItems[0].unitPrice", "NOTNULL", "darf nicht leer sein"),),
        ),
        (
            {"i18nKey": "bad_request_error", "source": "parameter 'type'"},
            "lexoffice answered HTTP 406",
            (Issue("parameter 'type'", "bad_request_error"),),
        ),
        ("Invalid upload type.", "Invalid upload type.", ()),
        ({"error": "invalid_scope"}, "invalid_scope", ()),
    ],
)
def test_every_dialect_of_errors_is_read(mock, api, body, message, details):
    mock.post(f"{API}/v1/contacts", status=406, json=body)
    with pytest.raises(RejectedError) as caught:
        api.create_contact({"version": 0})
    assert str(caught.value) == message
    assert caught.value.details == details


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><body>502 Bad Gateway</body></html>",
        b'{"message": "cut o',
        b"[]",
        b"[1, 2]",
        b"null",
        b'{"IssueList": "x", "details": {"a": 1}, "message": ["y"]}',
        b'{"IssueList": [1, null, {"source": 5, "i18nKey": []}]}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"message": "\\ud800 \\u0000"}',
    ],
)
def test_strange_bodies_leave_the_status_to_decide(mock, api, body):
    mock.post(f"{API}/v1/vouchers", status=406, body=body)
    with pytest.raises(RejectedError) as caught:
        api.create_voucher({})
    text = str(caught.value)
    assert text
    assert "\x00" not in text
    text.encode("utf-8")


@pytest.mark.parametrize(
    "key, kind",
    [
        ("invalid_value", ConflictError),
        ("missing_entity", RejectedError),
    ],
)
def test_a_406_about_the_version_is_a_conflict(mock, api, key, kind):
    body = {"IssueList": [{"source": "version", "i18nKey": key}]}
    mock.put(f"{API}/v1/contacts/{ID}", status=406, json=body)
    with pytest.raises(kind) as caught:
        api.update_contact(ID, {"version": 3})
    expected = "stale_version" if kind is ConflictError else "rejected"
    assert caught.value.code == expected


def test_a_409_on_a_put_is_a_stale_version(mock, api):
    mock.put(f"{API}/v1/contacts/{ID}", status=409, json={"message": "x"})
    with pytest.raises(ConflictError) as caught:
        api.update_contact(ID, {"version": 3})
    assert caught.value.code == "stale_version"


@pytest.mark.parametrize(
    "sent, seconds",
    [
        ("2", 2.0),
        ("1.5", 1.5),
        ("99999", 600.0),
        ("-3", None),
        ("soon", None),
        ("", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
    ],
)
def test_retry_after_is_read_and_limited(mock, api, sent, seconds):
    url = f"{API}/v1/profile"
    mock.get(url, status=429, headers={"Retry-After": sent})
    with pytest.raises(TransientError) as caught:
        api.profile()
    assert caught.value.retry_after == seconds


def test_retry_after_may_be_a_date(mock, api):
    when = format_datetime(datetime.now(timezone.utc) + timedelta(seconds=60))
    mock.get(f"{API}/v1/profile", status=429, headers={"Retry-After": when})
    with pytest.raises(TransientError) as caught:
        api.profile()
    assert 50 < caught.value.retry_after <= 60


def test_a_firewalls_403_is_not_taken_for_a_missing_permission(mock, api):
    mock.get(f"{API}/v1/profile", status=403, body="<html>", content_type="text/html")
    with pytest.raises(AuthError) as caught:
        api.profile()
    assert caught.value.code == "forbidden"


def test_every_code_in_the_source_is_listed_for_translators():
    """A code that no sentence exists for would reach the user as a bare word."""
    used = set()
    for name in ("answers", "transport", "oauth", "client", "errors"):
        source = inspect.getsource(getattr(lexware, name))
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.keyword) and node.arg == "code":
                values = [
                    n.value for n in ast.walk(node.value) if isinstance(n, ast.Constant)
                ]
                used.update(v for v in values if isinstance(v, str))
    used |= {kind.default_code for kind in LexwareError.__subclasses__()}
    assert used and used <= CODES
