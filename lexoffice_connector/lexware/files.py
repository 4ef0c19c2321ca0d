# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Files on their way to and from lexoffice."""

import contextlib
import re
import unicodedata
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from .errors import Issue, RejectedError
from .parsing import BadResponse

#: Bytes, inclusive ("Files").
MAX_UPLOAD = 5 * 1024 * 1024

_MAX_NAME = 100
_EXTENSIONS = {
    "application/pdf": ("pdf",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "application/xml": ("xml",),
    "text/xml": ("xml",),
}
_GERMAN = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
)
_EXTENDED_NAME = re.compile(r"filename\*\s*=\s*([\w-]+)'[^']*'([^;\s]+)", re.I)
_PLAIN_NAME = re.compile(r'filename\s*=\s*(?:"((?:\\.|[^"\\])*)"|([^;]+))', re.I)


@dataclass(frozen=True)
class Download:
    """A file that was fetched.

    :param bytes content: the whole file
    :param str content_type: media type without parameters
    :param str filename: safe to use as a file name, never empty
    """

    content: bytes = field(repr=False)
    content_type: str
    filename: str


def download(answer, *, fallback):
    """Make a Download of an answer.

    :param str fallback: file name without extension, used if none was sent
    :raise BadResponse: if it is empty or is not what it says to be
    """
    media_type = answer.content_type
    if not answer.body:
        raise BadResponse("the file is empty")
    if media_type == "application/pdf" and b"%PDF-" not in answer.body[:1024]:
        raise BadResponse("the PDF is none")
    if media_type in ("text/html", "application/json"):
        raise BadResponse(f"a file was expected, not {media_type}")
    name = _sent_name(answer.headers.get("content-disposition", ""))
    name = _without_path(name) or fallback
    return Download(answer.body, media_type, _with_extension(name, media_type))


def upload_part(filename, content, content_type):
    """Return the ``files`` argument for requests, with a name any server takes.

    The name is reduced to ASCII, because the two ways to write other letters into
    a multipart header are each misread by someone.

    :raise RejectedError: above 5 MB or empty; lexoffice would refuse it too
    """
    key = ""
    if not content:
        key = "missing_entity"
    elif len(content) > MAX_UPLOAD:
        key = "max_file_size_exceeded"
    if key:
        raise RejectedError(
            f"{len(content)} bytes can't be uploaded",
            details=(Issue(source="file", key=key),),
        )
    name = _without_path(filename).translate(_GERMAN)
    name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    name = re.sub(r"[^A-Za-z0-9._ -]", "_", name)
    name = _with_extension(name, content_type)
    return {"file": (name, content, content_type)}


def _sent_name(header):
    match = _EXTENDED_NAME.search(header)
    if match:
        with contextlib.suppress(LookupError, ValueError):
            return unquote_to_bytes(match[2]).decode(match[1])
    match = _PLAIN_NAME.search(header)
    if not match:
        return ""
    name = re.sub(r"\\(.)", r"\1", match[1]) if match[1] is not None else match[2]
    try:  # header bytes arrive as Latin-1; servers often mean UTF-8
        return name.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return name


def _without_path(name):
    name = re.split(r"[/\\]", str(name or ""))[-1]
    # Lone surrogates can't be stored, control characters fake other names.
    name = "".join(c for c in name if c.isprintable() and c not in '<>:"|?*')
    return name.strip(" .")


def _with_extension(name, media_type):
    stem, dot, extension = name.rpartition(".")
    if not dot:
        stem, extension = name, ""
    known = _EXTENSIONS.get(media_type, ())
    if known and extension.lower() not in known:
        stem, extension = name, known[0]
    extension = f".{extension[:10]}" if extension else ""
    return (stem.strip(" .") or "file")[: _MAX_NAME - len(extension)] + extension
