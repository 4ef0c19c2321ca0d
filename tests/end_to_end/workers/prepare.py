# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
# ruff: noqa: F821
"""In an Odoo shell: connect the company and post invoices, none of them sent yet."""

import io
import json

from reportlab.pdfgen.canvas import Canvas


def pdf(text):
    """A small PDF; lexoffice tells files by their content, so each is another."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.drawString(100, 700, text)
    canvas.save()
    return buffer.getvalue()


parameter = env["ir.config_parameter"]
for name in ("api_url", "app_url"):
    parameter.set_param(f"lexoffice_connector.{name}", SETTINGS["url"])
company = env.ref("base.main_company")
connection = env["lexoffice.connection"].create(
    {
        "company_id": company.id,
        "auth_method": "api_key",
        "api_key": SETTINGS["api_key"],
        "export_variant": SETTINGS["variant"],
        "export_start_date": "2020-01-01",
        "documents_per_minute": 0,
        "fetch_documents": False,
    }
)
env.cr.commit()
connection.action_test_connection()
tax = env.ref(f"account.{company.id}_tax_ust_19_skr03")
customers = env["res.partner"].create(
    [
        {
            "name": f"Kunde {number} GmbH",
            "is_company": True,
            "country_id": env.ref("base.de").id,
        }
        for number in range(SETTINGS["customers"])
    ]
)
moves = env["account.move"].create(
    [
        {
            "move_type": "out_invoice",
            "partner_id": customers[number % len(customers)].id,
            "invoice_date": "2026-11-02",
            "invoice_line_ids": [
                (
                    0,
                    0,
                    {
                        "name": "Reinigung",
                        "price_unit": 100 + number,
                        "tax_ids": [(6, 0, tax.ids)],
                    },
                )
            ],
        }
        for number in range(SETTINGS["documents"])
    ]
)
if SETTINGS.get("post", True):
    moves.action_post()
if SETTINGS["variant"] == "voucher":
    env["ir.attachment"].create(
        [
            {
                "name": "Rechnung.pdf",
                "raw": pdf(f"Rechnung {move.id}"),
                "res_model": "account.move",
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file",
                "mimetype": "application/pdf",
            }
            for move in moves
        ]
    )
env.cr.commit()
print(json.dumps({"moves": len(moves)}))
