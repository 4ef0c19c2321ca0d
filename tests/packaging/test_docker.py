# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl.html).
"""Every path, command, port and variable of the Docker files exists and fits."""

import ast
import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

import databases
import odoo_server
from demo import content, walk
from lexoffice_sandbox import cli

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"
START = ROOT / "docker" / "start-odoo.sh"
SERVICES = yaml.safe_load(COMPOSE.read_text())["services"]
BUILT = {name: one["build"] for name, one in SERVICES.items() if "build" in one}
VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")


def with_defaults(value):
    """What compose makes of a value when no variable is set."""
    if isinstance(value, list):
        return [with_defaults(part) for part in value]
    return VARIABLE.sub(lambda match: match.group(2) or "", str(value))


def dockerfile(name):
    """The instructions of a Dockerfile as ``(word, rest)``, continued lines joined."""
    text = (ROOT / BUILT[name]["dockerfile"]).read_text()
    lines = re.sub(r"\\\n", " ", re.sub(r"(?m)^#.*\n", "", text)).splitlines()
    return [tuple(line.split(None, 1)) for line in lines if line.strip()]


def instructions(name, word):
    return [rest for first, rest in dockerfile(name) if first == word]


def copied(name):
    """``{path in the image: path in the checkout}``."""
    workdir, targets = "/", {}
    for word, rest in dockerfile(name):
        if word == "WORKDIR":
            workdir = rest
        elif word == "COPY":
            source, target = rest.split()
            target = Path(workdir) / (source if target == "." else target)
            targets[str(target)] = source
    return targets


def test_compose_file_is_valid_for_the_client():
    """Where the client has ``compose``; everything else is looked at below."""
    docker = shutil.which("docker")
    if (
        docker
        and not subprocess.run(
            [docker, "compose", "version"], capture_output=True
        ).returncode
    ):
        subprocess.run(
            [docker, "compose", "-f", COMPOSE, "config", "--quiet"], check=True
        )


def test_services_and_images():
    assert set(SERVICES) == {"db", "odoo", "lexoffice", "demo"}
    assert SERVICES["db"]["image"] == "postgres:16"
    assert instructions("odoo", "FROM") == ["odoo:19"]
    assert instructions("lexoffice", "FROM") == ["python:3.12-slim"]


def test_every_variable_has_a_default():
    found = VARIABLE.findall(COMPOSE.read_text())
    assert {name for name, _default in found} == {"ODOO_PORT", "SANDBOX_PORT"}
    assert set(found) == {
        ("ODOO_PORT", str(odoo_server.ODOO_PORT)),
        ("SANDBOX_PORT", str(odoo_server.SANDBOX_PORT)),
    }


def test_dependencies_have_health_checks():
    for service in SERVICES.values():
        for name, condition in service.get("depends_on", {}).items():
            assert condition == {"condition": "service_healthy"}
            assert SERVICES[name]["healthcheck"]["test"]


def test_every_volume_is_declared():
    declared = yaml.safe_load(COMPOSE.read_text())["volumes"]
    used = {
        volume.split(":")[0]
        for service in SERVICES.values()
        for volume in service.get("volumes", [])
    }
    assert used == set(declared)


@pytest.mark.parametrize("name", BUILT)
def test_dockerfile_copies_what_exists(name):
    assert (ROOT / BUILT[name]["context"]).resolve() == ROOT
    sources = copied(name).values()
    assert sources
    for source in sources:
        assert (ROOT / source).exists()
        assert f"!{source.split('/')[0]}" in (ROOT / ".dockerignore").read_text()


def test_odoo_image_starts_a_script_that_is_there():
    (command,) = instructions("odoo", "CMD")
    shell, script = ast.literal_eval(command)
    assert shell == "sh"
    assert ROOT / copied("odoo")[script] == START
    subprocess.run(["sh", "-n", START], check=True)


def test_odoo_image_finds_addon_and_demo():
    config = configparser.ConfigParser()
    config.read(ROOT / copied("odoo")["/etc/odoo/odoo.conf"])
    addons = config["options"]["addons_path"]
    assert copied("odoo")[f"{addons}/lexoffice_connector"] == "lexoffice_connector"
    (variable,) = instructions("odoo", "ENV")
    path = variable.removeprefix("PYTHONPATH=")
    assert copied("odoo")[f"{path}/demo"] == "demo"
    (volume,) = SERVICES["odoo"]["volumes"]
    assert volume.split(":")[1] == config["options"]["data_dir"]


def test_odoo_image_has_the_python_packages_of_the_addon():
    manifest = ast.literal_eval(
        re.sub(
            r"(?m)^#.*$",
            "",
            (ROOT / "lexoffice_connector/__manifest__.py").read_text(),
        )
    )
    (installed,) = instructions("odoo", "RUN")
    for package in manifest["external_dependencies"]["python"]:
        assert f"python3-{package.replace('_', '-')}" in installed


def test_start_script_installs_what_the_other_demo_installs():
    text = START.read_text()
    assert re.findall(r"--init (\S+)", text) == [
        databases.BASE_MODULES,
        databases.ADDON,
    ]
    assert set(re.findall(r"--load-language=(\S+)", text)) == {databases.LANGUAGE}
    assert "from demo import dataset; dataset.create(env)" in text


def test_start_script_gets_its_variables():
    """Without a default in the script, compose has to set it."""
    text = re.sub(r"(?m)^#.*$", "", START.read_text())
    used = set(re.findall(r"\$\{?([A-Z][A-Z_]+)", text))
    defaulted = set(re.findall(r"\$\{([A-Z_]+):-", text))
    given = SERVICES["odoo"]["environment"]
    assert used - defaulted <= set(given)
    assert {"PGHOST", "PGUSER", "PGPASSWORD"} <= set(given)
    assert given["PGHOST"] in SERVICES
    database = SERVICES["db"]["environment"]
    assert given["PGUSER"] == database["POSTGRES_USER"] != "postgres"
    assert given["PGPASSWORD"] == database["POSTGRES_PASSWORD"]


def test_start_script_sets_parameters_that_the_addon_reads():
    names = re.findall(r"'lexoffice_connector\.(\w+)'", START.read_text())
    assert sorted(names) == ["api_url", "app_url"]
    sources = "".join(
        path.read_text() for path in (ROOT / "lexoffice_connector/models").glob("*.py")
    )
    for name in names:
        assert f'"{name}"' in sources


def test_stand_in_has_one_name_and_port_for_browser_and_server():
    lexoffice = SERVICES["lexoffice"]
    (alias,) = lexoffice["networks"]["default"]["aliases"]
    address = f"http://{alias}:${{SANDBOX_PORT:-8070}}"
    assert alias.endswith(".localhost")
    assert SERVICES["odoo"]["environment"]["LEXOFFICE_URL"] == address
    assert address in SERVICES["demo"]["command"]
    (ports,) = with_defaults(lexoffice["ports"])
    host, outside, inside = ports.split(":")
    assert (host, outside) == ("127.0.0.1", inside)
    assert f":{inside}/" in with_defaults(lexoffice["healthcheck"]["test"])[-1]


def test_stand_in_understands_its_command_line():
    for line in (
        with_defaults(SERVICES["lexoffice"]["command"]),
        ast.literal_eval(instructions("lexoffice", "CMD")[0]),
    ):
        assert line[:3] == ["python", "-m", "lexoffice_sandbox"]
        parsed, options = cli.parse_options(line[3:])
        assert (parsed.host, parsed.port) == ("0.0.0.0", 8070)
        folder = str(Path(options.data).parent)
        assert f"lexoffice-data:{folder}" in SERVICES["lexoffice"]["volumes"]


def test_stand_in_starts_with_the_account_of_the_first_company():
    first = next(iter(content.COMPANIES.values()))["name"]
    command = SERVICES["lexoffice"]["command"]
    assert command[command.index("--organization") + 1] == first
    assert f'ORGANIZATION = "{first}"' in (ROOT / "scripts/demo.py").read_text()


def test_stand_in_image_has_pinned_versions():
    pinned = {
        re.split(r"[=;<> ]", line)[0].lower().replace("_", "-")
        for line in (ROOT / "requirements.txt").read_text().splitlines()
        if "==" in line
    }
    install = instructions("lexoffice", "RUN")[0]
    packages = install.split("--constraint requirements.txt")[1].split()
    assert packages and set(packages) <= pinned


def test_demo_service_understands_its_command_line():
    line = with_defaults(SERVICES["demo"]["command"])
    assert line[:3] == ["python3", "-m", "demo.walk"]
    options = walk.parser().parse_args(line[3:])
    assert options.odoo == "http://odoo:8069"
    assert options.database == SERVICES["odoo"]["environment"]["DEMO_DATABASE"]


def test_odoo_port_is_the_published_one():
    (ports,) = with_defaults(SERVICES["odoo"]["ports"])
    inside = ports.split(":")[-1]
    assert instructions("odoo", "EXPOSE") == [inside]
    assert f"--http-port {inside}" in START.read_text()
    assert f":{inside}/" in SERVICES["odoo"]["healthcheck"]["test"][-1]
