# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""What stands in lexoffice is what was booked in Odoo."""

from datetime import date

from odoo import Command

from ..common import LexofficeCommon


class TestInvoiceDocument(LexofficeCommon):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()

    def sent(self, *lines, **values):
        """Post an invoice, have it sent, and return move and lexoffice's document."""
        move = self.invoice(*lines, **values)
        self.run_worker(self.connection)
        row = self.row(move)
        self.assertEqual(move.lexoffice_state, "done", row.error_message)
        return move, self.lexoffice.api(f"invoices/{move.lexoffice_uuid}")

    def stopped(self, *lines, **values):
        """Post an invoice, have it stopped, and return the reason's code and text."""
        move = self.invoice(*lines, **values)
        self.run_worker(self.connection)
        row = self.row(move)
        self.assertEqual(row.state, "failed")
        self.assertFalse(self.lexoffice.documents())
        self.assertNotIn("…", row.error_message)
        return row.error_code

    def test_lines_carry_quantity_unit_price_and_discount(self):
        hour = self.env.ref("uom.product_uom_hour")
        line = {"quantity": 2.5, "price_unit": 31.5, "discount": 10.0}
        line["product_uom_id"] = hour.id
        line["tax_ids"] = [Command.set(self.tax_19.ids)]
        move, document = self.sent(line)
        (item,) = document["lineItems"]
        self.assertEqual(item["quantity"], 2.5)
        self.assertEqual(item["unitName"], hour.with_context(lang="de_DE").name)
        self.assertEqual(item["unitPrice"]["netAmount"], 31.5)
        self.assertEqual(item["unitPrice"]["taxRatePercentage"], 19)
        self.assertEqual(item["discountPercentage"], 10)
        self.assertEqual(document["totalPrice"]["totalGrossAmount"], move.amount_total)

    def test_two_rates_have_odoos_totals_each(self):
        move, document = self.sent((33.33, self.tax_19), (66.67, self.tax_7))
        taxes = {
            int(one["taxRatePercentage"]): one["taxAmount"]
            for one in document["taxAmounts"]
        }
        self.assertEqual(taxes, {19: 6.33, 7: 4.67})
        self.assertEqual(document["totalPrice"]["totalGrossAmount"], move.amount_total)

    def test_prices_that_include_the_tax_lead_gross(self):
        included = self.tax_19.copy(
            {"name": "19 % inkl.", "price_include_override": "tax_included"}
        )
        self.env["ir.model.data"].create(
            {
                "module": "account",
                "name": f"{self.company.id}_tax_ust_19_included_skr03",
                "model": "account.tax",
                "res_id": included.id,
            }
        )
        self.assertEqual(self.stopped((119.0, included)), "tax_not_supported")
        self.tax_19.price_include_override = "tax_included"
        move, document = self.sent((119.0, self.tax_19))
        self.assertEqual(document["taxConditions"]["taxType"], "gross")
        self.assertEqual(document["lineItems"][0]["unitPrice"]["grossAmount"], 119)
        self.assertEqual(document["totalPrice"]["totalNetAmount"], 100)

    def test_sections_and_notes_become_text_lines(self):
        move = self.invoice(post=False)
        move.invoice_line_ids = [
            Command.create(
                {"display_type": "line_section", "name": "Objekt", "sequence": 1}
            ),
            Command.create({"display_type": "line_note", "name": "Zeile 1\nZeile 2"}),
        ]
        move.action_post()
        self.run_worker(self.connection)
        document = self.lexoffice.api(f"invoices/{move.lexoffice_uuid}")
        kinds = [item["type"] for item in document["lineItems"]]
        self.assertEqual(sorted(kinds), ["custom", "text", "text"])
        texts = [item for item in document["lineItems"] if item["type"] == "text"]
        self.assertEqual(texts[0]["name"], "Objekt")
        self.assertEqual(texts[1]["description"], "Zeile 1\nZeile 2")

    def test_long_descriptions_go_on_and_are_never_cut(self):
        text = "Flur\n" + "Treppenhaus und Fenster " * 120
        line = {"name": text, "price_unit": 10.0}
        line["tax_ids"] = [Command.set(self.tax_19.ids)]
        _move, document = self.sent(line)
        first, *rest = document["lineItems"]
        sent = first["name"] + "\n" + first["description"]
        sent += "".join(item["description"] for item in rest)
        self.assertEqual(sent.split(), text.split())

    def test_service_period_is_printed(self):
        _move, document = self.sent(
            lexoffice_service_from="2026-10-01", lexoffice_service_to="2026-10-31"
        )
        conditions = document["shippingConditions"]
        self.assertEqual(conditions["shippingType"], "serviceperiod")
        self.assertEqual(conditions["shippingDate"][:10], "2026-10-01")
        self.assertEqual(conditions["shippingEndDate"][:10], "2026-10-31")

    def test_cash_discount_of_the_payment_term_is_offered(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "10 Tage 2 %, 30 Tage netto",
                "early_discount": True,
                "discount_days": 10,
                "discount_percentage": 2.0,
                "early_pay_discount_computation": "included",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 30}
                    )
                ],
            }
        )
        move, document = self.sent(
            invoice_payment_term_id=term.id, invoice_date=date(2026, 11, 2)
        )
        conditions = document["paymentConditions"]
        self.assertEqual(conditions["paymentTermDuration"], 30)
        self.assertEqual(
            conditions["paymentDiscountConditions"],
            {"discountPercentage": 2, "discountRange": 10},
        )
        self.assertEqual(document["dueDate"][:10], str(move.invoice_date_due))
        term.early_pay_discount_computation = "mixed"
        self.lexoffice.reset()
        code = self.stopped(invoice_payment_term_id=term.id)
        self.assertEqual(code, "cash_discount_upon_invoice")

    def test_our_sign_and_the_customers_reference_are_in_the_remark(self):
        move, document = self.sent(ref="Bestellung 4711", narration="<p>Danke!</p>")
        self.assertIn("Danke!", document["remark"])
        self.assertIn("Ihr Zeichen: Bestellung 4711", document["remark"])
        self.assertIn(self.row(move)._sign(), document["remark"])
        self.assertNotIn("VORL", str(document))

    def test_an_invoice_address_is_printed_beside_the_debtor(self):
        branch = self.env["res.partner"].create(
            {
                "name": "Buchhaltung",
                "type": "invoice",
                "parent_id": self.customer.id,
                "street": "Postfach 12",
                "zip": "20001",
                "city": "Hamburg",
                "country_id": self.germany.id,
            }
        )
        _move, document = self.sent(partner_id=branch.id)
        link = self.customer.lexoffice_contact_link_ids
        self.assertEqual(document["address"]["contactId"], link.lexoffice_uuid)
        self.assertEqual(document["address"]["street"], "Postfach 12")

    def test_public_body_gets_an_xrechnung(self):
        body = self.create_customer(
            name="Stadt Hamburg",
            vat=False,
            email="stadt@hamburg.example",
            lexoffice_leitweg_id="02-1234567-89",
            lexoffice_vendor_number="L-77",
        )
        _move, document = self.sent(partner_id=body.id)
        self.assertEqual(document["electronicDocumentProfile"], "XRechnung")
        body = body.copy({"lexoffice_vendor_number": False, "name": "Stadt Köln"})
        self.lexoffice.hook("DELETE", "requests")
        move = self.invoice(partner_id=body.id)
        self.run_worker(self.connection)
        code = self.row(move).error_code
        self.assertEqual(code, "leitweg_without_vendor_number")

    # --- Stopped, with the reason

    def test_every_tax_but_the_domestic_ones_is_stopped(self):
        for name in ("tax_eu_sale", "tax_free_eu", "tax_export", "tax_not_taxable"):
            with self.subTest(name):
                tax = self.tax(name)
                tax.active = True
                self.assertEqual(self.stopped((10.0, tax)), "tax_not_supported")

    def test_a_line_without_tax_is_stopped(self):
        line = {"price_unit": 10.0, "tax_ids": [Command.clear()]}
        self.assertEqual(self.stopped(line), "line_without_tax")

    def test_totals_that_lexoffice_would_compute_otherwise_are_stopped(self):
        self.company.tax_calculation_rounding_method = "round_per_line"
        code = self.stopped((0.13, self.tax_19), (0.13, self.tax_19))
        self.assertEqual(code, "totals_differ")

    def test_foreign_currency_is_stopped(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.assertEqual(self.stopped(currency_id=dollar.id), "foreign_currency")

    def test_a_customer_without_country_is_stopped(self):
        self.customer.country_id = False
        self.assertEqual(self.stopped(), "contact_field_missing")


class TestVoucherDocument(LexofficeCommon):
    def test_one_item_per_rate_exactly_as_booked(self):
        connection = self.connect("voucher")
        self.company.tax_calculation_rounding_method = "round_per_line"
        move = self.invoice(
            (0.13, self.tax_19),
            (0.13, self.tax_19),
            (50.0, self.tax_7),
            invoice_date=date(2026, 11, 2),
            lexoffice_service_from="2026-10-01",
            lexoffice_service_to="2026-10-31",
        )
        self.attach_pdf(move)
        self.run_worker(connection)
        (voucher,) = self.lexoffice.documents("salesinvoice")
        items = {item["taxRatePercent"]: item for item in voucher["voucherItems"]}
        self.assertEqual(items[19]["amount"], 0.26)
        self.assertEqual(items[19]["taxAmount"], 0.04)
        self.assertEqual(items[7]["taxAmount"], 3.5)
        self.assertEqual(voucher["totalGrossAmount"], move.amount_total)
        self.assertEqual(voucher["voucherDate"][:10], "2026-11-02")
        self.assertEqual(voucher["shippingDate"][:10], "2026-10-31")
        names = connection.posting_category_id.mapped("name")
        self.assertIn("Dienstleistung", names[0])

    def test_credit_note_is_booked_as_such(self):
        connection = self.connect("voucher")
        invoice = self.invoice((100.0, self.tax_19))
        credit_note = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
        credit_note.action_post()
        for move in (invoice, credit_note):
            self.attach_pdf(move)
        self.run_worker(connection, times=2)
        self.let_pass(self.row(credit_note))
        self.run_worker(connection)
        (voucher,) = self.lexoffice.documents("salescreditnote")
        self.assertEqual(voucher["totalGrossAmount"], 119)
        self.assertEqual(voucher["voucherItems"][0]["taxAmount"], 19)
        self.assertIn(invoice.name, voucher["remark"])


class TestCreditNote(LexofficeCommon):
    def setUp(self):
        super().setUp()
        self.connection = self.connect()

    def credit(self, invoice, **values):
        """Post a credit note for an invoice and have it sent."""
        credit_note = invoice._reverse_moves(
            [{"invoice_date": invoice.invoice_date, **values}]
        )
        credit_note.action_post()
        self.run_worker(self.connection)
        self.let_pass(self.row(credit_note))
        self.run_worker(self.connection)
        row = self.row(credit_note)
        self.assertEqual(credit_note.lexoffice_state, "done", row.error_message)
        return credit_note

    def test_it_settles_the_open_invoice_and_names_it(self):
        invoice = self.invoice()
        self.run_worker(self.connection)
        credit_note = self.credit(invoice)
        document = self.lexoffice.api(f"credit-notes/{credit_note.lexoffice_uuid}")
        self.assertEqual(document["title"], "Rechnungskorrektur")
        self.assertIn(invoice.name, document["introduction"])
        self.assertEqual(document["voucherStatus"], "paidoff")
        self.assertEqual(credit_note.name, document["voucherNumber"])
        self.assertEqual(document["totalPrice"]["totalGrossAmount"], 119)

    def test_it_waits_for_its_invoice(self):
        invoice = self.invoice()
        credit_note = self.credit(invoice)
        document = self.lexoffice.api(f"credit-notes/{credit_note.lexoffice_uuid}")
        self.assertIn(invoice.name, document["introduction"])

    def test_a_second_one_stands_alone(self):
        invoice = self.invoice((100.0, self.tax_19), (100.0, self.tax_19))
        self.run_worker(self.connection)
        for _part in range(2):
            part = invoice._reverse_moves([{"invoice_date": invoice.invoice_date}])
            part.invoice_line_ids[0].unlink()
            part.action_post()
            self.run_worker(self.connection)
        states = {
            document["voucherStatus"]
            for document in self.lexoffice.documents("creditnote")
        }
        self.assertEqual(states, {"paidoff", "open"})
