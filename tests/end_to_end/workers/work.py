# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
# ruff: noqa: F821
"""In an Odoo shell: call the worker until nothing is left."""

import json
import time

from odoo.addons.lexoffice_connector.lexware import LexwareClient
from odoo.addons.lexoffice_connector.models import (
    lexoffice_pace,
    lexoffice_worker_documents,
)

lexoffice_pace.REQUEST_STEP = SETTINGS["step"]
lexoffice_worker_documents.FRESH_CONTACT = 0.0

LONGEST = 120
sent = 0


def count_posts():
    """How many documents this process has sent."""
    for name in ("create_invoice", "create_voucher"):
        method = getattr(LexwareClient, name)

        def counted(*args, _method=method, **kwargs):
            global sent
            sent += 1
            return _method(*args, **kwargs)

        setattr(LexwareClient, name, counted)


def left():
    env.cr.rollback()
    return env["lexoffice.transfer"].search_count(
        [
            "|",
            ("state", "in", ("pending", "sending", "uncertain")),
            "&",
            *(("state", "=", "done"), ("adoption", "=", "waiting")),
        ]
    )


count_posts()
connection_id = env["lexoffice.connection"].search([]).id
time.sleep(max(SETTINGS["start_at"] - time.time(), 0))
give_up_at = time.time() + LONGEST
while left() and time.time() < give_up_at:
    env["lexoffice.connection"]._cron_run_transfers(connection_id)
    env.cr.commit()
    time.sleep(0.05)
print(json.dumps({"left": left(), "sent": sent}))
