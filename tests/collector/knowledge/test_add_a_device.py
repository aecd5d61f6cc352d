"""The page `docs/add-a-device.md`, followed to the letter: its files, in a copy of the collector, do as it promises."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "add-a-device.md").read_text("utf-8")
#: a file of the page: its path in backquotes before a colon, then a fenced block
FILES = dict(
    re.findall(r"`([\w./-]+\.(?:py|snmprec|json))`[^\n]*:\n\n```\w+\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
)
COMMAND, PROMISE = re.findall(r"```console\n\$ (.*?)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)[0]
WALK = "tests/devices/acme-gs24/walk.snmprec"


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("taught")
    shutil.copytree(ROOT / "collector", folder / "collector", ignore=shutil.ignore_patterns("__pycache__"))
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, "utf-8")
    return folder


def run(copy: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": f"{copy}:{ROOT / 'proto'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_page_holds_a_walk_a_file_and_an_expectation() -> None:
    assert sorted(FILES) == ["collector/knowledge/acme.py", "tests/devices/acme-gs24/expect.json", WALK]


def test_the_command_of_the_page_prints_what_the_page_promises(copy: Path) -> None:
    program, *words = COMMAND.split()
    assert program == "stocktake-collector"
    assert run(copy, "-m", "collector", *words) == PROMISE


def test_the_expectation_of_the_page_holds(copy: Path) -> None:
    told = json.loads(run(copy, "-m", "collector", "interpret", WALK, "--jsonl"))
    expected = json.loads(FILES["tests/devices/acme-gs24/expect.json"])
    assert {name: told[name] for name in expected if name in told} == {
        name: value for name, value in expected.items() if name in told
    }
    assert set(expected["components"]) <= {fact["component"] for fact in told["facts"]}
    assert {fact["rule"] for fact in told["facts"] if fact["name"] == "serial"} == {"acme"}


def test_the_file_of_the_page_is_in_the_walk_plan(copy: Path) -> None:
    asked = run(copy, "-c", "from collector.plan import compile_plan; print([g.name for g in compile_plan().groups])")
    assert {"acme", "acme_health"} <= set(json.loads(asked.replace("'", '"')))


@pytest.mark.parametrize("check", [("check",), ("format", "--check")], ids=" ".join)
def test_the_file_of_the_page_is_clean(check: tuple[str, ...]) -> None:
    name = "collector/knowledge/acme.py"
    command = [sys.executable, "-m", "ruff", *check, "--stdin-filename", name, "-"]
    done = subprocess.run(command, cwd=ROOT, input=FILES[name], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
