# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""A PostgreSQL that may be killed: its own, so that nobody else's work dies with it."""

import contextlib
import fcntl
import os

import databases
import postgres
from environment import cache_dir, say

VARIABLES = ("PGHOST", "PGPORT", "PGUSER")


class ChaosCluster(postgres.PrivateCluster):
    """Like the project's private cluster, in a folder of its own."""

    def __init__(self):
        super().__init__()
        self.folder = self.folder.with_name(f"{self.folder.name}-chaos")
        self.data = self.folder / "data"
        self.socket = self.socket.with_name(f"{self.socket.name}-chaos")
        if self.socket.name == "socket-chaos":
            self.socket = self.folder / "socket"

    def settle(self):
        """Write everything down, before the first kill.

        In a database that CREATE DATABASE has copied, sequences are advanced without
        a word in the log until the next checkpoint: a crash would set them back.
        """
        with databases.connect() as cursor:
            cursor.execute("CHECKPOINT")

    def kill(self):
        """Restart it as after a crash of the server, without asking anybody."""
        self.restart("immediate")


def _is_a_users():
    """Whether PGHOST names a PostgreSQL that is not this project's."""
    host = os.environ.get("PGHOST")
    return bool(host) and host != str(postgres.PrivateCluster().socket)


@contextlib.contextmanager
def running():
    """Have a PostgreSQL to work with, and the environment pointing at it.

    :return: the cluster, or None where PGHOST names somebody else's: that one is
        used and never restarted.
    """
    if _is_a_users():
        yield None
        return
    cluster = ChaosCluster()
    cache_dir().mkdir(parents=True, exist_ok=True)
    before = {name: os.environ.get(name) for name in VARIABLES}
    with open(cache_dir() / "postgres-chaos.lock", "w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another run of chaos is on; waiting for its end …")
            fcntl.flock(lock, fcntl.LOCK_EX)
        cluster.ensure()
        cluster.start()
        os.environ.update(
            PGHOST=str(cluster.socket), PGUSER=postgres.ROLE, PGPORT="5432"
        )
        try:
            yield cluster
        finally:
            cluster.stop()
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value


def is_up():
    """Whether PostgreSQL takes connections at this moment."""
    try:
        with databases.connect() as cursor:
            cursor.execute("SELECT 1")
            return True
    except Exception:  # whatever it is, it is not up
        return False
