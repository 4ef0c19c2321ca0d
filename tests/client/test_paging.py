# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Lists: all rows, each once, and never a quiet loss."""

from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from lexware import RejectedError, TransientError

from .conftest import API


def row(number, **values):
    return {"id": f"00000000-0000-4000-8000-{number:012d}", **values}


def page(*numbers, **envelope):
    return {"content": [row(number) for number in numbers], **envelope}


def serve(mock, *pages):
    for content in pages:
        mock.get(f"{API}/v1/contacts", json=content)


def numbers(rows):
    return [int(r["id"][-12:]) for r in rows]


def test_all_pages_are_read_until_the_last(mock, api):
    serve(mock, page(1, 2, last=False), page(3, last=False), page(4, last=True))
    assert numbers(api.contacts()) == [1, 2, 3, 4]
    asked = [parse_qs(urlsplit(c.request.url).query) for c in mock.calls]
    assert [q["page"] for q in asked] == [["0"], ["1"], ["2"]]
    assert {q["size"][0] for q in asked} == {"250"}


def test_pages_are_fetched_only_when_needed(mock, api):
    serve(mock, page(1, 2, last=False))
    rows = api.contacts()
    assert api.request_count == 0
    next(rows)
    next(rows)
    assert api.request_count == 1


def test_rows_that_moved_to_the_next_page_come_once(mock, api):
    serve(mock, page(1, 2, last=False), page(2, 3, last=True))
    assert numbers(api.contacts()) == [1, 2, 3]


@pytest.mark.parametrize(
    "pages",
    [
        [page(1, 2, last=False)] * 2,
        [page(1, last=False), page(last=False)],
        [page(1), page(1)],
    ],
    ids=["page ignored by the server", "empty but not last", "no envelope, repeated"],
)
def test_a_list_without_end_is_an_error_and_no_quiet_end(mock, api, pages):
    serve(mock, *pages)
    with pytest.raises(TransientError) as caught:
        list(api.contacts())
    assert caught.value.code == "bad_response"
    assert len(mock.calls) == 2


@pytest.mark.parametrize(
    "pages",
    [
        [page(1, totalPages=2, number=0), page(2, totalPages=2, number=1)],
        [page(1), page(2), page()],
    ],
    ids=["by totalPages", "by an empty page"],
)
def test_the_end_is_found_without_the_last_flag(mock, api, pages):
    serve(mock, *pages)
    assert numbers(api.contacts()) == [1, 2]


def test_new_ids_for_ever_end_too(mock, api, monkeypatch):
    monkeypatch.setattr("lexware.client._MAX_PAGES", 3)
    serve(mock, *(page(n, last=False) for n in range(3)))
    with pytest.raises(TransientError):
        list(api.contacts())


def test_limit_ends_the_iteration_without_another_page(mock, api):
    mock.get(f"{API}/v1/voucherlist", json=page(1, 2, 3, last=False))
    rows = api.voucherlist(voucher_type="invoice", limit=2)
    assert numbers(rows) == [1, 2]


def test_voucherlist_amounts_are_decimal_or_none(mock, api):
    body = page(1, last=True)
    body["content"][0].update(totalAmount="12.50", openAmount=None)
    mock.get(f"{API}/v1/voucherlist", json=body)
    (only,) = api.voucherlist(voucher_type="any")
    assert only["totalAmount"] == Decimal("12.50")
    assert only["openAmount"] is None


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"content": {}},
        {"content": [1]},
        {"content": [{"id": "x"}]},
        {"last": True},
        {"content": [row(1, totalAmount=True)], "last": True},
        {"content": [row(1, totalAmount="NaN")], "last": True},
    ],
)
def test_a_malformed_page_is_transient(mock, api, body):
    mock.get(f"{API}/v1/voucherlist", json=body)
    with pytest.raises(TransientError) as caught:
        list(api.voucherlist(voucher_type="any"))
    assert caught.value.code == "bad_response"


def test_a_refusal_on_a_later_page_is_passed_on(mock, api):
    serve(mock, page(1, last=False))
    mock.get(f"{API}/v1/contacts", status=400, json={"message": "window exceeded"})
    with pytest.raises(RejectedError):
        list(api.contacts())
