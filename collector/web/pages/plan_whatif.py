"""What if: the plain rule beside what is chosen within the caps, under other caps, lives and prices, side by side.

What is chosen is reckoned in the background: the page says that it is at it, and a link looks again: a
page that renews itself takes a reader's place away (WCAG 2.2, 2.2.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial

from starlette.responses import RedirectResponse, Response

from collector import plan_asks
from collector.access import Right
from collector.errors import CollectorError
from collector.facts import CLASSES
from collector.planning import sayings
from collector.planning.sayings import Hand
from collector.planning.shelf import HORIZONS
from collector.planning.whatif import Changes, Side, funds_of, open_years
from collector.refresh.jobs import BudgetYear
from collector.refresh.values import Row
from collector.store import Transaction
from collector.store import planning as rows
from collector.store.planning import Kind
from collector.web import forms, hands, planned, whatifs
from collector.web.planned import Seen
from collector.web.visit import ID_LIMIT, Visit
from collector.web.whatifs import Column

SAVE, END = "plan_whatif", "plan_whatif_end"
MOST_SHOWN = 4  # scenarios beside the one that stands
TOLD = 50  # displaced rows of one scenario that are listed


def page(visit: Visit) -> Response:
    """`GET /plan/whatif`."""
    plan = planned.seen(visit, only=())
    with visit.reader() as connection:
        said = rows.standing(connection, visit.site.trust_id, Kind.SCENARIO)
    columns = [whatifs.column(visit, plan.made, one) for one in (None, *said[-MOST_SHOWN:])]
    mine = frozenset(plan.schools) | ({""} if visit.schools is None else frozenset())
    tokens = {purpose: forms.token(visit.secret, purpose) for purpose in (SAVE, END)}
    busy = any(one.result is None and not one.failed for one in columns)
    return visit.page(
        "plan_whatif.html", plan=plan, columns=columns, horizons=HORIZONS,
        tokens=tokens if visit.may(Right.EDIT_PLAN) else {}, classes=CLASSES, whole=planned.whole, busy=busy,
        caps=_caps(plan, mine), more=max(0, len(said) - MOST_SHOWN), actions=_TITLES,
        cost=partial(_cost, mine), undone=partial(_undone, mine), aims=partial(_aims, mine),
        budgets=partial(_budgets, mine), displaced=partial(_displaced, mine), names=plan.schools,
        opened=open_years(plan.made.gathered), words=_words, stands=whatifs.STANDS, behind=partial(_behind, plan),
    )  # fmt: skip


def save(visit: Visit) -> Response:
    """`POST /plan/whatif`: keep a what-if by its name."""
    form = visit.form

    def work(connection: Transaction) -> str:
        name = plan_asks.words(60)(form.get("name", ""))
        if not name or name == whatifs.AS_IT_STANDS:
            raise CollectorError("give the what-if a name of its own")
        hand = Hand(connection, visit.site.trust_id, visit.actor, visit.now)
        return sayings.save_scenario(hand, name, _changes(form).to_json())

    hands.carry_out(visit, SAVE, work)
    return RedirectResponse("/plan/whatif", 303)


def end(visit: Visit) -> Response:
    """`POST /plan/whatif/end`: a what-if is not asked any more."""

    def work(connection: Transaction) -> None:
        hand = Hand(connection, visit.site.trust_id, visit.actor, visit.now)
        sayings.end(hand, Kind.SCENARIO, visit.form.get("said", "")[:ID_LIMIT])

    hands.carry_out(visit, END, work)
    return RedirectResponse("/plan/whatif", 303)


# ------------------------------------------------------------------------------------------------ reading


def _changes(form: Mapping[str, str]) -> Changes:
    """What a form says is otherwise: up to one class with another life or price, and the rest of its fields."""
    device_class = form.get("class", "")
    if device_class and device_class not in CLASSES:
        raise CollectorError("there is no such class")
    life, price = form.get("life", "").strip(), form.get("price", "").strip()
    if (life or price) and not device_class:
        raise CollectorError("say of which class the life or the price is another")
    level = form.get("level", "").strip()
    summer = form.get("summer") == "yes"
    return Changes(
        caps=plan_asks.whole(1, 1_000, "percent")(form.get("caps", "").strip() or "100"),
        lives={device_class: plan_asks.whole(1, 240, "months")(life)} if life else {},
        prices={device_class: plan_asks.percent()(price) // 100} if price else {},
        early=plan_asks.whole(0, 3, "years")(form.get("early", "").strip() or "0"),
        level=plan_asks.whole(100, 500, "percent")(level) if level else None,
        suites=form.get("suites") == "yes",
        one_model=form.get("one_model") == "yes",
        summer=("desktop", "laptop", "switch", "access point", "server", "display") if summer else (),
    )


def _words(changes: Changes) -> str:
    told = [f"caps at {changes.caps} %"] * (changes.caps != 100)
    told += [f"a {name} is kept {months} months" for name, months in changes.lives.items()]
    told += [f"a {name} costs {percent:+} %" for name, percent in changes.prices.items()]
    told += [f"up to {changes.early} years early"] * bool(changes.early)
    told += [f"no year above {changes.level} % of an even one"] * (changes.level is not None)
    told += ["whole rooms together"] * changes.suites + ["one model for each school and class"] * changes.one_model
    told += ["large kit in the summer holidays alone"] * bool(changes.summer)
    return "; ".join(told)


# ------------------------------------------------------------------------------------------------ what is theirs

_TITLES = {"replace": "replaced", "upgrade": "upgraded", "extend": "kept longer", "add": "added", "spend": "paid",
           "retire": "let go"}  # fmt: skip


def _behind(plan: Seen, one: Column, year: object) -> str:
    """The address of the rows behind a sum of what is chosen within caps."""
    return plan.asked.rows(what=one.said_id, year=year)


def _cost(mine: frozenset[str], side: Side, year: int) -> int:
    return sum(pence for (school, of), pence in side.costs.items() if of == year and school in mine)


def _undone(mine: frozenset[str], side: Side) -> tuple[int, int, float]:
    """Devices, pence and risk that are left undone at the schools of whoever asks."""
    left = [one for one in side.undone if one.school_id in mine]
    return sum(one.devices for one in left), sum(one.money for one in left), sum(one.risk for one in left)


def _aims(mine: frozenset[str], side: Side) -> list[tuple[str, int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for (school, aim), (number, pence) in side.aims.items():
        if school in mine:
            before = found.get(aim, (0, 0))
            found[aim] = (before[0] + number, before[1] + pence)
    return [(aim, *told) for aim, told in sorted(found.items())]


def _budgets(mine: frozenset[str], side: Side) -> list[BudgetYear]:
    return [one for one in side.budgets if one.school_id in mine]


def _displaced(mine: frozenset[str], side: Side) -> list[Row]:
    return [row for row in side.displaced if row.school_id in mine][:TOLD]


def _caps(plan: Seen, mine: Iterable[str]) -> dict[int, int]:
    """What the caps of a year come to, at the schools of whoever asks: the trust's, else all of theirs."""
    funds = [one for one in funds_of(plan.made.gathered) if one.school_id in mine]
    whole = [one for one in funds if not one.school_id] or funds
    return {year: sum(one.amount for one in whole if one.year == year) for year in plan.years}
