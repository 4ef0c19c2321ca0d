# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Run the tests: all of them, or those that pytest's arguments select.

::

    make test                                       everything
    make test ARGS="tests/odoo -k voucher -x"       a part, while developing

Three kinds, because pytest-odoo wants a database for every test it sees: plain ones,
those inside Odoo, and those that drive running servers from outside. A skipped test
is a failure: it shows nothing.
"""

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import databases
import postgres
from environment import (
    ROOT,
    SetupError,
    cache_dir,
    die_with_parent,
    free_port,
    say,
)
from odoo_server import SandboxServer
from odoo_source import ensure_odoo

sys.path.insert(0, str(ROOT))

PLAIN = ("tests/client", "tests/sandbox", "tests/packaging")
INSIDE_ODOO = ("tests/odoo",)
OUTSIDE = ("tests/end_to_end",)

# A company with books: the tests' own companies then find a database whose statistics
# tell PostgreSQL that there are more than a handful of accounts.
BOOKS = """
company = env.ref("base.main_company")
company.write({"name": "Musterreinigung GmbH", "country_id": env.ref("base.de").id,
               "currency_id": env.ref("base.EUR").id})
env["account.chart.template"].try_loading("de_skr03", company, install_demo=False)
env.cr.commit()
"""


def ensure_books(odoo):
    """The name of a base database in which a German company keeps books."""

    def fill(name):
        databases.copy(databases.ensure_base(odoo), name)
        databases.run_odoo(odoo, "shell", name, "--log-level=warn", script=BOOKS)
        with databases.connect(name) as cursor:
            cursor.execute("VACUUM ANALYZE")

    return databases.ensure("books", databases.base_key(odoo), fill)


class Runner:
    """Calls pytest for each kind of tests and counts."""

    def __init__(self, arguments):
        self.arguments = arguments
        self.failed = False
        self.counts = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}

    def wanted(self, folders):
        """The paths of one kind that shall run."""
        given = [part for part in self.arguments if part.startswith("tests")]
        if not given:
            return [folder for folder in folders if (ROOT / folder).is_dir()]
        return [path for path in given if path.startswith(tuple(folders))]

    def pytest(self, name, paths, *options, variables=None):
        """One run of pytest."""
        report = cache_dir() / "log" / f"tests-{name}-{os.getpid()}.xml"
        report.parent.mkdir(parents=True, exist_ok=True)
        others = [part for part in self.arguments if not part.startswith("tests")]
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}"]
        status = subprocess.run(
            [*command, *options, *paths, *others],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), **(variables or {})},
            preexec_fn=die_with_parent,
        ).returncode
        # 5: a selection that selects nothing of this kind.
        self.failed |= status not in (0, 5)
        if report.exists():
            for suite in ElementTree.parse(report).getroot().iter("testsuite"):
                for kind in self.counts:
                    self.counts[kind] += int(suite.get(kind, 0))
            report.unlink()

    def summary(self):
        """Print the sum of all runs; returns the exit status."""
        bad = self.counts["failures"] + self.counts["errors"]
        skipped = self.counts["skipped"]
        passed = self.counts["tests"] - bad - skipped
        if skipped:
            print("A skipped test shows nothing: this run counts as failed.")
        print(f"{passed} passed, {bad} failed, {skipped} skipped")
        return int(self.failed or bool(bad or skipped) or not passed)


def run_inside_odoo(runner, odoo, paths):
    """Tests that have the addon installed in a database of their own."""
    from tests.stand_in import API_KEY, CLIENT_ID, CLIENT_SECRET

    database = f"{databases.PREFIX}_test_{os.getpid()}"
    sandbox = SandboxServer(
        free_port(),
        extra=[
            *("--no-rate-limit", "--api-key", API_KEY),
            *("--client-id", CLIENT_ID, "--client-secret", CLIENT_SECRET),
        ],
    )
    try:
        databases.copy(ensure_books(odoo), database)
        databases.install(odoo, database, databases.ADDON)
        addons = ",".join(str(folder) for folder in (*odoo.addons, ROOT))
        with sandbox:
            runner.pytest(
                "odoo",
                paths,
                f"--odoo-database={database}",
                f"--odoo-addons-path={addons}",
                "--odoo-http",
                "--odoo-log-level=critical",
                variables={"LEXOFFICE_SANDBOX_URL": sandbox.url},
            )
    finally:
        databases.drop(database)


def main():
    runner = Runner(sys.argv[1:])
    try:
        if paths := runner.wanted(PLAIN):
            runner.pytest("plain", paths, "-p", "no:odoo")
        odoo = ensure_odoo()
        with postgres.running():
            if paths := runner.wanted(INSIDE_ODOO):
                say("Tests inside Odoo …")
                run_inside_odoo(runner, odoo, paths)
            if paths := runner.wanted(OUTSIDE):
                say("Tests against running servers …")
                ensure_books(odoo)
                runner.pytest("outside", paths, "-p", "no:odoo")
    except SetupError as error:
        sys.exit(f"Tests stopped: {error}")
    sys.exit(runner.summary())


if __name__ == "__main__":
    main()
