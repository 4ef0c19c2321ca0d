# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Uploads: what is taken, what is equal, what comes back."""

import struct
import zlib

import pytest

from .payloads import pdf, voucher

LIMIT = 5_242_880


def png(width, height):
    """A valid picture of one colour."""

    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = b"".join(b"\0" + b"\x80" * width for _ in range(height))
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + parts + chunk(b"IEND", b"")


XRECHNUNG = b'<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>'


def upload(api, name, content):
    files = {"file": (name, content)}
    return api.post("/v1/files", files=files, data={"type": "voucher"})


def test_an_upload_makes_a_voucher_that_is_recognised_later(api, hooks):
    answer = upload(api, "beleg.pdf", pdf())
    assert answer.status_code == 202
    assert set(answer.json()) == {"id", "voucherId"}
    path = f"/v1/vouchers/{answer.json()['voucherId']}"
    read = api.read(path)
    assert (read["voucherStatus"], read["type"]) == ("blank", "purchaseinvoice")
    assert read["files"] == [answer.json()["id"]]
    hooks.post("/sandbox/clock", json={"advance_seconds": 2})
    assert api.read(path)["voucherStatus"] == "unchecked"
    query = "/v1/voucherlist?voucherType=any&voucherStatus=unchecked"
    assert api.read(query)["totalElements"] == 1


def test_equal_bytes_are_stored_once(api):
    first = upload(api, "a.pdf", pdf())
    assert upload(api, "b.pdf", pdf()).json() == first.json()
    assert upload(api, "a.pdf", pdf("other")).json() != first.json()


def test_files_of_a_voucher(api):
    voucher_id = api.create("/v1/vouchers", voucher())
    path = f"/v1/vouchers/{voucher_id}/files"
    answer = api.post(path, files={"file": ("rechnung.pdf", pdf())})
    assert answer.status_code == 202
    assert set(answer.json()) == {"id"}
    again = api.post(path, files={"file": ("rechnung.pdf", pdf())})
    assert again.json() == answer.json()
    read = api.read(f"/v1/vouchers/{voucher_id}")
    assert read["files"] == [answer.json()["id"]]
    assert read["version"] == 1


def test_upload_may_count_the_version(api, settings):
    settings(upload_bumps_version=True)
    voucher_id = api.create("/v1/vouchers", voucher())
    files = {"file": ("rechnung.pdf", pdf())}
    api.post(f"/v1/vouchers/{voucher_id}/files", files=files)
    assert api.read(f"/v1/vouchers/{voucher_id}")["version"] == 2


def test_a_file_left_out_of_a_put_is_gone(api):
    voucher_id = api.create("/v1/vouchers", voucher())
    path = f"/v1/vouchers/{voucher_id}/files"
    file_id = api.post(path, files={"file": ("r.pdf", pdf())}).json()["id"]
    body = voucher(version=1, files=[file_id])
    assert api.put(f"/v1/vouchers/{voucher_id}", json=body).status_code == 200
    assert api.get(f"/v1/files/{file_id}").status_code == 200
    body = voucher(version=2)
    assert api.put(f"/v1/vouchers/{voucher_id}", json=body).status_code == 200
    assert api.get(f"/v1/files/{file_id}").status_code == 404
    again = api.post(path, files={"file": ("r.pdf", pdf())}).json()["id"]
    assert again != file_id


def test_the_largest_file(api):
    content = pdf("x" * (LIMIT - len(pdf(""))))
    assert len(content) == LIMIT
    assert upload(api, "a.pdf", content).status_code == 202
    answer = upload(api, "a.pdf", content + b"\n")
    assert answer.status_code == 406
    assert answer.json()["IssueList"][0]["i18nKey"] == "max_file_size_exceeded"


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("a.gif", b"GIF89a", "inacceptable_file_extension"),
        ("a.txt", b"text", "inacceptable_file_extension"),
        ("pdf", pdf(), "inacceptable_file_extension"),
        ("a.xml", b"<a/>", "invalid_xrechnung"),
        ("a.xml", b"<a", "invalid_xrechnung"),
        ("a.png", png(1, 1), "image_conversion_error"),
        ("a.jpg", b"\xff\xd8broken", "image_conversion_error"),
        ("a.pdf", b"no pdf", "voucher_upload_toxic_pdf"),
        ("a.pdf", b"%PDF-1.4 cut off", "voucher_upload_toxic_pdf"),
        ("a.pdf", pdf("/JavaScript (x)"), "voucher_upload_toxic_pdf"),
    ],
)
def test_refused(api, name, content, key):
    answer = upload(api, name, content)
    assert answer.status_code == 406
    assert answer.json()["IssueList"][0]["i18nKey"] == key


def test_a_compressed_stream_may_hold_any_bytes(api):
    content = pdf("stream\nx/JS\xc5y\nendstream")
    assert upload(api, "a.pdf", content).status_code == 202


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("a.PDF", pdf(), "application/pdf"),
        ("a.png", png(2, 2), "image/png"),
        ("a.xml", XRECHNUNG, "application/xml"),
    ],
)
def test_taken_and_given_back(api, name, content, media_type):
    file_id = upload(api, name, content).json()["id"]
    answer = api.get(f"/v1/files/{file_id}")
    assert answer.content == content
    assert answer.headers["Content-Type"] == media_type
    extension = name.rpartition(".")[2].lower()
    disposition = f"inline; filename={file_id}.{extension};"
    assert answer.headers["Content-Disposition"] == disposition


def test_accept_decides_between_xml_and_pdf(api):
    def fetch(file_id, accept):
        return api.get(f"/v1/files/{file_id}", headers={"Accept": accept})

    xml_id = upload(api, "a.xml", XRECHNUNG).json()["id"]
    assert fetch(xml_id, "application/xml").content == XRECHNUNG
    assert fetch(xml_id, "application/pdf").content.startswith(b"%PDF")
    pdf_id = upload(api, "a.pdf", pdf()).json()["id"]
    assert fetch(pdf_id, "application/xml").status_code == 404


def test_uploads_have_to_be_multipart(api):
    assert api.post("/v1/files", json={}).status_code == 415
