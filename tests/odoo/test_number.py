# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Numbers: lexoffice's are written once, and Odoo's own sequence is left alone."""

from datetime import date
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from odoo.addons.lexoffice_connector.models.lexoffice_worker_outcome import (
    LexofficeWorker,
)

from ..delivery import DeliveryCase


class TestAdopted(DeliveryCase):
    def made_but_not_entered(self):
        """An invoice that lexoffice has made and whose number is not here yet."""
        self.lexoffice.fault(method="GET", path="/v1/invoices/*", status=503, count=1)
        move = self.post_one()
        self.work()
        self.assertEqual(self.row(move).adoption, "waiting")
        self.assertEqual(move.lexoffice_state, "sending")
        (document,) = self.signed(move)
        return move, document["voucherNumber"]

    def assert_kept_but_not_entered(self, move, number, code):
        row = self.row(move)
        self.assertEqual((row.state, row.adoption), ("done", "failed"))
        self.assertEqual(row.error_code, code)
        self.assertEqual(row.lexoffice_number, number)
        self.assertTrue(row.lexoffice_uuid)
        self.assertRegex(move.name, "^VORL/")
        self.assertIn(number, move.lexoffice_message)
        self.assertIn("lexoffice", move._get_alerts())
        self.assertEqual(len(self.open_activities(move)), 1)

    def assert_adopt_number_mends_it(self, move, number):
        self.row(move).action_adopt_number()
        self.work()
        self.assertEqual(move.name, number)
        self.assertEqual(move.lexoffice_number, number)
        self.assertFalse(self.row(move).error_code)
        self.assertFalse(self.open_activities(move))
        self.assertEqual(self.posts(), 1)

    def test_number_taken_in_odoo(self):
        move, number = self.made_but_not_entered()
        self.connection.auto_export = False
        self.connection.export_start_date = fields.Date.add(
            fields.Date.today(), years=1
        )
        other = self.invoice(post=False)
        other.name = number
        other.action_post()
        self.assertEqual(other.name, number)
        self.later(move)
        self.assert_kept_but_not_entered(move, number, "number_taken")
        other.name = "RE/ANDERS/1"
        self.assert_adopt_number_mends_it(move, number)

    def test_period_locked_meanwhile(self):
        move, number = self.made_but_not_entered()
        self.company.fiscalyear_lock_date = fields.Date.add(move.date, months=1)
        self.later(move)
        self.assert_kept_but_not_entered(move, number, "number_not_written")
        self.company.fiscalyear_lock_date = False
        self.assert_adopt_number_mends_it(move, number)

    def test_entry_secured_meanwhile(self):
        move, number = self.made_but_not_entered()
        self.cr.execute(
            "UPDATE account_move SET inalterable_hash = 'x' WHERE id = %s", (move.id,)
        )
        self.env.invalidate_all()
        self.later(move)
        self.assert_kept_but_not_entered(move, number, "number_not_written")
        self.cr.execute(
            "UPDATE account_move SET inalterable_hash = NULL WHERE id = %s", (move.id,)
        )
        self.env.invalidate_all()
        self.assert_adopt_number_mends_it(move, number)

    def test_bug_while_entering_reopens_nothing(self):
        move, number = self.made_but_not_entered()
        with (
            patch.object(LexofficeWorker, "_success_note", side_effect=KeyError),
            mute_logger("odoo.addons.lexoffice_connector.models.lexoffice_worker"),
        ):
            self.later(move)
        self.assert_kept_but_not_entered_after_fault(move)
        self.assert_adopt_number_mends_it(move, number)

    def assert_kept_but_not_entered_after_fault(self, move):
        row = self.row(move)
        self.assertEqual((row.state, row.adoption), ("done", "failed"))
        self.assertNotIn("Nothing has been sent", row.error_message)
        self.assertRegex(move.name, "^VORL/")

    def test_locked_period_stops_it_beforehand(self):
        move = self.post_one()
        self.company.fiscalyear_lock_date = fields.Date.add(move.date, months=1)
        self.work()
        self.assertEqual(self.row(move).error_code, "locked_period")
        self.assertFalse(self.posts())

    def test_written_once(self):
        move = self.post_one()
        provisional = move.name
        for name in ("RE/2026/1", False, "/"):
            with self.assertRaises(UserError):
                move.name = name
        self.env.invalidate_all()
        self.assertEqual(move.name, provisional)
        self.work()
        with self.assertRaises(UserError):
            move.name = "RE/2026/1"
        self.env.invalidate_all()
        self.assert_delivered_once(move)
        self.assertEqual(move.payment_reference, move.name)
        self.assertEqual(move.lexoffice_provisional_name, provisional)

    def test_copy_has_neither_number_nor_transfer(self):
        move = self.post_one()
        self.work()
        copy = move.copy()
        for field in (
            "lexoffice_uuid",
            "lexoffice_number",
            "lexoffice_provisional_name",
            "lexoffice_state",
            "lexoffice_transfer_ids",
        ):
            self.assertFalse(copy[field], field)
        self.assertNotEqual(copy.name, move.name)


class TestOwnSequence(DeliveryCase):
    """Odoo's numbers go on as if the provisional ones weren't there."""

    def setUp(self):
        super().setUp()
        self.plain = self.company_data["default_journal_sale"].copy({"code": "RG"})
        self.connection.journal_ids = self.company_data["default_journal_sale"]

    def numbered(self, **values):
        """An invoice of a journal that is not transferred."""
        return self.invoice(journal_id=self.plain.id, **values)

    def test_mixed_journals(self):
        names = []
        for _number in range(3):
            names.append(self.numbered().name)
            self.assertRegex(self.invoice().name, "^VORL/")
        self.work()
        names.append(self.numbered().name)
        last = [int(name.rsplit("/", 1)[1]) for name in names]
        self.assertEqual(last, [1, 2, 3, 4])

    def test_one_journal_before_and_after_the_connection(self):
        """The start date divides one journal: its own numbers go on without a gap."""
        self.connection.journal_ids = False
        self.connection.export_start_date = "2026-06-01"
        own = self.invoice(invoice_date=date(2026, 5, 1))
        self.assertRegex(self.invoice(invoice_date=date(2026, 6, 2)).name, "^VORL/")
        self.work()
        self.invoice(invoice_date=date(2026, 6, 3))
        second = self.invoice(invoice_date=date(2026, 5, 2))
        self.assertEqual(second.sequence_number, own.sequence_number + 1)
        self.assertEqual(second.sequence_prefix, own.sequence_prefix)
        for move in (own, second):
            self.assertFalse(move.made_sequence_gap)

    def test_year_change_and_first_invoice_of_the_year(self):
        for year in (2025, 2026):
            provisional = self.invoice(invoice_date=date(year, 12, 31))
            self.assertEqual(provisional.name, f"VORL/{year}/{provisional.id}")
            self.work()
            first = self.numbered(invoice_date=date(year, 1, 2))
            self.assertIn(f"/{year}/", first.name)
            self.assertTrue(first.name.endswith("00001"), first.name)

    def test_credit_notes(self):
        credit_note = self.invoice(move_type="out_refund")
        self.assertRegex(credit_note.name, "^VORL/")
        self.work()
        own = self.numbered(move_type="out_refund")
        self.assertTrue(own.name.startswith("R"), own.name)
        self.assertTrue(own.name.endswith("00001"), own.name)

    def test_no_gap_is_reported(self):
        moves = [self.invoice() for _number in range(4)]
        self.work()
        moves[1].invalidate_recordset()
        for move in moves:
            self.assert_delivered_once(move)
            self.assertFalse(move.made_sequence_gap)
        gaps = self.env["account.move"].search_count(
            [
                ("company_id", "=", self.company.id),
                ("made_sequence_gap", "=", True),
            ]
        )
        self.assertFalse(gaps)

    def test_reset_and_posted_again_keeps_the_provisional_number(self):
        move = self.invoice()
        name = move.name
        move.button_draft()
        move.action_post()
        self.assertEqual(move.name, name)
        self.work()
        self.assert_delivered_once(move)
