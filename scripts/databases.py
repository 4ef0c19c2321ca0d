# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Prepared Odoo databases, made once and copied from then on.

Works with the private cluster and with a given PGHOST: who connects where is read
from libpq's variables, by Odoo as by this module. Has to run with the project's
interpreter.
"""

import contextlib
import os
import shutil
import subprocess
import sys

import psycopg2
from psycopg2 import sql

from environment import (
    REQUIREMENTS,
    ROOT,
    SetupError,
    cache_dir,
    die_with_parent,
    digest,
    say,
)

PREFIX = "lexoffice"
BASE_MODULES = "account,l10n_de,contacts"
LANGUAGE = "de_DE"
ADDON = "lexoffice_connector"


# --- Odoo's command line


def data_dir():
    """Odoo's data folder: one for each PostgreSQL, whose databases it belongs to."""
    server = digest(os.environ.get("PGHOST", ""), os.environ.get("PGPORT", ""))
    return cache_dir() / f"odoo-data-{server}"


def odoo_command(odoo, command):
    """The start of a command line of Odoo, with its addons and the checkout's.

    :param OdooSource odoo: which Odoo.
    :param str command: ``server`` or ``shell``.
    """
    addons = ",".join(str(folder) for folder in (*odoo.addons, ROOT))
    return [
        sys.executable,
        odoo.command,
        command,
        # A user's own configuration would come in between.
        f"--config={os.devnull}",
        f"--addons-path={addons}",
        f"--data-dir={data_dir()}",
    ]


def run_odoo(odoo, command, database, *options, script=None):
    """Run Odoo to its end.

    :param str script: what ``shell`` shall execute.
    :raises SetupError: it failed; names the log.
    """
    log = cache_dir() / "log" / f"{database}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    line = [*odoo_command(odoo, command), "--database", database, "--no-http", *options]
    with log.open("a") as output:
        result = subprocess.run(
            [str(part) for part in line],
            input=script or "",
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ROOT,
            preexec_fn=die_with_parent,
        )
    if result.returncode:
        last = (log.read_text().strip().splitlines() or [""])[-1]
        raise SetupError(f"Odoo stopped: {last[:300]} (see {log}).")


def install(odoo, database, modules):
    """Install modules with their German terms, without Odoo's demo data.

    :param str modules: names with commas between.
    :raises SetupError: one of them isn't installed afterwards.
    """
    run_odoo(
        odoo,
        "server",
        database,
        *("--init", modules, f"--load-language={LANGUAGE}", "--without-demo=1"),
        "--stop-after-init",
    )
    with connect(database) as cursor:
        cursor.execute(
            "SELECT name FROM ir_module_module"
            " WHERE name = ANY(%s) AND state = 'installed'",
            (modules.split(","),),
        )
        missing = set(modules.split(",")) - {name for (name,) in cursor.fetchall()}
    if missing:
        log = cache_dir() / "log" / f"{database}.log"
        raise SetupError(f"Odoo could not install {', '.join(missing)}; see {log}.")


# --- PostgreSQL


@contextlib.contextmanager
def connect(database="postgres"):
    """A cursor that commits each statement by itself.

    :raises SetupError: the server can't be reached, or is of no use for Odoo.
    """
    try:
        connection = psycopg2.connect(dbname=database)
    except psycopg2.OperationalError as error:
        reason = " ".join(str(error).split())
        raise SetupError(
            f"PostgreSQL can't be reached with PGHOST, PGPORT, PGUSER and PGPASSWORD "
            f"as they are: {reason}"
        ) from error
    connection.autocommit = True
    try:
        if connection.info.user == "postgres":
            raise SetupError(
                "Odoo refuses the database user postgres: name another one that may"
                " create databases in PGUSER."
            )
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def _run(statement, *names):
    """One statement whose ``{}`` are names of databases."""
    with connect() as cursor:
        cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def exists(name):
    with connect() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
        return bool(cursor.fetchone())


def _filestore(name):
    return data_dir() / "filestore" / name


def drop(name):
    """Drop a database and its files, whoever is connected."""
    _run("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    shutil.rmtree(_filestore(name), ignore_errors=True)


def copy(source, target):
    """Make ``target`` a copy of ``source``, in place of what had the name before.

    The copy keeps Odoo's uuid: whoever wants two of them to differ gives one away.
    """
    drop(target)
    _run("CREATE DATABASE {} TEMPLATE {}", target, source)
    if _filestore(source).exists():
        # Files there are named by their content and never changed: links will do.
        shutil.copytree(_filestore(source), _filestore(target), copy_function=os.link)


def _rename(name, new_name):
    """The database last: its name says that everything is there."""
    shutil.rmtree(_filestore(new_name), ignore_errors=True)
    if _filestore(name).exists():
        _filestore(name).rename(_filestore(new_name))
    _run("ALTER DATABASE {} RENAME TO {}", name, new_name)


def set_parameters(database, values):
    """Set system parameters (``ir.config_parameter``) while no Odoo runs on it."""
    with connect(database) as cursor:
        for key, value in values.items():
            cursor.execute(
                "INSERT INTO ir_config_parameter (key, value) VALUES (%s, %s)"
                " ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
                (key, value),
            )


# --- Prepared databases


@contextlib.contextmanager
def _alone(name):
    """One program at a time makes this database; the others wait for it."""
    with connect() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", (name,))
        yield


def _drop_stale(kind, keep):
    """Drop the prepared databases of older keys, unless somebody is using them."""
    with connect() as cursor:
        cursor.execute(
            "SELECT datname FROM pg_database WHERE datname ~ %s AND datname <> %s",
            (f"^{PREFIX}_{kind}_[0-9a-f]{{12}}(_part)?$", keep),
        )
        stale = [name for (name,) in cursor.fetchall()]
    for name in stale:
        with contextlib.suppress(psycopg2.Error):
            _run("DROP DATABASE {}", name)
            shutil.rmtree(_filestore(name), ignore_errors=True)


def ensure(kind, key, fill):
    """The name of a prepared database, made if need be.

    It is filled under another name and renamed last, so that an interrupted one is
    never taken for a whole one.

    :param str kind: what it is for: ``base``, ``demo``, …
    :param str key: what it was made of, see ``environment.digest``.
    :param fill: called with the temporary name; has to create and fill it.
    """
    name = f"{PREFIX}_{kind}_{key}"
    with _alone(name):
        if not exists(name):
            part = f"{name}_part"
            drop(part)
            fill(part)
            _rename(part, name)
        _drop_stale(kind, name)
    return name


def base_key(odoo):
    """What a base database is made of: Odoo's version and the Python packages."""
    release = odoo.path / "odoo" / "release.py"
    return digest(release, str(odoo.path), REQUIREMENTS, BASE_MODULES, LANGUAGE)


def ensure_base(odoo):
    """A database with accounting, the German charts and the German language.

    :param OdooSource odoo: which Odoo.
    :return: its name; to be copied, not to be used.
    """

    def fill(name):
        say("Making a database with Odoo's accounting (once, about a minute) …")
        install(odoo, name, BASE_MODULES)

    return ensure("base", base_key(odoo), fill)
