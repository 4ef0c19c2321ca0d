# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""lexoffice knows no idempotency key: a lost answer must never make a second one."""

from unittest.mock import patch

from odoo.addons.lexoffice_connector.models.lexoffice_worker_documents import (
    LexofficeWorker,
)

from ..delivery import DeliveryCase


class LostAnswers:
    """For every kind of document."""

    def test_answer_cut_off_after_the_commit(self):
        self.fail_posts(cut="after")
        move = self.post_one()
        self.work()
        self.assertEqual(self.row(move).state, "uncertain")
        self.assertEqual(len(self.lexoffice.documents(self.kind)), 1)
        self.later(move)
        self.assert_delivered_once(move)
        self.assertEqual(self.posts(), 1)

    def test_gateways_time_out_after_the_commit(self):
        for status in (500, 504):
            self.fail_posts(status=status, status_after_commit=True)
            move = self.post_one()
            self.work()
            self.assertEqual(self.row(move).state, "uncertain", status)
            self.later(move)
            self.assert_delivered_once(move)
        self.assertEqual(self.posts(), 2)

    def test_unreadable_answers_after_the_commit(self):
        for rule in (
            {"body": "<html>Bad Gateway</html>"},
            {"body": None},
            {"body": {"id": 17}},
            {"body": ["wrong"]},
            {"truncate": True},
        ):
            with self.subTest(rule):
                self.fail_posts(**rule)
                move = self.post_one()
                self.work()
                self.assertEqual(self.row(move).state, "uncertain")
                self.later(move)
                self.assert_delivered_once(move)

    def test_nothing_is_searched_while_the_request_may_be_under_way(self):
        self.fail_posts(cut="after")
        move = self.post_one()
        self.work(times=3)
        self.assertEqual(self.row(move).state, "uncertain")
        self.assertFalse(self.lexoffice.counts().get("GET /v1/voucherlist"))
        self.assertEqual(self.posts(), 1)

    def test_request_lost_is_looked_up_twice_and_sent_once(self):
        self.known_customer()
        self.fail_posts(cut="before")
        move = self.post_one()
        self.work()
        self.assertEqual(self.row(move).state, "uncertain")
        self.later(move)
        self.assertEqual(self.row(move).state, "uncertain", "one look is not enough")
        self.assertEqual(self.posts(), 1)
        self.later(move)
        self.assert_delivered_once(move)
        self.assertEqual(self.posts(), 2)
        self.assertGreaterEqual(self.lexoffice.counts()["GET /v1/voucherlist"], 2)

    def test_identical_twins_are_told_apart(self):
        """Of two alike, one arrived and one did not: each keeps its own."""
        self.known_customer()
        self.fail_posts(cut="before")
        lost = self.post_one()
        self.work()
        self.fail_posts(cut="after")
        arrived = self.post_one()
        self.work()
        self.assertEqual(self.row(lost).state, "uncertain")
        self.assertEqual(self.row(arrived).state, "uncertain")
        for _look in range(2):
            # The lost one is looked up first, and sees the other's document.
            self.later(lost)
        self.assertEqual(lost.lexoffice_state, "done", self.row(lost).error_message)
        self.later(arrived)
        self.work()
        for move in (lost, arrived):
            self.assert_delivered_once(move)
        self.assertEqual(len(self.lexoffice.documents(self.kind)), 3)

    def test_row_of_a_dead_worker_is_settled(self):
        """Killed after the POST, before anything could be noted."""
        move = self.post_one()
        with patch.object(LexofficeWorker, "_keep_id", autospec=True):
            self.work()
        row = self.row(move)
        self.assertEqual(row.state, "sending")
        self.work()
        self.assertEqual(row.state, "sending", "its worker may still be at it")
        self.later(move)
        self.assertIn(row.state, ("uncertain", "done"))
        self.later(move)
        self.assert_delivered_once(move)
        self.assertEqual(self.posts(), 1)


class TestLostInvoices(LostAnswers, DeliveryCase):
    kind = "invoice"

    def test_list_that_lags_behind(self):
        """The list shows the document only after the first look."""
        self.known_customer()
        self.lexoffice.hook("PATCH", "settings", index_lag=3600)
        self.fail_posts(cut="after")
        move = self.post_one()
        self.work()
        self.later(move)
        self.assertEqual(self.row(move).state, "uncertain")
        self.lexoffice.hook("PATCH", "settings", index_lag=0)
        self.later(move)
        self.assert_delivered_once(move)
        self.assertEqual(self.posts(), 1)

    def test_total_and_customer_changed_in_lexoffice(self):
        """The sign alone decides, whatever else is no longer as it was sent."""
        self.known_customer()
        self.fail_posts(cut="after")
        move = self.post_one()
        self.work()
        (document,) = self.signed(move)
        self.lexoffice.hook(
            "POST",
            f"documents/{document['id']}/edit",
            address={"name": "Jemand anders", "countryCode": "DE"},
            totalPrice={"currency": "EUR", "totalDiscountAbsolute": 1},
        )
        self.later(move)
        self.assertEqual(self.row(move).lexoffice_uuid, document["id"])
        self.assertEqual(self.posts(), 1)
        self.assertEqual(self.row(move).error_code, "total_differs")

    def test_document_typed_in_by_hand_is_left_to_a_person(self):
        self.known_customer()
        self.fail_posts(cut="after")
        move = self.post_one()
        self.work()
        (document,) = self.signed(move)
        self.lexoffice.hook(
            "POST", f"documents/{document['id']}/edit", remark="Ohne Zeichen"
        )
        for _look in range(3):
            self.later(move)
        row = self.row(move)
        self.assertEqual(row.state, "uncertain")
        self.assertEqual(row.error_code, "no_match_found")
        self.assertEqual(self.posts(), 1)
        self.assertEqual(len(self.open_activities(move)), 1)
        self.assertEqual(len(self.notes(move, row.marker)), 1, "told once")

    def test_fault_while_looking_up_sends_nothing(self):
        self.known_customer()
        self.fail_posts(cut="after")
        move = self.post_one()
        self.work()
        self.lexoffice.fault(path="/v1/voucherlist", status=503, count=1)
        self.later(move)
        row = self.row(move)
        self.assertEqual(row.state, "uncertain")
        self.assertFalse(row.absent_searches, "a failed look is no look")
        self.assertGreater(row.next_attempt_at, row.write_date)
        self.later(move)
        self.assert_delivered_once(move)

    def test_worker_that_comes_back_while_others_are_recovered(self):
        """Its row was stale in the list, and is done when its turn comes."""
        move = self.post_one()
        self.work()
        row = self.row(move)
        self.let_pass(row)
        self.env["lexoffice.worker"]._recover(row)
        self.assertEqual(row.state, "done")


class TestLostVouchers(LostAnswers, DeliveryCase):
    kind = "salesinvoice"

    def test_renamed_while_uncertain(self):
        """The number that was sent is looked for, not the one that stands there now."""
        self.known_customer()
        self.fail_posts(cut="after")
        move = self.post_one()
        self.work()
        move.name = "RE/UMBENANNT/1"
        for _look in range(3):
            self.later(move)
        self.assertEqual(len(self.signed(move)), 1)
        self.assertEqual(self.row(move).state, "done")


class TestLostCreditNotes(LostAnswers, DeliveryCase):
    kind = "creditnote"
