# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Tests of the API client alone: no database, no Odoo.

Run with ``python -m pytest -p no:odoo tests/client``.
"""

import sys
from pathlib import Path

import pytest
import responses

# The client is importable without its addon, whose __init__ needs Odoo.
ADDON = Path(__file__).resolve().parents[2] / "lexoffice_connector"
sys.path.insert(0, str(ADDON))

from lexware import LexwareClient  # noqa: E402

from .raw_server import RawServer  # noqa: E402

API = "https://api.lexware.io"
TOKEN = "tok-3f9a1b-SECRET"


@pytest.fixture
def mock():
    """The network, answered by ``responses``; unused answers fail the test."""
    with responses.RequestsMock() as network:
        yield network


@pytest.fixture
def api():
    with LexwareClient(API, lambda rejected=None: TOKEN) as client:
        yield client


@pytest.fixture
def raw_server():
    """Factory of servers with one behaviour per connection."""
    servers = []

    def start(*behaviours):
        servers.append(RawServer(*behaviours))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


@pytest.fixture
def raw_api(raw_server):
    """Factory: a client with short time-outs in front of a raw server."""
    clients = []

    def start(*behaviours, read_timeout=0.3):
        server = raw_server(*behaviours)
        client = LexwareClient(
            server.url,
            lambda rejected=None: TOKEN,
            connect_timeout=1,
            read_timeout=read_timeout,
        )
        clients.append(client)
        return client, server

    yield start
    for client in clients:
        client.close()
