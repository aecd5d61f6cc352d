"""Commands about places: schools that come and go, rooms and what stands for them, term dates, archives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import IO

from collector import archive, gias, journal, london, rooms, schools, screening, term_dates, terms
from collector.archive import Archive
from collector.commands import erasing
from collector.commands.desk import Desk
from collector.errors import CollectorError
from collector.gias import Change, Errors, Link
from collector.records import roomed
from collector.store import Transaction
from collector.store.school_lives import Life

ACTOR = "console"
MOST_SENTENCES = 200  # of what an import changes, printed


# ------------------------------------------------------------------------------------------------ schools


def join(desk: Desk, name: str, urn: str = "", on: str = "") -> str:
    """A school comes to the trust, or comes back."""
    now = desk.clock()
    school_id = desk.store.write(
        lambda c: schools.join(c, desk.trust_id, name, urn, _day(desk, on), actor=ACTOR, now=now)
    )
    return f"{name} is school {school_id}"


def convert(desk: Desk, school: str, urn: str, on: str = "", name: str = "") -> str:
    """A school has a new URN."""
    now = desk.clock()

    def write(connection: Transaction) -> str:
        known = schools.named(connection, desk.trust_id, school)
        day = _day(desk, on)
        schools.convert(connection, desk.trust_id, known.school_id, urn, day, name, actor=ACTOR, now=now)
        before = f"; before it had {known.urn}" if known.urn else ""
        return f"{name or known.name} has URN {urn} from {day} on{before}"

    return desk.store.write(write)


def leave(desk: Desk, school: str, on: str = "", keep_until: str = "") -> str:
    """A school goes to another trust."""
    return _go(desk, schools.leave, "left the trust", school, on, keep_until)


def close(desk: Desk, school: str, on: str = "", keep_until: str = "") -> str:
    """A school shuts for good."""
    return _go(desk, schools.close, "closed", school, on, keep_until)


def _go(desk: Desk, way: Callable[..., Life], word: str, school: str, on: str, keep_until: str) -> str:
    now, until = desk.clock(), date.fromisoformat(keep_until) if keep_until else None

    def write(connection: Transaction) -> str:
        known = schools.named(connection, desk.trust_id, school)
        day = _day(desk, on)
        gone = way(connection, desk.trust_id, known.school_id, day, until, actor=ACTOR, now=now)
        return f"{known.name} {word} on {day}: it can be read until {gone.retention_until}, and nothing of it changes"

    return desk.store.write(write)


def merge(desk: Desk, school: str, into: str, on: str = "") -> str:
    """A school becomes part of another."""
    now = desk.clock()

    def write(connection: Transaction) -> str:
        gone, stays = (schools.named(connection, desk.trust_id, name) for name in (school, into))
        day = _day(desk, on)
        moved = schools.merge(connection, desk.trust_id, gone.school_id, stays.school_id, day, actor=ACTOR, now=now)
        told = f"{moved['sites']} sites and {moved['devices']:,} devices"
        return f"{gone.name} is part of {stays.name} from {day} on, with {told}"

    return desk.store.write(write)


def import_schools(desk: Desk, path: str, links: str = "", group: str = "", dry_run: bool = False) -> str:  # noqa: FBT001, FBT002 - as it is typed
    """Compare the schools with a file of GIAS, and take over what it says unless it is a dry run."""
    now, errors = desk.clock(), Errors()
    linked = _links(Path(links), errors) if links else None

    def changes(connection: Transaction) -> list[Change]:
        known = schools.known_to_gias(connection, desk.trust_id)
        with _opened(Path(path)) as lines:
            near = gias.wanted(gias.schools(lines, errors), known, linked or (), group)
        return gias.compare(known, near, linked, group)

    def write(connection: Transaction) -> tuple[list[Change], int]:
        found = changes(connection)
        return found, schools.apply(connection, desk.trust_id, found, actor=ACTOR, now=now)

    try:
        if dry_run:
            with desk.store.reader() as connection:
                found, done = changes(connection), 0
        else:
            found, done = desk.store.write(write)
    except gias.GiasError as error:
        raise CollectorError(f"{path}: {error}; nothing was changed") from None
    return "\n".join(_told(found, errors, done, dry_run=dry_run))


def _told(found: Sequence[Change], errors: Errors, done: int, *, dry_run: bool) -> Iterator[str]:
    yield from (f"{'?' if change.kind == 'ask' else ' '} {change.sentence}" for change in found[:MOST_SENTENCES])
    if len(found) > MOST_SENTENCES:
        yield f"… and {len(found) - MOST_SENTENCES:,} more"
    yield from errors.sentences
    wrong = f", {errors.count:,} rows could not be read" if errors.count else ""
    waits = sum(change.kind == "ask" for change in found)
    asked = f", {waits:,} wait for a person" if waits else ""
    yield f"{len(found) - waits if dry_run else done:,} changes{' would be made' if dry_run else ''}{asked}{wrong}"


def _links(path: Path, errors: Errors) -> list[Link]:
    try:
        with _opened(path) as lines:
            return list(gias.links(lines, errors))
    except gias.GiasError as error:
        raise CollectorError(f"{path}: {error}; nothing was changed") from None


def _opened(path: Path) -> IO[str]:
    try:
        return path.open(encoding=gias.ENCODING, errors="replace", newline="")
    except OSError as error:
        raise CollectorError(f"{path} cannot be read: {error.strerror}") from None


# ------------------------------------------------------------------------------------------------ rooms


def add_room(desk: Desk, school: str, name: str, building: str = "") -> str:
    """Add a room to a school's list."""
    now = desk.clock()

    def write(connection: Transaction) -> str:
        place = schools.find(connection, desk.trust_id, school)
        made = rooms.add_room(connection, desk.trust_id, place.site_id, name, building, actor=ACTOR, now=now)
        return f"{made.label} is a room of {place.school_name} ({made.room_id})"

    return desk.store.write(write)


def tie_room(
    desk: Desk, school: str, room: str, switch: str = "", port: str = "", access_point: str = "", location: str = ""
) -> str:
    """Tie a port of a switch, an access point or a location to a room."""
    now = desk.clock()
    if [bool(switch and port), bool(access_point), bool(location)].count(True) != 1 or bool(switch) != bool(port):
        raise CollectorError("say one of: --switch DEVICE --port PORT, --access-point DEVICE, --location WORDS")

    def write(connection: Transaction) -> str:
        place = schools.named(connection, desk.trust_id, school)
        found = rooms.find(connection, desk.trust_id, place.school_id, room)
        if switch:
            rooms.tie_port(connection, desk.trust_id, found.room_id, switch, port, actor=ACTOR, now=now)
        elif access_point:
            rooms.tie_access_point(connection, desk.trust_id, found.room_id, access_point, actor=ACTOR, now=now)
        else:
            rooms.tie_location(connection, desk.trust_id, found.room_id, location, actor=ACTOR, now=now)
        return f"{found.label}: tied; see 'stocktake-collector room suggest {school!r}'"

    return desk.store.write(write)


def suggest_rooms(desk: Desk, school: str, accept: bool = False) -> str:  # noqa: FBT001, FBT002 - as it is typed
    """The rooms that devices are probably in; with `accept`, those without doubt are written into their records."""
    now = desk.clock()

    def write(connection: Transaction) -> str:
        place = schools.named(connection, desk.trust_id, school)
        found = rooms.suggest(connection, desk.trust_id, place.school_id, roomed.recorded)
        told = [
            f"{s.device_id}  {s.device}: {s.room}, because {s.reason}"
            + (f"; recorded: {s.recorded}" if s.recorded else "")
            for s in found
        ]
        if accept:
            certain = rooms.certain(found)
            writing = roomed.writing(ACTOR, ACTOR, now)
            done = rooms.accept(connection, desk.trust_id, place.school_id, certain, writing, actor=ACTOR, now=now)
            told.append(f"{done:,} rooms were written into records; {len(found) - done:,} wait for a person")
        return "\n".join(told) or "nothing is suggested: tie ports, access points or locations to rooms first"

    return desk.store.write(write)


# ------------------------------------------------------------------------------------------------ calendar, archive


def import_calendar(desk: Desk, path: str, school: str = "") -> str:
    """Take in term dates from a table or a calendar, for a school or the whole trust."""
    now, file = desk.clock(), Path(path)
    try:
        if not file.is_file() or file.stat().st_size > term_dates.LONGEST:
            raise CollectorError(f"{file} is no file of term dates that the collector can read")
        content = file.read_bytes()
    except OSError as error:
        raise CollectorError(f"{file} cannot be read: {error.strerror}") from None

    def write(connection: Transaction) -> str:
        school_id = schools.named(connection, desk.trust_id, school).school_id if school else ""
        brought = terms.bring(connection, desk.trust_id, school_id, content, file.name, actor=ACTOR, now=now)
        return "\n".join(brought.sentences())

    return desk.store.write(write)


def export_archive(desk: Desk, path: str, school: str = "") -> str:
    """Write what is known of a school, or of the whole trust, to a file for another collector."""
    now = desk.clock()
    with desk.store.reader() as connection:
        chosen = [schools.named(connection, desk.trust_id, school).school_id] if school else []
        done = archive.write(
            connection, desk.trust_id, Path(path), exporter=desk.trust_name, school_ids=chosen, now=now
        )  # fmt: skip
    detail = {"archive": done.archive_id, "school": chosen[0] if chosen else ""}
    desk.store.write(
        lambda c: journal.append(c, desk.trust_id, actor=ACTOR, action="archive_written", detail=detail, now=now)
    )
    return f"{path}: {done.sentence()}"


def import_archive(desk: Desk, path: str) -> str:
    """Take in an archive that another collector wrote."""
    now = desk.clock()
    with closing(Archive(Path(path))) as opened:
        with desk.store.reader() as connection:
            keys = erasing.means(desk).keys
            screen = screening.Screen.of(connection, desk.trust_id, keys, opened.all_rows(), opened.contents())
        done = desk.store.write(lambda c: archive.take_in(c, desk.trust_id, opened, screen, actor=ACTOR, now=now))
    return f"taken in: {done.sentence()}; its agents are shut out until they enrol here"


def _day(desk: Desk, said: str) -> date:
    return date.fromisoformat(said) if said else london.day_of(desk.clock())


COMMANDS: dict[str, Callable[..., str]] = {
    "school_join": join,
    "school_convert": convert,
    "school_leave": leave,
    "school_close": close,
    "school_merge": merge,
    "schools_import": import_schools,
    "room_add": add_room,
    "room_tie": tie_room,
    "room_suggest": suggest_rooms,
    "calendar_import": import_calendar,
    "archive_export": export_archive,
    "archive_import": import_archive,
}
