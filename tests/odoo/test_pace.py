# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Slots, the time a request has to leave, and the circuit breaker."""

import time
from datetime import timedelta
from unittest.mock import patch

from odoo import fields

from odoo.addons.lexoffice_connector.lexware import TransientError
from odoo.addons.lexoffice_connector.models.lexoffice_worker_run import Run

from ..common import MODELS
from ..delivery import DeliveryCase


class TestSlots(DeliveryCase):
    def setUp(self):
        super().setUp()
        self.pace = self.connection._pace()
        self.pace.request_tat = self.pace.document_tat = False
        self.env.flush_all()

    def waits(self, count, step, burst=1, longest=None):
        """How long each of ``count`` takers would wait if none of them waited."""
        with self.enter_registry_test_mode():
            return [
                self.pace._take("request_tat", step, burst, longest)
                for _taker in range(count)
            ]

    def test_burst_then_even_steps(self):
        waits = self.waits(6, step=10.0, burst=3)
        for wait, expected in zip(waits, (0, 0, 0, 10, 20, 30), strict=True):
            self.assertAlmostEqual(wait, expected, delta=0.5)

    def test_idling_longer_buys_nothing(self):
        self.pace.request_tat = fields.Datetime.now() - timedelta(hours=1)
        waits = self.waits(4, step=10.0, burst=3)
        self.assertAlmostEqual(waits[3], 10, delta=0.5)

    def test_slot_too_far_away_is_not_taken(self):
        self.assertEqual(len(self.waits(2, step=30.0)), 2)
        self.assertEqual(self.waits(2, step=30.0, longest=10.0), [None, None])
        (wait,) = self.waits(1, step=30.0)
        self.assertAlmostEqual(wait, 60, delta=0.5)

    def test_request_far_away_comes_later_instead_of_sleeping(self):
        with self.enter_registry_test_mode():
            self.pace._hold(300)
            started = time.monotonic()
            with self.assertRaises(TransientError) as caught:
                self.pace._take_request_slot()
        self.assertLess(time.monotonic() - started, 1)
        self.assertEqual(caught.exception.code, "rate_limited")
        self.assertAlmostEqual(caught.exception.retry_after, 300, delta=2)

    def test_attempt_too_old_does_not_leave(self):
        """Others believe a request lost some time after ``sending`` was committed."""
        with self.enter_registry_test_mode():
            run = Run(self.connection, 10)
            with run.leaving():
                run.before_request()
                run._leave_before = time.time() - 1
                with self.assertRaises(TransientError):
                    run.before_request()
            run.before_request()

    def test_waiting_attempt_goes_back_unsent(self):
        self.known_customer()
        move = self.post_one()
        with patch(f"{MODELS}.lexoffice_worker_run.LEAVE_WITHIN", timedelta(-1)):
            self.work()
        self.assertEqual(self.row(move).state, "pending")
        self.assertFalse(self.posts())
        self.later(move)
        self.assert_delivered_once(move)

    def test_documents_per_minute_spaces_documents_and_files_use_the_gaps(self):
        self.known_customer()
        self.connection.documents_per_minute = 60
        moves = [self.post_one() for _number in range(3)]
        self.work()
        for move in moves:
            self.assert_delivered_once(move)
        times = sorted(self.row(move).sending_since for move in moves)
        self.assertGreaterEqual(times[-1] - times[0], timedelta(seconds=1))

    def test_slot_after_the_end_of_the_run_is_left_to_the_next(self):
        self.known_customer()
        self.connection.documents_per_minute = 2
        first, second = self.post_one(), self.post_one()
        with patch(f"{MODELS}.lexoffice_worker.LONGEST_SLEEP", 0.01):
            self.work()
        self.assert_delivered_once(first)
        self.assertEqual(self.row(second).state, "pending")
        self.assertFalse(self.row(second).error_code)
        self.assertFalse(self.row(second).attempts)


class TestBreaker(DeliveryCase):
    def setUp(self):
        super().setUp()
        self.pace = self.connection._pace()
        self.known_customer()
        self.lexoffice.fault(path="/v1/*", status=503)
        self.moves = [self.post_one() for _number in range(5)]

    def requests(self):
        return sum(self.lexoffice.counts().values())

    def end_pause(self):
        self.pace.paused_until = fields.Datetime.now() - timedelta(seconds=1)
        self.env.flush_all()

    def test_several_faults_in_a_row_pause_the_connection(self):
        self.work()
        self.assertEqual(self.requests(), 3)
        self.assertTrue(self.connection.paused_until)
        pause = self.connection.paused_until - fields.Datetime.now()
        self.assertLessEqual(pause, timedelta(seconds=75))
        self.assertGreaterEqual(pause, timedelta(seconds=55))
        states = [self.row(move).state for move in self.moves]
        self.assertEqual(states.count("pending"), 2)
        self.work(times=3)
        self.assertEqual(self.requests(), 3, "nothing is sent during a pause")

    def test_one_request_is_tried_and_pauses_double_up_to_an_hour(self):
        self.work()
        pauses = []
        for number in range(8):
            self.end_pause()
            self.work()
            self.assertEqual(self.requests(), 4 + number)
            pauses.append(self.pace.pause_seconds)
        self.assertEqual(pauses, [120, 240, 480, 960, 1920, 3600, 3600, 3600])
        self.assertFalse(any(self.row(move).attempts > 1 for move in self.moves))

    def test_it_opens_again_when_lexoffice_is_back(self):
        self.work()
        self.lexoffice.hook("DELETE", "faults")
        self.end_pause()
        for _look in range(3):
            self.work()
            for move in self.moves:
                self.let_pass(self.row(move))
        self.work()
        for move in self.moves:
            self.assert_delivered_once(move)
        self.assertFalse(self.connection.paused_until)
        self.assertFalse(self.pace.faults)

    def test_a_person_may_end_the_pause(self):
        self.work()
        self.connection.action_end_pause()
        self.assertFalse(self.connection.paused_until)
        self.work()
        self.assertEqual(self.requests(), 4, "one request is tried")

    def test_refusals_are_no_faults(self):
        self.lexoffice.hook("DELETE", "faults")
        self.fail_posts(count=5, status=406)
        self.work()
        self.assertFalse(self.connection.paused_until)
        states = {self.row(move).state for move in self.moves}
        self.assertEqual(states, {"failed"})

    def test_cron_comes_back_when_the_pause_ends(self):
        self.work()
        triggers = self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.connection.sudo().cron_id.id)]
        )
        self.assertIn(self.pace.paused_until, triggers.mapped("call_at"))


class TestWaking(DeliveryCase):
    def triggers(self):
        return self.env["ir.cron.trigger"].search(
            [("cron_id", "=", self.connection.sudo().cron_id.id)]
        )

    def test_rows_that_others_hold_do_not_make_the_cron_spin(self):
        self.known_customer()
        move = self.post_one()
        self.triggers().unlink()
        transfers = type(self.env["lexoffice.transfer"])
        with patch.object(
            transfers, "try_lock_for_update", lambda rows, **_kw: rows.browse()
        ):
            self.work()
        self.assertEqual(self.row(move).state, "pending")
        soonest = min(self.triggers().mapped("call_at"))
        self.assertGreater(soonest, fields.Datetime.now() + timedelta(seconds=20))

    def test_nothing_left_wakes_nobody(self):
        self.post_one()
        self.work()
        self.triggers().unlink()
        self.work()
        self.assertFalse(self.triggers())

    def test_time_limit_too_short_for_a_request_still_sends(self):
        with patch(f"{MODELS}.lexoffice_worker.config", {"limit_time_real_cron": 30}):
            move = self.post_one()
            self.work(times=2)
        self.assert_delivered_once(move)
