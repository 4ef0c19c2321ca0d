# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""A user who logs in and decides, as far as HTTP is concerned."""

import re
from urllib.parse import parse_qs, urlsplit

from .server import CLIENT_ID, CLIENT_SECRET, REDIRECT_URI

# the pair of verifier and challenge that the service documents
VERIFIER = (
    "oJdaNUDOIK3xpqlkZ79Sa3dLWst2rF5F8EXQVrqWfzckNOPBC67SzNffeTTb54jSpfuSAnawxLgd"
    "dxbIqXh4APOrKYqhI8W5fXtIytVSgjLlrnMn0AUB5h2O6VD1sTDJ"
)
CHALLENGE = "9s_XWOy5h9KO8CQCqzRKr3WEntoEJepUZS9d1IYh_uo"
BASIC = (CLIENT_ID, CLIENT_SECRET)
USER = {"email": "erika@testfirma.example", "password": "lexoffice"}


def authorize_params(**changes):
    params = {
        "client_id": CLIENT_ID,
        "response_type": "code",
        "redirect_uri": REDIRECT_URI,
        "state": "some state/1+2",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **changes,
    }
    return {name: value for name, value in params.items() if value is not None}


def hidden(page, name):
    return re.search(f'name="{name}" value="([^"]*)"', page)[1]


def log_in(web, user=USER, **changes):
    """Ask for access and log in; gives back the consent page."""
    page = web.get("/oauth2/authorize", params=authorize_params(**changes))
    assert page.status_code == 200, page.text
    form = {"request_id": hidden(page.text, "request_id"), **user}
    return web.post("/oauth2/authorize/login", data=form)


def decide(web, page, decision="allow", **fields):
    """Press a button; gives back where the browser is sent, as parameters."""
    form = {"request_id": hidden(page.text, "request_id"), "decision": decision}
    answer = web.post("/oauth2/authorize/consent", data={**form, **fields})
    assert answer.status_code == 302, answer.text
    target = urlsplit(answer.headers["Location"])
    assert target._replace(query="").geturl() == REDIRECT_URI
    return {name: values[0] for name, values in parse_qs(target.query).items()}


def get_code(web, **changes):
    return decide(web, log_in(web, **changes))["code"]


def exchange(web, code, auth=BASIC, **changes):
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": REDIRECT_URI,
        "code_verifier": VERIFIER,
        **changes,
    }
    return web.post("/oauth2/token", data=form, auth=auth)


def refresh(web, token):
    form = {"grant_type": "refresh_token", "refresh_token": token}
    return web.post("/oauth2/token", data=form, auth=BASIC)


def connect(web, **changes):
    """The whole way; gives back the tokens."""
    answer = exchange(web, get_code(web, **changes))
    assert answer.status_code == 200, answer.text
    return answer.json()
