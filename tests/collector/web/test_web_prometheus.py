"""A real Prometheus scrapes the collector over HTTPS with a bearer token, and promtool finds nothing to say."""

from __future__ import annotations

import re
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
  - job_name: stocktake_school
    scheme: https
    metrics_path: /metrics/schools/{school}
    authorization: {{type: Bearer, credentials_file: {token}}}
    tls_config: {{ca_file: {authority}}}
    static_configs: [{{targets: ["{target}"]}}]
"""
DOCUMENTATION = Path(__file__).parents[3] / "docs" / "metrics.md"


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


def wait_for(address: str, query: str) -> list[dict[str, Any]]:
    """The result of a query as soon as there is one; nothing after some patience."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := ask(address, query)) and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


def examples() -> list[str]:
    """The queries of the documentation."""
    return re.findall(r"^```promql\n(.*?)^```", DOCUMENTATION.read_text("utf-8"), re.DOTALL | re.MULTILINE)


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
            token=tmp_path / "token", authority=tmp_path / "cert.pem", target=address.removeprefix("https://"),
            school=world.school_ids["elm"],
        )  # fmt: skip
        (tmp_path / "prometheus.yml").write_text(configuration)
        with prometheus(tmp_path / "prometheus.yml", tmp_path / "data") as asked:
            found = wait_for(asked, "stocktake_devices")
            counts = {(r["metric"]["school"], r["metric"]["class"]): r["value"][1] for r in found}
            assert counts["100001", "desktop"] == "1"
            named = ask(
                asked, "sum by (name) (stocktake_devices * on (trust, school) group_left (name) stocktake_school_info)"
            )
            assert {r["metric"]["name"]: r["value"][1] for r in named} == {
                "Elm Primary School": "4",
                "Oak & Son's <School>": "1",
            }
            dated = wait_for(asked, "stocktake_device_manufacture_timestamp_seconds")
            assert {r["metric"]["device"] for r in dated} == {
                world.device(n).device_id for n in ("elm-core", "elm-server")
            }
            assert [r["value"][1] for r in ask(asked, "up")] == ["1", "1"]
            for query in examples():
                answer = httpx.get(f"{asked}/api/v1/query", params={"query": query}, trust_env=False)
                assert answer.status_code == 200, (query, answer.text)
            (age,) = [query for query in examples() if query.startswith("(time()")]
            assert len(ask(asked, age)) == 2
            oldest = {r["metric"]["name"] for r in ask(asked, next(q for q in examples() if q.startswith("topk")))}
            assert oldest == {"elm-core", "elm-server"}


@pytest.mark.needs("promtool")
@pytest.mark.parametrize(
    "path", ["/metrics", "/metrics/schools/{elm}", "/metrics/schools/{oak}", "/metrics/schools/{ash}"]
)
async def test_promtool_has_nothing_to_say_of_the_page(world: World, stranger: httpx.AsyncClient, path: str) -> None:
    headers = {"Authorization": f"Bearer {world.token(Scope.METRICS)}"}
    answer = await stranger.get(path.format(**world.school_ids), headers=headers)
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    checked = subprocess.run(  # noqa: ASYNC221 - one short command
        ["promtool", "check", "metrics"], input=answer.content, capture_output=True, check=False
    )
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, b"", b"")
