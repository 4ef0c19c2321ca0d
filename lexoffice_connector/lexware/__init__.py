# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""A client of the lexoffice / Lexware Office API in plain Python.

It knows nothing of Odoo and can be used alone::

    from lexware import LexwareClient

    def token_provider(rejected=None):
        return "my API key"

    with LexwareClient("https://api.lexware.io", token_provider) as api:
        print(api.profile()["companyName"])

Start reading with :mod:`.errors`: which error means what is the heart of it.
"""

from .client import LexwareClient
from .dates import berlin_midnight, parse_datetime
from .errors import (
    CODES,
    AuthError,
    ConflictError,
    Issue,
    LexwareError,
    NotFoundError,
    RejectedError,
    TransientError,
    UncertainError,
)
from .files import Download
from .links import permalink
from .oauth import OAuthClient, TokenSet
from .signature import verify_signature

__all__ = [
    "CODES",
    "AuthError",
    "ConflictError",
    "Download",
    "Issue",
    "LexwareClient",
    "LexwareError",
    "NotFoundError",
    "OAuthClient",
    "RejectedError",
    "TokenSet",
    "TransientError",
    "UncertainError",
    "berlin_midnight",
    "parse_datetime",
    "permalink",
    "verify_signature",
]
