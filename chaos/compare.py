# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Odoo's list against lexoffice's, document by document."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from demo.report import money

SIGN = re.compile(r"Unser Zeichen: (\w+)")
KINDS = ("lost", "doubled", "wrong number", "wrong total", "left uncertain")
MOVE_FIELDS = [
    *("name", "amount_total", "company_id", "lexoffice_uuid", "lexoffice_number"),
    *("lexoffice_variant", "lexoffice_state"),
]
ROW_FIELDS = ["move_id", "marker", "state", "adoption", "operation", "error_message"]


@dataclass
class Verdict:
    """One invoice, seen from both sides.

    :param set problems: of ``KINDS``; empty means exactly once and right.
    """

    move: dict
    markers: set
    documents: list
    problems: set = field(default_factory=set)
    missing_file: bool = False
    message: str = ""

    def is_good(self):
        return not self.problems


@dataclass
class Comparison:
    """:param list strays: documents in lexoffice that no invoice of Odoo's explains."""

    verdicts: list
    strays: list

    def counts(self):
        result = {
            kind: sum(kind in verdict.problems for verdict in self.verdicts)
            for kind in KINDS
        }
        result["doubled"] += len(self.strays)
        return result

    def good(self):
        return sum(verdict.is_good() for verdict in self.verdicts)

    def missing_files(self):
        return sum(verdict.missing_file for verdict in self.verdicts)

    def is_perfect(self):
        return self.good() == len(self.verdicts) and not self.strays

    def headline(self):
        counts = ", ".join(f"{count} {kind}" for kind, count in self.counts().items())
        return f"{self.good()} of {len(self.verdicts)} exactly once: {counts}"


def compare(office, hooks):
    """Read both sides anew and hold them side by side.

    :return: :class:`Comparison`.
    """
    moves = office.call(
        "account.move",
        "search_read",
        [("move_type", "=", "out_invoice")],
        MOVE_FIELDS,
        order="id",
    )
    rows = defaultdict(list)
    for row in office.call("lexoffice.transfer", "search_read", [], ROW_FIELDS):
        rows[row["move_id"][0]].append(row)
    by_sign = defaultdict(list)
    for stored in hooks.documents().values():
        by_sign[sign_of(stored["document"])].append(stored)
    attached = _moves_with_file(office)
    verdicts = []
    for move in moves:
        mine = [row for row in rows[move["id"]] if row["operation"] == "document"]
        markers = {row["marker"] for row in mine}
        documents = [one for marker in markers for one in by_sign.pop(marker, [])]
        verdict = Verdict(move, markers, documents)
        _judge(verdict, mine)
        verdict.missing_file = _misses_file(verdict, attached)
        verdict.message = "; ".join(
            row["error_message"] for row in rows[move["id"]] if row["error_message"]
        )
        verdicts.append(verdict)
    return Comparison(verdicts, [one for left in by_sign.values() for one in left])


def sign_of(document):
    """The sign in a document's text, or None."""
    text = f"{document.get('remark')}\n{document.get('introduction')}"
    match = SIGN.search(text)
    return match and match.group(1)


def _judge(verdict, rows):
    move, documents = verdict.move, verdict.documents
    if not documents:
        verdict.problems.add("lost")
    if len(documents) > 1:
        verdict.problems.add("doubled")
    is_settled = any(
        row["state"] == "done" and row["adoption"] == "done" for row in rows
    )
    if not is_settled:
        verdict.problems.add("left uncertain")
    for stored in documents[:1]:
        document = stored["document"]
        numbers = {move["name"], move["lexoffice_number"], document["voucherNumber"]}
        if len(numbers) > 1 or move["lexoffice_uuid"] != document["id"]:
            verdict.problems.add("wrong number")
        total = document.get("totalGrossAmount")
        if "totalPrice" in document:
            total = document["totalPrice"]["totalGrossAmount"]
        if money(total) != money(move["amount_total"]):
            verdict.problems.add("wrong total")


def _misses_file(verdict, attached):
    """A voucher has one file in lexoffice, an invoice lexoffice's PDF in Odoo."""
    if verdict.move["lexoffice_variant"] == "voucher":
        return any(len(stored["files"]) != 1 for stored in verdict.documents)
    return verdict.move["id"] not in attached


def _moves_with_file(office):
    rows = office.call(
        "lexoffice.transfer",
        "search_read",
        [("operation", "=", "download"), ("state", "=", "done")],
        ["move_id"],
    )
    return {row["move_id"][0] for row in rows}
