# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The database, the two Odoo servers and the stand-in that a run needs."""

import os
import signal

import databases
from bench.stage import ensure_drafts
from environment import ROOT, free_port
from odoo_server import OdooServer

from .plan import FACTOR

ADDONS = ROOT / "chaos" / "addons"
MODULE = "lexoffice_time_scale"
SCALE_VARIABLE = "LEXOFFICE_TIME_SCALE"


def addons_option(odoo):
    """Odoo's addons, the checkout's, and those of chaos."""
    folders = (*odoo.addons, ROOT, ADDONS)
    return f"--addons-path={','.join(str(folder) for folder in folders)}"


def prepare(odoo, size, name):
    """A database with drafts, the addon and its shortened times."""
    drafts = ensure_drafts(
        odoo,
        f"chaos{size.total()}",
        companies=2,
        customers=size.customers,
        invoices=size.invoices,
        pairs=size.pairs,
        pdfs=True,
    )
    databases.copy(drafts, name)
    os.environ[SCALE_VARIABLE] = str(FACTOR)
    databases.run_odoo(
        odoo,
        "server",
        name,
        addons_option(odoo),
        *("--init", f"{databases.ADDON},{MODULE}"),
        "--stop-after-init",
    )


class ChaosServer(OdooServer):
    """An Odoo server as companies run it: several processes, replaced when they end.

    In Odoo's threaded mode a cron thread that meets a restarting PostgreSQL ends for
    good; with processes the master starts another one.
    """

    def __init__(self, odoo, database, number):
        port = free_port()
        super().__init__(
            odoo,
            database,
            port,
            extra=[
                addons_option(odoo),
                *("--workers=1", "--max-cron-threads=2"),
                f"--gevent-port={free_port()}",
                # One run after the other writes a line; faults write a page each.
                "--log-level=info",
            ],
        )
        self.name = f"Odoo {number}"
        self.starts = 0

    def start(self):
        # What a killed server has written stays.
        self.starts += 1
        self.log = self.log.with_name(
            f"chaos-{self.name}-start-{self.starts}.log".replace(" ", "-").lower()
        )
        return super().start()

    def kill(self):
        """``kill -9`` of all its processes at once."""
        if self.is_running():
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
