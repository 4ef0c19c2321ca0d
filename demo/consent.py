# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The consent in lexoffice, walked page by page as a browser does."""

from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import requests

from .odoo_rpc import DemoError


class _Form(HTMLParser):
    """The first form of a page: its address and its prefilled fields."""

    def __init__(self, page):
        super().__init__()
        self.action = None
        self.fields = {}
        self.buttons = set()
        self.texts = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "form" and self.action is None:
            self.action = values.get("action", "")
        elif tag == "input" and values.get("name"):
            if values.get("type") != "radio" or "checked" in values:
                self.fields[values["name"]] = values.get("value") or ""
        elif tag == "button" and values.get("name"):
            self.buttons.add(values["name"])

    def handle_data(self, data):
        if text := " ".join(data.split()):
            self.texts.append(text)


class ConsentBrowser:
    """A browser of its own for lexoffice: nobody is logged in at the start.

    :param str origin: lexoffice as this process reaches it.
    """

    def __init__(self, origin, timeout=30):
        self.origin = origin.rstrip("/")
        self.timeout = timeout
        self.http = requests.Session()

    def allow(self, address, email, password):
        """Log in, grant access, and return where lexoffice sends the browser.

        :param str address: the consent page, as Odoo named it.
        """
        parts = urlsplit(address)
        page = self.http.get(
            f"{self.origin}{parts.path}?{parts.query}", timeout=self.timeout
        )
        page = self._submit(page, "email", {"email": email, "password": password})
        answer = self._submit(page, "decision", {"decision": "allow"}, follow=False)
        if not answer.is_redirect:
            raise DemoError(
                f"lexoffice did not send the browser back ({answer.status_code})."
            )
        return answer.headers["Location"]

    def _submit(self, page, expected, values, follow=True):
        """Fill in the form of a page and send it."""
        form = _Form(page.text)
        names = {
            *form.fields,
            *(["decision"] if 'name="decision"' in page.text else []),
        }
        if page.status_code != 200 or expected not in names:
            raise DemoError(
                f"The page {urlsplit(page.url).path} of lexoffice has no field"
                f" {expected} ({page.status_code}): {' '.join(form.texts)[-300:]}"
            )
        return self.http.post(
            urljoin(page.url, form.action),
            data={**form.fields, **values},
            timeout=self.timeout,
            allow_redirects=follow,
        )
