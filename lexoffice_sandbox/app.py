# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Putting the rooms together into one application."""

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from . import errors, hooks, web
from .gateway import Gateway
from .jsonio import JsonResponse
from .oauth import authorize, token
from .resources import (
    articles,
    contacts,
    event_subscriptions,
    files,
    payments,
    profile,
    reference_data,
    sales_documents,
    voucherlist,
    vouchers,
)
from .sandbox import Sandbox

_RESOURCES = (
    articles,
    contacts,
    event_subscriptions,
    files,
    payments,
    profile,
    reference_data,
    sales_documents,
    voucherlist,
    vouchers,
)


def create_app(options):
    """The ASGI application for one stand-in with its own state."""
    sandbox = Sandbox(options)
    api = FastAPI(openapi_url=None, redirect_slashes=False)
    for module in (*_RESOURCES, authorize, token):
        api.include_router(module.router)
    hooks.include(api)
    web.include(api)
    api.add_exception_handler(errors.ApiError, _refusal)
    api.add_exception_handler(HTTPException, _unknown_route)
    api.add_exception_handler(Exception, _failure)
    return Gateway(api, sandbox)


async def _refusal(request: Request, error):
    body = error.body(request.scope["call"])
    if body is None:
        return Response(status_code=error.status, headers=error.headers)
    return JsonResponse(body, error.status, error.headers)


async def _unknown_route(request: Request, error):
    """Measured: what the API does not know is a 404, wrong methods included."""
    call = request.scope["call"]
    if not call.path.startswith("/v"):
        return JSONResponse({"detail": error.detail}, error.status_code)
    status = error.status_code
    if status == 405:
        status = call.settings.method_not_allowed
    refusal = errors.RegularError(
        status, "Not Found" if status == 404 else error.detail
    )
    return JsonResponse(refusal.body(call), status)


async def _failure(request: Request, error):
    message = "Internal server error or rate limit exceeded"
    return JSONResponse({"message": message}, 500)
