# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Whether a second Odoo server carries twice as much."""

import contextlib
import time

import databases
from environment import free_port
from odoo_server import OdooServer

from .stage import KEY

CONNECTIONS = 8
INVOICES = 170
WARM_UP = 15
WINDOW = 60
ANSWER_AFTER = 0.2
PREFIXES = ("scale_",)
HOW = (
    f"{CONNECTIONS} companies, each with an account and lexoffice's real limits of its"
    " own, every answer of the stand-in after 200 ms. Documents created in"
    f" {WINDOW} s (after {WARM_UP} s to warm up) while more wait than can be sent, with"
    " one Odoo server and with two, each with Odoo's default of two cron threads."
)
TARGETS = {"scale_two_servers": ("≥", 1.8)}


def measure(stage):
    """:return: ``{key: value}``."""
    size = {"companies": CONNECTIONS, "customers": 10, "invoices": INVOICES}
    with (
        stage.database("bench_scale", **size) as name,
        stage.lexoffice(accounts=CONNECTIONS, limits=True) as lexoffice,
    ):
        stage.inside(
            "bulk.prepare",
            name,
            url=lexoffice.url,
            keys=[KEY.format(number + 1) for number in range(CONNECTIONS)],
            variants=["invoice"] * CONNECTIONS,
            per_minute=[0] * CONNECTIONS,
        )
        lexoffice.add_rule({"path": "/v1/*", "delay": ANSWER_AFTER})
        counts = [INVOICES - 10] * CONNECTIONS
        stage.inside("bulk.post", name, counts=counts)
        servers = [OdooServer(stage.odoo, name, free_port()) for _number in range(2)]
        with contextlib.ExitStack() as running:
            rates = []
            for server in servers:
                running.enter_context(server)
                # A server that starts looks for work after a minute, or when notified.
                with databases.connect() as cursor:
                    cursor.execute("SELECT pg_notify('cron_trigger', %s)", (name,))
                time.sleep(WARM_UP)
                rates.append(_rate(lexoffice))
    return {
        "scale_two_servers": rates[1] / rates[0],
        "scale_two_servers.one_per_second": rates[0],
        "scale_two_servers.two_per_second": rates[1],
    }


def _rate(lexoffice):
    """Documents per second, as the stand-in counts them."""
    before, began = _documents(lexoffice), time.monotonic()
    time.sleep(WINDOW)
    return (_documents(lexoffice) - before) / (time.monotonic() - began)


def _documents(lexoffice):
    return lexoffice.counts().get("POST /v1/invoices", 0)
