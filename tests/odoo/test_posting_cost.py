# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Posting must not become slower by the hand-over."""

from ..common import LexofficeCommon

MOST_EXTRA_QUERIES = 7


class TestPostingCost(LexofficeCommon):
    def queries(self, count):
        """How many SQL queries posting ``count`` invoices takes."""
        moves = self.env["account.move"].concat(
            *[self.invoice(post=False) for _number in range(count)]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        moves.action_post()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def extra(self, variant):
        """Extra queries for 5 and for 25 invoices, connected over not connected."""
        counts = (5, 25)
        self.queries(2)  # warm: caches that live longer than a posting
        without = [self.queries(count) for count in counts]
        self.connect(variant)
        self.queries(2)
        connected = [self.queries(count) for count in counts]
        return [mine - base for mine, base in zip(connected, without, strict=True)]

    def test_vouchers_cost_a_handful_of_queries_however_many(self):
        for extra in self.extra("voucher"):
            self.assertLessEqual(extra, MOST_EXTRA_QUERIES)

    def test_provisional_numbers_cost_a_handful_of_queries_however_many(self):
        for extra in self.extra("invoice"):
            self.assertLessEqual(extra, MOST_EXTRA_QUERIES)
