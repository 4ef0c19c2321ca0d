# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
import json
import logging

from odoo.exceptions import AccessError
from odoo.tests import Form
from odoo.tools import mute_logger

from ..consent import ConnectCase
from ..stand_in import CLIENT_SECRET

SECRETS = ("api_key", "client_secret", "access_token", "refresh_token")
ADMINISTRATOR = "base.group_system,account.group_account_manager,base.group_no_one"


class TestSecretsCantBeRead(ConnectCase):
    """Not by any user, administrators included; only code on the server can."""

    def setUp(self):
        super().setUp()
        self.connect_by_consent()
        self.connection.sudo()._token().api_key = "a-secret-api-key"
        self.env.flush_all()
        token = self.token
        self.values = [token[name] for name in SECRETS]
        self.assertTrue(all(self.values))
        self.users = [
            self.new_user("administrator", ADMINISTRATOR),
            self.manager,
            self.new_user("rechnung", "account.group_account_invoice"),
        ]
        for user in self.users:
            user.group_ids += self.env.ref("base.group_allow_export")

    def assertNoSecret(self, answer):
        text = json.dumps(answer, default=str)
        for value in self.values:
            self.assertNotIn(value, text)

    def test_rows_of_the_token_table(self):
        for user in self.users:
            token = self.token.with_user(user)
            for call in (
                lambda token=token: token.read(list(SECRETS)),
                lambda token=token: token.search([]),
                lambda token=token: token.search_count(
                    [("refresh_token", "like", "a%")]
                ),
                lambda token=token: token._read_group([], ["refresh_token"]),
                lambda token=token: token.export_data(["access_token"]),
                lambda token=token: token.copy(),
                lambda token=token: token.write({"refresh_token": "x"}),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    call()

    def test_fields_are_hidden_even_from_whoever_is_given_the_table(self):
        """Somebody may grant access rights to the model; the fields stay shut."""
        self.env["ir.model.access"].create(
            {
                "name": "careless",
                "model_id": self.env["ir.model"]._get_id("lexoffice.token"),
                "perm_read": True,
            }
        )
        token = self.token.with_user(self.users[0])
        self.assertNoSecret(token.read())
        for name in SECRETS:
            self.assertNotIn(name, token.fields_get())
            with self.assertRaises(AccessError):
                token.read([name])
            with self.assertRaises(AccessError):
                token.search([(name, "!=", False)])
            with self.assertRaises(AccessError):
                token._read_group([], [name])

    def test_connection_over_rpc(self):
        names = list(self.connection.fields_get())
        ids = self.connection.ids
        for user in self.users:
            self.log_in(user)
            readable = list(self.rpc("fields_get"))
            self.assertNotIn("database_mark", readable)
            for answer in (
                self.rpc("read", ids, readable),
                self.rpc("search_read", [], readable),
                self.rpc("web_read", ids, {name: {} for name in readable}),
                self.rpc("export_data", ids, readable),
            ):
                self.assertNoSecret(answer)
        self.assertIn("client_secret", names, "it can be written")

    @mute_logger("odoo.http")
    def test_connection_can_neither_be_searched_nor_grouped_by_a_secret(self):
        self.log_in(self.users[0])
        for name in ("client_secret", "api_key"):
            for call in (
                ("search", [(name, "=like", "s%")]),
                ("formatted_read_group", [], [name], ["__count"]),
            ):
                with self.subTest(name=name, call=call[0]):
                    try:
                        answer = self.rpc(*call)
                    except Exception:  # noqa: BLE001, S112  refused is fine
                        continue
                    # An answer must not depend on the value.
                    other = self.rpc(*json.loads(json.dumps(call).replace("s%", "x%")))
                    self.assertEqual(answer, other)
                    self.assertNoSecret(answer)

    def test_form_shows_an_empty_entry_after_saving(self):
        with Form(self.connection.with_user(self.manager)) as form:
            form.client_secret = "another-secret"
        self.assertEqual(self.token.client_secret, "another-secret")
        self.assertFalse(self.connection.client_secret)
        self.assertTrue(self.connection.has_client_secret)

    def test_saving_the_form_with_an_empty_entry_keeps_the_secret(self):
        with Form(self.connection.with_user(self.manager)) as form:
            form.client_secret = "never mind"
            form.client_secret = False
            form.documents_per_minute = 10
        self.assertEqual(self.token.client_secret, CLIENT_SECRET)

    def test_billing_users_cant_write_them(self):
        connection = self.connection.with_user(self.users[2])
        for name in ("client_secret", "api_key"):
            with self.assertRaises(AccessError):
                connection.write({name: "x"})

    def test_chatter(self):
        self.connection.with_user(self.manager).write(
            {"client_secret": "a-new-secret", "api_key": "a-new-key"}
        )
        self.env.flush_all()
        messages = self.connection.message_ids
        tracked = messages.sudo().tracking_value_ids
        fields = tracked.mapped("field_id.name")
        self.assertFalse(set(fields) & {*SECRETS, "client_id"})
        self.assertNotIn("a-new", "".join(messages.mapped("body")))


class TestSecretsAreNotLogged(ConnectCase):
    def test_consent_refresh_and_export_at_the_lowest_level(self):
        seen = []
        with self.assertLogs(level=logging.DEBUG) as log:
            logging.getLogger("werkzeug").setLevel(logging.DEBUG)
            self.log_in()
            address = self.decide(self.start_consent())
            self.come_back(address)
            seen += self.secrets()
            self.lexoffice.hook("POST", "tokens/expire")
            move = self.invoice()
            self.run_worker(self.connection)
            seen += self.secrets()
            self.rpc("action_disconnect", self.connection.ids)

        self.assertEqual(move.lexoffice_state, "done")
        self.assertEqual(len(set(seen)), 5, "two pairs of tokens and the secret")
        text = "\n".join(self.written_by_odoo(log.records))
        self.assertIn("/lexoffice/oauth/callback", text, "the access log is there")
        code_and_state = address.partition("?")[2].split("&")
        for value in [*seen, *(part.partition("=")[2] for part in code_and_state)]:
            self.assertNotIn(value, text)

    def written_by_odoo(self, records):
        """Messages without those of this test's own two browsers."""
        for record in records:
            message = record.getMessage() + str(record.exc_text or "")
            browser = self.base_url() in message or "/oauth2/authorize" in message
            if not (browser and record.name.startswith("urllib3")):
                yield message

    def secrets(self):
        token = self.token
        return [token.access_token, token.refresh_token, token.client_secret]
