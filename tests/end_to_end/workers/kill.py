# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
# ruff: noqa: F821
"""In an Odoo shell: for each step, a worker that is killed there and one that goes on.

Each worker is a process of its own, forked while no connection to the database is
open. The last line printed is ``{step: exit codes}``.
"""

import json
import os
import signal
import sys
import time
import traceback

from odoo import api, sql_db

from odoo.addons.lexoffice_connector.lexware import LexwareClient
from odoo.addons.lexoffice_connector.models import (
    lexoffice_pace,
    lexoffice_worker_documents,
)

lexoffice_pace.REQUEST_STEP = 0.0
lexoffice_worker_documents.FRESH_CONTACT = 0.0

registry = env.registry
WORKER = registry["lexoffice.worker"]
TRANSFER = registry["lexoffice.transfer"]
RUNS = 6


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def kill_around(owner, name, before=False):
    """Have this process killed when a method is called, or has done its work."""
    method = getattr(owner, name)

    def killed(*args, **kwargs):
        if not before:
            method(*args, **kwargs)
        die()

    setattr(owner, name, killed)


def kill_after_sending():
    for name in ("create_invoice", "create_voucher"):
        kill_around(LexwareClient, name, before=True)


def kill_during_post():
    """The request is on its way; nobody will read the answer."""
    for name in ("create_invoice", "create_voucher"):
        create = getattr(LexwareClient, name)

        def killed(*args, _create=create, **kwargs):
            if os.fork():
                die()
            _create(*args, **kwargs)
            os._exit(0)

        setattr(LexwareClient, name, killed)


STEPS = {
    "before_contact_answer": lambda: kill_around(LexwareClient, "create_contact"),
    "before_sending": lambda: kill_around(TRANSFER, "_begin_attempt"),
    "after_sending": kill_after_sending,
    "during_post": kill_during_post,
    "after_post": lambda: kill_around(TRANSFER, "_keep_uuid", before=True),
    "after_id": lambda: kill_around(TRANSFER, "_keep_uuid"),
    "before_entering": lambda: kill_around(WORKER, "_enter_in_move", before=True),
    "before_entering_is_committed": lambda: kill_around(WORKER, "_enter_in_move"),
    "before_upload": lambda: kill_around(WORKER, "_upload", before=True),
    "after_upload": lambda: kill_around(LexwareClient, "upload_voucher_file"),
}


def in_child(work, *args):
    """Run a function in a process of its own; returns its exit code."""
    sql_db.close_all()
    pid = os.fork()
    if not pid:
        try:
            with registry.cursor() as cr:
                work(api.Environment(cr, api.SUPERUSER_ID, {}), *args)
        except BaseException:
            traceback.print_exc(file=sys.stdout)
            sys.stdout.flush()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def run(env):
    connection = env["lexoffice.connection"].search([])
    env["lexoffice.connection"]._cron_run_transfers(connection.id)


def work_and_die(env, step):
    STEPS[step]()
    run(env)


def post(env, number):
    """Post the next of the prepared invoices."""
    move = env["account.move"].search([("state", "=", "draft")], limit=1, order="id")
    move.action_post()


def go_on(env):
    """The next runs, each after whatever waits has waited long enough."""
    for _run in range(RUNS):
        env.cr.execute(
            "UPDATE lexoffice_transfer SET next_attempt_at = next_attempt_at -"
            " interval '1 hour', sending_since = sending_since - interval '1 hour'"
            " WHERE state NOT IN ('cancelled', 'failed')"
            " AND (state <> 'done' OR adoption = 'waiting')"
        )
        env.cr.execute(
            "UPDATE lexoffice_contact_link SET creating_since = creating_since -"
            " interval '1 hour'"
        )
        env.cr.commit()
        run(env)


env.cr.close()
codes = {}
for number, step in enumerate(SETTINGS["steps"]):
    codes[step] = [in_child(post, number), in_child(work_and_die, step)]
    time.sleep(0.3)  # lexoffice goes on with what has reached it
    codes[step].append(in_child(go_on))
print(json.dumps(codes), flush=True)
os._exit(0)
