# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Start and stop Odoo and the stand-in as child processes.

Every child dies with the program that started it, even when that one is killed.
"""

import contextlib
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request

import databases
from environment import (
    ROOT,
    SetupError,
    cache_dir,
    die_with_parent,
    require_free_port,
)

ODOO_PORT = 8069
SANDBOX_PORT = 8070


class Server:
    """A child process that serves HTTP on a port of this machine.

    Usable as a context manager: started and ready inside, stopped after it.

    :param str name: for messages.
    :param int port: where it listens.
    :param str port_variable: the environment variable that moves it elsewhere.
    :param log: the file for its output; by default ``<name>-<port>.log``.
    """

    ready_path = "/"
    ready_seconds = 60
    stop_seconds = 20

    def __init__(self, name, port, port_variable=None, log=None):
        self.name = name
        self.port = port
        self.port_variable = port_variable
        self.log = log or cache_dir() / "log" / f"{name}-{port}.log".lower()
        self.process = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def command(self):
        """The command line of the child."""
        raise NotImplementedError

    def environment(self):
        return {**os.environ, "PYTHONUNBUFFERED": "1"}

    def start(self):
        """Start the child without waiting for it.

        :raises SetupError: the port is taken.
        """
        require_free_port(self.port_variable or "port", self.port)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [str(part) for part in self.command()],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                env=self.environment(),
                # Ctrl-C reaches the whole group; who stops when is decided here.
                start_new_session=True,
                preexec_fn=die_with_parent,
            )
        return self

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def wait_ready(self, seconds=None):
        """Wait until it answers.

        :raises SetupError: it ended, or took too long; names the log.
        """
        seconds = seconds or self.ready_seconds
        deadline = time.monotonic() + seconds
        while not self._answers():
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=0.1)
            if not self.is_running():
                raise SetupError(f"{self.name} ended at its start; see {self.log}.")
            if time.monotonic() > deadline:
                self.stop()
                raise SetupError(
                    f"{self.name} did not answer within {seconds} s; see {self.log}."
                )
        return self

    def _answers(self):
        try:
            with urllib.request.urlopen(self.url + self.ready_path, timeout=5) as page:
                return page.status == 200
        except (OSError, urllib.error.URLError):
            return False

    def stop(self):
        """Ask it to end; kill it when it doesn't within some seconds."""
        if self.is_running():
            self.process.terminate()
            try:
                self.process.wait(timeout=self.stop_seconds)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self):
        """End it as a crash would."""
        if self.is_running():
            self.process.kill()
            self.process.wait()

    def __enter__(self):
        try:
            return self.start().wait_ready()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_exception):
        self.stop()


class OdooServer(Server):
    """One Odoo server for one database.

    :param OdooSource odoo: which Odoo.
    :param str database: its database.
    :param extra: more command line options.
    :param dict variables: more environment variables.
    """

    ready_path = "/web/health?db_server_status=1"
    ready_seconds = 120

    def __init__(
        self, odoo, database, port=ODOO_PORT, extra=(), log=None, variables=None
    ):
        super().__init__("Odoo", port, "ODOO_PORT", log)
        self.odoo = odoo
        self.database = database
        self.extra = list(extra)
        self.variables = dict(variables or {})

    def command(self):
        return [
            *databases.odoo_command(self.odoo, "server"),
            *("--database", self.database),
            *("--db-filter", f"^{self.database}$"),
            "--no-database-list",
            *("--http-port", self.port),
            "--http-interface=127.0.0.1",
            "--workers=0",
            "--max-cron-threads=2",
            *self.extra,
        ]

    def environment(self):
        return {**super().environment(), **self.variables}


class SandboxServer(Server):
    """The stand-in of lexoffice.

    :param extra: more command line options.
    """

    ready_path = "/sandbox"
    ready_seconds = 30

    def __init__(self, port=SANDBOX_PORT, extra=(), log=None):
        super().__init__("lexoffice-sandbox", port, "SANDBOX_PORT", log)
        self.extra = list(extra)

    def command(self):
        command = [sys.executable, "-m", "lexoffice_sandbox", "--port", self.port]
        return [*command, *self.extra]
