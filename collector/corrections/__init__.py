"""Corrections: a person says what class, maker, model, name or age a device has, beside what the evidence says.

A correction is of one device, or of *all alike*: every device of which the evidence says the same class, maker and
model, today and in future. It wins everywhere, because the register's rows and ages are made with it
(`store.corrections`); it is never part of the evidence, so reading that anew leaves it. It does not know pages or
commands; `specimen` makes a test case of a device whose reading had to be corrected.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from collector import journal, tenure
from collector.age import EARLIEST, written_span
from collector.errors import CollectorError
from collector.facts import CLASSES, maker_name, named_text, text
from collector.restate import restate
from collector.store import Transaction, corrections, ids, school_lives
from collector.store.corrections import ALL_ALIKE, CELLS, DEVICE, Correction, apply

__all__ = ["CELLS", "Correction", "Made", "apply", "correct", "undo"]

REASON_LIMIT, VALUE_LIMIT = 300, 255  # characters
CAUSE = "correction"  # a cause of the register's history


@dataclass(frozen=True, slots=True)
class Made:
    """What was said, and of which devices it is true now."""

    corrections: tuple[Correction, ...]
    device_ids: tuple[str, ...]


def correct(  # noqa: PLR0913 - what is said of what, why, by whom, when
    connection: Transaction, trust_id: str, device_id: str, cells: Mapping[str, str], reason: str, *, actor: str,
    now: datetime, alike: bool = False,
) -> Made:  # fmt: skip
    """Say what cells of a device, or of all alike, are to say. CollectorError where that cannot be."""
    read = _read(connection, trust_id, device_id)
    tenure.require_devices(connection, trust_id, [device_id])
    wanted = {cell: _value(cell, written, now.date()) for cell, written in cells.items() if written.strip()}
    if not wanted:
        raise CollectorError(f"say what is to be corrected: {', '.join(CELLS)}")
    why = _reason(reason)
    pattern = corrections.pattern_of(read)
    if alike and not pattern["model"]:
        raise CollectorError("the evidence names no model, so nothing tells which are alike: correct this device alone")
    scope, held = (ALL_ALIKE, ()) if alike else (DEVICE, corrections.claims_of(connection, trust_id, device_id))
    new = tuple(
        Correction(ids.new(), scope, device_id, pattern, cell, value, why, actor, now, held)
        for cell, value in wanted.items()
    )
    corrections.add(connection, trust_id, new, now)
    for one in new:
        _note(connection, trust_id, one, ("corrected", actor), now)
    return Made(new, _follow_up(connection, trust_id, new[0], now))


def undo(connection: Transaction, trust_id: str, correction_id: str, *, actor: str, now: datetime) -> Made:
    """Take a correction back: what the evidence says, or an older word that waited, stands again."""
    one = corrections.get(connection, trust_id, correction_id)
    if one is None:
        raise CollectorError(f"there is no correction {text(correction_id, 36)!r} that could be undone")
    if one.scope == DEVICE:
        tenure.require_devices(connection, trust_id, [one.device_id])
    corrections.end(connection, trust_id, [one], "undone", actor, now)
    _note(connection, trust_id, one, ("correction_undone", actor), now)
    if one.scope == DEVICE:
        corrections.gather(connection, trust_id, one.device_id, now)
    return Made((one,), _follow_up(connection, trust_id, one, now))


def _read(connection: Transaction, trust_id: str, device_id: str) -> dict[str, str]:
    read = corrections.as_read(connection, trust_id, device_id)
    if read is None:
        raise CollectorError(f"no device has the id {text(device_id, 36)!r}, or it became another one")
    return read


def _follow_up(connection: Transaction, trust_id: str, one: Correction, now: datetime) -> tuple[str, ...]:
    """Make rows and ages anew of every device that a correction speaks of; not at schools that went."""
    touched = [one.device_id]
    if one.scope == ALL_ALIKE:
        gone = tenure.objections(connection, trust_id).keys()
        alike = corrections.alike(connection, trust_id, one.pattern)
        of = school_lives.schools_of(connection, trust_id, alike) if gone else {}
        touched = [device_id for device_id in alike if of.get(device_id) not in gone]
    elif corrections.as_read(connection, trust_id, one.device_id) is None:
        return ()  # it waited at an id that is an alias now
    restate(connection, trust_id, touched, CAUSE, now)
    return tuple(touched)


def _note(connection: Transaction, trust_id: str, one: Correction, said: tuple[str, str], now: datetime) -> None:
    action, actor = said
    detail = {"correction": one.correction_id, "device": one.device_id, "scope": one.scope, "cell": one.cell}
    journal.append(connection, trust_id, actor=actor, action=action, detail=detail, now=now)


# ------------------------------------------------------------------------------------------------ what may be said


def _value(cell: str, written: str, today: date) -> str:
    """The value of a cell as the register keeps it; CollectorError where it can be none."""
    if cell not in _READERS:
        raise CollectorError(f"{text(cell, 20)!r} cannot be corrected; what can: {', '.join(CELLS)}")
    if len(written) > VALUE_LIMIT:
        raise CollectorError(f"the {cell} is longer than {VALUE_LIMIT} characters")
    return _READERS[cell](written, today)


def _reason(written: str) -> str:
    reason = text(written, REASON_LIMIT + 1)
    if not reason:
        raise CollectorError("say why: the reason stands beside the correction")
    if len(reason) > REASON_LIMIT:
        raise CollectorError(f"the reason is longer than {REASON_LIMIT} characters")
    return reason


def _class(written: str, _today: date) -> str:
    name = text(written).lower()
    if name not in CLASSES:
        raise CollectorError(f"{name!r} is no class; classes are: {', '.join(CLASSES)}")
    return name


def _named(what: str, read: Callable[[str], str]) -> Callable[[str, date], str]:
    def value(written: str, _today: date) -> str:
        found = read(written)
        if not found:
            raise CollectorError(f"{text(written, 40)!r} names no {what}")
        return found

    return value


def _made(written: str, today: date) -> str:
    try:
        span = written_span(text(written))
    except ValueError as error:
        raise CollectorError(str(error)) from None
    if span.earliest > today or span.latest < EARLIEST:
        raise CollectorError(f"nothing was made in {text(written, 10)}: say a date from {EARLIEST.year} to today")
    return text(written)


_READERS: dict[str, Callable[[str, date], str]] = {
    "class": _class,
    "maker": _named("maker", maker_name),
    "model": _named("model", named_text),
    "name": _named("device", named_text),
    "made": _made,
}
