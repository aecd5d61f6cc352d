"""The plan: what every year asks for, by class, school, line of DfE, reason and aim; each number opens to its rows."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from collector import journal, plan_asks
from collector.plan_content import content
from collector.plan_files import forms
from collector.planning import sayings
from collector.planning.sayings import Hand
from collector.planning.shelf import HORIZONS
from collector.refresh import totals
from collector.refresh.lines import Category, line_of, lines
from collector.refresh.totals import Total
from collector.refresh.values import Action, Row
from collector.store import Transaction
from collector.store.planning import Kind
from collector.web import charts, hands, planned, whatifs, words
from collector.web.planned import Seen
from collector.web.visit import ID_LIMIT, Visit
from collector.web.whatifs import Column

SERIES = 7  # classes that the chart tells apart; the table has all of them
PAGE_ROWS = 200
OFFSET_LIMIT = 10_000_000
NO_DEVICE = "lines without a device"
ACTIONS: Mapping[Action, str] = {
    Action.REPLACE: "Replaced", Action.UPGRADE: "Upgraded", Action.EXTEND: "Kept longer", Action.RETIRE: "Let go",
    Action.ADD: "Added", Action.SPEND: "Paid: lines, and what is used up",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """A sum and the address of the rows behind it."""

    total: Total
    link: str


@dataclass(frozen=True, slots=True)
class Group:
    """A line of a table of sums: by year, and over the plan."""

    name: str
    under: str
    cells: tuple[Cell, ...]
    whole: Cell


@dataclass(frozen=True, slots=True)
class Table:
    """Sums of the plan by one thing."""

    key: str
    title: str
    head: str
    groups: tuple[Group, ...]


def page(visit: Visit) -> Response:
    """`GET /plan`."""
    plan = planned.seen(visit, only=("school",))
    with visit.reader() as connection:
        unseen = planned.unseen(visit, connection, plan)
    rows = plan.rows
    tables = [_by_class(plan), *([_by_school(plan)] if len(plan.schools) > 1 and not plan.asked["school"] else [])]
    tables += [_by_line(plan), _by_action(plan), _by_why(plan), *_by_aim(plan)]
    starts = {plan.made.plan.reckoned(key).start_month for key in plan.schools}
    return visit.page(
        "plan.html", plan=plan, whole=planned.whole, span=planned.span, total=plan.total(rows),
        with_vat=plan.with_vat(rows),
        years=[(year, plan.labels[year], plan.total(rows, year)) for year in plan.years],
        tables_of=tables if rows else [], gaps=unseen,
        chart=_chart(plan), exports=forms.FORMS.values(), horizons=HORIZONS,
        mixed=len(starts) > 1, start=min(starts, default=9),
        devices=len({row.row_id for row in rows if row.action not in (Action.ADD, Action.SPEND)}),
    )  # fmt: skip


def rows(visit: Visit) -> Response:
    """`GET /plan/rows`: the rows behind a number, by year, school, class and name."""
    plan, offset = planned.seen(visit, (*planned.NAMES, planned.WHAT)), visit.count("from", 0, OFFSET_LIMIT)
    asked = plan.asked
    plan, column = _chosen(visit, plan) if asked[planned.WHAT] else (plan, None)
    within = planned.fitting(plan.rows, asked, any_year=True)
    found = planned.fitting(within, asked)
    year = asked["year"]
    summed = Total() if year == planned.LATER else plan.total(within, int(year) if year.isdigit() else None)
    with visit.reader() as connection:
        unseen = planned.unseen(visit, connection, plan)
    later = asked.rows(**{"from": offset + PAGE_ROWS}) if len(found) > offset + PAGE_ROWS else ""
    earlier = asked.rows(**{"from": max(0, offset - PAGE_ROWS) or ""}) if offset else ""
    whys = sorted({planned.why(row) for row in plan.rows} - {""})
    return visit.page(
        "plan_rows.html", plan=plan, rows=found[offset : offset + PAGE_ROWS], count=len(found), total=summed,
        whole=planned.whole, why=planned.why, actions=ACTIONS, whys=whys, categories=lines(), line_of=line_of,
        classes=sorted({row.device_class for row in plan.rows if row.device_class}), gaps=unseen, first=offset + 1,
        aims=sorted({row.aim for row in plan.rows if row.aim}), later=later, earlier=earlier, horizons=HORIZONS,
        column=column, plain=asked.rows(what="", year="" if year == planned.UNDONE else year),
    )  # fmt: skip


def _chosen(visit: Visit, plan: Seen) -> tuple[Seen, Column]:
    """The rows as a what-if chooses them within caps: none as long as it is reckoned, or where it cannot be."""
    with visit.reader() as connection:
        found = whatifs.find(visit, connection, plan.made, plan.asked[planned.WHAT])
    side = found.result.within if found.result else None
    rows = () if side is None else side.left if plan.asked["year"] == planned.UNDONE else side.rows
    return replace(plan, rows=planned.of_schools(rows, planned.bound(visit, plan.asked))), found


def export(visit: Visit) -> Response:
    """`GET /plan/export/{form}`: the plan as a file; that it was taken is in the journal."""
    named = str(visit.request.path_params["form"])
    form = forms.FORMS.get("returns" if named == "csv" else named)
    if form is None:
        raise HTTPException(404)
    plan = planned.seen(visit, only=("school",))
    with visit.reader() as connection:
        unseen = planned.unseen(visit, connection, plan)
    chosen = plan.asked["school"]
    schools = frozenset({chosen} - {planned.TRUST}) if chosen else visit.schools
    told = content(
        plan.made.gathered, plan.rows, visit.site.settings.trust_name or "The trust", plan.made.when, schools,
        (f"{gap.sentence}: {len(gap.items) + gap.more:,}" for gap in unseen
         if not gap.sentence.startswith(planned.OUT)),
    )  # fmt: skip
    out = io.BytesIO()
    form.write(out, told)
    detail: dict[str, str | int] = {"form": form.name, "rows": len(plan.rows)}
    detail |= {"school": chosen} if chosen in plan.schools else {}
    visit.site.store.write(
        lambda connection: journal.append(
            connection, visit.site.trust_id, actor=visit.actor, action="plan_exported", detail=detail, now=visit.now
        )
    )
    name = f"plan-{plan.made.plan.first}-{plan.made.plan.last}{form.suffix}"
    return Response(out.getvalue(), media_type=form.media,
                    headers={"Content-Disposition": f'attachment; filename="{name}"'})  # fmt: skip


def decide(visit: Visit) -> Response:
    """`POST /devices/{device_id}/plan`: pin a device or its room, extend or retire it, or let its dates decide."""
    device_id, form = visit.name("device_id"), visit.form
    action, school_id = form.get("action", ""), form.get("school", "")[:ID_LIMIT]
    suite = form.get("suite", "")[: plan_asks.LIMIT]

    def work(connection: Transaction) -> None:
        hand = Hand(connection, visit.site.trust_id, visit.actor, visit.now)
        of_suite = bool(suite) and form.get("of") == "suite"
        if action == "release":
            sayings.release(hand, "" if of_suite else device_id, school_id, suite)
        elif of_suite:
            values = plan_asks.decision(action, form, Kind.SUITE)
            sayings.decide_suite(hand, school_id, values.pop("suite"), values)
        else:
            sayings.decide(hand, device_id, plan_asks.decision(action, form))

    hands.carry_out(visit, planned.DECIDE, work)
    return RedirectResponse(f"/devices/{device_id}#plan", 303)


# ------------------------------------------------------------------------------------------------ sums


def _table(
    plan: Seen, about: tuple[str, str, str], key: Callable[[Row], str], name: Callable[[str], tuple[str, str]],
    link: Callable[[str], dict[str, str]],
) -> Table:  # fmt: skip
    """Sums by what `key` tells of a row, the largest first; what costs nothing and is nothing is left out."""
    first, last = plan.made.plan.first, plan.made.plan.last
    by_year, over = totals.table(plan.rows, key, first, last), totals.by(plan.rows, key, first, last)
    wanted = sorted((one for one in over if over[one].rows), key=lambda one: (-over[one].cost, name(one)))
    groups = tuple(
        Group(
            *name(one),
            tuple(Cell(by_year[one][year], plan.asked.rows(year=year, **link(one))) for year in plan.years),
            Cell(over[one], plan.asked.rows(**link(one))),
        )
        for one in wanted
    )
    return Table(*about, groups)


def _by_class(plan: Seen) -> Table:
    def name(one: str) -> tuple[str, str]:
        return words.sentence_case(words.class_name(one) if one else NO_DEVICE), ""

    about = ("classes", "By class", "Class")
    return _table(plan, about, lambda row: row.device_class, name, _class_link)


def _class_link(one: str) -> dict[str, str]:
    return {"class": one or planned.NO_CLASS}


def _by_school(plan: Seen) -> Table:
    def name(one: str) -> tuple[str, str]:
        return (plan.schools.get(one, one) if one else "The trust itself"), ""

    about = ("schools", "By school", "School")
    return _table(plan, about, lambda row: row.school_id, name, lambda one: {"school": one or planned.TRUST})


def _by_line(plan: Seen) -> Table:
    def name(one: str) -> tuple[str, str]:
        line = lines()[Category(one)]
        capital = f", capital {line.capital}" if line.capital else ""
        return line.name, f"CFR {line.cfr}, BFR revenue {line.revenue}{capital}"

    about = ("lines", "By line of DfE", "Line")
    return _table(plan, about, lambda row: line_of(row.line).category.value, name, lambda one: {"line": one})


def _by_action(plan: Seen) -> Table:
    about = ("actions", "By what is done", "What is done")
    return _table(plan, about, lambda row: row.action.value, lambda one: (ACTIONS[Action(one)], ""),
                  lambda one: {"action": one})  # fmt: skip


def _by_why(plan: Seen) -> Table:
    about = ("why", "By what sets the year", "What sets the year")
    found = _table(plan, about, planned.why, lambda one: (one[:1].upper() + one[1:], ""), lambda one: {"why": one})
    return Table(found.key, found.title, found.head, tuple(group for group in found.groups if group.name))


def _by_aim(plan: Seen) -> Iterable[Table]:
    found = _table(plan, ("aims", "By aim of the development plan", "Aim"), lambda row: row.aim,
                   lambda one: (one, ""), lambda one: {"aim": one})  # fmt: skip
    named = tuple(group for group in found.groups if group.name)
    if named:
        yield Table(found.key, found.title, found.head, named)


def _chart(plan: Seen) -> charts.Chart:
    first, last = plan.made.plan.first, plan.made.plan.last
    by_year = totals.table(plan.rows, lambda row: row.device_class, first, last)
    over = totals.by(plan.rows, lambda row: row.device_class, first, last)
    ranked = sorted((one for one in over if over[one].cost), key=lambda one: (-over[one].cost, one))
    series = [
        charts.Series(
            words.class_name(one) if one else NO_DEVICE,
            tuple(by_year[one][year].cost for year in plan.years),
            tuple(plan.asked.rows(year=year, **_class_link(one)) for year in plan.years),
        )
        for one in ranked[:SERIES]
    ]
    if rest := ranked[SERIES:]:
        series.append(charts.Series("all else", _sums(by_year, rest, plan.years)))
    years = [plan.total(plan.rows, year) for year in plan.years]
    bounds = charts.Bounds(tuple(one.low for one in years), tuple(one.high for one in years))
    return charts.stacked("What each year asks for", list(plan.labels.values()), series, bounds)


def _sums(by_year: Mapping[str, Mapping[int, Total]], names: Sequence[str], years: Iterable[int]) -> tuple[float, ...]:
    return tuple(float(sum(by_year[one][year].cost for one in names)) for year in years)
