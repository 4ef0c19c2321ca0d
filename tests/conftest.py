# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""What pytest-odoo needs for tests that live beside the addon, not in it."""


def pytest_configure(config):
    if not config.pluginmanager.hasplugin("odoo"):
        return  # the stand-in's and the client's own tests run without Odoo
    from odoo.tests.common import BaseCase

    # Odoo tags only classes inside odoo.addons.*; untagged ones can't be collected,
    # and without "standard" requests to other hosts would not be blocked.
    BaseCase.test_tags = {"standard", "post_install"}
