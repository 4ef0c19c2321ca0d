# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""One HTTP exchange: send, read within limits, and name what went wrong."""

import ipaddress
import logging
import re
import time
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.exceptions import TimeoutError as Urllib3Timeout

from . import connection
from .answers import Answer, error_for, lost_answer
from .errors import AuthError, RejectedError, TransientError
from .parsing import BadResponse

_logger = logging.getLogger(__name__)

CONNECT_TIMEOUT = 5
READ_TIMEOUT = 35  # the gateway gives up after 30 s; its 504 must reach us

#: lexoffice's largest file has 5 MB; nothing honest comes near this.
MAX_BODY = 25 * 1024 * 1024
_CHUNK = 16 * 1024

_TOKEN = re.compile(r"[\x21-\x7e]+")
_LOCAL_SUFFIXES = (".localhost", ".local", ".internal", ".test", ".lan")


def check_base_url(url):
    """Return a base URL without its final slash, refusing what leaks tokens.

    Plain http passes only to names that can't be on the public internet
    (loopback, private addresses, ``lexoffice`` in a compose file).

    :raise RejectedError: ``bad_url`` or ``insecure_url``
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except (AttributeError, TypeError, ValueError):
        parts = host = None
    if not host or parts.scheme not in ("http", "https") or "@" in parts.netloc:
        raise RejectedError("not a usable base URL", code="bad_url")
    if parts.query or parts.fragment:
        raise RejectedError("not a usable base URL", code="bad_url")
    if parts.scheme == "http" and not _is_local(host):
        raise RejectedError(f"{host} needs https", code="insecure_url")
    return url.rstrip("/")


def _is_local(host):
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith(_LOCAL_SUFFIXES)


def harden(session, connect_timeout, read_timeout):
    """Give a requests session the package's time-outs and no memory."""
    adapter = connection.LexwareAdapter(connect_timeout, read_timeout)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    # No compression: what arrives is as long as it says, and a small body can't
    # unfold into gigabytes.
    session.headers["Accept-Encoding"] = "identity"
    return session


class BearerAuth(AuthBase):
    """Sends the token.

    An auth object and not a header, because requests lets a ``.netrc`` entry
    replace an Authorization header.
    """

    def __init__(self, token):
        # http.client would put a malformed value, thus the token, into its error.
        if not isinstance(token, str) or not _TOKEN.fullmatch(token):
            raise AuthError("the stored token is malformed", code="unauthorized")
        self._token = token

    def __call__(self, request):
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def exchange(send, *, method):
    """Run one request and read its answer.

    :param send: callable returning a streamed ``requests.Response``
    :param str method: decides whether a lost answer is uncertain or transient
    :return: the answer of any status; whole if the status is a success
    :rtype: Answer
    :raise TransientError: certainly not sent, or a read that failed
    :raise UncertainError: a write whose answer was lost
    :raise RejectedError: the address can't be used at all
    """
    try:
        response = send()
    except requests.RequestException as exc:
        raise _network_error(exc, method) from exc
    except (HTTPError, OSError) as exc:  # some slip through requests unwrapped
        raise _network_error(exc, method) from exc
    with response:
        answer = _read(response)
    if answer.ok and not answer.complete:
        raise lost_answer(
            "the answer broke off or is too large",
            "response_too_large" if len(answer.body) > MAX_BODY else "bad_response",
            method=method,
            status=answer.status,
        )
    return answer


def _read(response):
    """Read a body up to the limit; a broken one is marked, not raised.

    An error's status is worth more than its body: a 400 whose text was cut off is
    still a 400.
    """
    headers = {name.lower(): value for name, value in response.headers.items()}
    body = bytearray()
    complete = True
    try:
        for chunk in _chunks(response):
            body += chunk
            if len(body) > MAX_BODY:
                complete = False
                break
    except (requests.RequestException, HTTPError, OSError):
        complete = False
    # Older urllib3 doesn't notice a body that ends too early.
    length = headers.get("content-length", "")
    if length.isdecimal() and "content-encoding" not in headers:
        complete = complete and len(body) >= int(length[:18])
    return Answer(response.status_code, headers, bytes(body), complete)


def _chunks(response):
    # A response made by hand in a test has its body already and no raw stream.
    if response.raw is None:
        return iter((response.content or b"",))
    return response.iter_content(_CHUNK)


def _network_error(exc, method):
    """Sort a network exception by the only question that matters: was it sent?"""
    name = type(exc).__name__  # its text may hold a URL with personal data
    unusable = (
        requests.exceptions.InvalidURL,
        requests.exceptions.MissingSchema,
        requests.exceptions.InvalidSchema,
        requests.exceptions.InvalidProxyURL,
    )
    if isinstance(exc, unusable):
        return RejectedError(f"unusable address ({name})", code="bad_url")
    if connection.connect_failed() or _never_connected(exc):
        tls = isinstance(exc, requests.exceptions.SSLError)
        code = "tls_failed" if tls else "connect_failed"
        return TransientError(f"no connection to lexoffice ({name})", code=code)
    timed_out = (requests.Timeout, Urllib3Timeout, TimeoutError)
    code = "timeout" if isinstance(exc, timed_out) else "connection_lost"
    return lost_answer(f"no answer from lexoffice ({name})", code, method=method)


def _never_connected(exc):
    """Tell by type that no connection stood; for exceptions made elsewhere.

    Only what the exception itself carries is looked at. ``__context__`` is not:
    it may be an older failure that a caller was handling.
    """
    for _depth in range(6):
        if isinstance(exc, (requests.ConnectTimeout, NewConnectionError)):
            return True
        inner = getattr(exc, "reason", None)
        if not isinstance(inner, BaseException):
            inner = next((a for a in exc.args if isinstance(a, BaseException)), None)
        if inner is None:
            return False
        exc = inner
    return False


class Transport:
    """Authorized requests to one lexoffice account; see ``LexwareClient``.

    Owns one ``requests.Session``. Not made for several threads at once.
    """

    def __init__(self, base_url, token_provider, **options):
        self.base_url = check_base_url(base_url)
        self.request_count = 0
        self._token_provider = token_provider
        self._before = options.get("before_request") or (lambda: None)
        self._after = options.get("after_response") or (lambda status: None)
        self._session = harden(
            requests.Session(),
            options.get("connect_timeout", CONNECT_TIMEOUT),
            options.get("read_timeout", READ_TIMEOUT),
        )
        self._session.headers["User-Agent"] = options["user_agent"]

    def close(self):
        self._session.close()

    def request(self, method, path, parse, *, query="", accept=None, **body):
        """Send a request and return ``parse(answer)``.

        :param str path: from the host on, already quoted
        :param parse: callable taking an Answer; may raise BadResponse
        :param str query: already encoded
        :param body: ``data``, ``files`` and ``headers`` as requests takes them
        :raise LexwareError: in all its kinds
        """
        token = self._token_provider()
        answer = self._send(method, path, query, accept, token, body)
        if answer.status == 401:
            # A 401 was certainly not executed, so even a POST may be repeated,
            # once, if there is another token to repeat it with.
            fresh = self._token_provider(rejected=token)
            if fresh and fresh != token:
                token = fresh
                answer = self._send(method, path, query, accept, token, body)
        if not answer.ok:
            raise error_for(answer, method=method, secrets=(token,))
        try:
            return parse(answer)
        except BadResponse as exc:
            raise lost_answer(
                f"answer not understood: {exc}",
                "bad_response",
                method=method,
                status=answer.status,
            ) from None

    def _send(self, method, path, query, accept, token, body):
        auth = BearerAuth(token)
        headers = {"Accept": accept or "application/json", **body.get("headers", {})}
        url = f"{self.base_url}{path}" + (f"?{query}" if query else "")
        self._before()
        self.request_count += 1
        started = time.monotonic()
        status = None

        def send():
            return self._session.request(
                method,
                url,
                auth=auth,
                headers=headers,
                data=body.get("data"),
                files=body.get("files"),
                stream=True,
                allow_redirects=False,
            )

        try:
            answer = exchange(send, method=method)
            status = answer.status
            return answer
        finally:
            # Path without query: filters hold names and e-mail addresses.
            _logger.debug(
                "%s %s: %s in %.0f ms",
                method,
                path,
                status or "no answer",
                (time.monotonic() - started) * 1000,
            )
            self._after(status)
