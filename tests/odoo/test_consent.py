# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
from types import SimpleNamespace
from unittest.mock import patch
from urllib.parse import urlencode

from freezegun import freeze_time

from odoo import fields
from odoo.tools import mute_logger

from ..common import MODELS
from ..consent import MANAGER, ConnectCase, query_of

CALLBACK = "/lexoffice/oauth/callback"


class TestConsentAllowed(ConnectCase):
    def test_connection_knows_the_account(self):
        self.log_in()
        before = fields.Datetime.now()

        answer = self.consent()

        self.assertEqual(answer.status_code, 303)
        action = "lexoffice_connector.lexoffice_connection_action"
        self.assertURLEqual(
            answer.headers["Location"], f"/odoo/action-{action}/{self.connection.id}"
        )
        connection = self.connection
        self.assertEqual(connection.state, "connected")
        self.assertEqual(connection.organization_name, "Testfirma GmbH")
        self.assertEqual(connection.tax_type, "net")
        self.assertFalse(connection.small_business)
        self.assertGreaterEqual(connection.connected_since, before)
        lifetime = connection.valid_until - before
        self.assertAlmostEqual(lifetime.total_seconds(), 14399, delta=60)

    def test_lists_are_loaded_and_service_is_the_default_category(self):
        self.connect_by_consent()

        connection = self.connection
        self.assertEqual(connection.posting_category_id.name, "Dienstleistung")
        theirs = {
            row["id"]
            for row in self.lexoffice.api("posting-categories")
            if row["type"] == "income"
        }
        known = connection.posting_category_ids.mapped("lexoffice_uuid")
        self.assertEqual(set(known), theirs)
        layouts = self.lexoffice.api("print-layouts")
        self.assertEqual(
            connection.print_layout_ids.mapped("name"), [row["name"] for row in layouts]
        )

    def test_reconnect_keeps_a_chosen_category(self):
        self.connect_by_consent()
        other = self.connection.posting_category_ids.filtered(
            lambda category: category.name != "Dienstleistung"
        )[0]
        self.connection.posting_category_id = other

        self.consent()

        self.assertEqual(self.connection.posting_category_id, other)

    def test_small_business_is_shown(self):
        (account,) = self.lexoffice.hook("GET", "accounts")
        self.lexoffice.hook(
            "PATCH", f"accounts/{account['id']}", smallBusiness=True, taxType="vatfree"
        )
        self.connect_by_consent()
        self.assertTrue(self.connection.small_business)
        self.assertEqual(self.connection.tax_type, "vatfree")

    def test_consent_page_is_asked_with_pkce_and_all_permissions(self):
        self.log_in()
        asked = query_of(self.start_consent())
        self.assertEqual(asked["code_challenge_method"], "S256")
        self.assertGreaterEqual(len(asked["code_challenge"]), 43)
        self.assertEqual(asked["response_type"], "code")
        self.assertEqual(asked["redirect_uri"], self.connection.oauth_redirect_uri)
        self.assertIn("Odoo", asked["connection_name"])
        for scope in ("invoices.write", "vouchers.write", "files.write"):
            self.assertIn(scope, asked["scope"].split())


class TestConsentNotGiven(ConnectCase):
    def test_denied(self):
        self.log_in()
        answer = self.consent("deny")
        self.assertPage(answer, 200, "Access to lexoffice was not allowed")
        self.assertNothingStored()

    def test_denied_on_reconnect_leaves_the_connection_as_it_was(self):
        self.connect_by_consent()
        before = self.token.refresh_token
        self.consent("deny")
        self.assertEqual(self.connection.state, "connected")
        self.assertEqual(self.token.refresh_token, before)

    def test_lexoffice_reports_another_error(self):
        self.log_in()
        state = query_of(self.start_consent())["state"]
        query = urlencode({"error": "invalid_scope", "state": state})
        answer = self.come_back(f"{CALLBACK}?{query}")
        self.assertPage(answer, 200, "lexoffice reported an error")
        self.assertNothingStored()

    def test_code_refused(self):
        self.log_in()
        state = query_of(self.start_consent())["state"]
        query = urlencode({"code": "x" * 128, "state": state})
        answer = self.come_back(f"{CALLBACK}?{query}")
        self.assertPage(answer, 200, "The connection could not be made")
        self.assertNothingStored()

    def test_account_that_cant_be_read_is_not_connected(self):
        """The grant that nobody will use is given back to lexoffice."""
        self.log_in()
        self.lexoffice.fault(path="/v1/profile", status=503)
        answer = self.consent()
        self.assertPage(answer, 200, "lexoffice has a fault at the moment")
        self.assertNothingStored()
        self.assertFalse(self.lexoffice.hook("GET", "connections"))

    def test_another_organization_on_reconnect(self):
        self.connect_by_consent()
        before = self.token.refresh_token

        answer = self.consent(email=self.second_organization())

        self.assertPage(answer, 200, "the lexoffice account of Andere GmbH")
        self.assertEqual(self.connection.organization_name, "Testfirma GmbH")
        self.assertEqual(self.connection.state, "connected")
        self.assertEqual(self.token.refresh_token, before)
        self.lexoffice.hook("POST", "tokens/expire")
        notice = self.rpc("action_test_connection", self.connection.ids)
        self.assertEqual(notice["params"]["type"], "success")
        self.assertEqual(len(self.lexoffice.hook("GET", "connections")), 1)


class TestState(ConnectCase):
    """The signed state works once, for an hour, for its user and session."""

    def assertRefused(self, answer):
        self.assertPage(answer, 403, "This step has expired")
        self.assertNothingStored()
        exchanges = self.lexoffice.counts().get("POST /oauth2/token", 0)
        self.assertEqual(exchanges, 0, "the code must not even be traded")

    def test_forged(self):
        self.log_in()
        for state in ("", "x", "äöü", "A" * 400, "AQ" + "A" * 80):
            with self.subTest(state=state):
                self.start_consent()
                query = urlencode({"code": "x" * 128, "state": state})
                self.assertRefused(self.come_back(f"{CALLBACK}?{query}"))

    def test_changed_by_one_letter(self):
        self.log_in()
        back = query_of(self.decide(self.start_consent()))
        state = back["state"]
        letter = "A" if state[-5] != "A" else "B"
        back["state"] = f"{state[:-5]}{letter}{state[-4:]}"
        self.assertRefused(self.come_back(f"{CALLBACK}?{urlencode(back)}"))

    def test_missing(self):
        self.log_in()
        self.start_consent()
        self.assertRefused(self.come_back(f"{CALLBACK}?code={'x' * 128}"))

    def test_expired(self):
        self.log_in()
        connection = self.connection.with_user(self.manager)
        session = {}
        request = SimpleNamespace(session=session)
        with (
            freeze_time("2026-01-05 08:00:00"),
            patch(f"{MODELS}.lexoffice_connection_consent.request", request),
        ):
            state = query_of(connection._consent_url())["state"]
        (kept,) = session.values()
        model = self.env["lexoffice.connection"].with_user(self.manager)
        with freeze_time("2026-01-05 08:59:00"):
            self.assertEqual(model._from_oauth_state(state, kept), connection)
        with freeze_time("2026-01-05 09:01:00"):
            self.assertFalse(model._from_oauth_state(state, kept))

    def test_replayed(self):
        self.log_in()
        address = self.decide(self.start_consent())
        self.come_back(address)
        self.assertEqual(self.connection.state, "connected")
        answer = self.come_back(address)
        self.assertPage(answer, 403, "This step has expired")
        self.assertEqual(self.lexoffice.counts()["POST /oauth2/token"], 1)
        self.assertEqual(self.connection.state, "connected")

    def test_of_another_session_of_the_same_user(self):
        self.log_in()
        address = self.decide(self.start_consent())
        self.log_in()
        self.assertRefused(self.come_back(address))

    def test_of_another_user(self):
        """An attacker makes a victim finish what he has begun."""
        victim = self.new_user("opfer", MANAGER)
        self.log_in()
        address = self.decide(self.start_consent())
        self.log_in(victim)
        self.start_consent()
        self.assertRefused(self.come_back(address))

    def test_of_another_connection(self):
        """The nonce belongs to one state, not to any state of the session."""
        self.log_in()
        first = self.decide(self.start_consent())
        self.start_consent()
        self.assertRefused(self.come_back(first))


class TestRights(ConnectCase):
    @mute_logger("odoo.http")
    def test_only_managers_connect(self):
        for login, group in (
            ("buchung", "account.group_account_user"),
            ("rechnung", "account.group_account_invoice"),
            ("portal", "base.group_portal"),
        ):
            with self.subTest(group=group):
                self.log_in(self.new_user(login, group))
                with self.assertRaisesRegex(Exception, "AccessError"):
                    self.start_consent()

    def test_rights_lost_while_in_lexoffice(self):
        self.log_in()
        address = self.decide(self.start_consent())
        group = self.env.ref("account.group_account_user")
        self.manager.write({"group_ids": [(6, 0, group.ids)]})
        answer = self.come_back(address)
        self.assertPage(answer, 403, "You may not change this connection")
        self.assertNothingStored()

    def test_company_lost_while_in_lexoffice(self):
        self.log_in()
        address = self.decide(self.start_consent())
        other = self.env["res.company"].create({"name": "Andere"})
        self.manager.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        answer = self.come_back(address)
        self.assertPage(answer, 403, "You may not change this connection")
        self.assertNothingStored()

    def test_portal_user_at_the_callback(self):
        self.log_in(self.new_user("portal", "base.group_portal"))
        query = urlencode({"code": "x" * 128, "state": "x"})
        answer = self.come_back(f"{CALLBACK}?{query}")
        self.assertPage(answer, 403, "This step has expired")

    def test_nobody_at_the_callback(self):
        answer = self.come_back(f"{CALLBACK}?code=x&state=x")
        self.assertEqual(answer.status_code, 303)
        self.assertIn("/web/login", answer.headers["Location"])

    def test_manager_of_a_branch_does_not_change_the_parents_connection(self):
        branch = self.env["res.company"].create(
            {"name": "Filiale", "parent_id": self.company.id}
        )
        self.manager.write(
            {"company_ids": [(6, 0, branch.ids)], "company_id": branch.id}
        )
        connection = self.connection.with_user(self.manager)
        self.assertTrue(connection.has_access("read"))
        self.assertFalse(connection.has_access("write"))


class TestMissingEntries(ConnectCase):
    @mute_logger("odoo.http")
    def test_client_id_or_secret_missing(self):
        self.log_in()
        self.connection.client_id = False
        with self.assertRaisesRegex(Exception, "UserError"):
            self.start_consent()

    def test_wrong_client_secret(self):
        self.log_in()
        self.connection.client_secret = "wrong"
        answer = self.consent()
        self.assertPage(answer, 200, "the client secret is wrong")
        self.assertNothingStored()
