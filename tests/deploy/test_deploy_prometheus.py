"""Prometheus' and Alertmanager's files: what their own tools say of them, and what every alert must tell a person."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from collector.health import ASPECTS

DEPLOY = Path(__file__).parents[2] / "deploy"
FOLDER = DEPLOY / "prometheus"
SEVERITIES = ("critical", "warning")
#: any certificate will do: promtool reads the file
_CERTIFICATE = """-----BEGIN CERTIFICATE-----
MIIBdTCCARugAwIBAgIUWYulSF05ddiklSIAMneawKx1EcgwCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjIwODU1NTZaGA8yMTI2MTAyOTA4NTU1
NlowDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABKg3
9nRXiyzFi3zt1lZUDbkeTcxHK7p8T4w8oRrjDVauCR4BfY6Ax9AqlaZ6Ta/vwFua
sPvVp1nJu9TwECZYPISjUzBRMB0GA1UdDgQWBBSAPtxWnSSx+kzOt29b4KSQ/DBF
UzAfBgNVHSMEGDAWgBSAPtxWnSSx+kzOt29b4KSQ/DBFUzAPBgNVHRMBAf8EBTAD
AQH/MAoGCCqGSM49BAMCA0gAMEUCIGhx3/zCBJMaA0X9sF3NOsfWsqyh7193Ou8Q
jHucfMFGAiEAtulhZFUvLSBZZ5jKP0i5ht7Yxuf/uhSl5N3gJzGiiRE=
-----END CERTIFICATE-----
"""


def run(*command: str | Path, cwd: Path = FOLDER) -> str:
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def rules(name: str) -> list[dict[str, Any]]:
    told = yaml.safe_load((FOLDER / name).read_text("utf-8"))
    return [rule for group in told["groups"] for rule in group["rules"]]


ALERTS = [rule for rule in rules("alerts.yml") if "alert" in rule]


@pytest.mark.needs("promtool")
def test_promtool_finds_the_rules_sound() -> None:
    assert f"SUCCESS: {len(ALERTS)} rules found" in run("promtool", "check", "rules", "alerts.yml", "recording.yml")


@pytest.mark.needs("promtool")
@pytest.mark.parametrize("path", sorted((FOLDER / "tests").glob("*.yml")), ids=lambda path: path.name)
def test_the_rules_do_what_their_tests_say(path: Path) -> None:
    assert "SUCCESS" in run("promtool", "test", "rules", path)


@pytest.mark.needs("promtool")
@pytest.mark.parametrize("folder", ["prometheus", "compose"])
def test_promtool_finds_the_configuration_sound_with_the_files_that_it_names(folder: str, tmp_path: Path) -> None:
    text = (DEPLOY / folder / "prometheus.yml").read_text("utf-8")
    for found in set(re.findall(r"/(?:etc/prometheus|run/secrets)/[a-z.-]+", text)):
        (tmp_path / Path(found).name).write_text("secret")
        text = text.replace(found, str(tmp_path / Path(found).name))
    (tmp_path / "stocktake-ca.pem").write_text(_CERTIFICATE)
    (tmp_path / "prometheus.yml").write_text(text)
    for name in ("alerts.yml", "recording.yml"):
        shutil.copy(FOLDER / name, tmp_path)
    assert "SUCCESS" in run("promtool", "check", "config", "prometheus.yml", cwd=tmp_path)


def test_both_configurations_scrape_the_same_jobs_by_tls_and_token() -> None:
    jobs = [yaml.safe_load((DEPLOY / f / "prometheus.yml").read_text("utf-8")) for f in ("prometheus", "compose")]
    assert [job["job_name"] for job in jobs[0]["scrape_configs"]] == ["stocktake", "stocktake_schools"]
    for told in jobs:
        collector = told["global"]["external_labels"]["collector"]
        estate, schools = told["scrape_configs"]
        assert estate["static_configs"][0]["labels"] == {"collector": collector}
        assert [found["url"][-11:] for found in schools["http_sd_configs"]] == ["/sd/schools"]
        for at in (estate, schools, *schools["http_sd_configs"]):
            assert at["authorization"]["type"] == "Bearer"
            assert "credentials" not in at["authorization"]
            assert "insecure_skip_verify" not in at["tls_config"]


@pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert["alert"])
def test_every_alert_says_what_what_to_do_and_where_the_list_is(alert: dict[str, Any]) -> None:
    said = alert["annotations"]
    assert len(said["summary"]) > 10
    assert said["action"].count(".") >= 2, "an action is a few sentences"
    assert said["page"].startswith("{{ $externalLabels.collector }}/")
    severity = alert["labels"]["severity"]
    assert severity in SEVERITIES or set(re.findall("|".join(SEVERITIES), severity)) == set(SEVERITIES)
    assert "for" in alert or "increase(" in alert["expr"], "what is no count of events waits for a second look"


def test_every_aspect_of_health_has_one_alert() -> None:
    told = [re.search(r'aspect="([a-z ]+)"', alert["expr"]) for alert in ALERTS]
    assert sorted(found[1] for found in told if found) == sorted(ASPECTS)


def test_no_device_is_named_in_a_label() -> None:
    for alert in ALERTS:
        kept = re.search(r"max by \(([a-z, ]+)\)", alert["expr"])
        assert not kept or set(kept[1].split(", ")) <= {"trust", "school", "device", "class", "aspect", "agent"}
        assert set(alert["labels"]) == {"severity"}


def test_every_alert_and_every_recorded_series_is_tested() -> None:
    tests = "".join(path.read_text("utf-8") for path in (FOLDER / "tests").glob("*.yml"))
    names = {rule.get("alert") or rule["record"] for name in ("alerts.yml", "recording.yml") for rule in rules(name)}
    assert {name for name in names if name not in tests} == {"school_device_aspect:stocktake_device_condition:open"}


@pytest.mark.needs("amtool")
def test_amtool_finds_the_routes_sound_and_leads_each_school_to_its_own() -> None:
    at = DEPLOY / "alertmanager" / "alertmanager.yml"
    assert "SUCCESS" in run("amtool", "check-config", at, cwd=at.parent)
    for labels, receiver in (
        (("school=100001", "severity=critical"), "oak-lane"),
        (("school=100001", "severity=warning"), "oak-lane"),
        (("school=100002", "severity=critical"), "trust"),
        (("alertname=CollectorDown", "severity=critical"), "trust"),
    ):
        told = run("amtool", "config", "routes", "test", f"--config.file={at}", *labels, cwd=at.parent)
        assert receiver in told.splitlines()
