# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Consent, tokens and their end."""

import base64
import re
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
import requests
from lexware import AuthError, OAuthClient, RejectedError, TransientError

from .raw_server import answer, cut, http, silence

APP = "https://app.lexware.de"
TOKEN_URL = f"{APP}/oauth2/token"
CALLBACK = "https://odoo.example/lexoffice/oauth/callback"
ANSWER = {
    "access_token": "access-2",
    "token_type": "Bearer",
    "expires_in": 14399,
    "refresh_token": "refresh-2",
    "scope": "invoices.read invoices.write",
}
# Test vector of the partner documentation.
VERIFIER = (
    "oJdaNUDOIK3xpqlkZ79Sa3dLWst2rF5F8EXQVrqWfzckNOPBC67SzNffeTTb54jSpfuSAnawxLgddx"
    "bIqXh4APOrKYqhI8W5fXtIytVSgjLlrnMn0AUB5h2O6VD1sTDJ"
)
CHALLENGE = "9s_XWOy5h9KO8CQCqzRKr3WEntoEJepUZS9d1IYh_uo"


def client(**kwargs):
    values = {
        "client_id": "6e2b2b0e",
        "client_secret": "sécret:with/odd+signs",
        "redirect_uri": CALLBACK,
        "app_url": APP,
    }
    return OAuthClient(**{**values, **kwargs})


def form(mock):
    return dict(parse_qsl(mock.calls[0].request.body))


def test_the_consent_address_has_pkce_and_all_parameters():
    url = client().authorization_url(
        "st&te",
        code_verifier=VERIFIER,
        scopes=["invoices.read", "invoices.write"],
        connection_name="Müller & Söhne <GmbH>",
    )
    assert url.startswith(f"{APP}/oauth2/authorize?")
    assert parse_qs(urlsplit(url).query) == {
        "response_type": ["code"],
        "client_id": ["6e2b2b0e"],
        "redirect_uri": [CALLBACK],
        "state": ["st&te"],
        "code_challenge": [CHALLENGE],
        "code_challenge_method": ["S256"],
        "scope": ["invoices.read invoices.write"],
        "connection_name": ["Müller Söhne GmbH"],
    }


def test_scope_and_name_are_optional_and_scopes_may_be_a_string():
    url = client().authorization_url("s", code_verifier=VERIFIER)
    assert "scope" not in url and "connection_name" not in url
    url = client().authorization_url("s", code_verifier=VERIFIER, scopes="a.read b.c")
    assert parse_qs(urlsplit(url).query)["scope"] == ["a.read b.c"]


def test_verifiers_are_fresh_and_in_the_allowed_form():
    one, two = OAuthClient.new_code_verifier(), OAuthClient.new_code_verifier()
    assert one != two
    assert re.fullmatch(r"[A-Za-z0-9_-]{43,128}", one)


def test_a_code_is_exchanged_with_basic_auth_and_verifier(mock):
    mock.post(TOKEN_URL, json=ANSWER)
    before = datetime.now(timezone.utc).replace(tzinfo=None, microsecond=0)
    tokens = client().exchange_code("co+de/=", VERIFIER)
    request = mock.calls[0].request
    scheme, _blank, value = request.headers["Authorization"].partition(" ")
    assert scheme == "Basic"
    assert base64.b64decode(value).decode() == "6e2b2b0e:sécret:with/odd+signs"
    assert form(mock) == {
        "grant_type": "authorization_code",
        "code": "co+de/=",
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
    }
    assert (tokens.access_token, tokens.refresh_token) == ("access-2", "refresh-2")
    assert tokens.scope == "invoices.read invoices.write"
    assert tokens.expires_at.tzinfo is None
    life = tokens.expires_at - before
    assert timedelta(seconds=14399) <= life <= timedelta(seconds=14409)


def test_a_refresh_brings_the_next_pair(mock):
    mock.post(TOKEN_URL, json=ANSWER)
    tokens = client().refresh("refresh-1")
    assert form(mock) == {"grant_type": "refresh_token", "refresh_token": "refresh-1"}
    assert mock.calls[0].request.headers["Authorization"].startswith("Basic ")
    assert tokens.refresh_token == "refresh-2"


def test_a_refresh_without_a_new_refresh_token_keeps_the_old_one(mock):
    mock.post(TOKEN_URL, json={"access_token": "a", "token_type": "bearer"})
    tokens = client().refresh("refresh-1")
    assert tokens.refresh_token == "refresh-1"


def test_an_exchange_without_refresh_token_is_no_connection(mock):
    mock.post(TOKEN_URL, json={"access_token": "a", "token_type": "bearer"})
    with pytest.raises(TransientError):
        client().exchange_code("c", VERIFIER)


def test_scopes_other_than_asked_for_are_taken_as_granted(mock):
    """oauthlib raises a Warning when the scope changed; nothing is wrong with it."""
    mock.post(TOKEN_URL, json={**ANSWER, "scope": "read write"})
    oauth = client()
    oauth.authorization_url("s", code_verifier=VERIFIER, scopes="invoices.read")
    assert oauth.exchange_code("c", VERIFIER).scope == "read write"


@pytest.mark.parametrize(
    "word", ["invalid_grant", "unauthorized_client", "invalid_client"]
)
def test_dead_connections_and_clients_are_auth_errors(mock, word):
    mock.post(TOKEN_URL, status=400, json={"error": word})
    with pytest.raises(AuthError) as caught:
        client().refresh("r")
    assert caught.value.code == word


@pytest.mark.parametrize("body", ["", "<html>", '{"error": "invalid_client"}'])
def test_a_wrong_secret_may_also_answer_401(mock, body):
    mock.post(TOKEN_URL, status=401, body=body)
    with pytest.raises(AuthError) as caught:
        client().refresh("r")
    assert caught.value.code == "invalid_client"


def test_other_refusals_name_their_reason(mock):
    mock.post(TOKEN_URL, status=400, json={"error": "invalid_scope"})
    with pytest.raises(RejectedError) as caught:
        client().refresh("r")
    assert caught.value.details[0].key == "invalid_scope"


@pytest.mark.parametrize(
    "answered",
    [
        {"status": 429},
        {"status": 500},
        {"status": 504},
        {"status": 200, "body": ""},
        {"status": 200, "body": "<html>"},
        {"status": 200, "json": []},
        {"status": 200, "json": {}},
        {"status": 200, "json": {"access_token": 5}},
        {"status": 200, "json": {**ANSWER, "token_type": "mac"}},
        {"status": 200, "json": {**ANSWER, "expires_in": {}}},
        {"body": requests.ReadTimeout()},
        {"body": requests.ConnectionError()},
    ],
)
def test_a_lost_refresh_is_transient_and_never_uncertain(mock, answered):
    """A caller on its way to a document would take "uncertain" for the document."""
    mock.post(TOKEN_URL, **answered)
    with pytest.raises(TransientError):
        client().refresh("r")


@pytest.mark.parametrize("behaviour", [cut, silence])
def test_a_refresh_is_not_repeated_by_itself(raw_server, behaviour):
    server = raw_server(behaviour, behaviour)
    oauth = client(token_url=server.url, connect_timeout=1, read_timeout=0.3)
    with pytest.raises(TransientError):
        oauth.refresh("r")
    assert len(server.requests) == 1


def test_tokens_are_fetched_where_the_server_reaches_the_app(raw_server):
    body = (
        b'{"access_token": "a", "refresh_token": "b", "token_type": "Bearer",'
        b' "expires_in": 60}'
    )
    server = raw_server(answer(http(body=body)))
    oauth = client(token_url=server.url)
    assert oauth.authorization_url("s", code_verifier=VERIFIER).startswith(APP)
    assert oauth.exchange_code("c", VERIFIER).access_token == "a"
    assert server.requests[0].startswith(b"POST /oauth2/token HTTP/1.1")


def test_a_local_consent_page_keeps_plain_http():
    url = client(app_url="http://localhost:8099").authorization_url(
        "s", code_verifier=VERIFIER
    )
    assert url.startswith("http://localhost:8099/oauth2/authorize?")


def test_secrets_are_never_sent_to_a_public_host_in_the_clear():
    with pytest.raises(RejectedError) as caught:
        client(app_url="http://app.lexware.de")
    assert caught.value.code == "insecure_url"


def test_a_redirect_does_not_carry_the_code_elsewhere(mock):
    mock.post(TOKEN_URL, status=307, headers={"Location": "https://evil.example/"})
    with pytest.raises(RejectedError) as caught:
        client().exchange_code("c", VERIFIER)
    assert caught.value.code == "redirected"


def test_revoking_sends_the_token_with_basic_auth(mock):
    mock.post(f"{APP}/oauth2/revoke", body="")
    assert client().revoke("refresh-1") is None
    assert form(mock) == {"token": "refresh-1"}
    assert mock.calls[0].request.headers["Authorization"].startswith("Basic ")


@pytest.mark.parametrize(
    "lifetime, seconds",
    [
        (60, 60),
        ("60", 60),
        (None, 3600),
        (-5, 0),
        (10**12, 366 * 86400),
    ],
)
def test_strange_lifetimes_are_bounded(mock, lifetime, seconds):
    mock.post(TOKEN_URL, json={**ANSWER, "expires_in": lifetime})
    life = client().refresh("r").expires_at - datetime.now(timezone.utc).replace(
        tzinfo=None
    )
    assert abs(life.total_seconds() - seconds) < 10
