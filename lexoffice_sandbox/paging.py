# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The page envelope of all lists."""

from . import errors


def envelope(rows, page, size, prop, direction="ASC"):
    """Cut one page out of all matching rows."""
    content = rows[page * size : (page + 1) * size]
    pages = -(-len(rows) // size)
    return {
        "content": content,
        "first": page == 0,
        "last": page >= pages - 1,
        "totalPages": pages,
        "totalElements": len(rows),
        "numberOfElements": len(content),
        "size": size,
        "number": page,
        "sort": [
            {
                "direction": direction,
                "property": prop,
                "ignoreCase": False,
                "nullHandling": "NATIVE",
                "ascending": direction == "ASC",
            }
        ],
    }


def whole_number(text, default, minimum):
    """A number from the query, the default for anything unusable."""
    try:
        value = int(text)
    except (TypeError, ValueError):
        return default
    return value if value >= minimum else default


def strict_page(params, maximum=250, window=None):
    """``page`` and ``size`` where wrong values are refused (voucherlist)."""
    values = {"page": 0, "size": 25}
    for name, minimum in (("page", 0), ("size", 1)):
        text = params.get(name) or str(values[name])
        if not text.isdecimal() or int(text) < minimum:
            raise errors.RegularError(400, f"parameter '{name}' is invalid")
        values[name] = int(text)
    if values["size"] > maximum:
        raise errors.RegularError(
            400, f"parameter 'size' must be equal or lower than {maximum}"
        )
    if window and (values["page"] + 1) * values["size"] > window:
        raise errors.RegularError(400, "Maximum search window size exceeded")
    return values["page"], values["size"]
