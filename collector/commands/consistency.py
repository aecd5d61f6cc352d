"""Commands about consistency and school profiles: the standard catalogue, facts of schools, thresholds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from collector import schools
from collector.commands.desk import Desk
from collector.errors import CollectorError
from collector.profiling import WHOLE_TRUST, bringing, saying
from collector.store import Transaction

ACTOR = "console"


def catalogue_add(  # noqa: PLR0913, PLR0917 - as it is typed
    desk: Desk, device_class: str, maker: str, models: str, use: str = "", starts: str = "", ends: str = "",
    successor: str = "", note: str = "",
) -> str:  # fmt: skip
    """Add a line to the standard catalogue, in place of one about the same."""
    now = desk.clock()
    said = {"class": device_class, "maker": maker, "models": models, "use": use, "successor": successor, "note": note}
    made = saying.entry(said, _day(starts), _day(ends))
    entry_id = desk.store.write(lambda c: saying.add(c, desk.trust_id, made, actor=ACTOR, now=now))
    return f"{made.label} is a standard for {made.device_class} ({entry_id})"


def catalogue_remove(desk: Desk, entry: str) -> str:
    """Take a line out of the standard catalogue."""
    now = desk.clock()
    desk.store.write(lambda c: saying.take_out(c, desk.trust_id, entry, actor=ACTOR, now=now))
    return "taken out"


def catalogue_import(desk: Desk, path: str) -> str:
    """Take in a catalogue from a table, wholly or not at all."""
    now, content = desk.clock(), _read(Path(path))
    return desk.store.write(lambda c: bringing.catalogue(c, desk.trust_id, content, actor=ACTOR, now=now))


def profile_say(desk: Desk, field: str, value: str, school: str = "", as_of: str = "", source: str = "") -> str:
    """Say something of a school, or of all; an empty value says nothing any more."""
    now, day = desk.clock(), _day(as_of)

    def write(connection: Transaction) -> str:
        known = schools.named(connection, desk.trust_id, school) if school else None
        school_id, name = (known.school_id, known.name) if known else (WHOLE_TRUST, "all schools")
        changed = saying.say(
            connection, desk.trust_id, school_id, {field: value}, as_of=day, source=source, actor=ACTOR, now=now
        )  # fmt: skip
        label = saying.FIELDS[field].label.lower()
        return f"{name}: {label} {'said' if changed else 'was said already'}"

    return desk.store.write(write)


def profile_import(desk: Desk, path: str) -> str:
    """Take in facts of schools from a table, wholly or not at all."""
    now, content = desk.clock(), _read(Path(path))
    return desk.store.write(lambda c: bringing.facts(c, desk.trust_id, content, actor=ACTOR, now=now))


def profile_threshold(desk: Desk, measure: str, value: str = "", reason: str = "") -> str:
    """Set a threshold of the trust's own; without a value, go back to what comes with Stocktake."""
    now = desk.clock()
    if not value:
        desk.store.write(lambda c: saying.unset_threshold(c, desk.trust_id, measure, actor=ACTOR, now=now))
        return f"{measure}: as it comes with Stocktake"
    number = saying.number(measure, value)
    desk.store.write(
        lambda c: saying.set_threshold(c, desk.trust_id, measure, number, reason, actor=ACTOR, now=now)
    )  # fmt: skip
    return f"{measure}: {value}"


def _day(said: str) -> date | None:
    return date.fromisoformat(said) if said else None


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > bringing.LARGEST:
            raise CollectorError(f"{path} is larger than {bringing.LARGEST // 2**20} MB: split it")
        return path.read_bytes()
    except OSError as error:
        raise CollectorError(f"{path} cannot be read: {error.strerror}") from None


COMMANDS: dict[str, Callable[..., str]] = {
    "catalogue_add": catalogue_add,
    "catalogue_remove": catalogue_remove,
    "catalogue_import": catalogue_import,
    "profile_say": profile_say,
    "profile_import": profile_import,
    "profile_threshold": profile_threshold,
}
