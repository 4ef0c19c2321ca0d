# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The pages for people, walked over HTTP."""

import re

import pytest

from .browser import connect
from .payloads import contact, invoice, pdf, voucher
from .server import Api


def press(hooks, path, **fields):
    """Send a form; gives back the page after it."""
    answer = hooks.post(path, data=fields)
    assert answer.status_code == 303, answer.text
    page = hooks.get(answer.headers["Location"])
    assert page.status_code == 200, page.text
    return page.text


@pytest.fixture
def opened(api, customer):
    body = invoice(contact_id=customer)
    return api.create("/v1/invoices?finalize=true", body)


def test_an_empty_account(hooks):
    page = hooks.get("/").text
    assert "Testfirma GmbH" in page
    assert "Noch nichts angekommen." in page


def test_everything_that_arrived_is_shown(api, hooks, opened):
    voucher_id = api.create("/v1/vouchers", voucher())
    files = {"file": ("r.pdf", pdf())}
    api.post(f"/v1/vouchers/{voucher_id}/files", files=files)
    page = hooks.get("/").text
    for text in ("RE0001", "WEB-2026-4711", "Nordlicht Fahrradbau GmbH", "119,00 €"):
        assert text in page
    links = re.findall(r'href="(/app/[^"]+/pdf|/app/files/[^"]+)"', page)
    assert len(links) == 2
    for link in links:
        assert hooks.get(link).headers["Content-Type"] == "application/pdf"


def test_texts_are_escaped(api, hooks):
    api.create("/v1/contacts", contact("<script>alert(1)</script>"))
    assert "<script>" not in hooks.get("/").text


def test_paying_part_and_rest(api, hooks, opened):
    path = f"/app/documents/{opened}"
    assert "Zahlung ist gebucht" in press(hooks, path + "/pay", amount="19,00")
    assert api.read(f"/v1/payments/{opened}")["openAmount"] == 100
    assert "Betrag" in press(hooks, path + "/pay", amount="1.000,00")
    press(hooks, path + "/pay", amount="")
    assert api.read(f"/v1/invoices/{opened}")["voucherStatus"] == "paid"
    press(hooks, path + "/unpay")
    assert api.read(f"/v1/invoices/{opened}")["voucherStatus"] == "open"


def test_editing_voiding_and_deleting(api, hooks, opened):
    path = f"/app/documents/{opened}"
    press(hooks, path + "/edit", remark="Neuer Schluss")
    assert api.read(f"/v1/invoices/{opened}")["remark"] == "Neuer Schluss"
    press(hooks, path + "/reopen")
    assert "Entwurf" in hooks.get(path).text
    press(hooks, path + "/finalize")
    press(hooks, path + "/void")
    assert api.read(f"/v1/invoices/{opened}")["voucherStatus"] == "voided"
    assert "gelöscht" in press(hooks, path + "/delete")
    assert api.get(f"/v1/invoices/{opened}").status_code == 404


def test_changing_a_contact(api, hooks, customer):
    path = f"/contacts/{customer}"
    press(hooks, path + "/edit", name="Neu GmbH", city="Kiel", countryCode="DE")
    read = api.read(f"/v1/contacts/{customer}")
    assert read["company"]["name"] == "Neu GmbH"
    assert read["addresses"]["billing"] == [{"city": "Kiel", "countryCode": "DE"}]
    press(hooks, path + "/add-address", city="Ulm", countryCode="DE")
    assert len(api.read(f"/v1/contacts/{customer}")["addresses"]["billing"]) == 2
    assert "Archiviert" in press(hooks, path + "/archive")
    press(hooks, path + "/unarchive")
    assert api.read(f"/v1/contacts/{customer}")["archived"] is False


def test_taking_access_away(hooks):
    connect(hooks)
    page = hooks.get("/").text
    target = re.search(r'action="(/app/connections/[^"]+/revoke)"', page)[1]
    press(hooks, target)
    assert hooks.read("/sandbox/connections") == []


def test_making_a_key(hooks, server):
    account = hooks.read("/sandbox/accounts")[0]["id"]
    page = press(hooks, f"/app/accounts/{account}/api-keys")
    key = re.search(r"API-Schlüssel: (\S+?)<", page)[1]
    assert Api(server.url, key).get("/v1/profile").status_code == 200


def test_deep_links(api, hooks, opened, customer):
    voucher_id = api.create("/v1/vouchers", voucher())
    for link, target in (
        (f"invoices/view/{opened}", f"/app/documents/{opened}"),
        (f"invoices/edit/{opened}", f"/app/documents/{opened}"),
        (f"vouchers/view/{voucher_id}", f"/app/documents/{voucher_id}"),
        (f"contacts/view/{customer}", f"/contacts/{customer}"),
        ("invoices/view/unknown", "/"),
    ):
        answer = hooks.get(f"/permalink/{link}")
        assert (answer.status_code, answer.headers["Location"]) == (302, target)
        assert hooks.get(target).status_code == 200
    assert hooks.get(f"/permalink/contacts/edit/{customer}").status_code == 404
