# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""What ``make bench`` and ``make chaos`` ask of the stand-in's own hooks."""

from demo.sandbox import Sandbox


class Hooks(Sandbox):
    """The demo's client of the hooks, and what the demo doesn't need."""

    def set_pace(self, requests_per_second):
        """The rate at which every account's bucket is filled."""
        self._call("PATCH", "/settings", json={"rate_refill": requests_per_second})

    def add_rule(self, rule):
        return self._call("POST", "/faults", json=rule)

    def clear_rules(self):
        # An empty answer has no JSON.
        self.http.delete(f"{self.url}/sandbox/faults", timeout=self.timeout)

    def forget_requests(self):
        self.http.delete(f"{self.url}/sandbox/requests", timeout=self.timeout)

    def expire_tokens(self):
        self.http.post(f"{self.url}/sandbox/tokens/expire", timeout=self.timeout)

    def counts(self):
        """Requests by method and path template."""
        return self._call("GET", "/requests", params={"limit": 0})["counts"]

    def requests(self):
        """The log of all requests."""
        return self._call("GET", "/requests")["requests"]

    def add_account(self, organization, key):
        """An account that an API key opens; the first one is the stand-in's own."""
        new = {"organization": organization, "api_keys": [key]}
        return self._call("POST", "/accounts", json=new)
