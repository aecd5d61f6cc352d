"""A real Prometheus scrapes the collector over HTTPS with a bearer token, and promtool finds nothing to say."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from web_estate import World
from web_server import served

from collector.access import Scope

PATIENCE_SECONDS = 30.0
CONFIGURATION = """
global: {{scrape_interval: 1s, scrape_timeout: 1s}}
scrape_configs:
  - job_name: stocktake
    scheme: https
    authorization: {{type: Bearer, credentials_file: {token}}}
    tls_config: {{ca_file: {authority}}}
    static_configs: [{{targets: ["{target}"]}}]
"""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def prometheus(configuration: Path, data: Path) -> Iterator[str]:
    """A Prometheus that runs as long as the context is open."""
    listen = f"127.0.0.1:{free_port()}"
    command = ["prometheus", f"--config.file={configuration}", f"--storage.tsdb.path={data}"]
    command += [f"--web.listen-address={listen}", "--log.level=error"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield f"http://{listen}"
        finally:
            process.terminate()


def ask(address: str, query: str) -> list[dict[str, Any]]:
    """The result of a query; nothing while Prometheus is not ready."""
    try:
        answer = httpx.get(f"{address}/api/v1/query", params={"query": query}, trust_env=False)
    except httpx.TransportError:
        return []
    return list(answer.json()["data"]["result"]) if answer.status_code == 200 else []


@pytest.mark.needs("prometheus")
def test_prometheus_scrapes_the_estate(world: World, tmp_path: Path) -> None:
    (tmp_path / "token").write_text(world.token(Scope.METRICS))
    with served(world, tmp_path) as address:
        configuration = CONFIGURATION.format(
            token=tmp_path / "token", authority=tmp_path / "cert.pem", target=address.removeprefix("https://")
        )
        (tmp_path / "prometheus.yml").write_text(configuration)
        with prometheus(tmp_path / "prometheus.yml", tmp_path / "data") as asked:
            deadline = time.monotonic() + PATIENCE_SECONDS
            while not (found := ask(asked, "stocktake_devices")) and time.monotonic() < deadline:
                time.sleep(0.1)
            counts = {(r["metric"]["school"], r["metric"]["class"]): r["value"][1] for r in found}
            assert counts["100001", "desktop"] == "1"
            named = ask(
                asked, "sum by (name) (stocktake_devices * on (trust, school) group_left (name) stocktake_school_info)"
            )
            assert {r["metric"]["name"]: r["value"][1] for r in named} == {
                "Elm Primary School": "4",
                "Oak & Son's <School>": "1",
            }
            assert ask(asked, "up")[0]["value"][1] == "1"


@pytest.mark.needs("promtool")
async def test_promtool_has_nothing_to_say_of_the_page(world: World, stranger: httpx.AsyncClient) -> None:
    answer = await stranger.get("/metrics", headers={"Authorization": f"Bearer {world.token(Scope.METRICS)}"})
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    checked = subprocess.run(  # noqa: ASYNC221 - one short command
        ["promtool", "check", "metrics"], input=answer.content, capture_output=True, check=False
    )
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, b"", b"")
