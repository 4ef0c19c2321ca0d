# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Rules that make the stand-in fail on purpose.

What hurts most in practice is not the refusal but the lost answer: the request
was carried out and the caller cannot know. A rule can therefore strike before or
after the change is committed.
"""

import fnmatch
import random
import uuid
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

DEFAULT_BODIES = {
    401: {"message": "Unauthorized"},
    429: {"message": "Too Many Requests"},
    500: {"message": "Internal server error or rate limit exceeded"},
    503: {"message": None},
    504: {"message": "Endpoint request timed out"},
}


class FaultRule(BaseModel):
    """One rule; the README explains the fields with examples."""

    model_config = ConfigDict(extra="forbid")

    method: str = "*"
    path: str = "*"
    account: str | None = None
    status: int | None = Field(None, ge=100, le=599)
    status_after_commit: bool = False
    body: Any = None
    headers: dict[str, str] = {}
    delay: float = Field(0, ge=0)
    delay_after: float = Field(0, ge=0)
    cut: Literal["before", "after"] | None = None
    truncate: bool = False
    probability: float = Field(1, ge=0, le=1)
    seed: int | None = None
    skip: int = Field(0, ge=0)
    count: int | None = Field(None, ge=0)

    def matches(self, method, path, account):
        if self.account and self.account != account:
            return False
        if self.method not in ("*", method):
            return False
        return fnmatch.fnmatchcase(path, self.path)

    @property
    def executes(self):
        """Whether the request is carried out all the same."""
        if self.cut == "before":
            return False
        return self.status is None or self.status_after_commit

    @property
    def label(self):
        """What the request log shows."""
        if self.cut:
            return f"cut {self.cut}"
        if self.truncate:
            return "truncate"
        if self.status:
            moment = " after commit" if self.status_after_commit else ""
            return f"status {self.status}{moment}"
        return "body" if "body" in self.model_fields_set else "delay"


class Faults:
    """The active rules, tried in the order they were added."""

    def __init__(self):
        self._rules = {}

    def add(self, rule):
        rule_id = uuid.uuid4().hex[:8]
        dice = random.Random(rule.seed)
        self._rules[rule_id] = {"rule": rule, "seen": 0, "hits": 0, "dice": dice}
        return self.describe(rule_id)

    def describe(self, rule_id):
        entry = self._rules[rule_id]
        return {
            "id": rule_id,
            "seen": entry["seen"],
            "hits": entry["hits"],
            "rule": entry["rule"].model_dump(exclude_unset=True),
        }

    def list(self):
        return [self.describe(rule_id) for rule_id in self._rules]

    def remove(self, rule_id):
        return self._rules.pop(rule_id, None) is not None

    def clear(self):
        self._rules.clear()

    def strike(self, method, path, account):
        """The rule that hits this request, if any."""
        for entry in self._rules.values():
            rule = entry["rule"]
            if not rule.matches(method, path, account):
                continue
            entry["seen"] += 1
            if entry["seen"] <= rule.skip:
                continue
            if rule.count is not None and entry["hits"] >= rule.count:
                continue
            if entry["dice"].random() >= rule.probability:
                continue
            entry["hits"] += 1
            return rule
        return None
