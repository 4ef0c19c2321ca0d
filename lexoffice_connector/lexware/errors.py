# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""What can go wrong, sorted by what the caller may do next.

========================  =====================================================
``TransientError``        nothing happened at lexoffice: repeat later
``UncertainError``        a write *may* have happened: look it up, never repeat
``AuthError``             token, client or permission: a person must act
``RejectedError``         lexoffice understood and refused: mend the data
``NotFoundError``         there is no such thing
``ConflictError``         stale version, draft or duplicate: read again
========================  =====================================================

No text in here is meant for end users. ``code`` is stable and short, made to be
turned into a sentence in the reader's language; ``details`` holds lexoffice's own
keys. Texts that came over the network are cleaned of tokens before they get here.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Issue:
    """One entry of lexoffice's list of complaints.

    :param source: the field or part complained about, e.g. ``company.name``
    :param key: machine word, e.g. ``missing_entity`` or ``NOTNULL``
    :param message: lexoffice's own wording, often German, often empty
    """

    source: str = ""
    key: str = ""
    message: str = ""


class LexwareError(Exception):
    """Base of everything the client raises about lexoffice or the way to it.

    :param str message: technical text without secrets
    :param status: HTTP status, or None when there was no answer
    :param code: short stable machine word, see :data:`CODES`
    :param details: tuple of :class:`Issue`
    """

    default_code = "error"

    def __init__(self, message="", *, status=None, code=None, details=()):
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code or self.default_code
        self.details = tuple(details)


class TransientError(LexwareError):
    """Certainly not executed, or a read: repeating later is safe.

    :param retry_after: seconds lexoffice asked to wait, or None
    """

    default_code = "server_error"

    def __init__(self, message="", *, retry_after=None, **kwargs):
        super().__init__(message, **kwargs)
        self.retry_after = retry_after


class UncertainError(LexwareError):
    """A write left this machine and its outcome is unknown.

    lexoffice has no idempotency key, so a blind repetition can make a second,
    legally binding document.
    """

    default_code = "connection_lost"


class AuthError(LexwareError):
    """Token refused, connection revoked, or a permission is missing."""

    default_code = "unauthorized"


class RejectedError(LexwareError):
    """Understood and refused; the same request will be refused again."""

    default_code = "rejected"


class NotFoundError(LexwareError):
    """Unknown id, or XML asked of a document that has none."""

    default_code = "not_found"


class ConflictError(LexwareError):
    """The thing is not in the state the request supposes."""

    default_code = "conflict"


#: Every ``code`` the client can set, so that a caller can test its translations.
CODES = frozenset(
    {
        "rate_limited",  # Transient: 429
        "timeout",  # Transient (read) or Uncertain (write)
        "connect_failed",  # Transient: DNS, refused, connect time-out
        "tls_failed",  # Transient: no trusted connection could be made
        "connection_lost",  # Transient (read) or Uncertain (write)
        "server_error",  # Transient (read) or Uncertain (write): 5xx
        "bad_response",  # Transient (read) or Uncertain (write): not understood
        "response_too_large",  # Transient (read) or Uncertain (write)
        "redirected",  # Rejected, Uncertain for 302 and 303 on a write
        "unauthorized",  # Auth: 401
        "missing_scope",  # Auth: 403
        "forbidden",  # Auth: 403 that is not about a scope
        "invalid_grant",  # Auth: code or refresh token is dead
        "unauthorized_client",  # Auth: client disabled
        "invalid_client",  # Auth: wrong client id or secret
        "rejected",  # Rejected: 400, 406 and other 4xx, reasons in details
        "payment_required",  # Rejected: 402
        "bad_url",  # Rejected: configured address is no usable URL
        "insecure_url",  # Rejected: plain http to a public host
        "not_found",  # NotFound: 404, or an id that cannot be one
        "conflict",  # Conflict: 409
        "stale_version",  # Conflict: 409 on PUT, 406 about ``version``
    }
)
