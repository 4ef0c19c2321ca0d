# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The hooks that stand for lexoffice's web app and for the outside world."""

from .payloads import contact, invoice, voucher
from .server import Api


def test_requests_are_counted_by_path(api, hooks):
    hooks.delete("/sandbox/requests")
    ids = [api.create("/v1/invoices?finalize=true", invoice()) for _ in range(2)]
    api.read(f"/v1/invoices/{ids[0]}")
    api.get("/v1/invoices/x")
    hooks.get("/v1/profile")
    log = hooks.read("/sandbox/requests")
    assert log["total"] == 5
    assert log["counts"] == {
        "POST /v1/invoices": 2,
        "GET /v1/invoices/{id}": 1,
        "GET /v1/invoices/x": 1,
        "GET /v1/profile": 1,
    }
    first, last = log["requests"][0], log["requests"][-1]
    assert (first["query"], first["status"]) == ("finalize=true", 201)
    assert first["executed"] is True
    assert '"voucherDate"' in first["request_body"]
    assert first["account"] == api.read("/v1/profile")["organizationId"]
    assert (last["status"], last["executed"], last["account"]) == (401, False, None)
    only = hooks.read("/sandbox/requests?path=/v1/invoices/{id}&limit=1")
    assert len(only["requests"]) == 1


def test_the_clock_moves_and_goes_on(api, hooks):
    hooks.post("/sandbox/clock", json={"set": "2026-12-24T18:00:00+01:00"})
    assert hooks.read("/sandbox/clock")["now"].startswith("2026-12-24T18:00:0")
    hooks.post("/sandbox/clock", json={"advance_seconds": 86400})
    answer = api.post("/v1/invoices", json=invoice()).json()
    assert answer["createdDate"].startswith("2026-12-25T18:00:0")
    hooks.post("/sandbox/clock", json={"reset": True})
    assert not hooks.read("/sandbox/clock")["now"].startswith("2026-12-25T18")


def test_unknown_settings_are_refused(hooks):
    assert hooks.patch("/sandbox/settings", json={"x": 1}).status_code == 422
    body = {"stale_version": "new"}
    assert hooks.patch("/sandbox/settings", json=body).status_code == 422


def test_reset_gives_the_same_account_back(api, hooks):
    before = api.read("/v1/profile")["organizationId"]
    api.create("/v1/contacts", contact())
    hooks.post("/sandbox/reset")
    assert api.read("/v1/profile")["organizationId"] == before
    assert api.read("/v1/contacts")["totalElements"] == 0
    assert hooks.read("/sandbox/documents") == []


def test_accounts_do_not_see_each_other(api, hooks, server, customer):
    body = {
        "organization": "Zweite GmbH",
        "api_keys": [{"key": "second"}],
        "profile": {"taxType": "gross"},
    }
    account = hooks.post("/sandbox/accounts", json=body).json()
    second = Api(server.url, "second")
    assert second.read("/v1/profile")["taxType"] == "gross"
    assert second.get(f"/v1/contacts/{customer}").status_code == 404
    own = second.create("/v1/contacts", contact())
    number = second.read(f"/v1/contacts/{own}")["roles"]["customer"]["number"]
    assert number == 10001
    second.create("/v1/invoices", invoice())
    rows = hooks.read(f"/sandbox/documents?account={account['id']}")
    assert [row["account"] for row in rows] == [account["id"]]


def test_documents_are_shown_with_their_files(api, hooks):
    voucher_id = api.create("/v1/vouchers", voucher())
    files = {"file": ("r.pdf", b"%PDF-1.4\n%%EOF")}
    api.post(f"/v1/vouchers/{voucher_id}/files", files=files)
    (row,) = hooks.read("/sandbox/documents")
    assert row["voucherType"] == "salesinvoice"
    assert row["openAmount"] == 226
    assert row["document"]["voucherNumber"] == "WEB-2026-4711"
    assert (row["files"][0]["name"], row["files"][0]["size"]) == ("r.pdf", 14)


def test_editing_computes_the_totals_anew(api, hooks):
    document = api.create("/v1/invoices", invoice())
    lines = api.read(f"/v1/invoices/{document}")["lineItems"]
    lines[0]["quantity"] = 3
    change = {"lineItems": lines, "remark": "geändert"}
    hooks.post(f"/sandbox/documents/{document}/edit", json=change)
    read = api.read(f"/v1/invoices/{document}")
    assert read["totalPrice"]["totalGrossAmount"] == 357
    assert (read["remark"], read["version"]) == ("geändert", 2)


def test_drafts_can_be_finalized_and_deleted(api, hooks):
    document = api.create("/v1/invoices", invoice())
    hooks.post(f"/sandbox/documents/{document}/finalize")
    assert api.read(f"/v1/invoices/{document}")["voucherStatus"] == "open"
    assert hooks.delete(f"/sandbox/documents/{document}").status_code == 204
    assert api.get(f"/v1/invoices/{document}").status_code == 404
    assert hooks.post(f"/sandbox/documents/{document}/pay").status_code in (404, 422)


def test_contacts_as_people_enter_them(api, hooks):
    body = contact(emailAddresses={"business": ["a@b.example", "c@d.example"]})
    made = hooks.post("/sandbox/contacts", json=body).json()
    assert api.read(f"/v1/contacts/{made['id']}") == made
    change = {"company": {"name": "Umbenannt"}, "note": "neu"}
    hooks.post(f"/sandbox/contacts/{made['id']}/edit", json=change)
    read = api.read(f"/v1/contacts/{made['id']}")
    assert (read["company"]["name"], read["note"]) == ("Umbenannt", "neu")
    assert read["version"] == 2
    hooks.post(f"/sandbox/contacts/{made['id']}/archive")
    assert api.read(f"/v1/contacts/{made['id']}")["archived"] is True
    hooks.post(f"/sandbox/contacts/{made['id']}/unarchive")
    assert api.read(f"/v1/contacts/{made['id']}")["archived"] is False


def test_keys_can_be_taken_away(hooks, api):
    (account,) = hooks.read("/sandbox/accounts")
    hooks.delete(f"/sandbox/api-keys/{account['api_keys'][0]['id']}")
    assert api.get("/v1/profile").status_code == 401
