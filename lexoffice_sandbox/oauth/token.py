# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""``/oauth2/token`` and ``/oauth2/revoke``."""

import base64
import binascii
import hmac
from urllib.parse import parse_qsl, unquote

from fastapi import APIRouter
from starlette.responses import Response

from ..call import CurrentCall
from ..errors import ApiError
from ..jsonio import JsonResponse
from . import grants

router = APIRouter(prefix="/oauth2")
_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class OAuthError(ApiError):
    """``{"error": ...}`` as RFC 6749 section 5.2 wants it."""

    def __init__(self, code, status=400):
        headers = dict(_NO_STORE)
        if status == 401:
            headers["WWW-Authenticate"] = 'Basic realm="oauth2"'
        super().__init__(status, {"error": code}, headers)


@router.post("/token")
async def token(call: CurrentCall):
    """Exchange a code or a refresh token for a fresh pair."""
    form = _form(call)
    client = _client(call, form)
    handlers = {"authorization_code": _from_code, "refresh_token": _from_refresh}
    handler = handlers.get(form.get("grant_type"))
    if handler is None:
        raise OAuthError("unsupported_grant_type")
    connection = handler(call, client, form)
    return JsonResponse(grants.token_answer(call.sandbox, connection), 200, _NO_STORE)


@router.post("/revoke")
async def revoke(call: CurrentCall):
    """End a connection by either of its tokens; unknown ones are fine too."""
    form = _form(call)
    client = _client(call, form)
    text = form.get("token", "")
    if not text:
        raise OAuthError("invalid_request")
    connection = call.sandbox.credentials.find(text)
    refresh = call.store.get("refresh", text)
    if refresh:
        connection = call.store.get("connection", refresh["connection"])
    if connection and connection.get("client_id") == client["id"]:
        grants.close_connection(call.sandbox, connection)
    return Response(status_code=200)


def _form(call):
    kind = call.content_type.partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        raise OAuthError("invalid_request")
    return dict(parse_qsl(call.body.decode("utf-8", "replace")))


def _client(call, form):
    """Authenticate the client by HTTP Basic, or by the body if switched on."""
    client_id, secret = _basic(call)
    if client_id is None and call.settings.body_credentials:
        client_id, secret = form.get("client_id"), form.get("client_secret", "")
    client = client_id and call.store.get("client", client_id)
    if not client or not hmac.compare_digest(
        client["secret"].encode(), (secret or "").encode()
    ):
        raise OAuthError("invalid_client", call.settings.invalid_client_status)
    if not client["enabled"]:
        raise OAuthError("unauthorized_client")
    return client


def _basic(call):
    kind, _, encoded = call.headers.get("authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None, None
    try:
        text = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None, None
    client_id, _, secret = text.partition(":")
    return unquote(client_id), unquote(secret)


def _from_code(call, client, form):
    """A code works once; a second use ends what the first one opened."""
    code = call.store.get("code", form.get("code", ""))
    if code is None or code["client_id"] != client["id"]:
        raise OAuthError("invalid_grant")
    if code["connection"]:
        connection = call.store.get("connection", code["connection"])
        if connection:
            grants.close_connection(call.sandbox, connection)
        raise OAuthError("invalid_grant")
    challenge = code["challenge"]
    verified = not challenge or hmac.compare_digest(
        challenge, grants.challenge_of(form.get("code_verifier", ""))
    )
    is_good = (
        verified
        and code["redirect_uri"] == form.get("redirect_uri")
        and code["expires"] > call.now.timestamp()
    )
    if not is_good:
        # a failed attempt uses the code up as well
        call.store.delete("code", code["id"])
        raise OAuthError("invalid_grant")
    return grants.open_connection(call.sandbox, code)


def _from_refresh(call, client, form):
    refresh = call.store.get("refresh", form.get("refresh_token", ""))
    connection = refresh and call.store.get("connection", refresh["connection"])
    if not connection or connection["client_id"] != client["id"]:
        raise OAuthError("invalid_grant")
    if refresh["expires"] and refresh["expires"] <= call.now.timestamp():
        raise OAuthError("invalid_grant")
    grants.renew(call.sandbox, connection)
    return connection
