# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The whole state of one running stand-in."""

import secrets
import uuid

from . import dates, scopes
from .clock import Clock
from .credentials import Credentials
from .faults import Faults
from .ratelimit import RateLimiter
from .requestlog import RequestLog
from .settings import Settings
from .store import Store
from .voucherindex import VoucherIndex

DEFAULT_USER = {
    "name": "Frau Erika Musterfrau",
    "email": "erika@testfirma.example",
    "password": "lexoffice",
}
DEFAULT_PROFILE = {
    "taxType": "net",
    "smallBusiness": False,
    "distanceSalesPrinciple": "ORIGIN",
    "businessFeatures": ["INVOICING", "INVOICING_PRO", "BOOKKEEPING"],
}
DEFAULT_LETTERHEAD = {
    "street": "Musterstraße 1",
    "zip": "79098",
    "city": "Freiburg",
    "phone": "+49 761 000000",
    "email": "info@testfirma.example",
    "taxNumber": "06/123/45678",
    "vatRegistrationId": "DE123456789",
    "iban": "DE02 1203 0000 0000 2020 51",
    "bank": "Testbank",
}
_NAMESPACE = uuid.UUID("6f0f3a3e-6b1c-4b43-9a35-5a1d5b1c7e10")
_KEY_DAYS = 730


class Sandbox:
    """Accounts, documents, clock, faults and switches behind one server.

    All requests are handled one after the other in the event loop, and no handler
    waits in the middle of its work, so nothing here needs a lock.
    """

    def __init__(self, options):
        self.options = options
        self.settings = Settings(**options.settings)
        self.clock = Clock()
        self.faults = Faults()
        self.requests = RequestLog()
        self.limiter = RateLimiter(self.settings)
        self.store = Store(options.data)
        self.credentials = Credentials(self.store)
        self.vouchers = VoucherIndex(self.store)
        self.pending_consents = {}
        self.seed()

    def seed(self):
        """The account, API key and OAuth client named on the command line."""
        options = self.options
        account_id = str(uuid.uuid5(_NAMESPACE, options.organization))
        if not self.store.get("account", account_id):
            self.add_account(options.organization, account_id=account_id)
        if options.api_key and not self.credentials.find(options.api_key):
            self.add_api_key(account_id, key=options.api_key)
        if options.client_id and not self.store.get("client", options.client_id):
            self.add_client(
                client_id=options.client_id,
                client_secret=options.client_secret,
                redirect_uris=options.redirect_uris,
            )
        self.store.commit()

    def reset(self, settings=None):
        """Back to the state right after the start, with other switches if given."""
        fresh = Settings(**{**self.options.settings, **(settings or {})})
        for name in Settings.model_fields:
            setattr(self.settings, name, getattr(fresh, name))
        self.store.wipe()
        self.clock.reset()
        self.faults.clear()
        self.requests.clear()
        self.limiter.reset()
        self.pending_consents.clear()
        self.seed()

    def add_account(self, organization, account_id=None, users=None, **values):
        """A company with its own users, data, numbers and limits."""
        account_id = account_id or str(uuid.uuid4())
        people = users or [DEFAULT_USER]
        account = {
            "id": account_id,
            "organization": organization,
            "created": dates.render(self.clock.now()),
            "profile": {**DEFAULT_PROFILE, **(values.get("profile") or {})},
            "letterhead": {**DEFAULT_LETTERHEAD, **(values.get("letterhead") or {})},
            "print_layout": str(uuid.uuid5(_NAMESPACE, "layout" + account_id)),
            "users": [self._user(account_id, person) for person in people],
        }
        return self.store.put("account", account_id, account)

    @staticmethod
    def _user(account_id, person):
        email = person["email"]
        return {
            "id": str(uuid.uuid5(uuid.UUID(account_id), email)),
            "name": person.get("name") or email,
            "email": email,
            "password": person.get("password") or DEFAULT_USER["password"],
        }

    def add_api_key(self, account_id, key=None, scopes=None):
        """A key of the account's first user; without scopes it may do anything."""
        now = self.clock.timestamp()
        return self.store.put(
            "api_key",
            account_id,
            {
                "id": str(uuid.uuid4()),
                "key": key or secrets.token_urlsafe(32),
                "user_id": self.store.get("account", account_id)["users"][0]["id"],
                "scopes": list(scopes) if scopes is not None else None,
                "created": now,
                "expires": now + _KEY_DAYS * 86400,
            },
        )

    def add_client(self, client_id=None, client_secret=None, **values):
        """Register (or replace) an application that may ask for access."""
        client = {
            "id": client_id or str(uuid.uuid4()),
            "secret": client_secret or secrets.token_urlsafe(24),
            "name": values.get("name") or "Odoo",
            "redirect_uris": list(values.get("redirect_uris") or []),
            "scopes": list(values.get("scopes") or scopes.ALL),
            "enabled": values.get("enabled", True),
            "pkce_required": values.get("pkce_required", True),
        }
        return self.store.put("client", "", client)
