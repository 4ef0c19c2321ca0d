# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""``make bench``: the figures, with how they were taken.

::

    make bench                                    all groups, up to 25 minutes
    make bench ARGS="requests_per_document"       one group; the others keep theirs
    make bench ARGS="profile"                     where the worker's time goes

Written to ``bench/results.md`` and ``bench/results.json``. Exit status 0 when all could
be measured, whether or not the targets are met.
"""

import argparse
import os
import signal
import sys
import time

import postgres
from environment import ROOT, SetupError, die_with_parent, say
from odoo_source import ensure_odoo

sys.path.insert(0, str(ROOT))

from bench import (  # noqa: E402
    bulk,
    posting,
    profile,
    requests_per_document,
    results,
    two_servers,
    worker_cost,
)
from bench.stage import Stage  # noqa: E402

GROUPS = {
    "requests_per_document": requests_per_document,
    "posting": posting,
    "worker_cost": worker_cost,
    "bulk": bulk,
    "two_servers": two_servers,
}


def measure(names):
    """Measure these groups, one after the other, and write what is known."""
    figures = results.load()
    with postgres.running():
        stage = Stage(ensure_odoo())
        if "profile" in names:
            profile.show(stage)
            names = [name for name in names if name != "profile"]
        for name in names:
            module = GROUPS[name]
            say(f"{name} …")
            began = time.monotonic()
            found = module.measure(stage)
            for key in results.of_group(figures, module):
                del figures[key]
            figures.update(found)
            results.save(figures, GROUPS)
            show(found, module, time.monotonic() - began)


def show(found, module, seconds):
    for key, value in found.items():
        target = module.TARGETS.get(key)
        aimed = f"{target[0]} {target[1]:g}" if target else ""
        missed = "missed" if results.meets(value, target) is False else ""
        print(f"{key:<48}{results.shown(value):>10}  {aimed:<10}{missed}", flush=True)
    say(f"({seconds:.0f} s)")


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "groups", nargs="*", metavar="group", help=", ".join([*GROUPS, "profile"])
    )
    options = parser.parse_args()
    for name in options.groups:
        if name not in [*GROUPS, "profile"]:
            parser.error(f"there is no group {name}")
    return options.groups or list(GROUPS)


def main():
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    if os.environ.get("MAKELEVEL"):
        die_with_parent(signal.SIGTERM)
    names = parse()
    try:
        measure(names)
    except SetupError as error:
        print(f"make bench stopped: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("make bench was interrupted.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
