# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""``make chaos``: every fault at once, and then nothing is lost and nothing doubled.

Two Odoo servers, PostgreSQL and the stand-in, all real; times are divided by one
factor on both sides. Environment: SEED=n repeats a run, PGHOST names a PostgreSQL to
use (which then is not restarted). Exit status 0 only if every document stands in
lexoffice exactly once.
"""

import argparse
import contextlib
import json
import os
import signal
import sys
import time

import databases
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

from bench.hooks import Hooks  # noqa: E402
from chaos import cluster, plan, report, stage  # noqa: E402
from chaos.office import Office  # noqa: E402
from chaos.run import Run  # noqa: E402
from demo.odoo_rpc import DemoError  # noqa: E402


def carry_out(seed, size):
    """Set everything up, run, and print what came of it.

    :return: whether everything is right.
    """
    database = f"{databases.PREFIX}_chaos_{os.getpid()}"
    odoo = ensure_odoo()
    with contextlib.ExitStack() as stack:
        postgres = stack.enter_context(cluster.running())
        stack.callback(databases.drop, database)
        stage.prepare(odoo, size, database)
        if postgres:
            postgres.settle()
        sandbox = stack.enter_context(SandboxServer(free_port()))
        hooks = Hooks(sandbox.url)
        hooks.set_pace(plan.RATE_REFILL * plan.FACTOR)
        hosts = {"api_url": sandbox.url, "app_url": sandbox.url}
        databases.set_parameters(
            database,
            {f"lexoffice_connector.{name}": url for name, url in hosts.items()},
        )
        servers = [stage.ChaosServer(odoo, database, number) for number in (1, 2)]
        for server in servers:
            stack.enter_context(server)
        say("Connecting two companies …")
        office = Office(servers, hooks)
        office.connect()
        run = Run(seed, size, servers, office, postgres)
        began = time.monotonic()
        comparison = run.go()
        return show(run, comparison, time.monotonic() - began)


def show(run, comparison, seconds):
    """Print the table and the verdict.

    :return: whether everything is right.
    """
    log = run.hooks.requests()
    kept = cache_dir() / "log" / "chaos-requests.json"
    kept.write_text(json.dumps(log, default=str))
    say(f"Every request that lexoffice saw: {kept}")
    refused = sum(entry["status"] == 429 and not entry["fault"] for entry in log)
    count = len(comparison.verdicts)
    print()
    print(report.table(run, comparison, log))
    print()
    if not run.cluster:
        print("PGHOST names a PostgreSQL of yours: it was not restarted.")
    if not run.in_time:
        print(f"Not everything was settled within {run.size.minutes:g} minutes.")
    print("\n".join(report.problems(comparison)) or "No invoice is out of line.")
    print(
        f"{len(log)} requests, {refused} refused for their pace, {run.reconnects}"
        f" reconnects by a person, {count - comparison.missing_files()} of {count}"
        f" files in place, {seconds:.0f} s"
    )
    print(comparison.headline())
    return run.in_time and comparison.is_perfect() and not comparison.missing_files()


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="60 invoices")
    parser.add_argument("--seed", type=int, default=int(os.environ.get("SEED") or 1))
    return parser.parse_args()


def main():
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.default_int_handler)
    if os.environ.get("MAKELEVEL"):
        die_with_parent(signal.SIGTERM)
    options = parse()
    size = plan.SHORT if options.short else plan.FULL
    print(
        f"{size.total()} invoices, seed {options.seed}, times divided by {plan.FACTOR}",
        flush=True,
    )
    try:
        return 0 if carry_out(options.seed, size) else 1
    except (SetupError, DemoError) as error:
        print(f"make chaos stopped: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("make chaos was interrupted.", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
