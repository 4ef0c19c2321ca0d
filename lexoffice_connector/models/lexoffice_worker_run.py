# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""What one run of the worker knows, and what its steps may say."""

import time
from contextlib import contextmanager

from ..lexware import LexwareClient, TransientError
from .lexoffice_connection_client import API_URL
from .lexoffice_pace import FAULTS_TO_PAUSE
from .lexoffice_transfer import LEAVE_WITHIN

SERVER_FAULT = 500


class RunEnds(Exception):
    """This run can't go on; the rows wait for the next one."""


class NotYet(Exception):
    """A row's turn comes later, and nothing is wrong with it.

    :param float seconds: when.
    """

    def __init__(self, seconds):
        super().__init__(f"{seconds} s")
        self.seconds = seconds


class Run:
    """One run of one connection: its client, its time, and the gate for requests.

    :param connection: the ``lexoffice.connection``.
    :param float seconds: how long it may last.
    """

    def __init__(self, connection, seconds):
        self.connection = connection
        self.pace = connection._pace()
        self.deadline = time.monotonic() + seconds
        self.client = None
        self.worked = 0
        self.slot_wait = 0.0
        self.faults = self._faults_before = self.pace._faults_before()
        self._leave_before = None

    def open_client(self):
        """The client of this run: each request passes the gate below."""
        return LexwareClient(
            self.connection._host("api_url", API_URL),
            self.connection._token()._bearer,
            before_request=self.before_request,
            after_response=self.after_response,
        )

    def seconds_left(self):
        return max(self.deadline - time.monotonic(), 0.0)

    def check(self):
        """:raises RunEnds: lexoffice has had too many faults."""
        if self.faults >= FAULTS_TO_PAUSE:
            raise RunEnds("lexoffice has faults")

    @contextmanager
    def leaving(self):
        """Around a request that must not be made twice.

        That it is on its way has been committed, and after ``OUTCOME_DELAY`` others
        believe its outcome lost. So it leaves soon or not at all, however long a free
        slot or the renewal of a token takes.
        """
        self._leave_before = time.time() + LEAVE_WITHIN.total_seconds()
        try:
            yield
        finally:
            self._leave_before = None

    def before_request(self):
        """Each request of the client waits here for its slot.

        :raises TransientError: the slot comes too late; nothing was sent.
        """
        self.pace._take_request_slot()
        if self._leave_before and time.time() > self._leave_before:
            raise TransientError("This attempt is too old.", code="rate_limited")

    def after_response(self, status):
        """Count lexoffice's faults in a row."""
        if status is None or status >= SERVER_FAULT:
            self.faults += 1
        else:
            self.faults = 0

    def close(self):
        """Leave the count to the next run; several faults pause the connection."""
        if self.faults != self._faults_before:
            self.pace._note_faults(self.faults)
