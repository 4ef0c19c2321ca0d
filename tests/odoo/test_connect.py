# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
from odoo import api
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase
from odoo.tools import mute_logger

from ..common import LexofficeCommon
from ..consent import ConnectCase
from ..stand_in import API_KEY


class TestApiKey(LexofficeCommon, HttpCase):
    def new_connection(self, key):
        return self.env["lexoffice.connection"].create(
            {
                "company_id": self.company.id,
                "auth_method": "api_key",
                "api_key": key,
                "responsible_user_id": self.env.user.id,
            }
        )

    def new_key(self, key, scopes=None, account=None):
        account = account or self.lexoffice.hook("GET", "accounts")[0]
        path = f"accounts/{account['id']}/api-keys"
        body = {"scopes": scopes} if scopes else {}
        self.lexoffice.hook("POST", path, key=key, **body)
        return key

    def notice(self, action):
        self.assertEqual(action["tag"], "display_notification")
        return action["params"]["type"], action["params"]["message"]

    def test_right_key(self):
        connection = self.new_connection(API_KEY)
        kind, message = self.notice(connection.action_connect())
        self.assertEqual((kind, message), ("success", "Connected with Testfirma GmbH."))
        self.assertEqual(connection.state, "connected")
        self.assertEqual(connection.tax_type, "net")
        self.assertTrue(connection.connected_since)
        self.assertFalse(connection.valid_until, "a key has no end")
        self.assertEqual(connection.posting_category_id.name, "Dienstleistung")

    def test_key_copied_with_blanks(self):
        connection = self.new_connection(f" {API_KEY}\n")
        kind, _message = self.notice(connection.action_connect())
        self.assertEqual(kind, "success")

    def test_wrong_key(self):
        connection = self.new_connection("wrong")
        kind, message = self.notice(connection.action_connect())
        self.assertEqual(kind, "danger")
        self.assertIn("does not accept", message)
        self.assertEqual(connection.state, "disconnected")
        self.assertFalse(connection.organization_name)

    def test_no_key(self):
        connection = self.new_connection(False)
        with self.assertRaisesRegex(UserError, "Enter the API key"):
            connection.action_connect()

    def test_key_without_a_scope(self):
        key = self.new_key("poor", scopes=["contacts.read"])
        connection = self.new_connection(key)
        kind, message = self.notice(connection.action_connect())
        self.assertEqual(kind, "danger")
        self.assertIn("make a new API key with all of them", message)
        self.assertEqual(connection.state, "disconnected")

    def test_lexoffice_not_reachable(self):
        connection = self.new_connection(API_KEY)
        self.lexoffice.fault(path="/v1/*", status=503)
        kind, message = self.notice(connection.action_connect())
        self.assertEqual(kind, "danger")
        self.assertIn("lexoffice has a fault at the moment", message)
        self.assertEqual(connection.state, "disconnected")

    def test_new_key_is_tested_before_anything_goes_through_it(self):
        """It may be the key of another account."""
        connection = self.connect()
        account = self.lexoffice.hook("POST", "accounts", organization="Andere GmbH")
        connection.api_key = self.new_key("of-others", account=account)
        self.assertEqual(connection.state, "reconnect")
        move = self.invoice()
        self.run_worker(connection)
        self.assertEqual(move.lexoffice_state, "pending")
        self.assertFalse(self.lexoffice.documents())

        with self.assertRaisesRegex(UserError, "account of Andere GmbH"):
            connection.action_test_connection()

        connection.api_key = self.new_key("second")
        connection.action_test_connection()
        self.run_worker(connection)
        self.assertEqual(move.lexoffice_state, "done")

    def test_other_method_is_tested_before_anything_goes_through_it(self):
        connection = self.connect()
        connection.auth_method = "oauth2"
        self.assertEqual(connection.state, "reconnect")

    def test_key_withdrawn_in_lexoffice(self):
        connection = self.connect()
        move = self.invoice()
        connection.sudo()._token().api_key = "withdrawn"

        self.run_worker(connection, times=2)

        self.assertEqual(connection.state, "reconnect")
        self.assertEqual(move.lexoffice_state, "pending")
        self.assertEqual(len(connection.activity_ids), 1)

    def test_test_finds_that_the_key_was_withdrawn(self):
        connection = self.connect()
        connection.sudo()._token().api_key = "withdrawn"
        kind, _message = self.notice(connection.action_test_connection())
        self.assertEqual(kind, "danger")
        self.assertEqual(connection.state, "reconnect")

    def test_test_keeps_the_state_when_lexoffice_is_down(self):
        connection = self.connect()
        self.lexoffice.fault(path="/v1/profile", status=503)
        kind, _message = self.notice(connection.action_test_connection())
        self.assertEqual(kind, "danger")
        self.assertEqual(connection.state, "connected")

    def test_disconnect_forgets_the_key(self):
        connection = self.connect()
        connection.action_disconnect()
        self.assertEqual(connection.state, "disconnected")
        self.assertFalse(connection.has_api_key)


class TestDisconnect(ConnectCase):
    def test_grant_is_given_back(self):
        self.connect_by_consent()
        self.assertEqual(len(self.lexoffice.hook("GET", "connections")), 1)

        self.rpc("action_disconnect", self.connection.ids)

        self.assertFalse(self.lexoffice.hook("GET", "connections"))
        self.assertEqual(self.connection.state, "disconnected")
        self.assertFalse(self.connection.connected_since)
        self.assertFalse(self.connection.valid_until)
        self.assertFalse(self.token.access_token)
        self.assertFalse(self.token.refresh_token)

    def test_lexoffice_down_does_not_keep_anybody_connected(self):
        self.connect_by_consent()
        self.lexoffice.fault(path="/oauth2/revoke", status=503)

        self.rpc("action_disconnect", self.connection.ids)

        self.assertEqual(self.connection.state, "disconnected")
        self.assertFalse(self.token.refresh_token)
        notes = "".join(self.connection.message_ids.mapped("body"))
        self.assertIn("lexoffice has a fault", notes)

    def test_rows_wait_until_connected_again(self):
        connection = self.connect_by_consent()
        move = self.invoice()
        self.rpc("action_disconnect", connection.ids)
        self.run_worker(connection)
        self.assertEqual(move.lexoffice_state, "pending")

        self.consent()
        self.run_worker(connection)

        self.assertEqual(move.lexoffice_state, "done")

    def test_nothing_posted_while_disconnected_is_queued(self):
        self.connect_by_consent()
        self.rpc("action_disconnect", self.connection.ids)
        move = self.invoice()
        self.assertFalse(move.lexoffice_state)
        self.assertNotIn("VORL", move.name)

    @mute_logger("odoo.http")
    def test_only_managers_disconnect_and_test(self):
        self.connect_by_consent()
        self.log_in(self.new_user("rechnung", "account.group_account_invoice"))
        for method in ("action_disconnect", "action_test_connection"):
            with (
                self.subTest(method=method),
                self.assertRaisesRegex(Exception, "AccessError"),
            ):
                self.rpc(method, self.connection.ids)
        self.assertEqual(self.connection.state, "connected")


class TestCopiedDatabase(ConnectCase):
    """Another mark is what a copy on another server, or under another name, has."""

    def setUp(self):
        super().setUp()
        self.connect_by_consent()
        self.move = self.invoice()
        self.connection.sudo().database_mark = "uuid:cluster:original"
        self.env.flush_all()
        self.lexoffice.hook("POST", "tokens/expire")
        self.before = self.lexoffice.counts()

    def assertSilent(self):
        self.assertEqual(self.lexoffice.counts(), self.before)
        self.assertEqual(self.move.lexoffice_state, "pending")

    def test_nothing_is_sent_nor_refreshed(self):
        self.assertTrue(self.connection.is_copied_database)
        self.run_worker(self.connection)
        self.assertSilent()

    def test_nobody_can_test_or_reconnect(self):
        for state in ("connected", "reconnect"):
            self.connection.sudo().state = state
            for method in ("action_test_connection", "action_connect"):
                with (
                    self.subTest(state=state, method=method),
                    self.assertRaisesRegex(UserError, "This database is a copy"),
                ):
                    getattr(self.connection.with_user(self.manager), method)()
        self.assertSilent()

    def test_disconnecting_the_copy_leaves_the_originals_grant_alone(self):
        self.connection.action_disconnect()
        self.assertEqual(len(self.lexoffice.hook("GET", "connections")), 1)
        self.assertSilent()
        self.assertFalse(self.token.refresh_token)
        self.assertFalse(self.connection.is_copied_database)

    def test_goes_on_when_an_administrator_says_moved(self):
        self.rpc("action_confirm_moved", self.connection.ids)
        self.env.invalidate_all()
        self.run_worker(self.connection)
        self.assertEqual(self.move.lexoffice_state, "done")

    def test_only_managers_say_moved(self):
        user = self.new_user("rechnung", "account.group_account_invoice")
        with self.assertRaises(AccessError):
            self.connection.with_user(user).action_confirm_moved()
        self.assertTrue(self.connection.is_copied_database)

    def test_mark_differs_for_a_copy_in_the_same_cluster(self):
        """A copy keeps Odoo's uuid; PostgreSQL tells the two apart."""
        name = self.env.cr.dbname
        mark = self.connection._database_mark()
        self.env.cr.execute("SELECT oid FROM pg_database WHERE datname = %s", (name,))
        uuid = self.env["ir.config_parameter"].sudo().get_param("database.uuid")
        self.assertTrue(mark.startswith(uuid))
        self.assertTrue(mark.endswith(f":{self.env.cr.fetchone()[0]}"))


class TestNeutralizedDatabase(LexofficeCommon):
    def test_secrets_are_cleared_and_nothing_talks(self):
        connection = self.connect()
        connection.client_secret = "secret"
        move = self.invoice()
        self.env.flush_all()
        self.neutralize()

        token = connection.sudo()._token()
        for name in ("api_key", "client_secret", "access_token", "refresh_token"):
            self.assertFalse(token[name], name)
        self.assertEqual(connection.state, "disconnected")
        self.assertFalse(connection.auto_export)

        connection.api_key = API_KEY
        with self.assertRaisesRegex(UserError, "copy for tests"):
            connection.action_connect()
        connection.sudo().state = "connected"
        before = self.lexoffice.counts()
        self.run_worker(connection)
        self.assertEqual(self.lexoffice.counts(), before)
        self.assertEqual(move.lexoffice_state, "pending")

    def neutralize(self):
        """The module's own script and the mark that Odoo sets with it."""
        from odoo.modules import neutralize

        (query,) = neutralize.get_neutralization_queries(["lexoffice_connector"])
        self.env.cr.execute(query)
        api.Environment(self.env.cr, self.env.uid, {}).invalidate_all()
        self.env["ir.config_parameter"].sudo().set_param(
            "database.is_neutralized", "true"
        )
        self.env.invalidate_all()
