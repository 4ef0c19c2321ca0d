# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The worker in processes of its own: two at one moment, and killed at every step.

Real commits, real locks and a real SIGKILL, as no test inside Odoo has them.
"""

import json
import subprocess
import sys
import time
import uuid
from datetime import datetime
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

import databases  # noqa: E402
from environment import ROOT, die_with_parent, free_port  # noqa: E402
from odoo_server import SandboxServer  # noqa: E402
from odoo_source import ensure_odoo  # noqa: E402
from run_tests import ensure_books  # noqa: E402

from ..stand_in import API_KEY, StandIn  # noqa: E402

SCRIPTS = Path(__file__).parent / "workers"
STEP = 0.2
BURST = 3
DOCUMENTS = 30
KINDS = {"invoice": "invoice", "voucher": "salesinvoice"}


@pytest.fixture(scope="module")
def lexoffice():
    options = ["--no-rate-limit", "--api-key", API_KEY]
    with SandboxServer(free_port(), extra=options) as server:
        yield StandIn(server.url)


@pytest.fixture(scope="module")
def template():
    """A German company with the addon installed; to be copied."""
    odoo = ensure_odoo()
    name = f"{databases.PREFIX}_workers_{uuid.uuid4().hex[:8]}"
    try:
        databases.copy(ensure_books(odoo), name)
        databases.install(odoo, name, databases.ADDON)
        yield name
    finally:
        databases.drop(name)


@pytest.fixture
def office(template, lexoffice):
    """An own database, and an empty account at lexoffice."""
    name = f"{template}_run"
    databases.copy(template, name)
    lexoffice.reset()
    try:
        yield Office(name, lexoffice)
    finally:
        databases.drop(name)


class Office:
    """A database and the processes that work on it."""

    def __init__(self, database, lexoffice):
        self.database = database
        self.lexoffice = lexoffice

    def start(self, script, **settings):
        """Start a script of ``workers/`` in an Odoo shell of its own."""
        settings = {"url": self.lexoffice.url, "api_key": API_KEY, **settings}
        odoo = ensure_odoo()
        process = subprocess.Popen(
            [
                *map(str, databases.odoo_command(odoo, "shell")),
                *("--database", self.database, "--no-http", "--log-level=critical"),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
            preexec_fn=die_with_parent,
        )
        text = (SCRIPTS / f"{script}.py").read_text()
        process.stdin.write(f"SETTINGS = {settings!r}\n{text}")
        process.stdin.close()
        process.stdin = None
        return process

    def run(self, script, **settings):
        """Run a script to its end; returns the JSON of its last line."""
        process = self.start(script, **settings)
        output, _nothing = process.communicate(timeout=240)
        assert process.returncode == 0, output
        return json.loads(output.strip().splitlines()[-1])

    def query(self, statement):
        with databases.connect(self.database) as cursor:
            cursor.execute(statement)
            return cursor.fetchall()

    def check(self, kind, count):
        """Every document stands in lexoffice exactly once, under the right name."""
        rows = self.query(
            "SELECT m.name, t.lexoffice_uuid, t.marker, t.state, t.adoption,"
            " m.amount_total FROM lexoffice_transfer t JOIN account_move m"
            " ON m.id = t.move_id WHERE t.operation = 'document'"
        )
        assert {row[3:5] for row in rows} == {("done", "done")}
        documents = {one["id"]: one for one in self.lexoffice.documents(kind)}
        assert len(rows) == len(documents) == count
        for name, uuid_, marker, _state, _adoption, total in rows:
            document = documents.pop(uuid_)
            assert marker in document["remark"]
            assert document["voucherNumber"] == name
            price = document.get("totalPrice", document)
            gross = price.get("totalGrossAmount")
            assert round(float(total), 2) == gross


@pytest.mark.parametrize("variant", ["invoice", "voucher"])
def test_two_workers_at_one_moment(office, variant):
    office.run("prepare", variant=variant, documents=DOCUMENTS, customers=3)
    start_at = time.time() + 8
    workers = [office.start("work", start_at=start_at, step=STEP) for _worker in "ab"]
    worked = []
    for worker in workers:
        output, _nothing = worker.communicate(timeout=240)
        assert worker.returncode == 0, output
        worked.append(json.loads(output.strip().splitlines()[-1])["sent"])

    office.check(KINDS[variant], DOCUMENTS)
    assert all(worked), f"both took part: {worked}"
    contacts = office.lexoffice.hook("GET", "contacts")
    assert len(contacts) == 3, "each customer once"
    log = office.lexoffice.hook("GET", "requests?limit=1000")["requests"]
    moments = sorted(datetime.fromisoformat(one["time"]).timestamp() for one in log)
    for first in range(len(moments) - 20):
        window = moments[first + 19] - moments[first]
        # Twenty requests take nineteen steps, less the burst and a little jitter.
        assert window >= (19 - BURST) * STEP - 0.3, f"too fast after {first}"


# Where a worker is killed; each with an invoice and a customer of its own.
STEPS = [
    "before_contact_answer",
    "before_sending",
    "after_sending",
    "during_post",
    "after_post",
    "after_id",
    "before_entering",
    "before_entering_is_committed",
]
FILE_STEPS = ["before_upload", "after_upload"]


@pytest.mark.parametrize(
    ("variant", "steps"), [("invoice", STEPS), ("voucher", STEPS + FILE_STEPS)]
)
def test_killed_worker(office, variant, steps):
    count = len(steps)
    office.run("prepare", variant=variant, documents=count, customers=count, post=False)
    codes = office.run("kill", steps=steps)
    # Posted; killed; gone on with.
    assert codes == {step: [0, -9, 0] for step in steps}

    office.check(KINDS[variant], count)
    assert len(office.lexoffice.hook("GET", "contacts")) == count
    path = "invoices" if variant == "invoice" else "vouchers"
    assert office.lexoffice.counts()[f"POST /v1/{path}"] == count
    if variant == "voucher":
        for voucher in office.lexoffice.documents("salesinvoice"):
            assert len(voucher["files"]) == 1
