# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Was it sent, or was it not? Shown on real sockets."""

import socket
import time

import pytest
import requests
from lexware import LexwareClient, RejectedError, TransientError, UncertainError
from lexware import connection as lexware_connection

from .raw_server import answer, cut, dribble, hang_up_at_once, http, reset, silence

ID = "0c5f3b8e-6a0e-4c6e-9d1b-0d0b8a9f4a11"
STUB = b'{"id": "%s", "version": 1}' % ID.encode()


def create(client):
    return client.create_invoice({"title": "x"}, finalize=True)


@pytest.mark.parametrize(
    "behaviour, code",
    [
        (cut, "connection_lost"),
        (reset, "connection_lost"),
        (silence, "timeout"),
        (answer(http(201, STUB, length=500)), "bad_response"),
        (answer(http(201, b'{"id": "0c5f')), "bad_response"),
        (answer(http(201, b'{"version": 1}')), "bad_response"),
        (answer(http(201, b"")), "bad_response"),
        (answer(b"\x00\x01garbage\r\n\r\n"), "connection_lost"),
        (dribble, "bad_response"),
    ],
)
def test_a_post_that_left_without_usable_answer_is_uncertain(raw_api, behaviour, code):
    client, server = raw_api(behaviour, behaviour)
    with pytest.raises(UncertainError) as caught:
        create(client)
    assert caught.value.code == code
    assert len(server.requests) == 1, "a POST must never be repeated by itself"
    assert client.request_count == 1


@pytest.mark.parametrize("behaviour", [cut, reset, silence])
def test_an_upload_and_a_put_are_uncertain_too(raw_api, behaviour):
    client, server = raw_api(behaviour, behaviour)
    with pytest.raises(UncertainError):
        client.update_contact(ID, {"version": 1})
    with pytest.raises(UncertainError):
        client.upload_voucher_file(ID, "a.pdf", b"%PDF-1.4", "application/pdf")
    assert [request[:4] for request in server.requests] == [b"PUT ", b"POST"]


@pytest.mark.parametrize(
    "behaviour",
    [
        cut,
        reset,
        silence,
        dribble,
        answer(http(body=b'{"a":', length=5)),
        answer(http(body=b"{}", length=50)),
    ],
)
def test_a_read_without_usable_answer_is_transient(raw_api, behaviour):
    client, server = raw_api(behaviour, behaviour)
    with pytest.raises(TransientError):
        client.invoice(ID)
    assert len(server.requests) == 1, "repeating is up to who keeps the pace"


def test_refused_connection_is_certainly_not_sent():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with LexwareClient(f"http://127.0.0.1:{port}", lambda rejected=None: "t") as client:
        with pytest.raises(TransientError) as caught:
            create(client)
    assert caught.value.code == "connect_failed"


def test_unknown_host_is_certainly_not_sent():
    url = "https://no-such-host.invalid"
    with LexwareClient(url, lambda rejected=None: "t") as client:
        with pytest.raises(TransientError) as caught:
            create(client)
    assert caught.value.code == "connect_failed"


@pytest.mark.parametrize("behaviour", [hang_up_at_once, silence])
def test_a_broken_tls_handshake_is_certainly_not_sent(raw_server, behaviour):
    server = raw_server(behaviour)
    url = server.url.replace("http:", "https:")
    client = LexwareClient(
        url, lambda rejected=None: "t", connect_timeout=0.3, read_timeout=0.3
    )
    with client, pytest.raises(TransientError) as caught:
        create(client)
    assert caught.value.code in ("connect_failed", "tls_failed")


@pytest.mark.parametrize(
    "raised, expected",
    [
        (requests.ConnectTimeout("x"), TransientError),
        (requests.ReadTimeout("x"), UncertainError),
        (requests.ConnectionError("reset"), UncertainError),
        (requests.exceptions.ProxyError("x"), UncertainError),
        (requests.exceptions.SSLError("eof"), UncertainError),
        (requests.exceptions.ChunkedEncodingError("x"), UncertainError),
        (requests.exceptions.InvalidURL("x"), RejectedError),
        (OSError("x"), UncertainError),
    ],
)
def test_without_proof_a_write_counts_as_sent(mock, api, raised, expected):
    mock.post("https://api.lexware.io/v1/invoices", body=raised)
    with pytest.raises(expected):
        create(api)


def test_an_older_connect_failure_proves_nothing_about_the_next_post(raw_api):
    """The chain of handled exceptions must not count as proof of "not sent"."""
    client, _server = raw_api(cut)
    nobody = LexwareClient("http://127.0.0.1:9", lambda rejected=None: "t")
    try:
        create(nobody)
    except TransientError:
        with pytest.raises(UncertainError):
            create(client)
    else:
        pytest.fail("port 9 answered")


def test_a_dribbling_answer_ends_at_the_deadline(raw_api):
    client, _server = raw_api(dribble, read_timeout=0.4)
    started = time.monotonic()
    with pytest.raises(TransientError):
        client.profile()
    assert time.monotonic() - started < 0.4 * lexware_connection.DEADLINE_FACTOR + 0.4


def test_a_post_on_a_stale_connection_is_uncertain_and_not_repeated(raw_api):
    """The server takes a second request on a kept connection, then drops it."""

    def once_then_drop(connection, server):
        server.read_request(connection)
        connection.sendall(http(body=b"[]"))
        server.read_request(connection)

    client, server = raw_api(once_then_drop, answer(http(201, STUB)))
    client.countries()
    with pytest.raises(UncertainError):
        create(client)
    assert len(server.requests) == 2


def test_a_connection_that_was_idle_too_long_is_not_used_again(raw_api, monkeypatch):
    kept = []

    def answer_and_stay_open(connection, server):
        server.read_request(connection)
        connection.sendall(http(body=b"[]"))
        kept.append(connection.dup())

    client, server = raw_api(answer_and_stay_open, answer(http(201, STUB)))
    client.countries()
    monkeypatch.setattr(lexware_connection, "MAX_IDLE", -1)
    assert create(client)["id"] == ID
    assert len(server.requests) == 2
    kept[0].close()


def test_kept_connections_are_used_within_a_batch(raw_api):
    client, server = raw_api(answer(http(body=b"[]"), http(201, STUB)))
    client.countries()
    assert create(client)["id"] == ID
    assert len(server.requests) == 2


def test_an_error_status_counts_even_if_its_body_is_cut_off(raw_api):
    client, _server = raw_api(answer(http(406, b'{"message": "no', length=900)))
    with pytest.raises(RejectedError) as caught:
        create(client)
    assert caught.value.status == 406


def test_a_huge_answer_is_not_read_into_memory(raw_api, monkeypatch):
    monkeypatch.setattr("lexware.transport.MAX_BODY", 1000)
    client, _server = raw_api(answer(http(body=b"[" + b" " * 50_000 + b"]")))
    with pytest.raises(TransientError) as caught:
        client.countries()
    assert caught.value.code == "response_too_large"


def test_the_time_outs_live_in_the_adapter_and_not_in_the_call(mock, api):
    """Odoo's test harness breaks on a tuple given to ``Session.request``."""
    seen = []

    def note(request):
        seen.append(request.req_kwargs["timeout"])
        return (200, {}, "[]")

    mock.add_callback("GET", "https://api.lexware.io/v1/countries", callback=note)
    api.countries()
    assert seen == [(5, 35)]


def test_a_large_upload_has_longer_than_the_connect_time_out(raw_server):
    """urllib3 leaves the connect time-out on the socket while it sends."""
    slow = 0.6

    def slow_reader(connection, server):
        time.sleep(slow)
        server.read_request(connection)
        connection.sendall(http(202, b'{"id": "%s"}' % ID.encode()))

    server = raw_server(slow_reader)
    client = LexwareClient(
        server.url, lambda rejected=None: "t", connect_timeout=0.2, read_timeout=5
    )
    content = b"%PDF-" + b"x" * (5 * 1024 * 1024 - 5)
    with client:
        stub = client.upload_voucher_file(ID, "a.pdf", content, "application/pdf")
    assert stub["id"] == ID
