# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Event subscriptions are stored; events are not delivered."""

import uuid

from fastapi import APIRouter
from starlette.responses import Response

from .. import dates
from ..call import CurrentCall
from ..errors import RegularError, refuse_fields, violation
from ..jsonio import JsonResponse, public

router = APIRouter(prefix="/v1/event-subscriptions")

_WITH_STATUS = (
    "credit-note delivery-note down-payment-invoice invoice order-confirmation "
    "quotation voucher"
).split()
_CHANGES = ("created", "changed", "deleted")
EVENT_TYPES = {
    f"{resource}.{change}"
    for resource in (
        *_WITH_STATUS,
        "article",
        "contact",
        "dunning",
        "recurring-template",
    )
    for change in _CHANGES
} | {f"{resource}.status.changed" for resource in _WITH_STATUS}
EVENT_TYPES |= {"payment.changed", "token.revoked"}


@router.post("")
async def subscribe(call: CurrentCall):
    """One event type and one HTTPS address; the same pair again is a 409."""
    data = call.json()
    event, url = data.get("eventType"), data.get("callbackUrl")
    missing = [field for field in ("eventType", "callbackUrl") if not data.get(field)]
    if missing:
        raise refuse_fields([violation("NOTNULL", field) for field in missing])
    if not isinstance(event, str) or event not in EVENT_TYPES:
        raise RegularError(406, f"Unknown event type '{event}'")
    if not str(url).startswith("https://"):
        raise RegularError(406, "The callback URL must use HTTPS")
    for other in _own(call):
        if other["eventType"] == event and other["callbackUrl"] == url:
            raise RegularError(409, "The event subscription exists already")
    created = dates.render(call.now)
    record = {
        "id": str(uuid.uuid4()),
        "eventType": event,
        "callbackUrl": url,
        "createdDate": created,
        "version": 0,
        "_updated": created,
        "_grant": call.grant["id"],
    }
    call.store.put("subscription", call.account_id, record)
    return call.action_result("event-subscriptions", record, 201)


@router.get("")
async def list_subscriptions(call: CurrentCall):
    """All subscriptions of this key or connection, without paging fields."""
    return JsonResponse({"content": [_shown(record) for record in _own(call)]})


@router.get("/{subscription_id}")
async def read_subscription(subscription_id: str, call: CurrentCall):
    return JsonResponse(_shown(_find(call, subscription_id)))


@router.delete("/{subscription_id}")
async def unsubscribe(subscription_id: str, call: CurrentCall):
    call.store.delete("subscription", _find(call, subscription_id)["id"])
    return Response(status_code=204)


def _own(call):
    """Subscriptions belong to the key or connection that made them."""
    return [
        record
        for record in call.store.all("subscription", call.account_id)
        if record["_grant"] == call.grant["id"]
    ]


def _find(call, subscription_id):
    record = call.get("subscription", subscription_id)
    if record["_grant"] != call.grant["id"]:
        raise call.not_found()
    return record


def _shown(record):
    """Reading says ``subscriptionId`` where the creation answered ``id``."""
    shown = public(record)
    shown["subscriptionId"] = shown.pop("id")
    shown["organizationId"] = record["_account"]
    shown.pop("version")
    return shown
