"""Policies of plans: what comes with Stocktake, what trust and schools set instead; and how schools reckon."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from starlette.responses import RedirectResponse, Response

from collector import plan_asks
from collector.access import Right
from collector.facts import CLASSES
from collector.planning import gather, sayings
from collector.planning.sayings import Hand
from collector.refresh import policies
from collector.refresh.lines import lines
from collector.refresh.values import Policy, Terms
from collector.store import Transaction, cases
from collector.store import planning as rows
from collector.store.planning import Kind, Said
from collector.web import forms, hands, words
from collector.web.visit import ID_LIMIT, Visit

POLICY, TERMS, UNSET = "plan_policy", "plan_terms", "plan_unset"


@dataclass(frozen=True, slots=True)
class Line:
    """A class as the trust keeps it. `own`: names of the figures that the trust set."""

    device_class: str
    model: str
    policy: Policy
    own: frozenset[str]


@dataclass(frozen=True, slots=True)
class Told:
    """One override as a list shows it: of which school, of what, and each figure in words."""

    said: Said
    school: str
    what: str
    figures: tuple[tuple[str, str], ...]


def page(visit: Visit) -> Response:
    """`GET /plan/policies`."""
    trust_id = visit.site.trust_id
    with visit.reader() as connection:
        members = cases.members(connection, trust_id, visit.schools)
        said = rows.standing(connection, trust_id, Kind.POLICY, visit.schools)
        terms_said = rows.standing(connection, trust_id, Kind.TERMS, visit.schools)
    reckons = gather.terms_of(terms_said)
    maintained = sorted(members[key] for key in gather.maintained_of(terms_said, members))
    known = policies.Policies(gather.overrides([one for one in said if not one.school_id]))
    listed = [_line(known, one) for one in policies.defaults()]
    purposes = (POLICY, TERMS, UNSET)
    tokens = {purpose: forms.token(visit.secret, purpose) for purpose in purposes} if visit.may(Right.EDIT_PLAN) else {}
    return visit.page(
        "plan_policies.html", listed=listed, told=[_told(one, members) for one in said], schools=members,
        fields=plan_asks.POLICY_FIELDS, scopes=plan_asks.SCOPES, classes=CLASSES, categories=lines(), tokens=tokens,
        reckons=reckons, usual=reckons.get("", Terms()),
        maintained=maintained, day_of=date.fromisoformat,
    )  # fmt: skip


def say(visit: Visit) -> Response:
    """`POST /plan/policies`: figures of a policy differ from now on."""
    form = visit.form

    def work(connection: Transaction) -> str:
        scope, named = plan_asks.named(form.get("scope", ""), form.get("named", "") or form.get("class", ""))
        names = {field.name for field in plan_asks.POLICY_FIELDS}
        values = plan_asks.policy({name: said for name, said in form.items() if name in names})
        source = plan_asks.words()(form.get("source", ""))
        return sayings.set_policy(_hand(visit, connection), _school(visit), scope, named, values, source)

    hands.carry_out(visit, POLICY, work)
    return RedirectResponse("/plan/policies#own", 303)


def unset(visit: Visit) -> Response:
    """`POST /plan/policies/unset`: what was set is so no more."""

    def work(connection: Transaction) -> None:
        sayings.end(_hand(visit, connection), Kind.POLICY, visit.form.get("said", "")[:ID_LIMIT])

    hands.carry_out(visit, UNSET, work)
    return RedirectResponse("/plan/policies#own", 303)


def terms(visit: Visit) -> Response:
    """`POST /plan/terms`: when years begin, and how much VAT is added."""

    def work(connection: Transaction) -> str:
        values = plan_asks.read(Kind.TERMS, visit.form)
        hand = _hand(visit, connection)
        return sayings.set_terms(hand, _school(visit), **values)

    hands.carry_out(visit, TERMS, work)
    return RedirectResponse("/plan/policies#terms", 303)


# ------------------------------------------------------------------------------------------------ parts


def _line(known: policies.Policies, one: policies.Default) -> Line:
    found = known.find("", one.device_class, "", one.model)
    return Line(one.device_class, one.model, found.policy, frozenset(found.instead))


def _told(one: Said, schools: dict[str, str]) -> Told:
    labels = {field.name: field.label for field in plan_asks.POLICY_FIELDS}
    figures = tuple(
        (labels.get(name, name), _words(name, value)) for name, value in json.loads(one.values["fields"]).items()
    )
    school = schools.get(one.school_id, one.school_id) if one.school_id else "the trust"
    return Told(one, school, f"{one.values['scope']} {one.values['named']}", figures)


def _words(name: str, value: object) -> str:
    if value is None:
        return "never"
    if not isinstance(value, int | float):
        return str(value)
    if name in ("cost", "upgrade_cost"):
        return words.money(int(value))
    if name in ("inflation", "residual"):
        return f"{value / 100:g} %"
    return f"{value // 2**30:g} GB" if name == "enough_memory" else f"{value:,g}"


def _hand(visit: Visit, connection: Transaction) -> Hand:
    return Hand(connection, visit.site.trust_id, visit.actor, visit.now)


def _school(visit: Visit) -> str:
    return visit.form.get("school", "")[:ID_LIMIT]
