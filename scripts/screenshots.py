# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""``make screenshots``: pictures of every screen, in German and in English.

They land in ``screenshots/`` and show the addon as a user meets it: nothing is drawn,
a real Odoo and the running stand-in are walked through.
"""

import argparse
import contextlib
import sys

from playwright.sync_api import Error as BrowserError

import postgres
import stage
from environment import ROOT, SetupError, say
from stage_data import Story

DESKTOP = {"width": 1366, "height": 900}
PHONE = {"width": 390, "height": 844}
LANGUAGES = {"de": "de_DE", "en": "en_US"}


class Camera:
    """Opens pages of Odoo in one language and takes pictures of them.

    :param browser: Playwright's.
    :param str url: Odoo's address.
    :param folder: where the pictures go.
    """

    def __init__(self, browser, url, folder, size=None, **options):
        self.url = url
        self.folder = folder
        self.context = browser.new_context(viewport=size or DESKTOP, **options)
        self.page = self.context.new_page()
        self.page.set_default_timeout(30000)
        stage.log_in(self.page, url)

    def open(self, path, selector):
        """Go to a page of Odoo and wait until it shows something."""
        self.page.goto(f"{self.url}{path}")
        self.page.wait_for_selector(selector)
        # Badges, names and chatter come a moment after the first paint.
        self.page.wait_for_timeout(1500)

    def shoot(self, name):
        self.folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=self.folder / f"{name}.png")

    def record(self, name, model, record_id):
        self.open(f"/odoo/m-{model}/{record_id}", ".o_form_view")
        self.shoot(name)


def shoot_connection(camera, story):
    """Disconnected, denied, the consent page, connected, and in need of a new one."""
    connection = story.connection()
    camera.record("connection-new", "lexoffice.connection", connection)
    page = camera.page
    for decision in ("deny", "allow"):
        page.locator("button[name=action_connect]:visible").click()
        page.fill("input[name=email]", story.user)
        page.fill("input[name=password]", story.password)
        page.click("button[type=submit]")
        page.wait_for_selector("button[name=decision]")
        camera.shoot("lexoffice-consent")
        page.click(f"button[name=decision][value={decision}]")
        page.wait_for_url(f"{camera.url}/**")
        page.wait_for_timeout(1500)
        if decision == "deny":
            camera.shoot("consent-denied")
            camera.record("connection-new", "lexoffice.connection", connection)
    camera.open("/lexoffice/oauth/callback?code=x&state=x", "h1")
    camera.shoot("consent-expired")
    camera.record("connection-connected", "lexoffice.connection", connection)
    camera.open("/odoo/action-account.action_account_config", "#lexoffice_connection")
    page.locator("#lexoffice_connection").scroll_into_view_if_needed()
    camera.shoot("settings")


def shoot_invoices(camera, story):
    """Invoices in each state, their list, their transfers, and the customer."""
    for name, move in story.moves.items():
        camera.record(f"invoice-{name}", "account.move", move)
        camera.page.locator("a[name=lexoffice]").click()
        camera.page.wait_for_timeout(500)
        camera.shoot(f"invoice-{name}-page")
    camera.open("/odoo/action-account.action_move_out_invoice_type", ".o_list_view")
    camera.shoot("invoice-list")
    action = "lexoffice_connector.lexoffice_transfer_action"
    camera.open(f"/odoo/action-{action}", ".o_list_view")
    camera.shoot("transfer-list")
    for name, row in story.transfers().items():
        camera.record(f"transfer-{name}", "lexoffice.transfer", row)
    camera.record("customer", "res.partner", story.customer)
    with contextlib.suppress(BrowserError):
        camera.page.locator("a[name=accounting]").click()
        camera.page.wait_for_timeout(500)
    camera.shoot("customer-accounting")


def shoot_reconnect(camera, story):
    """The grant has ended in lexoffice: what waits, and how to go on."""
    story.end_grant()
    camera.record("connection-reconnect", "lexoffice.connection", story.connection())
    camera.record("invoice-waiting", "account.move", story.waiting())


def take(browser, odoo, sandbox, folder):
    """All pictures in one language.

    :param folder: its name is the language's.
    """
    story = Story(odoo, sandbox, LANGUAGES[folder.name])
    camera = Camera(browser, odoo.url, folder)
    shoot_connection(camera, story)
    story.post_invoices()
    shoot_invoices(camera, story)
    phone = Camera(browser, odoo.url, folder, PHONE, is_mobile=True)
    for name in ("done", "failed"):
        phone.record(f"phone-invoice-{name}", "account.move", story.moves[name])
    shoot_reconnect(camera, story)
    say(f"Pictures in {folder}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("languages", nargs="*", default=list(LANGUAGES))
    parser.add_argument("--folder", default="screenshots", help="below the checkout")
    options = parser.parse_args()
    try:
        with postgres.running(), stage.browser() as browser:
            for language in options.languages:
                # A stage of its own: a connection that was used can't be removed.
                with stage.servers() as (odoo, sandbox):
                    take(browser, odoo, sandbox, ROOT / options.folder / language)
    except SetupError as error:
        sys.exit(f"make screenshots stopped: {error}")


if __name__ == "__main__":
    main()
