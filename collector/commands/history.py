"""Commands that ask the register of the past. They write that it was asked, and exports into the journal."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from datetime import date

from collector import history, schools
from collector.commands.desk import Desk

#: what a terminal shows of a row
SHOWN = ("device_id", "school", "class", "maker", "model", "serial", "made_best", "name", "life", "last_seen")
DIFFERENCE = ("device_id", "cell", "before", "after", "cause", "when")


def register_as_known(desk: Desk, when: str, school: str = "") -> str:
    """The register as it was known at the end of a day, or at a time: JSON, headings first."""
    at, school_id = history.parse(when), _school_id(desk, school)
    rows = history.register_as_known(desk.store, desk.trust_id, at, desk.clock(), school_id)
    return json.dumps([SHOWN, *([row.value(column) for column in SHOWN] for row in rows)])


def export_register(desk: Desk, when: str, school: str = "") -> str:
    """The same as CSV with what proves it: JSON of both."""
    at, school_id = history.parse(when), _school_id(desk, school)
    export = history.export_csv(desk.store, desk.trust_id, at, desk.clock(), actor="console", school_id=school_id)
    proof = dataclasses.asdict(export.manifest) | {"as_known": export.manifest.as_known.isoformat()}
    return json.dumps({"csv": export.csv, "manifest": proof})


def what_changed(desk: Desk, day: str, school: str = "") -> str:
    """What is known otherwise today of the register at the end of a day: JSON, a sentence and rows, headings first."""
    at, school_id = date.fromisoformat(day), _school_id(desk, school)
    found = history.what_changed(desk.store, desk.trust_id, at, desk.clock(), school_id)
    counts = ", ".join(f"{cause} {count:,}" for cause, count in history.by_cause(found.differences).items())
    told = f"{len(found.differences):,} cells are known otherwise today: {counts}" if counts else "all stands today"
    rows = ([str(getattr(one, name)) for name in DIFFERENCE] for one in found.differences)
    head = f"as known on {day}: {found.rows:,} devices, sha256 {found.sha256}\n{told}"
    return json.dumps({"head": head, "rows": [DIFFERENCE, *rows]})


def _school_id(desk: Desk, school: str) -> str:
    if not school:
        return ""
    with desk.store.reader() as connection:
        return schools.find(connection, desk.trust_id, school).school_id


COMMANDS: dict[str, Callable[..., str]] = {
    "register_as_known": register_as_known,
    "export_register": export_register,
    "history": what_changed,
}
