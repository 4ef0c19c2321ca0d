# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Companies with draft invoices, for ``make bench`` and ``make chaos``.

To be run in an ``odoo shell``, with or without the addon installed::

    from bench import dataset
    dataset.create(env, companies=2, invoices=250, pairs=25)

The same arguments always give the same amounts.
"""

import random
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta

from odoo import Command, fields

CHART = "de_skr03"
COMPANY = "Prüfstand {} GmbH"
RATES = (19, 7)
PRICES = (12.5, 19.99, 38.75, 89.0, 128.5, 312.4, 890.0, 1480.0)
CHUNK = 250


@dataclass
class Size:
    """How much of everything each company gets.

    :param invoices: a number, or one for each company.
    :param int pairs: so many invoices come twice: same customer, day, lines.
    :param int lines: the most lines an invoice has.
    :param bool pdfs: give each draft its PDF, so that none is rendered later.
    """

    companies: int = 1
    customers: int = 25
    invoices: int | tuple = 100
    pairs: int = 0
    lines: int = 4
    pdfs: bool = False


def create(env, **size):
    """Fill the database and commit.

    :param env: a superuser's environment.
    :param size: see :class:`Size`.
    """
    size = Size(**size)
    _be_quiet(env)
    env["res.lang"]._activate_lang("de_DE")
    customers = _customers(env, size.customers)
    product = env["product.product"].create(
        {
            "name": "Unterhaltsreinigung",
            "type": "service",
            "taxes_id": [Command.clear()],
            "supplier_taxes_id": [Command.clear()],
        }
    )
    for number in range(1, size.companies + 1):
        company = _company(env, number)
        dice = random.Random(number)
        count = size.invoices
        if not isinstance(count, int):
            count = count[number - 1]
        kinds = [_kind(dice, customers, size) for _n in range(count)]
        # A pair is the same kind twice, side by side as when somebody posts it again.
        for pair in range(size.pairs):
            kinds[2 * pair + 1] = kinds[2 * pair]
        for start in range(0, len(kinds), CHUNK):
            moves = _drafts(env, company, product, kinds[start : start + CHUNK])
            if size.pdfs:
                _attach_pdfs(env, moves)
            env.cr.commit()  # pylint: disable=invalid-commit
            env.invalidate_all()


def _be_quiet(env):
    """Nothing but this addon's work goes on in a database for measuring."""
    for cron in env["ir.cron"].search([]):
        cron.active = False
    env["ir.config_parameter"].set_param("digest.default_digest_emails", False)


def _company(env, number):
    """Odoo's first company becomes the first one; all have the SKR03 chart."""
    values = {
        "name": COMPANY.format(number),
        "street": f"Werkstraße {number}",
        "zip": "20457",
        "city": "Hamburg",
        "email": f"rechnung@pruefstand{number}.example",
        "country_id": env.ref("base.de").id,
        "currency_id": env.ref("base.EUR").id,
    }
    if number == 1:
        company = env.ref("base.main_company")
        company.write(values)
    else:
        company = env["res.company"].create(values)
        env.ref("base.user_admin").company_ids = [Command.link(company.id)]
    if company.chart_template != CHART:
        env["account.chart.template"].try_loading(CHART, company, install_demo=False)
    company.tax_calculation_rounding_method = "round_globally"
    return company


def _customers(env, count):
    germany = env.ref("base.de").id
    return env["res.partner"].create(
        [
            {
                "name": f"Kunde {number:03} GmbH",
                "is_company": True,
                "street": f"Hafenweg {number}",
                "zip": "20457",
                "city": "Hamburg",
                "country_id": germany,
                "email": f"einkauf@kunde{number:03}.example",
            }
            for number in range(1, count + 1)
        ]
    )


def _kind(dice, customers, size):
    """What tells one invoice from another: customer, days back, lines."""
    lines = [
        (dice.choice(PRICES), dice.randint(1, 12), dice.choice(RATES))
        for _line in range(dice.randint(1, size.lines))
    ]
    return dice.choice(customers), dice.randint(0, 20), lines


def _drafts(env, company, product, kinds):
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    today = fields.Date.today()
    taxes = {
        rate: env.ref(f"account.{company.id}_tax_ust_{rate}_skr03") for rate in RATES
    }
    return env["account.move"].create(
        [
            {
                "move_type": "out_invoice",
                "company_id": company.id,
                "partner_id": customer.id,
                "invoice_date": today - relativedelta(days=days),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "name": f"Unterhaltsreinigung\nObjekt {number}",
                            "quantity": quantity,
                            "price_unit": price,
                            "tax_ids": [Command.set(taxes[rate].ids)],
                        }
                    )
                    for number, (price, quantity, rate) in enumerate(lines, start=1)
                ],
            }
            for customer, days, lines in kinds
        ]
    )


def _attach_pdfs(env, moves):
    """A small PDF for each: what is tried here is not wkhtmltopdf."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    values = []
    for move in moves:
        canvas = Canvas("-", pagesize=A4)
        canvas.drawString(100, 700, f"Rechnung {move.id}")
        values.append(
            {
                "name": f"Rechnung-{move.id}.pdf",
                "raw": canvas.getpdfdata(),
                "res_model": "account.move",
                "res_id": move.id,
                "res_field": "invoice_pdf_report_file",
                "mimetype": "application/pdf",
            }
        )
    env["ir.attachment"].create(values)
