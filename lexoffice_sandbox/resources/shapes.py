# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Types of the bodies of contacts and vouchers, before any rule is applied.

The rules may then rely on texts being texts and lists being lists. What they judge
by themselves, such as amounts and addresses, is left open here.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from ..errors import LegacyError


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _ContactPerson(_Shape):
    salutation: str | None = None
    firstName: str | None = None
    lastName: str | None = None
    primary: bool | None = None
    emailAddress: str | None = None
    phoneNumber: str | None = None


class _Company(_Shape):
    name: str | None = None
    taxNumber: str | None = None
    vatRegistrationId: str | None = None
    allowTaxFreeInvoices: bool | None = None
    contactPersons: list[_ContactPerson] | None = None


class _Person(_Shape):
    salutation: str | None = None
    firstName: str | None = None
    lastName: str | None = None


class _XRechnung(_Shape):
    buyerReference: str | None = None
    vendorNumberAtCustomer: str | None = None


class ContactShape(_Shape):
    company: _Company | None = None
    person: _Person | None = None
    addresses: Any = None
    xRechnung: _XRechnung | None = None
    emailAddresses: dict[str, list[Any] | None] | None = None
    phoneNumbers: dict[str, list[Any] | None] | None = None
    note: str | None = None


class _VoucherItem(_Shape):
    categoryId: str | None = None


class VoucherShape(_Shape):
    type: str | None = None
    voucherNumber: str | None = None
    voucherDate: str | None = None
    shippingDate: str | None = None
    dueDate: str | None = None
    taxType: str | None = None
    useCollectiveContact: bool | None = None
    contactId: str | None = None
    remark: str | None = None
    voucherItems: list[_VoucherItem] | None = None
    files: list[str] | None = None


def check(shape, data):
    """Refuse a body whose values are of the wrong type."""
    try:
        shape.model_validate(data)
    except ValidationError as error:
        issues = {_source(entry["loc"]): "invalid_value" for entry in error.errors()}
        raise LegacyError(list(issues.items())) from None


def _source(location):
    """``voucherItems[0].categoryId``"""
    parts = (f"[{p}]" if isinstance(p, int) else f".{p}" for p in location)
    return "".join(parts).lstrip(".")
