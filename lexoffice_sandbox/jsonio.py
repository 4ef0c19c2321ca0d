# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""JSON with exact decimals, in both directions.

Amounts of money never become floats: they are read as ``Decimal`` and written
back with the digits they have, so ``100.00`` stays ``100.00`` as in the service.
"""

import json
from decimal import Decimal
from json.encoder import encode_basestring

from starlette.responses import Response


def loads(text):
    """Parse JSON, numbers with a point becoming ``Decimal``."""
    return json.loads(text, parse_float=Decimal)


def dumps(value):
    """Write compact JSON; the standard encoder knows no Decimal."""
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None or isinstance(value, bool | int | float):
        return json.dumps(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dict):
        pairs = (f"{encode_basestring(str(k))}:{dumps(v)}" for k, v in value.items())
        return "{" + ",".join(pairs) + "}"
    if isinstance(value, list | tuple | set):
        return "[" + ",".join(dumps(item) for item in value) + "]"
    return encode_basestring(str(value))


class JsonResponse(Response):
    """Answer with the exact decimals of the stored document."""

    media_type = "application/json"

    def render(self, content):
        return dumps(content).encode()


def public(document):
    """Strip the internal fields, which all start with an underscore."""
    return {key: value for key, value in document.items() if key[0] != "_"}
