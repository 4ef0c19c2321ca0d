# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Forms of the pages, read from the body the gateway has collected."""

from urllib.parse import parse_qsl


def read_form(call):
    """The fields of an URL-encoded form."""
    return dict(parse_qsl(call.body.decode("utf-8", "replace"), keep_blank_values=True))
