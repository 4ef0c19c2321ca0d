# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Dates as lexoffice writes them: Berlin time, milliseconds and an offset."""

import re
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")

_DATETIME = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})"
    r"(?:[T ](?P<time>\d{2}:\d{2}:\d{2})(?:\.(?P<fraction>\d{1,9}))?"
    r"(?P<offset>Z|z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)


def berlin_midnight(day):
    """Return the start of a calendar day in Germany, as sales documents want it.

    lexoffice refuses a plain date, and midnight UTC of a browser's local date is
    how documents end up dated one day early. The offset is the one in force on
    that day, summer time included.

    :param date day: a calendar day; a datetime is refused, since its day depends
        on a time zone that only the caller knows
    :return: e.g. ``2026-01-15T00:00:00.000+01:00``
    :rtype: str
    """
    if isinstance(day, datetime) or not isinstance(day, date):
        raise TypeError(f"a plain date is needed, not {type(day).__name__}")
    start = datetime(day.year, day.month, day.day, tzinfo=BERLIN)
    return start.isoformat(timespec="milliseconds")


def parse_datetime(text):
    """Read any timestamp lexoffice is known to send.

    Both offset styles (``+01:00`` and the older ``+0100``), ``Z``, any number of
    fraction digits, and plain dates, which are midnight in Berlin. A time without
    an offset is Berlin time too.

    :param str text: e.g. ``2026-09-01T09:45:16.167+02:00``
    :return: an aware datetime; use ``astimezone(timezone.utc)`` for UTC
    :rtype: datetime
    :raise ValueError: if it is no timestamp
    """
    match = _DATETIME.fullmatch(text) if isinstance(text, str) else None
    if not match:
        raise ValueError(f"not a lexoffice timestamp: {str(text)[:40]!r}")
    clock = match["time"] or "00:00:00"
    moment = datetime.strptime(f"{match['date']} {clock}", "%Y-%m-%d %H:%M:%S")
    if match["fraction"]:
        moment = moment.replace(microsecond=int(match["fraction"][:6].ljust(6, "0")))
    return moment.replace(tzinfo=_offset(match["offset"]))


def _offset(text):
    if not text:
        return BERLIN
    if text in "Zz":
        return timezone.utc
    digits = text[1:].replace(":", "")
    delta = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-delta if text[0] == "-" else delta)


def date_filter(value):
    """Return a ``yyyy-MM-dd`` filter value; whole days in German time.

    :param value: date, aware datetime (its day in Berlin counts) or ISO string
    :rtype: str
    """
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError("a naive datetime names no day; pass a date")
        value = value.astimezone(BERLIN).date()
    return value.isoformat() if isinstance(value, date) else str(value)
