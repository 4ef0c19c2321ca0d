# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""What lexoffice, the network or a mistake of ours does to a run."""

from unittest.mock import patch

from odoo.tools import mute_logger

from odoo.addons.lexoffice_connector.builders.invoice import LexofficeInvoiceBuilder

from ..delivery import DeliveryCase

WORKER = "odoo.addons.lexoffice_connector.models.lexoffice_worker"


class TestRefusals(DeliveryCase):
    def test_too_many_requests_count_as_no_attempt(self):
        self.known_customer()
        for headers in ({"Retry-After": "7"}, {}):
            self.fail_posts(status=429, headers=headers)
            move = self.post_one()
            self.work()
            row = self.row(move)
            self.assertEqual(row.state, "pending")
            self.assertEqual(row.error_code, "rate_limited")
            self.assertEqual(row.attempts, 0)
            self.connection._pace().request_tat = False
            self.later(move)
            self.assert_delivered_once(move)

    def test_retry_after_is_kept_by_all_requests(self):
        self.known_customer()
        self.fail_posts(status=429, headers={"Retry-After": "300"})
        move, other = self.post_one(), self.post_one()
        self.work()
        before = sum(self.lexoffice.counts().values())
        self.let_pass(self.row(move) | self.row(other))
        self.work(times=3)
        self.assertEqual(sum(self.lexoffice.counts().values()), before)
        self.assertEqual(self.row(move).state, "pending")

    def test_500_that_means_a_rate_limit_is_looked_up(self):
        self.known_customer()
        self.fail_posts(
            status=500, body={"message": "Internal server error or rate limit exceeded"}
        )
        move = self.post_one()
        self.work()
        self.assertEqual(self.row(move).state, "uncertain")
        self.later(move)
        self.later(move)
        self.assert_delivered_once(move)
        self.assertEqual(self.posts(), 2)

    def test_one_rejected_document_does_not_hold_up_the_others(self):
        self.known_customer()
        self.fail_posts(status=406, body={"message": "So nicht."})
        moves = [self.post_one() for _number in range(3)]
        self.work()
        bad, *good = moves
        row = self.row(bad)
        self.assertEqual(row.state, "failed")
        self.assertIn("So nicht.", row.error_message)
        self.assertEqual(len(self.open_activities(bad)), 1)
        self.assertEqual(len(self.notes(bad, "So nicht.")), 1)
        for move in good:
            self.assert_delivered_once(move)
        bad.action_lexoffice_retry()
        self.assertFalse(self.open_activities(bad))
        self.work()
        self.assert_delivered_once(bad)

    def test_bug_in_a_builder_does_not_hold_up_the_others(self):
        bad, good = self.post_one(), self.post_one()
        build = LexofficeInvoiceBuilder._payment_conditions

        def broken(builder, move):
            if move == bad:
                raise KeyError("oops")
            return build(builder, move)

        with (
            patch.object(LexofficeInvoiceBuilder, "_payment_conditions", broken),
            mute_logger(WORKER),
        ):
            self.work()
        row = self.row(bad)
        self.assertEqual((row.state, row.error_code), ("failed", "internal_error"))
        self.assertEqual(len(self.open_activities(bad)), 1)
        self.assert_delivered_once(good)
        bad.action_lexoffice_export()
        self.work()
        self.assert_delivered_once(bad)

    def test_payload_that_can_not_be_written_never_counts_as_sent(self):
        """A number without an exact form is found before ``sending`` is committed."""
        move = self.post_one()
        terms = {"paymentTermLabel": "x", "paymentTermDuration": 0.123456}
        with (
            patch.object(
                LexofficeInvoiceBuilder, "_payment_conditions", lambda *_args: terms
            ),
            mute_logger(WORKER),
        ):
            self.work()
        self.assertEqual(self.row(move).state, "failed")
        self.assertFalse(self.posts())

    def test_attempts_end_some_time(self):
        """What lexoffice answers with 500 each time is put before a person."""
        self.known_customer()
        self.fail_posts(count=99, status=500)
        move = self.post_one()
        for _attempt in range(30):
            self.connection._pace().paused_until = False
            self.later(move)
        row = self.row(move)
        self.assertEqual((row.state, row.error_code), ("failed", "attempts_used_up"))
        self.assertEqual(self.posts(), 8)
        self.assertEqual(len(self.open_activities(move)), 1)

    def test_token_refused_in_the_middle(self):
        self.known_customer()
        self.lexoffice.fault(
            method="POST", path="/v1/invoices*", status=401, skip=1, count=99
        )
        moves = [self.post_one() for _number in range(3)]
        self.work()
        self.assertEqual(self.connection.state, "reconnect")
        states = [self.row(move).state for move in moves]
        self.assertEqual(states, ["done", "pending", "pending"])
        self.assertFalse(self.row(moves[1]).attempts)
        posts = self.posts()
        self.work()
        self.assertEqual(self.posts(), posts, "nothing is tried meanwhile")
        self.lexoffice.hook("DELETE", "faults")
        with self.enter_registry_test_mode():
            self.connection.action_test_connection()
        self.work()
        for move in moves:
            self.assert_delivered_once(move)

    def test_whoever_disconnects_is_not_asked_to_reconnect(self):
        self.post_one()
        self.connection.state = "disconnected"
        worker = self.env["lexoffice.worker"]
        worker._note_refusal(self.connection, None)
        self.assertEqual(self.connection.state, "disconnected")


class TestReads(DeliveryCase):
    """Lists and single reads that fail end no run, and lose nothing."""

    def test_faulty_list_of_numbers(self):
        self.known_customer()
        for rule in (
            {"status": 503},
            {"body": "<html>"},
            {"body": None},
            {"body": {"content": "x"}},
            {"truncate": True},
            {"cut": "before"},
        ):
            with self.subTest(rule):
                self.lexoffice.fault(path="/v1/voucherlist", count=1, **rule)
                moves = [self.post_one(), self.post_one()]
                self.work()
                states = {self.row(move).state for move in moves}
                self.assertEqual(states, {"done"})
                self.work()
                for move in moves:
                    self.assert_delivered_once(move)

    def test_faulty_single_read(self):
        self.known_customer()
        for rule in (
            {"status": 500},
            {"body": "<html>"},
            {"body": {"id": "nonsense"}},
            {"cut": "after"},
        ):
            with self.subTest(rule):
                rule = {"method": "GET", "path": "/v1/invoices/*", "count": 1, **rule}
                self.lexoffice.fault(**rule)
                move = self.post_one()
                self.work()
                self.assertEqual(self.row(move).state, "done")
                self.assertEqual(self.row(move).adoption, "waiting")
                self.later(move)
                self.assert_delivered_once(move)

    def test_wrong_types_in_a_document(self):
        self.known_customer()
        move = self.post_one()
        uuid = "0c5f3b8e-6a0e-4c6e-9d1b-0d0b8a9f4a11"
        for body in (
            {"id": uuid, "totalPrice": [], "voucherNumber": "RE1"},
            {"id": uuid, "totalPrice": {"totalGrossAmount": "x"}, "voucherNumber": 4},
        ):
            self.lexoffice.fault(
                method="GET", path="/v1/invoices/*", count=1, body=body
            )
            self.work()
            self.assertEqual(self.row(move).adoption, "waiting")
            self.let_pass(self.row(move))
        self.work()
        self.assert_delivered_once(move)

    def test_numbers_of_many_come_in_one_page(self):
        self.known_customer()
        moves = [self.post_one() for _number in range(6)]
        self.work()
        for move in moves:
            self.assert_delivered_once(move)
        counts = self.lexoffice.counts()
        self.assertEqual(counts, {"POST /v1/invoices": 6, "GET /v1/voucherlist": 1})

    def test_list_that_lags_behind(self):
        """What the page does not show yet is read by itself, not scanned for."""
        self.known_customer()
        self.lexoffice.hook("PATCH", "settings", index_lag=3600)
        moves = [self.post_one(), self.post_one()]
        self.work(times=3)
        self.assertEqual(self.lexoffice.counts()["GET /v1/voucherlist"], 1)
        self.let_pass(self.row(moves[0]) | self.row(moves[1]))
        self.work()
        for move in moves:
            self.assert_delivered_once(move)

    def test_contact_unknown_to_documents_for_a_moment(self):
        self.lexoffice.hook("PATCH", "settings", contact_delay=30)
        move = self.post_one()
        self.work()
        row = self.row(move)
        self.assertEqual(row.state, "pending", row.error_message)
        self.assertEqual(row.attempts, 0)
        self.lexoffice.hook("PATCH", "settings", contact_delay=0)
        self.later(move)
        self.assert_delivered_once(move)

    def test_document_that_was_deleted_by_hand(self):
        self.known_customer()
        self.lexoffice.fault(method="GET", path="/v1/invoices/*", status=404)
        move = self.post_one()
        self.work()
        row = self.row(move)
        self.assertEqual((row.state, row.adoption), ("done", "failed"))
        self.assertEqual(len(self.open_activities(move)), 1)

    def test_total_that_differs_by_a_cent_is_shown(self):
        self.known_customer()
        self.lexoffice.fault(method="GET", path="/v1/invoices/*", status=503, count=1)
        move = self.post_one()
        self.work()
        (document,) = self.signed(move)
        line = {
            **document["lineItems"][0],
            "unitPrice": {
                "currency": "EUR",
                "netAmount": 100.01,
                "taxRatePercentage": 19,
            },
        }
        self.lexoffice.hook(
            "POST", f"documents/{document['id']}/edit", lineItems=[line]
        )
        self.later(move)
        self.assertEqual(move.lexoffice_state, "done")
        self.assertIn("119.01", move.lexoffice_message)
        self.assertIn("119.00", move.lexoffice_message)
        self.assertEqual(len(self.open_activities(move)), 1)


class TestFiles(DeliveryCase):
    kind = "salesinvoice"

    def test_failed_upload_makes_no_second_voucher(self):
        self.lexoffice.fault(
            method="POST", path="/v1/vouchers/*/files", cut="after", count=1
        )
        move = self.post_one()
        self.work()
        upload = self.row(move, "upload")
        self.assertEqual(upload.state, "pending")
        self.let_pass(upload)
        self.work()
        self.assertEqual(upload.state, "done")
        (voucher,) = self.lexoffice.documents("salesinvoice")
        self.assertEqual(len(voucher["files"]), 1)
        self.assertEqual(self.posts(), 1)

    def test_refused_file_is_told_and_goes_after_a_retry(self):
        self.lexoffice.fault(
            method="POST",
            path="/v1/vouchers/*/files",
            status=406,
            count=1,
            body={"IssueList": [{"i18nKey": "voucher_upload_toxic_pdf"}]},
        )
        move = self.post_one()
        self.work()
        upload = self.row(move, "upload")
        self.assertEqual(upload.state, "failed")
        self.assertEqual(move.lexoffice_state, "done")
        self.assertEqual(len(self.open_activities(move)), 1)
        move.action_lexoffice_retry()
        self.work()
        self.assertEqual(upload.state, "done", upload.error_message)
        self.assertFalse(self.open_activities(move))
        self.assertEqual(self.posts(), 1)

    def test_queued_mail_goes_first(self):
        """The user's own sending makes the PDF; the upload waits for it."""
        move = self.post_one()
        move.sending_data = {"sending_methods": ["email"]}
        self.work()
        upload = self.row(move, "upload")
        self.assertEqual(upload.state, "pending")
        self.assertGreater(upload.next_attempt_at, upload.write_date)
        self.assertFalse(upload.error_code)


class TestDownload(DeliveryCase):
    def test_document_that_is_not_rendered_yet(self):
        self.connection.fetch_documents = True
        self.lexoffice.fault(
            method="GET", path="/v1/invoices/*/file", status=409, count=1
        )
        self.lexoffice.fault(
            method="GET", path="/v1/invoices/*/file", body="<html>", count=1
        )
        move = self.post_one()
        self.work()
        download = self.row(move, "download")
        for _attempt in range(2):
            self.assertEqual(download.state, "pending")
            self.assertFalse(move.invoice_pdf_report_id)
            self.let_pass(download)
            self.work()
        self.assertEqual(download.state, "done", download.error_message)
        self.assertTrue(move.invoice_pdf_report_id.raw.startswith(b"%PDF"))
