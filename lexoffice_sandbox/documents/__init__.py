# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""What a finished sales document looks like on paper and as e-invoice."""

import re

from ..resources import sales_types
from . import pdf, xrechnung


def pdf_of(sandbox, record):
    """The PDF of a document; equal input gives equal bytes."""
    return pdf.render(sandbox.store.get("account", record["_account"]), record)


def xml_of(sandbox, record):
    return xrechnung.render(sandbox.store.get("account", record["_account"]), record)


def file_name(record, extension="pdf"):
    """``Rechnung_RE0009.pdf``."""
    title = sales_types.BY_TYPE[record["_type"]].title
    number = record.get("voucherNumber") or record["id"][:8]
    safe = re.sub(r"[^\w.-]", "_", f"{title}_{number}", flags=re.ASCII)
    return f"{safe}.{extension}"
