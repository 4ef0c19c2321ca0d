# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The token bucket every account has for all its clients together."""

import time


class RateLimiter:
    """Measured on the service: four calls at once, two more every second.

    It lives in real time, not in the stand-in's clock: moving the clock must
    not hand out calls.
    """

    def __init__(self, settings):
        self._settings = settings
        self._buckets = {}

    def admit(self, account):
        """Whether one more request of the account may pass now."""
        if not self._settings.rate_limit:
            return True
        now = time.monotonic()
        capacity = self._settings.rate_capacity
        level, since = self._buckets.get(account, (capacity, now))
        level = min(capacity, level + (now - since) * self._settings.rate_refill)
        admitted = level >= 1
        self._buckets[account] = (level - 1 if admitted else level, now)
        return admitted

    def reset(self):
        self._buckets.clear()
