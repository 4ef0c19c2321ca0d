# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The error bodies of the service, which differ by endpoint family.

* the gateway answers ``{"message": ...}``
* contacts, vouchers and files answer with an ``IssueList`` ("legacy")
* everything else answers ``timestamp ... details`` ("regular")
* some refusals of uploads are one flat object or a bare JSON string
* the OAuth server answers ``{"error": ...}``
"""

from http import HTTPStatus

from . import dates

LEGACY_FAMILIES = ("contacts", "vouchers", "files")
VALIDATION_FAILED = (
    "Validation failed for request. Please see details list for specific causes."
)
NOT_EMPTY = "darf nicht leer sein"
_ISSUE_TYPES = {400: "bad_request_error", 500: "technical_error"}


class ApiError(Exception):
    """A refusal with a body that needs nothing of the request."""

    def __init__(self, status, body=None, headers=None):
        super().__init__(f"{status}: {body}")
        self.status = status
        self.headers = headers or {}
        self._body = body

    def body(self, call):
        return self._body


class GatewayError(ApiError):
    """What the API gateway in front of the service answers."""

    def __init__(self, status, message, error_type=None):
        headers = {"x-amzn-ErrorType": error_type} if error_type else {}
        super().__init__(status, {"message": message}, headers)


class RegularError(ApiError):
    """Error of the newer endpoints, with optional violations per field."""

    def __init__(self, status, message, details=None):
        super().__init__(status, message)
        self.message = message
        self.details = details

    def body(self, call):
        body = {
            "timestamp": dates.render(call.now),
            "status": self.status,
            "error": HTTPStatus(self.status).phrase,
            "path": call.path,
            # measured: the last group of the gateway's request id
            "traceId": call.request_id.rpartition("-")[2],
            "requestId": call.service_request_id,
            "message": self.message,
        }
        if self.details:
            body["details"] = self.details
        return body


class LegacyError(ApiError):
    """Error of contacts, vouchers and files: a list of (source, key)."""

    def __init__(self, issues, status=406):
        super().__init__(status, issues)
        self.issues = issues

    def body(self, call):
        kind = _ISSUE_TYPES.get(self.status, "validation_failure")
        return {
            "requestId": call.service_request_id,
            "IssueList": [
                {
                    "i18nKey": key,
                    "source": source,
                    "type": kind,
                    "additionalData": None,
                    "args": None,
                }
                for source, key in self.issues
            ],
        }


def violation(kind, field, message=NOT_EMPTY):
    """One entry of the ``details`` of a regular error."""
    return {"violation": kind, "field": field, "message": message}


def refuse_fields(details):
    """The 406 that lists what is wrong field by field."""
    return RegularError(406, VALIDATION_FAILED, details)


def bad_request(source):
    """The 400 of a legacy endpoint."""
    return LegacyError([(source, "bad_request_error")], 400)


def is_legacy(path):
    """Whether a path belongs to the families with the old error format."""
    parts = path.split("/")
    return len(parts) > 2 and parts[2] in LEGACY_FAMILIES


def for_path(path, status, message, legacy_not_found="empty"):
    """A refusal in the format of the family the path belongs to."""
    if not is_legacy(path):
        return RegularError(status, message)
    if status == 404 and legacy_not_found == "empty":
        return ApiError(404)
    return LegacyError([(message, _ISSUE_TYPES.get(status, "invalid_value"))], status)
