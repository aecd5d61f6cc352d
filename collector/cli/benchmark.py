"""Commands that compare schools, with each other and with those of other trusts."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from collector import london, show
from collector.benchmark import exchange, percentiles
from collector.benchmark.measures import BY_KEY, MEASURES, words
from collector.cli.frame import Arguments, add, command, execute, trust_of
from collector.comparing import club, measuring
from collector.config import Config
from collector.errors import CollectorError
from collector.store import Store


def _gias(settings: Config, arguments: Arguments) -> int:
    print(execute(settings, "benchmark_gias", {"path": str(arguments.file.resolve())}))
    return 0


def _show(settings: Config, arguments: Arguments) -> int:
    """The trust's schools by one measure, or where the trust stands among others."""
    with Store.glance(settings.store_url) as connection:
        trust_id = trust_of(connection)
        compared = measuring.schools(connection, trust_id, london.day_of(datetime.now(UTC)))
        others = club.members(connection, trust_id)
    measure = BY_KEY.get(arguments.measure)
    if measure is None:
        raise CollectorError(f"there is no measure {arguments.measure!r}: {', '.join(BY_KEY)}")
    rows = [
        (one.name, one.group or "not known", words(measure, one.numbers[measure.key].value),
         f"{one.numbers[measure.key].unknown:.0%}")
        for one in compared
    ]  # fmt: skip
    print(f"{measure.name}\n{show.table(('school', 'phase', measure.unit, 'not known'), rows)}")
    lines = [
        (group, words(measure, line.ours.half if line.ours else None), str(len(line.theirs)),
         percentiles.words(line.standing))
        for group, found in club.lines(compared, others).items() for line in found if line.measure == measure
    ]  # fmt: skip
    if lines:
        print(f"\namong {len(others)} other trusts\n{show.table(('phase', 'our median', 'trusts', 'standing'), lines)}")
    return 0


def _export(settings: Config, arguments: Arguments) -> int:
    _write(arguments.out, json.loads(execute(settings, "benchmark_export", {}))["content"])
    print(f"the sums are in {arguments.out}: read them, then give them to the trusts that are to have them")
    return 0


def _leave(settings: Config, arguments: Arguments) -> int:
    if arguments.member:
        print(execute(settings, "benchmark_remove", {"member": arguments.member}))
        return 0
    _write(arguments.out, json.loads(execute(settings, "benchmark_leave", {}))["content"])
    print(
        f"nothing of this trust leaves any more; give {arguments.out} to all who have its sums: it deletes them there"
    )
    return 0


def _import(settings: Config, arguments: Arguments) -> int:
    try:
        with arguments.file.open("rb") as opened:
            content = opened.read(exchange.LARGEST + 1)
    except OSError as error:
        raise CollectorError(f"{arguments.file} cannot be read: {error.strerror}") from None
    said = {"content": base64.b64encode(content).decode(), "invited": arguments.called}
    print(execute(settings, "benchmark_import", said))
    return 0


def _write(path: Path, content: str) -> None:
    try:
        path.write_text(content, "utf-8")
    except OSError as error:
        raise CollectorError(f"{path} cannot be written: {error.strerror}") from None


def add_to(group: Any) -> None:
    """Add the commands of this topic to the parser."""
    told = "compare schools: in the trust, with similar ones, with other trusts"
    parser = group.add_parser("benchmark", help=told, description=told)
    actions = parser.add_subparsers(required=True, metavar="ACTION", title="actions")
    brought = add(actions, "gias", _gias, "keep what similar schools are found by")
    brought.add_argument("file", type=Path, metavar="FILE", help="edubasealldataYYYYMMDD.csv")
    shown = add(actions, "show", _show, "the trust's schools by a measure, and where the trust stands among others")
    shown.add_argument(
        "measure", nargs="?", default=MEASURES[0].key, metavar="MEASURE", help=", ".join(BY_KEY)
    )  # fmt: skip
    given = add(actions, "consent", command("benchmark_consent", "name", "note"), "let the trust's sums leave")
    given.add_argument("--name", default="", help="of the trust, for others to read; without, it stays nameless")
    given.add_argument("--note", default="", help="what worked, for others to read")
    left = add(actions, "export", _export, "write the trust's sums to a file for other trusts")
    left.add_argument("--out", type=Path, default=Path("benchmark.json"), metavar="FILE")
    came = add(actions, "import", _import, "take in another trust's file, or that it left")
    came.add_argument("file", type=Path, metavar="FILE")
    came.add_argument("--called", default="", metavar="NAME", help="what the trust is called here")
    gone = add(actions, "leave", _leave, "stop: end the consent, or delete another trust's file")
    gone.add_argument("member", nargs="?", default="", metavar="TRUST", help="another trust; without, this one leaves")
    gone.add_argument("--out", type=Path, default=Path("benchmark-left.json"), metavar="FILE")
