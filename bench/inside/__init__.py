# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Runs in processes that have Odoo loaded, see ``bench.stage.Stage.inside``."""
