"""Commands about support cover."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from collector.cli.frame import Arguments, add, command, day_of, execute
from collector.cli.records import SIZE_LIMIT
from collector.config import Config
from collector.cover_lists.fields import LISTS
from collector.errors import CollectorError


def _import(settings: Config, arguments: Arguments) -> int:
    try:
        if arguments.file.stat().st_size > SIZE_LIMIT:
            raise CollectorError(f"{arguments.file} is larger than {SIZE_LIMIT // 2**20} MB: split it")
        content = arguments.file.read_bytes()
    except OSError as error:
        raise CollectorError(f"{arguments.file} cannot be read: {error.strerror}") from None
    said = {"of": arguments.list, "content": base64.b64encode(content).decode(), "dry_run": arguments.dry_run}
    print(execute(settings, "cover_import", said))
    return 0


def _show(settings: Config, arguments: Arguments) -> int:
    print(execute(settings, "cover_json" if arguments.json else "cover_show", {}))
    return 0


def _end(settings: Config, arguments: Arguments) -> int:
    last = arguments.day.isoformat() if arguments.day else ""
    print(execute(settings, "cover_end", {"contract": arguments.contract, "day": last, "mistake": arguments.mistake}))
    return 0


def add_to(group: Any) -> None:
    """Add these commands to the parser."""
    what = "who supports what until when: contracts, services, marks"
    topic = group.add_parser("cover", help=what, description=what)
    inner = topic.add_subparsers(required=True, metavar="WHAT", title="what to do")
    shown = add(inner, "show", _show, "how the estate is covered today, and every contract")
    shown.add_argument("--json", action="store_true", help="every device as a line of JSON")
    for name, of, text in (("add", "cover_add", "add a contract"), ("change", "cover_change", "change a contract")):
        given = add(inner, name, command(of, *(["contract"] if name == "change" else []), "values"), text)
        if name == "change":
            given.add_argument("contract", metavar="CONTRACT", help="its id")
        given.add_argument(
            "values",
            nargs="+",
            metavar="FIELD=VALUE",
            help=f"FIELD= empties it: {', '.join(LISTS['contracts'].columns)}",
        )
    ended = add(inner, "end", _end, "end a contract on a day, or take out one that was entered by mistake")
    ended.add_argument("contract", metavar="CONTRACT", help="its id")
    ended.add_argument("--day", type=day_of, metavar="DAY", help="its last day (default: today)")
    ended.add_argument("--mistake", action="store_true", help="it was entered by mistake: take it out")
    bring = add(inner, "import", _import, "import a list, CSV or XLSX; all of it or nothing")
    bring.add_argument("list", choices=tuple(LISTS), help="what it is a list of")
    bring.add_argument("file", type=Path, metavar="FILE")
    bring.add_argument("--dry-run", action="store_true", help="say what it would change, and change nothing")
    due = add(inner, "renewals", command("cover_renewals", "days"), "what ends, and by when notice is to be given")
    due.add_argument("--days", type=int, default=366, help="how far to look (default 366)")
    listed = add(inner, "services", command("cover_services", "add", "leave_out"), "who provides what at each school")
    listed.add_argument("--add", default="", metavar="NAME", help="put a service on the list, or back on it")
    listed.add_argument("--leave-out", default="", metavar="NAME", help="leave a service out of the list")
    one = add(inner, "service", command("cover_service", "values", "entry", "mistake"), "say who provides a service")
    one.add_argument(
        "values", nargs="*", metavar="FIELD=VALUE", help=f"FIELD= empties it: {', '.join(LISTS['services'].columns)}"
    )
    one.add_argument("--entry", default="", metavar="ENTRY", help="the id of one that is there, to change it")
    one.add_argument("--mistake", action="store_true", help="take that one out")
    marked = add(inner, "mark", command("cover_mark", "values"), "give a mark, 1 (poor) to 5 (good)")
    marked.add_argument("values", nargs="+", metavar="FIELD=VALUE", help=", ".join(LISTS["marks"].columns))
