# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Reaching the TCP connection of a request, to cut it.

ASGI has no word for "close the connection without an answer", so the protocol
class remembers the transport of every client address.
"""

from uvicorn.protocols.http.h11_impl import H11Protocol

_transports = {}


class CuttableProtocol(H11Protocol):
    """uvicorn's HTTP protocol with a register of open connections."""

    def connection_made(self, transport):
        super().connection_made(transport)
        self._peer = transport.get_extra_info("peername")[:2]
        _transports[self._peer] = transport

    def connection_lost(self, exc):
        _transports.pop(self._peer, None)
        super().connection_lost(exc)


def cut(scope):
    """Drop the connection at once; nothing more reaches the client."""
    transport = _transports.get(tuple(scope["client"]))
    if transport:
        transport.abort()


def close(scope):
    """Send what was written so far, then close."""
    transport = _transports.get(tuple(scope["client"]))
    if transport:
        transport.close()
