# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The short form of ``make chaos``: 60 invoices, two servers, every fault at once."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 600
PERFECT = (
    "60 of 60 exactly once: 0 lost, 0 doubled, 0 wrong number, 0 wrong total,"
    " 0 left uncertain"
)
# Each kind of fault must have happened, or the run would have shown nothing.
KINDS = (
    "5xx, not executed",
    "answer lost after commit",
    "request lost before",
    "429 in bursts",
    "tokens ended early",
    "kill -9 of an Odoo server",
)


def test_nothing_is_lost_and_nothing_doubled():
    result = subprocess.run(
        [sys.executable, ROOT / "scripts" / "chaos.py", "--short"],
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.splitlines()[-1] == PERFECT
    for kind in KINDS:
        injected, recovered = re.search(
            rf"^{re.escape(kind)} +(\d+) +(\d+)$", result.stdout, re.MULTILINE
        ).groups()
        assert int(injected) > 0, f"no {kind} happened"
        assert recovered == injected, f"{kind}: {recovered} of {injected}"
