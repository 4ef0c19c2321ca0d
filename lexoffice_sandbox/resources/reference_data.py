# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Bare arrays without paging: what documents can refer to."""

from fastapi import APIRouter

from .. import reference
from ..call import CurrentCall
from ..jsonio import JsonResponse

router = APIRouter(prefix="/v1")


@router.get("/countries")
async def countries():
    return JsonResponse(reference.COUNTRIES)


@router.get("/posting-categories")
async def posting_categories():
    return JsonResponse(reference.POSTING_CATEGORIES)


@router.get("/payment-conditions")
async def payment_conditions():
    return JsonResponse(reference.PAYMENT_CONDITIONS)


@router.get("/print-layouts")
async def print_layouts(call: CurrentCall):
    """The one layout every account has."""
    layout = call.account["print_layout"]
    return JsonResponse([{"id": layout, "name": "Standard", "default": True}])


@router.get("/recurring-templates")
async def recurring_templates():
    """Templates are made in the web app only; here there are none."""
    empty = {"content": [], "first": True, "last": True, "totalPages": 0}
    counts = {"totalElements": 0, "numberOfElements": 0, "size": 25, "number": 0}
    order = {"property": "updatedDate", "direction": "DESC", "ascending": False}
    order.update(ignoreCase=False, nullHandling="NATIVE")
    return JsonResponse({**empty, **counts, "sort": [order]})
