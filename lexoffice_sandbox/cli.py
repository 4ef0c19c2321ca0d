# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Command line: options, address, signals."""

import argparse
import json
import signal
import socket
import sys
from dataclasses import dataclass, field

import uvicorn
from pydantic import ValidationError

from .app import create_app
from .settings import Settings
from .transport import CuttableProtocol


@dataclass
class Options:
    """What a stand-in starts with, and goes back to on reset."""

    organization: str = "Testfirma GmbH"
    api_key: str | None = None
    client_id: str | None = None
    client_secret: str | None = None
    redirect_uris: list = field(default_factory=list)
    data: str | None = None
    settings: dict = field(default_factory=dict)


def _parser():
    parser = argparse.ArgumentParser(
        prog="lexoffice_sandbox",
        description="A local stand-in for the lexoffice / Lexware Office REST API.",
    )
    parser.add_argument("--port", type=int, required=True, help="0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--organization", default="Testfirma GmbH")
    parser.add_argument("--api-key", help="without it, none works until one is made")
    parser.add_argument("--client-id", help="OAuth client")
    parser.add_argument("--client-secret")
    parser.add_argument(
        "--redirect-uri",
        action="append",
        default=[],
        dest="redirect_uris",
        help="may be repeated; without it, any http(s) address is accepted",
    )
    parser.add_argument("--data", metavar="FILE", help="SQLite file to keep the state")
    parser.add_argument("--no-rate-limit", action="store_true")
    switches = parser.add_argument_group(
        "switches", "for points the documentation leaves open, see the README"
    )
    for name in Settings.model_fields:
        if name != "rate_limit":
            switches.add_argument("--" + name.replace("_", "-"), metavar="VALUE")
    return parser


def parse_options(arguments):
    """Command line to address and options; ends with a message on nonsense."""
    parser = _parser()
    parsed = parser.parse_args(arguments)
    if parsed.client_id and not parsed.client_secret:
        parser.error("--client-id needs --client-secret")
    switches = {}
    for name in Settings.model_fields:
        text = getattr(parsed, name, None)
        if text is not None:
            switches[name] = _literal(text)
    if parsed.no_rate_limit:
        switches["rate_limit"] = False
    try:
        Settings(**switches)
    except ValidationError as error:
        first = error.errors()[0]
        option = str(first["loc"][0]).replace("_", "-")
        parser.error(f"--{option}: {first['msg']}")
    names = Options.__dataclass_fields__
    values = {name: getattr(parsed, name) for name in names if name != "settings"}
    return parsed, Options(**values, settings=switches)


def _literal(text):
    """``200`` is a number and ``false`` a truth value, other words are words."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def listen(host, port):
    """Take the port before anything else, to name it when it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio switches Nagle's delay of 40 ms off only for this explicit protocol
    server = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        server.bind((host, port))
        server.listen(256)
    except OSError as error:
        server.close()
        sys.exit(f"lexoffice_sandbox: cannot listen on {host}:{port}: {error.strerror}")
    return server


def main(arguments=None):
    """Serve until SIGTERM or Ctrl-C."""
    parsed, options = parse_options(arguments)
    server_socket = listen(parsed.host, parsed.port)
    app = create_app(options)
    config = uvicorn.Config(
        app,
        http=CuttableProtocol,
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        # a proxy's address would hide the connection that faults want to cut
        proxy_headers=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=2,
    )
    # uvicorn raises the signal again after it has shut down; that is no failure
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: None)
    host = f"[{parsed.host}]" if ":" in parsed.host else parsed.host
    port = server_socket.getsockname()[1]
    print(f"lexoffice_sandbox listens on http://{host}:{port}", flush=True)
    uvicorn.Server(config).run(sockets=[server_socket])
    app.sandbox.store.close()
