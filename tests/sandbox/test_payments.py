# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Payments are made by hook and read through the API."""

import pytest

from .payloads import credit_note, invoice, voucher


def pay(hooks, document_id, **values):
    answer = hooks.post(f"/sandbox/documents/{document_id}/pay", json=values)
    assert answer.status_code == 200, answer.text


@pytest.fixture
def opened(api):
    return api.create("/v1/invoices?finalize=true", invoice())


def test_nothing_paid(api, opened):
    assert api.read(f"/v1/payments/{opened}") == {
        "openAmount": 119.00,
        "currency": "EUR",
        "paymentStatus": "openRevenue",
        "voucherType": "invoice",
        "voucherStatus": "open",
        "paymentItems": [],
    }


def test_a_part_paid(api, hooks, opened):
    pay(hooks, opened, amount=49.99, date="2026-09-04")
    read = api.read(f"/v1/payments/{opened}")
    assert read["openAmount"] == 69.01
    assert read["voucherStatus"] == "open"
    assert read["paymentItems"] == [
        {
            "paymentItemType": "manualPayment",
            "postingDate": "2026-09-04T00:00:00.000+02:00",
            "amount": 49.99,
            "currency": "EUR",
        }
    ]
    rows = api.read("/v1/voucherlist?voucherType=invoice&voucherStatus=any")
    assert rows["content"][0]["openAmount"] == 69.01


def test_all_paid_with_cash_discount(api, hooks, opened):
    pay(hooks, opened, amount=116.62, date="2026-09-04")
    pay(hooks, opened, date="2026-09-05", type="cashDiscount")
    read = api.read(f"/v1/payments/{opened}")
    assert (read["openAmount"], read["paymentStatus"]) == (0, "balanced")
    assert read["voucherStatus"] == "paid"
    assert read["paidDate"] == "2026-09-05T00:00:00.000+02:00"
    kinds = [item["paymentItemType"] for item in read["paymentItems"]]
    assert kinds == ["manualPayment", "cashDiscount"]
    read = api.read(f"/v1/invoices/{opened}")
    assert (read["voucherStatus"], read["version"]) == ("paid", 3)


@pytest.mark.parametrize(
    ("kind", "open_status", "paid"),
    [
        ("salesinvoice", "openRevenue", "paid"),
        ("salescreditnote", "openRevenue", "paidoff"),
        ("purchaseinvoice", "openExpense", "paid"),
        ("purchasecreditnote", "openExpense", "paidoff"),
    ],
)
def test_vouchers(api, hooks, kind, open_status, paid):
    voucher_id = api.create("/v1/vouchers", voucher(type=kind))
    assert api.read(f"/v1/payments/{voucher_id}")["paymentStatus"] == open_status
    pay(hooks, voucher_id)
    assert api.read(f"/v1/payments/{voucher_id}")["voucherStatus"] == paid


def test_credit_notes_are_paid_off(api, hooks):
    note = api.create("/v1/credit-notes?finalize=true", credit_note())
    assert api.read(f"/v1/payments/{note}")["paymentStatus"] == "openRevenue"
    pay(hooks, note)
    assert api.read(f"/v1/payments/{note}")["voucherStatus"] == "paidoff"


def test_voided_documents_owe_nothing(api, hooks, opened):
    hooks.post(f"/sandbox/documents/{opened}/void")
    read = api.read(f"/v1/payments/{opened}")
    assert (read["openAmount"], read["paymentStatus"]) == (0, "balanced")
    assert read["voucherStatus"] == "voided"


def test_documents_without_payments(api, opened):
    draft = api.create("/v1/invoices", invoice())
    answer = api.get(f"/v1/payments/{draft}")
    assert answer.status_code == 406
    message = "No payment information for this invoice in draft"
    assert answer.json()["message"] == message
    body = {**invoice(), "expirationDate": "2026-10-01T00:00:00.000+02:00"}
    quotation = api.create("/v1/quotations?finalize=true", body)
    answer = api.get(f"/v1/payments/{quotation}")
    assert answer.status_code == 406
    message = "No payment information for this voucher/voucher type"
    assert answer.json()["message"] == message
    assert api.get("/v1/payments/unknown").status_code == 404


def test_what_cannot_be_paid_is_refused_by_the_hook(api, hooks, opened):
    path = f"/sandbox/documents/{opened}/pay"
    assert hooks.post(path, json={"amount": 119.01}).status_code == 409
    assert hooks.post(path, json={"amount": -1}).status_code == 409
    pay(hooks, opened)
    assert hooks.post(path, json={}).status_code == 409


def test_reopened_documents_have_no_payments_again(api, hooks, opened):
    hooks.post(f"/sandbox/documents/{opened}/reopen")
    assert api.get(f"/v1/payments/{opened}").status_code == 406
    read = api.read(f"/v1/invoices/{opened}")
    assert (read["voucherStatus"], "dueDate" in read) == ("draft", False)
