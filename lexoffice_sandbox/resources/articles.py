# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Articles: the only records that can be deleted through the API."""

import uuid
from decimal import Decimal

from fastapi import APIRouter
from starlette.responses import Response

from .. import dates, money, paging
from ..call import CurrentCall
from ..errors import RegularError, refuse_fields, violation
from ..jsonio import JsonResponse, public

router = APIRouter(prefix="/v1/articles")

_TEXTS = ("title", "description", "type", "articleNumber", "gtin", "note", "unitName")
_REQUIRED = ("title", "type", "unitName", "price")
_LEADING = {"NET": "netPrice", "GROSS": "grossPrice"}
_FILTERS = ("articleNumber", "gtin", "type")


@router.post("")
async def create_article(call: CurrentCall):
    """Store an article; its number has to be new."""
    data = call.json()
    _check(call, data)
    record = {
        "id": str(uuid.uuid4()),
        "organizationId": call.account_id,
        "createdDate": dates.render(call.now),
        "archived": False,
        "version": 1,
    }
    _write(call, record, data)
    return call.action_result("articles", record, 201)


@router.put("/{article_id}")
async def update_article(article_id: str, call: CurrentCall):
    """Replace an article; unlike contacts a stale version is a 409 here."""
    record = call.get("article", article_id)
    data = call.json()
    if data.get("version") is None:
        raise refuse_fields([violation("NOTNULL", "version")])
    if data["version"] != record["version"]:
        raise RegularError(409, "Conflict")
    _check(call, data, record)
    record["version"] += 1
    _write(call, record, data)
    return call.action_result("articles", record)


@router.get("/{article_id}")
async def read_article(article_id: str, call: CurrentCall):
    return JsonResponse(public(call.get("article", article_id)))


@router.delete("/{article_id}")
async def delete_article(article_id: str, call: CurrentCall):
    call.store.delete("article", call.get("article", article_id)["id"])
    return Response(status_code=204)


@router.get("")
async def list_articles(call: CurrentCall):
    """Exact filters only; pages of at least 25."""
    page, size = paging.strict_page(call.params)
    if size < 25:
        raise refuse_fields(
            [violation("MIN", "size", "muss größer oder gleich 25 sein")]
        )
    rows = [
        public(record)
        for record in call.store.all("article", call.account_id)
        if all(call.params.get(f) in (None, record.get(f)) for f in _FILTERS)
    ]
    rows.sort(key=lambda record: record["title"].casefold())
    return JsonResponse(paging.envelope(rows, page, size, "title"))


def _types(data):
    """Texts have to be texts, the price an object, prices amounts."""
    for field in _TEXTS:
        if data.get(field) is not None and not isinstance(data[field], str):
            yield violation("INVALID", field, "ist ungültig")
    price = data.get("price")
    if price is None:
        return
    if not isinstance(price, dict):
        yield violation("INVALID", "price", "ist ungültig")
        return
    for field in ("netPrice", "grossPrice"):
        if price.get(field) is not None and not money.is_amount(price[field], 4):
            yield violation("INVALID", f"price.{field}", "ist ungültig")


def _check(call, data, record=None):
    mistyped = list(_types(data))
    if mistyped:
        raise refuse_fields(mistyped)
    details = [violation("NOTNULL", f) for f in _REQUIRED if not data.get(f)]
    price = data.get("price") or {}
    if price:
        leading = _LEADING.get(str(price.get("leadingPrice")))
        if leading is None:
            details.append(violation("NOTNULL", "price.leadingPrice"))
        elif price.get(leading) is None:
            details.append(violation("NOTNULL", f"price.{leading}"))
        if price.get("taxRate") not in (0, 7, 19):
            details.append(violation("INVALID", "price.taxRate", "ist ungültig"))
    if data.get("type") and data["type"] not in ("PRODUCT", "SERVICE"):
        details.append(violation("INVALID", "type", "ist ungültig"))
    gtin = data.get("gtin")
    if gtin and not (len(gtin) == 13 and gtin.isdecimal()):
        details.append(violation("VALIDGTIN", "gtin", "ist keine gültige GTIN"))
    number = data.get("articleNumber")
    if number and any(
        other.get("articleNumber") == number and other is not record
        for other in call.store.all("article", call.account_id)
    ):
        text = "Artikelnummer ist bereits vergeben"
        key = "MATERIAL_NUMBER_ALREADY_EXISTS"
        details.append(violation(key, "materialNumber", text))
    if details:
        raise refuse_fields(details)


def _write(call, record, data):
    """Articles show empty properties as null; only the leading price counts."""
    for field in _TEXTS:
        record[field] = data.get(field)
    price = data["price"]
    gross = price["leadingPrice"] == "GROSS"
    leading, other = ("grossPrice", "netPrice") if gross else ("netPrice", "grossPrice")
    amount, rate = Decimal(price[leading]), price["taxRate"]
    record["price"] = {
        leading: amount,
        other: money.counterpart(amount, rate, gross),
        "leadingPrice": price["leadingPrice"],
        "taxRate": rate,
    }
    record["updatedDate"] = dates.render(call.now)
    call.store.put("article", call.account_id, record)
