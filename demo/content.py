# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""What the demo consists of: plain data, invented, in German."""

COMPANIES = {
    "reinigung": {
        "name": "Glanzwerk Gebäudereinigung GmbH",
        "street": "Basler Straße 112",
        "zip": "79115",
        "city": "Freiburg im Breisgau",
        "phone": "+49 761 5551200",
        "email": "rechnung@glanzwerk.example",
        "vat": "DE813456718",
        "iban": "DE02120300000000202051",
    },
    "objekte": {
        "name": "Glanzwerk Objektservice GmbH",
        "street": "Basler Straße 112a",
        "zip": "79115",
        "city": "Freiburg im Breisgau",
        "phone": "+49 761 5551300",
        "email": "rechnung@glanzwerk-objekte.example",
        "vat": "DE287654324",
        "iban": "DE02500105170137075030",
    },
}

# Login and name; the password is the login.
USERS = {"buchhaltung": "Sabine Kern"}

# Units that Odoo lacks.
UNITS = {"month": "Monat", "visit": "Einsatz", "piece": "Stück"}

# key: (name, unit, price, tax, type, description on the invoice)
PRODUCTS = {
    "unterhalt": (
        "Unterhaltsreinigung",
        *("month", 890.00, 19, "service"),
        "Büros, Flure und Sanitärräume gemäß Leistungsverzeichnis",
    ),
    "glas": (
        "Glasreinigung",
        *("uom.product_uom_square_meter", 2.35, 19, "service"),
        "Fenster und Glastüren beidseitig inklusive Rahmen",
    ),
    "grund": (
        "Grundreinigung",
        *("uom.product_uom_square_meter", 6.80, 19, "service"),
        "Entfernen alter Pflegefilme, Neubeschichtung des Bodens",
    ),
    "treppe": (
        "Treppenhausreinigung",
        *("month", 128.50, 19, "service"),
        "Wöchentlich, einschließlich Geländer und Briefkastenanlage",
    ),
    "winter": (
        "Winterdienst – Bereitschaft",
        *("month", 195.00, 19, "service"),
        "Rufbereitschaft nach Räum- und Streuplan",
    ),
    "grau": (
        "Pflege der Außenanlagen",
        *("uom.product_uom_hour", 41.90, 19, "service"),
        "Kehren, Laub, Papierkörbe",
    ),
    "sonder": (
        "Sonderreinigung nach Aufwand",
        *("uom.product_uom_hour", 38.75, 19, "service"),
        "Geschulte Reinigungskraft einschließlich Anfahrt",
    ),
    "bau": (
        "Bauendreinigung",
        *("visit", 1480.00, 19, "service"),
        "Fein- und Endreinigung vor Bezug",
    ),
    "seife": (
        "Seifencreme, Kartusche 950 ml",
        *("piece", 6.49, 19, "consu"),
        "",
    ),
    "papier": (
        "Falthandtücher, Karton mit 3.200 Blatt",
        *("piece", 27.90, 19, "consu"),
        "",
    ),
    "buch": (
        "Fachbuch „Hygieneplan für Praxis und Küche“",
        *("piece", 34.90, 7, "consu"),
        "Gedruckte Ausgabe, 6. Auflage",
    ),
    "pflanze": (
        "Grünpflanze im Topf",
        *("piece", 24.50, 7, "consu"),
        "Lieferung frei Haus",
    ),
}

# key: (name, days, (percent, days) of the cash discount)
TERMS = {
    "sofort": ("Zahlbar sofort", 0, None),
    "14": ("14 Tage netto", 14, None),
    "30": ("30 Tage netto", 30, None),
    "skonto": ("14 Tage 2 % Skonto, 30 Tage netto", 30, (2, 14)),
}

CUSTOMERS = {
    "autohaus": {
        "name": "Autohaus Breisgau GmbH",
        "is_company": True,
        "street": "Tullastraße 76",
        "zip": "79108",
        "city": "Freiburg im Breisgau",
        "email": "buchhaltung@autohaus-breisgau.example",
        "phone": "+49 761 5552100",
        "vat": "DE194827366",
        "person": {
            "name": "Katrin Vogel",
            "function": "Leitung Verwaltung",
            "email": "k.vogel@autohaus-breisgau.example",
        },
        "term": "skonto",
    },
    "hotel": {
        "name": "Hotel Münsterblick KG",
        "is_company": True,
        "street": "Herrenstraße 31",
        "street2": "Hinterhaus",
        "zip": "79098",
        "city": "Freiburg im Breisgau",
        "email": "verwaltung@muensterblick.example",
        "phone": "+49 761 5552200",
        "vat": "DE305612848",
        "person": {"name": "Friedrich Baumann", "function": "Direktor"},
        "term": "30",
    },
    "praxis": {
        "name": "Zahnarztpraxis Dr. Lehmann & Partner",
        "is_company": True,
        "street": "Habsburgerstraße 9",
        "zip": "79104",
        "city": "Freiburg im Breisgau",
        "email": "praxis@dr-lehmann.example",
        "person": {"name": "Dr. Jonas Lehmann", "email": "jonas@dr-lehmann.example"},
        # Its invoices go to an address of its own.
        "invoice_address": {
            "name": "Abrechnungsbüro Medicount, Frau Petra Sommer",
            "street": "Bismarckallee 4",
            "zip": "79098",
            "city": "Freiburg im Breisgau",
            "email": "sommer@medicount.example",
        },
        "term": "14",
    },
    "emmendingen": {
        "name": "Stadt Emmendingen",
        "is_company": True,
        "street": "Landvogtei 10",
        "street2": "Fachbereich Schulen",
        "zip": "79312",
        "city": "Emmendingen",
        "email": "rechnung@emmendingen.example",
        "leitweg": "08316011-SCHUL01-16",
        "vendor": "L-704512",
        "person": {"name": "Ute Schreiber", "function": "Schulverwaltung"},
        "term": "30",
    },
    "huber": {
        "name": "Margarete Huber",
        "street": "Wiehremer Weg 18",
        "zip": "79100",
        "city": "Freiburg im Breisgau",
        "email": "margarete.huber@post.example",
        "phone": "+49 761 5552301",
        "term": "sofort",
    },
    "weber": {
        "name": "Thomas Weber",
        "street": "Dorfstraße 3",
        "zip": "79249",
        "city": "Merzhausen",
        "email": "t.weber@post.example",
        "term": "14",
    },
    "genossenschaft": {
        "name": "Wohnungsbaugenossenschaft Kaiserstuhl eG",
        "is_company": True,
        "street": "Rheinstraße 55",
        "zip": "79206",
        "city": "Breisach am Rhein",
        "email": "rechnungswesen@wbg-kaiserstuhl.example",
        "phone": "+49 7667 555400",
        "vat": "DE277194532",
        "person": {"name": "Ali Yıldız", "function": "Technische Verwaltung"},
        "term": "skonto",
    },
    "denzlingen": {
        "name": "Gemeinde Denzlingen",
        "is_company": True,
        "street": "Hauptstraße 110",
        "zip": "79211",
        "city": "Denzlingen",
        "email": "kaemmerei@denzlingen.example",
        "leitweg": "08316009-RATHAUS-61",
        "vendor": "70 331",
        "person": {"name": "Bernd Fehrenbach", "function": "Kämmerei"},
        "term": "30",
    },
    "kraemer": {
        "name": "Ingrid Krämer",
        "street": "Am Sonnenhang 7",
        "zip": "79232",
        "city": "March",
        "email": "ingrid.kraemer@post.example",
        "term": "14",
    },
}
