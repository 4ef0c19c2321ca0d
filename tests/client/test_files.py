# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Downloads and uploads."""

import pytest
from lexware import NotFoundError, RejectedError, TransientError
from lexware.files import MAX_UPLOAD, upload_part

from .conftest import API

ID = "0c5f3b8e-6a0e-4c6e-9d1b-0d0b8a9f4a11"
PDF = b"%PDF-1.4 small"


def serve(mock, body=PDF, content_type="application/pdf", disposition="", kind=None):
    headers = {"Content-Disposition": disposition} if disposition else {}
    path = kind or f"invoices/{ID}/file"
    mock.get(f"{API}/v1/{path}", body=body, content_type=content_type, headers=headers)


@pytest.mark.parametrize(
    "call, kind, accept",
    [
        (lambda api: api.invoice_file(ID), f"invoices/{ID}/file", "application/pdf"),
        (
            lambda api: api.credit_note_file(ID, accept="application/xml"),
            f"credit-notes/{ID}/file",
            "application/xml",
        ),
        (lambda api: api.file(ID), f"files/{ID}", "*/*"),
        (lambda api: api.file(ID, "image/png"), f"files/{ID}", "image/png"),
    ],
)
def test_a_download_asks_for_what_it_wants(mock, api, call, kind, accept):
    serve(mock, kind=kind)
    assert call(api).content == PDF
    assert mock.calls[0].request.headers["Accept"] == accept


@pytest.mark.parametrize(
    "disposition, name",
    [
        ("inline; filename=Rechnung_RE0009.pdf;", "Rechnung_RE0009.pdf"),
        ('attachment; filename="a b.pdf"', "a b.pdf"),
        ('attachment; filename="a\\"b.pdf"', "ab.pdf"),
        ("inline; filename*=UTF-8''M%C3%BCller.pdf", "Müller.pdf"),
        ("inline; filename*=none''%ff.pdf; filename=x.pdf", "x.pdf"),
        ("inline; filename=../../etc/passwd", "passwd.pdf"),
        ('inline; filename="C:\\\\x\\\\y.pdf"', "y.pdf"),
        ("inline; filename=..", f"{ID}.pdf"),
        ("inline", f"{ID}.pdf"),
        ("", f"{ID}.pdf"),
        ("inline; filename=" + "x" * 300 + ".pdf", "x" * 96 + ".pdf"),
    ],
)
def test_a_download_has_a_safe_file_name(mock, api, disposition, name):
    serve(mock, disposition=disposition)
    assert api.invoice_file(ID).filename == name


@pytest.mark.parametrize(
    "body, content_type",
    [
        (b"", "application/pdf"),
        (b"<html>login</html>", "application/pdf"),
        (b"<html>login</html>", "text/html; charset=utf-8"),
        (b'{"message": "x"}', "application/json"),
    ],
)
def test_what_is_no_document_is_never_taken_for_one(mock, api, body, content_type):
    serve(mock, body, content_type)
    with pytest.raises(TransientError) as caught:
        api.invoice_file(ID)
    assert caught.value.code == "bad_response"


def test_xml_of_a_document_without_xml_is_not_found(mock, api):
    mock.get(f"{API}/v1/invoices/{ID}/file", status=404)
    with pytest.raises(NotFoundError):
        api.invoice_file(ID, accept="application/xml")


def test_xml_is_delivered_with_its_type(mock, api):
    serve(mock, b"<Invoice/>", "application/xml;charset=UTF-8")
    got = api.invoice_file(ID, accept="application/xml")
    assert (got.content_type, got.filename) == ("application/xml", f"{ID}.xml")


@pytest.mark.parametrize(
    "name, content_type, expected",
    [
        ("RE 2026-1.pdf", "application/pdf", "RE 2026-1.pdf"),
        ("Müller & Söhne.pdf", "application/pdf", "Mueller _ Soehne.pdf"),
        ("RE/2026/0001.pdf", "application/pdf", "0001.pdf"),
        ("..\\..\\x.pdf", "application/pdf", "x.pdf"),
        ("scan", "image/jpeg", "scan.jpg"),
        ("scan.JPEG", "image/jpeg", "scan.JPEG"),
        ("invoice.pdf.exe", "application/pdf", "invoice.pdf.exe.pdf"),
        ("发票.pdf", "application/pdf", "file.pdf"),
        ('a"\r\nX: y.pdf', "application/pdf", "aX y.pdf"),
        ("", "application/pdf", "file.pdf"),
        (None, "application/pdf", "file.pdf"),
        ("ä" * 200 + ".pdf", "application/pdf", "ae" * 48 + ".pdf"),
    ],
)
def test_uploads_get_names_that_any_server_takes(name, content_type, expected):
    assert upload_part(name, PDF, content_type)["file"][0] == expected


def test_an_upload_is_multipart_with_type_and_file(mock, api):
    mock.post(f"{API}/v1/files", status=202, json={"id": ID, "voucherId": ID})
    assert api.upload_file("ü.pdf", PDF, "application/pdf")["voucherId"] == ID
    request = mock.calls[0].request
    assert request.headers["Content-Type"].startswith("multipart/form-data; boundary=")
    assert b'name="type"\r\n\r\nvoucher\r\n' in request.body
    assert b'name="file"; filename="ue.pdf"\r\n' in request.body
    assert b"Content-Type: application/pdf\r\n\r\n" + PDF in request.body


def test_a_vouchers_file_has_no_type(mock, api):
    mock.post(f"{API}/v1/vouchers/{ID}/files", status=202, json={"id": ID})
    assert api.upload_voucher_file(ID, "a.pdf", PDF, "application/pdf")["id"] == ID
    assert b'name="type"' not in mock.calls[0].request.body


@pytest.mark.parametrize(
    "content, key",
    [(b"", "missing_entity"), (b"x" * (MAX_UPLOAD + 1), "max_file_size_exceeded")],
)
def test_files_that_lexoffice_refuses_are_not_sent(api, content, key):
    with pytest.raises(RejectedError) as caught:
        api.upload_file("a.pdf", content, "application/pdf")
    assert caught.value.details[0].key == key
    assert api.request_count == 0


def test_the_size_limit_is_inclusive():
    assert upload_part("a.pdf", b"x" * MAX_UPLOAD, "application/pdf")
