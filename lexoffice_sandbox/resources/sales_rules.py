# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""What makes the service refuse a sales document (406)."""

from datetime import date
from decimal import Decimal

from .. import reference
from ..errors import RegularError, refuse_fields, violation
from ..money import LIMIT
from . import contacts

GERMAN_RATES = (0, 7, 19)
LOWERED_RATES = (0, 5, 16)
LOWERED_FROM, LOWERED_TO = date(2020, 7, 1), date(2020, 12, 31)
NEEDS_CONTACT = (
    "intraCommunitySupply",
    "constructionService13b",
    "externalService13b",
    "thirdPartyCountryService",
    "thirdPartyCountryDelivery",
)
TAXED = ("net", "gross")
PERIODS = ("serviceperiod", "deliveryperiod")


def check(call, kind, request, finalize):
    """Raise for the first group of rules that the document breaks."""
    details = [
        *_required(kind, request, finalize),
        *_lines(call, kind, request),
        *_totals(kind, request),
    ]
    if details:
        raise refuse_fields(details)
    _shipping(kind, request)
    _tax_conditions(call, request)
    _tax_rates(call, kind, request)
    _features(call, request)


def _required(kind, request, finalize):
    if kind.expires and request.expirationDate is None:
        yield violation("NOTNULL", "expirationDate")
    if kind.priced and request.totalPrice is None:
        yield violation("NOTNULL", "totalPrice")
    # measured: a draft may have no lines at all
    if finalize and not request.lineItems:
        yield violation("NOTEMPTY", "lineItems")
    address = request.address
    if not address.contactId and not address.name:
        yield violation("NOTBLANK", "address.name")
    if not address.contactId or address.is_own:
        if not address.countryCode:
            yield violation("NOTNULL", "address.countryCode")
        elif address.countryCode not in reference.COUNTRY_CODES:
            codes = ", ".join(sorted(reference.COUNTRY_CODES))
            text = f"'{address.countryCode}' is not supported. Supported: {codes}"
            yield violation("COUNTRYCODE", "address.countryCode", text)
    layout = request.printLayoutId
    if layout is not None and not layout.strip():
        yield violation("NOTBLANK", "printLayoutId")


def _lines(call, kind, request):
    gross = request.taxConditions.taxType == "gross"
    for position, line in enumerate(request.lineItems):
        field = f"lineItems[{position}]"
        if line.id and line.type not in ("material", "service"):
            raise RegularError(
                406,
                "Only line items of type 'material' or 'service' can contain an ID",
            )
        if line.type in ("material", "service"):
            if not line.id:
                yield violation("NOTNULL", f"{field}.id")
            elif not call.store.get("article", line.id, call.account_id):
                yield violation("INVALID", f"{field}.id", "Artikel nicht gefunden")
        if line.type == "text":
            yield from _text_line(field, line)
        else:
            yield from _priced_line(field, line, kind, gross)


def _text_line(field, line):
    if not line.name and not line.description:
        yield violation("NOTBLANK", f"{field}.name")
    for name in ("quantity", "unitPrice"):
        if getattr(line, name) is not None:
            yield violation("NULL", f"{field}.{name}", "muss leer sein")


def _priced_line(field, line, kind, gross):
    for name in ("name", "unitName"):
        if not getattr(line, name):
            yield violation("NOTBLANK", f"{field}.{name}")
    if line.quantity is None:
        yield violation("NOTNULL", f"{field}.quantity")
    else:
        yield from _digits(f"{field}.quantity", line.quantity, 4)
    if line.discountPercentage is not None:
        yield from _digits(f"{field}.discountPercentage", line.discountPercentage, 2)
    price = line.unitPrice
    if price is None:
        if kind.priced:
            yield violation("NOTNULL", f"{field}.unitPrice")
        return
    leading = "grossAmount" if gross else "netAmount"
    amount = getattr(price, leading)
    if amount is None:
        yield violation("NOTNULL", f"{field}.unitPrice.{leading}")
    else:
        yield from _digits(f"{field}.unitPrice.{leading}", amount, 4)


def _digits(field, value, allowed):
    """Too many decimals, where trailing zeros do not count, or too large."""
    if abs(value) >= LIMIT:
        yield violation("DIGITS", field, "ist zu groß")
    elif -Decimal(value).normalize().as_tuple().exponent > allowed:
        text = f"höchstens {allowed} Nachkommastellen erlaubt"
        yield violation("DIGITS", field, text)


def _totals(kind, request):
    total = request.totalPrice
    if total is None:
        return
    absolute, percentage = total.totalDiscountAbsolute, total.totalDiscountPercentage
    if absolute and percentage:
        yield violation(
            "INVALID",
            "totalPrice.totalDiscountPercentage",
            "nur eine Art von Gesamtrabatt ist erlaubt",
        )
    for name in ("totalDiscountAbsolute", "totalDiscountPercentage"):
        if getattr(total, name) is not None:
            yield from _digits(f"totalPrice.{name}", getattr(total, name), 2)


def _shipping(kind, request):
    """Date of service or delivery, which decides about the tax rates."""
    shipping = request.shippingConditions
    if shipping is None:
        if kind.shipping:
            raise RegularError(406, "The shipping conditions must not be null")
        return
    missing = []
    if shipping.shippingType != "none" and shipping.shippingDate is None:
        missing.append("shippingConditions.shippingDate")
    if shipping.shippingType in PERIODS:
        if shipping.shippingEndDate is None:
            missing.append("shippingConditions.shippingEndDate")
        elif shipping.shippingDate and shipping.shippingEndDate < shipping.shippingDate:
            raise RegularError(
                406, "The shipping end date must not be before the shipping date"
            )
    if missing:
        raise refuse_fields([violation("NOTNULL", field) for field in missing])


def _tax_conditions(call, request):
    conditions = request.taxConditions
    tax_type = conditions.taxType
    exempt = call.profile["smallBusiness"] or call.profile["taxType"] == "vatfree"
    if exempt and tax_type != "vatfree":
        text = "Only tax type 'vatfree' is allowed for tax exempt organizations"
        raise RegularError(406, text)
    if tax_type in NEEDS_CONTACT and not request.address.contactId:
        raise RegularError(406, f"Tax type '{tax_type}' requires a contact")
    if tax_type == "photovoltaicEquipment" and not call.settings.photovoltaic_on_create:
        raise RegularError(406, f"Tax type '{tax_type}' is not allowed")
    if conditions.taxSubType and tax_type not in TAXED:
        text = f"Tax sub type is not allowed for tax type '{tax_type}'"
        raise RegularError(406, text)


def relevant_day(request):
    """The day whose tax rates apply."""
    shipping = request.shippingConditions
    if shipping is None or shipping.shippingType == "none":
        return request.voucherDate.date()
    if shipping.shippingType in PERIODS:
        return shipping.shippingEndDate.date()
    return shipping.shippingDate.date()


def _tax_rates(call, kind, request):
    conditions = request.taxConditions
    if conditions.taxType not in TAXED:
        allowed = (0,)
    elif (
        conditions.taxSubType
        and call.profile.get("distanceSalesPrinciple") == "DESTINATION"
    ):
        return
    else:
        lowered = LOWERED_FROM <= relevant_day(request) <= LOWERED_TO
        allowed = LOWERED_RATES if lowered else GERMAN_RATES
    details = [
        violation(
            "INVALID",
            f"lineItems[{position}].unitPrice.taxRatePercentage",
            f"Steuersatz {line.unitPrice.taxRatePercentage} ist nicht erlaubt",
        )
        for position, line in enumerate(request.lineItems)
        if line.unitPrice and line.unitPrice.taxRatePercentage not in allowed
    ]
    if details:
        raise refuse_fields(details)


def _features(call, request):
    """English texts and foreign recipients need the bigger contract."""
    if "INVOICING_PRO" in call.profile["businessFeatures"]:
        return
    country = request.address.countryCode or "DE"
    if request.language == "en" or country != "DE":
        raise RegularError(
            call.settings.missing_feature_status,
            "The feature INVOICING_PRO is required for this request",
        )


def referenced_contact(call, address):
    """The contact of a document, fit to be used, or None for a one-time address."""
    if not address.contactId:
        return None
    contact = call.store.get("contact", address.contactId, call.account_id)
    if contact is None or not contacts.is_visible(contact, call):
        text = f"Referenced contact {address.contactId} was not found."
        raise RegularError(406, text)
    if contact["archived"] and call.settings.archived_contacts == "refuse":
        raise RegularError(406, "Referenced contact is archived.")
    if "customer" not in contact["roles"]:
        raise RegularError(406, "Referenced contact needs to have role customer.")
    billing = contact.get("addresses", {}).get("billing", [])
    if not address.is_own and len(billing) != 1:
        raise RegularError(
            406,
            "Referenced contact needs to have exactly one billing address, "
            f"but {len(billing)} addresses were found.",
        )
    return contact


def predecessor(call, kind):
    """The document that this one follows, checked, or None."""
    preceding_id = call.params.get("precedingSalesVoucherId")
    if not preceding_id:
        if kind.needs_predecessor:
            raise RegularError(400, "Missing required request parameters")
        return None
    record = call.store.get("sales", preceding_id, call.account_id)
    if record is None:
        raise RegularError(406, "The preceding sales voucher was not found")
    if record["_type"] not in kind.predecessors or record.get("closingInvoice"):
        raise RegularError(
            406, f"A {record['_type']} cannot be pursued to a {kind.voucher_type}"
        )
    if record["voucherStatus"] == "draft":
        raise RegularError(406, "The preceding sales voucher is a draft")
    if any(
        line.get("alternative") or line.get("optional") for line in record["lineItems"]
    ):
        raise RegularError(
            406, "The preceding quotation has alternative or optional items"
        )
    return record
