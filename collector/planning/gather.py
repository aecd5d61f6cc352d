"""Reads the estate of a plan from the store: devices, policies, and all that people said; and what did not enter.

It plans nothing itself: it fills the values that the pure plan takes. It reads the whole trust, as ages that are
assumed follow from all of it; who may see which row is the pages' to know.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from collector import london
from collector.audit import rule_sets
from collector.planning.kit import LASTING_DAYS, WORN, Around, End, day_of, kit, out_by
from collector.planning.wear import NO_WEAR, Wear, wear
from collector.refresh.policies import Override, Policies
from collector.refresh.values import Action, Decision, Estate, Fund, Kit, Need, Spending, Terms
from collector.refresh.years import Years, years_of
from collector.store import Transaction, cases, cover, judged, plan_kit, plan_wear
from collector.store import planning as rows
from collector.store.planning import Kind, Said

PORTS_RULE = "access_ports"


@dataclass(frozen=True, slots=True)
class Budget:
    """How much may be spent in a year, pence without VAT; `carries`: what is left goes on to the next."""

    budget_id: str
    school_id: str
    year: int
    cap: int
    carries: bool


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that a plan is made of. `out`: how many devices did not enter, by rule; `schools`: names of members.

    `maintained`: schools that make the CFR return. `wear`: what is used up. `unjudged`: schools whose ends of support
    and DfE minimums are not known yet.
    """

    estate: Estate
    policies: Policies
    schools: Mapping[str, str]
    budgets: tuple[Budget, ...] = ()
    funds: tuple[Fund, ...] = ()
    out: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    unjudged: tuple[str, ...] = ()
    overrides: tuple[Override, ...] = ()
    maintained: frozenset[str] = frozenset()
    wear: Wear = NO_WEAR


def gather(
    connection: Transaction, trust_id: str, now: datetime, years: int
) -> Gathered:  # fmt: skip
    """Everything of a trust that a plan of some years is made of."""
    today = london.day_of(now)
    members = cases.members(connection, trust_id)
    said = rows.standing(connection, trust_id, Kind.POLICY)
    own = tuple(overrides(said))
    policies = Policies(own)
    reckons = rows.standing(connection, trust_id, Kind.TERMS)
    terms = terms_of(reckons)
    ends, unjudged = _ends(connection, trust_id, members)
    around = Around(
        members,
        frozenset(one.values["named"] for one in said if one.values["scope"] == "use"),
        ends,
        plan_kit.lasting(connection, trust_id, WORN, now - timedelta(days=LASTING_DAYS)),
        _slow_ports(connection, trust_id, members),
        cover.marks_of(connection, trust_id, today),
    )  # fmt: skip
    found, out = _kit(connection, trust_id, around)
    found = _with_batteries(connection, trust_id, _with_memory(connection, trust_id, found, policies))
    estate = Estate(
        today, years_of(terms, "").of(today), years, found,
        tuple(need(one) for one in rows.standing(connection, trust_id, Kind.NEED) if one.school_id in members),
        tuple(spending(one) for one in rows.standing(connection, trust_id, Kind.LINE)
              if one.school_id in ("", *members)),
        (*_of_suites(rows.standing(connection, trust_id, Kind.SUITE), found),
         *(decision(one) for one in rows.standing(connection, trust_id, Kind.DECISION))),
        terms,
    )  # fmt: skip
    return Gathered(
        estate, policies, members,
        tuple(budget(one) for one in rows.standing(connection, trust_id, Kind.BUDGET)),
        tuple(fund(one) for one in rows.standing(connection, trust_id, Kind.FUND)),
        out, unjudged, own, maintained_of(reckons, members), wear(connection, trust_id, found, today),
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------ devices


def _kit(
    connection: Transaction, trust_id: str, around: Around
) -> tuple[tuple[Kit, ...], dict[str, dict[str, int]]]:  # fmt: skip
    found: list[Kit] = []
    out: Counter[tuple[str, str]] = Counter()
    for device_id, cells in plan_kit.cells(connection, trust_id):
        if rule := out_by(cells, around.members):
            out[rule, cells.get("school_id", "")] += 1
        else:
            found.append(kit(device_id, cells, around))
    by_rule: dict[str, dict[str, int]] = {}
    for (rule, school_id), count in out.items():
        by_rule.setdefault(rule, {})[school_id] = count
    return tuple(found), by_rule


def _with_memory(
    connection: Transaction, trust_id: str, found: tuple[Kit, ...], policies: Policies
) -> tuple[Kit, ...]:  # fmt: skip
    """The memory of those whose policy asks for enough of it: to read it of all takes longer than the plan."""
    asked = {one.device_id for one in found if policies.of(one).enough_memory is not None}
    told = plan_kit.memories(connection, trust_id, asked)
    return tuple(
        replace(one, memory_bytes=told[one.device_id]) if one.device_id in told else one for one in found
    )  # fmt: skip


def _with_batteries(connection: Transaction, trust_id: str, found: tuple[Kit, ...]) -> tuple[Kit, ...]:
    """The days of the batteries of UPSs, where these tell them."""
    told = plan_wear.replaced(connection, trust_id, [one.device_id for one in found if one.device_class == "ups"])
    days = {device_id: day for device_id, said in told.items() if (day := day_of(said))}
    return tuple(
        replace(one, battery_on=days[one.device_id]) if one.device_id in days else one for one in found
    ) if days else found  # fmt: skip


def _ends(
    connection: Transaction, trust_id: str, members: Mapping[str, str]
) -> tuple[dict[str, tuple[End, ...]], tuple[str, ...]]:
    """By device what ends of it, from what was found when schools were judged last; and schools that were not."""
    found: dict[str, tuple[End, ...]] = {}
    told = judged.findings(connection, trust_id, [judged.ENDINGS], members)
    for row in told:
        for one in judged.ends(row.findings):
            end = End(one.what, one.title, one.ends)
            for device_id in one.devices:
                found[device_id] = (*found.get(device_id, ()), end)
    known = {row.school_id for row in told}
    return found, tuple(key for key in members if key not in known)


def _slow_ports(connection: Transaction, trust_id: str, members: Mapping[str, str]) -> Mapping[str, tuple[int, float]]:
    """The ports of those switches of which the audit found slow ones: to look at all ports takes too long."""
    sets = (rule_sets.shipped(name) for name in rule_sets.names() if name != rule_sets.OWN)
    asking = {line.asking for rules in sets for line in rules.lines if line.rule.name == PORTS_RULE}
    slow = {
        one.subject_id
        for row in judged.findings(connection, trust_id, asking, members)
        for one in judged.said(row.findings)
        if one.outcome.value == "fail"
    }
    return plan_kit.fastest_port(connection, trust_id, sorted(slow))


# ------------------------------------------------------------------------------------------------ what people said


def overrides(said: Sequence[Said]) -> list[Override]:
    """What trust and schools set instead of the table of policies, figure by figure."""
    found = []
    for one in said:
        of = {"class": "device_class", "model": "model", "use": "use"}[one.values["scope"]]
        for setting, value in json.loads(one.values["fields"]).items():
            known: Any = date.fromisoformat(value) if setting == "cost_on" else value
            where = {of: one.values["named"]}
            found.append(Override(setting, known, one.school_id, **where))
    return found


def terms_of(said: Sequence[Said]) -> dict[str, Terms]:
    """How schools reckon; "" for all others."""
    return {one.school_id: Terms(one.values["start_month"], one.values["vat"]) for one in said}


def maintained_of(said: Sequence[Said], members: Iterable[str]) -> frozenset[str]:
    """The schools that are maintained: they said so, or they said nothing and it was said of all."""
    told = {one.school_id: bool(one.values["maintained"]) for one in said}
    return frozenset(school_id for school_id in members if told.get(school_id, told.get("", False)))


def years_at(connection: Transaction, trust_id: str, school_id: str = "") -> Years:
    """The years of a school, or of the trust."""
    return years_of(terms_of(rows.standing(connection, trust_id, Kind.TERMS)), school_id)


def need(one: Said) -> Need:
    """A need as the plan takes it."""
    v = one.values
    return Need(
        one.said_id, one.school_id, v["what"], v["class"], v["number"], v["start"], v["aim"], v["cost"],
        v["every_months"],
    )  # fmt: skip


def spending(one: Said) -> Spending:
    """A line as the plan takes it."""
    return Spending(line_id=one.said_id, school_id=one.school_id, **one.values)


def decision(one: Said) -> Decision:
    """A decision of a device or suite as the plan takes it."""
    v = one.values
    return Decision(
        Action(v["action"]), v["reason"], v.get("device_id", ""), one.school_id, v.get("suite", ""), v["year"],
        v["until"],
    )  # fmt: skip


def _of_suites(said: Sequence[Said], found: Sequence[Kit]) -> Iterator[Decision]:
    """Decisions of suites, once for each way in which records spell the room."""
    spelt: dict[tuple[str, str], set[str]] = {}
    for device in found if said else ():
        spelt.setdefault((device.school_id, device.suite.casefold()), set()).add(device.suite)
    for one in said:
        decided = decision(one)
        for suite in sorted(spelt.get((one.school_id, decided.suite.casefold()), ())):
            yield replace(decided, suite=suite)


def budget(one: Said) -> Budget:
    """A cap of a year."""
    v = one.values
    return Budget(one.said_id, one.school_id, v["year"], v["cap"], v["carries"])


def fund(one: Said) -> Fund:
    """Money with a last day, as the plan takes it."""
    v = one.values
    return Fund(one.said_id, v["name"], one.school_id, v["amount"], v["year"], v["spend_by"])
