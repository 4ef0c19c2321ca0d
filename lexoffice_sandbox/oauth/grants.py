# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Codes, access tokens and refresh tokens."""

import base64
import hashlib
import hmac
import json
import secrets
import string
import uuid

_ALPHABET = string.ascii_letters + string.digits
SECRET_LENGTH = 128


def random_secret():
    """Codes and refresh tokens are 128 characters long."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(SECRET_LENGTH))


def challenge_of(verifier):
    """PKCE S256: base64url without padding of the SHA-256 of the verifier."""
    digest = hashlib.sha256(verifier.encode("ascii", "replace")).digest()
    return _b64(digest)


def _b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def issue_code(sandbox, consent, account_id, user):
    """The single-use code that goes back through the browser."""
    return sandbox.store.put(
        "code",
        account_id,
        {
            "id": random_secret(),
            "client_id": consent["client_id"],
            "redirect_uri": consent["redirect_uri"],
            "challenge": consent["code_challenge"],
            "scopes": consent["scopes"],
            "connection_name": consent["connection_name"],
            "user_id": user["id"],
            "email": user["email"],
            "expires": sandbox.clock.timestamp() + sandbox.settings.code_lifetime,
            "connection": None,
        },
    )


def open_connection(sandbox, code):
    """Turn a code into a connection with its first pair of tokens."""
    connection = {
        "id": str(uuid.uuid4()),
        "client_id": code["client_id"],
        "name": code["connection_name"],
        "scopes": code["scopes"],
        "user_id": code["user_id"],
        "email": code["email"],
        "created": sandbox.clock.timestamp(),
    }
    sandbox.store.put("connection", code["_account"], connection)
    renew(sandbox, connection)
    code["connection"] = connection["id"]
    sandbox.store.put("code", code["_account"], code)
    return connection


def renew(sandbox, connection):
    """Replace both tokens; the old ones are dead at once."""
    if connection.get("refresh_token"):
        sandbox.store.delete("refresh", connection["refresh_token"])
    now, settings = sandbox.clock.timestamp(), sandbox.settings
    account_id = connection["_account"]
    connection["expires"] = now + settings.access_token_lifetime + 1
    connection["access_token"] = _jwt(connection, account_id)
    connection["refresh_token"] = random_secret()
    lifetime = settings.refresh_token_lifetime
    sandbox.store.put(
        "refresh",
        account_id,
        {
            "id": connection["refresh_token"],
            "connection": connection["id"],
            "expires": now + lifetime if lifetime else None,
        },
    )
    sandbox.store.put("connection", account_id, connection)


def _jwt(connection, account_id):
    """Access tokens look like the real ones: a JWT signed with HS512."""
    header = {"alg": "HS512"}
    payload = {
        "organizationId": account_id,
        "userId": connection["user_id"],
        "email": connection["email"],
        "apiClientScopes": connection["scopes"],
        "exp": int(connection["expires"]),
        "jti": uuid.uuid4().hex,
    }
    signed = ".".join(_b64(json.dumps(part).encode()) for part in (header, payload))
    # nobody verifies it: the token is looked up, so the key may be thrown away
    signature = hmac.new(secrets.token_bytes(64), signed.encode(), hashlib.sha512)
    return f"{signed}.{_b64(signature.digest())}"


def close_connection(sandbox, connection):
    """Kill both tokens and everything that hangs on the connection."""
    store = sandbox.store
    store.delete("refresh", connection["refresh_token"])
    store.delete("connection", connection["id"])
    for subscription in list(store.all("subscription", connection["_account"])):
        if subscription["_grant"] == connection["id"]:
            store.delete("subscription", subscription["id"])


def token_answer(sandbox, connection):
    return {
        "access_token": connection["access_token"],
        "token_type": "Bearer",
        "expires_in": sandbox.settings.access_token_lifetime,
        "refresh_token": connection["refresh_token"],
        "scope": " ".join(connection["scopes"]),
    }
