"""The command that reconciles a register with reality."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from collector.cli.frame import Arguments, add, execute
from collector.cli.records import SIZE_LIMIT, column
from collector.config import Config
from collector.errors import CollectorError


def _reconcile(settings: Config, arguments: Arguments) -> int:
    try:
        if arguments.file.stat().st_size > SIZE_LIMIT:
            raise CollectorError(f"{arguments.file} is larger than {SIZE_LIMIT // 2**20} MB: split it")
        content = arguments.file.read_bytes()
    except OSError as error:
        raise CollectorError(f"{arguments.file} cannot be read: {error.strerror}") from None
    said = {
        "content": base64.b64encode(content).decode(), "name": arguments.file.name,
        "mapping": dict(arguments.map), "school": arguments.school,
    }  # fmt: skip
    found = json.loads(execute(settings, "reconcile_book", said))
    out = arguments.out or arguments.file.with_name(f"{arguments.file.stem}-differences.csv")
    try:
        out.write_bytes(found["csv"].encode("utf-8-sig"))
    except OSError as error:
        raise CollectorError(f"{out} cannot be written: {error.strerror}") from None
    print(f"{found['told']}\nthe differences are in {out}")
    return 0


def add_to(group: Any) -> None:
    """Add this command to the parser."""
    bring = add(group, "reconcile", _reconcile, "hold a register (CSV or XLSX) against reality; nothing is changed")
    bring.add_argument("file", type=Path, metavar="FILE")
    bring.add_argument("--school", default="", help="of which school it is; without, of the whole trust")
    bring.add_argument(
        "--map", type=column, action="append", default=[], metavar="COLUMN=FIELD",
        help="what a column is taken for; COLUMN= leaves it out; may be repeated",
    )  # fmt: skip
    bring.add_argument(
        "--out", type=Path, metavar="FILE", help="where the differences go (default FILE-differences.csv)"
    )
