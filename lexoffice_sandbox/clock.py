# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The stand-in's clock, which tests can move."""

from datetime import UTC, datetime, timedelta

from .dates import BERLIN


class Clock:
    """Real time plus an offset; it keeps ticking after it was set."""

    def __init__(self):
        self._offset = timedelta()

    def now(self):
        """Current time in Europe/Berlin."""
        return (datetime.now(UTC) + self._offset).astimezone(BERLIN)

    def today(self):
        return self.now().date()

    def timestamp(self):
        return self.now().timestamp()

    def advance(self, seconds):
        self._offset += timedelta(seconds=seconds)

    def set(self, moment):
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=BERLIN)
        self._offset = moment - datetime.now(UTC)

    def reset(self):
        self._offset = timedelta()
