# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The table of what Odoo and lexoffice say about the same invoices."""

from dataclasses import dataclass
from decimal import Decimal

HEADINGS = ("provisional", "lexoffice", "customer", "Odoo", "lexoffice", "state")


def money(value):
    """An amount as it stands in JSON, with exactly two decimals.

    JSON from Odoo is read as floats; their shortest notation is the number meant.
    """
    return Decimal(str(value)).quantize(Decimal("0.01"))


@dataclass
class Row:
    """One invoice, seen from both sides."""

    name: str
    provisional: str
    number: str
    customer: str
    total: Decimal
    their_total: Decimal | None
    state: str
    message: str
    variant: str
    files: int
    has_pdf: bool

    @classmethod
    def of(cls, move, stored, has_pdf):
        """:param dict move: of Odoo.
        :param dict stored: the document as the stand-in has it, or None.
        :param bool has_pdf: whether a PDF hangs on the move in Odoo.
        """
        document = (stored or {}).get("document", {})
        variant = move["lexoffice_variant"]
        if variant == "voucher":
            total = document.get("totalGrossAmount")
        else:
            total = document.get("totalPrice", {}).get("totalGrossAmount")
        number = document.get("voucherNumber", "")
        return cls(
            name=move["name"] or "",
            provisional=move["lexoffice_provisional_name"] or "–",
            number=f"voucher {number}" if variant == "voucher" and number else number,
            customer=move["commercial_partner_id"][1],
            total=money(move["amount_total"]),
            their_total=None if total is None else money(total),
            state=move["lexoffice_state"] or "not handed over",
            message=move["lexoffice_message"] or "",
            variant=variant,
            files=len((stored or {}).get("files", [])),
            has_pdf=has_pdf,
        )

    def is_exported(self):
        return self.state == "done" and bool(self.number)

    def is_equal(self):
        return self.their_total is not None and self.total == self.their_total

    def problems(self):
        """What keeps this row from being good, in words."""
        if not self.is_exported():
            yield self.message or self.state
            return
        if not self.is_equal():
            yield f"{self.total} in Odoo, {self.their_total} in lexoffice"
        if self.variant == "voucher" and self.files != 1:
            reason = f" ({self.message})" if self.message else ""
            yield f"{self.files} files hang on the voucher instead of one{reason}"
        if self.variant == "invoice":
            if not self.has_pdf:
                yield "lexoffice's PDF is missing in Odoo"
            if self.name != self.number:
                yield f"Odoo does not call it {self.number}"

    def is_good(self):
        return not any(self.problems())

    def cells(self):
        return (
            self.provisional,
            self.number or "–",
            self.customer,
            str(self.total),
            "–" if self.their_total is None else str(self.their_total),
            self.state,
        )


def table(rows):
    """The rows in columns, amounts to the right."""
    lines = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(6)]
    rendered = []
    for line in lines:
        cells = [
            cell.rjust(width) if column in (3, 4) else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        rendered.append("  ".join(cells).rstrip())
    rendered.insert(1, "  ".join("─" * width for width in widths))
    return "\n".join(rendered)


def summary(rows, requests_made):
    """The one line that says it all."""
    count = len(rows)
    exported = sum(row.is_exported() for row in rows)
    equal = sum(row.is_exported() and row.is_equal() for row in rows)
    share = Decimal(requests_made) / max(count, 1)
    return (
        f"exported {exported} of {count}, totals equal {equal} of {count}, "
        f"{requests_made} requests ({share:.1f} per document)"
    )
