# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""A running Odoo and a running stand-in, with a browser before them.

For tests from outside and for screenshots; everything is gone at the end.
"""

import contextlib
import os

from playwright.sync_api import sync_playwright

import databases
from environment import free_port
from odoo_server import OdooServer, SandboxServer
from odoo_source import ensure_odoo
from run_tests import ensure_books
from system_packages import chromium

# Odoo's administrator in a German company; the books' company is Odoo's first one.
PEOPLE = """
env["res.lang"]._activate_lang("en_US")
admin = env.ref("base.user_admin")
admin.write({"lang": "de_DE", "tz": "Europe/Berlin"})
admin.group_ids += env.ref("account.group_account_manager")
company = env.ref("base.main_company")
company.write({"street": "Musterweg 1", "zip": "20095", "city": "Hamburg"})
env["res.partner"].create({
    "name": "Nordlicht Fahrradbau GmbH", "is_company": True, "street": "Hafenweg 3",
    "zip": "20457", "city": "Hamburg", "country_id": env.ref("base.de").id,
    "email": "rechnung@nordlicht.example", "vat": "DE136695976", "lang": "de_DE"})
tax = env.ref(f"account.{company.id}_tax_ust_19_skr03")
env["product.product"].create({
    "name": "Unterhaltsreinigung", "type": "service", "list_price": 480.0,
    "taxes_id": [(6, 0, tax.ids)]})
env.cr.commit()
"""


@contextlib.contextmanager
def servers(odoo=None):
    """Odoo with the addon and the German company's books, and the stand-in.

    :return: both servers, started; PostgreSQL has to run.
    """
    odoo = odoo or ensure_odoo()
    name = f"{databases.PREFIX}_stage_{os.getpid()}"
    sandbox = SandboxServer(free_port())
    server = OdooServer(odoo, name, free_port())
    try:
        databases.copy(ensure_books(odoo), name)
        databases.install(odoo, name, databases.ADDON)
        databases.run_odoo(odoo, "shell", name, "--log-level=warn", script=PEOPLE)
        databases.set_parameters(
            name,
            {
                "web.base.url": server.url,
                "web.base.url.freeze": "True",
                "report.url": server.url,
                "lexoffice_connector.api_url": sandbox.url,
                "lexoffice_connector.app_url": sandbox.url,
            },
        )
        with sandbox, server:
            yield server, sandbox
    finally:
        databases.drop(name)


@contextlib.contextmanager
def browser():
    """Chromium, without a window."""
    with sync_playwright() as playwright:
        # Chromium's own sandbox does not work as root, as which containers run.
        options = {"executable_path": chromium(), "args": ["--no-sandbox"]}
        window = playwright.chromium.launch(**options)
        try:
            yield window
        finally:
            window.close()


def log_in(page, url, login="admin"):
    """Log in to Odoo; afterwards the web client is there."""
    page.goto(f"{url}/web/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", login)
    page.click("button[type=submit]")
    page.wait_for_selector(".o_web_client .o_main_navbar", timeout=60000)
