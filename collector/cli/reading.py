"""Commands that read: the register, recorded files, the journal; and those that take files in."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from collector import show
from collector.age import snapshot
from collector.cli import history
from collector.cli.frame import Arguments, add, command, day_of, execute, trust_of
from collector.config import Config
from collector.errors import CollectorError
from collector.store import Store, references, register


def _devices(settings: Config, arguments: Arguments) -> int:
    if arguments.as_known:
        return history.as_known(settings, arguments, csv=arguments.form is show.devices_csv)
    with Store.glance(settings.store_url) as connection:
        rows = register.devices(connection, trust_of(connection), search=arguments.search, limit=1_000_000)
    print(arguments.form(rows))
    return 0


def _device(settings: Config, arguments: Arguments) -> int:
    with Store.glance(settings.store_url) as connection:
        detail = register.device(connection, trust_of(connection), arguments.id)
    if detail is None:
        raise CollectorError(f"no device has the id {arguments.id}: see 'stocktake-collector devices'")
    print(show.device(detail, datetime.now(UTC).date()))
    return 0


def _interpret(settings: Config, arguments: Arguments) -> int:
    """Recorded files, one line each, without a store."""
    from collector import interpret  # noqa: PLC0415 - all knowledge, needed here alone
    from collector.age import assess  # noqa: PLC0415

    del settings
    failed = 0
    for file in arguments.files:
        try:
            reading = interpret.read_file(file.name, file.read_bytes())
        except (OSError, ValueError) as error:
            failed += 1
            print(f"stocktake-collector: {file}: {error}", file=sys.stderr)
            continue
        estimate = assess.assess(assess.dossier(file.name, reading, arguments.seen)).estimate
        told = interpret.answers(file.name, reading) | {"made": show.made(estimate)}
        print(json.dumps(told, ensure_ascii=True) if arguments.jsonl else _summary(told, show.made_words(estimate)))
    return 1 if failed else 0


def _summary(read: dict[str, Any], made: str) -> str:
    said = [f"{name} {read[name]}" for name in ("class", "maker", "model", "serial", "firmware", "name") if read[name]]
    said += [f"made {made}"] if made else []
    return f"{read['walk']}: {', '.join(said) or 'nothing could be told'} ({len(read['facts'])} facts)"


def _import(settings: Config, arguments: Arguments) -> int:
    if not arguments.file.is_file():
        raise CollectorError(f"{arguments.file} is no file")
    print(execute(settings, "import", {"path": str(arguments.file.absolute()), "school": arguments.school}))
    return 0


def _support(settings: Config, arguments: Arguments) -> int:
    """With a file, a command that writes; without, one that reads."""
    if arguments.file is not None:
        print(execute(settings, "support", {"path": str(arguments.file.absolute())}))
        return 0
    with Store.glance(settings.store_url) as connection:
        trust_id = trust_of(connection)
        kept = references.of(connection, trust_id, references.SUPPORT)
        rows = references.support(connection, trust_id)
    print(show.support_table(rows, kept.imported if kept else None))
    return 0


def add_to(group: Any) -> None:
    """Add these commands to the parser."""
    devices = add(group, "devices", _devices, "print the register as it stands now")
    form = devices.add_mutually_exclusive_group()
    form.add_argument("--csv", dest="form", action="store_const", const=show.devices_csv, help="as CSV")
    form.add_argument("--json", dest="form", action="store_const", const=show.devices_json, help="as JSON")
    devices.add_argument("--search", default="", help="only rows that hold this text")
    past = "as it was known at the end of a day, or at a time; with --csv, its hash goes to stderr"
    devices.add_argument("--as-known", default="", metavar="DAY|TIME", help=past)
    devices.add_argument("--school", default="", help="with --as-known, only this school")
    devices.set_defaults(form=show.devices_table)
    device = add(group, "device", _device, "print everything that is said of one device, with its evidence")
    device.add_argument("id", metavar="ID")
    read = add(
        group, "interpret", _interpret, "read recorded .snmprec walks, SMBIOS tables and EDID blocks, without a store"
    )
    read.add_argument("files", nargs="+", type=Path, metavar="FILE")
    read.add_argument("--seen", type=day_of, default=datetime.now(UTC).date(), metavar="DAY",
                      help="when the device was seen: nothing was made later (default today)")  # fmt: skip
    read.add_argument("--jsonl", action="store_true", help="one line of JSON a file, with every fact")
    add(
        group,
        "reinterpret",
        command("reinterpret"),
        "read all kept evidence again with today's rules, and list what changed",
    )
    taken = add(group, "import", _import, "take in evidence that 'stocktake-agent scan --save' wrote")
    taken.add_argument("file", type=Path, metavar="FILE")
    taken.add_argument("--school", required=True, help="the school it was scanned at, or School/Site")
    support = add(
        group, "support", _support,
        "say where the ends of support come from; with FILE, take in a newer snapshot of endoflife.date",
    )  # fmt: skip
    support.add_argument("file", type=Path, nargs="?", metavar="FILE", help=f"what {snapshot.FULL} answers")
