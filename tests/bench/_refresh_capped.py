"""The plan of trusts of 1,000 to 200,000 devices, without and within caps: time, memory, proven gap, remaining risk."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from _figures import Figures

HERE = Path(__file__).parent
WHOLE = 50_000
SIZES = ((1_000, 2, "both"), (10_000, 10, "both"), (WHOLE, 50, "both"), (WHOLE, 50, "schools"), (200_000, 200, "both"))
MOST_PLAN, MOST_CAPPED, MOST_MB, WANTED_GAP, MOST_GAP = 5, 60, 500, 1.0, 5.0  # seconds, MB, percent


def figures(into: Figures) -> None:
    """Print the figures of every size; those of 50,000 devices with caps of schools and trust must hold."""
    for devices, schools, caps in SIZES:
        found = _planned(devices, schools, caps)
        _show(into, f"{devices}" if caps == "both" else f"{devices}_{caps}", found, binding=devices == WHOLE)


def _planned(devices: int, schools: int, caps: str) -> dict[str, float]:
    """The figures that a process of its own prints."""
    root = HERE.parent.parent
    paths = os.pathsep.join(str(root / part) for part in ("", "proto", "tests", "tests/bench"))
    command = [sys.executable, str(HERE / "_refresh_child.py"), str(devices), str(schools), caps]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": paths}, check=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _show(into: Figures, of: str, found: dict[str, float], *, binding: bool) -> None:
    seconds = "seconds of the processor"
    limits = (
        ("plan", found["plan"], MOST_PLAN, f"{seconds}, without caps"),
        ("capped", found["capped"], MOST_CAPPED, f"{seconds}, within caps: jobs, choice and rows"),
        ("memory", found["memory"], MOST_MB, "MB at most, with making the estate"),
    )
    into.beside(f"rows_{of}", found["rows"], f"rows, {found['jobs']:,} jobs")
    for name, value, limit, unit in limits:
        if binding:
            into.at_most(f"{name}_{of}", value, limit, unit)
        else:
            into.beside(f"{name}_{of}", value, unit)
    # Figures print one decimal: hundredths of a percent tell the gap
    gap = WANTED_GAP if binding else MOST_GAP
    into.at_most(f"gap_{of}", found["gap"] * 10_000, gap * 100, "hundredths of a percent to the optimum, proven")
    into.beside(f"timed_out_{of}", found["timed_out"], f"(1: its time ran out); {found['wall']:.1f} s by the clock")
    ratio = 100 * found["risk"] / found["greedy"]
    words = f"percent of the risk of the oldest first: {found['risk']:,.0f} beside {found['greedy']:,.0f}"
    into.at_most(f"risk_{of}", ratio, 100, words)
