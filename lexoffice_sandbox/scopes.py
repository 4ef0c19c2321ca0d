# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Permissions: their exact names, and which one a request needs."""

LABELS = {
    "contacts.read": "Kontakte von lexoffice abrufen",
    "contacts.write": "Kontakte in lexoffice speichern",
    "contacts.bankaccounts.read": "Bankverbindungen von Kontakten abrufen",
    "contacts.bankaccounts.write": "Bankverbindungen von Kontakten speichern",
    "vouchers.read": "Belege von lexoffice abrufen",
    "vouchers.write": "Belege in lexoffice speichern",
    "vouchers.sendmail": "Belege per E-Mail versenden",
    "voucherlist.read": "Belegliste von lexoffice abrufen",
    "files.read": "Belegbilder von lexoffice abrufen",
    "files.write": "Belegbilder in lexoffice hochladen",
    "files.status": "Status von Belegbildern abrufen",
    "invoices.read": "Rechnungen von lexoffice abrufen",
    "invoices.write": "Rechnungen in lexoffice speichern",
    "credit-notes.read": "Rechnungskorrekturen von lexoffice abrufen",
    "credit-notes.write": "Rechnungskorrekturen in lexoffice speichern",
    "quotations.read": "Angebote von lexoffice abrufen",
    "quotations.write": "Angebote in lexoffice speichern",
    "order-confirmations.read": "Auftragsbestätigungen von lexoffice abrufen",
    "order-confirmations.write": "Auftragsbestätigungen in lexoffice speichern",
    "delivery-notes.read": "Lieferscheine von lexoffice abrufen",
    "delivery-notes.write": "Lieferscheine in lexoffice speichern",
    "dunnings.read": "Mahnungen von lexoffice abrufen",
    "dunnings.write": "Mahnungen in lexoffice speichern",
    "recurring-templates.read": "Serienvorlagen von lexoffice abrufen",
    "articles.read": "Artikel von lexoffice abrufen",
    "articles.write": "Artikel in lexoffice speichern",
    "payments.read": "Zahlungsinformationen von Belegen abrufen",
    "profile.read": "Allgemeine Profilinformationen abrufen",
    "organization.read": "Firmendaten abrufen",
    "finance.read": "Konten und Umsätze abrufen",
    "finance.write": "Konten und Umsätze speichern",
    "cashbox.read": "Kassenbuch abrufen",
    "cashbox.write": "Kassenbucheinträge speichern",
    "cashbox.delete": "Kassenbucheinträge löschen",
    "transaction-assignment-hint.write": "Zuordnungshinweise zu Umsätzen speichern",
}
ALL = tuple(LABELS)
_FREE = {
    "countries",
    "print-layouts",
    "payment-conditions",
    "posting-categories",
    "event-subscriptions",
}


def labels(scopes):
    """German permission texts of the consent page, in a steady order."""
    return [text for scope, text in LABELS.items() if scope in scopes]


def required(method, path):
    """Scopes a request needs; nothing for reference data and unknown routes."""
    parts = path.strip("/").split("/")
    if len(parts) < 2 or parts[1] in _FREE:
        return ()
    resource = parts[1]
    if resource == "down-payment-invoices":
        return ("invoices.read",)
    if resource == "vouchers" and len(parts) == 4 and parts[3] == "files":
        return ("vouchers.write", "files.write")
    verb = "read" if method in ("GET", "HEAD") else "write"
    scope = f"{resource}.{verb}"
    return (scope,) if scope in LABELS else ()
