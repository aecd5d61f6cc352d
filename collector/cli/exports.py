"""The command that exports the register."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from collector.cli.frame import Arguments, add, execute
from collector.config import Config


def _export(settings: Config, arguments: Arguments) -> int:
    said = {
        "path": str(Path(arguments.file).absolute()), "form": arguments.form, "as_of": arguments.as_of,
        "school": arguments.school, "device_class": arguments.device_class, "view": arguments.view,
        "assignees": "yes" if arguments.assignees else "",
    }  # fmt: skip
    print(execute(settings, "export", said))
    return 0


def add_to(group: Any) -> None:
    """Add this command to the parser."""
    one = add(group, "export", _export, "write the register to a file, and its manifest beside it")
    one.add_argument("file", metavar="FILE", help="where to; the manifest is FILE.manifest.json")
    one.add_argument("--form", default="xlsx", help="csv, plain, xlsx, json, pdf, snipe-it, glpi or netbox")
    one.add_argument("--as-of", default="", help="as known at the end of this day, as 2026-08-31, or at a time")
    one.add_argument("--school", default="", help="only this school")
    one.add_argument("--class", dest="device_class", default="", help="only this class")
    one.add_argument("--view", default="", choices=("", "capitalised", "portable"), help="only this register")
    one.add_argument("--assignees", action="store_true", help="say whom devices are assigned to, too")
