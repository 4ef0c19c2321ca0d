# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Programs from the Debian or Ubuntu archive: what is missing gets installed."""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from environment import SetupError, run, say, sudo


def postgres_bin():
    """The folder of the newest PostgreSQL server on this machine, or None."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int(path.parent.parent.name),
    )
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


def chromium():
    """The browser that the tests and screenshots drive, or None."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    return None


def _has_fonts():
    return any(Path("/usr/share/fonts/truetype").glob("*/*.ttf"))


def missing_packages(lint=False):
    """Names of the packages that this machine lacks.

    :param lint: also what the linters need (prettier runs on Node.js).
    """
    wanted = {
        "python3-venv": importlib.util.find_spec("ensurepip"),
        "postgresql": os.environ.get("PGHOST") or postgres_bin(),
        "chromium": chromium(),
        "wkhtmltopdf": shutil.which("wkhtmltopdf"),
        "fonts-dejavu-core": _has_fonts(),
        "ca-certificates": Path("/etc/ssl/certs/ca-certificates.crt").exists(),
    }
    if lint:
        wanted["nodejs"] = shutil.which("node")
        wanted["npm"] = shutil.which("npm")
    return sorted(name for name, found in wanted.items() if not found)


def install_missing(lint=False):
    """Install what is missing with apt.

    :raises SetupError: without root rights (names the packages and the command),
        and when apt fails.
    """
    missing = missing_packages(lint)
    if not missing:
        return
    prefix = sudo()
    if prefix is None or not shutil.which("apt-get"):
        raise SetupError(
            f"Missing packages: {', '.join(missing)}. Install them as root with: "
            f"apt-get install --no-install-recommends {' '.join(missing)}"
        )
    say(f"Installing {', '.join(missing)} …")
    quiet = {"env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
    command = [
        *prefix,
        "apt-get",
        "install",
        "-y",
        "--no-install-recommends",
        *missing,
    ]
    # A package list from yesterday names files that the mirror dropped since.
    updated = subprocess.run(
        [*prefix, "apt-get", "update"], capture_output=True, text=True
    )
    try:
        run(command, **quiet)
    except SetupError as error:
        hint = "" if not updated.returncode else f"\napt-get update: {updated.stderr}"
        raise SetupError(f"{error}{hint}") from error
    if still := missing_packages(lint):
        raise SetupError(f"Installed, but still not found: {', '.join(still)}.")
