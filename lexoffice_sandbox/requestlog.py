# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""What clients sent, without anything secret, for tests to count."""

import re
from collections import Counter, deque

from . import dates

_ID = re.compile(
    r"/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?=/|$)", re.I
)
_KEPT = 20_000
_BODY_KEPT = 4_000


def template(path):
    """``/v1/invoices/4f…`` becomes ``/v1/invoices/{id}``."""
    return _ID.sub("/{id}", path)


def summary(content_type, body):
    """A readable form of a request body; forms may hold secrets, so no values."""
    if not body:
        return None
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/json":
        return body[:_BODY_KEPT].decode("utf-8", "replace")
    if kind == "application/x-www-form-urlencoded":
        fields = [pair.partition(b"=")[0] for pair in body.split(b"&")]
        return "form: " + ", ".join(f.decode("ascii", "replace") for f in fields)
    return f"{kind or 'unknown type'}, {len(body)} bytes"


class RequestLog:
    """Counts of everything, details of the last requests."""

    def __init__(self):
        self.clear()

    def clear(self):
        self._entries = deque(maxlen=_KEPT)
        self._counts = Counter()
        self._total = 0

    def add(self, call, status, handler_status, fault):
        """Note one answered (or deliberately unanswered) request."""
        self._total += 1
        self._counts[f"{call.method} {template(call.path)}"] += 1
        executed = handler_status is not None and handler_status < 400
        self._entries.append(
            {
                "time": dates.render(call.now),
                "account": call.account_id,
                "method": call.method,
                "path": call.path,
                "query": call.query,
                "status": status,
                "handler_status": handler_status,
                "executed": executed,
                "fault": fault,
                "request_body": summary(call.content_type, call.body),
            }
        )

    def report(self, method=None, path=None, limit=None):
        """Totals and the entries that match, oldest first."""
        entries = [
            entry
            for entry in self._entries
            if (not method or entry["method"] == method)
            and (not path or path in (entry["path"], template(entry["path"])))
        ]
        if limit is not None:
            entries = entries[-limit:] if limit else []
        return {
            "total": self._total,
            "counts": dict(self._counts),
            "requests": entries,
        }
