# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""OAuth2 with lexoffice: consent with PKCE, rotating tokens, revocation."""

import base64
import hashlib
import logging
import re
import secrets
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from types import SimpleNamespace
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.auth import HTTPBasicAuth
from requests_oauthlib import OAuth2Session

from .answers import error_for, oauth_error_code
from .errors import AuthError, Issue, LexwareError, RejectedError, TransientError
from .parsing import BadResponse, load_json
from .transport import (
    CONNECT_TIMEOUT,
    READ_TIMEOUT,
    check_base_url,
    exchange,
    harden,
)

_AUTH_ERRORS = frozenset(("invalid_grant", "unauthorized_client", "invalid_client"))
# Seconds a token is taken to live when the server doesn't say; documented: 14399.
_DEFAULT_LIFETIME = 3600
_MAX_LIFETIME = 366 * 24 * 3600
# The rest is not allowed in a connection's name ("Authorization request").
_NAME_REFUSED = re.compile(r"[^A-Za-zÄÖÜäöüß0-9\s/?.\-{}\"_\\:=,()]")


@dataclass(frozen=True)
class TokenSet:
    """What the authorization server hands out. ``repr`` hides the tokens.

    :param str access_token: opaque, up to 4096 characters
    :param str refresh_token: valid for one refresh; the answer holds the next one
    :param datetime expires_at: naive UTC, exact and counted from before the
        request was sent. No margin is taken off: refresh some time before it.
    :param str scope: granted scopes, separated by blanks, or empty
    """

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    scope: str = ""


class OAuthClient:
    """The authorization server's client.

    No method raises UncertainError, although a refresh whose answer is lost may
    have happened: callers refresh on the way to creating documents, and there
    "uncertain" would mean the document. They try again with the old token; either
    it works, or the server says ``invalid_grant``.

    :param str redirect_uri: registered at Lexware, compared letter by letter
    :param str app_url: base URL as a browser reaches it, ``https://app.lexware.de``
    :param token_url: base URL as this server reaches it, where that differs
    :raise RejectedError: ``bad_url`` or ``insecure_url``
    """

    def __init__(
        self,
        *,
        client_id,
        client_secret,
        redirect_uri,
        app_url,
        token_url=None,
        connect_timeout=CONNECT_TIMEOUT,
        read_timeout=READ_TIMEOUT,
    ):
        self._client_id = client_id
        self._client_secret = client_secret or ""
        self._redirect_uri = redirect_uri
        self._app_url = check_base_url(app_url)
        self._token_base = check_base_url(token_url or app_url)
        self._timeouts = (connect_timeout, read_timeout)

    @staticmethod
    def new_code_verifier():
        """Return a fresh PKCE verifier of 128 characters; keep it until exchange."""
        return secrets.token_urlsafe(96)

    def authorization_url(
        self, state, *, code_verifier, scopes=None, connection_name=None
    ):
        """Return the address of the consent page ("Authorization request").

        :param str state: unguessable, comes back unchanged
        :param scopes: words or a string with blanks; None asks for all that are
            configured for the client
        :param str connection_name: shown to the user among his extensions;
            characters that lexoffice refuses become blanks
        """
        if isinstance(scopes, str):
            scopes = scopes.split()
        name = " ".join(_NAME_REFUSED.sub(" ", connection_name or "").split())
        url = f"{self._app_url}/oauth2/authorize"
        with self._session(scope=scopes or None) as session:
            address, _state = session.authorization_url(
                _as_https(url),
                state=state,
                code_challenge=_challenge(code_verifier),
                code_challenge_method="S256",
                **({"connection_name": name} if name else {}),
            )
        return _with_scheme_of(url, address)

    def exchange_code(self, code, code_verifier):
        """Trade the code of the callback for tokens. A code works once.

        :rtype: TokenSet
        :raise AuthError: ``invalid_grant`` (expired, used, wrong verifier),
            ``invalid_client`` or ``unauthorized_client``
        """
        with self._session() as session, _no_debug_log():
            started = _utcnow()
            token = self._fetch(
                session.fetch_token,
                code=code,
                code_verifier=code_verifier,
                include_client_id=False,
            )
        return _token_set(token, started)

    def refresh(self, refresh_token):
        """Trade a refresh token for a new pair; the old pair is dead at once.

        Serialize the calls per connection, and store the answer before using it.

        :rtype: TokenSet
        :raise AuthError: ``invalid_grant`` when the connection is gone
        """
        with self._session() as session, _no_debug_log():
            started = _utcnow()
            token = self._fetch(session.refresh_token, refresh_token=refresh_token)
        return _token_set(token, started, refresh_token)

    def revoke(self, token):
        """Revoke an access or refresh token; the refresh token kills both."""
        with self._session() as session:
            session.call("/oauth2/revoke", {"token": token}, self._auth())

    def _session(self, **kwargs):
        return _Session(
            self._token_base,
            self._timeouts,
            client_id=self._client_id,
            redirect_uri=self._redirect_uri,
            **kwargs,
        )

    def _auth(self):
        # As bytes: a str beyond Latin-1 would raise an error that quotes it.
        return HTTPBasicAuth(
            str(self._client_id).encode(), self._client_secret.encode()
        )

    def _fetch(self, method, **kwargs):
        url = _as_https(f"{self._token_base}/oauth2/token")
        try:
            return method(url, auth=self._auth(), **kwargs)
        except LexwareError:
            raise
        except Exception as exc:  # oauthlib raises even Warning
            # Its texts may quote the answer, hence `from None`.
            raise TransientError(
                f"token answer not understood ({type(exc).__name__})",
                code="bad_response",
            ) from None


class _Session(OAuth2Session):
    """OAuth2Session with this package's limits and errors.

    It differs from its base in how it reaches the server: no redirects, limited
    time and size, and plain http where ``check_base_url`` allowed it. For the latter
    oauthlib knows only one switch, an environment variable for the whole process; so
    it gets to see https, and :meth:`request` goes to the true address.
    """

    def __init__(self, base_url, timeouts, **kwargs):
        super().__init__(**kwargs)
        harden(self, *timeouts)
        self._base_url = base_url

    def request(self, method, url, data=None, headers=None, auth=None, **_ignored):
        # Both users, fetch_token() and refresh_token(), POST to this one address.
        body = self.call("/oauth2/token", data, auth)
        self._check_token(body)
        text = body.decode("utf-8-sig")
        # Only what OAuth2Session reads of a response; the request, which holds the
        # secrets, is left out.
        return SimpleNamespace(
            status_code=200,
            text=text,
            headers={},
            request=SimpleNamespace(url=url, headers={}, body=None),
        )

    def call(self, path, data, auth):
        """POST a form to the authorization server and return the answer's body."""

        def send():
            return requests.Session.request(
                self,
                "POST",
                f"{self._base_url}{path}",
                data=data,
                headers={"Accept": "application/json"},
                auth=auth,
                stream=True,
                allow_redirects=False,
            )

        # Named GET to say: an answer that is lost is transient, see OAuthClient.
        answer = exchange(send, method="GET")
        if not answer.ok:
            raise self._error(answer)
        return answer.body

    def _error(self, answer):
        word = oauth_error_code(answer)
        if answer.status in (400, 401, 403) and word in _AUTH_ERRORS:
            return AuthError(f"authorization: {word}", status=answer.status, code=word)
        if answer.status in (401, 403):
            return AuthError(
                "authorization: client refused",
                status=answer.status,
                code="invalid_client",
            )
        if answer.status == 400 and word:
            return RejectedError(
                f"authorization: {word}",
                status=400,
                details=(Issue(source="oauth", key=word),),
            )
        # This server's texts are not quoted at all: they may hold tokens that it
        # has just made and that nobody could search for.
        return error_for(replace(answer, body=b""), method="GET")

    @staticmethod
    def _check_token(body):
        data = load_json(body)
        token = data.get("access_token") if isinstance(data, dict) else None
        if not isinstance(token, str) or not token:
            raise BadResponse("no access_token")
        if str(data.get("token_type", "bearer")).lower() != "bearer":
            raise BadResponse("no bearer token")


_exchanging = ContextVar("lexware_exchanging", default=False)


class _NoSecrets(logging.Filter):
    """requests-oauthlib writes codes and tokens into its debug log."""

    def filter(self, record):
        return not _exchanging.get()


# Only while one of our exchanges runs; other users of the library keep their log.
logging.getLogger("requests_oauthlib.oauth2_session").addFilter(_NoSecrets())


@contextmanager
def _no_debug_log():
    mark = _exchanging.set(True)
    try:
        yield
    finally:
        _exchanging.reset(mark)


def _token_set(token, started, refresh_token=""):
    fresh = token.get("refresh_token") or refresh_token
    if not isinstance(fresh, str) or not fresh:
        raise TransientError("no refresh_token in the answer", code="bad_response")
    scope = token.get("scope") or ""
    return TokenSet(
        access_token=token["access_token"],
        refresh_token=fresh,
        expires_at=started + timedelta(seconds=_lifetime(token.get("expires_in"))),
        scope=scope if isinstance(scope, str) else " ".join(map(str, scope)),
    )


def _lifetime(value):
    try:
        return min(max(int(value), 0), _MAX_LIFETIME)
    except (TypeError, ValueError, OverflowError):
        return _DEFAULT_LIFETIME


def _challenge(verifier):
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _utcnow():
    return datetime.now(timezone.utc).replace(tzinfo=None, microsecond=0)


def _as_https(url):
    return urlunsplit(urlsplit(url)._replace(scheme="https"))


def _with_scheme_of(url, address):
    return urlunsplit(urlsplit(address)._replace(scheme=urlsplit(url).scheme))
