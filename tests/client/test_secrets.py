# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""No token, secret or code in a log line, a repr or an exception."""

import json
import logging
import traceback

import pytest
from lexware import (
    AuthError,
    LexwareClient,
    LexwareError,
    OAuthClient,
    TransientError,
)
from lexware.answers import scrub

from .conftest import API, TOKEN

ID = "0c5f3b8e-6a0e-4c6e-9d1b-0d0b8a9f4a11"
SECRETS = {
    "client_secret": "cs-SECRET-1",
    "code": "co-SECRET-2",
    "verifier": "ve-SECRET-3" * 5,
    "refresh": "re-SECRET-4",
    "access": "ac-SECRET-5",
}
TOKEN_URL = "https://app.lexware.de/oauth2/token"


def whole_text(error):
    """Everything a log could show of an exception, its causes included."""
    shown = "".join(traceback.format_exception(error))
    return shown + repr(error) + repr(vars(error))


def test_the_403_that_echoes_the_token_is_cleaned(mock, api):
    echo = (
        f"'{TOKEN}' not a valid key=value pair (missing equal-sign) in "
        f"Authorization header: 'Bearer {TOKEN}'."
    )
    body = {"message": echo, "details": [{"field": TOKEN, "message": echo}]}
    mock.get(f"{API}/v1/profile", status=403, json=body)
    with pytest.raises(AuthError) as caught:
        api.profile()
    assert TOKEN not in whole_text(caught.value)
    assert "key=value pair" in str(caught.value)
    assert caught.value.code == "forbidden"


@pytest.mark.parametrize(
    "text",
    [
        "Bearer abc.def-XYZ",
        "bearer abc.def-XYZ'",
        "header: 'Basic abc.def-XYZ'",
        "'abc.def-XYZ' not a valid key=value pair",
        "token eyJhbGciOiJIUzUxMiJ9.abc.def-XYZ refused",
    ],
)
def test_echoes_of_unknown_tokens_are_cleaned_by_their_form(text):
    assert "def-XYZ" not in scrub(text)


@pytest.mark.parametrize("token", ["se cret\r\nX: y", "sécret-tok", "", None, 'a"\x00'])
def test_a_malformed_token_is_refused_without_being_shown(token):
    with LexwareClient(API, lambda rejected=None: token) as api:
        with pytest.raises(AuthError) as caught:
            api.profile()
        assert api.request_count == 0
    assert not token or token not in whole_text(caught.value)


def test_the_log_has_paths_but_no_tokens_filters_or_names(mock, api, caplog):
    caplog.set_level(logging.DEBUG)
    mock.get(f"{API}/v1/contacts", json={"content": [], "last": True})
    list(api.contacts(email="jana@nordlicht.example"))
    ours = [r.getMessage() for r in caplog.records if "lexware" in r.name]
    assert len(ours) == 1
    assert ours[0].startswith("GET /v1/contacts: 200 in ")
    assert TOKEN not in caplog.text
    assert not any("nordlicht" in line for line in ours)


def oauth():
    return OAuthClient(
        client_id="client-id",
        client_secret=SECRETS["client_secret"],
        redirect_uri="https://odoo.example/lexoffice/oauth/callback",
        app_url="https://app.lexware.de",
    )


def check_clean(text):
    found = [name for name, value in SECRETS.items() if value in text]
    assert found == []


ANSWER = {
    "access_token": SECRETS["access"],
    "refresh_token": SECRETS["refresh"],
    "token_type": "Bearer",
    "expires_in": 14399,
}


def test_a_token_exchange_leaves_nothing_in_log_or_repr(mock, caplog):
    """requests-oauthlib logs codes, tokens and the client secret at DEBUG."""
    caplog.set_level(logging.DEBUG)
    for name in ("requests_oauthlib", "oauthlib", "urllib3", "lexware"):
        caplog.set_level(logging.DEBUG, logger=name)
    mock.post(TOKEN_URL, json=ANSWER)
    client = oauth()
    tokens = client.exchange_code(SECRETS["code"], SECRETS["verifier"])
    client.refresh(SECRETS["refresh"])
    check_clean(caplog.text)
    check_clean(repr(tokens) + repr(client) + str(tokens))


def test_other_users_of_the_oauth_library_keep_their_log(caplog):
    name = "requests_oauthlib.oauth2_session"
    caplog.set_level(logging.DEBUG, logger=name)
    logging.getLogger(name).debug("theirs")
    assert "theirs" in caplog.text


@pytest.mark.parametrize(
    "answer",
    [
        {
            "status": 400,
            "json": {
                "error": "invalid_grant",
                "error_description": " ".join(SECRETS.values()),
            },
        },
        {"status": 400, "json": {"error": SECRETS["code"]}},
        {"status": 400, "json": {"message": " ".join(SECRETS.values())}},
        {"status": 500, "body": " ".join(SECRETS.values())},
        {"status": 500, "json": " ".join(SECRETS.values())},
        {"status": 200, "body": " ".join(SECRETS.values())},
        {"status": 200, "json": {"refresh_token": SECRETS["refresh"]}},
        {"status": 200, "json": {**ANSWER, "expires_in": SECRETS["access"]}},
        {"status": 200, "json": {**ANSWER, "refresh_token": 5}},
        {"status": 302, "headers": {"Location": f"/x?code={SECRETS['code']}"}},
        {"body": ConnectionResetError()},
    ],
)
def test_a_failed_exchange_shows_no_secret(mock, answer):
    mock.post(TOKEN_URL, **answer)
    with pytest.raises(LexwareError) as caught:
        oauth().exchange_code(SECRETS["code"], SECRETS["verifier"])
        raise TransientError("answered after all")
    check_clean(whole_text(caught.value))


def test_an_answer_that_is_not_json_is_not_quoted(mock, api):
    mock.get(f"{API}/v1/profile", body=json.dumps({"x": TOKEN})[:-1])
    with pytest.raises(TransientError) as caught:
        api.profile()
    assert TOKEN not in whole_text(caught.value)
