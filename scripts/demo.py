# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""``make demo``: a German company whose invoices stand in lexoffice.

Has to run with the project's interpreter. Environment: ODOO_PORT, SANDBOX_PORT,
PGHOST, ODOO_HOME; SERVE=0 ends after the walk with 0 or 1.
"""

import contextlib
import datetime
import os
import signal
import subprocess
import sys

import databases
import postgres
from environment import (
    ROOT,
    SetupError,
    die_with_parent,
    digest,
    port_from_env,
    require_free_port,
    say,
    tree_digest,
)
from odoo_server import ODOO_PORT, SANDBOX_PORT, OdooServer, SandboxServer
from odoo_source import ensure_odoo

# The account that the stand-in starts with, and shows first.
ORGANIZATION = "Glanzwerk Gebäudereinigung GmbH"
DATASET = ("dataset.py", "content.py", "invoices.py")
FILL = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from demo import dataset
dataset.create(env)
"""


def prepared_key(odoo):
    """What the prepared database is made of; its invoices belong to a month."""
    month = datetime.date.today().strftime("%Y-%m")
    data = [ROOT / "demo" / name for name in DATASET]
    addon = tree_digest(ROOT / databases.ADDON)
    return digest(databases.base_key(odoo), addon, *data, month)


def prepare_database(odoo, name, parameters):
    """A fresh demo database, copied from one that is made once.

    :param dict parameters: system parameters of this run.
    """

    def fill(part):
        say("Making the demo database (once, about a minute) …")
        databases.copy(base, part)
        databases.install(odoo, part, databases.ADDON)
        databases.run_odoo(odoo, "shell", part, script=FILL)

    base = databases.ensure_base(odoo)
    databases.copy(databases.ensure("demo", prepared_key(odoo), fill), name)
    databases.set_parameters(name, parameters)


def host_parameters(odoo_port, sandbox_url):
    """Where Odoo, and where lexoffice is, for the browser and for the server."""
    return {
        "web.base.url": f"http://localhost:{odoo_port}",
        "web.base.url.freeze": "True",
        # wkhtmltopdf fetches its style sheets from here.
        "report.url": f"http://127.0.0.1:{odoo_port}",
        "lexoffice_connector.api_url": sandbox_url,
        "lexoffice_connector.app_url": sandbox_url,
    }


def walk(odoo, sandbox):
    """Run the walk in a process of its own, as Docker's demo service does."""
    command = [sys.executable, "-m", "demo.walk", "--odoo", odoo.url]
    command += ["--sandbox", sandbox.url, "--database", odoo.database]
    result = subprocess.run(command, cwd=ROOT, preexec_fn=die_with_parent)
    return result.returncode == 0


def where_to_look(odoo_port, sandbox_url):
    return f"""
Odoo       http://localhost:{odoo_port}/odoo
           log in as admin / admin or buchhaltung / buchhaltung
lexoffice  {sandbox_url}/  (the stand-in: what arrived, payments, voiding, …)

In Odoo    "Rechnungsstellung" → "Kunden" → "Ausgangsrechnungen": number, state, PDF
           "Rechnungsstellung" → "Konfiguration" → "lexoffice": the connections (admin)
           The company at the top right: the second one hands over vouchers.

Confirm a new invoice, and it goes to lexoffice by itself. Ctrl-C ends the demo.
"""


def serve(server, sandbox):
    """Until Ctrl-C, or until one of the servers ends by itself.

    :raises SetupError: naming the one that ended.
    """
    with contextlib.suppress(KeyboardInterrupt):
        while server.is_running() and sandbox.is_running():
            with contextlib.suppress(subprocess.TimeoutExpired):
                server.process.wait(timeout=1)
        ended = sandbox if server.is_running() else server
        raise SetupError(f"{ended.name} has ended; see {ended.log}.")
    print("Stopping …", flush=True)


def run():
    """The whole demo.

    :return: the exit status.
    """
    ports = {
        "ODOO_PORT": port_from_env("ODOO_PORT", ODOO_PORT),
        "SANDBOX_PORT": port_from_env("SANDBOX_PORT", SANDBOX_PORT),
    }
    # Before the minutes of preparation, not after them.
    for name, port in ports.items():
        require_free_port(name, port)
    odoo_port, sandbox_port = ports.values()
    sandbox_url = f"http://localhost:{sandbox_port}"
    database = f"{databases.PREFIX}_demo_{odoo_port}"
    with contextlib.ExitStack() as stack:
        stack.enter_context(postgres.running())
        odoo = ensure_odoo()
        prepare_database(odoo, database, host_parameters(odoo_port, sandbox_url))
        sandbox = stack.enter_context(
            SandboxServer(sandbox_port, extra=["--organization", ORGANIZATION])
        )
        server = stack.enter_context(OdooServer(odoo, database, odoo_port))
        good = walk(server, sandbox)
        if not good:
            say(f"Odoo's log: {server.log}")
        if os.environ.get("SERVE") == "0":
            return 0 if good else 1
        print(where_to_look(odoo_port, sandbox_url), flush=True)
        serve(server, sandbox)
    return 0 if good else 1


def main():
    # Ended from outside, it takes the same way out as with Ctrl-C: children end. Set
    # for SIGINT, too: in a background job the shell has it ignored.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    if os.environ.get("MAKELEVEL"):
        die_with_parent(signal.SIGTERM)
    try:
        return run()
    except SetupError as error:
        print(f"make demo stopped: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("make demo was interrupted.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
