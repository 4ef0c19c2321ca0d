# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""These tests read files of the checkout; no Odoo, no database."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# The set-up scripts import each other by their plain names.
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]
