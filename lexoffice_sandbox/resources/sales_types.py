# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The kinds of sales documents and how they differ."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SalesType:
    """One row of the table below."""

    path: str
    voucher_type: str
    title: str
    title_en: str
    prefix: str = ""
    introduction: str = ""
    finalizable: bool = True
    shipping: bool = False
    payment_terms: bool = False
    line_discount: bool = True
    priced: bool = True
    expires: bool = False
    predecessors: tuple = ()
    needs_predecessor: bool = False


INVOICE = SalesType(
    "invoices",
    "invoice",
    "Rechnung",
    "Invoice",
    "RE",
    "Unsere Lieferungen/Leistungen stellen wir Ihnen wie folgt in Rechnung.",
    shipping=True,
    payment_terms=True,
    predecessors=("quotation", "orderconfirmation", "deliverynote"),
)
CREDIT_NOTE = SalesType(
    "credit-notes",
    "creditnote",
    "Rechnungskorrektur",
    "Credit note",
    "GS",
    "Folgende Positionen schreiben wir Ihnen gut.",
    line_discount=False,
    predecessors=("invoice",),
)
QUOTATION = SalesType(
    "quotations",
    "quotation",
    "Angebot",
    "Quotation",
    "AG",
    "Gerne bieten wir Ihnen an:",
    payment_terms=True,
    expires=True,
)
ORDER_CONFIRMATION = SalesType(
    "order-confirmations",
    "orderconfirmation",
    "Auftragsbestätigung",
    "Order confirmation",
    "AB",
    "Wir bestätigen Ihren Auftrag:",
    shipping=True,
    payment_terms=True,
    predecessors=("quotation",),
)
DELIVERY_NOTE = SalesType(
    "delivery-notes",
    "deliverynote",
    "Lieferschein",
    "Delivery note",
    "LS",
    "Wir liefern Ihnen:",
    shipping=True,
    priced=False,
    predecessors=("quotation", "orderconfirmation"),
)
DUNNING = SalesType(
    "dunnings",
    "dunning",
    "Mahnung",
    "Reminder",
    "",
    "Für die folgende Rechnung konnten wir noch keinen Zahlungseingang feststellen.",
    finalizable=False,
    shipping=True,
    predecessors=("invoice",),
    needs_predecessor=True,
)

ALL = (
    INVOICE,
    CREDIT_NOTE,
    QUOTATION,
    ORDER_CONFIRMATION,
    DELIVERY_NOTE,
    DUNNING,
)
BY_PATH = {kind.path: kind for kind in ALL}
BY_TYPE = {kind.voucher_type: kind for kind in ALL}
