# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The index over all documents that stands behind the voucherlist.

Rows are built when a document changes, not when somebody asks, and can be found
by contact and by number without looking at the others.
"""

from . import ledger

DUNNING = "dunning"
_COLLECTIVE = {True: "Sammellieferant", False: "Sammelkunde"}


def contact_list_name(contact):
    """Companies by name, persons as ``Lastname, Firstname``."""
    if contact.get("company"):
        return contact["company"]["name"]
    person = contact["person"]
    return ", ".join(filter(None, (person.get("lastName"), person.get("firstName"))))


class VoucherIndex:
    """Rows by document, with the two look-ups that clients use most."""

    def __init__(self, store):
        self._store = store
        self._clear()
        store.listen(self._on_change)

    def _clear(self):
        self._rows = {}
        self._accounts = {}
        self._contacts = {}
        self._numbers = {}

    def _on_change(self, kind, record_id, record):
        if kind not in ("sales", "voucher"):
            return
        old = self._rows.pop(record_id, None)
        if old:
            for index, key in self._keys(old):
                index[key].pop(record_id, None)
        if record is None or record.get("_type") == DUNNING:
            return
        row = self._row(record)
        self._rows[record_id] = row
        for index, key in self._keys(row):
            index.setdefault(key, {})[record_id] = row

    def _keys(self, row):
        account = row["_account"]
        yield self._accounts, account
        yield self._contacts, (account, row.get("contactId"))
        yield self._numbers, (account, row["_number"])

    def _row(self, record):
        number = record.get("voucherNumber")
        row = {
            "id": record["id"],
            "voucherType": ledger.voucher_type(record),
            "voucherStatus": record["voucherStatus"],
            "voucherNumber": number,
            "voucherDate": record.get("voucherDate"),
            "createdDate": record["createdDate"],
            "updatedDate": record["updatedDate"],
            "dueDate": record.get("dueDate"),
            **self._contact(record),
            "totalAmount": ledger.gross_total(record),
            "openAmount": ledger.open_amount(record),
            "currency": "EUR",
            "archived": record.get("archived", False),
        }
        shown = {k: v for k, v in row.items() if v is not None or k == "openAmount"}
        shown["_account"] = record["_account"]
        shown["_seq"] = record["_seq"]
        shown["_number"] = (number or "").casefold()
        return shown

    def _contact(self, record):
        if record["_kind"] == "sales":
            address = record.get("address", {})
            contact_id, name = address.get("contactId"), address.get("name")
        else:
            contact_id = record.get("contactId")
            if record.get("useCollectiveContact"):
                contact_id = None
            name = _COLLECTIVE[record["type"] in ledger.PURCHASES]
        contact = contact_id and self._store.get("contact", contact_id)
        if contact:
            name = contact_list_name(contact)
        return {"contactId": contact_id, "contactName": name}

    def rows(self, account, contact_id=None, number=None):
        """Candidate rows of an account, narrowed down where possible."""
        if number is not None:
            return self._numbers.get((account, number.casefold()), {}).values()
        if contact_id is not None:
            return self._contacts.get((account, contact_id), {}).values()
        return self._accounts.get(account, {}).values()
