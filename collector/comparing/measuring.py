"""The numbers of the trust's schools, which schools are alike, and where a school stands among those of the trust."""

from __future__ import annotations

import hashlib
import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from collector import gias, journal, keeping, london
from collector.benchmark import measures, percentiles, similar
from collector.benchmark.measures import Number
from collector.benchmark.percentiles import Standing
from collector.benchmark.similar import Peer
from collector.errors import CollectorError
from collector.store import Store, Transaction, school_lives
from collector.store import benchmark as rows
from collector.store.benchmark import GiasFile
from collector.store.stamps import Stamp

LARGEST_GIAS = 200 * 2**20  # octets; the file of all schools has some 60 MB


@dataclass(frozen=True, slots=True)
class Compared:
    """A school of the trust with its numbers. `known`: as GIAS has it; None where it has no URN that GIAS knows."""

    school_id: str
    name: str
    urn: str
    known: similar.School | None
    numbers: dict[str, Number]

    @property
    def group(self) -> str:
        """Its phase group; "" where nobody told."""
        return self.known.group if self.known else ""


@dataclass(frozen=True, slots=True)
class Alike:
    """A school's set by the DfE's method, and the schools of the trust in order of the same distance."""

    school: Compared
    peers: tuple[Peer, ...] = ()
    ours: tuple[Peer, ...] = ()
    assumed: tuple[str, ...] = ()
    of: int = 0  # schools of the group in England
    standings: dict[str, Standing | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Like:
    """The schools of England that are like one, by what they are measured, and how many of its group there are."""

    peers: tuple[Peer, ...]
    scale: similar.Scale
    of: int


def _brought(connection: Transaction, trust_id: str) -> Stamp:
    return Stamp(str(rows.gias_file(connection, trust_id)))


MOST_LIKE = 500  # schools of which is kept which are like them: some 30 kB each
_NUMBERS = keeping.Topic[list[Compared]](1)
_LIKE = keeping.Topic[Like](MOST_LIKE, _brought)


# ------------------------------------------------------------------------------------------------ reading


def schools(
    connection: Transaction, trust_id: str, today: date, school_ids: Iterable[str] | None = None
) -> list[Compared]:
    """Every school of the trust (of those that whoever asks sees) with its numbers, by name; none that went."""
    seen = None if school_ids is None else frozenset(school_ids)
    lives = school_lives.lives(connection, trust_id)
    members = [
        one for one in school_lives.schools(connection, trust_id)
        if (seen is None or one.school_id in seen)
        and (one.school_id not in lives or lives[one.school_id].is_member)
    ]  # fmt: skip
    known = rows.gias_schools(connection, trust_id, (one.urn for one in members if one.urn))
    lots = measures.by_school(rows.lots(connection, trust_id, today, seen))
    return [
        Compared(one.school_id, one.name, one.urn, known.get(one.urn),
                 measures.numbers(measures.School(lots.get(one.school_id, ()), _pupils(known.get(one.urn)), today)))
        for one in members
    ]  # fmt: skip


def kept(store: Store, trust_id: str, now: datetime, school_ids: Iterable[str] | None = None) -> list[Compared]:
    """The same, read once for everybody: the numbers of a school are the same whoever sees it."""
    found = _NUMBERS.of(store, trust_id).take(now, lambda c: schools(c, trust_id, london.day_of(now))).value
    seen = None if school_ids is None else frozenset(school_ids)
    return [one for one in found if seen is None or one.school_id in seen]


def _pupils(known: similar.School | None) -> int | None:
    pupils = known.figures.get("pupils") if known else None
    return round(pupils) if pupils else None


def median(compared: Iterable[Compared], key: str) -> float | None:
    """The median of the schools that tell a measure; None where none does."""
    values = [value for one in compared if (value := one.numbers[key].value) is not None]
    return statistics.median(values) if values else None


def alike(
    connection: Transaction, trust_id: str, school_id: str, everybody: Sequence[Compared]
) -> Alike | None:  # fmt: skip
    """Which schools are like one, and where it stands among those of the trust; None where it is not there."""
    return _alike(school_id, everybody, lambda known: _like(connection, trust_id, known))


def kept_alike(
    store: Store, trust_id: str, school_id: str, everybody: Sequence[Compared], now: datetime
) -> Alike | None:  # fmt: skip
    """The same; which schools of England are like one is found once for each file of GIAS."""

    def like(known: similar.School) -> Like:
        return _LIKE.of(store, trust_id).take(now, lambda c: _like(c, trust_id, known), known.urn).value

    return _alike(school_id, everybody, like)


def _alike(
    school_id: str, everybody: Sequence[Compared], like: Callable[[similar.School], Like]
) -> Alike | None:  # fmt: skip
    school = next((one for one in everybody if one.school_id == school_id), None)
    if school is None or school.known is None or not school.group:
        return Alike(school) if school else None
    return _among(school, school.known, like(school.known), everybody)


def _like(connection: Transaction, trust_id: str, known: similar.School) -> Like:
    group = rows.gias_group(connection, trust_id, known.group)
    return Like(tuple(similar.similar(known, group)), similar.scale(known.group, group), len(group))


def _among(school: Compared, known: similar.School, like: Like, everybody: Sequence[Compared]) -> Alike:
    """A set, and where its school stands among those of the trust that whoever asks sees."""
    ours = [one.known for one in everybody if one.known is not None and one.school_id != school.school_id]
    nearest = similar.nearest(known, ours, like.scale)[: similar.CHOSEN]
    urns = {peer.school.urn for peer in nearest}
    others = [one for one in everybody if one.urn in urns and one.school_id != school.school_id]
    return Alike(
        school, like.peers, tuple(nearest), like.scale.assumed(known), like.of, standings(school, others)
    )  # fmt: skip


def standings(school: Compared, others: Sequence[Compared]) -> dict[str, Standing | None]:
    """Where a school stands among others by each measure that it tells; None where they are too few to say."""
    found: dict[str, Standing | None] = {}
    for key, number in school.numbers.items():
        if number.value is not None:
            told = [value for one in others if (value := one.numbers[key].value) is not None]
            found[key] = percentiles.among(number.value, told)
    return found


# ------------------------------------------------------------------------------------------------ GIAS


def bring_gias(connection: Transaction, trust_id: str, path: Path, *, actor: str, now: datetime) -> list[str]:
    """Take in a file of GIAS, in place of the one before; sentences of what it brought. CollectorError: it is none."""
    errors = gias.Errors()
    try:
        with path.open("rb") as opened:
            found, digest = _read(opened, errors)
    except OSError as error:
        raise CollectorError(f"{path} cannot be read: {error.strerror}") from None
    except gias.GiasError as error:
        raise CollectorError(f"{path}: {error}; nothing was changed") from None
    if not found:
        raise CollectorError(f"{path} has no open school with a phase; nothing was changed")
    rows.replace_gias(connection, trust_id, found.values(), GiasFile(now, actor, len(found), digest))
    detail: dict[str, str | int] = {"schools": len(found), "sha256": digest}
    journal.append(connection, trust_id, actor=actor, action="gias_brought", detail=detail, now=now)
    ours = [one for one in school_lives.schools(connection, trust_id) if one.urn]
    strange = [one.name for one in ours if one.urn not in found]
    told = [f"{len(found):,} schools of England with a phase are kept, {len(ours) - len(strange)} of them are ours"]
    told += [f"not in the file, or without a phase: {name}" for name in strange]
    told += errors.sentences
    return [*told, f"{errors.count:,} rows could not be read"] if errors.count else told


def _read(opened: BinaryIO, errors: gias.Errors) -> tuple[dict[str, similar.School], str]:
    """The schools of a file by URN, each once, and the file's SHA-256."""
    digest, size = hashlib.sha256(), 0

    def lines() -> Iterator[str]:
        nonlocal size
        while line := opened.readline(gias.FIELD_LIMIT * 20):
            digest.update(line)
            size += len(line)
            if size > LARGEST_GIAS:
                raise gias.GiasError(f"it is larger than {LARGEST_GIAS // 2**20} MB, which GIAS is not")
            yield line.decode(gias.ENCODING, "replace").replace("\0", "")

    found = {}
    for one in gias.figures(lines(), errors):
        if group := similar.phase_group(one.phase, one.kind):
            found[one.urn] = similar.School(one.urn, one.name, group, one.region, one.told, one.boards)
    return found, digest.hexdigest()
