# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Paths and query strings."""

import html
from urllib.parse import quote, urlencode

from .dates import date_filter
from .errors import NotFoundError
from .parsing import is_uuid


def path(collection, id, suffix=""):
    """Return the path of one thing.

    :raise NotFoundError: if the id can't be one. An empty id would otherwise turn
        "read one" into "list all", and a webhook's text into another path.
    """
    if not is_uuid(id):
        raise NotFoundError("this can't be a lexoffice id")
    return f"{collection}/{id}{suffix}"


def search(text):
    """Escape a search text: lexoffice stores ``&``, ``<`` and ``>`` as entities."""
    return None if text is None else html.escape(str(text), quote=False)


def words(value):
    """Join an iterable of words with commas; a string stays as it is."""
    return value if isinstance(value, str) else ",".join(value)


def encode(query):
    """Build a query string; None is left out, booleans and dates are spelled.

    Blanks become ``%20`` as in lexoffice's own examples, not ``+``.
    """
    pairs = []
    for name, value in query.items():
        if isinstance(value, bool):
            value = "true" if value else "false"
        if value is not None:
            pairs.append((name, date_filter(value)))
    return urlencode(pairs, safe=",", quote_via=quote)
