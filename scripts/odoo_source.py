# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Odoo 19: from ODOO_HOME, from Debian's archive, or from Odoo's repository."""

import os
import re
import shutil
from pathlib import Path

from environment import SetupError, cache_dir, run, say

# Odoo's package links these into itself. The two pinned ones are Debian 12's:
# later versions moved the files that the links point to.
LINKED_PACKAGES = (
    "libjs-jquery",
    "libjs-underscore",
    "libjs-jquery-form",
    "fonts-montserrat",
    "fonts-roboto-unhinted",
    "fonts-glyphicons-halflings",
    "fonts-ocr-b",
)
LINKED_PACKAGES_BOOKWORM = ("fonts-font-awesome", "fonts-inconsolata")
GIT_URL = "https://github.com/odoo/odoo.git"


class OdooSource:
    """A whole Odoo 19 on disk.

    :ivar path: the folder that holds the package ``odoo``.
    :ivar command: the script that starts the server.
    :ivar addons: the folders for ``addons_path``.
    """

    def __init__(self, path, command, addons):
        self.path = Path(path)
        self.command = Path(command)
        self.addons = [Path(folder) for folder in addons if Path(folder).is_dir()]

    def check(self):
        """:raises SetupError: unless this is an Odoo 19.0."""
        release = self.path / "odoo" / "release.py"
        text = release.read_text() if release.exists() else ""
        if not re.search(r"^version_info = \(19, 0,", text, re.MULTILINE):
            raise SetupError(f"{self.path} does not hold an Odoo 19.0 source tree.")
        if not self.command.exists():
            raise SetupError(f"{self.command}, which starts Odoo, is missing.")
        return self


def _from_tree(home):
    """A clone of Odoo's repository, or a Debian root folder unpacked by hand."""
    home = Path(home).expanduser().resolve()
    for root in (home, *home.parents):
        if (root / "usr/bin/odoo").exists():
            return _from_debian_root(root)
    return OdooSource(home, home / "odoo-bin", [home / "odoo/addons", home / "addons"])


def _from_debian_root(root):
    packages = root / "usr/lib/python3/dist-packages"
    return OdooSource(packages, root / "usr/bin/odoo", [packages / "odoo/addons"])


def _debian_mirror():
    """The Debian mirror that this machine's own apt sources use, or None."""
    lists = [Path("/etc/apt/sources.list")]
    lists += sorted(Path("/etc/apt/sources.list.d").glob("*"))
    for path in lists:
        if path.suffix not in (".list", ".sources") or not path.is_file():
            continue
        for uri in re.findall(r"https?://\S+", path.read_text()):
            if re.search(r"/debian/?$", uri) and "security" not in uri:
                return uri.rstrip("/")
    return None


class _PrivateApt:
    """apt with lists and caches of its own, so that the system's stay untouched."""

    def __init__(self, folder, mirror, suite):
        self.folder = folder / f"apt-{suite}"
        self.downloads = folder / "downloads"
        for part in ("lists/partial", "archives/partial"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        self.downloads.mkdir(parents=True, exist_ok=True)
        keyring = "/usr/share/keyrings/debian-archive-keyring.gpg"
        (self.folder / "sources.list").write_text(
            f"deb [signed-by={keyring}] {mirror} {suite} main\n"
        )

    def _apt(self, *arguments):
        options = {
            "Dir::Etc::sourcelist": self.folder / "sources.list",
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::State::lists": self.folder / "lists",
            "Dir::Cache": self.folder,
            "APT::Sandbox::User": "",
            "Acquire::Languages": "none",
        }
        flags = [f"-o{name}={value}" for name, value in options.items()]
        return run(["apt-get", "-q", *flags, *arguments], cwd=self.downloads)

    def download(self, names):
        """Download packages; returns the files."""
        self._apt("update")
        self._apt("download", *names)
        return [max(self.downloads.glob(f"{name}_*.deb")) for name in names]


def _unpack_debian(folder, mirror):
    """Unpack Debian's ``odoo-19`` and what it links to. Nothing is installed:
    its dependencies would pull the Python of Debian unstable."""
    say("Downloading Odoo 19 from Debian's archive (about 125 MB) …")
    try:
        files = _PrivateApt(folder, mirror, "sid").download(
            ["odoo-19", *LINKED_PACKAGES]
        )
        files += _PrivateApt(folder, mirror, "bookworm").download(
            LINKED_PACKAGES_BOOKWORM
        )
    except SetupError as error:
        raise SetupError(
            f"{error}\nDebian's archive did not give the package odoo-19. Point "
            f"ODOO_HOME at an Odoo 19.0 source tree, or clone one: "
            f"git clone --depth 1 -b 19.0 {GIT_URL}"
        ) from error
    root = folder / "root.part"
    shutil.rmtree(root, ignore_errors=True)
    say("Unpacking Odoo 19 …")
    for file in files:
        run(["dpkg", "-x", file, root])
    _replace_dropped_script(root)
    shutil.rmtree(folder / "downloads")
    return root


def _replace_dropped_script(root):
    """Debian drops this file as non-free; its absence is an error in the console
    of every backend page. Only the blurring of camera pictures needs it."""
    script = (
        root / "usr/lib/python3/dist-packages/odoo/addons/mail/static/lib"
        "/selfie_segmentation/selfie_segmentation.js"
    )
    if not script.exists():
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_text("// Not part of Debian's package.\n")


def _clone(folder):
    say("Cloning Odoo 19.0 …")
    part = folder / "root.part"
    shutil.rmtree(part, ignore_errors=True)
    try:
        run(["git", "clone", "--depth", "1", "-b", "19.0", GIT_URL, part])
    except (OSError, SetupError) as error:
        raise SetupError(
            "Odoo 19 could not be cloned (is git there, and the network?). Point "
            f"ODOO_HOME at an Odoo 19.0 source tree.\n{error}"
        ) from error
    return part


def ensure_odoo():
    """Odoo 19, set up if need be.

    The folder gets its final name last, so that an interrupted download is never
    taken for a whole one.

    :raises SetupError: with the ways that are left.
    """
    if home := os.environ.get("ODOO_HOME"):
        return _from_tree(home).check()
    folder = cache_dir() / "odoo-19"
    root = folder / "root"
    if not root.exists():
        folder.mkdir(parents=True, exist_ok=True)
        mirror = _debian_mirror()
        part = _unpack_debian(folder, mirror) if mirror else _clone(folder)
        part.rename(root)
    return _from_tree(root).check()
