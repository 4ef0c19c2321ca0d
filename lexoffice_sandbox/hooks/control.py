# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Reset, settings, request log, clock and faults."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ValidationError
from starlette.responses import Response

from .. import __version__, dates
from ..call import CurrentCall
from ..faults import FaultRule
from ..jsonio import JsonResponse
from ..settings import Settings

router = APIRouter(prefix="/sandbox")


class ClockChange(BaseModel):
    advance_seconds: float | None = None
    set: datetime | None = None
    reset: bool = False


@router.get("")
async def overview(call: CurrentCall):
    """Sign of life, for health checks."""
    accounts = [account["id"] for account in call.store.all("account")]
    now = dates.render(call.now)
    return JsonResponse({"version": __version__, "now": now, "accounts": accounts})


@router.post("/reset")
async def reset(call: CurrentCall):
    """Back to the state after the start; the body may set settings."""
    changes = call.json() if call.body.strip() else {}
    try:
        call.sandbox.reset(changes.get("settings", changes))
    except ValidationError as error:
        raise _unprocessable(error) from None
    accounts = [account["id"] for account in call.store.all("account")]
    return JsonResponse({"accounts": accounts, "settings": _settings(call)})


@router.get("/settings")
async def read_settings(call: CurrentCall):
    return JsonResponse(_settings(call))


@router.put("/settings")
@router.patch("/settings")
async def change_settings(call: CurrentCall):
    """Change some switches; the others stay."""
    settings = call.sandbox.settings
    try:
        wanted = Settings(**{**settings.model_dump(), **call.json()})
    except ValidationError as error:
        raise _unprocessable(error) from None
    for name in Settings.model_fields:
        setattr(settings, name, getattr(wanted, name))
    return JsonResponse(_settings(call))


def _settings(call):
    return call.sandbox.settings.model_dump()


def _unprocessable(error):
    details = [{"field": e["loc"], "message": e["msg"]} for e in error.errors()]
    return HTTPException(422, details)


@router.get("/requests")
async def requests(
    call: CurrentCall,
    method: str | None = None,
    path: str | None = None,
    limit: int | None = None,
):
    """Log and counts per path; ``path`` may be a real one or a template."""
    return JsonResponse(call.sandbox.requests.report(method, path, limit))


@router.delete("/requests")
async def forget_requests(call: CurrentCall):
    call.sandbox.requests.clear()
    return Response(status_code=204)


@router.get("/clock")
async def read_clock(call: CurrentCall):
    return JsonResponse({"now": dates.render(call.sandbox.clock.now())})


@router.post("/clock")
async def move_clock(change: ClockChange, call: CurrentCall):
    """Advance, set or reset the clock; it goes on ticking from there."""
    clock = call.sandbox.clock
    if change.reset:
        clock.reset()
    if change.set:
        clock.set(change.set)
    if change.advance_seconds:
        clock.advance(change.advance_seconds)
    return JsonResponse({"now": dates.render(clock.now())})


@router.get("/faults")
async def list_faults(call: CurrentCall):
    return JsonResponse(call.sandbox.faults.list())


@router.post("/faults")
async def add_fault(rule: FaultRule, call: CurrentCall) -> Any:
    return JsonResponse(call.sandbox.faults.add(rule), 201)


@router.delete("/faults")
async def clear_faults(call: CurrentCall):
    call.sandbox.faults.clear()
    return Response(status_code=204)


@router.delete("/faults/{rule_id}")
async def remove_fault(rule_id: str, call: CurrentCall):
    if not call.sandbox.faults.remove(rule_id):
        raise HTTPException(404, "no such rule")
    return Response(status_code=204)
