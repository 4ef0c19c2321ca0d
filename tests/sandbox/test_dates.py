# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Which spellings of a date are taken, and how dates come back."""

import pytest

from . import payloads

ACCEPTED = {
    "2026-08-21T00:00:00.000Z": "2026-08-21T02:00:00.000+02:00",
    "2026-08-21T00:00:00.000+02:00": "2026-08-21T00:00:00.000+02:00",
    "2026-01-15T00:00:00.000+01:00": "2026-01-15T00:00:00.000+01:00",
    "2026-08-20T22:00:00.000Z": "2026-08-21T00:00:00.000+02:00",
    "2026-08-20T23:00:00.000-05:00": "2026-08-21T06:00:00.000+02:00",
}
REFUSED = [
    "2026-08-21",
    "2026-08-21T00:00:00",
    "2026-08-21T00:00:00.000",
    "2026-08-21T00:00:00Z",
    "2026-08-21T00:00:00.000+0200",
    "2026-02-30T00:00:00.000Z",
    "21.08.2026",
    1787270400000,
]


@pytest.mark.parametrize(("sent", "read"), ACCEPTED.items())
def test_taken_and_shown_in_local_time(api, sent, read):
    invoice_id = api.create("/v1/invoices", payloads.invoice(voucherDate=sent))
    assert api.read(f"/v1/invoices/{invoice_id}")["voucherDate"] == read


@pytest.mark.parametrize("sent", REFUSED)
def test_refused(api, sent):
    answer = api.post("/v1/invoices", json=payloads.invoice(voucherDate=sent))
    assert answer.status_code == 406
    assert answer.json()["details"][0]["field"] == "voucherDate"


def test_refused_with_400_when_switched(api, settings):
    settings(bad_date_status=400)
    answer = api.post("/v1/invoices", json=payloads.invoice(voucherDate="2026-08-21"))
    assert answer.status_code == 400


def test_due_date_is_local_midnight_across_the_change_of_the_clocks(api):
    terms = {"paymentTermLabel": "30 Tage", "paymentTermDuration": 30}
    body = payloads.invoice(
        voucherDate="2026-10-10T00:00:00.000+02:00", paymentConditions=terms
    )
    invoice_id = api.create("/v1/invoices?finalize=true", body)
    due = api.read(f"/v1/invoices/{invoice_id}")["dueDate"]
    assert due == "2026-11-09T00:00:00.000+01:00"


@pytest.mark.parametrize("sent", ["2026-09-01", "2026-09-01T00:00:00.000+02:00"])
def test_vouchers_take_plain_days_too(api, sent):
    body = payloads.voucher(voucherDate=sent, shippingDate=sent)
    voucher_id = api.create("/v1/vouchers", body)
    voucher = api.read(f"/v1/vouchers/{voucher_id}")
    assert voucher["voucherDate"] == "2026-09-01T00:00:00.000+02:00"
    assert voucher["shippingDate"] == "2026-09-01T00:00:00.000+02:00"


def test_vouchers_refuse_other_spellings(api):
    answer = api.post("/v1/vouchers", json=payloads.voucher(dueDate="1.9.2026"))
    assert answer.status_code == 406
    assert answer.json()["IssueList"][0]["source"] == "dueDate"
