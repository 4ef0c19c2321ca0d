# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
import threading
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields
from odoo.tests import TransactionCase

from odoo.addons.lexoffice_connector.lexware import (
    AuthError,
    OAuthClient,
    TransientError,
)

from ..consent import ConnectCase, query_of, walk_consent
from ..stand_in import CLIENT_ID, CLIENT_SECRET, shared_stand_in

TOKEN_CALL = "POST /oauth2/token"


class TestRefresh(ConnectCase):
    def setUp(self):
        super().setUp()
        self.connect_by_consent()
        self.first = self.token.access_token

    def exchanges(self):
        return self.lexoffice.counts().get(TOKEN_CALL, 0)

    def age(self, **left):
        """As if the access token ended after so much time."""
        self.token.expires_at = fields.Datetime.now() + timedelta(**left)
        self.env.flush_all()

    def test_fresh_token_is_used_as_it_is(self):
        move = self.invoice()
        self.run_worker(self.connection)
        self.assertEqual(move.lexoffice_state, "done")
        self.assertEqual(self.exchanges(), 1, "only the code")

    def test_expired_token_is_refreshed_once(self):
        self.age(minutes=-1)
        moves = self.invoice() + self.invoice()
        self.run_worker(self.connection)
        self.assertEqual(set(moves.mapped("lexoffice_state")), {"done"})
        self.assertEqual(self.exchanges(), 2)
        self.assertNotEqual(self.token.access_token, self.first)
        lifetime = self.token.expires_at - fields.Datetime.now()
        self.assertGreater(lifetime, timedelta(hours=3))

    def test_token_about_to_expire_is_refreshed(self):
        self.age(seconds=30)
        self.token._bearer()
        self.assertEqual(self.exchanges(), 2)

    def test_token_that_dies_early_is_refreshed_once_and_the_work_goes_on(self):
        """Changing one's password in lexoffice ends access tokens at once."""
        move = self.invoice()
        self.lexoffice.hook("POST", "tokens/expire")
        self.run_worker(self.connection)
        self.assertEqual(move.lexoffice_state, "done")
        self.assertEqual(len(self.lexoffice.documents("invoice")), 1)
        self.assertEqual(self.exchanges(), 2)

    def test_token_already_replaced_by_another_worker_is_not_refreshed_again(self):
        self.assertEqual(self.token._bearer(rejected="an older one"), self.first)
        self.assertEqual(self.exchanges(), 1)

    def test_lexoffice_down_while_refreshing_loses_nothing(self):
        move = self.invoice()
        before = self.token.refresh_token
        self.age(minutes=-1)
        self.lexoffice.fault(path="/oauth2/token", status=503, count=1)
        self.run_worker(self.connection)
        self.assertEqual(self.token.refresh_token, before)
        self.assertEqual(move.lexoffice_state, "pending")
        self.assertEqual(self.connection.state, "connected")

        self.let_pass(self.row(move))
        self.run_worker(self.connection)
        self.assertEqual(move.lexoffice_state, "done")


class TestGrantEnded(ConnectCase):
    """A user removes the connection in lexoffice: ``invalid_grant``."""

    def setUp(self):
        super().setUp()
        self.connect_by_consent()
        self.moves = self.invoice() + self.invoice()
        self.end_grant()
        self.run_worker(self.connection)

    def end_grant(self):
        for one in self.lexoffice.hook("GET", "connections"):
            self.lexoffice.hook("POST", f"connections/{one['id']}/revoke")

    def test_connection_needs_to_be_made_again_and_rows_wait(self):
        self.assertEqual(self.connection.state, "reconnect")
        self.assertEqual(set(self.moves.mapped("lexoffice_state")), {"pending"})
        self.assertFalse(self.moves.activity_ids, "nothing about single invoices")
        self.assertFalse(self.lexoffice.documents())

    def test_one_activity_for_the_responsible_user(self):
        self.connection.sudo().state = "connected"
        self.run_worker(self.connection, times=2)
        (activity,) = self.connection.activity_ids
        self.assertEqual(activity.user_id, self.manager)
        self.assertIn("Connect again", activity.note)

    def test_responsible_user_who_has_left(self):
        self.connection.activity_ids.unlink()
        self.manager.active = False
        self.connection.sudo().state = "connected"
        self.run_worker(self.connection)
        (activity,) = self.connection.activity_ids
        self.assertEqual(activity.user_id, self.env.ref("base.user_admin"))

    def test_invoices_go_on_being_posted(self):
        move = self.invoice()
        self.assertEqual(move.lexoffice_state, "pending")
        self.assertIn("VORL", move.name)

    def test_all_go_after_the_reconnect(self):
        since = self.connection.connected_since
        self.consent()
        self.run_worker(self.connection)
        self.assertEqual(self.connection.state, "connected")
        self.assertEqual(self.connection.connected_since, since)
        self.assertFalse(self.connection.activity_ids)
        self.assertEqual(set(self.moves.mapped("lexoffice_state")), {"done"})
        self.assertEqual(len(self.lexoffice.documents("invoice")), 2)

    def test_refused_while_a_document_is_on_its_way(self):
        """The POST itself meets the refusal: certainly nothing was made."""
        self.consent()
        self.run_worker(self.connection)
        move = self.invoice()
        self.lexoffice.fault(method="POST", path="/v1/invoices", status=401, count=2)
        self.run_worker(self.connection)
        self.assertEqual(self.connection.state, "reconnect")
        self.assertEqual(move.lexoffice_state, "pending")


class TestTokensOfTwoWorkers(TransactionCase):
    """On cursors of their own: what one commits, the other sees.

    The test's own cursor writes nothing: the others would wait for it.
    """

    def setUp(self):
        super().setUp()
        self.lexoffice = shared_stand_in()
        self.lexoffice.reset()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            parameter = env["ir.config_parameter"]
            self.keep(parameter, "lexoffice_connector.app_url")
            parameter.set_param("lexoffice_connector.app_url", self.lexoffice.url)
            connection = env["lexoffice.connection"].create(
                {
                    "company_id": env.ref("base.main_company").id,
                    "client_id": CLIENT_ID,
                    "client_secret": CLIENT_SECRET,
                }
            )
            self.connection_id = connection.id
            token = connection._token()
            token._store_token_set(self.new_grant(connection))
            token.expires_at = fields.Datetime.now() - timedelta(minutes=1)
        self.addCleanup(self.remove)

    def keep(self, parameter, key):
        value = parameter.get_param(key)

        def restore():
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                env["ir.config_parameter"].set_param(key, value)

        self.addCleanup(restore)

    def remove(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["lexoffice.connection"].browse(self.connection_id).unlink()

    def new_grant(self, connection):
        """Tokens as the consent gives them."""
        verifier = OAuthClient.new_code_verifier()
        client = connection._oauth_client()
        url = client.authorization_url("state", code_verifier=verifier)
        back = walk_consent(self.lexoffice, url)
        return client.exchange_code(query_of(back)["code"], verifier)

    def in_transaction(self, function):
        """Call with the token row on a cursor of its own, and commit."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            return function(env["lexoffice.connection"].browse(self.connection_id))

    def test_two_at_once_refresh_once(self):
        self.lexoffice.fault(path="/oauth2/token", delay=1, count=1)
        results = []

        def ask():
            def bearer(connection):
                return connection._token()._bearer()

            try:
                results.append(self.in_transaction(bearer))
            except TransientError as error:
                results.append(error.code)

        before = self.lexoffice.counts()["POST /oauth2/token"]
        threads = [threading.Thread(target=ask) for _number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        stored = self.in_transaction(lambda one: one._token().access_token)
        self.assertEqual(sorted(results), sorted([stored] + 3 * ["refreshing"]))
        after = self.lexoffice.counts()["POST /oauth2/token"]
        self.assertEqual(after - before, 1)

    def test_refreshed_pair_survives_the_rollback_of_whoever_asked(self):
        bearer = None
        with self.assertRaises(ZeroDivisionError), self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            connection = env["lexoffice.connection"].browse(self.connection_id)
            bearer = connection._token()._bearer()
            raise ZeroDivisionError
        stored = self.in_transaction(lambda one: one._token().access_token)
        self.assertEqual(stored, bearer)

    def test_dead_grant_stays_cleared_although_an_error_is_raised(self):
        for one in self.lexoffice.hook("GET", "connections"):
            self.lexoffice.hook("POST", f"connections/{one['id']}/revoke")
        with self.assertRaises(AuthError) as caught:
            self.in_transaction(lambda one: one._token()._bearer())
        self.assertEqual(caught.exception.code, "invalid_grant")
        self.assertFalse(self.in_transaction(lambda one: one._token().refresh_token))
        with self.assertRaises(AuthError) as caught:
            self.in_transaction(lambda one: one._token()._bearer())
        self.assertEqual(caught.exception.code, "not_connected")

    def test_reading_a_fresh_token_waits_for_nobody(self):
        def make_fresh(connection):
            connection._token().expires_at = fields.Datetime.now() + timedelta(hours=1)

        self.in_transaction(make_fresh)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            connection = env["lexoffice.connection"].browse(self.connection_id)
            connection._token().lock_for_update()
            self.assertTrue(self.in_transaction(lambda one: one._token()._bearer()))
