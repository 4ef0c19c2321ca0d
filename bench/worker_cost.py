# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""What a document costs the worker, however many are waiting."""

from .stage import KEY

WAITING = (100, 1000, 5000)
# So many are handed over of those that wait; memory is measured over all of 5,000.
MEASURED = 400
CUSTOMERS = 25
PREFIXES = ("worker_",)
HOW = (
    "Variant `invoice`, contacts known, limits off, the stand-in on the same machine:"
    " the time from the worker's first run until documents are entered in their moves"
    " (payload, checks, HTTP, commits, number, chatter), in a process of its own."
    f" With 1,000 and 5,000 waiting, the first {MEASURED}; `worker_peak_mb` is the"
    " process's highest resident memory while it hands over all of them, Odoo"
    " included. `cpu` is the worker process's own time. `growth` compares 5,000 with"
    " 100 waiting."
)
TARGETS = {
    "worker_ms_per_document.growth": ("≤", 1.10),
    "worker_queries_per_document.growth": ("≤", 1.10),
    "worker_peak_mb.growth": ("≤", 1.05),
}


def measure(stage):
    """:return: ``{key: value}``."""
    result = {}
    for waiting in WAITING:
        size = {
            "customers": CUSTOMERS,
            "invoices": waiting + CUSTOMERS + 50,
            "lines": 2,
        }
        with stage.database(f"bench_worker{waiting}", **size) as name:
            with stage.lexoffice() as lexoffice:
                stage.inside(
                    "worker.prepare",
                    name,
                    url=lexoffice.url,
                    key=KEY.format(1),
                    count=waiting,
                )
                found = stage.inside("worker.hand_over", name, measured=MEASURED)
        result[f"worker_ms_per_document.{waiting}"] = found["ms"]
        result[f"worker_ms_per_document.{waiting}.cpu"] = found["cpu_ms"]
        result[f"worker_queries_per_document.{waiting}"] = found["queries"]
        result[f"worker_peak_mb.{waiting}"] = found["peak_mb"]
    first, last = WAITING[0], WAITING[-1]
    for key in (
        "worker_ms_per_document",
        "worker_queries_per_document",
        "worker_peak_mb",
    ):
        result[f"{key}.growth"] = result[f"{key}.{last}"] / result[f"{key}.{first}"]
    result["worker_queries_per_document"] = result[
        f"worker_queries_per_document.{last}"
    ]
    return result
