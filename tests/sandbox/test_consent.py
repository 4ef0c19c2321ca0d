# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The pages on which a user grants access."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from .browser import authorize_params, connect, decide, hidden, log_in
from .server import CLIENT_ID, Api

SEED_SCOPES = (
    "contacts.read contacts.write vouchers.read vouchers.write files.write "
    "invoices.read invoices.write payments.read profile.read"
)
SEED_TEXTS = [
    "Kontakte von lexoffice abrufen",
    "Kontakte in lexoffice speichern",
    "Belege von lexoffice abrufen",
    "Belege in lexoffice speichern",
    "Belegbilder in lexoffice hochladen",
    "Rechnungen von lexoffice abrufen",
    "Rechnungen in lexoffice speichern",
    "Zahlungsinformationen von Belegen abrufen",
    "Allgemeine Profilinformationen abrufen",
]


def test_permissions_are_named_in_german(hooks):
    page = log_in(hooks, scope=SEED_SCOPES)
    assert re.findall("<li>(.*?)</li>", page.text) == SEED_TEXTS
    assert "Autorisierungsanfrage" in page.text
    assert "Odoo</b> möchte:" in page.text
    assert "Zugriff erlauben</button>" in page.text
    assert "Zugriff verweigern</button>" in page.text


def test_only_what_was_asked_for_is_named(hooks):
    page = log_in(hooks, scope="profile.read")
    assert re.findall("<li>(.*?)</li>", page.text) == SEED_TEXTS[-1:]


def test_consent_sends_a_code_and_the_state(hooks):
    back = decide(hooks, log_in(hooks))
    assert set(back) == {"code", "state"}
    assert len(back["code"]) == 128
    assert back["state"] == "some state/1+2"


def test_denial_says_so(hooks):
    back = decide(hooks, log_in(hooks), "deny")
    assert back == {"error": "access_denied", "state": "some state/1+2"}


def test_a_wrong_password_shows_the_form_again(hooks):
    user = {"email": "erika@testfirma.example", "password": "wrong"}
    page = log_in(hooks, user)
    assert "nicht richtig" in page.text
    assert 'name="password"' in page.text


@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "unknown"},
        {"client_id": None},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": None},
    ],
)
def test_nobody_is_sent_to_an_unknown_place(hooks, change):
    answer = hooks.get("/oauth2/authorize", params=authorize_params(**change))
    assert answer.status_code == 400
    assert "Location" not in answer.headers


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"scope": "everything"}, "invalid_scope"),
        ({"connection_name": "<b>"}, "invalid_request"),
    ],
)
def test_other_faults_go_back_to_the_client(hooks, change, error):
    answer = hooks.get("/oauth2/authorize", params=authorize_params(**change))
    assert answer.status_code == 302
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert back == {"error": [error], "state": ["some state/1+2"]}


def test_no_decision_without_login(hooks):
    page = hooks.get("/oauth2/authorize", params=authorize_params())
    form = {"request_id": hidden(page.text, "request_id"), "decision": "allow"}
    assert hooks.post("/oauth2/authorize/consent", data=form).status_code == 400


def test_a_decision_counts_once(hooks):
    page = log_in(hooks)
    decide(hooks, page)
    form = {"request_id": hidden(page.text, "request_id"), "decision": "allow"}
    assert hooks.post("/oauth2/authorize/consent", data=form).status_code == 400


def test_the_login_chooses_the_account(hooks, server):
    user = {"email": "max@zweite.example", "password": "geheim"}
    hooks.post(
        "/sandbox/accounts", json={"organization": "Zweite GmbH", "users": [user]}
    )
    tokens = connect(hooks, user=user)
    profile = Api(server.url, tokens["access_token"]).read("/v1/profile")
    assert profile["companyName"] == "Zweite GmbH"
    assert profile["created"]["userEmail"] == "max@zweite.example"


def test_one_user_of_two_companies_chooses_on_the_page(hooks, server):
    user = {"email": "erika@testfirma.example", "password": "lexoffice"}
    new = hooks.post(
        "/sandbox/accounts", json={"organization": "Zweite GmbH", "users": [user]}
    ).json()
    page = log_in(hooks)
    assert page.text.count('type="radio"') == 2
    decide(hooks, page, account=new["id"])


def test_the_name_of_a_connection_can_be_chosen(hooks):
    connect(hooks, connection_name="Büro: Köln (1)")
    assert hooks.read("/sandbox/connections")[0]["name"] == "Büro: Köln (1)"


def test_pkce_can_be_waived_for_a_client(hooks):
    client = {"client_id": CLIENT_ID, "client_secret": "x", "pkce_required": False}
    client["redirect_uris"] = [authorize_params()["redirect_uri"]]
    assert hooks.post("/sandbox/clients", json=client).status_code == 201
    page = log_in(hooks, code_challenge=None, code_challenge_method=None)
    assert "code" in decide(hooks, page)
