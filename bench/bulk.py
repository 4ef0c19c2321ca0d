# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Bulk runs against lexoffice's real limits, on a real Odoo server."""

import time
from datetime import datetime

import databases
from environment import SetupError, free_port
from odoo_server import OdooServer

from .stage import KEY

BULK = 250
PACED = 60
PER_SECOND = 2
CUSTOMERS = 25
LIMIT = 900
VARIANTS = ("invoice", "voucher", "invoice")
PER_MINUTE = (0, 0, 20)
PREFIXES = ("bulk_", "documents_per_minute", "longest_gap")
HOW = (
    f"One Odoo server, the stand-in with lexoffice's real limits. {BULK} invoices and"
    f" {BULK} vouchers (each with a PDF made beforehand), `documents_per_minute` off,"
    f" and {PACED} invoices at 20 a minute, side by side in three companies with an"
    " account each. `bulk_over_floor` is the time from the first request to the last"
    " one over the number of requests ÷ 2 a second, the worse variant's;"
    " `documents_per_minute` counts from the first document to the last;"
    " `longest_gap_s` is the longest time without a request in the bulk runs."
)
TARGETS = {
    "bulk_over_floor": ("≤", 1.05),
    "bulk_refused": ("≤", 0),
    "documents_per_minute": ("≥", 19.5),
    "documents_per_minute.most": ("≤", 20),
}


def measure(stage):
    """:return: ``{key: value}``."""
    size = {"companies": 3, "customers": CUSTOMERS, "invoices": BULK + 45}
    with (
        stage.database("bench_bulk", **size, pdfs=True) as name,
        stage.lexoffice(accounts=3, limits=True) as lexoffice,
    ):
        stage.inside(
            "bulk.prepare",
            name,
            url=lexoffice.url,
            keys=[KEY.format(number) for number in (1, 2, 3)],
            variants=VARIANTS,
            per_minute=PER_MINUTE,
        )
        lexoffice.forget_requests()
        server = OdooServer(
            stage.odoo, name, free_port(), extra=["--max-cron-threads=3"]
        )
        with server:
            stage.inside("bulk.post", name, counts=[BULK, BULK, PACED])
            _wait(name)
        return _figures(lexoffice)


def _wait(database):
    deadline = time.monotonic() + LIMIT
    while time.monotonic() < deadline:
        time.sleep(1)
        with databases.connect(database) as cursor:
            cursor.execute(
                "SELECT count(*) FROM lexoffice_transfer WHERE state <> 'done'"
                " OR adoption <> 'done'"
            )
            if not cursor.fetchone()[0]:
                return
    raise SetupError(f"The bulk run did not end within {LIMIT} s.")


def _figures(lexoffice):
    by_account = {}
    log = lexoffice.requests()
    for entry in log:
        by_account.setdefault(entry["account"], []).append(entry)
    paced, *bulks = sorted(by_account.values(), key=len)
    ratios, gaps = {}, {}
    for entries in bulks:
        variant = "voucher" if _posts(entries, "/v1/vouchers") else "invoice"
        times = [_time(entry) for entry in entries]
        ratios[variant] = (times[-1] - times[0]) / (len(entries) / PER_SECOND)
        pairs = zip(times, times[1:], strict=False)
        gaps[variant] = max(after - before for before, after in pairs)
    documents = [_time(entry) for entry in _posts(paced, "/v1/invoices")]
    return {
        "bulk_over_floor": max(ratios.values()),
        **{f"bulk_over_floor.{name}": ratio for name, ratio in ratios.items()},
        "bulk_refused": sum(entry["status"] == 429 for entry in log),
        "longest_gap_s": max(gaps.values()),
        "documents_per_minute": (len(documents) - 1)
        / (documents[-1] - documents[0])
        * 60,
        "documents_per_minute.most": max(
            sum(start <= one < start + 60 for one in documents) for start in documents
        ),
    }


def _posts(entries, path):
    return [one for one in entries if (one["method"], one["path"]) == ("POST", path)]


def _time(entry):
    return datetime.fromisoformat(entry["time"]).timestamp()
