# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The running stand-in, as tests see it: started once, reset for each test."""

import functools
import os

import requests

API_KEY = "key-of-the-tests"
CLIENT_ID = "3f0f7a52-0d7c-4f2a-9f4f-1f2d3c4b5a69"
CLIENT_SECRET = "secret-of-the-tests"
USER, PASSWORD = "erika@testfirma.example", "lexoffice"


class StandIn:
    """A stand-in of lexoffice that runs somewhere.

    Not started from here: Odoo ends every child process of a test class with it.
    """

    def __init__(self, url):
        self.url = url

    def hook(self, method, path, /, **body):
        """Call one of the stand-in's own hooks; returns its JSON."""
        response = requests.request(
            method, f"{self.url}/sandbox/{path}", json=body or None, timeout=30
        )
        response.raise_for_status()
        return response.json() if response.content else None

    def reset(self):
        """Back to one empty account."""
        self.hook("POST", "reset")

    def api(self, path, key=API_KEY, **params):
        """Read from the API as another program would."""
        response = requests.get(
            f"{self.url}/v1/{path}",
            params=params,
            headers={"Authorization": f"Bearer {key}"},
            timeout=30,
        )
        response.raise_for_status()
        return response.json()

    def documents(self, kind=None):
        """Everything that has been created: invoices, credit notes, vouchers."""
        found = self.hook("GET", "documents")
        return [one["document"] for one in found if kind in (None, one["voucherType"])]

    def counts(self):
        """How often each kind of request came: ``{"POST /v1/invoices": 1}``."""
        return self.hook("GET", "requests")["counts"]

    def fault(self, **rule):
        """Have requests fail, see the stand-in's README."""
        return self.hook("POST", "faults", **rule)


@functools.cache
def shared_stand_in():
    """The stand-in that the test run has started, see ``scripts/run_tests.py``."""
    return StandIn(os.environ["LEXOFFICE_SANDBOX_URL"])
