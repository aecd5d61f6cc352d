"""The Compose file: what Compose itself says of it where that is installed, and that its parts fit each other."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import yaml

from collector import config
from programs import find_program

FOLDER = Path(__file__).parents[2] / "deploy" / "compose"
TOLD: dict[str, Any] = yaml.safe_load((FOLDER / "compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = TOLD["services"]
KEYS = {
    "image", "build", "restart", "command", "network_mode", "environment", "volumes", "healthcheck", "depends_on",
    "ports", "read_only", "tmpfs", "cap_drop", "security_opt", "secrets",
}  # fmt: skip


def find_compose() -> list[str]:
    """The command that is Compose here; empty where there is none: its parts are read all the same."""
    for command in (["docker", "compose"], ["docker-compose"]):
        if (
            find_program(command[0])
            and not subprocess.run([*command, "version"], capture_output=True, check=False).returncode
        ):
            return command
    return []


def mounts() -> list[tuple[str, str, str]]:
    return [(name, *mount.split(":")[:2]) for name, at in SERVICES.items() for mount in at.get("volumes", ())]


def names(told: Any) -> list[str]:
    """Names in a list or mapping of the short or the long form."""
    return [item["source"] if isinstance(item, dict) else item for item in told]


def test_the_five_services_are_there_and_have_only_keys_that_compose_knows() -> None:
    assert set(SERVICES) == {"collector", "postgres", "prometheus", "alertmanager", "grafana"}
    for service in SERVICES.values():
        assert set(service) <= KEYS
        assert "image" in service or "build" in service
        assert all(re.search(r":v?\d", service["image"]) for _ in [0] if "build" not in service), "a version is pinned"


def test_what_one_part_names_another_part_has() -> None:
    for service in SERVICES.values():
        assert set(names(service.get("secrets", ()))) <= set(TOLD["secrets"])
        assert set(service.get("depends_on", ())) <= set(SERVICES)
    for _, source, _ in mounts():
        assert source in TOLD["volumes"] if source[0] not in "./" else (FOLDER / source).exists(), source
    assert {source for _, source, _ in mounts() if source[0] not in "./"} == set(TOLD["volumes"])


def test_files_lie_where_the_configurations_look_for_them() -> None:
    inside = {(name, target) for name, _, target in mounts()}
    told = (FOLDER / "prometheus.yml").read_text("utf-8")
    for rules in yaml.safe_load(told)["rule_files"]:
        assert ("prometheus", f"/etc/prometheus/{rules}") in inside
    for secret in set(re.findall(r"/run/secrets/(\S+?)[},\s]", told)):
        assert secret in names(SERVICES["prometheus"]["secrets"])
    provider = yaml.safe_load((FOLDER / "../grafana/provisioning/dashboards/stocktake.yml").read_text("utf-8"))[
        "providers"
    ][0]
    assert ("grafana", provider["options"]["path"]) in inside
    assert (FOLDER / "../grafana/dashboards" / Path(
        SERVICES["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    ).name).is_file()  # fmt: skip
    alertmanager = (FOLDER / "../alertmanager/alertmanager.yml").read_text("utf-8")
    (secret,) = SERVICES["alertmanager"]["secrets"]
    assert secret["target"] in alertmanager


def test_only_the_collector_is_reached_from_outside_and_the_database_by_nobody() -> None:
    for name, service in SERVICES.items():
        if name != "collector":
            assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
    assert SERVICES["postgres"]["network_mode"] == "none"


def test_no_secret_is_written_in_it() -> None:
    text = (FOLDER / "compose.yml").read_text("utf-8")
    assert not re.search(r"PASSWORD:|password:\s*[\"']?\w", text)
    assert (FOLDER / ".gitignore").read_text("utf-8").splitlines() == ["/secrets/"]


def test_the_collector_reads_its_configuration_and_meets_the_ports_and_the_socket() -> None:
    read = config.load(FOLDER / "collector.toml")
    ports = {port.split(":")[1] for port in SERVICES["collector"]["ports"]}
    assert {read.agents_listen.rpartition(":")[2], read.web_listen.rpartition(":")[2]} == ports
    assert "collector" in read.names
    targets = {(name, target) for name, _, target in mounts()}
    assert ("collector", str(read.data)) in targets
    socket = re.search(r"host=(\S+)$", read.store_url)
    assert socket is not None
    assert {("collector", socket[1]), ("postgres", socket[1])} <= targets


def test_the_image_takes_only_what_the_lock_has_the_hash_of() -> None:
    told = (FOLDER / "Dockerfile").read_text("utf-8")
    installs = re.findall(r"pip install (.*)", told)
    assert [line for line in installs if "--upgrade pip" not in line and "--require-hashes" not in line] == [
        "--no-cache-dir --no-deps --no-build-isolation ."
    ]
    assert "USER stocktake" in told
    needed = set(re.findall(r"^COPY (?!--from)(.+) \S+$", told, re.MULTILINE))
    kept = {line[1:] for line in (FOLDER / "Dockerfile.dockerignore").read_text("utf-8").splitlines() if line[0] == "!"}
    assert {name for line in needed for name in line.split()} <= kept


COMPOSE = find_compose()

if COMPOSE:

    def test_compose_itself_reads_it() -> None:
        done = subprocess.run(
            [*COMPOSE, "--file", FOLDER / "compose.yml", "config", "--quiet"],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
