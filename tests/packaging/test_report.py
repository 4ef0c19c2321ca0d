# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The demo's verdict: only equal cents and complete files are good."""

from decimal import Decimal

import pytest

from demo.report import Row, money, summary, table

MOVE = {
    "name": "RE0001",
    "lexoffice_provisional_name": "VORL/2026/7",
    "commercial_partner_id": [3, "Autohaus Breisgau GmbH"],
    "amount_total": 1725.88,
    "lexoffice_state": "done",
    "lexoffice_message": False,
    "lexoffice_variant": "invoice",
}
VOUCHER = {
    **MOVE,
    "name": "RE/2026/00001",
    "lexoffice_provisional_name": False,
    "lexoffice_variant": "voucher",
}


def invoice(total="1725.88", number="RE0001"):
    price = {"totalGrossAmount": Decimal(total)}
    return {"document": {"voucherNumber": number, "totalPrice": price}}


def voucher(files):
    document = {
        "voucherNumber": "RE/2026/00001",
        "totalGrossAmount": Decimal("1725.88"),
    }
    return {"document": document, "files": [{}] * files}


def test_good_rows():
    for row in (
        Row.of(MOVE, invoice(), True),
        Row.of(VOUCHER, voucher(files=1), False),
    ):
        assert row.is_good() and row.is_equal() and row.is_exported()


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (Row.of(MOVE, None, False), "done"),
        (Row.of(MOVE, invoice("1725.87"), True), "1725.87 in lexoffice"),
        (Row.of(MOVE, invoice(), False), "PDF"),
        (Row.of({**MOVE, "name": "VORL/2026/7"}, invoice(), True), "call it"),
        (Row.of(VOUCHER, voucher(files=0), True), "0 files"),
        (Row.of(VOUCHER, voucher(files=2), True), "2 files"),
        (
            Row.of(
                {**MOVE, "lexoffice_state": "failed", "lexoffice_message": "no"},
                None,
                False,
            ),
            "no",
        ),
        (Row.of({**MOVE, "lexoffice_state": False}, None, False), "not handed over"),
    ],
)
def test_bad_rows(row, problem):
    assert problem in " ".join(row.problems())
    assert not row.is_good()


def test_money_is_the_number_that_was_meant():
    assert money(0.1 + 0.2) == Decimal("0.30")
    assert str(money(1200)) == "1200.00"


def test_summary_counts_what_is_equal():
    rows = [Row.of(MOVE, invoice(), True), Row.of(MOVE, invoice("1.00"), True)]
    assert summary(rows, 7) == (
        "exported 2 of 2, totals equal 1 of 2, 7 requests (3.5 per document)"
    )
    assert summary([], 0) == (
        "exported 0 of 0, totals equal 0 of 0, 0 requests (0.0 per document)"
    )


def test_table_shows_both_sides():
    head, _rule, line = table([Row.of(MOVE, invoice("1725.87"), True)]).splitlines()
    assert head.split() == [
        *("provisional", "lexoffice", "customer", "Odoo", "lexoffice", "state")
    ]
    assert line.split("  ")[0] == "VORL/2026/7"
    assert "1725.88" in line and "1725.87" in line
