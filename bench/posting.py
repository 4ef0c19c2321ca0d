# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""What the addon adds to posting invoices."""

from .stage import KEY

INVOICES = 100
ROUNDS = 7
PREFIXES = ("posting_",)
HOW = (
    f"{INVOICES} drafts posted in one go and rolled back, {ROUNDS} times by turns in a"
    " database without the addon and in the same one with it, connected; the first"
    " round does not count. Wall ratio: median with the addon over median without."
    " `posting_extra_queries` and `posting_wall_ratio` are the worse variant's."
)
TARGETS = {
    "posting_extra_queries": ("≤", 7),
    "posting_extra_queries.at_20": ("≤", 7),
    "posting_wall_ratio": ("≤", 1.05),
}
VARIANTS = ("invoice", "voucher")


def measure(stage):
    """:return: ``{key: value}``."""
    size = {"companies": 2, "invoices": INVOICES}
    with (
        stage.database("bench_posting", **size) as name,
        stage.database("bench_posting", addon=False, **size) as without,
        stage.lexoffice(accounts=2) as lexoffice,
    ):
        found = stage.inside(
            "posting.compare",
            name,
            without=without,
            url=lexoffice.url,
            keys=[KEY.format(1), KEY.format(2)],
            counts=[20, INVOICES],
            rounds=ROUNDS,
        )
    extra = {variant: found[variant]["extra"] for variant in VARIANTS}
    result = {
        "posting_extra_queries": max(one[str(INVOICES)] for one in extra.values()),
        "posting_extra_queries.at_20": max(one["20"] for one in extra.values()),
        "posting_wall_ratio": max(found[variant]["ratio"] for variant in VARIANTS),
    }
    for variant in VARIANTS:
        result[f"posting_extra_queries.{variant}"] = extra[variant][str(INVOICES)]
        result[f"posting_wall_ratio.{variant}"] = found[variant]["ratio"]
    return result
