# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
from odoo.tests import Form

from ..common import LexofficeCommon


class TestSettings(LexofficeCommon):
    def settings(self):
        return self.env["res.config.settings"].create({})

    def transferred(self, connection):
        move = self.invoice()
        self.run_worker(connection)
        self.assertEqual(move.lexoffice_state, "done")

    def advice(self, record, field, value):
        answer = record.onchange({field: value}, [field], {field: {}})
        return answer.get("warning", {}).get("message")

    # --- The block

    def test_without_a_connection_the_button_opens_the_form(self):
        action = self.settings().action_lexoffice_connect()
        self.assertEqual(action["type"], "ir.actions.act_window")
        self.assertFalse(action["res_id"])
        self.assertEqual(action["views"], [(False, "form")])

    def test_while_something_is_missing_the_button_opens_the_form(self):
        connection = self.env["lexoffice.connection"].create({"client_id": "x"})
        action = self.settings().action_lexoffice_connect()
        self.assertEqual(action["type"], "ir.actions.act_window")
        self.assertEqual(action["res_id"], connection.id)

    def test_with_everything_entered_the_button_leads_to_lexoffice(self):
        self.env["lexoffice.connection"].create(
            {"client_id": "x", "client_secret": "y"}
        )
        action = self.settings().action_lexoffice_connect()
        self.assertEqual(action["type"], "ir.actions.act_url")
        self.assertIn("/oauth2/authorize", action["url"])

    def test_block_shows_and_changes_the_companys_connection(self):
        connection = self.connect()
        settings = self.settings()
        self.assertEqual(settings.lexoffice_organization_name, "Testfirma GmbH")
        self.assertEqual(settings.lexoffice_state, "connected")

        settings.write(
            {"lexoffice_export_variant": "voucher", "lexoffice_auto_export": False}
        )

        self.assertEqual(connection.export_variant, "voucher")
        self.assertFalse(connection.auto_export)

    def test_settings_of_another_company_show_nothing_of_this_one(self):
        self.connect()
        other = self.env["res.company"].create({"name": "Andere"})
        settings = self.env["res.config.settings"].with_company(other).create({})
        self.assertFalse(settings.lexoffice_connection_id)
        self.assertFalse(settings.lexoffice_organization_name)

    # --- Advice about the fiscal year

    def test_advice_when_the_variant_changes_after_a_transfer(self):
        connection = self.connect()
        self.transferred(connection)
        for record, field in (
            (connection, "export_variant"),
            (self.settings(), "lexoffice_export_variant"),
        ):
            with self.subTest(model=record._name):
                advice = self.advice(record, field, "voucher")
                self.assertIn("advise against changing the variant", advice)
                self.assertFalse(self.advice(record, field, "invoice"))

    def test_no_advice_before_the_first_transfer(self):
        connection = self.connect()
        self.assertFalse(self.advice(connection, "export_variant", "voucher"))
        settings = self.settings()
        self.assertFalse(self.advice(settings, "lexoffice_export_variant", "voucher"))

    def test_advice_is_no_refusal(self):
        connection = self.connect()
        self.transferred(connection)
        connection.export_variant = "voucher"
        self.assertEqual(connection.export_variant, "voucher")

    # --- The menu

    def open_menu(self, companies=None):
        companies = companies or self.company
        menu = self.env.ref("lexoffice_connector.lexoffice_connection_menu")
        action = menu.action.with_context(allowed_company_ids=companies.ids)
        return action.run()

    def test_menu_opens_the_companys_connection(self):
        connection = self.connect()
        action = self.open_menu()
        self.assertEqual(action["res_id"], connection.id)
        self.assertEqual(action["views"], [(False, "form")])

    def test_menu_opens_the_form_to_make_the_first_connection(self):
        action = self.open_menu()
        self.assertFalse(action["res_id"])
        self.assertEqual(action["views"], [(False, "form")])

    def test_menu_lists_the_connections_of_several_companies(self):
        self.connect()
        other = self.env["res.company"].create({"name": "Andere"})
        self.env.user.company_ids += other
        action = self.open_menu(self.company + other)
        self.assertFalse(action.get("res_id"))
        self.assertIn((False, "list"), [(False, kind) for _id, kind in action["views"]])

    def test_menu_is_for_managers(self):
        menu = self.env.ref("lexoffice_connector.lexoffice_connection_menu")
        manager = self.env.ref("account.group_account_manager")
        self.assertEqual(menu.group_ids, manager)
        self.assertEqual(menu.parent_id.complete_name, "Invoicing/Configuration")

    # --- The form

    def test_form_makes_a_connection_for_the_current_company(self):
        with Form(self.env["lexoffice.connection"]) as form:
            form.client_id = "x"
            form.client_secret = "y"
        connection = form.record
        self.assertEqual(connection.company_id, self.company)
        self.assertEqual(connection.state, "disconnected")
        self.assertTrue(connection.has_client_secret)
        self.assertTrue(connection.auto_export)
        self.assertEqual(connection.export_variant, "invoice")
        self.assertEqual(connection.documents_per_minute, 20)
        self.assertTrue(connection.cron_id)

    def test_start_date_can_be_changed(self):
        connection = self.connect()
        connection.export_start_date = "2999-01-01"
        self.assertFalse(self.invoice().lexoffice_state)
        connection.export_start_date = "2020-01-01"
        self.assertEqual(self.invoice().lexoffice_state, "pending")
