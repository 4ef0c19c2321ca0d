# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The pages on which a user logs in and grants access."""

import re
import secrets
from urllib.parse import urlencode, urlsplit, urlunsplit

from fastapi import APIRouter
from starlette.responses import RedirectResponse

from .. import scopes
from ..call import CurrentCall
from ..web import templates
from ..web.forms import read_form
from . import grants

router = APIRouter(prefix="/oauth2")

_NAME = re.compile(r'[A-Za-z0-9äöüÄÖÜß\s/?.\-{}"_\\:=,()]+')
_CONSENTS_KEPT = 1000


class Refused(Exception):
    """An error that goes back to the client through the browser."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


@router.get("/authorize")
async def authorize(call: CurrentCall):
    """Check the request and show the login form."""
    params = call.params
    client = call.store.get("client", params.get("client_id", ""))
    if client is None or not client["enabled"]:
        return _error_page("Diese Anwendung ist nicht bekannt (client_id).")
    if not _is_registered(client, params.get("redirect_uri", "")):
        return _error_page(
            "Die Rücksprungadresse (redirect_uri) ist für diese Anwendung nicht "
            "hinterlegt."
        )
    try:
        consent = _consent(client, params)
    except Refused as refusal:
        return _back(params["redirect_uri"], params.get("state"), error=refusal.code)
    pending = call.sandbox.pending_consents
    while len(pending) >= _CONSENTS_KEPT:
        pending.pop(next(iter(pending)))
    request_id = secrets.token_urlsafe(24)
    pending[request_id] = consent
    return _login_page(request_id, consent)


@router.post("/authorize/login")
async def login(call: CurrentCall):
    """Check e-mail and password, then show the consent form."""
    form = read_form(call)
    request_id = form.get("request_id", "")
    consent = call.sandbox.pending_consents.get(request_id)
    if consent is None:
        return _expired()
    email = form.get("email", "").strip().lower()
    people = [
        (account, user)
        for account in call.store.all("account")
        for user in account["users"]
        if user["email"].lower() == email and user["password"] == form.get("password")
    ]
    if not people:
        message = "E-Mail-Adresse oder Passwort ist nicht richtig."
        return _login_page(request_id, consent, email, message)
    consent["people"] = {account["id"]: user for account, user in people}
    return templates.page(
        "consent.html",
        request_id=request_id,
        client_name=consent["client_name"],
        permissions=scopes.labels(consent["scopes"]),
        accounts=[account for account, _ in people],
        user=people[0][1],
    )


@router.post("/authorize/consent")
async def decide(call: CurrentCall):
    """Send the browser back with a code, or with the refusal."""
    form = read_form(call)
    consent = call.sandbox.pending_consents.get(form.get("request_id", ""))
    if consent is None or "people" not in consent:
        return _expired()
    people = consent["people"]
    account_id = form.get("account") or next(iter(people))
    if account_id not in people or form.get("decision") not in ("allow", "deny"):
        return _error_page("Die Auswahl ist ungültig.")
    del call.sandbox.pending_consents[form["request_id"]]
    target, state = consent["redirect_uri"], consent["state"]
    if form["decision"] == "deny":
        return _back(target, state, error="access_denied")
    code = grants.issue_code(call.sandbox, consent, account_id, people[account_id])
    return _back(target, state, code=code["id"])


def _is_registered(client, redirect_uri):
    """Exactly one of the registered addresses; any web address if there is none."""
    if client["redirect_uris"]:
        return redirect_uri in client["redirect_uris"]
    parts = urlsplit(redirect_uri)
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _consent(client, params):
    """What the user is going to be asked, or the error for the client."""
    if params.get("response_type") != "code":
        raise Refused("unsupported_response_type")
    challenge = params.get("code_challenge")
    if not challenge and client["pkce_required"]:
        raise Refused("invalid_request")
    if challenge and params.get("code_challenge_method") != "S256":
        raise Refused("invalid_request")
    wanted = params.get("scope", "").split() or list(client["scopes"])
    if set(wanted) - set(client["scopes"]):
        raise Refused("invalid_scope")
    name = params.get("connection_name") or client["name"]
    if not _NAME.fullmatch(name):
        raise Refused("invalid_request")
    return {
        "client_id": client["id"],
        "client_name": client["name"],
        "redirect_uri": params["redirect_uri"],
        "state": params.get("state"),
        "code_challenge": challenge,
        "scopes": wanted,
        "connection_name": name,
    }


def _back(redirect_uri, state, **values):
    """Redirect to the client, its state passed through unchanged."""
    if state is not None:
        values["state"] = state
    parts = urlsplit(redirect_uri)
    query = "&".join(filter(None, (parts.query, urlencode(values))))
    return RedirectResponse(urlunsplit(parts._replace(query=query)), 302)


def _login_page(request_id, consent, email="", message=""):
    return templates.page(
        "login.html",
        request_id=request_id,
        client_name=consent["client_name"],
        email=email,
        message=message,
    )


def _error_page(message):
    return templates.page("error.html", status=400, message=message)


def _expired():
    return _error_page(
        "Diese Anfrage ist abgelaufen. Bitte starten Sie die Verbindung erneut."
    )
