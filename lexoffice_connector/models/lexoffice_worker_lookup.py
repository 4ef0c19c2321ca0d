# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
import re
from datetime import timedelta, timezone

from odoo import models

from ..builders.amounts import decimal
from ..lexware import parse_datetime
from .lexoffice_transfer import MARKER_ALPHABET, MARKER_LENGTH

# A list that doesn't show a document yet may be behind; looked at twice.
SEARCHES_TO_BELIEVE = 2
NEXT_SEARCH = 60
NEXT_SEARCH_WITH_CANDIDATES = 3600
# How far lexoffice's clock and this database's may be apart.
CLOCK_MARGIN = timedelta(minutes=15)
# More documents than this are not read one by one for a sign.
MOST_READ = 40

SIGN = re.compile(rf"Unser Zeichen: ([{MARKER_ALPHABET}]{{{MARKER_LENGTH}}})\b")


class LexofficeWorker(models.AbstractModel):
    """Documents whose answer got lost: found again, or surely absent, or a person's.

    Every document that this database has made bears the sign of its row, and every
    one whose answer arrived is known by its id. So whatever lexoffice has made since
    the attempt and nobody here knows is read and looked at, whoever it is for and
    whatever its total: customers are merged and numbers edited in lexoffice, too.
    """

    _inherit = "lexoffice.worker"

    def _settle_uncertain(self, run):
        rows = self._due(run, ["uncertain"], ["document"])
        self._for_each(rows, lambda row: self._look_up(row, run), run)

    def _look_up(self, row, run):
        """Adopt the document if lexoffice has it; send again only if surely absent."""
        if row.state != "uncertain":
            return
        unknown = list(self._unknown_documents(row, run))
        like_ours = [entry for entry in unknown if self._is_like(row, entry)]
        others = [entry for entry in unknown if entry not in like_ours]
        unsigned = []
        for entry in (like_ours + others)[:MOST_READ]:
            sign = self._sign_of(row, run, entry["id"])
            if sign == row.marker:
                row._link_uuid(entry["id"])
                return
            if not sign and entry in like_ours:
                unsigned.append(entry)
        if unsigned or len(unknown) > MOST_READ:
            self._leave_to_a_person(row, len(unsigned) or len(unknown))
        elif row.absent_searches + 1 < SEARCHES_TO_BELIEVE:
            row.absent_searches += 1
            row._wait(NEXT_SEARCH)
        else:
            row._resume_after_absence()

    def _leave_to_a_person(self, row, count):
        """Somebody may have edited the text, or typed the document in by hand."""
        told = row.error_code == "no_match_found"
        row.write(
            {
                "absent_searches": 0,
                "error_code": "no_match_found",
                "error_values": {"count": count, "marker": row.marker},
            }
        )
        row._wait(NEXT_SEARCH_WITH_CANDIDATES)
        if not told:
            row._tell()

    def _unknown_documents(self, row, run):
        """What lexoffice has made since the attempt and no row here knows."""
        filters = {}
        if row.variant == "voucher" and row.lexoffice_number:
            # Ours to choose, and not changed by renaming the invoice since.
            filters["voucher_number"] = row.lexoffice_number
        since = (row.sending_since or row.create_date) - CLOCK_MARGIN
        entries = [
            entry
            for entry in self._recent_documents(run.client, row, **filters)
            if self._is_made_since(entry, since)
        ]
        known = set(
            row.search(
                [
                    ("connection_id", "=", row.connection_id.id),
                    ("lexoffice_uuid", "in", [entry["id"] for entry in entries]),
                    ("id", "!=", row.id),
                ]
            ).mapped("lexoffice_uuid")
        )
        return (entry for entry in entries if entry["id"] not in known)

    def _is_made_since(self, entry, since):
        try:
            created = parse_datetime(entry.get("createdDate"))
        except ValueError:
            return True  # better one too many
        return created.astimezone(timezone.utc).replace(tzinfo=None) >= since

    def _is_like(self, row, entry):
        """Whether a person could take this document for the row's."""
        if row.variant == "voucher":
            return True  # it bears the same number
        link = self._contact_link(row.connection_id, row.move_id.commercial_partner_id)
        same_customer = entry.get("contactId") in (None, link.lexoffice_uuid)
        total = decimal(row.move_id.amount_total)
        return same_customer and entry["totalAmount"] == total

    def _sign_of(self, row, run, uuid):
        """The sign in a document's text: ours, another row's, or None."""
        match = SIGN.search(self._text_of(row, run.client, uuid))
        return match and match.group(1)

    def _text_of(self, row, client, uuid):
        """All free text of a document: where our sign may stand."""
        if row.variant == "voucher":
            read, parts = client.voucher, ("remark",)
        elif row.move_id.move_type == "out_refund":
            read, parts = client.credit_note, ("introduction", "remark")
        else:
            read, parts = client.invoice, ("introduction", "remark")
        document = read(uuid)
        return "\n".join(str(document.get(part) or "") for part in parts)
