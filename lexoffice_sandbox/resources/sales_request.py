# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Shape of the body of ``POST /v1/invoices`` and its relatives.

Unknown and read-only properties are tolerated and dropped, nulls count as not
sent: complete documents that were read can be posted again, as in the service.
"""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from .. import dates
from ..errors import RegularError, refuse_fields, violation

Timestamp = Annotated[datetime, BeforeValidator(dates.parse_timestamp)]
TAX_TYPES = Literal[
    "net",
    "gross",
    "vatfree",
    "intraCommunitySupply",
    "constructionService13b",
    "externalService13b",
    "thirdPartyCountryService",
    "thirdPartyCountryDelivery",
    "photovoltaicEquipment",
]
SHIPPING_TYPES = Literal[
    "service", "serviceperiod", "delivery", "deliveryperiod", "none"
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore")


class Address(_Part):
    contactId: str | None = None
    name: str | None = None
    supplement: str | None = None
    street: str | None = None
    zip: str | None = None
    city: str | None = None
    countryCode: str | None = None

    @property
    def is_own(self):
        """Whether address fields were sent, with or without a contact."""
        fields = ("name", "supplement", "street", "zip", "city", "countryCode")
        return any(getattr(self, field) for field in fields)


class UnitPrice(_Part):
    currency: Literal["EUR"]
    netAmount: Decimal | None = None
    grossAmount: Decimal | None = None
    taxRatePercentage: Decimal


class LineItem(_Part):
    id: str | None = None
    type: Literal["custom", "material", "service", "text"]
    name: str | None = Field(None, max_length=255)
    description: str | None = Field(None, max_length=2000)
    quantity: Decimal | None = None
    unitName: str | None = None
    unitPrice: UnitPrice | None = None
    discountPercentage: Decimal | None = Field(None, ge=0, le=100)
    alternative: bool | None = None
    optional: bool | None = None


class TotalPrice(_Part):
    currency: Literal["EUR"]
    totalDiscountAbsolute: Decimal | None = None
    totalDiscountPercentage: Decimal | None = None


class TaxConditions(_Part):
    taxType: TAX_TYPES
    taxSubType: Literal["distanceSales", "electronicServices"] | None = None
    taxTypeNote: str | None = None


class DiscountConditions(_Part):
    discountPercentage: Decimal
    discountRange: int


class PaymentConditions(_Part):
    paymentTermLabel: str | None = None
    paymentTermDuration: int | None = Field(None, ge=0, le=9999)
    paymentDiscountConditions: DiscountConditions | None = None


class ShippingConditions(_Part):
    shippingType: SHIPPING_TYPES
    shippingDate: Timestamp | None = None
    shippingEndDate: Timestamp | None = None


class XRechnung(_Part):
    buyerReference: str | None = None


class SalesRequest(_Part):
    """What can be written; everything else of a document is computed."""

    language: Literal["de", "en"] | None = None
    archived: bool | None = None
    voucherDate: Timestamp
    expirationDate: Timestamp | None = None
    address: Address
    lineItems: list[LineItem] = Field(max_length=300)
    totalPrice: TotalPrice | None = None
    taxConditions: TaxConditions
    paymentConditions: PaymentConditions | None = None
    shippingConditions: ShippingConditions | None = None
    xRechnung: XRechnung | None = None
    printLayoutId: str | None = None
    title: str | None = Field(None, max_length=25)
    introduction: str | None = Field(None, max_length=2000)
    remark: str | None = Field(None, max_length=2000)
    deliveryTerms: str | None = Field(None, max_length=255)


def parse(data, settings):
    """Read the body or refuse it field by field."""
    try:
        return SalesRequest.model_validate(_without_nulls(data))
    except ValidationError as error:
        details = [_violation(entry) for entry in error.errors()]
    if settings.bad_date_status == 400 and any(
        detail["violation"] == "DATETIMEFORMAT" for detail in details
    ):
        raise RegularError(400, "Malformed date")
    raise refuse_fields(details)


def _without_nulls(value):
    if isinstance(value, dict):
        return {k: _without_nulls(v) for k, v in value.items() if v is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value


def _violation(entry):
    """A pydantic error in the words of the service."""
    field = ""
    for part in entry["loc"]:
        if isinstance(part, int):
            field += f"[{part}]"
        else:
            field += f".{part}" if field else part
    kind, context = entry["type"], entry.get("ctx", {})
    if kind == "missing":
        return violation("NOTNULL", field)
    if kind in ("string_too_long", "too_long"):
        return violation(
            "SIZE", field, f"Größe muss zwischen 0 und {context['max_length']} sein"
        )
    if kind == "value_error":
        text = "muss dem Format yyyy-MM-dd'T'HH:mm:ss.SSSXXX entsprechen"
        return violation("DATETIMEFORMAT", field, text)
    return violation("INVALID", field, "ist ungültig")
