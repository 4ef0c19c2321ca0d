# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
import pytest

from . import payloads
from .server import DEFAULTS, Api, Server


@pytest.fixture(scope="session")
def server():
    running = Server(*DEFAULTS)
    assert running.url, running.process.stderr.read()
    yield running
    running.stop()


@pytest.fixture
def hooks(server):
    """The hooks of a stand-in that was just reset."""
    client = Api(server.url, token=None)
    assert client.post("/sandbox/reset").status_code == 200
    return client


@pytest.fixture
def api(server, hooks):
    return Api(server.url)


@pytest.fixture
def settings(hooks):
    """Change switches; the reset before the next test takes them back."""

    def change(**values):
        answer = hooks.patch("/sandbox/settings", json=values)
        assert answer.status_code == 200, answer.text

    return change


@pytest.fixture
def customer(api):
    """The id of a contact that invoices can be written to."""
    return api.create("/v1/contacts", payloads.contact())
