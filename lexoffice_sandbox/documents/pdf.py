# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Sales documents on paper, laid out like a German business letter."""

from decimal import Decimal
from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from .. import dates, reference
from ..resources import sales_types

_TEXT = ParagraphStyle("text", fontName="Helvetica", fontSize=9, leading=12.5)
_RIGHT = ParagraphStyle("right", _TEXT, alignment=TA_RIGHT)
_SMALL = ParagraphStyle("small", _TEXT, fontSize=7, leading=9, textColor="#666666")
_TITLE = ParagraphStyle(
    "title", _TEXT, fontName="Helvetica-Bold", fontSize=15, leading=20
)
_TAX_NOTES = {
    "vatfree": "Gemäß § 19 UStG wird keine Umsatzsteuer berechnet.",
    "intraCommunitySupply": "Steuerfreie innergemeinschaftliche Lieferung.",
    "constructionService13b": "Steuerschuldnerschaft des Leistungsempfängers (§ 13b).",
    "externalService13b": "Steuerschuldnerschaft des Leistungsempfängers (§ 13b).",
    "thirdPartyCountryService": "Nicht im Inland steuerbare Leistung.",
    "thirdPartyCountryDelivery": "Steuerfreie Ausfuhrlieferung.",
    "photovoltaicEquipment": "Steuersatz 0 % gemäß § 12 Abs. 3 UStG.",
}


def render(account, record):
    """The PDF as bytes; the same document always gives the same bytes."""
    story = [
        *_head(account, record),
        *_text(record.get("introduction")),
        _lines(record),
        *_totals(record),
        *_closing(record),
    ]
    return _write(story, record.get("voucherNumber") or record["title"], account)


def render_text(name, content):
    """Stand-in for the human-readable rendering of an uploaded e-invoice."""
    text = content.decode("utf-8", "replace")[:2000]
    title = Paragraph(escape(f"Beleg {name}"), _TITLE)
    return _write([title, Paragraph(escape(text), _SMALL)], name, None)


def _write(story, title, account):
    buffer = BytesIO()
    # invariant: no creation time and no random id inside
    document = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=22 * mm - 6,  # the frame adds 6 points of its own
        rightMargin=20 * mm - 6,
        topMargin=20 * mm,
        bottomMargin=28 * mm,
        title=title,
        author=account["organization"] if account else "",
        invariant=1,
    )
    footer = _footer(account)
    document.build(story, onFirstPage=footer, onLaterPages=footer)
    return buffer.getvalue()


def _footer(account):
    """Company details at the foot of every page."""

    def draw(canvas, document):
        if account is None:
            return
        letterhead = account["letterhead"]
        columns = (
            (account["organization"], letterhead["street"], _place(letterhead)),
            (letterhead["phone"], letterhead["email"]),
            (
                f"Steuernr. {letterhead['taxNumber']}",
                f"USt-IdNr. {letterhead['vatRegistrationId']}",
            ),
            (letterhead["bank"], letterhead["iban"]),
        )
        canvas.setFont("Helvetica", 7)
        canvas.setFillColor(colors.HexColor("#666666"))
        canvas.line(22 * mm, 22 * mm, 190 * mm, 22 * mm)
        for column, rows in enumerate(columns):
            for row, text in enumerate(rows):
                canvas.drawString((22 + column * 43) * mm, (18 - row * 3.2) * mm, text)
        canvas.drawRightString(190 * mm, 5 * mm, f"Seite {document.page}")

    return draw


def _place(address):
    return " ".join(filter(None, (address.get("zip"), address.get("city"))))


def _head(account, record):
    """Sender, recipient, facts and title."""
    letterhead, address = account["letterhead"], record["address"]
    sender = (
        f"{account['organization']} · {letterhead['street']} · {_place(letterhead)}"
    )
    recipient = (
        address.get("name"),
        address.get("contactPerson"),
        address.get("supplement"),
        address.get("street"),
        _place(address),
        reference.country_name(address.get("countryCode"), record["language"]),
    )
    block = [Paragraph(escape(sender), _SMALL), Spacer(1, 2 * mm)]
    block += [Paragraph(escape(row[:150]), _TEXT) for row in recipient if row]
    facts = "<br/>".join(escape(f"{k}: {v[:60]}") for k, v in _facts(record) if v)
    company = ParagraphStyle("company", _RIGHT, fontName="Helvetica-Bold", fontSize=13)
    return [
        Paragraph(escape(account["organization"]), company),
        Spacer(1, 18 * mm),
        Table(
            [[block, Paragraph(facts, _RIGHT)]],
            colWidths=[95 * mm, 73 * mm],
            style=[
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (0, 0), 0),
            ],
        ),
        Spacer(1, 14 * mm),
        Paragraph(escape(_heading(record)), _TITLE),
        Spacer(1, 4 * mm),
    ]


def _heading(record):
    if record["voucherStatus"] == "draft" and record["_type"] != "dunning":
        return f"{record['title']} (Entwurf)"
    return f"{record['title']} {record.get('voucherNumber', '')}".strip()


def _facts(record):
    """The block of data to the right of the address."""
    kind = sales_types.BY_TYPE[record["_type"]]
    shipping = record.get("shippingConditions", {})
    period = " - ".join(
        dates.german(shipping[field])
        for field in ("shippingDate", "shippingEndDate")
        if field in shipping
    )
    is_delivery = shipping.get("shippingType", "").startswith("delivery")
    buyer = record.get("xRechnung", {}).get("buyerReference")
    return (
        (
            f"{kind.title}snr." if kind.prefix != "RE" else "Rechnungsnr.",
            record.get("voucherNumber"),
        ),
        ("Datum", dates.german(record["voucherDate"])),
        ("Lieferdatum" if is_delivery else "Leistungsdatum", period),
        ("Fällig am", dates.german(record.get("dueDate"))),
        ("Gültig bis", dates.german(record.get("expirationDate"))),
        ("Leitweg-ID", buyer),
    )


def _text(text):
    if not text:
        return []
    return [Paragraph(escape(text).replace("\n", "<br/>"), _TEXT), Spacer(1, 5 * mm)]


def amount(value):
    """1234.5 -> 1.234,50"""
    text = f"{Decimal(value):,.2f}"
    return text.translate(str.maketrans(",.", ".,"))


def number(value):
    """Up to the digits it has, with a decimal comma."""
    return format(Decimal(value).normalize(), "f").replace(".", ",")


def _lines(record):
    """The table of line items."""
    head = ("Pos.", "Bezeichnung", "Menge", "Einzelpreis", "Gesamt")
    rows = [
        [
            Paragraph(f"<b>{text}</b>", _RIGHT if i > 1 else _TEXT)
            for i, text in enumerate(head)
        ]
    ]
    for position, line in enumerate(record["lineItems"], 1):
        name = f"<b>{escape(line.get('name', ''))}</b>"
        if line.get("description"):
            name += "<br/>" + escape(line["description"]).replace("\n", "<br/>")
        rows.append([Paragraph(str(position), _TEXT), Paragraph(name, _TEXT)])
        rows[-1] += [Paragraph(text, _RIGHT) for text in _line_cells(record, line)]
    table = Table(
        rows, [11 * mm, 75 * mm, 27 * mm, 28 * mm, 27 * mm], repeatRows=1, splitInRow=1
    )
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.HexColor("#333333")),
                ("LINEBELOW", (0, 1), (-1, -1), 0.25, colors.HexColor("#cccccc")),
                ("LEFTPADDING", (0, 0), (0, -1), 0),
                ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
            ]
        )
    )
    return table


def _line_cells(record, line):
    if line["type"] == "text":
        return ("", "", "")
    quantity = escape(f"{number(line['quantity'])} {line['unitName']}")
    price = line.get("unitPrice")
    if price is None:
        return (quantity, "", "")
    gross = record["taxConditions"]["taxType"] == "gross"
    unit = f"{amount(price['grossAmount' if gross else 'netAmount'])} €"
    unit += f"<br/><font size=7>{number(price['taxRatePercentage'])} % USt.</font>"
    if line.get("discountPercentage"):
        discount = number(line["discountPercentage"])
        unit += f"<br/><font size=7>-{discount} % Rabatt</font>"
    return (quantity, unit, f"{amount(line['lineItemAmount'])} €")


def _totals(record):
    """Net, tax per rate, gross."""
    total = record.get("totalPrice", {})
    if "totalGrossAmount" not in total:
        return []
    rows = []
    for field, suffix in (
        ("totalDiscountPercentage", "%"),
        ("totalDiscountAbsolute", "€"),
    ):
        if field in total:
            rows.append(("abzgl. Gesamtrabatt", f"{number(total[field])} {suffix}"))
    rows.append(("Gesamtbetrag netto", f"{amount(total['totalNetAmount'])} €"))
    for group in record["taxAmounts"]:
        label = f"Umsatzsteuer {number(group['taxRatePercentage'])} %"
        rows.append((label, f"{amount(group['taxAmount'])} €"))
    rows.append(("Gesamtbetrag brutto", f"{amount(total['totalGrossAmount'])} €"))
    table = Table(rows, [45 * mm, 30 * mm], hAlign="RIGHT")
    table.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, -1), "Helvetica", 9),
                ("FONT", (0, -1), (-1, -1), "Helvetica-Bold", 10),
                ("ALIGN", (1, 0), (1, -1), "RIGHT"),
                ("LINEABOVE", (0, -1), (-1, -1), 0.8, colors.HexColor("#333333")),
                ("RIGHTPADDING", (-1, 0), (-1, -1), 0),
            ]
        )
    )
    return [Spacer(1, 3 * mm), table, Spacer(1, 6 * mm)]


def _closing(record):
    """Tax note, terms of payment and remark."""
    tax_type = record["taxConditions"]["taxType"]
    note = record["taxConditions"].get("taxTypeNote") or _TAX_NOTES.get(tax_type)
    label = record.get("paymentConditions", {}).get("paymentTermLabel")
    texts = (note, label, record.get("deliveryTerms"), record.get("remark"))
    return [part for text in texts for part in _text(text)]
