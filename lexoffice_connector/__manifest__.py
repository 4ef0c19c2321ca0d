# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
{
    "name": "lexoffice Connector",
    "version": "19.0.1.0.0",
    "summary": "Posted invoices stand in lexoffice (Lexware Office) by themselves",
    "category": "Accounting/Localizations/EDI",
    "author": "lexoffice_connector contributors",
    "license": "LGPL-3",
    "depends": ["account"],
    "external_dependencies": {"python": ["requests_oauthlib"]},
    "data": [
        "security/lexoffice_connector_security.xml",
        "security/ir.model.access.csv",
        "data/mail_activity_type_data.xml",
        "views/lexoffice_transfer_views.xml",
        "views/lexoffice_connection_views.xml",
        "views/account_move_views.xml",
        "views/res_partner_views.xml",
        "views/res_config_settings_views.xml",
        "views/oauth_templates.xml",
        "views/lexoffice_menus.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}
