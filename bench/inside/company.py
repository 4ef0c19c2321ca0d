# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Connect a company, post its drafts, and run its worker: the tasks' common steps."""

import sys
import time
from contextlib import contextmanager

import odoo.sql_db
from odoo import SUPERUSER_ID, api

START = "2020-01-01"
OPEN = [
    *("|", ("state", "in", ["pending", "sending", "uncertain"])),
    *("&", ("operation", "=", "document")),
    *("&", ("state", "=", "done"), ("adoption", "=", "waiting")),
]
MODELS = "odoo.addons.lexoffice_connector.models"


@contextmanager
def environment(registry):
    """An environment as the cron's user has it; commits at its end."""
    with registry.cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {"lang": "de_DE"})


def without_limits():
    """No pace, no waiting for a fresh contact: what is left is work."""
    sys.modules[f"{MODELS}.lexoffice_pace"].REQUEST_STEP = 0.0
    sys.modules[f"{MODELS}.lexoffice_worker_documents"].FRESH_CONTACT = 0.0


def connect(registry, url, keys, variants, per_minute=0):
    """A connection for each company, in the order of their ids.

    :param str url: the stand-in's.
    :param keys: API keys, one for each company.
    :param variants: ``invoice`` or ``voucher`` for each company.
    :return: the connections' ids.
    """
    with environment(registry) as env:
        for name in ("api_url", "app_url"):
            env["ir.config_parameter"].set_param(f"lexoffice_connector.{name}", url)
    with environment(registry) as env:
        companies = env["res.company"].search([], order="id")[: len(keys)]
        connections = env["lexoffice.connection"]
        for company, key, variant in zip(companies, keys, variants, strict=True):
            connections |= connections.create(
                {
                    "company_id": company.id,
                    "auth_method": "api_key",
                    "api_key": key,
                    "export_variant": variant,
                    "export_start_date": START,
                    "documents_per_minute": per_minute,
                    # What a document costs is counted without its PDF.
                    "fetch_documents": False,
                }
            )
        env.cr.commit()
        for connection in connections:
            connection.action_test_connection()
        assert set(connections.mapped("state")) == {"connected"}, "not connected"
        # Whoever measures runs them, not a server that may be near.
        connections.cron_id.active = False
        return connections.ids


def drafts(env, connection_id):
    """The company's drafts, in their order."""
    connection = env["lexoffice.connection"].browse(connection_id)
    return env["account.move"].search(
        [("company_id", "=", connection.company_id.id), ("state", "=", "draft")],
        order="id",
    )


def post(registry, connection_id, count, chunk=250):
    """Post so many drafts of the connection's company."""
    while count > 0:
        with environment(registry) as env:
            moves = drafts(env, connection_id)[: min(chunk, count)]
            assert moves, "no drafts are left"
            moves.with_context(allowed_company_ids=moves.company_id.ids).action_post()
            count -= len(moves)


def post_one_per_customer(registry, connection_id):
    """So that every customer becomes a known contact."""
    with environment(registry) as env:
        by_customer = drafts(env, connection_id).grouped("partner_id")
        moves = env["account.move"].concat(
            *[group[:1] for group in by_customer.values()]
        )
        moves.with_context(allowed_company_ids=moves.company_id.ids).action_post()
        return len(moves)


def waiting(registry, connection_id):
    with environment(registry) as env:
        domain = [("connection_id", "=", connection_id), *OPEN]
        return env["lexoffice.transfer"].search_count(domain)


def run_once(registry, connection_id):
    """One run of the worker, on a cursor of its own as the cron gives it."""
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        env["lexoffice.connection"]._cron_run_transfers(connection_id)


def run_all(registry, connection_id, seconds=600):
    """Run the worker until nothing waits any more.

    :return: how many runs it took.
    """
    deadline = time.monotonic() + seconds
    runs = 0
    while waiting(registry, connection_id):
        assert time.monotonic() < deadline, "the worker does not come to an end"
        run_once(registry, connection_id)
        runs += 1
    return runs


def queries():
    """SQL statements of this process since its start, on all cursors."""
    return odoo.sql_db.sql_counter
