"""Commands about records of devices."""

from __future__ import annotations

import argparse
import base64
from pathlib import Path
from typing import Any

from collector.cli.frame import Arguments, add, command, execute
from collector.config import Config
from collector.errors import CollectorError

SIZE_LIMIT = 5 * 2**20  # octets, as pages take


def _import(settings: Config, arguments: Arguments) -> int:
    try:
        if arguments.file.stat().st_size > SIZE_LIMIT:
            raise CollectorError(f"{arguments.file} is larger than {SIZE_LIMIT // 2**20} MB: split it")
        content = arguments.file.read_bytes()
    except OSError as error:
        raise CollectorError(f"{arguments.file} cannot be read: {error.strerror}") from None
    said = {
        "content": base64.b64encode(content).decode(), "name": arguments.file.name, "dry_run": arguments.dry_run,
        "mapping": dict(arguments.map), "school": arguments.school,
    }  # fmt: skip
    print(execute(settings, "import_records", said))
    return 0


def column(text: str) -> tuple[str, str]:
    """What a column is to be taken for, from the command line: COLUMN=FIELD."""
    column, equals, field = text.rpartition("=")
    if not equals or not column:
        raise argparse.ArgumentTypeError(f"{text!r} is no COLUMN=FIELD")
    return column, field


def add_to(group: Any) -> None:
    """Add these commands to the parser."""
    what = "say things of devices: import a list, set fields, take a change back"
    topic = group.add_parser("records", help=what, description=what)
    inner = topic.add_subparsers(required=True, metavar="WHAT", title="what to do")
    bring = add(inner, "import", _import, "import a list of devices, CSV or XLSX")
    bring.add_argument("file", type=Path, metavar="FILE")
    bring.add_argument("--dry-run", action="store_true", help="say what it would change, and change nothing")
    bring.add_argument(
        "--map", type=column, action="append", default=[], metavar="COLUMN=FIELD",
        help="what a column is taken for; COLUMN= leaves it out; may be repeated",
    )  # fmt: skip
    bring.add_argument("--school", default="", help="where devices are expected whose row names no school")
    given = add(inner, "set", command("set_record", "device", "values"), "say something of one device")
    given.add_argument("device", metavar="DEVICE", help="its id")
    given.add_argument("values", nargs="+", metavar="FIELD=VALUE", help="FIELD= empties the field")
    back = add(inner, "undo", command("undo_records", "change"), "take a change of records back")
    back.add_argument("change", metavar="CHANGE", help="its id, as it was printed")
