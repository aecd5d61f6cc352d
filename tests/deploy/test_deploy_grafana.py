"""Grafana's dashboards: the files are what the code makes, Grafana's types read them, no panel leaves one guessing."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

FOLDER = Path(__file__).parents[2] / "deploy" / "grafana"
FILES = sorted((FOLDER / "dashboards").glob("*.json"))
NAMES = ["agents", "device", "estate", "network", "printing", "refresh", "school"]


def read(path: Path) -> dict[str, Any]:
    told = json.loads(path.read_text("utf-8"))
    assert isinstance(told, dict)
    return told


def panels(path: Path) -> Iterator[dict[str, Any]]:
    return (panel for panel in read(path)["panels"] if panel["type"] != "row")


PANELS = [pytest.param(p, id=f"{path.stem}: {p['title']}") for path in FILES for p in panels(path)]


def test_the_files_are_what_the_code_makes(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, FOLDER / "make.py", tmp_path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [path.stem for path in FILES] == NAMES
    for path in FILES:
        made = (tmp_path / path.name).read_text("utf-8")
        assert made == path.read_text("utf-8"), f"make it anew: python {FOLDER.name}/make.py"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_grafanas_own_types_read_it_and_lose_nothing(path: Path) -> None:
    register_default_plugins()
    told = read(path)
    assert json.loads(json.dumps(Dashboard.from_json(told), cls=JSONEncoder)) == told


@pytest.mark.parametrize("panel", PANELS)
def test_every_panel_has_title_description_unit_and_a_link_to_the_pages(panel: dict[str, Any]) -> None:
    shown = panel["fieldConfig"]["defaults"]
    assert panel["title"]
    assert panel["description"].endswith(".")
    assert shown["unit"]
    assert panel["targets"]
    (link,) = shown["links"]
    assert re.match(r"\$\{collector:raw\}/(devices|agents|corrections|schools)", link["url"])
    assert link["targetBlank"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_panels_lie_beside_each_other_inside_the_width_and_never_on_each_other(path: Path) -> None:
    taken: dict[tuple[int, int], str] = {}
    for panel in read(path)["panels"]:
        at = panel["gridPos"]
        assert at["x"] + at["w"] <= 24, panel["title"]
        for cell in ((x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])):
            assert cell not in taken, (panel["title"], taken[cell])
            taken[cell] = panel["title"]


def test_titles_and_ids_are_unique() -> None:
    told = [read(path) for path in FILES]
    assert len({board["uid"] for board in told}) == len({board["title"] for board in told}) == len(NAMES)
    for path in FILES:
        titles = [panel["title"] for panel in panels(path)]
        assert len(titles) == len(set(titles)), path.stem


def test_only_metrics_that_are_documented_are_asked_for() -> None:
    documented = set(
        re.findall(r"`(stocktake_\w+|process_\w+)`", (FOLDER / "../../docs/metrics.md").read_text("utf-8"))
    )
    told = yaml.safe_load((FOLDER / "../prometheus/recording.yml").read_text("utf-8"))
    rules = [rule for group in told["groups"] for rule in group["rules"]]
    recorded = {rule["record"] for rule in rules}
    asked = [target["expr"] for path in FILES for panel in panels(path) for target in panel["targets"]]
    asked += [rule["expr"] for rule in rules]
    alerts = yaml.safe_load((FOLDER / "../prometheus/alerts.yml").read_text("utf-8"))
    asked += [rule["expr"] for group in alerts["groups"] for rule in group["rules"]]
    names = {name for expr in asked for name in re.findall(r"(?<![\w:\"])[a-z_:]*stocktake_\w+(?::\w+)?", _bare(expr))}
    assert names - documented - recorded == set()
    assert recorded - names == set(), "a recorded series that nobody asks for"


def _bare(expr: str) -> str:
    """An expression without the texts in it."""
    return re.sub(r'"[^"]*"', '""', expr)


def test_provisioned_files_name_each_other() -> None:
    source = yaml.safe_load((FOLDER / "provisioning/datasources/stocktake.yml").read_text("utf-8"))
    assert [found["type"] for found in source["datasources"]] == ["prometheus"]
