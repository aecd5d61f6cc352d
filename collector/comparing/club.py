"""What is given to other trusts and what they give: consent, exports, files that come, and leaving.

Nothing leaves without the owner's consent that stands, and nothing but what `suppress` lets out. A trust's numbers
change at most every 28 days: whoever corrects a device and exports again shows nothing of that device.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from collector import journal, london
from collector.benchmark import exchange, percentiles, suppress
from collector.benchmark.measures import BY_KEY, MEASURES, Measure
from collector.benchmark.percentiles import Quartiles, Standing
from collector.benchmark.similar import GROUPS
from collector.benchmark.suppress import Key, Left, Told
from collector.comparing import measuring
from collector.comparing.measuring import Compared
from collector.errors import CollectorError
from collector.facts import text
from collector.store import Transaction, ids
from collector.store import benchmark as rows
from collector.store.benchmark import Brought, Consent

REPEATED = timedelta(days=28)
MOST_FILES = 200
SECRET_LENGTH = 48
_MAC = re.compile(r"(?i)\b[0-9a-f]{2}([:.-]?[0-9a-f]{2}){5}\b")


@dataclass(frozen=True, slots=True)
class Member:
    """Another trust and what its file tells."""

    member: str
    called: str
    file: exchange.File
    brought: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One measure of one phase group: ours over our schools, each other trust's cell, and where our median stands.

    `unknown`: the median of our schools' shares of devices that do not tell.
    """

    measure: Measure
    ours: Quartiles | None
    unknown: float
    theirs: tuple[tuple[Member, exchange.Cell], ...]
    standing: Standing | None


# ------------------------------------------------------------------------------------------------ consent


def consent(connection: Transaction, trust_id: str, name: str, note: str, *, actor: str, now: datetime) -> str:
    """The owner lets the trust's sums leave, or rewords what goes with them; returns the trust's random id."""
    name, note = text(name, exchange.MOST_NAME), exchange.note(note)
    _refuse_devices(connection, trust_id, name, note)
    given = rows.consent(connection, trust_id)
    if given is not None:
        rows.word_consent(connection, trust_id, given.member, name, note)
        _note(connection, trust_id, "club_consent_reworded", {"member": given.member}, actor=actor, now=now)
        return given.member
    member = ids.new(16)
    rows.add_consent(connection, trust_id, Consent(member, ids.new(SECRET_LENGTH), name, note, now, actor))
    _note(connection, trust_id, "club_consent_given", {"member": member}, actor=actor, now=now)
    return member


def _refuse_devices(connection: Transaction, trust_id: str, *said: str) -> None:
    for each in said:
        if _MAC.search(each) or rows.betrayed(connection, trust_id, each):
            raise CollectorError(
                "the text names a device (a serial number, a MAC address or a name of one): say it without"
            )


def leave(connection: Transaction, trust_id: str, *, actor: str, now: datetime) -> bytes:
    """End the consent; the file by which whoever has the trust's sums deletes them.

    Where it ended already, the file is written again; CollectorError where there never was one.
    """
    given = rows.consent(connection, trust_id)
    if given is not None:
        rows.end_consent(connection, trust_id, given.member, actor, now)
        _note(connection, trust_id, "club_consent_ended", {"member": given.member}, actor=actor, now=now)
    elif (given := rows.ended_consent(connection, trust_id)) is None:
        raise CollectorError("the owner never consented: nothing of this trust left")
    said = exchange.Leaving(
        format=exchange.FORMAT, version=exchange.VERSION, trust=given.member, issued=london.day_of(now),
        secret=given.secret, digest="",
    )  # fmt: skip
    return exchange.write(said)


# ------------------------------------------------------------------------------------------------ leaving the trust


def export(
    connection: Transaction, trust_id: str, compared: Sequence[Compared] | None = None, *, actor: str, now: datetime
) -> bytes:
    """The trust's sums as a file; CollectorError where nothing may leave.

    `compared`: the numbers of all its schools where they were read before; the one writer does not wait for them then.
    """
    given, today = rows.consent(connection, trust_id), london.day_of(now)
    if given is None:
        raise CollectorError("the owner did not consent that sums leave: do so first")
    _refuse_devices(connection, trust_id, given.name, given.note)  # devices may have come since
    cells = _cells(connection, trust_id, compared, actor=actor, now=now)
    if not cells:
        raise CollectorError(
            f"nothing may leave: it takes {suppress.LEAST} schools of a phase that tell the same measure, with URNs "
            "that the file of GIAS has"
        )
    said = exchange.File(
        format=exchange.FORMAT, version=exchange.VERSION, trust=given.member, issued=today,
        seal=exchange.seal(given.secret), cells=tuple(_cell(key, left) for key, left in sorted(cells.items())),
        digest="", name=given.name, note=given.note,
    )  # fmt: skip
    written = exchange.write(said)
    exchange.read(written)  # what this collector would refuse does not leave it
    detail: dict[str, str | int] = {"member": given.member, "cells": len(cells), "sha256": exchange.digest(said)}
    _note(connection, trust_id, "club_sums_exported", detail, actor=actor, now=now)
    return written


def _cells(
    connection: Transaction, trust_id: str, compared: Sequence[Compared] | None, *, actor: str, now: datetime
) -> dict[Key, Left]:
    past = rows.exports(connection, trust_id)
    if past and now - past[-1][0] < REPEATED:
        return past[-1][1]
    today = london.day_of(now)
    told = contributions(measuring.schools(connection, trust_id, today) if compared is None else compared)
    cells = suppress.release(told, [export for _, export in past], today)
    if cells:
        rows.add_export(connection, trust_id, cells, actor, now)
    return cells


def contributions(compared: Sequence[Compared]) -> dict[Key, dict[str, Told]]:
    """What each school tells of each measure, by phase group; a school without a device tells nothing."""
    found: dict[Key, dict[str, Told]] = {}
    for one in compared:
        if not one.group or not one.numbers["median_age"].of:
            continue
        for measure in MEASURES:
            number = one.numbers[measure.key]
            if number.value is not None:
                told = Told(number.value, number.unknown)
                found.setdefault((one.group, measure.key), {})[one.school_id] = told
    return found


def _cell(key: Key, left: Left) -> exchange.Cell:
    group, measure = key
    sums = left.sums
    return exchange.Cell(
        group=group, measure=measure, schools=sums.schools, quarter=sums.quarter, half=sums.half,  # type: ignore[arg-type]  # a literal of GROUPS
        three_quarters=sums.three_quarters, unknown=sums.unknown, as_of=sums.as_of,
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------ what others give


def take_in(
    connection: Transaction, trust_id: str, content: bytes, invited: str = "", *, actor: str, now: datetime
) -> str:
    """Take in a file that another trust gave, or that says that it left; a sentence of what came of it."""
    said = exchange.read(content)
    known = rows.file_of(connection, trust_id, said.trust)
    if isinstance(said, exchange.Leaving):
        return _take_leave(connection, trust_id, said, known, actor=actor, now=now)
    given = rows.consent(connection, trust_id)
    if given is not None and said.trust == given.member:
        raise CollectorError("this is the file of this trust itself: it is for the others")
    if known is not None:
        _refuse_stale(said, known)
    elif len(rows.files(connection, trust_id)) >= MOST_FILES:
        raise CollectorError(f"there are {MOST_FILES} files already: remove one first")
    called = text(invited, exchange.MOST_NAME) or (known.invited if known else "") or said.name or said.trust
    kept = Brought(said.trust, called, said.issued, content.decode(), now, actor)
    rows.keep_file(connection, trust_id, kept)
    _note(
        connection, trust_id, "club_file_brought", {"member": said.trust, "sha256": said.digest}, actor=actor, now=now
    )
    groups, measures = len({cell.group for cell in said.cells}), len({cell.measure for cell in said.cells})
    return f"{called}: {groups} phase groups and {measures} measures, as of {said.issued}"


def _refuse_stale(said: exchange.File, known: Brought) -> None:
    if known.left is not None:
        raise CollectorError("the trust of this file left: its sums are not taken in again")
    if said.issued < known.issued:
        raise CollectorError(f"a later file of this trust is here already, of {known.issued}")
    if said.seal != _file(known).seal:
        raise CollectorError("its seal is not that of the file before: ask the trust, and remove the old file first")


def _take_leave(
    connection: Transaction, trust_id: str, said: exchange.Leaving, known: Brought | None, *, actor: str, now: datetime
) -> str:  # fmt: skip
    if known is None or known.left is not None:
        return "the trust that left has no file here"
    if exchange.seal(said.secret) != _file(known).seal:
        raise CollectorError("this does not come from the trust that it says has left: its secret is another")
    rows.keep_file(connection, trust_id, replace(known, content="", invited="", left=now))
    _note(connection, trust_id, "club_file_removed", {"member": said.trust}, actor=actor, now=now)
    return f"{known.invited} left: its file and its numbers are deleted"


def remove(connection: Transaction, trust_id: str, member: str, *, actor: str, now: datetime) -> str:
    """Delete another trust's file because somebody here says so; CollectorError where there is none."""
    known = next((one for one in rows.files(connection, trust_id) if member in (one.member, one.invited)), None)
    if known is None:
        raise CollectorError("there is no file of such a trust")
    rows.forget_file(connection, trust_id, known.member)
    _note(connection, trust_id, "club_file_removed", {"member": known.member}, actor=actor, now=now)
    return f"the file of {known.invited} and its numbers are deleted"


def members(connection: Transaction, trust_id: str) -> list[Member]:
    """The other trusts whose files are here."""
    return [Member(one.member, one.invited, _file(one), one.brought) for one in rows.files(connection, trust_id)]


def _file(kept: Brought) -> exchange.File:
    found = exchange.read(kept.content.encode())
    if not isinstance(found, exchange.File):
        raise CollectorError("the file that is kept is no file of sums")
    return found


# ------------------------------------------------------------------------------------------------ standing


def lines(compared: Sequence[Compared], others: Sequence[Member]) -> dict[str, list[Line]]:
    """By phase group every measure that another trust tells, with ours beside it."""
    told: dict[Key, list[tuple[Member, exchange.Cell]]] = {}
    for other in others:
        for cell in other.file.cells:
            if cell.measure in BY_KEY:
                told.setdefault((cell.group, cell.measure), []).append((other, cell))
    ours = contributions(compared)
    found: dict[str, list[Line]] = {}
    for group in GROUPS:
        for measure in MEASURES:
            if theirs := told.get((group, measure.key)):
                found.setdefault(group, []).append(_line(measure, ours.get((group, measure.key), {}), theirs))
    return found


def _line(measure: Measure, ours: Mapping[str, Told], theirs: Sequence[tuple[Member, exchange.Cell]]) -> Line:
    own = percentiles.quartiles([one.value for one in ours.values()]) if ours else None
    groups = [Quartiles(c.schools, c.quarter / 100, c.half / 100, c.three_quarters / 100) for _, c in theirs]
    unknown = statistics.median(one.unknown for one in ours.values()) if ours else 0.0
    return Line(measure, own, unknown, tuple(theirs), percentiles.between(own.half, groups) if own else None)


def _note(
    connection: Transaction, trust_id: str, action: str, detail: Mapping[str, str | int], *, actor: str, now: datetime
) -> None:
    journal.append(connection, trust_id, actor=actor, action=action, detail=detail, now=now)
