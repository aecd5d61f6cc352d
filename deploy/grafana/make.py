"""Writes every dashboard as the JSON file that Grafana is given: `python deploy/grafana/make.py [FOLDER]`."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

import boards
from frame import encoded

FOLDER = Path(__file__).with_name("dashboards")


def main(folder: Path) -> None:
    """One file for each file of boards/, found by being there."""
    folder.mkdir(parents=True, exist_ok=True)
    for module in pkgutil.iter_modules(boards.__path__):
        made = importlib.import_module(f"boards.{module.name}").make()
        (folder / f"{module.name}.json").write_text(encoded(made), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
