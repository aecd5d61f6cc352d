"""A real Prometheus with the rules and the configuration of deploy/prometheus, in front of a collector under test.

Every time of the configuration is divided by 60 (a minute is a second), so that nothing waits for minutes; expressions
stay as they are. Who starts it says where the collector is; it knows no estate.
"""

from __future__ import annotations

import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

FASTER = 60
PATIENCE_SECONDS = 30.0  # what http_sd finds is scraped after five seconds at the soonest
DEPLOY = Path(__file__).parent.parent / "deploy" / "prometheus"
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
TIMES = ("scrape_interval", "evaluation_interval", "refresh_interval", "interval", "for")


@dataclass(frozen=True, slots=True)
class Asked:
    """A Prometheus that runs."""

    client: httpx.Client

    def query(self, expr: str) -> list[dict[str, Any]]:
        """The result of a query now; AssertionError with Prometheus' own words where it is none."""
        answer = self.client.get("/api/v1/query", params={"query": expr})
        assert answer.status_code == 200, (expr, answer.text)
        return list(answer.json()["data"]["result"])

    def wait(self, expr: str, patience: float = PATIENCE_SECONDS) -> list[dict[str, Any]]:
        """The result of a query as soon as there is one; nothing after some patience."""
        deadline = time.monotonic() + patience
        while not (found := self.query(expr)) and time.monotonic() < deadline:
            time.sleep(0.1)
        return found

    def firing(self) -> list[dict[str, Any]]:
        """The alerts that fire, with labels and annotations."""
        answer = self.client.get("/api/v1/alerts")
        return [alert for alert in answer.json()["data"]["alerts"] if alert["state"] == "firing"]

    def wait_firing(self, names: int, patience: float = PATIENCE_SECONDS) -> list[dict[str, Any]]:
        """The alerts that fire as soon as they have so many names; those there are after some patience."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and len({alert["labels"]["alertname"] for alert in self.firing()}) < names:
            time.sleep(0.1)
        return self.firing()

    def ready(self) -> bool:
        """Whether it answers queries."""
        try:
            return self.client.get("/-/ready").status_code == 200
        except httpx.TransportError:
            return False


@contextmanager
def watching(collector: str, authority: Path, token: str, folder: Path) -> Iterator[Asked]:
    """Prometheus as deploy/prometheus sets it up, in front of the collector at an https address."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "token").write_text(token)
    configuration = _configuration(collector, authority, folder / "token")
    (folder / "prometheus.yml").write_text(yaml.safe_dump(configuration))
    for name in configuration["rule_files"]:
        told = yaml.safe_load((DEPLOY / name).read_text("utf-8"))
        (folder / name).write_text(yaml.safe_dump(faster(told), width=1000))
    listen = f"127.0.0.1:{_free_port()}"
    command = ["prometheus", f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={folder / 'data'}"]
    command += [f"--web.listen-address={listen}", "--log.level=warn"]
    with (
        httpx.Client(base_url=f"http://{listen}", trust_env=False, timeout=30) as client,
        (folder / "log").open("wb") as log,
        subprocess.Popen(command, stdout=log, stderr=log) as process,
    ):
        asked = Asked(client)
        try:
            while not asked.ready():
                assert process.poll() is None, (folder / "log").read_text("utf-8")
                time.sleep(0.05)
            yield asked
        finally:
            process.terminate()


def _configuration(collector: str, authority: Path, token: Path) -> dict[str, Any]:
    told: dict[str, Any] = faster(yaml.safe_load((DEPLOY / "prometheus.yml").read_text("utf-8")))
    told["global"]["scrape_timeout"] = told["global"]["scrape_interval"]
    del told["alerting"]
    secured = {"authorization": {"type": "Bearer", "credentials_file": str(token)},
               "tls_config": {"ca_file": str(authority)}}  # fmt: skip
    for job in told["scrape_configs"]:
        job.update(secured)
        for found in job.get("http_sd_configs", ()):
            found.update(secured, url=f"{collector}/sd/schools")
        for fixed in job.get("static_configs", ()):
            fixed["targets"] = [collector.removeprefix("https://")]
    return told


def faster(told: Any) -> Any:
    """The same with every time divided by FASTER."""
    if isinstance(told, list):
        return [faster(item) for item in told]
    if isinstance(told, dict):
        return {name: _divided(value) if name in TIMES else faster(value) for name, value in told.items()}
    return told


def _divided(written: str) -> str:
    milliseconds = sum(int(n) * UNITS[unit] * 1000 for n, unit in re.findall(r"(\d+)([smhd])", written)) // FASTER
    return f"{milliseconds}ms"


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
