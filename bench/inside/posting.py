# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Posts the same drafts with the addon and without it, by turns."""

import statistics
import time

from odoo.modules.registry import Registry

from . import company

VARIANTS = ("invoice", "voucher")


def compare(registry, without, url, keys, counts, rounds):
    """:return: extra queries by count, and the ratio of times, for each variant."""
    company.connect(registry, url, keys, VARIANTS)
    bare = Registry(without)
    result = {}
    for number, variant in enumerate(VARIANTS):
        extra = {}
        for count in counts:
            # Odoo's first posting fills caches that live longer than a posting.
            base = [_post(bare, number, count)[0] for _round in range(3)]
            mine = [_post(registry, number, count)[0] for _round in range(3)]
            extra[count] = min(mine) - min(base)
        times = {True: [], False: []}
        for _round in range(rounds):
            for addon in (False, True):
                where = registry if addon else bare
                times[addon].append(_post(where, number, counts[-1])[1])
        medians = {addon: statistics.median(some[1:]) for addon, some in times.items()}
        result[variant] = {"extra": extra, "ratio": medians[True] / medians[False]}
    return result


def _post(registry, number, count):
    """Post drafts of one company and roll it back.

    :return: SQL queries and seconds.
    """
    with company.environment(registry) as env:
        owner = env["res.company"].search([], order="id")[number]
        env = env(context={**env.context, "allowed_company_ids": owner.ids})
        moves = env["account.move"].search(
            [("company_id", "=", owner.id), ("state", "=", "draft")],
            order="id",
            limit=count,
        )
        assert len(moves) == count, "drafts are missing"
        env.invalidate_all()
        queries, began = env.cr.sql_log_count, time.perf_counter()
        moves.action_post()
        env.flush_all()
        result = env.cr.sql_log_count - queries, time.perf_counter() - began
        env.cr.rollback()
        return result
