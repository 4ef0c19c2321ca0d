# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Accounts, keys, OAuth clients, connections and tokens."""

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from ..call import CurrentCall
from ..jsonio import JsonResponse, public
from ..oauth import grants

router = APIRouter(prefix="/sandbox")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class User(_Strict):
    email: str
    name: str | None = None
    password: str | None = None


class ApiKey(_Strict):
    key: str | None = None
    scopes: list[str] | None = None


class Profile(_Strict):
    taxType: str | None = None
    smallBusiness: bool | None = None
    distanceSalesPrinciple: str | None = None
    businessFeatures: list[str] | None = None


class NewAccount(_Strict):
    organization: str
    users: list[User] = []
    api_keys: list[ApiKey | str] = []
    profile: Profile = Profile()
    letterhead: dict[str, str] = {}


class AccountChange(Profile):
    organization: str | None = None
    profile: Profile = Profile()
    letterhead: dict[str, str] = {}


class Client(_Strict):
    client_id: str | None = None
    client_secret: str | None = None
    name: str | None = None
    redirect_uris: list[str] = []
    scopes: list[str] | None = None
    enabled: bool = True
    pkce_required: bool = True


def find_account(call, account_id):
    """The account of that id, or the first one for no id."""
    if not account_id:
        return next(iter(call.store.all("account")))
    account = call.store.get("account", account_id)
    if account is None:
        raise HTTPException(404, "no such account")
    return account


def _shown(call, account):
    keys = [
        {"id": key["id"], "key": key["key"], "scopes": key["scopes"]}
        for key in call.store.all("api_key", account["id"])
    ]
    return {**public(account), "api_keys": keys}


@router.get("/accounts")
async def list_accounts(call: CurrentCall):
    return JsonResponse([_shown(call, a) for a in call.store.all("account")])


@router.post("/accounts")
async def add_account(new: NewAccount, call: CurrentCall):
    """A further organization with users, keys and profile."""
    account = call.sandbox.add_account(
        new.organization,
        users=[user.model_dump() for user in new.users],
        profile=new.profile.model_dump(exclude_unset=True),
        letterhead=new.letterhead,
    )
    for key in new.api_keys:
        key = ApiKey(key=key) if isinstance(key, str) else key
        call.sandbox.add_api_key(account["id"], key.key, key.scopes)
    return JsonResponse(_shown(call, account), 201)


@router.patch("/accounts/{account_id}")
async def change_account(account_id: str, change: AccountChange, call: CurrentCall):
    """Name, letterhead and profile switches, top level or under ``profile``."""
    account = find_account(call, account_id)
    account["organization"] = change.organization or account["organization"]
    account["letterhead"].update(change.letterhead)
    flat = change.model_dump(exclude_unset=True, include=set(Profile.model_fields))
    switches = {**flat, **change.profile.model_dump(exclude_unset=True)}
    # a small business invoices without VAT, so its default tax type follows
    if switches.get("smallBusiness") and "taxType" not in switches:
        switches["taxType"] = "vatfree"
    account["profile"].update(switches)
    call.store.put("account", account["id"], account)
    return JsonResponse(_shown(call, account))


@router.post("/accounts/{account_id}/api-keys")
async def add_api_key(account_id: str, new: ApiKey, call: CurrentCall):
    account = find_account(call, account_id)
    key = call.sandbox.add_api_key(account["id"], new.key, new.scopes)
    shown = {"id": key["id"], "key": key["key"], "scopes": key["scopes"]}
    return JsonResponse(shown, 201)


@router.delete("/api-keys/{key_id}")
async def delete_api_key(key_id: str, call: CurrentCall):
    """Take an API key away, as its owner can in the web app."""
    if call.store.get("api_key", key_id) is None:
        raise HTTPException(404, "no such key")
    call.store.delete("api_key", key_id)
    return Response(status_code=204)


@router.post("/clients")
async def add_client(new: Client, call: CurrentCall):
    """Register an OAuth client, or replace the one with this id."""
    client = call.sandbox.add_client(**new.model_dump())
    return JsonResponse(
        {
            "client_id": client["id"],
            "client_secret": client["secret"],
            **{k: v for k, v in public(client).items() if k not in ("id", "secret")},
        },
        201,
    )


@router.get("/connections")
async def connections(call: CurrentCall):
    """OAuth connections, without their tokens."""
    hidden = ("access_token", "refresh_token")
    rows = [
        {
            "account": record["_account"],
            **{k: v for k, v in public(record).items() if k not in hidden},
        }
        for record in call.store.all("connection")
    ]
    return JsonResponse(rows)


@router.post("/connections/{connection_id}/revoke")
async def revoke(connection_id: str, call: CurrentCall):
    """What a user does on the page of extensions."""
    connection = call.store.get("connection", connection_id)
    if connection is None:
        raise HTTPException(404, "no such connection")
    grants.close_connection(call.sandbox, connection)
    return Response(status_code=204)


@router.post("/tokens/expire")
async def expire_tokens(call: CurrentCall):
    """All access tokens are dead from now on; refresh tokens live."""
    now = call.now.timestamp()
    rows = list(call.store.all("connection"))
    for connection in rows:
        connection["expires"] = now
        call.store.put("connection", connection["_account"], connection)
    return JsonResponse({"expired": len(rows)})
