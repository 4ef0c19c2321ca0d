# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
from ..common import LexofficeCommon


class TestInvoiceVariant(LexofficeCommon):
    def test_posted_invoice_gets_lexoffices_number(self):
        connection = self.connect()
        move = self.invoice()
        self.assertRegex(move.name, rf"^VORL/\d{{4}}/{move.id}$")
        self.assertEqual(move.lexoffice_state, "pending")

        self.run_worker(connection)

        (document,) = self.lexoffice.documents("invoice")
        self.assertEqual(move.lexoffice_state, "done")
        self.assertEqual(move.name, document["voucherNumber"])
        self.assertEqual(move.payment_reference, document["voucherNumber"])
        self.assertEqual(move.lexoffice_uuid, document["id"])
        self.assertEqual(document["voucherStatus"], "open")


class TestAlerts(LexofficeCommon):
    """What the invoice's form says on top."""

    def alert(self, move):
        self.env.invalidate_all()
        return (move.alerts or {}).get("lexoffice")

    def test_nothing_is_said_while_all_is_well(self):
        connection = self.connect()
        move = self.invoice()
        self.assertFalse(self.alert(move))
        self.run_worker(connection)
        self.assertFalse(self.alert(move))

    def test_a_stopped_document_offers_to_try_again(self):
        connection = self.connect()
        self.customer.country_id = False
        move = self.invoice()
        self.run_worker(connection)
        alert = self.alert(move)
        self.assertEqual(alert["level"], "danger")
        self.assertIn(self.customer.name, alert["message"])
        self.customer.country_id = self.germany
        model, method, ids = alert["action_call"]
        getattr(self.env[model].browse(ids), method)()
        self.run_worker(connection)
        self.assertEqual(move.lexoffice_state, "done")
        self.assertFalse(self.alert(move))

    def test_another_total_in_lexoffice_is_an_error(self):
        connection = self.connect()
        move = self.invoice()
        self.run_worker(connection)
        row = self.row(move).sudo()
        row.write({"adoption": "waiting", "lexoffice_total": 119.01})
        self.run_worker(connection)
        alert = self.alert(move)
        self.assertEqual(alert["level"], "danger")
        self.assertIn("119.01", alert["message"])


class TestVoucherVariant(LexofficeCommon):
    def test_posted_invoice_is_booked_with_its_pdf(self):
        connection = self.connect("voucher")
        move = self.invoice((100.0, self.tax_19), (50.0, self.tax_7))
        self.attach_pdf(move)
        number = move.name
        self.assertNotIn("VORL", number)

        self.run_worker(connection)

        (voucher,) = self.lexoffice.documents("salesinvoice")
        self.assertEqual(move.lexoffice_state, "done")
        self.assertEqual(move.name, number)
        self.assertEqual(voucher["voucherNumber"], number)
        upload = self.row(move, "upload")
        self.assertEqual(upload.state, "done", upload.error_message)
        self.assertEqual(len(voucher["files"]), 1)
