"""Audits: what each rule of a set finds, the list behind each count, the form that accepts one, and the termly pack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from collector import auditing, judging, judging_now, london
from collector.access import Right
from collector.audit import rule_sets
from collector.audit.rule_sets import RuleSet
from collector.auditing import OUTCOMES, Found
from collector.errors import CollectorError
from collector.judging import When
from collector.store import Transaction, accepted, cases, coverage, devices, register, school_lives, sources
from collector.web import forms, hands
from collector.web.unseen import Gap, Item, gaps
from collector.web.visit import ID_LIMIT, Visit

PAGE_ROWS = 200
OFFSET_LIMIT = 10_000_000
ACCEPT, END, JUDGE = "audit_accept", "audit_end", "audit_judge"
HORIZON = timedelta(days=731)  # of the termly pack: this school year and the next
SUGGESTED = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for: a rule set, and a school or all that are seen."""

    rules: RuleSet
    school_id: str
    schools: frozenset[str] | None

    def query(self, **more: object) -> str:
        """The address's query with something more."""
        given = {"set": self.rules.name, "school": self.school_id, **more}
        return urlencode({name: value for name, value in given.items() if value})


@dataclass(frozen=True, slots=True)
class Row:
    """A finding as a list shows it. `sources`: what it rests on, with the evidence or page that opens it."""

    found: Found
    sources: Sequence[tuple[str, str]]


def page(visit: Visit) -> Response:
    """`GET /audit`: every rule of the set with its counts; `?school=` of one school alone."""
    trust_id = visit.site.trust_id
    with visit.reader() as connection:
        asked = _asked(visit, connection)
        audit = judging.kept(connection, trust_id, asked.rules, visit.now, asked.schools)
        unseen, schools = _gaps(visit, connection, asked, audit.when), _schools(visit, connection)
    going = judging_now.under_way(visit.site.store, trust_id) & set(audit.when.schools)
    idle = len(going) < len(audit.when.schools)
    return visit.page(
        "audit.html", asked=asked, audit=audit, outcomes=OUTCOMES, gaps=unseen, schools=schools, sets=_sets(),
        going=len(going), token=forms.token(visit.secret, JUDGE) if idle and visit.may(Right.ACKNOWLEDGE) else "",
    )  # fmt: skip


def rule(visit: Visit) -> Response:
    """`GET /audit/{rule}`: the findings of one rule, each with its sentence and what it rests on."""
    trust_id, outcome, offset = visit.site.trust_id, visit.asked("outcome"), visit.count("from", 0, OFFSET_LIMIT)
    if outcome and outcome not in OUTCOMES:
        raise HTTPException(400, f"“{outcome}” is no outcome: {', '.join(OUTCOMES)}.")
    with visit.reader() as connection:
        asked = _asked(visit, connection)
        line = _line(visit, asked)
        found = judging.listed(
            connection, trust_id, line, visit.now, outcome=outcome, schools=asked.schools, limit=PAGE_ROWS,
            offset=offset,
        )  # fmt: skip
        rows = _rows(connection, trust_id, found.rows)
        unseen, schools = _gaps(visit, connection, asked, found.when), _schools(visit, connection)
    later = asked.query(outcome=outcome, **{"from": offset + PAGE_ROWS}) if found.more else ""
    earlier = asked.query(outcome=outcome, **{"from": max(0, offset - PAGE_ROWS)}) if offset else ""
    tokens = {kind: forms.token(visit.secret, kind) for kind in (ACCEPT, END)}
    return visit.page(
        "audit_rule.html", asked=asked, line=line, rows=rows, when=found.when, outcome=outcome, outcomes=OUTCOMES,
        gaps=unseen, schools=schools, first=offset + 1, later=later, earlier=earlier, offset=offset,
        paged=bool(offset or later),
        tokens=tokens if visit.may(Right.ACKNOWLEDGE) else {}, suggested=london.day_of(visit.now) + SUGGESTED,
        today=london.day_of(visit.now),
    )  # fmt: skip


def term(visit: Visit) -> Response:
    """`GET /audit/term`: what is out of support, or will be, by date."""
    trust_id, today = visit.site.trust_id, london.day_of(visit.now)
    with visit.reader() as connection:
        asked = _asked(visit, connection)
        found = judging.endings(connection, trust_id, today + HORIZON, asked.schools)
        unseen, schools = _gaps(visit, connection, asked, found.when), _schools(visit, connection)
    over = [row for row in found.rows if row.end.ends < today]
    soon = [row for row in found.rows if row.end.ends >= today]
    return visit.page(
        "audit_term.html", asked=asked, over=over, soon=soon, unknown=found.unknown, when=found.when,
        horizon=today + HORIZON, gaps=unseen, schools=schools, today=today,
    )  # fmt: skip


def accept(visit: Visit) -> Response:
    """`POST /audit/{rule}/accept`: a person accepts a finding to the end of a day."""
    form = visit.form
    device_id, school_id = form.get("device", ""), "" if form.get("device") else form.get("school", "")

    def work(connection: Transaction) -> str:
        asked = Asked(_rule_set(visit, connection, form.get("set", "")), "", visit.schools)
        return auditing.accept(
            connection, visit.site.trust_id, _line(visit, asked), device_id=device_id, school_id=school_id,
            reason=form.get("reason", ""), owner=form.get("owner", ""), until=_day(form.get("until", "")),
            actor=_actor(visit), now=visit.now,
        )  # fmt: skip

    hands.carry_out(visit, ACCEPT, work)
    return _back(visit)


def end(visit: Visit) -> Response:
    """`POST /audit/{rule}/end`: a person takes an acceptance back."""
    acceptance_id = visit.form.get("acceptance", "")[:ID_LIMIT]

    def work(connection: Transaction) -> None:
        known = accepted.get(connection, visit.site.trust_id, acceptance_id)
        if known is not None and not visit.sees(_school_of(connection, visit.site.trust_id, known)):
            raise HTTPException(404)
        auditing.take_back(connection, visit.site.trust_id, acceptance_id, actor=_actor(visit), now=visit.now)

    hands.carry_out(visit, END, work)
    return _back(visit)


def judge(visit: Visit) -> Response:
    """`POST /audit/judge`: have a school, or all that are seen, judged at once; in a thread, the page does not wait."""
    store, trust_id, school_id = visit.site.store, visit.site.trust_id, visit.form.get("school", "")[:ID_LIMIT]
    schools, going = frozenset({school_id}) if school_id else visit.schools, judging_now.under_way(store, trust_id)

    def work(connection: Transaction) -> dict[str, str]:
        by = {"actor": _actor(visit), "now": visit.now}
        return judging_now.ask(connection, trust_id, schools, besides=going, **by)  # type: ignore[arg-type]

    judging_now.begin(store, trust_id, hands.carry_out(visit, JUDGE, work), visit.now)
    return RedirectResponse(f"/audit?{_listed({'set': visit.form.get('set', '')[:64], 'school': school_id})}", 303)


# ------------------------------------------------------------------------------------------------ parts


def _asked(visit: Visit, connection: Transaction) -> Asked:
    school_id = visit.asked("school")[:ID_LIMIT]
    if school_id and not visit.sees(school_id):
        raise HTTPException(404)
    rules = _rule_set(visit, connection, visit.asked("set"))
    return Asked(rules, school_id, frozenset({school_id}) if school_id else visit.schools)


def _rule_set(visit: Visit, connection: Transaction, name: str) -> RuleSet:
    try:
        return auditing.rule_set(connection, visit.site.trust_id, name or rule_sets.DEFAULT)
    except CollectorError as error:
        sentence = str(error)
        raise HTTPException(400, f"{sentence[:1].upper()}{sentence[1:]}.") from None


def _line(visit: Visit, asked: Asked) -> rule_sets.Line:
    try:
        return asked.rules.line(str(visit.request.path_params["rule"]))
    except CollectorError:
        raise HTTPException(404) from None


def _sets() -> list[tuple[str, str]]:
    return [(name, rule_sets.shipped(name).title) for name in rule_sets.names()]


def _schools(visit: Visit, connection: Transaction) -> list[tuple[str, str]]:
    known = cases.members(connection, visit.site.trust_id, visit.schools)
    return list(known.items())


def _gaps(visit: Visit, connection: Transaction, asked: Asked, when: When) -> list[Gap]:
    """What could not be seen at the schools that are audited, those first that were not judged yet."""
    trust_id, members = visit.site.trust_id, frozenset(when.schools)
    schools = register.schools(connection, trust_id, members)
    agents = register.agents(connection, trust_id, school_ids=members)
    found = gaps(schools, agents, visit.now, coverage.coverage(connection, trust_id, members))
    waiting = tuple(Item(name, school_id) for school_id, name in when.unjudged)
    if waiting:
        found.insert(0, Gap("Not judged yet, so none of its findings is counted: come back in a few minutes", waiting))
    if asked.school_id and asked.school_id not in members:
        known = register.school(connection, trust_id, asked.school_id)
        left = (Item(known.name, asked.school_id),) if known else ()
        found.insert(0, Gap("Left the trust, so it is not audited any more", left))
    return found


def _rows(connection: Transaction, trust_id: str, found: Sequence[Found]) -> list[Row]:
    """Findings with the way to what they rest on."""
    wanted = {one.device_id: one.finding.rests_on for one in found if one.device_id}
    opened = sources.of(connection, trust_id, wanted)

    def way(one: Found, name: str) -> str:
        evidence_id = opened.get((one.device_id, name))
        if evidence_id is not None:
            return f"/evidence/{evidence_id}"
        return f"/devices/{one.device_id}" if one.device_id else f"/schools/{one.school_id}"

    return [Row(one, [(name, way(one, name)) for name in one.finding.rests_on[:6]]) for one in found]


def _school_of(connection: Transaction, trust_id: str, known: accepted.Acceptance) -> str:
    if not known.device_id:
        return known.school_id
    device_id = devices.surviving(connection, trust_id, known.device_id)
    return school_lives.schools_of(connection, trust_id, [device_id]).get(device_id, "")


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _actor(visit: Visit) -> str:
    return visit.visitor.account_id if visit.visitor else ""


def _listed(given: dict[str, str]) -> str:
    return urlencode({name: value for name, value in given.items() if value})


def _back(visit: Visit) -> Response:
    """To the list that the form stood in."""
    given = {name: visit.form.get(name, "")[:64] for name in ("set", "outcome", "from")}
    given["school"] = visit.form.get("listed", "")[:ID_LIMIT]
    return RedirectResponse(f"/audit/{visit.request.path_params['rule']}?{_listed(given)}", 303)
