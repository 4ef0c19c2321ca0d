# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""``/v1/files``: upload a receipt, download any file."""

import uuid

from fastapi import APIRouter, Request
from starlette.responses import Response

from .. import documents
from ..call import CurrentCall
from ..errors import ApiError
from ..jsonio import JsonResponse
from . import file_store

router = APIRouter(prefix="/v1/files")

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "xml": "application/xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
}
_MISSING_TYPE = {
    "i18nKey": "bad_request_error",
    "source": "Required request parameter 'type' for method parameter type "
    "VoucherFileType is not present",
}


@router.post("")
async def upload(request: Request, call: CurrentCall):
    """Store a receipt and open a voucher for it; equal bytes are known already."""
    form = await request.form()
    if "type" not in form:
        raise ApiError(400, _MISSING_TYPE)
    if form["type"] != "voucher":
        raise ApiError(400, "Invalid or missing upload type.")
    received = await file_store.read_upload(request)
    record = file_store.same_content(call, received)
    if record is None:
        record = file_store.store_upload(call, received, str(uuid.uuid4()))
        file_store.new_unchecked_voucher(call, record)
    result = {"id": record["id"], "voucherId": record["voucher"]}
    return JsonResponse(result, 202)


@router.get("/{file_id}")
async def download(file_id: str, call: CurrentCall):
    """An uploaded file, or the rendered document of a sales voucher."""
    link = call.store.get("document_file", file_id, call.account_id)
    if link:
        return _rendered(call, call.get("sales", link["document"]))
    record = call.get("file", file_id)
    wants_xml = "application/xml" in call.accepted_types()
    if record["extension"] == "xml":
        if not wants_xml and "*/*" not in call.accepted_types():
            content = documents.pdf.render_text(record["name"], record["_content"])
            return _response(content, "pdf", f"{file_id}.pdf")
    elif wants_xml:
        raise call.not_found()
    return _response(
        record["_content"], record["extension"], f"{file_id}.{record['extension']}"
    )


def _rendered(call, record):
    """Byte for byte what ``/file`` gives for the same document."""
    is_xrechnung = record.get("electronicDocumentProfile") == "XRechnung"
    kinds = call.accepted_types()
    if "application/xml" in kinds and not is_xrechnung:
        raise call.not_found()
    if is_xrechnung and {"*/*", "application/xml"} & set(kinds):
        content = documents.xml_of(call.sandbox, record)
        return _response(content, "xml", documents.file_name(record, "xml"))
    content = documents.pdf_of(call.sandbox, record)
    return _response(content, "pdf", documents.file_name(record))


def _response(content, extension, name):
    headers = {"Content-Disposition": f"inline; filename={name};"}
    return Response(content, media_type=MEDIA_TYPES[extension], headers=headers)
