# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""What the demo asks of the stand-in's own hooks."""

from decimal import Decimal

import requests

CLIENT_ID = "odoo-demo"
CLIENT_SECRET = "odoo-demo-secret"
PASSWORD = "lexoffice"


class Sandbox:
    """:param str url: the stand-in as this process reaches it."""

    def __init__(self, url, timeout=30):
        self.url = url.rstrip("/")
        self.timeout = timeout
        self.http = requests.Session()

    def _call(self, method, path, **kwargs):
        answer = self.http.request(
            method, f"{self.url}/sandbox{path}", timeout=self.timeout, **kwargs
        )
        answer.raise_for_status()
        # Money must not become a float on its way to the comparison.
        return answer.json(parse_float=Decimal)

    def ensure_client(self):
        """Register Odoo as an application that may ask for access."""
        known = {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "name": "Odoo",
        }
        return self._call("POST", "/clients", json=known)

    def ensure_account(self, company):
        """An account of its own for a company.

        :param dict company: of Odoo, with ``name``, ``email`` and address.
        :return: the account with ``id``, ``organization`` and ``users``.
        """
        letterhead = {
            "street": company["street"],
            "zip": company["zip"],
            "city": company["city"],
            "phone": company["phone"],
            "email": company["email"],
            "vatRegistrationId": company["vat"],
        }
        letterhead = {key: text for key, text in letterhead.items() if text}
        for account in self._call("GET", "/accounts"):
            if account["organization"] == company["name"]:
                change = {"letterhead": letterhead}
                return self._call("PATCH", f"/accounts/{account['id']}", json=change)
        user = {"email": company["email"], "name": company["name"]}
        return self._call(
            "POST",
            "/accounts",
            json={
                "organization": company["name"],
                "users": [{**user, "password": PASSWORD}],
                "letterhead": letterhead,
            },
        )

    def documents(self):
        """All documents by id, as ``/sandbox/documents`` gives them."""
        rows = self._call("GET", "/documents")
        return {row["document"]["id"]: row for row in rows}

    def request_count(self):
        """How many requests to the API there have been, tokens not counted."""
        counts = self._call("GET", "/requests", params={"limit": 0})["counts"]
        return sum(
            number for name, number in counts.items() if name.split()[1][:3] == "/v1"
        )
