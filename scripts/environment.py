# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Where things lie and which environment variables are honoured.

Only the standard library: this module runs before anything is installed.
"""

import ctypes
import hashlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements.txt"
SUPPORTED_PYTHON = ((3, 10), (3, 13))
_PR_SET_PDEATHSIG = 1
_MADE_BY_TOOLS = {"__pycache__", ".ruff_cache", ".pytest_cache"}


class SetupError(Exception):
    """A set-up step can't go on; the message is one sentence for the user."""


def cache_dir():
    """The folder outside the checkout that keeps downloads between runs."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "lexoffice-connector"


def say(message):
    """Progress goes to stderr: ``make python`` prints a path on stdout."""
    print(message, file=sys.stderr, flush=True)


def digest(*parts):
    """A short, stable key of strings and file contents.

    :param parts: strings, or paths whose bytes count.
    """
    key = hashlib.sha256()
    for part in parts:
        key.update(part.read_bytes() if isinstance(part, Path) else part.encode())
        key.update(b"\0")
    return key.hexdigest()[:12]


def tree_digest(*folders):
    """A key of every file below ``folders``; where the checkout lies is no part."""
    files = sorted(
        (path.relative_to(folder.parent), path)
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and not _MADE_BY_TOOLS.intersection(path.parts)
    )
    return digest(*[part for name, path in files for part in (str(name), path)])


def run(command, **kwargs):
    """Run a command; its output is shown only when it fails.

    :raises SetupError: the command and the end of its output.
    """
    result = subprocess.run(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **kwargs,
    )
    if result.returncode:
        tail = "\n".join(result.stdout.strip().splitlines()[-20:])
        raise SetupError(f"{' '.join(map(str, command))} failed:\n{tail}")
    return result.stdout


def die_with_parent(signal_number=signal.SIGKILL):
    """Have the kernel send this process a signal when its parent ends (Linux).

    A server left behind by a killed program would keep its port and its database for
    ever. It is the end of the parent's *thread* that counts: start children in the
    thread that stays.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal_number))


def is_root():
    return os.geteuid() == 0


def sudo():
    """The prefix that gives root rights without a question, or None."""
    if is_root():
        return []
    if (
        shutil.which("sudo")
        and not subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode
    ):
        return ["sudo", "-n"]
    return None


def port_from_env(name, default):
    """Read a port number from the environment.

    :raises SetupError: when it isn't one.
    """
    value = os.environ.get(name) or str(default)
    if not value.isdigit() or not 0 < int(value) < 65536:
        raise SetupError(f"{name} must be a port number, but is {value!r}.")
    return int(value)


def require_free_port(name, port):
    """:raises SetupError: naming the port, its variable and the way out."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise SetupError(
                f"Port {port} is taken ({error.strerror}): stop what listens there, "
                f"or choose another one with {name}=<port>."
            ) from error


def free_port():
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def user_exists(name):
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
