"""Commands that ask the register of the past."""

from __future__ import annotations

import json
import sys
from typing import Any

from collector import show
from collector.cli.frame import Arguments, add, day_of, execute
from collector.config import Config


def as_known(settings: Config, arguments: Arguments, *, csv: bool) -> int:
    """The register as it was known at a time; as CSV, its manifest goes to stderr and the octets stay as hashed."""
    said = {"when": arguments.as_known, "school": arguments.school}
    if not csv:
        headings, *rows = json.loads(execute(settings, "register_as_known", said))
        print(show.table(headings, rows) if rows else f"no device was known as at {arguments.as_known}")
        return 0
    export = json.loads(execute(settings, "export_register", said))
    sys.stdout.flush()
    sys.stdout.buffer.write(export["csv"].encode())
    sys.stdout.buffer.flush()
    print(json.dumps(export["manifest"]), file=sys.stderr)
    return 0


def _history(settings: Config, arguments: Arguments) -> int:
    said = {"day": arguments.day.isoformat(), "school": arguments.school}
    found = json.loads(execute(settings, "history", said))
    headings, *rows = found["rows"]
    print(found["head"], *(["", show.table(headings, rows)] if rows else []), sep="\n")
    return 0


def add_to(group: Any) -> None:
    """Add these commands to the parser."""
    changed = add(
        group, "history", _history, "say what is known otherwise today of the register at the end of a day, and why"
    )
    changed.add_argument("day", type=day_of, metavar="DAY", help="as 2026-08-31; it ends at midnight in London")
    changed.add_argument("--school", default="", help="only this school")
