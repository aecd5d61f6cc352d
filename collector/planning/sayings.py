"""What people say for plans: policies, terms, money, needs, lines, decisions, what-ifs; each journaled.

Values come typed and checked one by one (`plan_asks` reads them from forms and files). Here is what only the estate can
tell: whether a school may be changed, whether a device is there, and what takes the place of what was said before.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from collector import journal, tenure
from collector.errors import CollectorError
from collector.store import Transaction, devices, school_lives
from collector.store import planning as rows
from collector.store.planning import Kind, Said

MOST = 20_000  # of one kind that stand at once


@dataclass(frozen=True, slots=True)
class Hand:
    """Who says something, when, and the transaction in which it is kept."""

    connection: Transaction
    trust_id: str
    actor: str
    now: datetime


def set_policy(hand: Hand, school_id: str, scope: str, named: str, fields: Mapping[str, Any], source: str) -> str:
    """Fields of the policy of a class, model or use differ from now on, beside those that differed before."""
    known = _same(hand, Kind.POLICY, school_id, scope=scope, named=named)
    before = json.loads(known.values["fields"]) if known else {}
    merged = {**before, **fields}
    if not merged:
        raise CollectorError("say which fields of the policy differ, such as life or cost")
    values = {"scope": scope, "named": named, "fields": json.dumps(merged, sort_keys=True), "source": source}
    made = _say(hand, Kind.POLICY, values, school_id, known)
    _note(hand, "plan_policy_set", policy=made, **_school(school_id))
    return made


def unset_policy(hand: Hand, school_id: str, scope: str, named: str) -> None:
    """Go back to the policy that holds without what a school or the trust said. CollectorError where nothing was."""
    known = _same(hand, Kind.POLICY, school_id, scope=scope, named=named)
    if known is None:
        raise CollectorError(f"nothing was said there of the {scope} “{named}”: it is as it comes already")
    end(hand, Kind.POLICY, known.said_id)


def set_terms(hand: Hand, school_id: str, start_month: int, vat: int, *, maintained: bool = False) -> str:
    """A school, or all that say nothing of their own, reckons so from now on. `maintained`: it makes the CFR return."""
    values = {"start_month": start_month, "vat": vat, "maintained": maintained}
    made = _say(hand, Kind.TERMS, values, school_id, _same(hand, Kind.TERMS, school_id))
    _note(hand, "plan_terms_set", terms=made, **_school(school_id))
    return made


def set_budget(hand: Hand, school_id: str, values: Mapping[str, Any]) -> str:
    """How much may be spent in a year, in place of what was said of that year before."""
    known = _same(hand, Kind.BUDGET, school_id, year=values["year"])
    made = _say(hand, Kind.BUDGET, values, school_id, known)
    _note(hand, "plan_budget_set", budget=made, **_school(school_id))
    return made


def add_fund(hand: Hand, school_id: str, values: Mapping[str, Any]) -> str:
    """Money with a last day."""
    made = _say(hand, Kind.FUND, values, school_id)
    _note(hand, "plan_fund_added", fund=made, **_school(school_id))
    return made


def add_need(hand: Hand, school_id: str, values: Mapping[str, Any]) -> str:
    """What a school asks for beside what it has."""
    if not school_id:
        raise CollectorError("say which school needs it: a need is of one school")
    made = _say(hand, Kind.NEED, values, school_id)
    _note(hand, "plan_need_added", need=made, **_school(school_id))
    return made


def add_line(hand: Hand, school_id: str, values: Mapping[str, Any]) -> str:
    """A line without a device."""
    if values.get("ends") and values["ends"] < values["starts"]:
        raise CollectorError("the line ends before it starts: say both days again")
    made = _say(hand, Kind.LINE, values, school_id)
    _note(hand, "plan_line_added", line=made, **_school(school_id))
    return made


def decide(hand: Hand, device_id: str, values: Mapping[str, Any]) -> str:
    """Pin a device to a year, extend or retire it, in place of what was decided before."""
    device_id = devices.surviving(hand.connection, hand.trust_id, device_id)
    if device_id not in school_lives.schools_of(hand.connection, hand.trust_id, [device_id]):
        raise CollectorError(f"there is no device {device_id!r}")
    tenure.require_devices(hand.connection, hand.trust_id, [device_id])
    known = next((one for one in decisions(hand) if one.values["device_id"] == device_id), None)
    made = _say(hand, Kind.DECISION, {**values, "device_id": device_id}, "", known)
    _note(hand, "plan_decided", decision=made, device=device_id)
    return made


def decisions(hand: Hand) -> list[Said]:
    """Decisions of devices that stand."""
    return rows.standing(hand.connection, hand.trust_id, Kind.DECISION)


def decide_suite(hand: Hand, school_id: str, suite: str, values: Mapping[str, Any]) -> str:
    """The same of everything in a room of a school."""
    if not school_id:
        raise CollectorError("say at which school the suite is")
    known = _same(hand, Kind.SUITE, school_id, suite=suite)
    made = _say(hand, Kind.SUITE, {**values, "suite": suite}, school_id, known)
    _note(hand, "plan_suite_decided", decision=made, **_school(school_id))
    return made


def release(hand: Hand, device_id: str = "", school_id: str = "", suite: str = "") -> None:
    """End what was decided of a device or suite: its dates decide again. CollectorError where nothing was."""
    if device_id:
        device_id = devices.surviving(hand.connection, hand.trust_id, device_id)
        known = next((one for one in decisions(hand) if one.values["device_id"] == device_id), None)
        kind = Kind.DECISION
    else:
        known, kind = _same(hand, Kind.SUITE, school_id, suite=suite), Kind.SUITE
    if known is None:
        raise CollectorError("nothing was decided there: its dates decide already")
    end(hand, kind, known.said_id)


def save_scenario(hand: Hand, name: str, changes: Mapping[str, Any]) -> str:
    """Keep a what-if by its name, in place of the one that had it."""
    known = next((one for one in _standing(hand, Kind.SCENARIO) if one.values["name"] == name), None)
    values = {"name": name, "changes": json.dumps(changes, sort_keys=True)}
    made = _say(hand, Kind.SCENARIO, values, "", known)
    _note(hand, "plan_scenario_saved", scenario=made)
    return made


def end(hand: Hand, kind: Kind, said_id: str) -> None:
    """End something that stands; it was so until now. CollectorError where there is none."""
    known = rows.get(hand.connection, hand.trust_id, kind, said_id)
    if known is None or not rows.end(hand.connection, hand.trust_id, kind, said_id, actor=hand.actor, now=hand.now):
        raise CollectorError(
            f"there is no {kind.value} {said_id!r} in the plan: it was never said, or was taken back already"
        )
    _note(hand, "plan_taken_back", kind=kind.value, said=said_id, **_school(known.school_id))


# ------------------------------------------------------------------------------------------------ parts


def _say(hand: Hand, kind: Kind, values: Mapping[str, Any], school_id: str, known: Said | None = None) -> str:
    if school_id:
        tenure.require(hand.connection, hand.trust_id, school_id)
    if known is not None:
        rows.end(hand.connection, hand.trust_id, kind, known.said_id, actor=hand.actor, now=hand.now)
    elif rows.count(hand.connection, hand.trust_id, kind) >= MOST:
        raise CollectorError(f"{MOST:,} of these stand already: take some back first")
    return rows.add(hand.connection, hand.trust_id, kind, values, school_id=school_id, actor=hand.actor, now=hand.now)


def _standing(hand: Hand, kind: Kind, **wanted: object) -> list[Said]:
    return rows.standing(hand.connection, hand.trust_id, kind, None, wanted)


def _same(hand: Hand, kind: Kind, school_id: str, **wanted: object) -> Said | None:
    return next(iter(_standing(hand, kind, school_id=school_id, **wanted)), None)


def _school(school_id: str) -> dict[str, str]:
    return {"school": school_id} if school_id else {}


def _note(hand: Hand, action: str, **detail: str) -> None:
    journal.append(hand.connection, hand.trust_id, actor=hand.actor, action=action, detail=detail, now=hand.now)
