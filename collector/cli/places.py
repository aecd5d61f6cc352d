"""Commands about places: schools that come and go, rooms, the term calendar, archives."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from collector import calendar, london, tenure
from collector.cli.frame import Arguments, add, command, day_of, execute, trust_of
from collector.config import Config
from collector.store import Store, school_lives, terms


def _schools(settings: Config, arguments: Arguments) -> int:
    del arguments
    with Store.glance(settings.store_url) as connection:
        trust_id = trust_of(connection)
        lives = school_lives.lives(connection, trust_id)
        for school in school_lives.schools(connection, trust_id):
            life = lives.get(school.school_id)
            went = f"  {tenure.said(life)}" if life and not life.is_member else ""
            print(f"{school.school_id}  {school.urn or 'no URN':7}  {school.name}{went}")
    return 0


def _calendar(settings: Config, arguments: Arguments) -> int:
    """This school year and the next, as they are lived by."""
    with Store.glance(settings.store_url) as connection:
        trust_id = trust_of(connection)
        known = {s.name.casefold(): s.school_id for s in school_lives.schools(connection, trust_id)}
        lived = terms.calendar(connection, trust_id, known.get(arguments.school.casefold(), ""))
    this = calendar.school_year(london.day_of(datetime.now(UTC)))
    for year in (this, this + 1):
        assumed = lived.is_assumed(date(year, 10, 1))
        print(f"{calendar.year_name(year)}{'  assumed: nobody brought terms of this year' if assumed else ''}")
        for span in lived.spans(year):
            print(f"  {span.first} to {span.last}  {span.kind:7}  {span.name}")
        print(f"  {lived.term_days(date(year, 9, 1), date(year + 1, 8, 31))} days of term-time")
    return 0


def _with_file(name: str, *keys: str) -> Callable[[Config, Arguments], int]:
    """A command with a file, whose path must not depend on where it is executed; `links` is a file, too."""

    def run(settings: Config, arguments: Arguments) -> int:
        said = {key: getattr(arguments, key) for key in keys}
        said |= {key: str(path.absolute()) for key, path in said.items() if isinstance(path, Path)}
        print(execute(settings, name, said | {"path": str(arguments.file.absolute())}))
        return 0

    return run


def _dated(name: str, *keys: str) -> Callable[[Config, Arguments], int]:
    """A command with days."""

    def run(settings: Config, arguments: Arguments) -> int:
        said = {key: getattr(arguments, key) for key in keys}
        print(execute(settings, name, {k: v.isoformat() if isinstance(v, date) else v for k, v in said.items()}))
        return 0

    return run


def add_to(group: Any) -> None:
    """Add these commands to the parser."""
    _add_schools(group)
    _add_rooms(group)
    listed = add(group, "calendar", _calendar, "print the term calendar; with import, take in one")
    listed.add_argument("--school", default="", help="of one school instead of the trust")
    brought = add(
        _under(listed), "import", _with_file("calendar_import", "school"), "take in term dates from a CSV or ICS file"
    )
    brought.add_argument("file", type=Path, metavar="FILE")
    brought.add_argument("--school", default="", help="for one school instead of the whole trust")
    archive = _under(
        group.add_parser("archive", help="hand a school over", description="hand a school over"), required=True
    )
    written = add(archive, "export", _with_file("archive_export", "school"), "write a school, or the trust, to a file")
    written.add_argument("file", type=Path, metavar="FILE")
    written.add_argument("--school", default="", help="the school that leaves; without, the whole trust")
    taken = add(archive, "import", _with_file("archive_import"), "take in what another collector wrote")
    taken.add_argument("file", type=Path, metavar="FILE")


def _under(parser: Any, *, required: bool = False) -> Any:
    return parser.add_subparsers(required=required, metavar="ACTION", title="actions")


def _add_schools(group: Any) -> None:
    actions = _under(add(group, "schools", _schools, "list the schools; or let one come, go or change"))
    when: dict[str, Any] = {"type": day_of, "metavar": "DAY", "help": "as 2026-08-31 (default today)"}
    join = add(actions, "join", _dated("school_join", "name", "urn", "on"), "a school comes, or comes back")
    join.add_argument("name")
    join.add_argument("--urn", default="", help="its Unique Reference Number, if it has one")
    convert = add(actions, "convert", _dated("school_convert", "school", "urn", "on", "name"), "a school has a new URN")
    convert.add_argument("school", help="a school, by name, URN or id")
    convert.add_argument("urn", metavar="URN")
    convert.add_argument("--name", default="", help="what it is called now")
    gone = {"leave": "a school goes to another trust", "close": "a school shuts for good"}
    for name, help_text in gone.items():
        going = add(actions, name, _dated(f"school_{name}", "school", "on", "keep_until"), help_text)
        going.add_argument("school", help="a school, by name, URN or id")
        going.add_argument("--keep-until", type=day_of, metavar="DAY", help="(default six years)")
        going.add_argument("--on", **when)
    merge = add(actions, "merge", _dated("school_merge", "school", "into", "on"), "a school becomes part of another")
    merge.add_argument("school", help="the school that ends, by name, URN or id")
    merge.add_argument("--into", required=True, metavar="SCHOOL", help="the school that goes on")
    for parser in (join, convert, merge):
        parser.add_argument("--on", **when)
    brought = add(
        actions, "import", _with_file("schools_import", "links", "group", "dry_run"),
        "take over what Get Information about Schools says",
    )  # fmt: skip
    brought.add_argument("file", type=Path, metavar="FILE", help="edubasealldataYYYYMMDD.csv")
    brought.add_argument("--links", type=Path, metavar="FILE", help="links_edubasealldataYYYYMMDD.csv")
    brought.add_argument("--group", default="", metavar="UID", help="also add the schools of this trust (Group UID)")
    brought.add_argument("--dry-run", action="store_true", help="only say what would change")


def _add_rooms(group: Any) -> None:
    actions = _under(group.add_parser("room", help="rooms of a school", description="rooms of a school"), required=True)
    made = add(actions, "add", command("room_add", "school", "name", "building"), "add a room")
    made.add_argument("school", help="a school, or School/Site")
    made.add_argument("name")
    made.add_argument("--building", default="", help="where the site has several")
    keys = ("school", "room", "switch", "port", "access_point", "location")
    tied = add(actions, "tie", command("room_tie", *keys), "say what stands for a room")
    tied.add_argument("school", help="a school, by name, URN or id")
    tied.add_argument("room")
    tied.add_argument("--switch", default="", metavar="DEVICE", help="with --port")
    tied.add_argument("--port", default="", help="the name or index of the switch's port")
    tied.add_argument("--access-point", default="", metavar="DEVICE")
    tied.add_argument("--location", default="", metavar="WORDS", help="as devices say it of themselves (sysLocation)")
    suggested = add(actions, "suggest", command("room_suggest", "school", "accept"), "say in which room devices are")
    suggested.add_argument("school", help="a school, by name, URN or id")
    suggested.add_argument("--accept", action="store_true", help="write those without doubt into the records")
