# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""The scripts behind the commands of the Makefile, as far as they need no Odoo."""

import json
import os
import re
import select
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import environment
from environment import SetupError
from odoo_server import Server

ROOT = Path(__file__).resolve().parents[2]


class Pages(Server):
    """Python's own web server in place of a real one."""

    def command(self):
        return [
            *(sys.executable, "-m", "http.server", self.port),
            *("--bind", "127.0.0.1", "--directory", self.log.parent),
        ]


class Failing(Server):
    def command(self):
        return [sys.executable, "-c", "print('reason'); exit(3)"]


@pytest.fixture
def port():
    return environment.free_port()


def test_server_is_ready_inside_and_gone_after(port, tmp_path):
    with Pages("Pages", port, log=tmp_path / "log") as server:
        assert server.is_running()
        with pytest.raises(SetupError, match=f"Port {port} is taken.*MY_PORT="):
            Pages("Pages", port, "MY_PORT", tmp_path / "log2").start()
    assert not server.is_running()
    environment.require_free_port("MY_PORT", port)


def test_server_that_ends_names_its_log(port, tmp_path):
    log = tmp_path / "log"
    with pytest.raises(SetupError, match=f"Failing ended at its start; see {log}"):
        Failing("Failing", port, log=log).start().wait_ready()
    assert log.read_text() == "reason\n"


def test_server_dies_with_a_killed_parent(port, tmp_path):
    script = textwrap.dedent(
        f"""
        import sys, pathlib
        sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "scripts")!r}]
        from tests.packaging.test_setup import Pages
        log = pathlib.Path({str(tmp_path / "log")!r})
        print(Pages("Pages", {port}, log=log).start().wait_ready().process.pid)
        sys.stdout.flush()
        sys.stdin.read()
        """
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    child = int(parent.stdout.readline())
    watched = os.pidfd_open(child)
    parent.kill()
    parent.communicate()
    # Readable as soon as the process has ended.
    assert select.select([watched], [], [], 10)[0]
    os.close(watched)


def test_ports_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("ODOO_PORT", "8123")
    assert environment.port_from_env("ODOO_PORT", 8069) == 8123
    monkeypatch.setenv("ODOO_PORT", "")
    assert environment.port_from_env("ODOO_PORT", 8069) == 8069
    for nonsense in ("http", "0", "70000", "-1"):
        monkeypatch.setenv("ODOO_PORT", nonsense)
        with pytest.raises(SetupError, match="ODOO_PORT must be a port number"):
            environment.port_from_env("ODOO_PORT", 8069)


def test_tree_digest_knows_content_and_names_but_no_place(tmp_path):
    def tree(place, name="a.py", text="1"):
        folder = tmp_path / place / "addon"
        folder.mkdir(parents=True)
        (folder / name).write_text(text)
        (folder / "__pycache__").mkdir()
        (folder / "__pycache__" / f"{place}.pyc").write_text(place)
        return environment.tree_digest(folder)

    assert tree("here") == tree("there")
    assert len({tree("x"), tree("y", name="b.py"), tree("z", text="2")}) == 3


def test_gate_runs_tests_and_linters():
    gate = ROOT / ".ci" / "run"
    subprocess.run(["bash", "-n", gate], check=True)
    assert os.access(gate, os.X_OK)
    targets = re.findall(r"(?m)^make (\w+)", gate.read_text())
    assert targets == ["test", "lint"]
    for target in targets:
        assert re.search(rf"(?m)^{target}:", (ROOT / "Makefile").read_text())


@pytest.mark.parametrize("failing", ["test", "lint", None])
def test_gate_fails_when_one_part_fails(failing, tmp_path):
    make = tmp_path / "make"
    make.write_text(f'#!/bin/sh\necho "$1"\n[ "$1" != "{failing}" ]\n')
    make.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    result = subprocess.run(
        [ROOT / ".ci" / "run"],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
    )
    assert result.stdout.split() == ["test", "lint"]
    assert result.returncode == (1 if failing else 0)


def test_scripts_of_the_makefile_exist():
    scripts = re.findall(r"scripts/\w+\.py", (ROOT / "Makefile").read_text())
    assert {"scripts/demo.py", "scripts/lint.py"} <= set(scripts)
    for script in scripts:
        assert (ROOT / script).exists()


def test_node_packages_are_locked_as_named():
    named = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    for name, version in named.items():
        assert locked[f"node_modules/{name}"]["version"] == version
