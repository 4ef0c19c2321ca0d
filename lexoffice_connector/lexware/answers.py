# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""From an HTTP answer to the right error.

lexoffice speaks five error dialects ("Errors: who produces what"): the gateway's
``{"message"}``, the legacy ``IssueList``, the regular ``details``, a flat
``{"i18nKey", "source"}`` and a bare JSON string; its authorization server a sixth.
Proxies add empty bodies and HTML.
"""

import re
import time
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime

from .errors import (
    AuthError,
    ConflictError,
    Issue,
    NotFoundError,
    RejectedError,
    TransientError,
    UncertainError,
)
from .parsing import BadResponse, load_json

_MAX_TEXT = 500
_MAX_ISSUES = 50
_MAX_RETRY_AFTER = 600.0

# Forms in which a token may be echoed, whole or cut, besides the token itself.
# The second is what the gateway's 403 does.
_SECRET_FORMS = (
    re.compile(r"(?i)\b(bearer|basic)\s+[^\s'\",;<>]+"),
    re.compile(r"'[^']*'(?= not a valid key=value pair)"),
    re.compile(r"\beyJ[\w-]+(?:\.[\w-]*)*", re.ASCII),  # any JSON web token
)
_GATEWAY_403 = ("not a valid key=value pair", "Missing Authentication Token")


@dataclass(frozen=True)
class Answer:
    """What came back, fully read.

    :param headers: dict with lower-case names
    :param complete: False when the connection broke within the body
    """

    status: int
    headers: dict
    body: bytes = field(repr=False)  # holds tokens or personal data
    complete: bool = True

    @property
    def content_type(self):
        """Media type in lower case, without parameters."""
        return self.headers.get("content-type", "").split(";")[0].strip().lower()

    @property
    def ok(self):
        return 200 <= self.status < 300


def scrub(text, secrets=()):
    """Make a text from the network fit for logs: no secrets, no NUL, short.

    :param secrets: strings that must not show, e.g. the token in use
    """
    for secret in secrets:
        if secret and len(secret) >= 4:
            text = text.replace(secret, "***")
    for form in _SECRET_FORMS:
        text = form.sub("***", text)
    text = "".join(c if c.isprintable() else " " for c in text)
    # A lone surrogate is legal in JSON and deadly for a database.
    return text.encode("utf-8", "replace").decode("utf-8")[:_MAX_TEXT].strip()


def parse_error(answer, secrets=()):
    """Read the body of an error in any of its shapes.

    :return: (message, tuple of :class:`Issue`), both scrubbed, maybe empty
    """
    try:
        data = load_json(answer.body)
    except BadResponse:
        return "", ()  # empty, HTML, cut off: the status has to do
    if isinstance(data, str):
        return scrub(data, secrets), ()
    if not isinstance(data, dict):
        return "", ()

    def text(source, *names):
        values = (source.get(name) for name in names)
        found = next((v for v in values if isinstance(v, str) and v), "")
        return scrub(found, secrets)

    entries = [
        entry
        for name in ("IssueList", "details")
        if isinstance(data.get(name), list)
        for entry in data[name]
        if isinstance(entry, dict)
    ]
    if "i18nKey" in data:
        entries.append(data)
    issues = tuple(
        Issue(
            source=text(entry, "source", "field"),
            key=text(entry, "i18nKey", "violation"),
            message=text(entry, "message"),
        )
        for entry in entries[:_MAX_ISSUES]
    )
    return text(data, "message", "error_description", "error"), issues


_OAUTH_WORDS = frozenset(
    (
        "access_denied",
        "invalid_client",
        "invalid_grant",
        "invalid_request",
        "invalid_scope",
        "invalid_token",
        "server_error",
        "temporarily_unavailable",
        "unauthorized_client",
        "unsupported_grant_type",
        "unsupported_token_type",
    )
)


def oauth_error_code(answer):
    """Return the ``error`` word of RFC 6749, or an empty string for any other.

    Only known words: an unknown one might be a secret in the wrong place.
    """
    try:
        data = load_json(answer.body)
    except BadResponse:
        return ""
    word = data.get("error") if isinstance(data, dict) else None
    return word if isinstance(word, str) and word in _OAUTH_WORDS else ""


def retry_after(answer):
    """Seconds asked for by ``Retry-After`` (number or date), 0 to 600, or None."""
    value = answer.headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", value, re.ASCII):
        seconds = float(value)
    else:
        try:
            seconds = parsedate_to_datetime(value).timestamp() - time.time()
        except (TypeError, ValueError, IndexError, OverflowError, OSError):
            return None
    return min(max(seconds, 0.0), _MAX_RETRY_AFTER)


def error_for(answer, *, method, secrets=()):
    """Return the error for an answer that is no success.

    :param Answer answer: status outside 200 to 299
    :param str method: HTTP method; POST and PUT count as writes
    :rtype: LexwareError
    """
    message, issues = parse_error(answer, secrets)
    kind, code = _classify(answer, method, message, issues)
    details = {"status": answer.status, "code": code, "details": issues}
    if kind is TransientError:
        details["retry_after"] = retry_after(answer)
    return kind(message or f"lexoffice answered HTTP {answer.status}", **details)


_BY_STATUS = {
    401: (AuthError, "unauthorized"),
    402: (RejectedError, "payment_required"),
    404: (NotFoundError, "not_found"),
    429: (TransientError, "rate_limited"),  # documented: never executed
    501: (RejectedError, "rejected"),  # "operation not supported", no accident
}


def _classify(answer, method, message, issues):
    status = answer.status
    if status in _BY_STATUS:
        return _BY_STATUS[status]
    if status == 403:
        return AuthError, _code_of_403(answer, message)
    if status == 409:
        return ConflictError, "stale_version" if method == "PUT" else "conflict"
    if status == 406 and _is_stale(issues):
        return ConflictError, "stale_version"
    if status >= 500 or status == 408:
        # 408 comes from proxies that may have passed the request on; even a 503
        # may come from a gateway whose backend had already acted.
        code = "timeout" if status in (408, 504) else "server_error"
        return (UncertainError if is_write(method) else TransientError), code
    if status < 400:
        # Never followed: the token is for this host only. 302 and 303 may mean
        # "done, look there", the other redirections mean "not here".
        done = is_write(method) and status not in (301, 307, 308)
        return (UncertainError if done else RejectedError), "redirected"
    return RejectedError, "rejected"


def is_write(method):
    """Tell whether repeating the method blindly could do harm.

    A repeated DELETE answers 404 at worst, so it is treated like a read.
    """
    return method not in ("GET", "HEAD", "DELETE")


def lost_answer(message, code, *, method, status=None):
    """Return the error for "sent, but no usable answer"."""
    kind = UncertainError if is_write(method) else TransientError
    return kind(message, code=code, status=status)


def _code_of_403(answer, message):
    if answer.content_type == "text/html":
        return "forbidden"  # a firewall's or proxy's page
    if any(text in message for text in _GATEWAY_403):
        return "forbidden"
    return "missing_scope"


def _is_stale(issues):
    # ``missing_entity`` is our own omission of the version, not a conflict.
    return any(
        issue.source == "version" and issue.key not in ("missing_entity", "NOTNULL")
        for issue in issues
    )
