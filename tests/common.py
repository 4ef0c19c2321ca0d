# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""A German company in real Odoo, connected with the running stand-in."""

import io
from datetime import timedelta
from unittest.mock import patch

from reportlab.pdfgen.canvas import Canvas

from odoo import Command, fields

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

from .stand_in import API_KEY, shared_stand_in

MODELS = "odoo.addons.lexoffice_connector.models"


class LexofficeCommon(AccountTestInvoicingCommon):
    """Real PostgreSQL, real HTTP; only the waiting is left out."""

    @classmethod
    @AccountTestInvoicingCommon.setup_country("de")
    def setUpClass(cls):
        super().setUpClass()
        cls.read_english()
        cls.lexoffice = shared_stand_in()
        parameter = cls.env["ir.config_parameter"].sudo()
        parameter.set_param("lexoffice_connector.api_url", cls.lexoffice.url)
        parameter.set_param("lexoffice_connector.app_url", cls.lexoffice.url)
        cls.company = cls.company_data["company"]
        cls.germany = cls.env.ref("base.de")
        cls.tax_19 = cls.tax("tax_ust_19")
        cls.tax_7 = cls.tax("tax_ust_7")
        cls.service = cls.env["product.product"].create(
            {
                "name": "Unterhaltsreinigung",
                "type": "service",
                # Odoo adds the default taxes of all companies to a shared product.
                "company_id": cls.company.id,
                "list_price": 100.0,
                "taxes_id": [Command.set(cls.tax_19.ids)],
            }
        )
        cls.customer = cls.create_customer()

    def setUp(self):
        super().setUp()
        self.lexoffice.reset()
        for name, value in (
            ("lexoffice_pace.REQUEST_STEP", 0.0),
            ("lexoffice_worker_documents.FRESH_CONTACT", 0.0),
        ):
            patcher = patch(f"{MODELS}.{name}", value)
            patcher.start()
            self.addCleanup(patcher.stop)

    @classmethod
    def read_english(cls):
        """The databases are German, as a user's is; sentences are compared here."""
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env["ir.default"].set("res.partner", "lang", "en_US")
        cls.env["res.users"].search([]).lang = "en_US"

    # --- What there is

    @classmethod
    def tax(cls, name, company=None):
        """A tax of the German chart by its xml id's name."""
        company = company or cls.company_data["company"]
        chart = company.chart_template[-6:]
        return cls.env.ref(f"account.{company.id}_{name}{chart}")

    @classmethod
    def create_customer(cls, **values):
        return cls.env["res.partner"].create(
            {
                "name": "Nordlicht Fahrradbau GmbH",
                "is_company": True,
                "street": "Hafenweg 3",
                "zip": "20457",
                "city": "Hamburg",
                "country_id": cls.env.ref("base.de").id,
                "email": "rechnung@nordlicht.example",
                "vat": "DE136695976",
                **values,
            }
        )

    def connect(self, variant="invoice", **values):
        """A connection by API key; returns it connected."""
        connection = self.env["lexoffice.connection"].create(
            {
                "company_id": self.company.id,
                "auth_method": "api_key",
                "api_key": API_KEY,
                "export_variant": variant,
                "export_start_date": "2020-01-01",
                "documents_per_minute": 0,
                "responsible_user_id": self.env.user.id,
                "fetch_documents": False,
                **values,
            }
        )
        with self.enter_registry_test_mode():
            connection.action_test_connection()
        self.assertEqual(connection.state, "connected")
        return connection

    def invoice(self, *lines, post=True, **values):
        """An invoice; each line is ``(price, tax)`` or a dict of values."""
        lines = lines or [(100.0, self.tax_19)]
        commands = []
        for line in lines:
            if not isinstance(line, dict):
                line = {"price_unit": line[0], "tax_ids": [Command.set(line[1].ids)]}
            commands.append(
                Command.create(
                    {"product_id": self.service.id, "name": "Reinigung", **line}
                )
            )
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": fields.Date.today(),
                "invoice_payment_term_id": False,
                "invoice_line_ids": commands,
                **values,
            }
        )
        if post:
            move.action_post()
        return move

    def attach_pdf(self, move):
        """Give a move its legal PDF: Odoo renders none while tests run inside it."""
        buffer = io.BytesIO()
        canvas = Canvas(buffer)
        canvas.drawString(100, 700, move.name)
        canvas.save()
        self.env["ir.attachment"].create(
            {
                "name": "Rechnung.pdf",
                "raw": buffer.getvalue(),
                "res_model": "account.move",
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file",
                "mimetype": "application/pdf",
            }
        )
        move.invalidate_recordset(["invoice_pdf_report_id"])

    # --- What happens

    def run_worker(self, connection, times=1):
        """Run the connection's worker as its cron would."""
        self.env.flush_all()
        for _run in range(times):
            with self.enter_registry_test_mode(), self.registry.cursor() as cr:
                env = self.env(cr=cr, user=self.env.ref("base.user_root"), su=True)
                env["lexoffice.connection"]._cron_run_transfers(connection.id)
            self.env.invalidate_all()

    def let_pass(self, rows, **delta):
        """Let time pass for transfers: everything they wait for lies further back."""
        delta = timedelta(**(delta or {"hours": 2}))
        for row in rows.sudo():
            row.next_attempt_at -= delta
            if row.sending_since:
                row.sending_since -= delta
        self.env.flush_all()

    def row(self, move, operation="document"):
        """The latest transfer of a move."""
        rows = move.sudo().lexoffice_transfer_ids
        return rows.filtered(lambda row: row.operation == operation).sorted("id")[-1:]
