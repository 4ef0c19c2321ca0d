# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""A TCP server that misbehaves on purpose, for what mocks can't show."""

import socket
import struct
import threading
import time


def http(status=200, body=b"{}", headers="", length=None):
    """Return the bytes of an HTTP answer; ``length`` may lie about the body."""
    length = len(body) if length is None else length
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {length}\r\n{headers}\r\n".encode() + body


def answer(*payloads):
    """Answer one request after the other on the same connection, then close."""

    def behave(connection, server):
        for payload in payloads:
            if not server.read_request(connection):
                return
            connection.sendall(payload)

    return behave


def cut(connection, server):
    """Take the request, then close without a word."""
    server.read_request(connection)


def reset(connection, server):
    """Take the request, then reset the connection."""
    server.read_request(connection)
    linger = struct.pack("ii", 1, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)


def silence(connection, server):
    """Take everything and never answer; ends when the client gives up."""
    server.read_request(connection)
    while connection.recv(1000):
        pass


def dribble(connection, server):
    """Answer, but one byte at a time, and never the whole body."""
    server.read_request(connection)
    connection.sendall(http(length=100_000, body=b""))
    while not server.stopped.is_set():
        try:
            connection.sendall(b" ")
        except OSError:
            return
        time.sleep(0.05)


def hang_up_at_once(connection, server):
    """Close before anything is read, as in the middle of a TLS handshake."""


class RawServer:
    """Listens on a free port; each connection gets the next behaviour."""

    def __init__(self, *behaviours):
        self.requests = []
        self.stopped = threading.Event()
        self._behaviours = list(behaviours)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        for behave in self._behaviours:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(10)
                try:
                    behave(connection, self)
                except OSError:
                    continue

    def read_request(self, connection):
        """Read one request whole and remember it."""
        data = b""
        while b"\r\n\r\n" not in data:
            chunk = connection.recv(65536)
            if not chunk:
                return b""
            data += chunk
        head, _blank, body = data.partition(b"\r\n\r\n")
        length = 0
        for line in head.split(b"\r\n")[1:]:
            name, _colon, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        while len(body) < length:
            body += connection.recv(65536)
        self.requests.append(head + b"\r\n\r\n" + body)
        return self.requests[-1]

    def close(self):
        self.stopped.set()
        # shutdown() wakes a thread that waits in accept(); close() alone doesn't.
        try:
            self._listener.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._listener.close()
        self._thread.join(5)
