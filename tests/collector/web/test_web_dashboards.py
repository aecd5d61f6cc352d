"""Every query of every panel and alert is asked of a real Prometheus that has scraped an estate, and answers.

What a panel counts is also what the built-in page behind its link lists.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
import yaml
from web_estate import browser, sign_in
from web_server import served

from collector.access import Scope
from fresh_store import fresh_store
from health_estate import FAILURES, KIT, World, set_up
from prometheus_server import Asked, watching

ROOT = Path(__file__).parents[3]
BOARDS = sorted((ROOT / "deploy" / "grafana" / "dashboards").glob("*.json"))
COUNTED = "suffix: devices"
DEVICE_BOARD = "device"


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The estate before its first walk, with something wrong of each kind."""
    store = fresh_store(tmp_path_factory.mktemp("health") / "store.db")
    world = set_up(store)
    world.break_all()
    yield world
    store.close()


@pytest.fixture(scope="module")
def asked(estate: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
    """A Prometheus that has scraped the estate, and seen counters grow."""
    folder = tmp_path_factory.mktemp("prometheus")
    token = estate.token(Scope.METRICS)
    with (
        served(estate, folder) as address,  # type: ignore[arg-type]  # what it needs of a world, this one has
        watching(address, folder / "cert.pem", token, folder / "prometheus") as prometheus,
    ):
        estate.cycle(3)
        assert prometheus.wait('sum(up{job="stocktake_schools"}) == 2')
        assert prometheus.wait("count by (device) (stocktake_port_errors_total)")
        estate.cycle()
        assert prometheus.wait("school_device_port:stocktake_port_errors:increase1h > 0")
        assert prometheus.wait('sum(school:stocktake_devices_worst:count{state="critical"}) > 7')
        yield prometheus


def panels() -> Iterator[tuple[str, dict[str, Any], str]]:
    """Board, panel and expression, with variables as Grafana fills them in; a device is left open."""
    for path in BOARDS:
        told = json.loads(path.read_text("utf-8"))
        school: dict[str, Any] = next((v for v in told["templating"]["list"] if v["name"] == "school"), {})
        chosen = school.get("allValue", "100001")
        for panel in told["panels"]:
            for target in panel.get("targets", ()):
                expr = target["expr"].replace("$school", chosen).replace("$__rate_interval", "1m")
                yield path.stem, panel, expr


def variables() -> Iterator[tuple[str, str]]:
    """Board and query of each variable that is asked of Prometheus."""
    for path in BOARDS:
        for variable in json.loads(path.read_text("utf-8"))["templating"]["list"]:
            if variable["type"] == "query":
                query = re.sub(r"^(?:label_values|query_result)\(((?:[^,{]|\{[^}]*\})+).*\)$", r"\1", variable["query"])
                yield path.stem, query.replace("$school", "100001")


@pytest.mark.needs("prometheus")
def test_every_query_of_every_panel_answers_with_what_the_panel_needs(asked: Asked, estate: World) -> None:
    silent = []
    ids = [estate.device_id(name) for name in (*KIT, "oak-server")]
    for board, panel, expr in panels():
        asks = [expr.replace("$device", device) for device in ids] if board == DEVICE_BOARD else [expr]
        if not any(asked.query(each) for each in asks) and not any(asked.wait(each, 3) for each in asks):
            silent.append((board, panel["title"], expr))
    assert silent == [], "\n".join(map(str, silent))


@pytest.mark.needs("prometheus")
def test_every_variable_has_values(asked: Asked) -> None:
    assert [(board, query) for board, query in variables() if not asked.query(query)] == []


@pytest.mark.needs("prometheus")
def test_every_alert_is_understood_and_has_something_to_look_at(asked: Asked) -> None:
    told = yaml.safe_load((ROOT / "deploy" / "prometheus" / "alerts.yml").read_text("utf-8"))
    for rule in (rule for group in told["groups"] for rule in group["rules"]):
        asked.query(rule["expr"])
        aspect = re.search(r'aspect="([a-z ]+)"', rule["expr"])
        looked_at = f'stocktake_device_condition{{aspect="{aspect[1]}"}}' if aspect else _metric(rule["expr"])
        assert asked.query(looked_at) or asked.wait(looked_at, 3), rule["alert"]


def _metric(expr: str) -> str:
    """The first series that an expression names; an agent whose spool is empty does not tell its oldest report."""
    found = re.search(r"(?<![a-z_:])(?:up|[a-z_:]*stocktake_[a-z_:]+)", expr)
    assert found is not None
    return found[0]


@pytest.mark.needs("prometheus")
async def test_every_alert_that_fires_leads_to_a_list_that_has_its_device(asked: Asked, estate: World) -> None:
    fired = {alert["labels"]["alertname"] for alert in asked.wait_firing(7)}
    assert fired >= {failure.alert for failure in FAILURES} | {"AccessPointDown", "BatteryWorn", "PoeBudget"}
    async with browser(estate) as visitor:  # type: ignore[arg-type]  # what it needs of a world, this one has
        await sign_in(estate, visitor)  # type: ignore[arg-type]
        for alert in asked.firing():
            said, device = alert["annotations"], alert["labels"].get("device")
            page = await visitor.get(said["page"].removeprefix("https://stocktake.example.org"))
            assert page.status_code == 200, said["page"]
            if device:
                assert f'href="/devices/{device}"' in page.text, said["page"]
                assert said["device"].strip()
                assert said["device_page"] == f"https://stocktake.example.org/devices/{device}"


@pytest.mark.needs("prometheus")
async def test_what_a_panel_counts_by_school_and_class_is_what_the_page_behind_it_lists(
    asked: Asked, estate: World
) -> None:
    found = [one async for one in compared(asked, estate) if not re.search("aspect=|state=", one[2])]
    assert [one for one in found if one[3] != one[4]] == []
    assert sum(one[3] > 0 for one in found) > 10


@pytest.mark.needs("prometheus")
async def test_what_a_panel_counts_by_aspect_and_state_is_what_the_page_behind_it_lists(
    asked: Asked, estate: World
) -> None:
    found = [one async for one in compared(asked, estate) if re.search("aspect=|state=", one[2])]
    assert [one for one in found if one[3] != one[4]] == []
    assert sum(one[3] > 0 for one in found) > 15


async def compared(asked: Asked, estate: World) -> AsyncIterator[tuple[str, str, str, int, int]]:
    """Board, panel and link of everything that counts devices, with what it counts and what the page lists."""
    async with browser(estate) as visitor:  # type: ignore[arg-type]  # what it needs of a world, this one has
        await sign_in(estate, visitor)  # type: ignore[arg-type]
        for board, panel, expr in panels():
            shown = panel["fieldConfig"]["defaults"]
            if shown["unit"] != COUNTED or panel["type"] in ("table", "timeseries"):
                continue
            for series in asked.query(expr):
                url = filled(shown["links"][0]["url"], series["metric"], estate)
                yield board, panel["title"], url, int(float(series["value"][1])), await listed(visitor, url)


def filled(url: str, labels: dict[str, str], estate: World) -> str:
    """A link as Grafana fills it in for one series."""
    known = {f"__field.labels.{name}": value for name, value in labels.items()}
    known |= {"collector": "", "school_id": estate.school_ids["oak"]}
    return re.sub(r"\$\{([\w.]+)(?::\w+)?\}", lambda found: known[found[1]].replace(" ", "%20"), url)


async def listed(visitor: httpx.AsyncClient, url: str) -> int:
    """How many devices a list shows."""
    answer = await visitor.get(url)
    assert answer.status_code == 200, (url, answer.text)
    return len(set(re.findall(r'href="/devices/([0-9a-z]{12})"', unquote(answer.text))))
