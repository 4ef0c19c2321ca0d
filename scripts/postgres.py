# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""A PostgreSQL for this project alone, or the one that PGHOST names.

The private cluster listens on a unix socket in a folder that only its owner may
enter, and on no network address. Each program that uses it holds a shared lock; the
last one to leave stops the server.
"""

import contextlib
import fcntl
import os
import subprocess
import tempfile
from pathlib import Path

from environment import SetupError, cache_dir, digest, is_root, run, say, user_exists
from system_packages import postgres_bin

ROLE = "odoo"
# Everything in it can be made again: durability against a power cut is not needed,
# durability against a killed server is, and that one stays.
SETTINGS = """
listen_addresses = ''
fsync = off
full_page_writes = off
max_connections = 200
shared_buffers = 256MB
"""


class PrivateCluster:
    """initdb, start and stop, as the user that may run a PostgreSQL server."""

    def __init__(self):
        self.user = None
        home = cache_dir()
        # The server refuses to run as root, and its own user can't enter /root.
        if is_root():
            self.user = "postgres"
            if not user_exists(self.user):
                raise SetupError("The system user postgres is missing.")
            home = Path("/var/lib/postgresql")
        key = digest(str(cache_dir()))
        self.folder = home / f"lexoffice-connector-{key}"
        self.data = self.folder / "data"
        self.socket = self.folder / "socket"
        if len(str(self.socket)) > 80:  # the kernel's limit for a socket is 107
            uid = os.getuid()
            self.socket = Path(tempfile.gettempdir()) / f"lexoffice-{uid}-{key}"

    def _as_owner(self, *command, **kwargs):
        prefix = ["runuser", "-u", self.user, "--"] if self.user else []
        return run([*prefix, *command], cwd="/", **kwargs)

    def ensure(self):
        """Make the cluster unless a whole one is there."""
        marker = self.folder / "complete"
        if not marker.exists():
            say("Making a private PostgreSQL cluster …")
            self._as_owner("rm", "-rf", self.data)
            self._as_owner("mkdir", "-p", "-m", "700", self.folder)
            self._as_owner(
                postgres_bin() / "initdb",
                *("--pgdata", self.data, "--username", ROLE, "--auth", "trust"),
                *("--encoding", "UTF8", "--locale", "C.UTF-8"),
            )
            with (self.data / "postgresql.conf").open("a") as config:
                config.write(SETTINGS)
            marker.touch()
        self._as_owner("mkdir", "-p", "-m", "700", self.socket)

    def _pg_ctl(self, *arguments):
        # The server inherits its parent's output: a pipe would never be closed.
        log = self.folder / "server.log"
        self._as_owner(
            postgres_bin() / "pg_ctl",
            *("--pgdata", self.data, "--log", log, "--wait", *arguments),
        )

    def is_running(self):
        prefix = ["runuser", "-u", self.user, "--"] if self.user else []
        status = [*prefix, postgres_bin() / "pg_ctl", "--pgdata", self.data, "status"]
        return not subprocess.run(status, capture_output=True, cwd="/").returncode

    def start(self):
        if not self.is_running():
            self._pg_ctl("-o", f"-k {self.socket}", "start")

    def stop(self):
        if self.is_running():
            self._pg_ctl("--mode", "fast", "stop")

    def restart(self, mode="immediate"):
        """Restart as after a crash; connections break."""
        self._pg_ctl("--mode", mode, "-o", f"-k {self.socket}", "restart")


@contextlib.contextmanager
def running():
    """Have PostgreSQL running and the environment pointing at it (PGHOST, PGUSER).

    :return: the private cluster, or None where PGHOST was given.
    """
    if os.environ.get("PGHOST"):
        yield None
        return
    cluster = PrivateCluster()
    cache_dir().mkdir(parents=True, exist_ok=True)
    # Users hold a shared lock for as long as they run. Starting and stopping has a
    # lock of its own: an exclusive one on the first would wait for every user.
    with open(cache_dir() / "postgres.lock", "w") as users:
        with _alone():
            cluster.ensure()
            cluster.start()
            fcntl.flock(users, fcntl.LOCK_SH)
        os.environ.update(PGHOST=str(cluster.socket), PGUSER=ROLE, PGPORT="5432")
        try:
            yield cluster
        finally:
            with _alone(), contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                cluster.stop()


@contextlib.contextmanager
def _alone():
    """Only one program at a time starts or stops the cluster."""
    with open(cache_dir() / "postgres-start.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
