# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Prepares connected companies whose crons a real server runs, and posts for them."""

from . import company


def prepare(registry, url, keys, variants, per_minute):
    """Connect, and make every customer a known contact."""
    company.without_limits()
    connections = company.connect(registry, url, keys, variants)
    for connection_id in connections:
        company.post_one_per_customer(registry, connection_id)
    # The stand-in keeps its real limits, which nobody waits for here.
    hooks_pace(url, 1000)
    for connection_id in connections:
        company.run_all(registry, connection_id)
    hooks_pace(url, 2)
    with company.environment(registry) as env:
        rows = env["lexoffice.connection"].browse(connections)
        for connection, count in zip(rows, per_minute, strict=True):
            connection.documents_per_minute = count
        rows.cron_id.active = True
    return connections


def hooks_pace(url, requests_per_second):
    from bench.hooks import Hooks

    Hooks(url).set_pace(requests_per_second)


def post(registry, counts):
    """Post so many invoices for each connection; the server's crons take over."""
    with company.environment(registry) as env:
        connections = env["lexoffice.connection"].search([], order="id").ids
    for connection_id, count in zip(connections, counts, strict=True):
        company.post(registry, connection_id, count)
