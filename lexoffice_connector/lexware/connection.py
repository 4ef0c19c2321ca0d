# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The HTTP adapter: time-outs, a deadline, and proof of "never sent".

Three things requests can't say or do by itself, and a client of an API without
idempotency keys needs:

* *Was the request sent at all?* Only a failure while connecting proves that it
  was not. Exception types alone don't tell: a reset during the TLS handshake and a
  reset after the request look the same, and proxies wrap both. So the connection
  itself takes a note.
* *A limit for the whole answer.* A read time-out counts from byte to byte; a
  server that sends one byte every 30 s would hold a worker for hours.
* *No stale connection.* A server closes idle keep-alive connections; a POST that
  goes out in that moment is lost with an unknown outcome. Connections that were
  idle for some seconds are dropped instead, at the price of one handshake.
"""

import io
import threading
import time

from requests.adapters import HTTPAdapter
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

#: The whole answer may take this many times the read time-out (35 s -> 60 s).
DEADLINE_FACTOR = 1.7

#: Seconds. Below uvicorn's 5 s, nginx's 75 s and the 60 s of Amazon's gateways.
MAX_IDLE = 3.0

# What the adapter and its connections tell each other about the exchange under
# way. Per thread, because urllib3 builds the connections and passes nothing on.
_exchange = threading.local()


def connect_failed():
    """Tell whether this thread's last request failed before anything was sent."""
    return getattr(_exchange, "connect_failed", False)


class LexwareAdapter(HTTPAdapter):
    """An HTTPAdapter with default time-outs that never repeats a request.

    The time-outs live here and not in ``request(timeout=…)`` so that no call can
    forget them, and because Odoo's test harness can't digest a tuple there.

    :param float connect_timeout: seconds until TCP and TLS stand
    :param float read_timeout: seconds of silence before giving up
    """

    def __init__(self, connect_timeout, read_timeout):
        self._timeouts = (connect_timeout, read_timeout)
        self._last_used = time.monotonic()
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args, **kwargs):
        result = super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOL_CLASSES
        return result

    def proxy_manager_for(self, proxy, **proxy_kwargs):
        manager = super().proxy_manager_for(proxy, **proxy_kwargs)
        if not proxy.lower().startswith("socks"):  # those bring their own pools
            manager.pool_classes_by_scheme = _POOL_CLASSES
        return manager

    def send(self, request, stream=False, timeout=None, **kwargs):
        if time.monotonic() - self._last_used > MAX_IDLE:
            self.close()  # empties the pools; they can be used on
        _exchange.connect_failed = False
        _exchange.send_timeout = self._timeouts[1] * DEADLINE_FACTOR
        if timeout is None:
            timeout = self._timeouts
        try:
            return super().send(request, stream=stream, timeout=timeout, **kwargs)
        finally:
            self._last_used = time.monotonic()


class _WatchedConnection:
    """Mixin for urllib3's connections."""

    def connect(self):
        try:
            return super().connect()
        except BaseException:
            _exchange.connect_failed = True
            raise

    def send(self, data):
        if self.sock is None and self.auto_open:
            self.connect()
            # urllib3 leaves the connect time-out on the socket while sending, and
            # sendall() counts it for the whole body: 5 MB in 5 s is too much to
            # ask of an office's uplink.
            timeout = getattr(_exchange, "send_timeout", None)
            if timeout and self.sock is not None:
                self.sock.settimeout(timeout)
        return super().send(data)


class _DeadlineReader(io.RawIOBase):
    """Reads from a socket until a point in time, however busy the socket is."""

    def __init__(self, raw, sock):
        self._raw = raw
        self._sock = sock
        self._patience = sock.gettimeout()
        if self._patience is not None:
            self._deadline = time.monotonic() + self._patience * DEADLINE_FACTOR

    def readable(self):
        return True

    def readinto(self, buffer):
        if self._patience is not None:
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("the answer took too long")
            self._sock.settimeout(min(self._patience, left))
        return self._raw.readinto(buffer)

    def close(self):
        if not self.closed:
            self._raw.close()
        return super().close()


def _with_deadline(response_class):
    class DeadlineResponse(response_class):
        def __init__(self, sock, *args, **kwargs):
            super().__init__(sock, *args, **kwargs)
            self.fp = io.BufferedReader(_DeadlineReader(self.fp.detach(), sock))

    return DeadlineResponse


def _watched(pool_class):
    connection_class = pool_class.ConnectionCls

    class Connection(_WatchedConnection, connection_class):
        response_class = _with_deadline(connection_class.response_class)

    class Pool(pool_class):
        ConnectionCls = Connection

    return Pool


_POOL_CLASSES = {
    "http": _watched(HTTPConnectionPool),
    "https": _watched(HTTPSConnectionPool),
}
