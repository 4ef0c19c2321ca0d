# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Counts requests at the stand-in, batch by batch."""

from bench.hooks import Hooks

from . import company

VARIANTS = ("invoice", "voucher")


def count(registry, url, keys, batches, new_customers):
    """:return: requests per document by variant and batch."""
    company.without_limits()
    hooks = Hooks(url)
    connections = company.connect(registry, url, keys, VARIANTS)
    result = {}
    for connection_id, variant in zip(connections, VARIANTS, strict=True):
        known = _all_but(registry, connection_id, new_customers)
        _handed_over(registry, connection_id, known, hooks)
        steady = {}
        for batch in batches:
            ids = _next_of_known(registry, connection_id, batch)
            steady[batch] = _handed_over(registry, connection_id, ids, hooks) / batch
            result[f"requests_per_document.{variant}.{batch}"] = steady[batch]
        if variant == "invoice":
            ids = _of_new(registry, connection_id, new_customers)
            first = _handed_over(registry, connection_id, ids, hooks) / len(ids)
            result["requests_per_document.first_contact"] = first - steady[20]
    return result


def _handed_over(registry, connection_id, ids, hooks):
    """Post these moves and have them handed over.

    :return: the number of requests that took.
    """
    before = hooks.request_count()
    with company.environment(registry) as env:
        moves = env["account.move"].browse(ids)
        moves.with_context(allowed_company_ids=moves.company_id.ids).action_post()
    company.run_all(registry, connection_id)
    return hooks.request_count() - before


def _all_but(registry, connection_id, left_out):
    """One draft for each customer, except for some who stay unknown."""
    with company.environment(registry) as env:
        groups = company.drafts(env, connection_id).grouped("partner_id")
        customers = sorted(groups, key=lambda customer: customer.id)
        return [groups[customer][:1].id for customer in customers[left_out:]]


def _next_of_known(registry, connection_id, count):
    with company.environment(registry) as env:
        known = env["lexoffice.contact.link"].search(
            [("connection_id", "=", connection_id), ("lexoffice_uuid", "!=", False)]
        )
        moves = company.drafts(env, connection_id)
        moves = moves.filtered(lambda move: move.partner_id in known.partner_id)[:count]
        assert len(moves) == count, f"only {len(moves)} drafts of known customers"
        return moves.ids


def _of_new(registry, connection_id, count):
    with company.environment(registry) as env:
        known = env["lexoffice.contact.link"].search(
            [("connection_id", "=", connection_id)]
        )
        groups = company.drafts(env, connection_id).grouped("partner_id")
        return [
            moves[:1].id
            for customer, moves in groups.items()
            if customer not in known.partner_id
        ][:count]
