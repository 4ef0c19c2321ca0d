# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Rendered documents: PDF and XML by Accept header."""

import pytest

from .payloads import contact, invoice

ACCEPT = {
    "any": "*/*",
    "xml": "application/xml",
    "pdf": "application/pdf",
    "json": "application/json",
}


def fetch(api, path, accept):
    return api.get(path, headers={"Accept": ACCEPT[accept]})


@pytest.fixture
def plain(api):
    return api.create("/v1/invoices?finalize=true", invoice())


@pytest.fixture
def public_body(api):
    data = {"buyerReference": "04011000-12345-03", "vendorNumberAtCustomer": "7"}
    return api.create("/v1/contacts", contact("Stadt Kiel", xRechnung=data))


@pytest.fixture
def xrechnung(api, public_body):
    body = invoice(contact_id=public_body)
    return api.create("/v1/invoices?finalize=true", body)


@pytest.mark.parametrize(
    ("accept", "status"), [("any", 200), ("pdf", 200), ("xml", 404), ("json", 406)]
)
def test_a_plain_invoice(api, plain, accept, status):
    answer = fetch(api, f"/v1/invoices/{plain}/file", accept)
    assert answer.status_code == status
    if status == 200:
        assert answer.headers["Content-Type"] == "application/pdf"
        name = "inline; filename=Rechnung_RE0001.pdf;"
        assert answer.headers["Content-Disposition"] == name
        assert answer.content.startswith(b"%PDF-")
        assert answer.content.rstrip().endswith(b"%%EOF")


@pytest.mark.parametrize(
    ("accept", "status", "kind"),
    [
        ("any", 200, "application/xml"),
        ("xml", 200, "application/xml"),
        ("pdf", 200, "application/pdf"),
        ("json", 406, "application/json"),
    ],
)
def test_an_xrechnung(api, xrechnung, accept, status, kind):
    answer = fetch(api, f"/v1/invoices/{xrechnung}/file", accept)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == kind
    if kind == "application/xml":
        assert b"04011000-12345-03" in answer.content


def test_the_old_way_gives_the_same_bytes(api, plain):
    answer = api.read(f"/v1/invoices/{plain}/document")
    assert answer == api.read(f"/v1/invoices/{plain}")["files"]
    old = fetch(api, f"/v1/files/{answer['documentFileId']}", "pdf")
    new = fetch(api, f"/v1/invoices/{plain}/file", "pdf")
    assert old.content == new.content
    assert old.headers["Content-Disposition"] == new.headers["Content-Disposition"]
    assert fetch(api, f"/v1/files/{answer['documentFileId']}", "xml").status_code == 404


def test_drafts_have_no_document(api):
    draft = api.create("/v1/invoices", invoice())
    answer = api.get(f"/v1/invoices/{draft}/file")
    assert answer.status_code == 409
    assert answer.json()["message"].endswith(
        "is in status 'draft' and therefore cannot be downloaded"
    )
    answer = api.get(f"/v1/invoices/{draft}/document")
    assert answer.status_code == 406
    assert answer.json()["error"] == "Not Acceptable"
    message = "Requesting PDF document is not possible in state draft."
    assert answer.json()["message"] == message


def test_long_texts_fit_on_as_many_pages_as_they_need(api):
    line = invoice()["lineItems"][0]
    line["description"] = "Zeile\n" * 300
    body = invoice(line, remark="x " * 1000)
    invoice_id = api.create("/v1/invoices?finalize=true", body)
    assert fetch(api, f"/v1/invoices/{invoice_id}/file", "pdf").status_code == 200


def test_profiles(api, customer, public_body):
    def profile(**body):
        invoice_id = api.create("/v1/invoices?finalize=true", invoice(**body))
        return api.read(f"/v1/invoices/{invoice_id}")["electronicDocumentProfile"]

    assert profile() == "NONE"
    assert profile(contact_id=customer) == "EN16931"
    assert profile(contact_id=public_body) == "XRechnung"
    forced_off = {"buyerReference": ""}
    assert profile(contact_id=public_body, xRechnung=forced_off) == "EN16931"


def test_buyer_reference_of_the_invoice_wins(api, public_body, customer):
    data = {"buyerReference": "991-1"}
    body = invoice(contact_id=public_body, xRechnung=data)
    invoice_id = api.create("/v1/invoices?finalize=true", body)
    assert api.read(f"/v1/invoices/{invoice_id}")["xRechnung"] == data
    body = invoice(contact_id=customer, xRechnung=data)
    assert api.post("/v1/invoices", json=body).status_code == 406


def test_an_xrechnung_needs_net_prices(api, public_body):
    line = invoice()["lineItems"][0]
    line["unitPrice"]["grossAmount"] = 119
    body = invoice(line, contact_id=public_body, tax_type="gross")
    answer = api.post("/v1/invoices?finalize=true", json=body)
    assert answer.status_code == 406
    assert "XRechnung" in answer.json()["message"]
