"""Reads the register of schools that the Department for Education publishes: Get Information about Schools (GIAS).

`edubasealldataYYYYMMDD.csv` and `links_edubasealldataYYYYMMDD.csv` are CSV in Windows-1252 under the Open Government
Licence v3. What is compared with a trust's own schools is concluded here as plain values. Pure: no file is opened and
no school is changed here.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from collector.facts import text

ENCODING = "cp1252"
MOST_ROWS = 500_000  # GIAS has some 52,000 schools
MOST_ERRORS = 50  # that are told
FIELD_LIMIT = 10_000  # characters of one cell
NAME_LIMIT = 120

SCHOOL_COLUMNS = ("URN", "EstablishmentName", "EstablishmentStatus (name)")
LINK_COLUMNS = ("URN", "LinkURN", "LinkType")
FIGURE_COLUMNS = (*SCHOOL_COLUMNS, "PhaseOfEducation (name)", "TypeOfEstablishment (name)", "NumberOfPupils")
#: percentages by what they are called here; only the first is of GIAS, the others may be added from DfE's statistics
PERCENTAGES = {"fsm": "PercentageFSM", "sen": "Percentage SEN"} | {
    need: f"Percentage Primary Need {need.upper()}"
    for need in ("spld", "mld", "pmld", "semh", "slcn", "hi", "msi", "pd", "asd", "oth")
}
MOST_PUPILS = 20_000
OPEN = "open"
CLOSED = "closed"


class GiasError(Exception):
    """A file that is no such register; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class School:
    """One row: a school as GIAS knows it. `status` is folded: open, closed, …; days are None where not given."""

    urn: str
    name: str
    status: str
    opened: date | None = None
    closed: date | None = None
    group: str = ""  # Trusts (code): the group's UID
    group_name: str = ""
    laestab: str = ""  # LA (code) and EstablishmentNumber

    @property
    def is_closed(self) -> bool:
        """Whether it is shut for good; one that is only proposed to close is not."""
        return self.status == CLOSED

    @property
    def is_open(self) -> bool:
        """Whether it teaches now."""
        return self.status.startswith(OPEN)


@dataclass(frozen=True, slots=True)
class Link:
    """What one school has to do with another. `kind` is folded: "successor", "predecessor - merged" and others."""

    urn: str
    other: str
    kind: str
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """How large a school is and whom it teaches: what similar schools are found by. `told`: None where not given."""

    urn: str
    name: str
    phase: str
    kind: str
    region: str
    boards: bool
    told: Mapping[str, float | None]


@dataclass
class Errors:
    """What was wrong with rows: the first sentences, and the number of all."""

    sentences: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, sentence: str) -> None:
        """Note one."""
        self.count += 1
        if len(self.sentences) < MOST_ERRORS:
            self.sentences.append(sentence)


@dataclass(frozen=True, slots=True)
class Known:
    """A school of ours as it stands: its id, name and current URN."""

    school_id: str
    name: str
    urn: str


@dataclass(frozen=True, slots=True)
class Change:
    """What GIAS says that we do not know yet. `kind`: join, rename, convert, merge, close or ask.

    `urn` and `name` are what it becomes; `day` when. Of a merge, `into` is the id of the school that takes it in. What
    waits for a person (`ask`) has only its sentence.
    """

    kind: str
    sentence: str
    school_id: str = ""
    urn: str = ""
    name: str = ""
    day: date | None = None
    into: str = ""


# ------------------------------------------------------------------------------------------------ reading


def schools(lines: Iterable[str], errors: Errors) -> Iterator[School]:
    """Every school of the file, row by row; GiasError where its columns are not those of GIAS."""
    for line, row in _rows(lines, SCHOOL_COLUMNS, "edubasealldataYYYYMMDD.csv"):
        urn, name = _urn(row["URN"]), text(row["EstablishmentName"], NAME_LIMIT)
        if not urn or not name:
            errors.add(f"line {line}: {'it has no name' if urn else 'its URN is no number of six digits'}")
            continue
        yield School(
            urn, name, text(row["EstablishmentStatus (name)"], 40).casefold(),
            _day(row.get("OpenDate")), _day(row.get("CloseDate")),
            text(row.get("Trusts (code)") or "", 16), text(row.get("Trusts (name)") or "", NAME_LIMIT),
            _laestab(row),
        )  # fmt: skip


def links(lines: Iterable[str], errors: Errors) -> Iterator[Link]:
    """Every link of the file; GiasError where its columns are not those of GIAS."""
    for line, row in _rows(lines, LINK_COLUMNS, "links_edubasealldataYYYYMMDD.csv"):
        urn, other = _urn(row["URN"]), _urn(row["LinkURN"])
        if not urn or not other:
            errors.add(f"line {line}: its URN or LinkURN is no number of six digits")
            continue
        yield Link(urn, other, text(row["LinkType"], 60).casefold(), _day(row.get("LinkEstablishedDate")))


def figures(lines: Iterable[str], errors: Errors) -> Iterator[Figures]:
    """The figures of every school that is open; GiasError where the columns are not those of GIAS."""
    for line, row in _rows(lines, FIGURE_COLUMNS, "edubasealldataYYYYMMDD.csv"):
        urn, name = _urn(row["URN"]), text(row["EstablishmentName"], NAME_LIMIT)
        if not urn or not name:
            errors.add(f"line {line}: {'it has no name' if urn else 'its URN is no number of six digits'}")
        elif text(row["EstablishmentStatus (name)"], 40).casefold().startswith(OPEN):
            boards = (row.get("Boarders (name)") or "").casefold().startswith("board")
            yield Figures(
                urn, name, text(row["PhaseOfEducation (name)"], 40), text(row["TypeOfEstablishment (name)"], 80),
                text(row.get("GOR (name)") or "", 40), boards, _told(row),
            )  # fmt: skip


def _told(row: Mapping[str, str]) -> dict[str, float | None]:
    pupils = _amount(row["NumberOfPupils"], MOST_PUPILS)
    told = {name: _amount(row.get(column), 100) for name, column in PERCENTAGES.items()}
    counted = [_amount(row.get(column), MOST_PUPILS) for column in ("SENStat", "SENNoStat")]
    if told["sen"] is None and pupils and any(one is not None for one in counted):
        told["sen"] = min(100.0, 100 * sum(one or 0 for one in counted) / pupils)
    return {"pupils": pupils or None, **told}


def _amount(said: str | None, most: float) -> float | None:
    """A number from 0 to a bound; None for what is none, as what DfE suppresses."""
    try:
        value = float((said or "").strip())
    except ValueError:
        return None
    return value if 0 <= value <= most else None


def _rows(lines: Iterable[str], needed: Sequence[str], name: str) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(line[: FIELD_LIMIT * 20] for line in lines)
    try:
        heading = [cell.strip().lstrip("\ufeff").removeprefix("ï»¿") for cell in next(reader, [])]
        if missing := [column for column in needed if column not in heading]:
            raise GiasError(f"it has no column {missing[0]!r}: take {name} from get-information-schools.service.gov.uk")
        for count, row in enumerate(reader):
            if count >= MOST_ROWS:
                raise GiasError(f"it has more than {MOST_ROWS:,} rows, which GIAS has not")
            yield reader.line_num, dict(zip(heading, row + [""] * (len(heading) - len(row)), strict=False))
    except csv.Error as error:
        raise GiasError(f"line {reader.line_num}: it is no CSV: {error}") from None


def _urn(said: str) -> str:
    plain = said.strip()
    return plain if plain.isascii() and plain.isdigit() and 5 <= len(plain) <= 7 else ""


def _day(said: str | None) -> date | None:
    """A day as GIAS writes it: 01-09-2024, or as people do."""
    for form in ("%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime((said or "").strip(), form).date()  # noqa: DTZ007 - a day, which has no zone
        except ValueError:
            continue
    return None


def _laestab(row: Mapping[str, str]) -> str:
    authority, number = (row.get("LA (code)") or "").strip(), (row.get("EstablishmentNumber") or "").strip()
    return f"{authority}{number.zfill(4)}" if authority.isdigit() and number.isdigit() else ""


# ------------------------------------------------------------------------------------------------ comparing


def wanted(
    found: Iterable[School], known: Sequence[Known], linked: Sequence[Link], group: str = ""
) -> dict[str, School]:
    """Of all schools those that matter: ours, what ours became, and those of the group; by URN."""
    ours = {one.urn for one in known if one.urn}
    near = ours | {link.other for link in linked if link.urn in ours} | {
        link.urn for link in linked if link.other in ours
    }  # fmt: skip
    return {one.urn: one for one in found if one.urn in near or (group and one.group == group)}


def compare(
    known: Sequence[Known], found: Mapping[str, School], linked: Sequence[Link] | None, group: str = ""
) -> list[Change]:
    """What GIAS says of our schools that we do not know yet, and the schools of the group that we do not have.

    Without links (None) nobody can say what became of a school that is closed, so that is left to a person.
    """
    after = _successors(linked or ())
    ours = {one.urn: one for one in known if one.urn}
    taken: dict[str, list[Known]] = {}
    for one in known:
        for urn in after.get(one.urn, ()):
            taken.setdefault(urn, []).append(one)
    changes = [
        change for one in known if (change := _of_ours(one, ours, found, after if linked is not None else None, taken))
    ]
    became = {change.urn for change in changes if change.kind == "convert"} | {
        urn for urn, before in taken.items() if len(before) > 1
    }
    for school in sorted(found.values(), key=lambda school: school.urn):
        if group and school.group == group and school.is_open and school.urn not in ours and school.urn not in became:
            sentence = f"{school.name} (URN {school.urn}) joins"
            changes.append(Change("join", sentence, urn=school.urn, name=school.name, day=school.opened))
    return changes


def _successors(linked: Iterable[Link]) -> dict[str, tuple[str, ...]]:
    """What each school became: "successor" of the old one, and "predecessor" of the new one, say the same."""
    found: dict[str, dict[str, None]] = {}
    for link in linked:
        if link.kind.startswith("successor"):
            found.setdefault(link.urn, {})[link.other] = None
        elif link.kind.startswith("predecessor"):
            found.setdefault(link.other, {})[link.urn] = None
    return {urn: tuple(after) for urn, after in found.items()}


def _of_ours(
    one: Known, ours: Mapping[str, Known], found: Mapping[str, School], after: Mapping[str, tuple[str, ...]] | None,
    taken: Mapping[str, Sequence[Known]],
) -> Change | None:  # fmt: skip
    row = found.get(one.urn)
    if row is None:
        return Change("ask", f"{one.name}: GIAS has no URN {one.urn}", one.school_id) if one.urn else None
    if not row.is_closed:
        renamed = Change("rename", f"{one.name} is now called {row.name}", one.school_id, name=row.name)
        return renamed if row.name.casefold() != one.name.casefold() else None
    if after is None:
        told = (
            f"{one.name} closed{_on(row.closed)}: give the file of links, which says whether it became another school"
        )
        return Change("ask", told, one.school_id)
    return _of_closed(one, row, ours, found, after, taken)


def _of_closed(
    one: Known, row: School, ours: Mapping[str, Known], found: Mapping[str, School],
    after: Mapping[str, tuple[str, ...]], taken: Mapping[str, Sequence[Known]],
) -> Change:  # fmt: skip
    became = [urn for urn in after.get(one.urn, ()) if urn in found and not found[urn].is_closed]
    when = row.closed
    if not became:
        return Change("close", f"{one.name} closed{_on(when)}", one.school_id, day=when)
    if len(became) > 1:
        told = f"{one.name} became several schools (URN {', '.join(became)}): say by hand which of them it is"
        return Change("ask", told, one.school_id)
    (urn,) = became
    if urn in ours:
        told = f"{one.name} became part of {ours[urn].name}{_on(when)}"
        return Change("merge", told, one.school_id, urn=urn, day=when, into=ours[urn].school_id)
    if len(taken.get(urn, ())) > 1:
        told = (
            f"{one.name} and others became {found[urn].name} (URN {urn}): convert one of them, merge the others into it"
        )
        return Change("ask", told, one.school_id)
    new = found[urn]
    told = f"{one.name} (URN {one.urn}) became {new.name} (URN {urn}){_on(new.opened or when)}"
    return Change("convert", told, one.school_id, urn=urn, name=new.name, day=new.opened or when)


def _on(day: date | None) -> str:
    return f" on {day}" if day else ""
