# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The invoices of the demo.

``on`` is the date as (months back, day); day 31 means the last one of the month. With
3 months back only the last day is used, so that all of them lie within the last three
months on every day of this month. ``period`` is the month of the service, also counted
back. A line is ``("section" | "note", text)`` or ``(product, quantity, options)``.
"""

_LEGAL_NOTE = "Der Lohnanteil der Leistungen ist nach § 35a EStG begünstigt."
_PLAN = "Die Reinigungsnachweise liegen dem Objektleiter vor."

REINIGUNG = [
    {
        "customer": "autohaus",
        "on": (3, 31),
        "period": 3,
        "ref": "Bestellung 4500-118",
        "lines": [
            ("section", "Verkaufsraum und Verwaltung"),
            ("unterhalt", 1, {}),
            ("glas", 142.5, {"discount": 5}),
            ("section", "Werkstatt"),
            ("sonder", 6.25, {"text": "Ölspuren im Annahmebereich"}),
            ("note", _PLAN),
        ],
    },
    {
        "customer": "autohaus",
        "on": (2, 31),
        "period": 2,
        "ref": "Bestellung 4500-131",
        "lines": [("unterhalt", 1, {}), ("seife", 12, {}), ("papier", 3, {})],
    },
    {
        "customer": "autohaus",
        "on": (1, 31),
        "period": 1,
        "ref": "Bestellung 4500-140",
        "lines": [
            ("unterhalt", 1, {}),
            ("glas", 142.5, {"discount": 5}),
            ("pflanze", 7, {}),
        ],
    },
    {
        "customer": "hotel",
        "on": (3, 31),
        "period": 3,
        "lines": [
            ("section", "Empfang und Treppenhaus"),
            ("treppe", 1, {"price": 312.40}),
            ("section", "Zimmer im zweiten Stock"),
            ("grund", 86.4, {"discount": 7.5}),
            ("note", "Teppiche wurden nach Absprache ausgenommen."),
        ],
    },
    {
        "customer": "hotel",
        "on": (2, 31),
        "period": 2,
        "lines": [("treppe", 1, {"price": 312.40}), ("glas", 318.75, {})],
    },
    {
        "customer": "hotel",
        "on": (1, 31),
        "period": 1,
        "lines": [
            ("treppe", 1, {"price": 312.40}),
            ("sonder", 11.5, {"discount": 10, "text": "Nach der Herbsttagung"}),
            ("pflanze", 4, {"price": 31.80}),
        ],
    },
    {
        "customer": "praxis",
        "address": "invoice",
        "on": (2, 15),
        "period": 3,
        "lines": [
            ("unterhalt", 1, {"price": 645.00}),
            ("buch", 2, {}),
            ("note", "Desinfektion nach dem Hygieneplan der Praxis."),
        ],
    },
    {
        "customer": "praxis",
        "address": "invoice",
        "on": (1, 15),
        "period": 2,
        "lines": [
            ("unterhalt", 1, {"price": 645.00}),
            ("seife", 24, {"discount": 12.5}),
        ],
    },
    {
        "customer": "emmendingen",
        "on": (2, 10),
        "period": 3,
        "ref": "Vergabe R-17",
        "lines": [
            ("section", "Karl-Friedrich-Schule, Ferienreinigung"),
            ("grund", 1240.75, {"price": 4.95}),
            ("glas", 486.2, {"price": 1.98}),
            ("note", "Ausgeführt in den Ferien, Abnahme durch den Hausmeister."),
        ],
    },
    {
        "customer": "emmendingen",
        "on": (1, 10),
        "period": 2,
        "ref": "Vergabe R-17",
        "lines": [("unterhalt", 1, {"price": 4180.00}), ("papier", 40, {})],
    },
    {
        "customer": "huber",
        "on": (2, 20),
        "lines": [
            ("glas", 38.5, {"price": 3.10}),
            ("sonder", 2.5, {}),
            ("note", _LEGAL_NOTE),
        ],
    },
    {
        "customer": "weber",
        "on": (0, 1),
        "period": 1,
        "lines": [("grau", 5.75, {}), ("winter", 1, {"discount": 15})],
    },
]

OBJEKTE = [
    {
        "customer": "genossenschaft",
        "on": (3, 31),
        "period": 3,
        "lines": [
            ("section", "Rheinstraße 55 bis 61"),
            ("treppe", 4, {}),
            ("grau", 18.5, {}),
            ("note", "Vier Häuser, je ein Treppenhaus."),
        ],
    },
    {
        "customer": "genossenschaft",
        "on": (2, 31),
        "period": 2,
        "lines": [
            ("treppe", 4, {}),
            ("grau", 21.25, {"discount": 3}),
            ("pflanze", 6, {}),
        ],
    },
    {
        "customer": "genossenschaft",
        "on": (1, 31),
        "period": 1,
        "lines": [("treppe", 4, {}), ("bau", 1, {"discount": 2.5})],
    },
    {
        "customer": "denzlingen",
        "on": (2, 12),
        "period": 3,
        "ref": "HHSt. 7710",
        "lines": [
            ("section", "Rathaus und Bürgersaal"),
            ("unterhalt", 1, {"price": 2365.00}),
            ("glas", 205.8, {}),
        ],
    },
    {
        "customer": "denzlingen",
        "on": (1, 12),
        "period": 2,
        "ref": "HHSt. 7710",
        "lines": [
            ("unterhalt", 1, {"price": 2365.00}),
            ("winter", 3, {"price": 210.00}),
            ("buch", 1, {}),
        ],
    },
    {
        "customer": "hotel",
        "on": (2, 5),
        "period": 3,
        "lines": [("grau", 9.75, {}), ("pflanze", 11, {"discount": 4})],
    },
    {
        "customer": "hotel",
        "on": (1, 5),
        "period": 2,
        "lines": [("grau", 12.25, {}), ("sonder", 3.75, {"price": 42.15})],
    },
    {
        "customer": "kraemer",
        "on": (0, 1),
        "period": 1,
        "lines": [("winter", 1, {"price": 89.90}), ("grau", 2.25, {})],
    },
]

INVOICES = {"reinigung": REINIGUNG, "objekte": OBJEKTE}
