# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""What tests about delivery under faults have in common."""

import requests

from .common import LexofficeCommon
from .stand_in import API_KEY

PATHS = {
    "invoice": "/v1/invoices",
    "creditnote": "/v1/credit-notes",
    "salesinvoice": "/v1/vouchers",
}


class DeliveryCase(LexofficeCommon):
    """One connection, and documents of one kind.

    ``kind`` is lexoffice's type of document: ``invoice``, ``creditnote`` or
    ``salesinvoice``, a voucher.
    """

    kind = "invoice"

    def setUp(self):
        super().setUp()
        self.variant = "voucher" if self.kind == "salesinvoice" else "invoice"
        self.connection = self.connect(self.variant)

    def post_one(self, *lines, **values):
        """Post one document of this test's kind."""
        if self.kind == "creditnote":
            values["move_type"] = "out_refund"
        move = self.invoice(*lines, **values)
        if self.variant == "voucher":
            self.attach_pdf(move)
        return move

    def known_customer(self):
        """Have the customer linked, so that only documents are sent from now on."""
        self.post_one((1.0, self.tax_19))
        self.work()
        self.lexoffice.hook("DELETE", "requests")

    def work(self, times=1):
        self.run_worker(self.connection, times)

    def later(self, move, **delta):
        """Let time pass for a document, then work."""
        self.let_pass(self.row(move), **delta)
        self.work()

    def fail_posts(self, count=1, **rule):
        """Have the next POSTs of documents fail."""
        path = f"{PATHS[self.kind]}*"
        return self.lexoffice.fault(method="POST", path=path, count=count, **rule)

    def posts(self):
        """How many documents lexoffice was asked to create."""
        return self.lexoffice.counts().get(f"POST {PATHS[self.kind]}", 0)

    def signed(self, move):
        """The documents in lexoffice that bear the sign of this move's row."""
        sign = self.row(move)._sign()
        return [
            document
            for document in self.lexoffice.documents(self.kind)
            if sign in document.get("remark", "")
        ]

    def typed_in_by_hand(self, path, document):
        """Have lexoffice make a document for somebody else; returns its id."""
        response = requests.post(
            f"{self.lexoffice.url}/v1/{path}",
            json=document,
            headers={"Authorization": f"Bearer {API_KEY}"},
            timeout=30,
        )
        response.raise_for_status()
        return response.json()["id"]

    def open_activities(self, move):
        kind = self.env.ref("lexoffice_connector.mail_activity_type_transfer")
        return move.activity_ids.filtered(lambda one: one.activity_type_id == kind)

    def notes(self, move, text):
        """The messages in a move's chatter that contain a text."""
        return move.message_ids.filtered(lambda one: text in str(one.body))

    def assert_delivered_once(self, move):
        row = self.row(move)
        self.assertEqual(move.lexoffice_state, "done", row.error_message)
        (document,) = self.signed(move)
        self.assertEqual(row.lexoffice_uuid, document["id"])
        self.assertEqual(move.lexoffice_uuid, document["id"])
        self.assertEqual(move.name, document["voucherNumber"])
