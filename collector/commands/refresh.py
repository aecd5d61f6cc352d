"""Commands that say something for refresh plans: policies, terms, money, needs, lines, decisions of devices."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any

from collector import journal, plan_asks, schools
from collector.commands.desk import Desk
from collector.errors import CollectorError
from collector.planning import sayings
from collector.planning.sayings import Hand
from collector.refresh.years import label
from collector.store import Transaction
from collector.store.planning import Kind

ACTOR = "console"
_ADDING: Mapping[Kind, Callable[[Hand, str, Mapping[str, object]], str]] = {
    Kind.FUND: sayings.add_fund, Kind.NEED: sayings.add_need, Kind.LINE: sayings.add_line,
    Kind.BUDGET: sayings.set_budget,
}  # fmt: skip


def set_policy(desk: Desk, scope: str, named: str, fields: Mapping[str, str], school: str, source: str) -> str:
    """Set figures of the policy of a class, model or use."""
    what, name = plan_asks.named(scope, named)
    values = plan_asks.policy(fields)

    def work(hand: Hand) -> str:
        sayings.set_policy(hand, _school(hand, school), what, name, values, plan_asks.words()(source))
        return f"{', '.join(values)} of the {what} {name} differ from now on{_at(school)}"

    return _write(desk, work)


def unset_policy(desk: Desk, scope: str, named: str, school: str) -> str:
    """Go back to the policy that comes with Stocktake, or that the trust set."""
    what, name = plan_asks.named(scope, named)

    def work(hand: Hand) -> str:
        sayings.unset_policy(hand, _school(hand, school), what, name)
        return f"the policy of the {what} {name} is as it comes again{_at(school)}"

    return _write(desk, work)


def set_terms(desk: Desk, written: Mapping[str, str], school: str) -> str:
    """Say when a school's year begins, and how much VAT is added."""
    values = plan_asks.read(Kind.TERMS, written)

    def work(hand: Hand) -> str:
        sayings.set_terms(hand, _school(hand, school), **values)
        begins = "April" if values["start_month"] == 4 else "September"
        form = "maintained: CFR" if values["maintained"] else "academy: BFR"
        return f"years begin on 1 {begins}, {values['vat'] / 100:g} % VAT is added{_at(school)} ({form})"

    return _write(desk, work)


def add(desk: Desk, kind: str, written: Mapping[str, str], school: str) -> str:
    """Add a cap, a fund, a need or a line."""
    what = Kind(kind)
    values = plan_asks.read(what, written)
    made = _write(desk, lambda hand: _ADDING[what](hand, _school(hand, school), values))
    return f"{kind} {made} is in the plan{_at(school)}; to take it back: stocktake-collector plan {kind} remove {made}"


def remove(desk: Desk, kind: str, said: str) -> str:
    """Take a cap, fund, need or line back."""

    def work(hand: Hand) -> str:
        sayings.end(hand, Kind(kind), said)
        return f"{kind} {said} is not in the plan any more"

    return _write(desk, work)


def decide(desk: Desk, action: str, device: str, written: Mapping[str, str], school: str, room: str) -> str:
    """Pin a device or a room to a year, extend or retire it."""
    if bool(device) == bool(room):
        raise CollectorError("name a device, or a room of a school with --room and --school")
    if device:
        values = plan_asks.decision(action, written)
        _write(desk, lambda hand: sayings.decide(hand, device, values))
        return f"{device} is decided: {_decided(action, values)}"
    values = plan_asks.decision(action, {**written, "suite": room}, Kind.SUITE)
    suite = values.pop("suite")
    _write(desk, lambda hand: sayings.decide_suite(hand, _school(hand, school), suite, values))
    return f"room {room}{_at(school)} is decided: {_decided(action, values)}"


def release(desk: Desk, device: str, school: str, room: str) -> str:
    """End what was decided of a device or a room."""
    if bool(device) == bool(room):
        raise CollectorError("name a device, or a room of a school with --room and --school")

    def work(hand: Hand) -> str:
        sayings.release(hand, device, _school(hand, school), room)
        return f"{device or room}: its dates decide again"

    return _write(desk, work)


def bring(desk: Desk, content: str) -> str:
    """Take in a list (base 64) of caps, funds, needs and lines: all of it, or nothing and what is wrong."""
    try:
        said = base64.b64decode(content, validate=True)
    except binascii.Error:
        raise CollectorError("the file did not arrive whole: try again") from None
    asked, troubles = plan_asks.listed(said)

    def work(hand: Hand) -> str:
        wrong = list(troubles)
        for one in asked:
            try:
                _ADDING[one.kind](hand, _school(hand, one.school), one.values)
            except CollectorError as error:
                wrong.append(f"row {one.number}: {error}")
        if wrong:
            raise CollectorError(f"nothing was taken:\n{plan_asks.told(wrong)}")
        if not asked:
            raise CollectorError("the list has no rows below its headings")
        return f"{len(asked)} row{' is' if len(asked) == 1 else 's are'} in the plan"

    return _write(desk, work)


def exported(desk: Desk, form: str, rows: int, school: str) -> str:
    """Note in the journal that a plan was taken as a file."""

    def work(hand: Hand) -> str:
        detail: dict[str, str | int] = {"form": form, "rows": rows}
        detail |= {"school": _school(hand, school)} if school else {}
        journal.append(
            hand.connection, hand.trust_id, actor=hand.actor, action="plan_exported", detail=detail, now=hand.now
        )
        return f"{rows:,} rows of the plan{_at(school)}"

    return _write(desk, work)


# ------------------------------------------------------------------------------------------------ parts


def _write(desk: Desk, work: Callable[[Hand], str]) -> str:
    def write(connection: Transaction) -> str:
        return work(Hand(connection, desk.trust_id, ACTOR, desk.clock()))

    return desk.store.write(write)


def _school(hand: Hand, name: str) -> str:
    """The school that is named; "" where none is: it is of the trust."""
    return schools.named(hand.connection, hand.trust_id, name).school_id if name.strip() else ""


def _decided(action: str, values: Mapping[str, Any]) -> str:
    """What was decided, with its year or day, as it was understood."""
    if values["until"] is not None:
        return f"kept until {values['until']:%d/%m/%Y}"
    done = "let go without replacement" if action == "retire" else "replaced"
    return done if values["year"] is None else f"{done} in {label(values['year'])}"


def _at(school: str) -> str:
    return f" at {school}" if school else ""


COMMANDS: dict[str, Callable[..., str]] = {
    "plan_policy_set": set_policy, "plan_policy_unset": unset_policy, "plan_terms_set": set_terms, "plan_add": add,
    "plan_remove": remove, "plan_decide": decide, "plan_release": release, "plan_import": bring,
    "plan_exported": exported,
}  # fmt: skip
