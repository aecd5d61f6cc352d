"""Audits a school or a trust as of now, by a rule set; and what people decide about findings.

What pages show is kept by `judging`, which judges by `walk` in the background: an audit of a large trust takes longer
than a page may.

A finding that a person accepted is counted apart and never hidden, and returns by itself when its day has passed. What
cannot be told is never counted as a pass. Decisions are journaled. It knows no page; rows are `store.cases`'s and
`store.accepted`'s.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from collector import audit, journal, london, undertakings
from collector.audit import DEVICE, SCHOOL, Case, Finding, Given, Need, Outcome, Place, rule_sets
from collector.audit.rule_sets import Decision, Line, RuleSet
from collector.errors import CollectorError
from collector.facts import text
from collector.store import Transaction, accepted, cases, register
from collector.store.accepted import Acceptance, DecisionRow

ACCEPTED = "accepted"
OUTCOMES = (Outcome.FAIL.value, Outcome.UNTOLD.value, ACCEPTED, Outcome.PASS.value)
Schools = Collection[str] | None  # None: every school of the trust


class Found(NamedTuple):
    """One finding of one rule about one device or school, and the acceptance that stands for it.

    `outcome` is a word of `OUTCOMES`. `device_id` is empty where the finding is of the school itself.
    """

    rule: str
    device_id: str
    school_id: str
    school_name: str
    name: str
    device_class: str
    finding: Finding
    acceptance: Acceptance | None = None

    @property
    def outcome(self) -> str:
        """How it is counted."""
        return ACCEPTED if self.acceptance is not None else self.finding.outcome.value


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found: by rule and school how many findings of each outcome. `schools`: names of those audited."""

    rule_set: RuleSet
    as_of: datetime
    schools: Mapping[str, str]
    counts: Mapping[tuple[str, str], Mapping[str, int]] = field(default_factory=dict)

    def count(self, rule: str, outcome: str, school_id: str = "") -> int:
        """Findings of a rule and an outcome, of one school or of all."""
        wanted = [school_id] if school_id else self.schools
        return sum(self.counts.get((rule, each), {}).get(outcome, 0) for each in wanted)


def rule_set(connection: Transaction, trust_id: str, name: str) -> RuleSet:
    """A rule set by its name; CollectorError where there is none, or where the trust's own cannot be read."""
    if name == rule_sets.OWN:
        return rule_sets.own(row.decision for row in accepted.decisions(connection, trust_id))
    return rule_sets.shipped(name)


# ------------------------------------------------------------------------------------------------ auditing


def run(connection: Transaction, trust_id: str, rules: RuleSet, now: datetime, schools: Schools = None) -> Audit:
    """Count what every rule of a set finds, in some schools or in all."""
    known = cases.places(connection, trust_id, now, schools)
    counts: dict[tuple[str, str], dict[str, int]] = {}
    for found in _found(connection, trust_id, rules.lines, now, known):
        mine, outcome = counts.setdefault((found.rule, found.school_id), {}), found.outcome
        mine[outcome] = mine.get(outcome, 0) + 1
    return Audit(rules, now, {place.school_id: place.name for place in known}, counts)


def findings(
    connection: Transaction, trust_id: str, lines: Sequence[Line], now: datetime, schools: Schools = None
) -> Iterator[Found]:
    """Every finding of some rules, school by school, read as it is taken."""
    return _found(connection, trust_id, lines, now, cases.places(connection, trust_id, now, schools))


def listed(  # noqa: PLR0913 - what is asked for, by name
    connection: Transaction, trust_id: str, line: Line, now: datetime, *, outcome: str = "", schools: Schools = None,
    limit: int = 200, offset: int = 0,
) -> list[Found]:  # fmt: skip
    """The findings of one rule, by school, class and name: those that `run` counts, and no others."""
    found: list[Found] = []
    for one in findings(connection, trust_id, [line], now, schools):
        if outcome and one.outcome != outcome:
            continue
        offset -= 1
        if offset < 0:
            found.append(one)
        if len(found) >= limit:
            break
    return found


def of_subject(
    connection: Transaction, trust_id: str, line: Line, now: datetime, *, device_id: str = "", school_id: str = ""
) -> Found | None:
    """What a rule finds of one device, or of one school; None where it does not apply, or there is no such thing."""
    if device_id:
        detail = register.device(connection, trust_id, device_id)
        if detail is None:
            return None
        device_id, school_id = detail.row.device_id, detail.row.school_id
    known = cases.places(connection, trust_id, now, [school_id])
    return next(_found(connection, trust_id, [line], now, known, [device_id] if device_id else None), None)


def _found(
    connection: Transaction, trust_id: str, lines: Sequence[Line], now: datetime, known: Sequence[Place],
    device_ids: Collection[str] | None = None,
) -> Iterator[Found]:  # fmt: skip
    marks = accepted.standing(connection, trust_id, london.day_of(now))
    for place, case, judged in walk(connection, trust_id, lines, now, known, device_ids=device_ids):
        for line, finding in judged:
            yield _as_found(line, place, finding, marks, case)


#: a school, one of its devices (None: the school itself), and what rules find of it
Step = tuple[Place, Case | None, list[tuple[Line, Finding]]]


def walk(
    connection: Transaction, trust_id: str, lines: Sequence[Line], now: datetime, known: Sequence[Place], *,
    needs: Collection[Need] = (), device_ids: Collection[str] | None = None,
) -> Iterator[Step]:  # fmt: skip
    """Every school and each of its devices with what rules find of it. `needs`: to be read beside what they need."""
    of_devices = [line for line in lines if line.rule.subject == DEVICE]
    of_schools = [(line, line.given) for line in lines if line.rule.subject == SCHOOL]
    around = cases.around(connection, trust_id, london.day_of(now), {*_needs(of_devices), *needs})
    by_class: dict[str, list[tuple[Line, Given]]] = {}
    for place in known:
        yield place, None, _heard(of_schools, place)
        if not of_devices:
            continue
        for case in cases.of_school(connection, trust_id, place.school_id, around, device_ids):
            if case.device_class not in by_class:
                by_class[case.device_class] = _asking(of_devices, case.device_class)
            yield place, case, _heard(by_class[case.device_class], case)


def _heard(asking: Sequence[tuple[Line, Given]], case: Case | Place) -> list[tuple[Line, Finding]]:
    heard = ((line, audit.heard(line.rule, case, given)) for line, given in asking)
    return [(line, finding) for line, finding in heard if finding is not None]


def _asking(lines: Sequence[Line], device_class: str) -> list[tuple[Line, Given]]:
    """The rules that ask devices of a class, each with its parameters."""
    given = ((line, line.given) for line in lines)
    return [(line, mine) for line, mine in given if audit.asks(line.rule, mine, device_class)]


def _needs(lines: Sequence[Line]) -> frozenset[Need]:
    return frozenset(need for line in lines for need in line.rule.needs)


def _as_found(
    line: Line, place: Place, finding: Finding, marks: Mapping[tuple[str, str], Acceptance], case: Case | None = None
) -> Found:
    rule = line.rule.name
    subject_id = case.subject_id if case else place.school_id
    # what passes needs nobody's acceptance, and is not hidden behind one
    mark = marks.get((rule, subject_id)) if finding.outcome is not Outcome.PASS else None
    if case is None:
        return Found(rule, "", place.school_id, place.name, place.name, "", finding, mark)
    return Found(
        rule, case.subject_id, place.school_id, place.name, case.name or case.model, case.device_class, finding, mark
    )


# ------------------------------------------------------------------------------------------------ acceptances


def accept(  # noqa: PLR0913 - what a person fills in, and who does
    connection: Transaction, trust_id: str, line: Line, *, device_id: str = "", school_id: str = "", reason: str,
    owner: str, until: date | None, actor: str, now: datetime,
) -> str:  # fmt: skip
    """Accept what a rule finds of a device or school, to the end of a day; the id of that.

    CollectorError, with a sentence, where it finds nothing to accept, or reason, owner or day are missing.
    """
    today = london.day_of(now)
    said = (text(reason, undertakings.REASON_LIMIT), text(owner, undertakings.OWNER_LIMIT))
    words = {"what": "a finding is accepted", "back": "the finding returns"}
    wrong = undertakings.problems(*said, until, today, **words)
    if wrong or until is None:
        raise CollectorError("; ".join(wrong.values()))
    found = of_subject(connection, trust_id, line, now, device_id=device_id, school_id=school_id)
    if found is None or found.finding.outcome is Outcome.PASS:
        raise CollectorError("the rule finds nothing there that could be accepted: look at its list again")
    of_school = "" if found.device_id else found.school_id
    mark = (line.rule.name, found.device_id, of_school)
    made = accepted.accept(connection, trust_id, mark, *said, until, actor=actor, now=now)
    about = {"device": found.device_id} if found.device_id else {"school": found.school_id}
    detail = {"acceptance": made, "rule": line.rule.name} | about
    journal.append(connection, trust_id, actor=actor, action="finding_accepted", detail=detail, now=now)
    return made


def take_back(connection: Transaction, trust_id: str, acceptance_id: str, *, actor: str, now: datetime) -> None:
    """Take an acceptance back before its day: the finding is counted again. CollectorError where it has ended."""
    if not accepted.end(connection, trust_id, acceptance_id, actor=actor, now=now):
        raise CollectorError("this acceptance is not there any more, or was taken back already")
    detail = {"acceptance": text(acceptance_id, 36)}
    journal.append(connection, trust_id, actor=actor, action="acceptance_ended", detail=detail, now=now)


# ------------------------------------------------------------------------------------------------ the trust's own set


def decide(  # noqa: PLR0913 - what a person decides, and who does
    connection: Transaction, trust_id: str, rule: str, name: str, value: Any, *, reason: str, actor: str, now: datetime
) -> None:
    """Decide a parameter of a rule of the trust's own set, its severity, or whether it is included.

    CollectorError where there is no such rule or parameter, or the value is none of it.
    """
    why = text(reason, undertakings.REASON_LIMIT)
    if not why:
        raise CollectorError("say why: a rule set of one's own needs reasons")
    decision = Decision(rule, name, value)
    rule_sets.check(decision)
    accepted.decide(connection, trust_id, DecisionRow(decision, why, now, actor))
    detail = {"rule": rule, "name": name}
    journal.append(connection, trust_id, actor=actor, action="audit_rule_decided", detail=detail, now=now)


def undecide(connection: Transaction, trust_id: str, rule: str, name: str, *, actor: str, now: datetime) -> None:
    """Go back to what comes with Stocktake. CollectorError where the trust decided nothing."""
    if not accepted.undecide(connection, trust_id, rule, name):
        raise CollectorError("the trust has decided nothing there")
    detail = {"rule": text(rule, 48), "name": text(name, 32)}
    journal.append(connection, trust_id, actor=actor, action="audit_rule_undecided", detail=detail, now=now)
