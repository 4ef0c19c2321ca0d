# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""What happens on the stage: invoices in every state, made as a user makes them."""

import sys
import time
from datetime import date

import requests

from environment import ROOT

# Before the scripts, one of which has the name of the package.
sys.path.insert(0, str(ROOT))

from demo.odoo_rpc import OdooSession  # noqa: E402

CLIENT_ID = "odoo-on-stage"
CLIENT_SECRET = "a secret of the stage"


class Story:
    """One connection of Odoo's first company and its invoices.

    :param OdooServer odoo: running.
    :param SandboxServer sandbox: the stand-in.
    :param str language: what the administrator reads.
    """

    user, password = "erika@testfirma.example", "lexoffice"

    def __init__(self, odoo, sandbox, language):
        self.sandbox_url = sandbox.url
        self.moves = {}
        self._hook("POST", "reset")
        client = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        self._hook("POST", "clients", **client, name="Odoo")
        self.odoo = OdooSession(odoo.url, odoo.database, "admin", "admin")
        self.call("res.users", "write", [2], {"lang": language})
        (self.customer,) = self.call(
            "res.partner", "search", [("name", "like", "Nordlicht")], limit=1
        )
        (self.product,) = self.call(
            "product.product", "search", [("name", "like", "Unterhalt")], limit=1
        )

    def call(self, model, method, *args, **kwargs):
        return self.odoo.call(model, method, *args, **kwargs)

    def _hook(self, method, path, /, **body):
        answer = requests.request(
            method, f"{self.sandbox_url}/sandbox/{path}", json=body or None, timeout=30
        )
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def connection(self):
        """The connection's id; made if need be."""
        found = self.call("lexoffice.connection", "search", [])
        if not found:
            values = {
                "client_id": CLIENT_ID,
                "client_secret": CLIENT_SECRET,
                "documents_per_minute": 0,
            }
            found = self.call("lexoffice.connection", "create", [values])
        return found[0]

    def invoice(self, **line):
        """A posted invoice of one line."""
        line = {"product_id": self.product, "quantity": 1, **line}
        (move,) = self.call(
            "account.move",
            "create",
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": self.customer,
                    "invoice_date": str(date.today()),
                    "invoice_line_ids": [[0, 0, line]],
                }
            ],
        )
        self.call("account.move", "action_post", [move])
        return move

    def post_invoices(self):
        """One that arrives, one that can't be sent, one whose answer gets lost."""
        self.moves["done"] = self.invoice()
        self.moves["failed"] = self.invoice(tax_ids=[[6, 0, []]])
        self._wait(self.moves.values(), ("done", "failed"))
        self._hook(
            "POST", "faults", method="POST", path="/v1/invoices", cut="before", count=1
        )
        self.moves["uncertain"] = self.invoice(price_unit=520.0)
        self._wait([self.moves["uncertain"]], ("uncertain",))

    def _wait(self, moves, states, seconds=60):
        deadline = time.monotonic() + seconds
        domain = [("id", "in", list(moves)), ("lexoffice_state", "not in", states)]
        while self.call("account.move", "search_count", domain):
            if time.monotonic() > deadline:
                raise TimeoutError(f"Invoices did not become {states}.")
            time.sleep(0.5)

    def transfers(self):
        """The transfer of each invoice's document, by the invoice's name here."""
        return {
            name: self.call(
                "lexoffice.transfer",
                "search",
                [("move_id", "=", move), ("operation", "=", "document")],
            )[0]
            for name, move in self.moves.items()
        }

    def end_grant(self):
        """The user removes Odoo in lexoffice, and Odoo notices."""
        for one in self._hook("GET", "connections"):
            self._hook("POST", f"connections/{one['id']}/revoke")
        self.call("lexoffice.connection", "action_test_connection", [self.connection()])

    def waiting(self):
        """An invoice posted while nothing can be sent."""
        return self.invoice(price_unit=650.0)
