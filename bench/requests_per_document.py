# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""How many requests a document costs."""

from .stage import KEY

BATCHES = (1, 20, 250)
NEW_CUSTOMERS = 20
PREFIXES = ("requests_per_document",)
HOW = (
    "Requests counted by the stand-in from posting until nothing waits, the contacts"
    " known beforehand; `invoice` without fetching lexoffice's PDF, `voucher` with its"
    " file (a PDF made beforehand). `first_contact`: what each of"
    f" {NEW_CUSTOMERS} customers adds who had no contact in lexoffice."
)
TARGETS = {
    "requests_per_document.invoice.1": ("≤", 2.0),
    "requests_per_document.invoice.250": ("≤", 1.05),
    "requests_per_document.voucher.1": ("≤", 2.05),
    "requests_per_document.voucher.20": ("≤", 2.05),
    "requests_per_document.voucher.250": ("≤", 2.05),
    "requests_per_document.first_contact": ("≤", 1.0),
}


def measure(stage):
    """:return: ``{key: value}``."""
    size = {"companies": 2, "customers": 45, "invoices": 620, "pdfs": True}
    with stage.database("bench_requests", **size) as name:
        with stage.lexoffice(accounts=2) as lexoffice:
            return stage.inside(
                "requests.count",
                name,
                url=lexoffice.url,
                keys=[KEY.format(1), KEY.format(2)],
                batches=BATCHES,
                new_customers=NEW_CUSTOMERS,
            )
