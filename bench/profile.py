# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Where the worker's time goes: cProfile in its own process, printed."""

from .stage import KEY

WAITING = 300
CUSTOMERS = 25


def show(stage):
    """Hand over documents under the profiler; its tables go to stderr."""
    size = {"customers": CUSTOMERS, "invoices": WAITING + CUSTOMERS + 50}
    with stage.database("bench_profile", **size) as name:
        with stage.lexoffice() as lexoffice:
            stage.inside(
                "worker.prepare",
                name,
                url=lexoffice.url,
                key=KEY.format(1),
                count=WAITING,
            )
            stage.inside("worker.hand_over", name, measured=200, profile=True)
