# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The virtual environment with Odoo and every pinned dependency importable."""

import shutil
import sys

from environment import (
    REQUIREMENTS,
    SUPPORTED_PYTHON,
    SetupError,
    cache_dir,
    digest,
    run,
    say,
)


def check_python():
    """:raises SetupError: when this interpreter is too old or too new for Odoo 19."""
    lowest, highest = SUPPORTED_PYTHON
    if not lowest <= sys.version_info[:2] <= highest:
        raise SetupError(
            f"Odoo 19 needs Python {lowest[0]}.{lowest[1]} to {highest[0]}.{highest[1]}"
            f", but this is {sys.version.split()[0]}. Choose another one with "
            f"PYTHON3=<interpreter>."
        )


def ensure_python(odoo):
    """The path of the interpreter, its environment made if need be.

    Its folder is named after the requirements and the interpreter; a marker written
    last tells a whole environment from an interrupted one.

    :param OdooSource odoo: what ``import odoo`` shall find.
    """
    check_python()
    key = digest(REQUIREMENTS, sys.version, sys.base_prefix)
    folder = cache_dir() / f"python-{key}"
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        say("Installing the Python packages …")
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        run([sys.executable, "-m", "venv", folder])
        run([python, "-m", "pip", "install", "-q", "-r", REQUIREMENTS])
        (folder / "complete").touch()
    site_packages = next(folder.glob("lib/python3.*/site-packages"))
    link = site_packages / "odoo-source.pth"
    if not link.exists() or link.read_text() != str(odoo.path):
        link.write_text(str(odoo.path))
    return python
