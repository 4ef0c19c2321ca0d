# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""``make lint``: ruff, pylint-odoo and prettier, all of them to the end.

Has to run with the project's interpreter. With ``--fix`` the formatters write.
"""

import argparse
import shutil
import subprocess
import sys

from environment import ROOT, SetupError, cache_dir, digest, run, say

ADDON = "lexoffice_connector"
PRETTIER_ENDINGS = (".xml", ".js", ".scss")


def prettier_folder():
    """prettier as pinned in package-lock.json, installed outside of the checkout."""
    files = [ROOT / "package.json", ROOT / "package-lock.json"]
    folder = cache_dir() / f"node-{digest(*files)}"
    if not (folder / "complete").exists():
        say("Installing prettier …")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for file in files:
            shutil.copy(file, folder)
        run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder)
        (folder / "complete").touch()
    return folder


def prettier_command(fix):
    """The command line, or None without a file of its kind."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    files = [
        name
        for name in listed.stdout.splitlines()
        if name.endswith(PRETTIER_ENDINGS) and (ROOT / name).exists()
    ]
    modules = prettier_folder() / "node_modules"
    command = ["node", modules / "prettier/bin/prettier.cjs"]
    command += ["--plugin", modules / "@prettier/plugin-xml/src/plugin.js"]
    return files and [*command, "--write" if fix else "--check", *files]


def commands(fix):
    """Name and command line of each linter."""
    ruff = [sys.executable, "-m", "ruff"]
    yield "ruff check", [*ruff, "check", *(["--fix"] if fix else []), "."]
    yield "ruff format", [*ruff, "format", *([] if fix else ["--check"]), "."]
    yield "pylint-odoo", [sys.executable, "-m", "pylint", "--rcfile=.pylintrc", ADDON]
    yield "prettier", prettier_command(fix)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fix", action="store_true", help="mend what can be mended")
    fix = parser.parse_args().fix
    failed = []
    try:
        for name, command in commands(fix):
            say(f"— {name}")
            if command and subprocess.run(list(map(str, command)), cwd=ROOT).returncode:
                failed.append(name)
    except SetupError as error:
        sys.exit(f"make lint stopped: {error}")
    if failed:
        sys.exit(f"Complaints from: {', '.join(failed)}.")


if __name__ == "__main__":
    main()
