# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Documents that follow another one, and the kinds besides the invoice."""

import pytest

from .payloads import DAY, credit_note, invoice, line


def follow(api, path, body, preceding, finalize=True):
    query = f"?precedingSalesVoucherId={preceding}"
    query += "&finalize=true" if finalize else ""
    return api.post(path + query, json=body)


def test_a_credit_note_of_its_own_stays_open(api):
    note_id = api.create("/v1/credit-notes?finalize=true", credit_note())
    note = api.read(f"/v1/credit-notes/{note_id}")
    assert note["voucherStatus"] == "open"
    assert note["title"] == "Rechnungskorrektur"
    absent = {"dueDate", "paymentConditions", "closingInvoice"}
    assert not absent & set(note)
    assert "discountPercentage" not in note["lineItems"][0]


def test_a_credit_note_for_an_invoice_pays_it(api):
    invoice_id = api.create("/v1/invoices?finalize=true", invoice(line(100)))
    answer = follow(api, "/v1/credit-notes", credit_note(line(20)), invoice_id)
    note_id = answer.json()["id"]
    note = api.read(f"/v1/credit-notes/{note_id}")
    assert note["voucherStatus"] == "paidoff"
    assert note["relatedVouchers"] == [
        {"id": invoice_id, "voucherNumber": "RE0001", "voucherType": "invoice"}
    ]
    read = api.read(f"/v1/invoices/{invoice_id}")
    assert read["relatedVouchers"][0]["id"] == note_id
    payments = api.read(f"/v1/payments/{invoice_id}")
    assert payments["openAmount"] == 95.20
    assert payments["paymentItems"][0]["paymentItemType"] == "partPaymentCreditNote"
    assert api.get(f"/v1/payments/{note_id}").status_code == 406


def test_one_credit_note_per_invoice(api):
    invoice_id = api.create("/v1/invoices?finalize=true", invoice())
    assert follow(api, "/v1/credit-notes", credit_note(), invoice_id).status_code == 201
    assert api.read(f"/v1/invoices/{invoice_id}")["voucherStatus"] == "paid"
    assert follow(api, "/v1/credit-notes", credit_note(), invoice_id).status_code == 406


def test_a_draft_credit_note_changes_nothing(api):
    invoice_id = api.create("/v1/invoices?finalize=true", invoice())
    answer = follow(api, "/v1/credit-notes", credit_note(), invoice_id, False)
    assert answer.status_code == 201
    assert api.read(f"/v1/payments/{invoice_id}")["openAmount"] == 119


def test_drafts_and_wrong_kinds_cannot_be_followed(api):
    draft = api.create("/v1/invoices", invoice())
    answer = follow(api, "/v1/credit-notes", credit_note(), draft)
    assert (answer.status_code, "draft" in answer.json()["message"]) == (406, True)
    opened = api.create("/v1/invoices?finalize=true", invoice())
    assert follow(api, "/v1/invoices", invoice(), opened).status_code == 406
    assert follow(api, "/v1/invoices", invoice(), "unknown").status_code == 406


def test_the_chain_from_quotation_to_invoice(api):
    body = {**invoice(), "expirationDate": DAY}
    quotation = api.create("/v1/quotations?finalize=true", body)
    order = follow(api, "/v1/order-confirmations", invoice(), quotation).json()["id"]
    delivery = follow(api, "/v1/delivery-notes", invoice(), order).json()["id"]
    final = follow(api, "/v1/invoices", invoice(), delivery).json()["id"]
    kinds = [
        (path, i, api.read(f"/v1/{path}/{i}"))
        for path, i in (
            ("quotations", quotation),
            ("order-confirmations", order),
            ("delivery-notes", delivery),
            ("invoices", final),
        )
    ]
    numbers = [read["voucherNumber"] for _, _, read in kinds]
    assert numbers == ["AG0001", "AB0001", "LS0001", "RE0001"]
    assert {read["voucherStatus"] for _, _, read in kinds} == {"open"}
    assert "totalGrossAmount" not in kinds[2][2].get("totalPrice", {})


def test_quotations_need_an_end_and_may_offer_choices(api):
    answer = api.post("/v1/quotations", json=invoice())
    assert answer.json()["details"][0]["field"] == "expirationDate"
    body = {**invoice(line(100), line(50, optional=True)), "expirationDate": DAY}
    quotation = api.create("/v1/quotations?finalize=true", body)
    total = api.read(f"/v1/quotations/{quotation}")["totalPrice"]
    assert total["totalNetAmount"] == 100
    answer = follow(api, "/v1/invoices", invoice(), quotation)
    assert "optional" in answer.json()["message"]


def test_dunnings_need_an_invoice_and_stay_drafts(api):
    answer = api.post("/v1/dunnings", json={})
    assert answer.status_code == 400  # before the body is looked at
    opened = api.create("/v1/invoices?finalize=true", invoice())
    dunning = follow(api, "/v1/dunnings", invoice(), opened).json()["id"]
    assert api.read(f"/v1/dunnings/{dunning}")["voucherStatus"] == "draft"
    headers = {"Accept": "application/pdf"}
    answer = api.get(f"/v1/dunnings/{dunning}/file", headers=headers)
    assert answer.content.startswith(b"%PDF")
    rows = api.read("/v1/voucherlist?voucherType=any&voucherStatus=any")["content"]
    assert [row["voucherType"] for row in rows] == ["invoice"]


@pytest.mark.parametrize("path", ["down-payment-invoices", "recurring-templates"])
def test_kinds_the_api_only_reads_cannot_be_made(api, path):
    assert api.post(f"/v1/{path}", json={}).status_code == 404
