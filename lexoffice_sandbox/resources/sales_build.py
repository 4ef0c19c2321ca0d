# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""From a checked request to the document as it is stored and read back."""

import uuid
from datetime import timedelta
from decimal import Decimal

from .. import dates, money, reference
from ..errors import RegularError
from . import sales_types

DEFAULT_REMARK = {
    "de": "Vielen Dank für die gute Zusammenarbeit.",
    "en": "Thank you for your business.",
}


def build(call, kind, request, contact):
    """A new draft without number, with everything that is computed."""
    language = request.language or "de"
    now = dates.render(call.now)
    record = {
        "id": str(uuid.uuid4()),
        "organizationId": call.account_id,
        "createdDate": now,
        "updatedDate": now,
        "version": 1,
        "language": language,
        "archived": bool(request.archived),
        "voucherStatus": "draft",
        "voucherDate": dates.render(request.voucherDate),
        "address": _address(request.address, contact),
        "lineItems": [
            _line(line, kind, request, call.settings) for line in request.lineItems
        ],
        "totalPrice": _discounts(request) if kind.priced else None,
        "taxConditions": request.taxConditions.model_dump(exclude_none=True),
        "relatedVouchers": [],
        "title": request.title or _title(kind, language),
        "introduction": request.introduction or (kind.introduction or None),
        "remark": request.remark or DEFAULT_REMARK[language],
        "deliveryTerms": request.deliveryTerms,
        "_type": kind.voucher_type,
        "_payments": [],
        "_print_layout": request.printLayoutId,
    }
    if request.expirationDate and kind.expires:
        record["expirationDate"] = dates.render(request.expirationDate)
    if kind.payment_terms:
        record["paymentConditions"] = _payment_conditions(request, language)
    if request.shippingConditions:
        record["shippingConditions"] = _shipping(request.shippingConditions)
    if kind is sales_types.INVOICE:
        record["closingInvoice"] = False
    _choose_profile(call, request, contact, record)
    recalculate(record)
    return {k: v for k, v in record.items() if v not in (None, "", {})}


def _title(kind, language):
    return kind.title_en if language == "en" else kind.title


def _address(address, contact):
    """Own address fields win over those of the contact."""
    if contact is None:
        own = address.model_dump(exclude_none=True)
        return {field: value for field, value in own.items() if value}
    shown = {"contactId": contact["id"]}
    if address.is_own:
        shown["name"] = address.name or contact_name(contact)
        source = address.model_dump(exclude={"contactId", "name"})
    else:
        shown["name"] = contact_name(contact)
        source = contact["addresses"]["billing"][0]
    shown.update({field: value for field, value in source.items() if value})
    persons = contact.get("company", {}).get("contactPersons")
    if persons:
        parts = (persons[0].get(f) for f in ("salutation", "firstName", "lastName"))
        shown["contactPerson"] = " ".join(filter(None, parts))
    return shown


def contact_name(contact):
    """Name as printed in an address."""
    if contact.get("company"):
        return contact["company"]["name"]
    person = contact["person"]
    return " ".join(filter(None, (person.get("firstName"), person.get("lastName"))))


def _line(line, kind, request, settings):
    shown = {"id": line.id, "type": line.type, "name": line.name}
    shown["description"] = line.description
    if line.type != "text":
        shown["quantity"] = line.quantity
        shown["unitName"] = line.unitName
        if line.unitPrice and kind.priced:
            shown["unitPrice"] = _unit_price(line.unitPrice, request, settings)
            if kind.line_discount:
                shown["discountPercentage"] = line.discountPercentage or 0
        if kind.expires:
            shown["alternative"] = bool(line.alternative)
            shown["optional"] = bool(line.optional)
    return {field: value for field, value in shown.items() if value is not None}


def _unit_price(price, request, settings):
    """The price that was sent and its computed counterpart."""
    gross = request.taxConditions.taxType == "gross"
    leading, other = (
        ("grossAmount", "netAmount") if gross else ("netAmount", "grossAmount")
    )
    amount, rate = getattr(price, leading), price.taxRatePercentage
    computed = money.counterpart(amount, rate, gross, settings.unit_price_decimals)
    prices = {leading: amount, other: computed}
    return {
        "currency": "EUR",
        "netAmount": prices["netAmount"],
        "grossAmount": prices["grossAmount"],
        "taxRatePercentage": rate,
    }


def _discounts(request):
    if request.totalPrice is None:
        return None
    total = request.totalPrice.model_dump(exclude_none=True)
    return {field: value for field, value in total.items() if value}


def recalculate(record):
    """Line amounts, tax per rate and totals; also after an edit by hook."""
    if "totalPrice" not in record or record["totalPrice"] is None:
        return
    gross = record["taxConditions"]["taxType"] == "gross"
    leading = "grossAmount" if gross else "netAmount"
    counted = []
    for line in record["lineItems"]:
        price = line.get("unitPrice")
        if price is None:
            continue
        discount = line.get("discountPercentage", 0)
        amount = money.line_amount(line["quantity"], price[leading], discount)
        line["lineItemAmount"] = amount
        if not line.get("alternative") and not line.get("optional"):
            counted.append((price["taxRatePercentage"], amount))
    total = record["totalPrice"]
    groups, sums = money.totals(
        counted,
        gross,
        total.get("totalDiscountAbsolute"),
        total.get("totalDiscountPercentage"),
    )
    record["taxAmounts"] = groups
    total.update(sums)


def _payment_conditions(request, language):
    """Terms as sent, with the organization's default where nothing was."""
    sent = request.paymentConditions
    label = (sent and sent.paymentTermLabel) or reference.DEFAULT_PAYMENT_LABEL[
        language
    ]
    duration = (sent and sent.paymentTermDuration) or 0
    discount = sent and sent.paymentDiscountConditions
    values = {"paymentRange": duration}
    if discount:
        values["discountRange"] = discount.discountRange
        values["discount"] = f"{_plain(discount.discountPercentage)} %"
    text = label
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    shown = {
        "paymentTermLabel": text,
        "paymentTermLabelTemplate": label,
        "paymentTermDuration": duration,
    }
    if discount:
        shown["paymentDiscountConditions"] = discount.model_dump()
    return shown


def _plain(number):
    return format(Decimal(number).normalize(), "f").replace(".", ",")


def _shipping(shipping):
    shown = {"shippingType": shipping.shippingType}
    for field in ("shippingDate", "shippingEndDate"):
        moment = getattr(shipping, field)
        if moment:
            shown[field] = dates.render(moment)
    return shown


def _choose_profile(call, request, contact, record):
    """XRechnung for contacts with its data, ZUGFeRD for German companies.

    The service does not document when it chooses ZUGFeRD; this rule is a guess.
    """
    data = (contact or {}).get("xRechnung", {})
    reference_sent = request.xRechnung and request.xRechnung.buyerReference
    if reference_sent and not data:
        raise RegularError(406, "The referenced contact has no XRechnung data")
    forced_off = request.xRechnung is not None and reference_sent == ""
    profile = "NONE"
    if data and not forced_off and record["_type"] in ("invoice", "creditnote"):
        _check_xrechnung(record)
        record["xRechnung"] = {
            "buyerReference": reference_sent or data["buyerReference"]
        }
        profile = "XRechnung"
    elif contact and contact.get("company"):
        domestic = record["address"].get("countryCode") == "DE"
        profile = "EN16931" if domestic else "NONE"
    record["_profile"] = profile


def _check_xrechnung(record):
    if record["taxConditions"]["taxType"] != "net":
        raise RegularError(406, "XRechnung requires tax type 'net'")
    address = record["address"]
    if not address.get("zip") or not address.get("city"):
        raise RegularError(
            406, "XRechnung requires a billing address with zip code and city"
        )


def finalize(record, kind, account):
    """Turn a draft into an open document."""
    record["voucherStatus"] = "open"
    if kind.payment_terms and not kind.expires:
        term = record["paymentConditions"]["paymentTermDuration"]
        due = dates.day_of(record["voucherDate"]) + timedelta(days=term)
        record["dueDate"] = dates.midnight(due)
    record["printLayoutId"] = record.get("_print_layout") or account["print_layout"]
    record["electronicDocumentProfile"] = record["_profile"]
    record["files"] = {"documentFileId": str(uuid.uuid4())}


def back_to_draft(record):
    """The opposite, which only the web app can do."""
    record["voucherStatus"] = "draft"
    for field in ("dueDate", "printLayoutId", "electronicDocumentProfile", "files"):
        record.pop(field, None)
