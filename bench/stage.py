# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Shared by the groups: prepared databases, the stand-in, children that measure."""

import contextlib
import dataclasses
import json
import os
import subprocess
import sys

import databases
from environment import ROOT, SetupError, die_with_parent, digest, free_port, say
from odoo_server import SandboxServer
from run_tests import ensure_books

from . import dataset
from .hooks import Hooks

KEY = "key-of-the-bench-{}"
FILL = """
import sys
sys.path.insert(0, {root!r})
from bench import dataset
dataset.create(env, **{size!r})
"""


def ensure_drafts(odoo, kind, **size):
    """The name of a prepared database with draft invoices, the addon not installed.

    :param str kind: what it is for; each kind keeps one database.
    :param size: see ``bench.dataset.Size``.
    """

    def fill(name):
        say(f"Making the database of {kind} (once) …")
        databases.copy(ensure_books(odoo), name)
        script = FILL.format(root=str(ROOT), size=size)
        databases.run_odoo(odoo, "shell", name, "--log-level=warn", script=script)
        with databases.connect(name) as cursor:
            cursor.execute("VACUUM ANALYZE")

    size = dataclasses.asdict(dataset.Size(**size))
    made_of = ROOT / "bench" / "dataset.py"
    key = digest(databases.base_key(odoo), made_of, str(sorted(size.items())))
    return databases.ensure(kind, key, fill)


class Stage:
    """Gives each group its databases and its stand-in, and takes them back.

    :param OdooSource odoo: which Odoo.
    """

    def __init__(self, odoo):
        self.odoo = odoo

    @contextlib.contextmanager
    def database(self, kind, addon=True, **size):
        """A copy of prepared drafts, with the addon unless told otherwise."""
        drafts = ensure_drafts(self.odoo, kind, **size)
        name = f"{databases.PREFIX}_{kind}_{os.getpid()}"
        name += "" if addon else "_without"
        try:
            databases.copy(drafts, name)
            if addon:
                databases.install(self.odoo, name, databases.ADDON)
            yield name
        finally:
            databases.drop(name)

    @contextlib.contextmanager
    def lexoffice(self, accounts=1, limits=False):
        """The stand-in with so many accounts, each with a key of its own."""
        extra = [] if limits else ["--no-rate-limit"]
        with SandboxServer(free_port(), extra=extra) as server:
            hooks = Hooks(server.url)
            for number in range(1, accounts + 1):
                hooks.add_account(f"Konto {number}", KEY.format(number))
            yield hooks

    def inside(self, task, database, **options):
        """Run one task in a process of its own that has Odoo loaded.

        :param str task: ``module.function`` below ``bench.inside``.
        :param options: its keyword arguments, JSON.
        :return: what it returned, through JSON.
        :raises SetupError: it failed; its own output says why.
        """
        command = databases.odoo_command(self.odoo, "server")
        # [interpreter, odoo, "server", options …]: only the options are wanted.
        settings = json.dumps([str(part) for part in command[3:]])
        result = subprocess.run(
            [sys.executable, "-m", "bench.inside", task, database],
            input=json.dumps({"settings": settings, "options": options}),
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'scripts'}"},
            preexec_fn=die_with_parent,
        )
        if result.returncode:
            raise SetupError(f"{task} failed; see above.")
        return json.loads(result.stdout.splitlines()[-1])
