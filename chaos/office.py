# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The people in front of Odoo: they connect, post, and reconnect when asked to."""

import threading
import time
from urllib.parse import urlsplit

import requests

from demo.consent import ConsentBrowser
from demo.odoo_rpc import DemoError, OdooSession
from demo.sandbox import CLIENT_ID, CLIENT_SECRET, PASSWORD

VARIANTS = ("invoice", "voucher")
START = "2020-01-01"
CHUNK = 10


class Office:
    """Odoo by RPC, through whichever server answers.

    :param servers: the Odoo servers of one database.
    :param Hooks hooks: the stand-in.
    """

    def __init__(self, servers, hooks):
        self.servers = servers
        self.hooks = hooks
        self._sessions = {}

    def session(self, server):
        if server not in self._sessions:
            self._sessions[server] = OdooSession(
                server.url, server.database, "admin", "admin", timeout=60
            )
        return self._sessions[server]

    def call(self, *args, **kwargs):
        """One call to the first server that is there.

        :raises DemoError: Odoo's error, or nobody answers.
        """
        lost = None
        for server in self.servers:
            try:
                return self.session(server).call(*args, **kwargs)
            except requests.RequestException as error:
                self._sessions.pop(server, None)
                lost = error
        raise DemoError(f"No Odoo server answers: {lost}")

    # --- Connections

    def connect(self):
        """A connection for each company, each with an account and a variant."""
        self.hooks.ensure_client()
        names = ["name", "email", "phone", "street", "zip", "city", "vat"]
        companies = self.call("res.company", "search_read", [], names, order="id")
        for number, company in enumerate(companies):
            (connection_id,) = self.call(
                "lexoffice.connection",
                "create",
                [
                    {
                        "company_id": company["id"],
                        "client_id": CLIENT_ID,
                        "client_secret": CLIENT_SECRET,
                        "export_variant": VARIANTS[number % 2],
                        "export_start_date": START,
                        # With it, a run would take 25 minutes by itself.
                        "documents_per_minute": 0,
                    }
                ],
                company=company["id"],
            )
            self.consent(connection_id, company)

    def consent(self, connection_id, company):
        """The way through lexoffice's consent pages and back to Odoo."""
        account = self.hooks.ensure_account(company)
        server = next(server for server in self.servers if server.is_running())
        session = self.session(server)
        action = session.call("lexoffice.connection", "action_connect", [connection_id])
        browser = ConsentBrowser(self.hooks.url)
        email = account["users"][0]["email"]
        back = urlsplit(browser.allow(action["url"], email, PASSWORD))
        session.get(f"{back.path}?{back.query}")

    def reconnect_if_asked(self):
        """As the to-do on the connection asks for.

        :return: how many connections had to be renewed.
        """
        rows = self.call(
            "lexoffice.connection",
            "search_read",
            [("state", "=", "reconnect")],
            ["company_id"],
        )
        names = ["name", "email", "phone", "street", "zip", "city", "vat"]
        for row in rows:
            (company,) = self.call("res.company", "read", row["company_id"][:1], names)
            self.consent(row["id"], company)
        return len(rows)

    # --- Invoices

    def drafts(self):
        """Ids of drafts per company, in their order."""
        rows = self.call(
            "account.move",
            "search_read",
            [("move_type", "=", "out_invoice"), ("state", "=", "draft")],
            ["company_id"],
            order="id",
        )
        by_company = {}
        for row in rows:
            by_company.setdefault(row["company_id"][0], []).append(row["id"])
        return by_company


class Clerk(threading.Thread):
    """Posts all drafts bit by bit, and reconnects; goes on whatever breaks."""

    def __init__(self, office, pause):
        super().__init__(name="clerk", daemon=True)
        self.office = office
        self.pause = pause
        self.reconnects = 0
        self.posted = False
        self._ended = threading.Event()

    def end(self):
        self._ended.set()
        self.join(timeout=90)

    def run(self):
        while not self._ended.wait(self.pause):
            try:
                self._post_some()
                self.reconnects += self.office.reconnect_if_asked()
            except (DemoError, requests.RequestException):
                # A server or the database is away, or the connection is busy: as a
                # person would, try again.
                time.sleep(0.5)

    def _post_some(self):
        if self.posted:
            return
        drafts = self.office.drafts()
        for company, ids in drafts.items():
            self.office.call(
                "account.move", "action_post", ids[:CHUNK], company=company
            )
        self.posted = not drafts
