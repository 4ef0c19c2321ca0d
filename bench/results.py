# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The figures as files: ``bench/results.json`` and ``bench/results.md``."""

import datetime
import json
import os
import platform
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
JSON = FOLDER / "results.json"
PAGE = FOLDER / "results.md"
TAKEN = "taken"


def meets(value, target):
    """Whether a figure is what was aimed for; None where nothing was."""
    if target is None:
        return None
    sign, bound = target
    # A ratio is compared as it is printed.
    return round(value, 3) <= bound if sign == "≤" else round(value, 3) >= bound


def load():
    """What earlier runs have measured: each group keeps its latest figures."""
    figures = json.loads(JSON.read_text()) if JSON.exists() else {}
    return {key: value for key, value in figures.items() if key != TAKEN}


def save(figures, groups):
    """Write both files.

    :param dict figures: ``{key: value}``, of this run and of earlier ones.
    :param dict groups: ``{name: module}`` of all groups.
    """
    machine = {
        "date": datetime.date.today().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
    }
    JSON.write_text(
        json.dumps({TAKEN: machine, **dict(sorted(figures.items()))}, indent=2) + "\n"
    )
    PAGE.write_text(_page(figures, groups, machine))


def of_group(figures, module):
    return {
        key: value
        for key, value in figures.items()
        if key.startswith(tuple(module.PREFIXES))
    }


def _page(figures, groups, machine):
    lines = [
        "# Figures",
        "",
        "Measured by `make bench` on real Odoo, real PostgreSQL and the stand-in of",
        f"lexoffice, all on one machine ({machine['machine']}, Python"
        f" {machine['python']}), {machine['date']}.",
        "Milliseconds belong to that machine; counts and ratios travel.",
    ]
    for name, module in groups.items():
        rows = of_group(figures, module)
        if not rows:
            continue
        lines += ["", f"## {name}", "", f'`make bench ARGS="{name}"`', ""]
        lines += [module.HOW, "", "| key | figure | target | |", "|---|---:|---:|---|"]
        for key, value in sorted(rows.items(), key=_order):
            target = module.TARGETS.get(key)
            aimed = f"{target[0]} {target[1]:g}" if target else ""
            verdict = {True: "met", False: "**missed**", None: ""}[meets(value, target)]
            lines.append(f"| `{key}` | {shown(value)} | {aimed} | {verdict} |")
        lines += [f"\n{note}" for note in getattr(module, "NOTES", ())]
    return "\n".join(lines) + "\n"


def shown(value):
    """A figure with as many decimals as mean something."""
    return f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


def _order(row):
    return [
        (0, int(part), "") if part.isdigit() else (1, 0, part)
        for part in row[0].split(".")
    ]
