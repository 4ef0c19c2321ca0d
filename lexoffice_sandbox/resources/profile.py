# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""``GET /v1/profile``: the organization behind a token."""

from fastapi import APIRouter

from ..call import CurrentCall
from ..jsonio import JsonResponse

router = APIRouter(prefix="/v1/profile")


@router.get("")
async def profile(call: CurrentCall):
    """Company, user and connection, with the switches of the account."""
    account = call.account
    users = {user["id"]: user for user in account["users"]}
    user = users.get(call.grant["user_id"], account["users"][0])
    result = {
        "organizationId": account["id"],
        "companyName": account["organization"],
        "created": {
            "userId": user["id"],
            "userName": user["name"],
            "userEmail": user["email"],
            "date": account["created"],
        },
        "connectionId": call.grant["id"],
        **account["profile"],
    }
    return JsonResponse({k: v for k, v in result.items() if v is not None})
