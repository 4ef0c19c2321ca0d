# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Which moves are handed over, and that a posting undone hands over nothing."""

from datetime import timedelta

from odoo import fields

from ..delivery import DeliveryCase


class TestHandedOver(DeliveryCase):
    def test_rolled_back_posting_sends_nothing(self):
        move = self.invoice(post=False)
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            move.action_post()
            self.assertEqual(move.lexoffice_state, "pending")
            raise ZeroDivisionError
        self.env.invalidate_all()
        self.assertEqual(move.state, "draft")
        self.work(times=2)
        self.assertFalse(self.lexoffice.documents())
        self.assertFalse(self.posts())

    def test_committed_posting_sends_exactly_one(self):
        move = self.post_one()
        self.work(times=4)
        self.assert_delivered_once(move)
        self.assertEqual(self.posts(), 1)

    def test_future_dated_move_waits_until_it_is_posted(self):
        move = self.invoice(
            post=False, invoice_date=fields.Date.today() + timedelta(days=40)
        )
        move.auto_post = "at_date"
        move._post(soft=True)
        self.assertEqual(move.state, "draft")
        self.assertFalse(move.lexoffice_transfer_ids)
        move.auto_post = "no"
        move.action_post()
        self.assertEqual(move.lexoffice_state, "pending")

    def test_purchases_and_entries_are_left_alone(self):
        for move_type in ("in_invoice", "in_refund"):
            move = self.invoice(move_type=move_type)
            self.assertFalse(move.lexoffice_transfer_ids, move_type)

    def test_another_companys_moves_are_left_alone(self):
        other = self.setup_other_company(name="Andere GmbH")
        move = self.init_invoice(
            "out_invoice",
            partner=self.customer,
            post=True,
            amounts=[100.0],
            company=other["company"],
        )
        self.assertEqual(move.state, "posted")
        self.assertFalse(move.lexoffice_transfer_ids)

    def test_branchs_moves_go_through_the_parents_connection(self):
        branch = self.env["res.company"].create(
            {
                "name": "Filiale Nord",
                "parent_id": self.company.id,
                "country_id": self.germany.id,
            }
        )
        self.cr.precommit.run()  # loads the chart of accounts for the branch
        self.env.user.company_ids |= branch
        env = self.env(context={"allowed_company_ids": [branch.id, self.company.id]})
        journal = env["account.journal"].create(
            {
                "name": "Filialrechnungen",
                "type": "sale",
                "code": "FIL",
                "company_id": branch.id,
            }
        )
        move = env["account.move"].create(
            {
                "move_type": "out_invoice",
                "journal_id": journal.id,
                "company_id": branch.id,
                "partner_id": self.customer.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [
                    fields.Command.create(
                        {
                            "name": "Reinigung",
                            "product_id": self.service.id,
                            "price_unit": 50.0,
                            "tax_ids": [fields.Command.set(self.tax_19.ids)],
                        }
                    )
                ],
            }
        )
        move.action_post()
        self.assertEqual(self.row(move).connection_id, self.connection)
        self.work()
        self.assert_delivered_once(move)

    def test_start_date_and_journals_draw_the_line(self):
        today = fields.Date.today()
        self.connection.export_start_date = today
        before = self.invoice(invoice_date=today - timedelta(days=1))
        self.assertFalse(before.lexoffice_transfer_ids)
        self.assertNotIn("VORL", before.name)
        other = self.company_data["default_journal_sale"].copy({"code": "ANDERE"})
        journal = self.company_data["default_journal_sale"]
        self.connection.journal_ids = journal
        elsewhere = self.invoice(journal_id=other.id)
        self.assertFalse(elsewhere.lexoffice_transfer_ids)
        self.assertTrue(self.invoice(journal_id=journal.id).lexoffice_transfer_ids)

    def test_without_automatic_export_a_person_sends(self):
        self.connection.auto_export = False
        move = self.invoice()
        self.assertFalse(move.lexoffice_transfer_ids)
        self.assertRegex(move.name, "^VORL/")
        move.action_lexoffice_export()
        self.work()
        self.assert_delivered_once(move)
        move.action_lexoffice_export()
        self.work()
        self.assertEqual(self.posts(), 1)
