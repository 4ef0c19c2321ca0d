# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The whole way of a user, by mouse and keyboard, in German."""

import time

import pytest
import requests

CLIENT = {"client_id": "odoo-in-the-browser", "client_secret": "a client's secret"}


@pytest.fixture
def lexoffice(servers):
    """The stand-in as it was at its start, and a client for Odoo in it."""
    _odoo, sandbox = servers
    requests.post(f"{sandbox.url}/sandbox/reset", timeout=30).raise_for_status()
    requests.post(
        f"{sandbox.url}/sandbox/clients", json={**CLIENT, "name": "Odoo"}, timeout=30
    ).raise_for_status()
    return sandbox.url


def open_connection(page, odoo):
    """By the menu, as a user finds it."""
    page.goto(f"{odoo.url}/odoo/action-account.action_account_config")
    page.get_by_role("button", name="Konfiguration").click()
    page.get_by_role("menuitem", name="lexoffice", exact=True).click()
    page.wait_for_selector(".o_form_view div[name=auth_method]")


def enter_client(page):
    page.locator("div[name=client_id] input").fill(CLIENT["client_id"])
    page.locator("div[name=client_secret]:visible input").fill(CLIENT["client_secret"])


def decide(page, decision):
    """Log in at lexoffice and press a button there."""
    page.get_by_label("E-Mail-Adresse").fill("erika@testfirma.example")
    page.get_by_label("Passwort").fill("lexoffice")
    page.get_by_role("button", name="Anmelden").click()
    page.get_by_role("heading", name="Autorisierungsanfrage").wait_for()
    page.get_by_role("button", name=decision).click()


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def test_denied_then_allowed_then_an_invoice_gets_its_number(page, servers, lexoffice):
    odoo, _sandbox = servers
    open_connection(page, odoo)
    enter_client(page)
    press(page, "Verbindung mit lexoffice herstellen")
    decide(page, "Zugriff verweigern")
    page.get_by_role("heading", name="Zugriff auf lexoffice nicht erlaubt").wait_for()

    page.get_by_role("link", name="Zurück zu Odoo").click()
    page.wait_for_selector(".o_form_view")
    press(page, "Verbindung mit lexoffice herstellen")
    decide(page, "Zugriff erlauben")
    state = page.locator(".o_statusbar_status [aria-current=step]")
    state.wait_for()
    assert state.inner_text().strip() == "Verbunden"
    assert page.url.startswith(odoo.url)
    assert "code=" not in page.url and "state=" not in page.url
    assert page.locator("div[name=organization_name]").inner_text() == "Testfirma GmbH"

    number = post_invoice(page, odoo)
    (document,) = requests.get(f"{lexoffice}/sandbox/documents", timeout=30).json()
    assert document["document"]["voucherNumber"] == number


def post_invoice(page, odoo):
    """Enter an invoice and confirm it; returns the number that it gets."""
    page.goto(f"{odoo.url}/odoo/action-account.action_move_out_invoice_type/new")
    customer = page.locator("div[name=partner_id] input")
    customer.fill("Nordlicht")
    page.locator(".o-autocomplete--dropdown-item", has_text="Nordlicht").first.click()
    page.get_by_role("button", name="Zeile hinzufügen").first.click()
    page.locator("tr.o_selected_row").wait_for()
    page.keyboard.type("Unterhaltsreinigung")
    page.locator("tr.o_selected_row [name=price_unit] input").fill("480")
    press(page, "Bestätigen")
    state = page.locator(".o_statusbar_status [aria-current=step]")
    state.filter(has_text="Gebucht").wait_for()
    assert "VORL/" in page.locator(".o_form_view h1").first.inner_text()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        page.reload()
        name = page.locator("h1 [name=name]").first
        name.wait_for()
        if "VORL/" not in (text := name.inner_text().strip()):
            return text
        time.sleep(1)
    pytest.fail("lexoffice's number did not come within a minute")
