"""What pages of plans share: the plan as whoever asks may see it, filters in an address, sums, and one device's place.

A number of a page and the list behind it come from the same rows by the same filter, so they cannot differ.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from starlette.exceptions import HTTPException

from collector import london
from collector.access import Right
from collector.facts import CLASSES
from collector.planning import kit, shelf
from collector.planning.shelf import Made
from collector.refresh import consumables, totals
from collector.refresh.lines import Category, line_of
from collector.refresh.totals import Total
from collector.refresh.values import Action, Kit, Row, Why
from collector.refresh.years import label
from collector.store import Transaction, coverage, register, sheet
from collector.store import planning as rows_of
from collector.store.planning import Kind, Said
from collector.web import forms
from collector.web.unseen import Gap, Item, gaps
from collector.web.visit import ID_LIMIT, Visit

LATER = "later"  # after the planned years
UNDONE = "undone"  # in none of them for want of money; of a what-if
WHAT = "what"  # a what-if, whose choice within caps is asked for instead of the plain rule
TRUST = "-"  # the trust itself, where a school is asked for
NO_CLASS = "-"  # lines without a device, where a class is asked for
NAMES = ("school", "class", "year", "action", "why", "line", "aim", "assumed")
DECIDE = "plan_decide"
OUT = "In no plan"  # how a gap of devices that are in none begins
PATIENT = timedelta(hours=1)  # for which a device's page takes what is known of devices for granted


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for, checked; "" where it asks for all of them. `years`: how many are planned."""

    years: int
    values: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    def query(self, **more: object) -> str:
        """The query of the same, or of something else of it."""
        given = {"years": self.years if self.years != shelf.HORIZONS[0] else "", **self.values, **more}
        return urlencode({name: value for name, value in given.items() if value not in ("", None)})

    def rows(self, **more: object) -> str:
        """The address of the rows behind a number."""
        query = self.query(**more)
        return f"/plan/rows?{query}" if query else "/plan/rows"


@dataclass(frozen=True, slots=True)
class Seen:
    """A plan as somebody sees it: the rows of their schools, or of the one that they ask for."""

    made: Made
    asked: Asked
    schools: Mapping[str, str]
    rows: tuple[Row, ...]

    @property
    def years(self) -> range:
        """The planned years."""
        return range(self.made.plan.first, self.made.plan.last + 1)

    @property
    def labels(self) -> dict[int, str]:
        """Years as people say them."""
        return {year: label(year) for year in self.years}

    def total(self, rows: Iterable[Row], year: int | None = None) -> Total:
        """The sum of rows over the plan, or of a year."""
        plan = self.made.plan
        return totals.total(rows, plan.first if year is None else year, plan.last if year is None else year)

    def by_year(self, rows: Iterable[Row]) -> dict[int, Total]:
        """The sum of each year."""
        return totals.by_year(rows, self.made.plan.first, self.made.plan.last)

    def with_vat(self, rows: Iterable[Row]) -> int:
        """What the planned years cost with the VAT that each school pays."""
        terms, usual = self.made.plan.terms, self.made.plan.terms.get("")
        found = 0
        for row in rows:
            own = terms.get(row.school_id) or usual
            if row.year is not None and row.year in self.years:
                found += row.cost + (row.cost * (own.vat if own else 0) + 5_000) // 10_000
        return found


def asked(visit: Visit, only: Collection[str] = NAMES) -> Asked:
    """What an address asks for; 400 with a sentence where it is none of that, 404 where it is not theirs to see.

    `only`: what a page heeds of it.
    """
    given = {name: visit.asked(name) if name in only else "" for name in (*NAMES, WHAT)}
    years = visit.count("years", shelf.HORIZONS[0], 10)
    if years not in shelf.HORIZONS:
        raise HTTPException(400, "A plan is of 3 or 5 years.")
    given["school"] = given["school"][:ID_LIMIT]
    if given["school"] and not (visit.schools is None if given["school"] == TRUST else visit.sees(given["school"])):
        raise HTTPException(404)
    year = given["year"]
    given[WHAT] = given[WHAT][:ID_LIMIT]
    known_years = (LATER, UNDONE) if given[WHAT] else (LATER,)
    if year and year not in known_years and not (year.isascii() and year.isdigit() and len(year) == 4):
        raise HTTPException(400, f"“{year}” is no year: write the one in which it begins, or {LATER}.")
    known = {"class": (NO_CLASS, *CLASSES, *consumables.PARTS), "action": tuple(Action), "why": tuple(Why),
             "line": tuple(Category), "assumed": ("yes", "no")}  # fmt: skip
    for name, words in known.items():
        if given[name] and given[name] not in words:
            raise HTTPException(400, f"“{given[name]}” is no {name} of a plan: {', '.join(words)}.")
    return Asked(years, given)


def seen(visit: Visit, only: Collection[str] = NAMES) -> Seen:
    """The plan as whoever asks may see it."""
    wanted = asked(visit, only)
    made = shelf.plans.take(visit.site.store, visit.site.trust_id, visit.now, wanted.years)
    schools = {key: name for key, name in made.gathered.schools.items() if visit.sees(key)}
    return Seen(made, wanted, schools, of_schools(made.plan.rows, bound(visit, wanted)))


def bound(visit: Visit, wanted: Asked) -> frozenset[str] | None:
    """The schools whose rows are asked for, of those that may be seen; None: the trust and all of its schools."""
    return frozenset({wanted["school"].removeprefix(TRUST)}) if wanted["school"] else visit.schools


def of_schools(rows: tuple[Row, ...], schools: frozenset[str] | None) -> tuple[Row, ...]:
    """The rows of some schools, and of the trust itself for who sees all of it."""
    return rows if schools is None else tuple(row for row in rows if row.school_id in schools)


def fitting(rows: Iterable[Row], wanted: Asked, *, any_year: bool = False) -> list[Row]:
    """The rows that a filter asks for; `any_year`: of whatever year."""
    v = wanted.values
    assumed = {"yes": True, "no": False}.get(v["assumed"])
    return [
        row
        for row in rows
        if (not v["class"] or row.device_class == v["class"].removeprefix(NO_CLASS))
        and (not v["action"] or row.action.value == v["action"])
        and (not v["why"] or why(row) == v["why"])
        and (not v["line"] or line_of(row.line).category.value == v["line"])
        and (not v["aim"] or row.aim == v["aim"])
        and (assumed is None or row.assumed is assumed)
        and (any_year or _of_year(row, v["year"]))
    ]


def _of_year(row: Row, year: str) -> bool:
    if year in ("", UNDONE):
        return True
    return row.year is None if year == LATER else row.year == int(year)


def why(row: Row) -> str:
    """What set the year of a row; "" of needs and lines."""
    return row.due[0].why.value if row.due else ""


def whole(pence: int) -> str:
    """Pence as whole pounds, as a plan is read."""
    return f"£{(pence + 50) // 100:,}"


def span(total: Total) -> str:
    """From its low to its high end, where whole pounds tell them apart."""
    low, high = whole(total.low), whole(total.high)
    return low if low == high else f"{low} to {high}"


# ------------------------------------------------------------------------------------------------ what was not seen


def unseen(visit: Visit, connection: Transaction, plan: Seen) -> list[Gap]:
    """What could not be seen at the schools that a page is about, and what of the register is in no plan."""
    members = frozenset({plan.asked["school"]} if plan.asked["school"] else plan.schools)
    trust_id = visit.site.trust_id
    found = gaps(
        register.schools(connection, trust_id, members), register.agents(connection, trust_id, school_ids=members),
        visit.now, coverage.coverage(connection, trust_id, members),
    )  # fmt: skip
    unjudged = tuple(Item(plan.schools[key], key) for key in plan.made.gathered.unjudged if key in members)
    if unjudged:
        said = "Not judged yet, so no end of support and no DfE minimum is among its dates: come back in a few minutes"
        found.insert(0, Gap(said, unjudged))
    for rule in kit.OUT:
        counts = plan.made.gathered.out.get(rule, {})
        items = tuple(
            Item(plan.schools[key], key, f"{count:,}") for key, count in sorted(counts.items()) if key in members
        )
        if items:
            found.append(Gap(f"{OUT}, by rule: {rule}", items))
    return found


# ------------------------------------------------------------------------------------------------ one device


@dataclass(frozen=True, slots=True)
class Place:
    """A device in the plan. `suite`: what was decided of its room; `kit`: as the plan sees it, None: it is in none.

    `being_made`: there is no plan yet; `made`: when it was.
    """

    rows: tuple[Row, ...]
    decided: Said | None
    suite: Said | None
    labels: Mapping[int, str]
    token: str
    suggested: int
    kit: Kit | None = None
    room: str = ""
    being_made: bool = False
    made: datetime | None = None


def of_device(visit: Visit, connection: Transaction, device_id: str) -> Place:
    """The place of a device in the plan of five years, and what a person may decide of it."""
    trust_id = visit.site.trust_id
    made = shelf.plans.soon(visit.site.store, trust_id, visit.now, shelf.HORIZONS[-1], PATIENT)
    if made is None:
        return Place((), None, None, {}, "", 0, being_made=True)
    found = tuple(row for row in made.plan.rows if row.row_id == device_id)
    decisions = rows_of.standing(connection, trust_id, Kind.DECISION)
    suites = rows_of.standing(connection, trust_id, Kind.SUITE)
    room = {(row.school_id, row.suite.casefold()) for row in found if row.suite}
    plan = made.plan
    return Place(
        found,
        next((one for one in decisions if one.values["device_id"] == device_id), None),
        next((one for one in suites if (one.school_id, one.values["suite"].casefold()) in room), None),
        {year: label(year) for year in range(plan.first, plan.last + 1)},
        forms.token(visit.secret, DECIDE) if visit.may(Right.EDIT_PLAN) else "",
        london.day_of(visit.now).year + 1,
        next((one for one in made.gathered.estate.kit if one.device_id == device_id), None),
        _room(visit, connection, device_id),
        made=made.when,
    )


def _room(visit: Visit, connection: Transaction, device_id: str) -> str:
    """The room that its record says now: a plan may be some minutes old."""
    _, found = sheet.page(
        connection, visit.site.trust_id, visit.now, sheet.Wanted(device_ids=frozenset((device_id,))), limit=1
    )
    return " ".join(found[0].cells.get("room", "").split()) if found else ""
