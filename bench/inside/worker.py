# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The worker alone: time, queries, memory and, if wanted, where they go."""

import cProfile
import pstats
import resource
import sys
import time

from . import company


def prepare(registry, url, key, count):
    """Post so many invoices of known customers; they wait."""
    company.without_limits()
    (connection_id,) = company.connect(registry, url, [key], ["invoice"])
    company.post_one_per_customer(registry, connection_id)
    company.run_all(registry, connection_id)
    company.post(registry, connection_id, count)
    with registry.cursor() as cr:
        # As autovacuum would have done by then.
        cr.execute("ANALYZE lexoffice_transfer, account_move, account_move_line")
    return connection_id


def hand_over(registry, measured, profile=False):
    """Have all that waits handed over; measure the first ones.

    :param int measured: time and queries are taken until so many are settled.
    :return: per document: milliseconds of wall and CPU time, SQL queries.
    """
    company.without_limits()
    with company.environment(registry) as env:
        connection_id = env["lexoffice.connection"].search([]).id
    total = company.waiting(registry, connection_id)
    profiler = cProfile.Profile() if profile else None
    began = (time.perf_counter(), time.process_time(), company.queries())
    figures, left = None, total
    while left:
        if profiler:
            profiler.enable()
        company.run_once(registry, connection_id)
        if profiler:
            profiler.disable()
        counted = company.queries()
        left = company.waiting(registry, connection_id)
        settled = total - left
        if figures is None and settled >= min(measured, total):
            figures = {
                "ms": (time.perf_counter() - began[0]) * 1000 / settled,
                "cpu_ms": (time.process_time() - began[1]) * 1000 / settled,
                "queries": (counted - began[2]) / settled,
                "settled": settled,
            }
            if profile:
                break
    if profiler:
        stats = pstats.Stats(profiler, stream=sys.stderr)
        stats.sort_stats("cumulative").print_stats(70)
        stats.sort_stats("tottime").print_stats(25)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {**figures, "peak_mb": peak}
