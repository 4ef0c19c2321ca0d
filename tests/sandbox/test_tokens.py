# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Codes, access tokens, refresh tokens and their end."""

import base64
import json

import pytest

from .browser import BASIC, connect, exchange, get_code, refresh
from .server import CLIENT_ID, CLIENT_SECRET, REDIRECT_URI, Api


def status(server, tokens):
    return Api(server.url, tokens["access_token"]).get("/v1/profile").status_code


def error(answer):
    assert answer.status_code == 400, answer.text
    return answer.json()["error"]


def decoded(part):
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_a_pair_of_tokens(hooks, server):
    tokens = connect(hooks, scope="profile.read contacts.read")
    assert set(tokens) == {
        "access_token",
        "token_type",
        "expires_in",
        "refresh_token",
        "scope",
    }
    assert tokens["token_type"] == "Bearer"
    assert tokens["expires_in"] == 14399
    assert len(tokens["refresh_token"]) == 128
    assert tokens["scope"] == "profile.read contacts.read"
    header, payload, _ = tokens["access_token"].split(".")
    assert decoded(header)["alg"] == "HS512"
    payload = decoded(payload)
    assert payload["email"] == "erika@testfirma.example"
    assert payload["apiClientScopes"] == ["profile.read", "contacts.read"]
    profile = Api(server.url, tokens["access_token"]).read("/v1/profile")
    assert payload["organizationId"] == profile["organizationId"]
    assert payload["userId"] == profile["created"]["userId"]
    connection = hooks.read("/sandbox/connections")[0]
    assert connection["id"] == profile["connectionId"]
    assert "access_token" not in connection


def test_scopes_of_the_token_count(hooks, server):
    client = Api(server.url, connect(hooks, scope="profile.read")["access_token"])
    assert client.get("/v1/profile").status_code == 200
    assert client.get("/v1/contacts").status_code == 403


def test_a_second_use_of_the_code_ends_everything(hooks, server):
    code = get_code(hooks)
    tokens = exchange(hooks, code).json()
    assert status(server, tokens) == 200
    assert error(exchange(hooks, code)) == "invalid_grant"
    assert status(server, tokens) == 401
    assert error(refresh(hooks, tokens["refresh_token"])) == "invalid_grant"


@pytest.mark.parametrize(
    "change",
    [
        {"code_verifier": "wrong"},
        {"redirect_uri": REDIRECT_URI + "/"},
        {"code": "unknown"},
    ],
)
def test_a_bad_exchange_is_refused(hooks, change):
    code = get_code(hooks)
    assert error(exchange(hooks, **{"code": code, **change})) == "invalid_grant"


def test_a_failed_exchange_uses_the_code_up(hooks):
    code = get_code(hooks)
    exchange(hooks, code, code_verifier="wrong")
    assert error(exchange(hooks, code)) == "invalid_grant"


def test_a_code_lives_five_minutes(hooks):
    early, late = get_code(hooks), get_code(hooks)
    hooks.post("/sandbox/clock", json={"advance_seconds": 295})
    assert exchange(hooks, early).status_code == 200
    hooks.post("/sandbox/clock", json={"advance_seconds": 10})
    assert error(exchange(hooks, late)) == "invalid_grant"


def test_an_access_token_lives_four_hours(hooks, server):
    tokens = connect(hooks)
    hooks.post("/sandbox/clock", json={"advance_seconds": 14390})
    assert status(server, tokens) == 200
    hooks.post("/sandbox/clock", json={"advance_seconds": 20})
    assert status(server, tokens) == 401
    assert refresh(hooks, tokens["refresh_token"]).status_code == 200


def test_refreshing_kills_the_old_pair_at_once(hooks, server):
    old = connect(hooks)
    new = refresh(hooks, old["refresh_token"]).json()
    assert new["refresh_token"] != old["refresh_token"]
    assert (status(server, old), status(server, new)) == (401, 200)
    assert error(refresh(hooks, old["refresh_token"])) == "invalid_grant"
    assert status(server, new) == 200


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_revoking_either_token_ends_the_connection(hooks, server, kind):
    tokens = connect(hooks)
    form = {"token": tokens[kind]}
    assert hooks.post("/oauth2/revoke", data=form, auth=BASIC).status_code == 200
    assert status(server, tokens) == 401
    assert error(refresh(hooks, tokens["refresh_token"])) == "invalid_grant"
    assert hooks.post("/oauth2/revoke", data=form, auth=BASIC).status_code == 200


def test_the_user_can_revoke(hooks, server):
    tokens = connect(hooks)
    connection = hooks.read("/sandbox/connections")[0]["id"]
    hooks.post(f"/sandbox/connections/{connection}/revoke")
    assert status(server, tokens) == 401
    assert error(refresh(hooks, tokens["refresh_token"])) == "invalid_grant"


def test_tokens_can_die_early(hooks, server):
    tokens = connect(hooks)
    assert hooks.post("/sandbox/tokens/expire").json() == {"expired": 1}
    assert status(server, tokens) == 401
    assert refresh(hooks, tokens["refresh_token"]).status_code == 200


def test_the_client_has_to_show_its_secret(hooks, settings):
    code = get_code(hooks)
    answer = exchange(hooks, code, auth=(CLIENT_ID, "wrong"))
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_client"})
    settings(invalid_client_status=400)
    assert exchange(hooks, code, auth=(CLIENT_ID, "wrong")).status_code == 400
    in_body = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    assert error(exchange(hooks, code, auth=None, **in_body)) == "invalid_client"
    settings(body_credentials=True)
    assert exchange(hooks, code, auth=None, **in_body).status_code == 200


def test_a_disabled_client(hooks, server):
    tokens = connect(hooks)
    client = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "enabled": False}
    hooks.post("/sandbox/clients", json=client)
    assert error(refresh(hooks, tokens["refresh_token"])) == "unauthorized_client"
    assert status(server, tokens) == 401


def test_other_grants_are_unknown(hooks):
    answer = exchange(hooks, "x", grant_type="password")
    assert error(answer) == "unsupported_grant_type"


def test_the_lifetime_can_be_set(hooks, settings):
    settings(access_token_lifetime=60, refresh_token_lifetime=120)
    tokens = connect(hooks)
    assert tokens["expires_in"] == 60
    hooks.post("/sandbox/clock", json={"advance_seconds": 121})
    assert error(refresh(hooks, tokens["refresh_token"])) == "invalid_grant"


def test_secrets_are_not_in_the_log(hooks):
    tokens = connect(hooks)
    refresh(hooks, tokens["refresh_token"])
    text = hooks.get("/sandbox/requests").text
    assert "POST /oauth2/token" in text
    for secret in (tokens["access_token"], tokens["refresh_token"], CLIENT_SECRET):
        assert secret not in text
