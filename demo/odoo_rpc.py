# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""A small JSON-RPC client with a web session, as the browser has one."""

import requests


class DemoError(Exception):
    """The walk can't go on; the message says why."""


class OdooSession:
    """Logged in to one database; calls methods as the web client does.

    :param str url: Odoo as this process reaches it.
    :param str database: its database.
    """

    def __init__(self, url, database, login, password, timeout=120):
        self.url = url.rstrip("/")
        self.timeout = timeout
        self.http = requests.Session()
        answer = self._rpc(
            "/web/session/authenticate",
            {"db": database, "login": login, "password": password},
        )
        if not answer.get("uid"):
            raise DemoError(f"Odoo did not let {login} in to {database}.")

    def _rpc(self, path, params):
        answer = self.http.post(
            self.url + path,
            json={"jsonrpc": "2.0", "method": "call", "params": params, "id": 1},
            timeout=self.timeout,
        )
        answer.raise_for_status()
        body = answer.json()
        if error := body.get("error"):
            data = error.get("data") or {}
            raise DemoError(f"Odoo: {data.get('message') or error['message']}")
        return body.get("result")

    def call(self, model, method, *args, company=None, **kwargs):
        """Call a public method.

        :param int company: the company to act in.
        """
        context = {"lang": "de_DE", "tz": "Europe/Berlin"}
        if company:
            context["allowed_company_ids"] = [company]
        kwargs["context"] = {**context, **kwargs.get("context", {})}
        return self._rpc(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": list(args), "kwargs": kwargs},
        )

    def search_read(self, model, domain, names, **kwargs):
        return self.call(model, "search_read", domain, names, **kwargs)

    def get(self, path):
        """Open a page with this session, without following redirects."""
        return self.http.get(
            self.url + path, timeout=self.timeout, allow_redirects=False
        )
