# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Numbers, dates, links and signatures: the small tools."""

import base64
import json
from datetime import date, datetime, timezone
from decimal import Decimal

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from hypothesis import given
from hypothesis import strategies as st
from lexware import berlin_midnight, parse_datetime, permalink, verify_signature
from lexware.parsing import BadResponse, dump_json, load_json

ID = "0c5f3b8e-6a0e-4c6e-9d1b-0d0b8a9f4a11"


@given(st.decimals("-1e12", "1e12", allow_nan=False, places=4))
def test_a_decimal_is_written_and_read_with_exactly_its_digits(number):
    written = dump_json({"amount": number})
    assert written == b'{"amount":%s}' % format(number, "f").encode()
    assert load_json(written)["amount"] == number


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_everything_else_is_written_as_the_standard_library_does(data):
    assert json.loads(dump_json(data)) == json.loads(json.dumps(data))


def test_short_floats_pass_and_noise_is_found_before_it_is_sent():
    assert dump_json([19.0, 2.5, 0.0625]) == b"[19.0,2.5,0.0625]"
    with pytest.raises(ValueError):
        dump_json({"amount": 0.1 + 0.2})


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        Decimal("NaN"),
        Decimal("1e99999"),
        b"x",
        {1: 2},
        date(2026, 1, 1),
        {1, 2},
        object(),
    ],
)
def test_what_has_no_exact_form_is_refused(value):
    with pytest.raises((TypeError, ValueError)):
        dump_json({"x": [value]})


@pytest.mark.parametrize(
    "body",
    [
        b"NaN",
        b"[Infinity]",
        b"1e999999999",
        b"",
        b"{",
        b"\xff",
        b"[" * 50_000,
        b"9" * 5000,
    ],
)
def test_json_that_would_harm_later_is_refused(body):
    with pytest.raises(BadResponse):
        load_json(body)


@pytest.mark.parametrize(
    "day, text",
    [
        (date(2026, 1, 15), "2026-01-15T00:00:00.000+01:00"),
        (date(2026, 7, 15), "2026-07-15T00:00:00.000+02:00"),
        (date(2026, 3, 29), "2026-03-29T00:00:00.000+01:00"),
        (date(2026, 3, 30), "2026-03-30T00:00:00.000+02:00"),
        (date(2026, 10, 25), "2026-10-25T00:00:00.000+02:00"),
        (date(2026, 10, 26), "2026-10-26T00:00:00.000+01:00"),
    ],
)
def test_days_start_at_midnight_in_berlin_summer_and_winter(day, text):
    assert berlin_midnight(day) == text


@pytest.mark.parametrize("value", [datetime(2026, 1, 1), "2026-01-01", None])
def test_only_a_plain_date_names_a_day(value):
    with pytest.raises(TypeError):
        berlin_midnight(value)


@pytest.mark.parametrize(
    "text, utc",
    [
        ("2026-09-01T09:45:16.167+02:00", (2026, 9, 1, 7, 45, 16, 167000)),
        ("2017-01-03T13:15:45+0100", (2017, 1, 3, 12, 15, 45)),
        ("2026-08-21T00:00:00.000Z", (2026, 8, 21)),
        ("2026-08-21", (2026, 8, 20, 22)),
        ("2026-01-21T00:00:00", (2026, 1, 20, 23)),
        ("2026-01-01T00:00:00.123456789-05:30", (2026, 1, 1, 5, 30, 0, 123456)),
    ],
)
def test_every_known_timestamp_is_read(text, utc):
    assert parse_datetime(text) == datetime(*utc, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    "text",
    [
        "",
        None,
        5,
        "soon",
        "2026-13-01",
        "2026-01-01T25:00",
        "2026-01-01T00:00:00+99:00",
        "2026-01-01x",
    ],
)
def test_what_is_no_timestamp_is_a_value_error(text):
    with pytest.raises(ValueError):
        parse_datetime(text)


def test_midnight_survives_the_round_trip():
    day = date(2026, 6, 1)
    assert parse_datetime(berlin_midnight(day)).date() == day


@pytest.mark.parametrize(
    "resource, action, path",
    [
        ("invoices", "view", f"invoices/view/{ID}"),
        ("credit-notes", "edit", f"credit-notes/edit/{ID}"),
        ("vouchers", "view", f"vouchers/view/{ID}"),
        ("down-payment-invoices", "view", f"invoices/view/{ID}"),
        ("contacts", "edit", f"contacts/view/{ID}"),
        ("recurring-templates", "view", f"recurring-templates/edit/{ID}"),
    ],
)
def test_permalinks_lead_where_the_app_has_a_page(resource, action, path):
    url = permalink("https://app.lexware.de/", resource, ID, action)
    assert url == f"https://app.lexware.de/permalink/{path}"


@pytest.mark.parametrize(
    "resource, action", [("articles", "view"), ("invoices", "delete")]
)
def test_there_is_no_permalink_for_everything(resource, action):
    with pytest.raises(ValueError):
        permalink("https://app.lexware.de", resource, ID, action)


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def pem(key):
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


BODY = b'{"eventType":"contact.changed"}'


def sign(key, body=BODY, algorithm=None):
    raw = key.sign(body, padding.PKCS1v15(), algorithm or hashes.SHA512())
    return base64.b64encode(raw).decode()


def test_a_true_signature_is_accepted(key):
    assert verify_signature(pem(key), BODY, sign(key)) is True
    assert verify_signature(pem(key).decode(), BODY, sign(key).encode()) is True


def test_every_doubt_about_a_signature_is_a_no(key):
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    good = sign(key)
    elliptic = ec.generate_private_key(ec.SECP256R1())
    doubtful = [
        (pem(key), BODY + b" ", good),
        (pem(other), BODY, good),
        (pem(elliptic), BODY, good),
        (pem(key), BODY, sign(key, algorithm=hashes.SHA256())),
        (pem(key), BODY, ""),
        (pem(key), BODY, None),
        (pem(key), BODY, "no base64 äöü"),
        (pem(key), BODY, good[:-8]),
        (pem(key), None, good),
        ("", BODY, good),
        (None, BODY, good),
        ("-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----", BODY, good),
    ]
    assert [verify_signature(*case) for case in doubtful] == [False] * len(doubtful)
