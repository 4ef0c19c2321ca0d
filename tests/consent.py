# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Companies that connect: users, sessions, and the walk through lexoffice's pages."""

import re
from urllib.parse import parse_qs, urlsplit

import requests

from odoo.tests import HttpCase, new_test_user

from .common import LexofficeCommon
from .stand_in import CLIENT_ID, CLIENT_SECRET, PASSWORD, USER

MANAGER = "account.group_account_manager"


class ConnectCase(LexofficeCommon, HttpCase):
    """A manager with a session of his own and a connection that is not made yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.new_user("leitung", MANAGER)
        cls.connection = cls.new_connection()

    @classmethod
    def new_user(cls, login, groups):
        return new_test_user(
            cls.env,
            login=login,
            groups=groups,
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    @classmethod
    def new_connection(cls, **values):
        return cls.env["lexoffice.connection"].create(
            {
                "company_id": cls.company.id,
                "client_id": CLIENT_ID,
                "client_secret": CLIENT_SECRET,
                "responsible_user_id": cls.manager.id,
                "export_start_date": "2020-01-01",
                "documents_per_minute": 0,
                "fetch_documents": False,
                **values,
            }
        )

    @property
    def token(self):
        """The secrets as only the superuser reads them."""
        self.env.invalidate_all()
        return self.connection._token()

    def log_in(self, user=None):
        login = (user or self.manager).login
        self.authenticate(login, login)

    def rpc(self, method, *arguments, model="lexoffice.connection", **kwargs):
        """Call a method as the web client does, with the session that is logged in."""
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {
                "model": model,
                "method": method,
                "args": list(arguments),
                "kwargs": kwargs,
            },
        )

    def start_consent(self):
        """Press the button; returns the address of lexoffice's consent page."""
        action = self.rpc("action_connect", self.connection.ids)
        self.assertEqual(
            (action["type"], action["target"]), ("ir.actions.act_url", "self")
        )
        return action["url"]

    def decide(self, url, decision="allow", email=USER):
        """Log in at lexoffice and press a button there.

        :return: path and query that lexoffice sends the browser back to.
        """
        back = urlsplit(walk_consent(self.lexoffice, url, decision, email))
        self.assertEqual(
            back._replace(query="").geturl(), self.connection.oauth_redirect_uri
        )
        return f"{back.path}?{back.query}"

    def come_back(self, address):
        """What the browser gets from Odoo, redirects not followed."""
        answer = self.url_open(address, allow_redirects=False)
        self.env.invalidate_all()
        return answer

    def consent(self, decision="allow", **kwargs):
        """The whole round trip; returns Odoo's answer to the callback."""
        url = self.start_consent()
        return self.come_back(self.decide(url, decision, **kwargs))

    def connect_by_consent(self):
        """Logged in as the manager, connected."""
        self.log_in()
        self.consent()
        self.assertEqual(self.connection.state, "connected")
        return self.connection

    def second_organization(self):
        """Another lexoffice account; returns the e-mail address of its user."""
        email = "max@andere.example"
        self.lexoffice.hook(
            "POST",
            "accounts",
            organization="Andere GmbH",
            users=[{"email": email, "password": PASSWORD, "name": "Max"}],
        )
        return email

    def assertNothingStored(self):
        self.assertEqual(self.connection.state, "disconnected")
        self.assertFalse(self.token.access_token)
        self.assertFalse(self.token.refresh_token)
        self.assertFalse(self.connection.organization_id)

    def assertPage(self, answer, status, text):
        """A page of ours, in words, without any secret of the address."""
        self.assertEqual(answer.status_code, status)
        self.assertIn(text, " ".join(answer.text.split()))


def walk_consent(lexoffice, url, decision="allow", email=USER):
    """Log in on the consent page and press a button, as a browser does.

    :return: the address that lexoffice sends the browser back to.
    """

    def submit(page, step, form):
        request_id = re.search(r'name="request_id" value="([^"]*)"', page.text)[1]
        return http.post(
            f"{lexoffice.url}/oauth2/authorize/{step}",
            data={"request_id": request_id, **form},
            timeout=30,
            allow_redirects=False,
        )

    with requests.Session() as http:
        page = http.get(url, timeout=30)
        page = submit(page, "login", {"email": email, "password": PASSWORD})
        return submit(page, "consent", {"decision": decision}).headers["Location"]


def query_of(address):
    """The parameters of an address, each with its first value."""
    values = parse_qs(urlsplit(address).query)
    return {name: found[0] for name, found in values.items()}
