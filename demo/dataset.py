# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The demo database: two German companies of the cleaning trade, 20 draft invoices.

To be run once in an ``odoo shell`` with the addon installed::

    from demo import dataset
    dataset.create(env)
"""

from dateutil.relativedelta import relativedelta

from odoo import Command, fields

from . import content
from .invoices import INVOICES

CHART = "de_skr03"
LANGUAGE = "de_DE"
MARKER = "lexoffice_connector.demo_dataset"
ONLINE_CRONS = ("mail.ir_cron_module_update_notification",)
# A port that refuses at once: nobody waits for a service that can't be reached.
_NOWHERE = "http://127.0.0.1:9"
ONLINE_PARAMETERS = {
    "digest.default_digest_emails": False,
    "iap.endpoint": _NOWHERE,
    "iap.partner_autocomplete.endpoint": _NOWHERE,
}
# Accounts for revenue by tax rate in SKR03.
REVENUE_ACCOUNTS = {19: "account_8400", 7: "account_8300"}


def create(env):
    """Fill the database and commit; nothing happens when that has been done before.

    :param env: a superuser's environment.
    """
    if env["ir.config_parameter"].get_param(MARKER):
        return
    env["res.lang"]._activate_lang(LANGUAGE)
    switch_off_online_services(env)
    env = env(context={**env.context, "lang": LANGUAGE, "tz": "Europe/Berlin"})
    companies = create_companies(env)
    create_users(env, companies)
    units = {
        key: env["uom.uom"].create({"name": name})
        for key, name in content.UNITS.items()
    }
    products = create_products(env, companies, units)
    customers = create_customers(env, create_terms(env))
    for key, company in companies.items():
        for values in INVOICES[key]:
            create_invoice(env, company, values, customers, products)
    env["ir.config_parameter"].set_param(MARKER, "1")
    env.cr.commit()  # pylint: disable=invalid-commit


def switch_off_online_services(env):
    """No call of Odoo's own services leaves a demo database."""
    for xml_id in ONLINE_CRONS:
        if cron := env.ref(xml_id, raise_if_not_found=False):
            cron.active = False
    for name, value in ONLINE_PARAMETERS.items():
        env["ir.config_parameter"].set_param(name, value)


# --- Companies and users


def create_companies(env):
    """Both companies with the SKR03 chart; Odoo's first company becomes one of them."""
    companies = {}
    for number, (key, values) in enumerate(content.COMPANIES.items()):
        values = {**values, "country_id": env.ref("base.de").id}
        values["currency_id"] = env.ref("base.EUR").id
        iban = values.pop("iban")
        if number:
            company = env["res.company"].create(values)
        else:
            company = env.ref("base.main_company")
            company.write(values)
        if company.chart_template != CHART:
            env["account.chart.template"].try_loading(
                CHART, company, install_demo=False
            )
        # As German law reckons, and as lexoffice does: the tax of the sum per rate.
        company.tax_calculation_rounding_method = "round_globally"
        company.partner_id.lang = LANGUAGE
        if "iap_enrich_auto_done" in company:
            company.iap_enrich_auto_done = True
        create_bank_account(env, company, iban)
        companies[key] = company
    return companies


def create_bank_account(env, company, iban):
    """An account to pay to: e-invoices demand one."""
    account = env["res.partner.bank"].create(
        {
            "acc_number": iban,
            "partner_id": company.partner_id.id,
            "company_id": company.id,
            "allow_out_payment": True,
        }
    )
    journal = env["account.journal"].search(
        [("company_id", "=", company.id), ("type", "=", "bank")], limit=1
    )
    journal.bank_account_id = account


def create_users(env, companies):
    """The administrator and an accountant, both in German and in both companies."""
    company_ids = [company.id for company in companies.values()]
    common = {
        "lang": LANGUAGE,
        "tz": "Europe/Berlin",
        "company_id": company_ids[0],
        "company_ids": [Command.set(company_ids)],
    }
    admin = env.ref("base.user_admin")
    admin.write({**common, "email": "admin@glanzwerk.example"})
    manager = env.ref("account.group_account_manager")
    admin.group_ids = [Command.link(manager.id)]
    for login, name in content.USERS.items():
        env["res.users"].with_context(no_reset_password=True).create(
            {
                **common,
                "name": name,
                "login": login,
                "password": login,
                "email": f"{login}@glanzwerk.example",
                "group_ids": [
                    Command.link(env.ref("base.group_user").id),
                    Command.link(env.ref("account.group_account_user").id),
                ],
            }
        )
    internal = env.ref("base.group_user")
    internal.implied_ids = [Command.link(env.ref("uom.group_uom").id)]


# --- Master data


def create_terms(env):
    terms = {}
    for key, (name, days, discount) in content.TERMS.items():
        values = {
            "name": name,
            "company_id": False,
            "line_ids": [
                Command.create(
                    {"value": "percent", "value_amount": 100, "nb_days": days}
                )
            ],
        }
        if discount:
            percent, discount_days = discount
            values.update(
                early_discount=True,
                discount_percentage=percent,
                discount_days=discount_days,
                early_pay_discount_computation="included",
            )
        terms[key] = env["account.payment.term"].create(values)
    return terms


def _tax(env, company, rate):
    return env.ref(f"account.{company.id}_tax_ust_{rate}_skr03")


def create_products(env, companies, units):
    products = {}
    for key, row in content.PRODUCTS.items():
        name, unit, price, rate, kind, description = row
        unit = units.get(unit) or env.ref(unit)
        taxes = [_tax(env, company, rate).id for company in companies.values()]
        product = env["product.product"].create(
            {
                "name": name,
                "type": kind,
                "uom_id": unit.id,
                "list_price": price,
                "taxes_id": [Command.set(taxes)],
                "supplier_taxes_id": [Command.clear()],
                "description_sale": description or False,
            }
        )
        for company in companies.values():
            account = env.ref(f"account.{company.id}_{REVENUE_ACCOUNTS[rate]}")
            product.with_company(company).property_account_income_id = account
        products[key] = product
    return products


def create_customers(env, terms):
    """Partners by key, shared by both companies."""
    germany = env.ref("base.de").id
    partners = {}
    for key, values in content.CUSTOMERS.items():
        values = {**values, "country_id": germany, "lang": LANGUAGE}
        person = values.pop("person", None)
        address = values.pop("invoice_address", None)
        term = terms[values.pop("term")]
        values["lexoffice_leitweg_id"] = values.pop("leitweg", False)
        values["lexoffice_vendor_number"] = values.pop("vendor", False)
        children = [{**person, "type": "contact"}] if person else []
        if address:
            children.append({**address, "type": "invoice", "country_id": germany})
        values["child_ids"] = [
            Command.create({**child, "lang": LANGUAGE}) for child in children
        ]
        values.setdefault("is_company", False)
        partner = env["res.partner"].create(values)
        for company in env["res.company"].search([]):
            partner.with_company(company).property_payment_term_id = term
        partners[key] = partner
    return partners


# --- Invoices


def date_back(env, months, day):
    """A day of the month that lies ``months`` back; 31 means its last day."""
    today = fields.Date.context_today(env.user)
    return today + relativedelta(months=-months, day=day)


def create_invoice(env, company, values, customers, products):
    """One draft."""
    partner = customers[values["customer"]]
    recipient = partner
    if kind := values.get("address"):
        recipient = partner.child_ids.filtered(lambda child: child.type == kind)
    move_values = {
        "move_type": "out_invoice",
        "company_id": company.id,
        "partner_id": recipient.id,
        "invoice_date": date_back(env, *values["on"]),
        "ref": values.get("ref"),
        "invoice_payment_term_id": partner.with_company(
            company
        ).property_payment_term_id.id,
        "invoice_line_ids": [
            Command.create({"sequence": number, **_line(line, products, company)})
            for number, line in enumerate(values["lines"], start=1)
        ],
    }
    if "period" in values:
        months = values["period"]
        move_values["lexoffice_service_from"] = date_back(env, months, 1)
        move_values["lexoffice_service_to"] = date_back(env, months, 31)
    return env["account.move"].with_company(company).create(move_values)


def _line(line, products, company):
    if line[0] in ("section", "note"):
        return {"display_type": f"line_{line[0]}", "name": line[1]}
    key, quantity, options = line
    name, _unit, price, _rate, _kind, description = content.PRODUCTS[key]
    text = options.get("text") or description
    product = products[key].with_company(company)
    taxes = product.taxes_id.filtered(lambda tax: tax.company_id == company)
    return {
        "product_id": product.id,
        "name": f"{name}\n{text}" if text else name,
        "quantity": quantity,
        "product_uom_id": product.uom_id.id,
        "price_unit": options.get("price", price),
        "discount": options.get("discount", 0),
        "tax_ids": [Command.set(taxes.ids)],
    }
