# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The stand-in as a process: start, stop, restart, load."""

import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from .browser import connect, refresh
from .payloads import contact, invoice, pdf, voucher
from .server import DEFAULTS, ROOT, Api, Server


def run(*options):
    command = [sys.executable, "-m", "lexoffice_sandbox", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20)


def test_starts_empty_and_stops_cleanly():
    server = Server()
    try:
        assert server.greeting.count("\n") == 1
        assert Api(server.url, "anything").get("/v1/profile").status_code == 401
        hooks = Api(server.url, token=None)
        accounts = hooks.read("/sandbox/accounts")
        assert [a["organization"] for a in accounts] == ["Testfirma GmbH"]
        assert hooks.read("/sandbox/settings")["rate_limit"] is True
    finally:
        assert server.stop() == 0


def test_a_taken_port_is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("--port", str(port))
    assert result.returncode == 1
    assert str(port) in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "options", [["--stale-version", "x"], ["--client-id", "x"], ["--index-lag", "-1"]]
)
def test_unusable_options_are_explained(options):
    result = run("--port", "0", *options)
    assert result.returncode == 2
    assert options[0] in result.stderr


def test_switches_on_the_command_line_survive_a_reset():
    server = Server("--api-key", "k", "--status-on-create", "200", "--no-rate-limit")
    try:
        hooks, api = Api(server.url, token=None), Api(server.url, "k")
        hooks.patch("/sandbox/settings", json={"status_on_create": 201})
        hooks.post("/sandbox/reset", json={"settings": {"index_lag": 3}})
        assert api.post("/v1/contacts", json=contact()).status_code == 200
        assert hooks.read("/sandbox/settings")["index_lag"] == 3
    finally:
        server.stop()


def test_nothing_confirmed_is_lost_by_kill(tmp_path):
    options = (*DEFAULTS, "--data", str(tmp_path / "lexoffice.sqlite"))
    server = Server(*options)
    hooks, api = Api(server.url, token=None), Api(server.url)
    tokens = connect(hooks)
    customer = api.create("/v1/contacts", contact())
    first = api.create("/v1/invoices?finalize=true", invoice(contact_id=customer))
    voucher_id = api.create("/v1/vouchers", voucher())
    files = {"file": ("r.pdf", pdf())}
    file_id = api.post(f"/v1/vouchers/{voucher_id}/files", files=files).json()["id"]
    before = {
        path: api.get(path).json()
        for path in (
            f"/v1/invoices/{first}",
            f"/v1/contacts/{customer}",
            f"/v1/vouchers/{voucher_id}",
            f"/v1/payments/{first}",
            "/v1/voucherlist?voucherType=any&voucherStatus=any",
            "/v1/profile",
        )
    }
    server.kill()
    server = Server(*options)
    try:
        hooks, api = Api(server.url, token=None), Api(server.url)
        for path, content in before.items():
            assert api.get(path).json() == content
        assert api.get(f"/v1/files/{file_id}").content == pdf()
        second = api.create("/v1/invoices", invoice())
        assert api.read(f"/v1/invoices/{second}")["voucherNumber"] == "RE0002"
        assert refresh(hooks, tokens["refresh_token"]).status_code == 200
        hooks.post("/sandbox/reset")
        assert api.read("/v1/contacts")["totalElements"] == 0
    finally:
        server.stop()


def test_twenty_clients_at_once(api, hooks, server):
    def work(_):
        client = Api(server.url)
        return [
            client.create("/v1/invoices?finalize=true", invoice()) for _ in range(10)
        ]

    with ThreadPoolExecutor(20) as pool:
        ids = [i for made in pool.map(work, range(20)) for i in made]
    assert len(set(ids)) == 200
    page = api.read("/v1/voucherlist?voucherType=any&voucherStatus=any&size=250")
    numbers = sorted(row["voucherNumber"] for row in page["content"])
    assert numbers == [f"RE{number:04d}" for number in range(1, 201)]


def test_many_documents_do_not_slow_it_down(api):
    for _ in range(1000):
        api.create("/v1/invoices?finalize=true", invoice())
    started = time.monotonic()
    for page in range(4):
        query = f"voucherType=any&voucherStatus=any&size=250&page={page}"
        assert len(api.read(f"/v1/voucherlist?{query}")["content"]) == 250
    assert time.monotonic() - started < 1
