# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""What a user does to an invoice or its transfer, in each state."""

from unittest.mock import patch

from odoo.exceptions import UserError

from odoo.addons.lexoffice_connector.models.lexoffice_worker_documents import (
    LexofficeWorker,
)

from ..delivery import DeliveryCase


class TestInvoice(DeliveryCase):
    def test_reset_while_pending_sends_nothing(self):
        move = self.post_one()
        move.button_draft()
        self.assertEqual(self.row(move).state, "cancelled")
        self.work()
        self.assertFalse(self.posts())

    def test_posted_again_goes_once(self):
        move = self.post_one()
        move.button_draft()
        move.invoice_line_ids[:1].price_unit = 200.0
        move.action_post()
        self.work()
        self.assert_delivered_once(move)
        (document,) = self.lexoffice.documents("invoice")
        self.assertEqual(document["totalPrice"]["totalGrossAmount"], 238)

    def test_cancelled_while_pending_sends_nothing(self):
        move = self.post_one()
        move.button_cancel()
        self.assertEqual(move.state, "cancel")
        self.work()
        self.assertEqual(self.row(move).state, "cancelled")
        self.assertFalse(self.posts())

    def test_deleted_after_reset(self):
        """German books keep what was posted; an administrator's force takes it away."""
        move = self.post_one()
        row = self.row(move)
        move.button_draft()
        move.with_context(force_delete=True).unlink()
        self.assertFalse(row.exists())
        self.work()
        self.assertFalse(self.posts())

    def test_draft_by_another_way_is_noticed_before_sending(self):
        move = self.post_one()
        move.write({"state": "draft"})
        self.work()
        self.assertEqual(self.row(move).state, "cancelled")
        self.assertFalse(self.posts())

    def test_neither_reset_nor_cancelled_while_being_sent(self):
        move = self.post_one()
        with patch.object(LexofficeWorker, "_keep_id", autospec=True):
            self.work()
        self.assertEqual(self.row(move).state, "sending")
        self.refuses_to_change(move, "just being transferred")

    def test_neither_reset_nor_cancelled_while_uncertain(self):
        self.fail_posts(cut="after")
        move = self.post_one()
        self.work()
        self.assertEqual(self.row(move).state, "uncertain")
        self.refuses_to_change(move, "just being transferred")

    def test_neither_reset_nor_cancelled_when_done(self):
        move = self.post_one()
        self.work()
        self.refuses_to_change(move, "Rechnungskorrektur")

    def refuses_to_change(self, move, reason):
        state = self.row(move).state
        for action in (move.button_draft, move.button_cancel, move.unlink):
            with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
                action()
            if action != move.unlink:
                self.assertIn(reason, str(caught.exception))
        self.env.invalidate_all()
        self.assertEqual(move.state, "posted")
        self.assertEqual(self.row(move).state, state)

    def test_failed_one_can_be_reset_mended_and_posted(self):
        self.fail_posts(status=406, body={"message": "So nicht."})
        move = self.post_one()
        self.work()
        self.assertEqual(self.row(move).state, "failed")
        move.button_draft()
        self.assertFalse(self.open_activities(move))
        move.action_post()
        self.work()
        self.assert_delivered_once(move)


class TestTransfer(DeliveryCase):
    def test_older_row_is_no_second_document(self):
        """Try Again on the cancelled row of an invoice that was posted again."""
        move = self.post_one()
        older = self.row(move)
        move.button_draft()
        move.action_post()
        older.action_retry()
        self.assertEqual(older.state, "cancelled")
        self.work()
        self.assert_delivered_once(move)
        older.action_retry()
        self.work()
        self.assertEqual(older.state, "cancelled")
        self.assertEqual(len(self.lexoffice.documents("invoice")), 1)

    def test_pending_row_beside_a_finished_one_is_not_sent(self):
        move = self.post_one()
        self.work()
        row = self.row(move)
        twin = row.copy({"state": "pending"})
        self.work()
        self.assertEqual(twin.state, "cancelled")
        self.assertEqual(self.posts(), 1)

    def test_retry_of_a_draft_does_nothing(self):
        move = self.post_one()
        move.button_draft()
        self.row(move).action_retry()
        self.assertEqual(self.row(move).state, "cancelled")

    def test_attempted_rows_stay(self):
        move = self.post_one()
        self.work()
        with self.assertRaises(UserError):
            self.row(move).unlink()


class TestUncertain(DeliveryCase):
    """The three buttons."""

    def setUp(self):
        super().setUp()
        self.known_customer()
        self.fail_posts(cut="after")
        self.move = self.post_one()
        self.work()
        self.uncertain = self.row(self.move)
        (self.document,) = self.signed(self.move)

    def hide_sign(self):
        self.lexoffice.hook(
            "POST", f"documents/{self.document['id']}/edit", remark="Ohne Zeichen"
        )
        self.later(self.move)
        self.assertEqual(self.uncertain.error_code, "no_match_found")

    def candidates(self):
        with self.enter_registry_test_mode():
            action = self.uncertain.action_show_candidates()
        return self.env[action["res_model"]].search(action["domain"])

    def test_link_this_one(self):
        self.hide_sign()
        candidate = self.candidates()
        self.assertEqual(candidate.lexoffice_uuid, self.document["id"])
        self.assertEqual(candidate.number, self.document["voucherNumber"])
        self.assertEqual(candidate.total, self.move.amount_total)
        self.assertEqual(candidate.move_total, self.move.amount_total)
        self.assertEqual(candidate.voucher_date, self.move.invoice_date)
        self.assertEqual(candidate.contact_name, self.customer.name)
        candidate.action_link()
        self.assertFalse(self.open_activities(self.move))
        self.work()
        self.assertEqual(self.move.name, self.document["voucherNumber"])
        self.assertEqual(self.move.lexoffice_state, "done")
        self.assertEqual(self.posts(), 1)

    def test_linked_document_is_offered_to_nobody_else(self):
        self.hide_sign()
        self.candidates().action_link()
        self.work()
        self.fail_posts(status=406)
        other = self.post_one()
        self.work()
        row = self.row(other)
        self.assertEqual(row.state, "failed")
        with self.enter_registry_test_mode():
            action_or_none = None
            with self.assertRaises(UserError):
                action_or_none = row.action_show_candidates()
        self.assertFalse(action_or_none)
        with self.assertRaises(UserError):
            row._link_by_hand(self.document["id"])

    def test_failed_one_that_was_typed_in_by_hand(self):
        self.later(self.move)
        self.fail_posts(status=406)
        failed = self.post_one((70.0, self.tax_7))
        self.work()
        copy = {
            **{
                key: value
                for key, value in self.document.items()
                if key in ("address", "taxConditions", "shippingConditions")
            },
            "voucherDate": self.document["voucherDate"],
            "totalPrice": {"currency": "EUR"},
            "lineItems": [
                {
                    "type": "custom",
                    "name": "Von Hand",
                    "quantity": 1,
                    "unitName": "Stück",
                    "unitPrice": {
                        "currency": "EUR",
                        "netAmount": 70,
                        "taxRatePercentage": 7,
                    },
                }
            ],
        }
        uuid = self.typed_in_by_hand("invoices?finalize=true", copy)
        self.uncertain = self.row(failed)
        best = self.candidates()[:1]
        self.assertEqual(best.lexoffice_uuid, uuid)
        self.assertTrue(best.is_equal)
        best.action_link()
        self.work()
        self.assertEqual(failed.lexoffice_state, "done")
        self.assertEqual(failed.lexoffice_uuid, uuid)
        self.assertEqual(failed.name, best.number)

    def test_surely_not_there_sends_again(self):
        self.lexoffice.hook("DELETE", f"documents/{self.document['id']}")
        self.uncertain.action_surely_absent()
        self.work()
        self.assert_delivered_once(self.move)
        self.assertEqual(self.posts(), 2)

    def test_give_up_leaves_it_alone(self):
        self.uncertain.action_give_up()
        self.later(self.move)
        self.assertEqual(self.uncertain.state, "cancelled")
        self.assertIn(self.env.user.name, self.uncertain.error_message)
        self.assertFalse(self.open_activities(self.move))
        self.assertEqual(self.posts(), 1)

    def test_given_up_one_is_looked_up_before_it_goes_again(self):
        self.uncertain.action_give_up()
        self.move.action_lexoffice_export()
        self.work()
        self.work()
        self.assert_delivered_once(self.move)
        self.assertEqual(self.posts(), 1)

    def test_late_answer_counts_no_more_and_is_told(self):
        """A worker stood still until a person had settled its row."""
        token = self.uncertain.attempt_token
        self.uncertain.action_give_up()
        self.env.flush_all()
        with self.enter_registry_test_mode():
            worker = self.env["lexoffice.worker"]
            with patch.object(type(worker), "_commit"):
                worker._keep_id(self.uncertain, token, self.document["id"])
        self.assertEqual(self.uncertain.state, "cancelled")
        self.assertEqual(len(self.notes(self.move, self.document["id"])), 1)
