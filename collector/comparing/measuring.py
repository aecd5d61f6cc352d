"""The numbers of the trust's schools, which schools are alike, and where a school stands among those of the trust."""

from __future__ import annotations

import hashlib
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO

from collector import gias, journal
from collector.benchmark import measures, percentiles, similar
from collector.benchmark.measures import Number
from collector.benchmark.percentiles import Standing
from collector.benchmark.similar import Peer
from collector.errors import CollectorError
from collector.store import Transaction, school_lives
from collector.store import benchmark as rows
from collector.store.benchmark import GiasFile

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


def _pupils(known: similar.School | None) -> int | None:
    pupils = known.figures.get("pupils") if known else None
    return round(pupils) if pupils else None


def median(compared: Iterable[Compared], key: str) -> float | None:
    """The median of the schools that tell a measure; None where none does."""
    values = [value for one in compared if (value := one.numbers[key].value) is not None]
    return statistics.median(values) if values else None


def alike(connection: Transaction, trust_id: str, school_id: str, everybody: Sequence[Compared]) -> Alike | None:
    """Which schools are like one, and where it stands among those of the trust; None where it is not there."""
    school = next((one for one in everybody if one.school_id == school_id), None)
    if school is None or school.known is None or not school.group:
        return Alike(school) if school else None
    group = rows.gias_group(connection, trust_id, school.group)
    peers = similar.similar(school.known, group)
    by = similar.scale(school.group, group)
    ours = [one.known for one in everybody if one.known is not None and one.school_id != school_id]
    nearest = similar.nearest(school.known, ours, by)[: similar.CHOSEN]
    urns = {peer.school.urn for peer in nearest}
    others = [one for one in everybody if one.urn in urns and one.school_id != school_id]
    return Alike(
        school, tuple(peers), tuple(nearest), by.assumed(school.known), len(group), standings(school, others)
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
