"""A plan of 50 schools of 1,000 devices read from a store: what the first and the second who asks wait; its files.

The plan is in a process of its own, so that its memory is its own. LibreOffice reckons a small workbook anew.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import openpyxl
from _figures import Figures
from _register_estate import fill

from collector.plan_files import workbook
from collector.store import Store

HERE = Path(__file__).parent
SCHOOLS = 50
GATHERED_SECONDS, FIRST_SECONDS, KEPT_SECONDS, MOST_MB, XLSX_SECONDS = 4.0, 9.0, 0.2, 500, 60.0
CALC = "xlsx:Calc MS Excel 2007 XML"


def figures(into: Figures) -> None:
    """Print them."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/store.db"
        store = Store.open(url)
        fill(store, SCHOOLS)
        store.close()
        found = _measured(url)
    seconds = "seconds of the processor"
    into.at_most("gathered", found["gathered"], GATHERED_SECONDS, f"{seconds}, 50,000 devices from a store")
    into.at_most("first_plan", found["first"], FIRST_SECONDS, f"{seconds}: gathered, planned for 3 years")
    into.beside("second_horizon", found["other"], f"{seconds}: 5 years of what was gathered, {found['rows']:,} rows")
    into.at_most("kept_plan", found["kept"], KEPT_SECONDS, f"{seconds}: the same again")
    into.at_most("memory_gathered", found["memory"], MOST_MB, "MB at most, with both plans")
    into.at_most("xlsx", found["xlsx"], XLSX_SECONDS, f"s by the clock, {found['xlsx_mb']:.1f} MB, 50,000 devices")
    into.at_most("memory_xlsx", found["memory_xlsx"], MOST_MB, "MB at most, with both plans and the workbook")


def recomputed(into: Figures) -> None:
    """How many cells of a small workbook LibreOffice reckons otherwise than the plan did."""
    import planned  # noqa: PLC0415 - of the tests, whose folder `refresh` puts on the path

    out = io.BytesIO()
    workbook.write(out, planned.content())
    with tempfile.TemporaryDirectory() as folder:
        openpyxl.load_workbook(out).save(f"{folder}/plan.xlsx")  # without values: there is nothing else to show
        command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", CALC,
                   "--outdir", f"{folder}/out", f"{folder}/plan.xlsx"]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=300)
        theirs = _numbers(f"{folder}/out/plan.xlsx")
    ours = _numbers(out)
    differing = sum(abs(theirs.get(at, 0.0) - value) > 1e-6 for at, value in ours.items())
    into.exactly("recomputed_by_libreoffice", differing, 0, f"differing of {len(ours):,} numbers")


def _numbers(book: str | io.BytesIO) -> dict[tuple[str, str], float]:
    sheets = openpyxl.load_workbook(book, data_only=True)
    return {
        (sheet.title, cell.coordinate): float(cell.value)
        for sheet in sheets for line in sheet.iter_rows() for cell in line if isinstance(cell.value, int | float)
    }  # fmt: skip


def _measured(url: str) -> dict[str, float]:
    """The figures that a process of its own prints."""
    root = HERE.parent.parent
    paths = os.pathsep.join(str(root / part) for part in ("", "proto", "tests", "tests/bench"))
    command = [sys.executable, str(HERE / "_refresh_gathered_child.py"), url]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": paths}, check=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found
