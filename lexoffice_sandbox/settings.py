# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Everything that can be switched, at start or while running.

Most switches stand for a point that the public documentation leaves open or on
which documentation and measurements disagree; the README lists them.
"""

from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """Run-time switches, readable and changeable at ``/sandbox/settings``."""

    model_config = ConfigDict(extra="forbid", validate_assignment=True)

    # gateway
    rate_limit: bool = True
    rate_capacity: float = Field(4, ge=1)
    rate_refill: float = Field(2.0, gt=0)
    rate_limit_status: Literal[429, 500] = 429
    retry_after: int | None = None
    method_not_allowed: Literal[404, 405] = 404
    strict_accept: bool = True
    forbidden_body: Literal["access_denied", "echo_token"] = "access_denied"
    legacy_not_found: Literal["empty", "issue_list"] = "empty"

    # creation and versions
    status_on_create: Literal[200, 201] = 201
    contact_initial_version: Literal[0, 1] = 1
    stale_version: Literal["live", "docs"] = "live"
    bad_date_status: Literal[400, 406] = 406

    # eventual consistency, in seconds of the stand-in's clock
    contact_delay: float = Field(0, ge=0)
    index_lag: float = Field(0, ge=0)
    recognition_delay: float = Field(2, ge=0)

    # sales documents
    unit_price_decimals: Literal[2, 4] = 2
    archived_contacts: Literal["refuse", "accept"] = "refuse"
    photovoltaic_on_create: bool = True
    missing_feature_status: Literal[402, 406] = 406

    # bookkeeping vouchers
    voucher_status_on_post: Literal["refuse", "accept"] = "refuse"
    voucher_vatfree: bool = True
    voucher_tax_tolerance: Decimal = Field(Decimal("0.01"), ge=0)
    enforce_categories: bool = True
    upload_bumps_version: bool = False

    # OAuth
    access_token_lifetime: int = Field(14399, gt=0)
    code_lifetime: int = Field(300, gt=0)
    refresh_token_lifetime: int | None = None
    invalid_client_status: Literal[400, 401] = 401
    body_credentials: bool = False
