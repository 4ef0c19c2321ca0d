# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Walks through the demo over HTTP: connect, post, wait, compare.

Ends with status 0 only if every invoice stands in lexoffice with Odoo's total. Can be
repeated: what has been done already is only compared again.
"""

import argparse
import os
import sys
import time
from urllib.parse import urlsplit

import requests

from .consent import ConsentBrowser
from .odoo_rpc import DemoError, OdooSession
from .report import Row, summary, table
from .sandbox import CLIENT_ID, CLIENT_SECRET, PASSWORD, Sandbox

VARIANTS = {"Glanzwerk Objektservice GmbH": "voucher"}
# Files count as well, and documents whose number does not stand in Odoo yet.
ON_THEIR_WAY = [
    *("|", ("state", "in", ["pending", "sending", "uncertain"])),
    *("&", ("operation", "=", "document")),
    *("&", ("state", "=", "done"), ("adoption", "=", "waiting")),
]
INVOICES = [("move_type", "=", "out_invoice")]
MOVE_FIELDS = [
    *("name", "invoice_date", "commercial_partner_id", "amount_total", "company_id"),
    *("lexoffice_state", "lexoffice_message", "lexoffice_number", "lexoffice_uuid"),
    *("lexoffice_provisional_name", "lexoffice_variant"),
]
POLL_SECONDS = 0.5


class Walk:
    """:param OdooSession odoo: logged in as an administrator.
    :param Sandbox sandbox: the stand-in.
    """

    def __init__(self, odoo, sandbox):
        self.odoo = odoo
        self.sandbox = sandbox

    # --- Connect

    def connect(self):
        """Connect every company that isn't with an account of its own."""
        self.sandbox.ensure_client()
        companies = self.odoo.search_read(
            "res.company",
            [],
            ["name", "email", "phone", "street", "zip", "city", "vat"],
            order="id",
        )
        for company in companies:
            connection = self._connection(company)
            if connection["state"] != "connected":
                self._consent(company, connection["id"])

    def _connection(self, company):
        domain = [("company_id", "=", company["id"])]
        found = self.odoo.search_read("lexoffice.connection", domain, ["state"])
        if found:
            return found[0]
        (oldest,) = self.odoo.search_read(
            "account.move",
            [*INVOICES, ("company_id", "=", company["id"])],
            ["invoice_date"],
            order="invoice_date",
            limit=1,
        )
        (connection_id,) = self.odoo.call(
            "lexoffice.connection",
            "create",
            [
                {
                    "company_id": company["id"],
                    "client_id": CLIENT_ID,
                    "client_secret": CLIENT_SECRET,
                    "export_variant": VARIANTS.get(company["name"], "invoice"),
                    "export_start_date": oldest["invoice_date"],
                    # Only for the demo: lexoffice's terms ask for 20 at most.
                    "documents_per_minute": 0,
                }
            ],
            company=company["id"],
        )
        return {"id": connection_id, "state": "disconnected"}

    def _consent(self, company, connection_id):
        """The round trip that a user makes by clicking, in the same two sessions."""
        account = self.sandbox.ensure_account(company)
        action = self.odoo.call(
            "lexoffice.connection",
            "action_connect",
            [connection_id],
            company=company["id"],
        )
        browser = ConsentBrowser(self.sandbox.url)
        email = account["users"][0]["email"]
        back = urlsplit(browser.allow(action["url"], email, PASSWORD))
        answer = self.odoo.get(f"{back.path}?{back.query}")
        (connection,) = self.odoo.call(
            "lexoffice.connection",
            "read",
            [connection_id],
            ["state", "organization_name"],
        )
        if connection["state"] != "connected":
            raise DemoError(
                f"{company['name']} could not be connected: Odoo answered"
                f" {answer.status_code} to lexoffice's redirect."
            )
        print(
            f"Connected {company['name']} with the lexoffice account of"
            f" {connection['organization_name']}.",
            flush=True,
        )

    # --- Post and wait

    def post_drafts(self):
        """Post all drafts, by company and in the order of their dates."""
        drafts = self.odoo.search_read(
            "account.move",
            [*INVOICES, ("state", "=", "draft")],
            ["company_id"],
            order="invoice_date, id",
        )
        by_company = {}
        for draft in drafts:
            by_company.setdefault(draft["company_id"][0], []).append(draft["id"])
        for company, ids in by_company.items():
            self.odoo.call("account.move", "action_post", ids, company=company)
        print(f"Posted {len(drafts)} invoices; waiting for lexoffice …", flush=True)

    def moves(self):
        moves = self.odoo.search_read(
            "account.move", INVOICES, MOVE_FIELDS, order="invoice_date, id"
        )
        return sorted(moves, key=lambda move: move["company_id"][0])

    def wait(self, seconds):
        """Wait until nothing is on its way any more, documents and files.

        :return: whether that came within the time.
        """
        deadline = time.monotonic() + seconds
        while True:
            if not self.odoo.call("lexoffice.transfer", "search_count", ON_THEIR_WAY):
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(POLL_SECONDS)

    # --- Compare

    def rows(self):
        """One row per invoice, both sides read anew."""
        documents = self.sandbox.documents()
        moves = self.moves()
        attached = self._moves_with_pdf([move["id"] for move in moves])
        return [
            Row.of(move, documents.get(move["lexoffice_uuid"]), move["id"] in attached)
            for move in moves
        ]

    def _moves_with_pdf(self, ids):
        attachments = self.odoo.search_read(
            "ir.attachment",
            [
                ("res_model", "=", "account.move"),
                ("res_id", "in", ids),
                ("mimetype", "=", "application/pdf"),
                # Attachments that belong to a field are left out unless asked for.
                *("|", ("res_field", "=", False), ("res_field", "!=", False)),
            ],
            ["res_id"],
        )
        return {attachment["res_id"] for attachment in attachments}


def run(walk, seconds):
    """Walk it all and print the table.

    :return: whether every invoice was exported with equal totals and its file.
    """
    walk.connect()
    before = walk.sandbox.request_count()
    walk.post_drafts()
    in_time = walk.wait(seconds)
    requests_made = walk.sandbox.request_count() - before
    rows = walk.rows()
    print()
    print(table(rows))
    print()
    if not in_time:
        print(f"After {seconds} s some documents or files are still on their way.")
    for row in rows:
        for problem in row.problems():
            print(f"{row.name}: {problem}")
    print(summary(rows, requests_made))
    return bool(rows) and all(row.is_good() for row in rows)


def parser():
    """The command line."""
    result = argparse.ArgumentParser(prog="demo.walk", description=__doc__)
    odoo_url = os.environ.get("ODOO_URL", "http://127.0.0.1:8069")
    sandbox_url = os.environ.get("SANDBOX_URL", "http://127.0.0.1:8070")
    result.add_argument("--odoo", default=odoo_url, metavar="URL")
    result.add_argument("--sandbox", default=sandbox_url, metavar="URL")
    result.add_argument("--database", default="lexoffice_demo")
    result.add_argument("--login", default="admin")
    result.add_argument("--password", default="admin")
    result.add_argument("--seconds", type=int, default=300, help="time limit")
    return result


def main(arguments=None):
    options = parser().parse_args(arguments)
    try:
        odoo = OdooSession(
            options.odoo, options.database, options.login, options.password
        )
        good = run(Walk(odoo, Sandbox(options.sandbox)), options.seconds)
    except (DemoError, requests.RequestException) as error:
        print(f"The walk through the demo failed: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
