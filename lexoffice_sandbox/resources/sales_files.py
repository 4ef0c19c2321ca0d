# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The rendered document of a sales voucher: PDF, or XML for an XRechnung."""

from starlette.responses import Response

from .. import documents
from ..errors import RegularError
from ..jsonio import JsonResponse

PDF, XML = "application/pdf", "application/xml"


def download(call, record):
    """``/file``: what comes depends on the Accept header.

    An XRechnung is XML unless a PDF is wanted; everything else is a PDF, and has
    no XML of its own (404; a ZUGFeRD file carries it inside).
    """
    if record["voucherStatus"] == "draft" and record["_type"] != "dunning":
        raise RegularError(
            409,
            f"The document with id {record['id']} is in status 'draft' "
            "and therefore cannot be downloaded",
        )
    is_xrechnung = record.get("electronicDocumentProfile") == "XRechnung"
    for wanted in call.accepted_types():
        if wanted in (PDF, "*/*", "application/*") and not (
            is_xrechnung and wanted != PDF
        ):
            return _response(documents.pdf_of(call.sandbox, record), record, "pdf")
        if wanted == XML and not is_xrechnung:
            raise call.not_found()
        if wanted in (XML, "*/*", "application/*"):
            return _response(documents.xml_of(call.sandbox, record), record, "xml")
    raise RegularError(406, "Could not find acceptable representation")


def document(call, record):
    """``/document`` (deprecated): the id for ``/v1/files/{id}``."""
    if record["voucherStatus"] == "draft":
        text = "Requesting PDF document is not possible in state draft."
        raise RegularError(406, text)
    return JsonResponse({"documentFileId": record["files"]["documentFileId"]})


def _response(content, record, extension):
    name = documents.file_name(record, extension)
    media_type = PDF if extension == "pdf" else XML
    headers = {"Content-Disposition": f"inline; filename={name};"}
    return Response(content, media_type=media_type, headers=headers)
