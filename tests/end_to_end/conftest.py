# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Real servers and a real browser; nothing here imports Odoo."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

import stage  # noqa: E402


@pytest.fixture(scope="session")
def servers():
    with stage.servers() as both:
        yield both


@pytest.fixture(scope="session")
def chromium():
    with stage.browser() as window:
        yield window


@pytest.fixture
def page(chromium, servers):
    """A new page of the administrator, logged in to Odoo in German."""
    odoo, _sandbox = servers
    context = chromium.new_context(
        locale="de-DE", viewport={"width": 1366, "height": 900}
    )
    page = context.new_page()
    page.set_default_timeout(30000)
    stage.log_in(page, odoo.url)
    yield page
    context.close()
