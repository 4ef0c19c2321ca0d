# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""One request to the service and who sent it."""

import uuid
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends, Request

from . import errors, jsonio


class Call:
    """Everything a handler wants to know; lives as long as the request."""

    def __init__(self, sandbox, scope, body):
        self.sandbox = sandbox
        self.settings = sandbox.settings
        self.store = sandbox.store
        self.now = sandbox.clock.now()
        self.method = scope["method"]
        self.path = scope["path"]
        self.query = scope["query_string"].decode("latin-1")
        self.params = dict(parse_qsl(self.query, keep_blank_values=True))
        self.headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in scope["headers"]
        }
        self.body = body
        self.content_type = self.headers.get("content-type", "")
        self.request_id = str(uuid.uuid4())
        self.service_request_id = str(uuid.uuid4())
        # the address the client used, so that it works behind any name
        host = self.headers.get("host", "localhost")
        self.base_url = f"{scope['scheme']}://{host}"
        self.token = self.account = self.account_id = self.grant = None

    def identify(self, credentials):
        """Find out whose token was sent; False if none of ours is valid."""
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        grant = None
        if kind.lower() == "bearer":
            grant = credentials.check(token.strip(), self.now.timestamp())
        if grant is None:
            return False
        self.token, self.grant = token.strip(), grant
        self.account_id = grant["_account"]
        self.account = self.store.get("account", self.account_id)
        return True

    @property
    def profile(self):
        return self.account["profile"]

    def may(self, scopes):
        """API keys without chosen scopes may do everything."""
        granted = self.grant["scopes"]
        return granted is None or set(scopes) <= set(granted)

    def accepted_types(self):
        """Media types of the Accept header, the most wanted first."""
        wanted = []
        header = self.headers.get("accept") or "*/*"
        for position, part in enumerate(header.split(",")):
            kind, *options = part.strip().lower().split(";")
            quality = 1.0
            for option in options:
                name, _, value = option.strip().partition("=")
                if name == "q":
                    try:
                        quality = float(value)
                    except ValueError:
                        quality = 0.0
            if quality > 0:
                wanted.append((-quality, position, kind.strip()))
        return [kind for _, _, kind in sorted(wanted)]

    def accepts(self, media_type):
        family = media_type.partition("/")[0] + "/*"
        return bool({media_type, family, "*/*"} & set(self.accepted_types()))

    def json(self):
        """The request body as an object; 400 in the family's format if it is none."""
        try:
            data = jsonio.loads(self.body)
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict):
            raise errors.for_path(self.path, 400, "Malformed JSON request")
        return data

    def get(self, kind, record_id):
        """A record of this account or 404."""
        record = self.store.get(kind, record_id, self.account_id)
        if record is None:
            raise self.not_found()
        return record

    def not_found(self):
        return errors.for_path(
            self.path,
            404,
            "Not Found",
            self.settings.legacy_not_found,
        )

    def action_result(self, resource, record, status=None):
        """The stub that answers every POST and PUT."""
        uri = f"{self.base_url}/v1/{resource}/{record['id']}"
        stub = {
            "id": record["id"],
            "resourceUri": uri,
            "createdDate": record.get("createdDate") or record["_created"],
            "updatedDate": record.get("updatedDate") or record["_updated"],
            "version": record["version"],
        }
        status = status or 200
        headers = {"Location": uri} if status == 201 else None
        return jsonio.JsonResponse(stub, status, headers)


def current_call(request: Request) -> Call:
    """FastAPI dependency: the call the gateway made of this request."""
    return request.scope["call"]


CurrentCall = Annotated[Call, Depends(current_call)]
