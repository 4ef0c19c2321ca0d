# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Dates as the service reads and writes them.

Sales documents demand ``yyyy-MM-dd'T'HH:mm:ss.SSSXXX``: three digits of
milliseconds and an offset (or Z), nothing else. Everything is given back in the
local time of Europe/Berlin.
"""

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
_TIMESTAMP = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)", re.ASCII
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def parse_timestamp(text):
    """Read the strict date-time format; ValueError for any other spelling."""
    if not isinstance(text, str) or not _TIMESTAMP.fullmatch(text):
        raise ValueError("expected yyyy-MM-dd'T'HH:mm:ss.SSSXXX")
    # Python 3.10 does not know "Z" in fromisoformat
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(BERLIN)


def parse_day(text):
    """Read a plain ``yyyy-MM-dd``, as used by filters."""
    if not isinstance(text, str) or not _DAY.fullmatch(text):
        raise ValueError("expected yyyy-MM-dd")
    return date.fromisoformat(text)


def parse_voucher_day(text):
    """Bookkeeping vouchers take a plain day and the full form alike."""
    if isinstance(text, str) and "T" in text:
        return parse_timestamp(text).date()
    return parse_day(text)


def render(moment):
    """Write a date-time in local time of Berlin."""
    return moment.astimezone(BERLIN).isoformat(timespec="milliseconds")


def midnight(day):
    """Write a calendar day as local midnight."""
    return render(datetime.combine(day, time(), BERLIN))


def day_of(rendered):
    """Calendar day (Berlin) of a date-time written by this module."""
    return date.fromisoformat(rendered[:10])


def german(rendered):
    """Day of a rendered date-time the way people in Germany write it."""
    return day_of(rendered).strftime("%d.%m.%Y") if rendered else ""
