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
