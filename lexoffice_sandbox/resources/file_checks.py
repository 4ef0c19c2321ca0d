# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Which uploads the service takes: by size, extension and content."""

import re
from io import BytesIO
from xml.etree import ElementTree

from PIL import Image

from ..errors import LegacyError

MAX_BYTES = 5_242_880
EXTENSIONS = ("pdf", "jpg", "jpeg", "png", "xml")
_ACTIVE_PDF = re.compile(rb"/(JavaScript|JS|Launch|RichMedia)\b")
_PDF_STREAM = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)
_INVOICE_ROOT = re.compile(
    r"\{urn:(oasis:names:specification:ubl:schema:xsd:(Invoice|CreditNote)-2"
    r"|un:unece:uncefact:data:standard:CrossIndustryInvoice:100)\}"
)


def check(name, content):
    """The extension of an acceptable file; 406 with the reason otherwise."""
    extension = name.rpartition(".")[2].lower() if "." in name else ""
    if len(content) > MAX_BYTES:
        raise _refusal("max_file_size_exceeded")
    if extension not in EXTENSIONS:
        raise _refusal("inacceptable_file_extension")
    if extension == "pdf" and not _is_harmless_pdf(content):
        raise _refusal("voucher_upload_toxic_pdf")
    if extension == "xml" and not _is_xrechnung(content):
        raise _refusal("invalid_xrechnung")
    if extension in ("jpg", "jpeg", "png") and not _is_image(content):
        raise _refusal("image_conversion_error")
    return extension


def _refusal(key):
    return LegacyError([("file", key)])


def _is_harmless_pdf(content):
    """Complete and without scripts; the embedded XML of an e-invoice is fine."""
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-1024:]:
        return False
    # Compressed streams are noise in which any word may turn up.
    return not _ACTIVE_PDF.search(_PDF_STREAM.sub(b"", content))


def _is_image(content):
    try:
        with Image.open(BytesIO(content)) as image:
            size = image.size
            image.load()
    except Exception:  # Pillow raises many kinds of errors for broken images
        return False
    return min(size) > 1


def _is_xrechnung(content):
    try:
        root = ElementTree.fromstring(content)
    except ElementTree.ParseError:
        return False
    return bool(_INVOICE_ROOT.match(root.tag))
