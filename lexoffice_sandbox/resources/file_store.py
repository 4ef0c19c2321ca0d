# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Uploaded files: reading the request, storing, finding equal content."""

import hashlib
import uuid
from datetime import datetime, timedelta

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException

from .. import dates
from ..errors import ApiError
from . import file_checks


async def read_upload(request):
    """The multipart part ``file`` as name, extension, content and form."""
    try:
        form = await request.form()
    except MultiPartException:
        form = {}
    part = form.get("file")
    if not isinstance(part, UploadFile):
        # measured: the service does not check this and fails
        raise ApiError(500)
    content = await part.read()
    name = part.filename or ""
    extension = file_checks.check(name, content)
    return {
        "name": name,
        "extension": extension,
        "content": content,
        "checksum": hashlib.sha256(content).hexdigest(),
        "type": form.get("type"),
    }


def same_content(call, upload):
    """The file with identical bytes this account has already, if any."""
    checksum_id = f"{call.account_id}:{upload['checksum']}"
    known = call.store.get("checksum", checksum_id)
    return known and call.store.get("file", known["file"])


def store_upload(call, upload, voucher_id):
    """Keep the bytes; they belong to one voucher only."""
    record = call.store.put(
        "file",
        call.account_id,
        {
            "id": str(uuid.uuid4()),
            "voucher": voucher_id,
            "name": upload["name"],
            "extension": upload["extension"],
            "size": len(upload["content"]),
            "checksum": upload["checksum"],
            "_content": upload["content"],
        },
    )
    checksum_id = f"{call.account_id}:{upload['checksum']}"
    call.store.put(
        "checksum", call.account_id, {"id": checksum_id, "file": record["id"]}
    )
    return record


def assign(call, voucher, file_ids):
    """Give the voucher exactly these files and delete the ones left out."""
    for file_id in voucher["files"]:
        if file_id not in file_ids:
            delete(call.store, file_id)
    for file_id in file_ids:
        record = call.store.get("file", file_id)
        record["voucher"] = voucher["id"]
        call.store.put("file", call.account_id, record)
    voucher["files"] = file_ids


def delete(store, file_id):
    record = store.get("file", file_id)
    if record:
        store.delete("checksum", f"{record['_account']}:{record['checksum']}")
        store.delete("file", file_id)


def new_unchecked_voucher(call, file_record):
    """The voucher the service makes of a bare upload, recognition pending."""
    now = dates.render(call.now)
    voucher = {
        "id": file_record["voucher"],
        "organizationId": call.account_id,
        "type": "purchaseinvoice",
        "voucherStatus": "blank",
        "voucherItems": [],
        "useCollectiveContact": True,
        "files": [file_record["id"]],
        "createdDate": now,
        "updatedDate": now,
        "version": 1,
    }
    return call.store.put("voucher", call.account_id, voucher)


def recognise(call, voucher):
    """End the recognition of an upload once its time has passed."""
    if voucher["voucherStatus"] == "blank":
        born = datetime.fromisoformat(voucher["createdDate"])
        if call.now - born >= timedelta(seconds=call.settings.recognition_delay):
            voucher["voucherStatus"] = "unchecked"
            voucher["version"] += 1
            voucher["updatedDate"] = dates.render(call.now)
            call.store.put("voucher", voucher["_account"], voucher)
    return voucher
