# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""From bytes to data one can rely on, and from data to bytes.

Everything that comes over the network is checked here, once: what a function of
this module returns has the types its docstring names. What is wrong raises
:class:`BadResponse`; the transport turns it into the right error, because only it
knows whether a document may have been made.
"""

import json
import re
from decimal import Decimal, InvalidOperation

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I | re.ASCII)

# Largest power of ten taken from the network. Decimal would accept 1e999999999,
# and the first quantize() or int() on it would eat all memory.
_MAX_EXPONENT = 30

# lexoffice knows at most four decimals; a float with more is binary noise.
_FLOAT_DECIMALS = 4


class BadResponse(ValueError):
    """The answer can't be understood. Never leaves the package."""


def is_uuid(value):
    """Tell whether a value looks like a lexoffice id."""
    return isinstance(value, str) and bool(_UUID.fullmatch(value))


# --- reading -----------------------------------------------------------------


def _decimal(text):
    number = Decimal(text)
    if number and abs(number.adjusted()) > _MAX_EXPONENT:
        raise ValueError("number out of range")
    return number


def _refuse_constant(name):
    raise ValueError(f"{name} is not JSON")


def load_json(body):
    """Parse a JSON body; numbers with a fraction become Decimal.

    :param bytes body: UTF-8, a byte order mark is forgiven
    :raise BadResponse: for anything else
    """
    try:
        return json.loads(
            body.decode("utf-8-sig"),
            parse_float=_decimal,
            parse_constant=_refuse_constant,
        )
    except (ValueError, RecursionError, InvalidOperation) as exc:
        # The body stays out of the text: it may hold personal data or a token.
        raise BadResponse(f"no JSON ({type(exc).__name__})") from None


def mapping(data):
    """Return data if it is a JSON object."""
    if not isinstance(data, dict):
        raise BadResponse(f"object expected, got {type(data).__name__}")
    return data


def rows(data):
    """Return data if it is a list of JSON objects."""
    if not isinstance(data, list):
        raise BadResponse(f"list expected, got {type(data).__name__}")
    for row in data:
        mapping(row)
    return data


def identified(data):
    """Check an object with an ``id``; a broken ``version`` becomes None.

    The version is optional here: when a document was made, losing its id because
    of a strange version would be worse than having no version.
    """
    if not is_uuid(mapping(data).get("id")):
        raise BadResponse("no id in the answer")
    if not _is_int(data.get("version")):
        data["version"] = None
    return data


def versioned(data):
    """Check an object with ``id`` and a whole ``version``, as a PUT needs it."""
    if identified(data)["version"] is None:
        raise BadResponse("no version in the answer")
    return data


def profile(data):
    """Check a profile: ``organizationId`` is an id, lists and flags are such."""
    if not is_uuid(mapping(data).get("organizationId")):
        raise BadResponse("no organizationId in the profile")
    if not isinstance(data.get("businessFeatures"), list):
        data["businessFeatures"] = []
    data["smallBusiness"] = data.get("smallBusiness") is True
    return data


def page(data, amounts=()):
    """Check one page of a list.

    :param amounts: keys of each row to turn into Decimal
    :return: (list of objects with ``id``, True/False/None for "this is the last")
    """
    content = rows(mapping(data).get("content"))
    for row in content:
        if not is_uuid(row.get("id")):
            raise BadResponse("a row without id")
        with_amounts(row, *amounts)
    last = data.get("last")
    if not isinstance(last, bool):
        last = None
        if _is_int(data.get("totalPages")) and _is_int(data.get("number")):
            last = data["number"] + 1 >= data["totalPages"]
    return content, last


def with_amounts(data, *keys):
    """Turn the named amounts into Decimal; numbers and numeric strings do.

    One sample of the API's documentation shows ``openAmount`` as a string. A null
    or missing amount stays None.
    """
    for key in keys:
        value = mapping(data).get(key)
        if value is None:
            data[key] = None
            continue
        if isinstance(value, bool) or not isinstance(value, (int, str, Decimal)):
            raise BadResponse(f"{key} is no amount")
        try:
            data[key] = _decimal(str(value))
        except (ValueError, InvalidOperation):
            raise BadResponse(f"{key} is no amount") from None
        if not data[key].is_finite():
            raise BadResponse(f"{key} is no amount")
    return data


def payments(data):
    """Check payments: ``openAmount`` is Decimal, ``paymentItems`` a list."""
    if with_amounts(data, "openAmount")["openAmount"] is None:
        raise BadResponse("no openAmount")
    items = data.get("paymentItems")
    data["paymentItems"] = rows([] if items is None else items)
    for item in data["paymentItems"]:
        with_amounts(item, "amount")
    return data


def subscriptions(data):
    """Check a list of event subscriptions; each gets its id under ``id``.

    Creating answers with ``id``, reading with ``subscriptionId``.
    """
    content = data if isinstance(data, list) else mapping(data).get("content")
    for row in rows(content):
        row["id"] = row.get("id") or row.get("subscriptionId")
        if not is_uuid(row["id"]):
            raise BadResponse("a subscription without id")
    return content


def _is_int(value):
    return isinstance(value, int) and not isinstance(value, bool)


# --- writing -----------------------------------------------------------------


def dump_json(data):
    """Serialize a payload; Decimal becomes a number with exactly its digits.

    The standard library can only write a Decimal as a float or a string. Floats
    are taken when they are as short as lexoffice's amounts, so that ``19.0`` is
    fine and ``0.30000000000000004`` is found before it is in the books.

    :return: UTF-8 bytes
    :raise TypeError, ValueError: for what has no exact form; nothing was sent
    """
    return _encode(data).encode("utf-8")


def _encode(value):
    if isinstance(value, dict):
        return "{" + ",".join(map(_encode_member, value.items())) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(_encode, value)) + "]"
    if isinstance(value, float):
        value = Decimal(repr(value))
        if value.is_finite() and -value.as_tuple().exponent > _FLOAT_DECIMALS:
            raise ValueError(f"float {value} has more decimals than an amount")
    if isinstance(value, Decimal):
        if not value.is_finite() or abs(value.adjusted()) > _MAX_EXPONENT:
            raise ValueError(f"{value} is no amount")
        return format(value, "f")
    if value is None or isinstance(value, (str, int)):
        return json.dumps(value)
    raise TypeError(f"{type(value).__name__} can't be sent as JSON")


def _encode_member(item):
    key, value = item
    if not isinstance(key, str):
        raise TypeError(f"key {key!r} is no string")
    return f"{json.dumps(key)}:{_encode(value)}"
