# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""What was done to it, and what became of that."""

import re
from collections import Counter

from .compare import SIGN

KIND_OF = {
    "cut after": "answer lost after commit",
    "truncate": "answer lost after commit",
    "status 504 after commit": "answer lost after commit",
    "cut before": "request lost before",
    "status 429": "429 in bursts",
}
ORDER = (
    "5xx, not executed",
    "answer lost after commit",
    "request lost before",
    "429 in bursts",
    "token call 5xx",
    "tokens ended early",
    "kill -9 of an Odoo server",
    "PostgreSQL killed",
)
DOCUMENT_PATH = re.compile(r"/v1/(?:invoices|vouchers)/([0-9a-f-]{36})")


def kind_of(entry):
    """The kind of fault that a logged request met, or None."""
    if not entry["fault"]:
        return None
    if entry["path"].startswith("/oauth2"):
        return "token call 5xx"
    return KIND_OF.get(entry["fault"], "5xx, not executed")


def table(run, comparison, log):
    """Per kind of fault: how often, and how many of them left no trace.

    A fault of a request that belongs to one document is recovered when that document
    is right in the end; another one when all documents of its account are, or, for a
    kill, when every document is.
    """
    injected, recovered = Counter(), Counter()
    is_right = _Rightness(comparison)
    for entry in log:
        if kind := kind_of(entry):
            injected[kind] += 1
            recovered[kind] += is_right.of(entry)
    for event in run.events:
        injected[event.kind] += 1
        # Whatever these break off is nobody's in particular.
        recovered[event.kind] += run.in_time and comparison.is_perfect()
    lines = [f"{'fault':<28}{'injected':>10}{'recovered':>11}"]
    lines += [f"{kind:<28}{injected[kind]:>10}{recovered[kind]:>11}" for kind in ORDER]
    return "\n".join(lines)


class _Rightness:
    """Whether what a request was about is right in the end."""

    def __init__(self, comparison):
        self.signs, self.ids, self.accounts = {}, {}, {}
        for verdict in comparison.verdicts:
            good = verdict.is_good()
            self.signs.update(dict.fromkeys(verdict.markers, good))
            for stored in verdict.documents:
                self.ids[stored["document"]["id"]] = good
                account = stored["account"]
                self.accounts[account] = self.accounts.get(account, True) and good
        self.all = comparison.is_perfect()

    def of(self, entry):
        if match := SIGN.search(entry["request_body"] or ""):
            return self.signs.get(match.group(1), False)
        if match := DOCUMENT_PATH.match(entry["path"]):
            return self.ids.get(match.group(1), False)
        return self.accounts.get(entry["account"], self.all)


def problems(comparison, most=20):
    """Each invoice that is not as it should be, in words."""
    lines = [
        f"{verdict.move['name']} ({verdict.move['id']}): "
        f"{', '.join(sorted(verdict.problems)) or 'its file is missing'}"
        f" – {verdict.message or verdict.move['lexoffice_state']}"
        for verdict in comparison.verdicts
        if verdict.problems or verdict.missing_file
    ]
    lines += [
        f"in lexoffice only: {stray['document']['id']}" for stray in comparison.strays
    ]
    more = len(lines) - most
    return lines[:most] + ([f"… and {more} more"] if more > 0 else [])
