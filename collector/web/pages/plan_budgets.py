"""Money and wishes of plans: caps, funds with their last day, needs beside what is there, lines without a device."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from collector import london, plan_asks
from collector.access import Right
from collector.facts import CLASSES
from collector.planning import gather, sayings
from collector.planning.sayings import Hand
from collector.refresh.lines import line_of, lines
from collector.refresh.years import label
from collector.store import Transaction, cases
from collector.store import planning as rows
from collector.store.planning import Kind, Said
from collector.web import forms, hands, words
from collector.web.visit import ID_LIMIT, Visit

SAY, END = "plan_say", "plan_end"
SOON_DAYS = 120  # before a spend-by date in which it stands out
Adding = Callable[[Hand, str, Mapping[str, Any]], str]
#: what can be said here: the kind, what a heading calls it, what it means that there is none, and who keeps it
KINDS: Mapping[Kind, tuple[str, str, str, Adding]] = {
    Kind.BUDGET: ("Caps", "Say a cap", "No cap: nothing limits what a year may cost.", sayings.set_budget),
    Kind.FUND: ("Funds with a last day", "Add a fund", "No fund that has to be spent by a day.", sayings.add_fund),
    Kind.NEED: ("Needs beside what is there", "Add a need", "No need: the plan replaces, and adds nothing.",
                sayings.add_need),
    Kind.LINE: ("Lines without a device", "Add a line", "No licence, broadband, support or lease is planned.",
                sayings.add_line),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One kind on the page: its heading, its columns, and what stands with each cell in words."""

    kind: Kind
    title: str
    act: str
    none: str
    fields: tuple[plan_asks.Field, ...]
    listed: tuple[tuple[Said, str, tuple[str, ...]], ...]


def page(visit: Visit) -> Response:
    """`GET /plan/budgets`."""
    trust_id, today = visit.site.trust_id, london.day_of(visit.now)
    with visit.reader() as connection:
        schools = cases.members(connection, trust_id, visit.schools)
        said = {kind: rows.standing(connection, trust_id, kind, visit.schools) for kind in KINDS}
        this = gather.years_at(connection, trust_id).of(today)
    parts = [_part(kind, said[kind], schools) for kind in KINDS]
    tokens = {purpose: forms.token(visit.secret, purpose) for purpose in (SAY, END)}
    lapsing = sorted(
        (one.values["spend_by"], one) for one in said[Kind.FUND]
        if one.values["spend_by"] and (one.values["spend_by"] - today).days <= SOON_DAYS
    )  # fmt: skip
    return visit.page(
        "plan_budgets.html", parts=parts, schools=schools, classes=CLASSES, categories=lines(), today=today,
        tokens=tokens if visit.may(Right.EDIT_PLAN) else {}, this=label(this), next=label(this + 1), lapsing=lapsing,
    )  # fmt: skip


def say(visit: Visit) -> Response:
    """`POST /plan/budgets`: a cap, fund, need or line."""
    kind = _kind(visit)

    def work(connection: Transaction) -> str:
        values = plan_asks.read(kind, visit.form)
        hand = Hand(connection, visit.site.trust_id, visit.actor, visit.now)
        return KINDS[kind][-1](hand, visit.form.get("school", "")[:ID_LIMIT], values)

    hands.carry_out(visit, SAY, work)
    return RedirectResponse(f"/plan/budgets#{kind}", 303)


def end(visit: Visit) -> Response:
    """`POST /plan/budgets/end`: it is so no more."""
    kind = _kind(visit)

    def work(connection: Transaction) -> None:
        hand = Hand(connection, visit.site.trust_id, visit.actor, visit.now)
        sayings.end(hand, kind, visit.form.get("said", "")[:ID_LIMIT])

    hands.carry_out(visit, END, work)
    return RedirectResponse(f"/plan/budgets#{kind}", 303)


# ------------------------------------------------------------------------------------------------ parts


def _kind(visit: Visit) -> Kind:
    said = visit.form.get("kind", "")
    if said not in {kind.value for kind in KINDS}:
        raise HTTPException(400, "Say what it is: a cap, a fund, a need or a line.")
    return Kind(said)


def _part(kind: Kind, said: list[Said], schools: Mapping[str, str]) -> Part:
    title, act, none, _ = KINDS[kind]
    fields = plan_asks.FIELDS[kind]
    listed = tuple(
        (one, schools.get(one.school_id, one.school_id) if one.school_id else "the trust",
         tuple(_words(field, one.values[field.name]) for field in fields))
        for one in sorted(said, key=lambda one: one.values.get("year") or 0)  # a stable sort: by school within a year
    )  # fmt: skip
    return Part(kind, title, act, none, fields, listed)


def _words(field: plan_asks.Field, value: Any) -> str:
    """A value as the list says it; "" where nothing was said."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return words.day(value)
    match field.name:
        case "cap" | "amount" | "cost":
            return words.money(value)
        case "year":
            return label(value)
        case "inflation":
            return f"{value / 100:g} %"
        case "line":
            return line_of(value).name
    return f"{value:,}" if isinstance(value, int) else str(value)
