# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""One run: servers up, invoices posted, blow after blow, then the comparison."""

import time
from dataclasses import dataclass

import psycopg2
import requests

import databases
from environment import SetupError, say

from . import plan
from .clock import Clock
from .compare import compare
from .office import Clerk

POLL = 0.1
SAY_EVERY = 20
BACK_AFTER = 2.0
DOCUMENTS = ("POST /v1/invoices", "POST /v1/vouchers")
# Documents and files on their way, and outcomes not yet in the invoices.
OPEN = """
    SELECT count(*) FROM lexoffice_transfer
    WHERE state IN ('pending', 'sending', 'uncertain')
        OR (state = 'done' AND operation = 'document' AND adoption = 'waiting')
"""


@dataclass
class Event:
    """A blow that was struck, or tokens that ended.

    :param int sent: how many documents had been sent by then.
    """

    kind: str
    sent: int


class Run:
    """The faults of one plan, struck while the office works.

    :param servers: the two Odoo servers, running.
    :param office: ``chaos.office.Office``, connected.
    :param cluster: the PostgreSQL that may be restarted, or None.
    """

    def __init__(self, seed, size, servers, office, cluster):
        self.size = size
        self.servers = servers
        self.office = office
        self.hooks = office.hooks
        self.cluster = cluster
        self.seed = seed
        self.blows = plan.blows(seed, size, bool(cluster))
        self.events = []
        self.reconnects = 0
        self.in_time = False
        self._sent = 0
        self._requests = 0
        self._expired_at = 0
        self._back = {}

    def go(self):
        """Everything up to the comparison.

        :return: ``chaos.compare.Comparison``.
        """
        self.hooks.forget_requests()
        for _kind, rule in plan.rules(self.seed):
            self.hooks.add_rule(rule)
        self.hooks.add_rule(
            {"path": "/oauth2/token", "status": 503, "probability": 0.1, "seed": 7}
        )
        clerk = Clerk(self.office, pause=1.0)
        clock = Clock(self.servers[0].database, plan.FACTOR)
        clock.start()
        clerk.start()
        try:
            self._until_done(clerk)
        finally:
            clerk.end()
            clock.end()
            self.reconnects = clerk.reconnects
        self.hooks.clear_rules()
        self._bring_back(everyone=True)
        return compare(self.office, self.hooks)

    def _until_done(self, clerk):
        deadline = time.monotonic() + self.size.minutes * 60
        next_word = time.monotonic() + SAY_EVERY
        while time.monotonic() < deadline:
            time.sleep(POLL)
            self._look()
            self._expire_tokens()
            self._strike()
            self._bring_back()
            if time.monotonic() > next_word:
                next_word += SAY_EVERY
                say(f"  {self._sent} POSTs of documents, {self._open()} to do …")
            if clerk.posted and not self._back and self._open() == 0:
                self.in_time = True
                return

    def _look(self):
        counts = self.hooks.counts()
        self._sent = sum(counts.get(name, 0) for name in DOCUMENTS)
        self._requests = sum(count for name, count in counts.items() if " /v1/" in name)

    def _open(self):
        """How much is still to be done; None while PostgreSQL is away."""
        try:
            with databases.connect(self.servers[0].database) as cursor:
                cursor.execute(OPEN)
                return cursor.fetchone()[0]
        except (SetupError, psycopg2.Error):
            return None

    # --- Blows

    def _expire_tokens(self):
        if self._requests - self._expired_at >= plan.TOKEN_REQUESTS:
            self._expired_at = self._requests
            self.hooks.expire_tokens()
            self._note("tokens ended early")

    def _note(self, kind):
        self.events.append(Event(kind, self._sent))

    def _strike(self):
        """The next blow, when its time has come and the last one is healed."""
        if not self.blows or self._sent < self.blows[0].after or self._back:
            return
        blow = self.blows.pop(0)
        time.sleep(blow.delay)
        if blow.kind == "burst":
            rule = {"path": "/v1/*", "status": 429, "count": plan.BURST}
            self.hooks.add_rule({**rule, "headers": blow.headers})
        elif blow.kind == "restart":
            say("  PostgreSQL is killed and started again.")
            self.cluster.kill()
            self._note("PostgreSQL killed")
        else:
            server = self.servers[blow.server]
            say(f"  kill -9 of {server.name}.")
            server.kill()
            self._note("kill -9 of an Odoo server")
            self._back[server] = time.monotonic() + BACK_AFTER

    def _bring_back(self, everyone=False):
        """Start servers that were killed, or ended by themselves."""
        for server in self.servers:
            if not server.is_running() and server not in self._back:
                self._back[server] = 0
        for server, at in list(self._back.items()):
            if everyone or time.monotonic() > at:
                if not server.is_running():
                    server.start()
                if everyone:
                    server.wait_ready()
                if everyone or answers(server):
                    del self._back[server]


def answers(server):
    """Whether a server that was started again is ready."""
    try:
        return requests.get(server.url + server.ready_path, timeout=0.5).ok
    except requests.RequestException:
        return False
