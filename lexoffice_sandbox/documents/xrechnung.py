# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""A small e-invoice in UBL syntax, enough to be recognised and read."""

from xml.etree import ElementTree

_CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
_CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
_ROOT = "urn:oasis:names:specification:ubl:schema:xsd:{0}-2"
_PROFILE = "urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"


def render(account, record):
    """XML bytes of an invoice or credit note."""
    is_invoice = record["_type"] == "invoice"
    name = "Invoice" if is_invoice else "CreditNote"
    namespace = _ROOT.format(name)
    ElementTree.register_namespace("", namespace)
    ElementTree.register_namespace("cac", _CAC)
    ElementTree.register_namespace("cbc", _CBC)
    root = ElementTree.Element(f"{{{namespace}}}{name}")
    _basic(root, "CustomizationID", _PROFILE)
    _basic(root, "ID", record["voucherNumber"])
    _basic(root, "IssueDate", record["voucherDate"][:10])
    if is_invoice:
        _basic(root, "DueDate", record["dueDate"][:10])
    _basic(root, f"{name}TypeCode", "380" if is_invoice else "381")
    _basic(root, "Note", record.get("remark", ""))
    _basic(root, "DocumentCurrencyCode", "EUR")
    _basic(root, "BuyerReference", record["xRechnung"]["buyerReference"])
    seller = {**account["letterhead"], "name": account["organization"]}
    _party(root, "AccountingSupplierParty", {**seller, "countryCode": "DE"})
    _party(root, "AccountingCustomerParty", record["address"])
    _tax_total(root, record)
    _monetary_total(root, record["totalPrice"])
    for position, line in enumerate(record["lineItems"], 1):
        if line["type"] != "text":
            _line(root, name, position, line)
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _basic(parent, name, text, **attributes):
    element = ElementTree.SubElement(parent, f"{{{_CBC}}}{name}", attributes)
    element.text = str(text)


def _aggregate(parent, name):
    return ElementTree.SubElement(parent, f"{{{_CAC}}}{name}")


def _amount(parent, name, value):
    _basic(parent, name, format(value, "f"), currencyID="EUR")


def _party(root, role, address):
    party = _aggregate(_aggregate(root, role), "Party")
    postal = _aggregate(party, "PostalAddress")
    for name, field in (
        ("StreetName", "street"),
        ("CityName", "city"),
        ("PostalZone", "zip"),
    ):
        if address.get(field):
            _basic(postal, name, address[field])
    _basic(_aggregate(postal, "Country"), "IdentificationCode", address["countryCode"])
    if address.get("vatRegistrationId"):
        scheme = _aggregate(party, "PartyTaxScheme")
        _basic(scheme, "CompanyID", address["vatRegistrationId"])
        _basic(_aggregate(scheme, "TaxScheme"), "ID", "VAT")
    _basic(_aggregate(party, "PartyLegalEntity"), "RegistrationName", address["name"])


def _tax_total(root, record):
    total = _aggregate(root, "TaxTotal")
    _amount(total, "TaxAmount", record["totalPrice"]["totalTaxAmount"])
    for group in record["taxAmounts"]:
        part = _aggregate(total, "TaxSubtotal")
        _amount(part, "TaxableAmount", group["netAmount"])
        _amount(part, "TaxAmount", group["taxAmount"])
        _tax_category(_aggregate(part, "TaxCategory"), group["taxRatePercentage"])


def _tax_category(category, rate):
    _basic(category, "ID", "S" if rate else "Z")
    _basic(category, "Percent", rate)
    _basic(_aggregate(category, "TaxScheme"), "ID", "VAT")


def _monetary_total(root, total):
    sums = _aggregate(root, "LegalMonetaryTotal")
    _amount(sums, "LineExtensionAmount", total["totalNetAmount"])
    _amount(sums, "TaxExclusiveAmount", total["totalNetAmount"])
    _amount(sums, "TaxInclusiveAmount", total["totalGrossAmount"])
    _amount(sums, "PayableAmount", total["totalGrossAmount"])


def _line(root, name, position, line):
    element = _aggregate(root, f"{name}Line")
    _basic(element, "ID", position)
    quantity = "InvoicedQuantity" if name == "Invoice" else "CreditedQuantity"
    _basic(element, quantity, line["quantity"], unitCode="C62")
    _amount(element, "LineExtensionAmount", line["lineItemAmount"])
    item = _aggregate(element, "Item")
    _basic(item, "Name", line["name"])
    category = _aggregate(item, "ClassifiedTaxCategory")
    _tax_category(category, line["unitPrice"]["taxRatePercentage"])
    _amount(_aggregate(element, "Price"), "PriceAmount", line["unitPrice"]["netAmount"])
