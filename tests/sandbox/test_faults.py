# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Breaking things on purpose, before and after they were done."""

import time

import pytest
import requests

from .payloads import invoice


def add(hooks, **rule):
    answer = hooks.post("/sandbox/faults", json=rule)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def made(hooks):
    return len(hooks.read("/sandbox/documents"))


def test_a_status_instead_of_the_work(api, hooks):
    add(hooks, method="POST", path="/v1/invoices*", status=503, count=1)
    answer = api.post("/v1/invoices", json=invoice())
    assert (answer.status_code, answer.json()) == (503, {"message": None})
    assert made(hooks) == 0
    api.create("/v1/invoices", invoice())


def test_a_status_after_the_work(api, hooks):
    add(hooks, path="/v1/invoices", status=504, status_after_commit=True)
    answer = api.post("/v1/invoices", json=invoice())
    assert answer.json() == {"message": "Endpoint request timed out"}
    assert made(hooks) == 1


@pytest.mark.parametrize(("moment", "documents"), [("before", 0), ("after", 1)])
def test_the_connection_is_cut(api, hooks, moment, documents):
    add(hooks, method="POST", path="/v1/*", cut=moment, count=1)
    with pytest.raises(requests.ConnectionError):
        api.post("/v1/invoices", json=invoice())
    assert made(hooks) == documents
    entry = hooks.read("/sandbox/requests")["requests"][0]
    assert entry["fault"] == f"cut {moment}"
    assert entry["executed"] is (moment == "after")
    assert entry["status"] is None


def test_half_an_answer(api, hooks):
    add(hooks, path="/v1/profile", truncate=True)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        api.get("/v1/profile")


def test_another_body(api, hooks):
    page = "<html><body>Bad Gateway</body></html>"
    add(hooks, path="/v1/profile", status=502, body=page, headers={"X-A": "b"})
    answer = api.get("/v1/profile")
    assert (answer.status_code, answer.text) == (502, page)
    assert answer.headers["Content-Type"].startswith("text/html")
    assert answer.headers["X-A"] == "b"
    hooks.delete("/sandbox/faults")
    add(hooks, path="/v1/profile", body=None)
    answer = api.get("/v1/profile")
    assert (answer.status_code, answer.content) == (200, b"")


def test_delays(api, hooks):
    add(hooks, path="/v1/profile", delay=0.2, count=1)
    started = time.monotonic()
    assert api.get("/v1/profile").status_code == 200
    assert time.monotonic() - started >= 0.2


def test_a_delay_does_not_hold_up_others(api, hooks):
    add(hooks, method="POST", path="/v1/invoices", delay_after=3, count=1)
    with pytest.raises(requests.Timeout):
        api.post("/v1/invoices", json=invoice(), timeout=0.2)
    started = time.monotonic()
    api.read("/v1/profile")
    assert time.monotonic() - started < 1
    assert made(hooks) == 1


def test_counts_and_skips(api, hooks):
    rule = add(hooks, path="/v1/profile", status=500, skip=1, count=2)
    codes = [api.get("/v1/profile").status_code for _ in range(5)]
    assert codes == [200, 500, 500, 200, 200]
    listed = hooks.read("/sandbox/faults")
    assert [(r["id"], r["seen"], r["hits"]) for r in listed] == [(rule, 5, 2)]


def test_probability_is_repeatable(api, hooks):
    def run():
        rule = add(hooks, path="/v1/profile", status=500, probability=0.5, seed=7)
        codes = [api.get("/v1/profile").status_code for _ in range(20)]
        assert hooks.delete(f"/sandbox/faults/{rule}").status_code == 204
        return codes

    first = run()
    assert run() == first
    assert set(first) == {200, 500}


def test_rules_reach_the_token_address_but_not_the_hooks(api, hooks):
    add(hooks, path="*", status=500)
    assert hooks.post("/oauth2/token", data={}).status_code == 500
    assert api.get("/v1/profile").status_code == 500
    assert hooks.get("/sandbox").status_code == 200
    hooks.delete("/sandbox/faults")
    assert api.get("/v1/profile").status_code == 200


def test_rules_for_one_account(api, hooks):
    add(hooks, path="/v1/*", status=500, account="another")
    assert api.get("/v1/profile").status_code == 200


def test_a_mistyped_rule_is_refused(hooks):
    assert hooks.post("/sandbox/faults", json={"pth": "/v1"}).status_code == 422
