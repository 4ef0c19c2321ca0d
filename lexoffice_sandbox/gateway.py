# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""What stands in front of the service: identity, limits, log and faults.

Every request below ``/v1`` passes here before a handler sees it, in the order of
the real gateway: token, rate limit, scope, content type. Fault rules strike after
the rate limit. The answer is collected first and sent last, so that a fault can
still lose it after the change was committed.
"""

import asyncio
import logging
import re
import uuid

from . import errors, jsonio, scopes, transport
from .call import Call
from .faults import DEFAULT_BODIES

_logger = logging.getLogger(__name__)

_API = re.compile(r"/v\d+(/|$)")
_LOGGED_OAUTH = ("/oauth2/token", "/oauth2/revoke")
_UPLOAD = re.compile(r"/v1/(files|vouchers/[^/]+/files)")
_DOWNLOAD = re.compile(r"/v1/(files/[^/]+|[^/]+/[^/]+/file)")


class Answer:
    """A complete response, not yet sent."""

    def __init__(self, status=500, headers=(), body=b""):
        self.status = status
        self.headers = list(headers)
        self.body = body

    @classmethod
    def json(cls, status, content, headers=None):
        body = b"" if content is None else jsonio.dumps(content).encode()
        answer = cls(status, [(b"content-type", b"application/json")], body)
        answer.set_headers(headers or {})
        return answer

    def set_headers(self, headers):
        """Add headers, each replacing one of the same name."""
        names = {name.lower().encode() for name in headers}
        kept = [pair for pair in self.headers if pair[0].lower() not in names]
        added = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in headers.items()]
        self.headers = kept + added

    async def send(self, send, body=None):
        """Write the response; ``body`` may be only its first part."""
        self.set_headers({"content-length": str(len(self.body))})
        start = {"type": "http.response.start", "status": self.status}
        await send({**start, "headers": self.headers})
        part = self.body if body is None else body
        more = body is not None
        await send({"type": "http.response.body", "body": part, "more_body": more})


class Gateway:
    """ASGI application around the FastAPI one."""

    def __init__(self, app, sandbox):
        self.app = app
        self.sandbox = sandbox

    async def __call__(self, scope, receive, send):
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = await _read(receive)
        call = Call(self.sandbox, scope, body)
        is_api = bool(_API.match(call.path))
        if is_api or call.path in _LOGGED_OAUTH:
            await self._serve(call, scope, send, is_api)
            return
        answer = await self._execute(call, scope)
        await answer.send(send)

    async def _serve(self, call, scope, send, is_api):
        """Check, break if a rule says so, carry out, log, answer."""
        refusal = self._refusal(call) if is_api else None
        rule = None
        if refusal is None:
            rule = self.sandbox.faults.strike(call.method, call.path, call.account_id)
        executed = refusal is None and (rule is None or rule.executes)
        if rule and rule.delay:
            await asyncio.sleep(rule.delay)
        answer = refusal or Answer()
        handler_status = None
        if executed:
            answer = await self._execute(call, scope, is_api)
            handler_status = answer.status
        answer = _spoil(answer, rule)
        if is_api:
            answer.set_headers(_amazon_headers(call))
        is_cut = bool(rule and rule.cut)
        self.sandbox.requests.add(
            call,
            None if is_cut else answer.status,
            handler_status,
            rule.label if rule else None,
        )
        if rule and rule.delay_after:
            await asyncio.sleep(rule.delay_after)
        await _deliver(answer, rule, scope, send)

    def _refusal(self, call):
        """The answer of the gateway itself, or None if the request may pass."""
        try:
            self._check(call)
        except errors.ApiError as error:
            return Answer.json(error.status, error.body(call), error.headers)
        return None

    def _check(self, call):
        sandbox = self.sandbox
        if not call.identify(sandbox.credentials):
            raise errors.GatewayError(401, "Unauthorized", "UnauthorizedException")
        settings = sandbox.settings
        if not sandbox.limiter.admit(call.account_id):
            raise _too_many(settings)
        if not call.may(scopes.required(call.method, call.path)):
            raise _forbidden(settings, call)

    async def _execute(self, call, scope, is_api=False):
        """Run the application on the request and commit what it changed."""
        problem = _negotiation_problem(call) if is_api else None
        if problem:
            return Answer.json(problem.status, problem.body(call), problem.headers)
        answer = Answer()
        delivered = False

        async def receive():
            nonlocal delivered
            if delivered:
                return {"type": "http.disconnect"}
            delivered = True
            return {"type": "http.request", "body": call.body, "more_body": False}

        async def collect(message):
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                answer.headers = list(message.get("headers", ()))
            elif message["type"] == "http.response.body":
                answer.body += message.get("body", b"")

        scope["call"] = call
        try:
            await self.app(scope, receive, collect)
        except Exception:
            # the application has answered 500 already; here it is told to people
            _logger.exception("%s %s failed", call.method, call.path)
        finally:
            self.sandbox.store.commit()
        return answer


async def _read(receive):
    """The whole request body; the service takes nothing above some megabytes."""
    parts = []
    while True:
        message = await receive()
        parts.append(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body"):
            return b"".join(parts)


def _too_many(settings):
    if settings.rate_limit_status == 500:
        return errors.GatewayError(500, DEFAULT_BODIES[500]["message"])
    error = errors.GatewayError(429, "Too Many Requests", "TooManyRequestsException")
    if settings.retry_after is not None:
        error.headers["Retry-After"] = str(settings.retry_after)
    return error


def _forbidden(settings, call):
    """The body of a 403 is not documented; one known form shows the token."""
    if settings.forbidden_body == "access_denied":
        return errors.GatewayError(403, "access_denied", "AccessDeniedException")
    return errors.GatewayError(
        403,
        f"'{call.token}' not a valid key=value pair (missing equal-sign) in "
        f"Authorization header: 'Bearer {call.token}'.",
        "IncompleteSignatureException",
    )


def _negotiation_problem(call):
    """415 for a wrong body type, 406 where JSON is the only answer."""
    legacy = call.settings.legacy_not_found
    upload = _UPLOAD.fullmatch(call.path)
    if call.method in ("POST", "PUT"):
        wanted = "multipart/form-data" if upload else "application/json"
        if call.content_type.partition(";")[0].strip().lower() != wanted:
            text = f"Content type '{call.content_type}' not supported"
            return errors.for_path(call.path, 415, text, legacy)
    if not call.settings.strict_accept or _DOWNLOAD.fullmatch(call.path):
        return None
    if not call.accepts("application/json"):
        text = "Could not find acceptable representation"
        return errors.for_path(call.path, 406, text, legacy)
    return None


def _spoil(answer, rule):
    """Put the status, body and headers of a fault rule into the answer."""
    if rule is None:
        return answer
    if rule.status is not None:
        content = DEFAULT_BODIES.get(rule.status, {"message": None})
        answer = Answer.json(rule.status, content)
    if "body" in rule.model_fields_set:
        text = rule.body
        is_text = isinstance(text, str)
        kind = "application/json"
        if is_text and text.lstrip().startswith("<"):
            kind = "text/html; charset=utf-8"
        answer.body = (text if is_text else jsonio.dumps(text)).encode()
        if text is None:
            answer.body = b""
        answer.set_headers({"content-type": kind})
    answer.set_headers(rule.headers)
    return answer


async def _deliver(answer, rule, scope, send):
    if rule and rule.cut:
        transport.cut(scope)
    elif rule and rule.truncate:
        await answer.send(send, answer.body[: len(answer.body) // 2])
        transport.close(scope)
    else:
        await answer.send(send)


def _amazon_headers(call):
    trace = uuid.uuid4().hex
    return {
        "x-amzn-RequestId": call.request_id,
        "x-amz-apigw-id": uuid.uuid4().hex[:15] + "=",
        "X-Amzn-Trace-Id": f"Root=1-{trace[:8]}-{trace[8:]}",
    }
