# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Where nobody confirmed how lexoffice answers, either answer must do."""

from ..common import LexofficeCommon

EITHER_ANSWER = [
    {"status_on_create": 200},
    {"status_on_create": 201},
    {"contact_initial_version": 0},
    {"stale_version": "docs"},
    {"legacy_not_found": "issue_list"},
    {"method_not_allowed": 405},
    {"strict_accept": False},
    {"unit_price_decimals": 4},
    {"upload_bumps_version": True},
    {"voucher_tax_tolerance": 0},
]


class TestUnconfirmed(LexofficeCommon):
    def check(self, variant):
        connection = self.connect(variant)
        for number, switches in enumerate(EITHER_ANSWER):
            with self.subTest(**switches):
                self.lexoffice.hook("PATCH", "settings", **switches)
                customer = self.create_customer(
                    name=f"Kunde {number}",
                    vat=False,
                    email=f"kunde{number}@example.com",
                )
                move = self.invoice((12.34, self.tax_19), partner_id=customer.id)
                self.attach_pdf(move)
                self.run_worker(connection)
                row = self.row(move)
                self.assertEqual(move.lexoffice_state, "done", row.error_message)
                self.assertFalse(row.error_code)
        created = self.lexoffice.counts()
        path = "POST /v1/invoices" if variant == "invoice" else "POST /v1/vouchers"
        self.assertEqual(created[path], len(EITHER_ANSWER))

    def test_invoices_arrive_with_either_answer(self):
        self.check("invoice")

    def test_vouchers_arrive_with_either_answer(self):
        self.check("voucher")
