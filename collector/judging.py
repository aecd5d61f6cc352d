"""Judges schools by every rule set in the background, one after another, and reads what was found last.

A page of a trust with 50,000 devices has no time to audit it: it shows what was kept, and when that was judged. Counts
and lists come from the same rows, so they cannot differ. What people accepted is laid over them as they are read, so
that it holds at once and ends by itself. It knows no page; rows are `store.judged`'s.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from collector import auditing, london
from collector.audit import GONE, MOST_WORDS, Case, Finding, Need, Outcome, rule_sets
from collector.audit.rule_sets import Line, RuleSet
from collector.auditing import ACCEPTED, OUTCOMES, Found, Schools
from collector.errors import CollectorError
from collector.facts import text
from collector.store import Store, Transaction, accepted, cases, judged, school_lives
from collector.store.accepted import Acceptance
from collector.store.judged import ENDINGS, Ends, Judged, Said

log = logging.getLogger(__name__)

RENEW = timedelta(hours=1)  # what was judged is judged again after that, and after a failure too
GROWN = timedelta(minutes=2)  # the same of a school that grew since: an agent that is new finds much within minutes
MOST_GROUNDS = 12  # statements that a kept finding names as what it rests on
#: by rule and school what is accepted there, by device or school
Marks = Mapping[tuple[str, str], Mapping[str, Acceptance]]


# ------------------------------------------------------------------------------------------------ judging


def askings(connection: Transaction, trust_id: str) -> dict[str, Line]:
    """What any rule set asks, once where several ask alike. A set of the trust that cannot be read is left out."""
    found: dict[str, Line] = {}
    for name in rule_sets.names():
        try:
            lines = auditing.rule_set(connection, trust_id, name).lines
        except CollectorError:
            log.exception("a rule set is not judged")
            continue
        found |= {line.asking: line for line in lines}
    return found


def judge(store: Store, trust_id: str, school_id: str, now: datetime) -> bool:
    """Judge a school by everything that any set asks, and keep what is found; False where that was not kept."""
    with store.reader() as connection:
        marked = judged.mark(connection, trust_id)
        rows = _judged(connection, trust_id, school_id, now)
    return store.write(lambda connection: judged.keep(connection, trust_id, school_id, rows, marked))


def _judged(connection: Transaction, trust_id: str, school_id: str, now: datetime) -> list[Judged]:
    known = cases.places(connection, trust_id, now, [school_id])
    if not known:  # it left the trust
        return []
    asked = askings(connection, trust_id)
    names = {id(line): asking for asking, line in asked.items()}
    found: dict[str, list[Said]] = {asking: [] for asking in asked}
    ends = _Ends()
    steps = auditing.walk(connection, trust_id, list(asked.values()), now, known, needs={Need.SUPPORT})
    for place, case, findings in steps:
        subject_id = case.subject_id if case else place.school_id
        for line, one in findings:
            sentence, grounds = text(one.sentence, MOST_WORDS), one.rests_on[:MOST_GROUNDS]
            found[names[id(line)]].append(Said(subject_id, one.outcome, sentence, grounds))
        if case is not None:
            ends.add(case)
    rows = [_row(school_id, asking, now, said) for asking, said in found.items()]
    kept = ends.rows()
    return [*rows, Judged(school_id, ENDINGS, now, 0, len(kept), ends.unknown, judged.pack(kept))]


def _row(school_id: str, asking: str, now: datetime, said: Sequence[Said]) -> Judged:
    tally = dict.fromkeys(Outcome, 0)
    for one in said:
        tally[one.outcome] += 1
    passes, fails, untold = (tally[outcome] for outcome in (Outcome.PASS, Outcome.FAIL, Outcome.UNTOLD))
    return Judged(school_id, asking, now, passes, fails, untold, judged.pack(said))


class _Ends:
    """What ends of the devices of a school, whenever it does. `unknown`: devices of which no end is known."""

    def __init__(self) -> None:
        self.unknown = 0
        self._found: dict[tuple[date, date | None, str, str, str, str], list[str]] = {}

    def add(self, case: Case) -> None:
        """Take in a device, unless it is gone."""
        if case.life in GONE:
            return
        known = False
        for end in case.supports or ():
            if end.ends is not None:
                known = True
                key = (end.ends, end.at_latest, end.what, end.title, end.state, case.device_class)
                self._found.setdefault(key, []).append(case.subject_id)
        self.unknown += not known

    def rows(self) -> list[Ends]:
        """By what ends and when."""
        return [Ends(*key, tuple(devices)) for key, devices in self._found.items()]


class Judge:
    """Judges one school after another, and passes by for a while the one that fails."""

    def __init__(self, store: Store, trust_id: str) -> None:
        self._store, self._trust_id = store, trust_id
        self._failed: dict[str, datetime] = {}

    def step(self, now: datetime) -> bool:
        """Judge the school that is due most; False where none is."""
        school_id = ""
        try:
            school_id = self._next(now)
            if school_id:
                judge(self._store, self._trust_id, school_id, now)
        except Exception:  # the one place that isolates schools: the next ones are judged all the same
            log.exception("a school could not be audited")
            self._failed[school_id] = now
        return bool(school_id)

    def _next(self, now: datetime) -> str:
        self._failed = {key: when for key, when in self._failed.items() if now - when < RENEW}
        with self._store.reader() as connection:
            members = cases.members(connection, self._trust_id)
            asked = {*askings(connection, self._trust_id), ENDINGS}
            due = judged.due(connection, self._trust_id, members, asked, now - RENEW, now - GROWN)
        return next((each for each in due if each not in self._failed), "")


# ------------------------------------------------------------------------------------------------ reading


@dataclass(frozen=True, slots=True)
class When:
    """The schools that are audited, with their names, and when each was judged that was judged by all that is asked."""

    schools: Mapping[str, str]
    times: Mapping[str, datetime]

    @property
    def unjudged(self) -> list[tuple[str, str]]:
        """Schools with their names that were not judged yet."""
        return [(key, name) for key, name in self.schools.items() if key not in self.times]

    @property
    def first(self) -> datetime | None:
        """When the school was judged whose turn is longest ago."""
        return min(self.times.values(), default=None)

    @property
    def last(self) -> datetime | None:
        """When the latest school was judged."""
        return max(self.times.values(), default=None)


@dataclass(frozen=True, slots=True)
class Kept:
    """What was found last: counts by rule and school."""

    rule_set: RuleSet
    when: When
    counts: Mapping[tuple[str, str], Mapping[str, int]] = field(default_factory=dict)

    def count(self, rule: str, outcome: str, school_id: str = "") -> int:
        """Findings of a rule and an outcome, of one school or of all."""
        wanted = [school_id] if school_id else self.when.schools
        return sum(self.counts.get((rule, each), {}).get(outcome, 0) for each in wanted)


def kept(connection: Transaction, trust_id: str, rules: RuleSet, now: datetime, schools: Schools = None) -> Kept:
    """What a rule set found when the schools were judged last, some or all; what is accepted is counted apart."""
    lines = {line.asking: line for line in rules.lines}
    known = cases.members(connection, trust_id, schools)
    rows = judged.counts(connection, trust_id, lines, known)
    counted = {(lines[row.asking].rule.name, row.school_id): _plain(row) for row in rows}
    marks = _marks(connection, trust_id, now, known)
    touched = {asking for asking, line in lines.items() if any(rule == line.rule.name for rule, _ in marks)}
    for row in judged.findings(connection, trust_id, touched, {school_id for _, school_id in marks}):
        mine = marks.get((lines[row.asking].rule.name, row.school_id))
        if mine:
            counted[lines[row.asking].rule.name, row.school_id] = _tally(judged.said(row.findings), mine)
    return Kept(rules, When(known, _times(rows, len(lines))), counted)


def _plain(row: Judged) -> dict[str, int]:
    return {outcome.value: row.count(outcome) for outcome in Outcome}


def _tally(rows: Sequence[Said], mine: Mapping[str, Acceptance]) -> dict[str, int]:
    tally = dict.fromkeys(OUTCOMES, 0)
    for one in rows:
        tally[_outcome(one, mine)] += 1
    return tally


def _outcome(one: Said, mine: Mapping[str, Acceptance]) -> str:
    """How a finding is counted: what passes needs nobody's acceptance."""
    return ACCEPTED if one.subject_id in mine and one.outcome is not Outcome.PASS else one.outcome.value


def _times(rows: Sequence[Judged], wanted: int) -> dict[str, datetime]:
    found: dict[str, list[datetime]] = {}
    for row in rows:
        found.setdefault(row.school_id, []).append(row.judged)
    return {key: min(times) for key, times in found.items() if len(times) == wanted}


def _marks(connection: Transaction, trust_id: str, now: datetime, known: Collection[str]) -> Marks:
    standing = accepted.standing(connection, trust_id, london.day_of(now))
    homes = school_lives.schools_of(connection, trust_id, {one.device_id for one in standing.values() if one.device_id})
    found: dict[tuple[str, str], dict[str, Acceptance]] = {}
    for (rule, subject_id), one in standing.items():
        school_id = homes.get(one.device_id, "") if one.device_id else one.school_id
        if school_id in known:
            found.setdefault((rule, school_id), {})[subject_id] = one
    return found


@dataclass(frozen=True, slots=True)
class Page:
    """Some findings of one rule; `more`: whether others follow."""

    rows: Sequence[Found]
    more: bool
    when: When


def listed(  # noqa: PLR0913 - what is asked for, by name
    connection: Transaction, trust_id: str, line: Line, now: datetime, *, outcome: str = "", schools: Schools = None,
    limit: int = 200, offset: int = 0,
) -> Page:  # fmt: skip
    """The findings of one rule, by school, class and name: those that `kept` counts, and no others."""
    known = cases.members(connection, trust_id, schools)
    rows = {row.school_id: row for row in judged.counts(connection, trust_id, [line.asking], known)}
    marks = _marks(connection, trust_id, now, known)
    wanted: list[tuple[str, Said, Acceptance | None]] = []
    for school_id in known:
        if school_id not in rows or len(wanted) > limit:
            continue
        mine = marks.get((line.rule.name, school_id), {})
        if not mine and (passed_by := _of(rows[school_id], outcome)) <= offset:
            offset -= passed_by
            continue
        for one in _said(connection, trust_id, line, school_id):
            if outcome and _outcome(one, mine) != outcome:
                continue
            if offset:
                offset -= 1
                continue
            wanted.append((school_id, one, mine.get(one.subject_id) if one.outcome is not Outcome.PASS else None))
    names = judged.named(connection, trust_id, {one.subject_id for _, one, _ in wanted[:limit]})
    found = [_found(line, known, names, *each) for each in wanted[:limit]]
    return Page(found, len(wanted) > limit, When(known, {key: row.judged for key, row in rows.items()}))


def _of(row: Judged, outcome: str) -> int:
    """Findings of an outcome, or of any, where nothing is accepted."""
    if outcome == ACCEPTED:
        return 0
    return row.count(Outcome(outcome)) if outcome else row.passes + row.fails + row.untold


def _said(connection: Transaction, trust_id: str, line: Line, school_id: str) -> Iterator[Said]:
    for row in judged.findings(connection, trust_id, [line.asking], [school_id]):
        yield from judged.said(row.findings)


def _found(
    line: Line, schools: Mapping[str, str], names: Mapping[str, judged.Named], school_id: str, one: Said,
    mark: Acceptance | None,
) -> Found:  # fmt: skip
    finding = Finding(one.outcome, one.sentence, one.rests_on)
    rule, school = line.rule.name, schools[school_id]
    if one.subject_id == school_id:
        return Found(rule, "", school_id, school, school, "", finding, mark)
    known = names.get(one.subject_id)
    # a device that moved on since is another school's to name
    name, kind = (known.name, known.device_class) if known and known.school_id == school_id else ("", "unknown")
    return Found(rule, one.subject_id, school_id, school, name, kind, finding, mark)


# ------------------------------------------------------------------------------------------------ the termly pack


class Ending(NamedTuple):
    """Devices of a school and class whose system, firmware or hardware ends on one day."""

    school_id: str
    school_name: str
    end: Ends


@dataclass(frozen=True, slots=True)
class Endings:
    """What is out of support, or will be by a day: by date. `unknown`: devices of which no end is known."""

    rows: Sequence[Ending]
    unknown: int
    when: When


def endings(connection: Transaction, trust_id: str, until: date, schools: Schools = None) -> Endings:
    """What is out of support, or will be by a day. Devices that are retired or disposed of are left out."""
    known = cases.members(connection, trust_id, schools)
    found = judged.findings(connection, trust_id, [ENDINGS], known)
    rows = [
        Ending(row.school_id, known[row.school_id], end)
        for row in found
        for end in judged.ends(row.findings)
        if end.ends <= until
    ]
    rows.sort(key=lambda row: (row.end.ends, row.end.title, row.school_name, row.end.device_class))
    times = {row.school_id: row.judged for row in found}
    return Endings(rows, sum(row.untold for row in found), When(known, times))
