"""Rows of the register: of one school or of the whole estate, by class and by what is searched for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import Response

from collector import london
from collector.access import Right
from collector.health import BAD
from collector.store import Transaction, conditions, coverage, places, register
from collector.store.conditions import ConditionRow
from collector.store.register import DeviceRow
from collector.web import filtering, hands, marks
from collector.web.unseen import gaps
from collector.web.visit import Visit

PAGE_ROWS = 200
OFFSET_LIMIT = 10_000_000


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of rows with the way to its neighbours. `later` and `earlier` are addresses, empty at the ends.

    `asked`: what the rows are filtered by, as a query says it; `differing`: by device the fields of which its records
    say otherwise than it does.
    """

    path: str
    rows: list[DeviceRow]
    first: int
    asked: Mapping[str, str]
    differing: Mapping[str, tuple[str, ...]]
    earlier: str
    later: str
    ailing: Mapping[str, tuple[ConditionRow, ...]] = field(default_factory=dict)

    @property
    def filtered(self) -> bool:
        """Whether somebody asked for less than all."""
        return any(value for name, value in self.asked.items() if name != "sort")

    def sorted_by(self, column: str) -> str:
        """The address of the same rows by a column, or the other way round where they are by it already."""
        sort = f"-{column}" if self.asked["sort"] == column else column
        return f"{self.path}?{urlencode({n: v for n, v in {**self.asked, 'sort': sort}.items() if v})}"

    def sort_of(self, column: str) -> str:
        """How the rows are sorted by a column, as `aria-sort` has it; "" where they are not."""
        if self.asked["sort"].removeprefix("-") != column:
            return ""
        return "descending" if self.asked["sort"].startswith("-") else "ascending"


def listing(visit: Visit, path: str, school_id: str = "") -> Listing:
    """The rows that the query asks for; one more than is shown is read, to know whether there are more."""
    asked = filtering.filters(visit) | ({"school": ""} if school_id else {})
    offset = visit.count("from", 0, OFFSET_LIMIT)
    with visit.reader() as connection:
        wanted = asked | ({"school": school_id} if school_id else {})
        rows = filtering.found(connection, visit, wanted, PAGE_ROWS + 1, offset)
        shown = [row.device_id for row in rows[:PAGE_ROWS]]
        differing = marks.differing(connection, visit.site.trust_id, shown)
        ailing = _ailing(connection, visit, asked, shown)

    def at(position: int) -> str:
        query = {**asked, "from": position or ""}
        return f"{path}?{urlencode({name: value for name, value in query.items() if value})}"

    earlier = at(max(0, offset - PAGE_ROWS)) if offset else ""
    later = at(offset + PAGE_ROWS) if len(rows) > PAGE_ROWS else ""
    return Listing(path, rows[:PAGE_ROWS], offset + 1, asked, differing, earlier, later, ailing)


def _ailing(
    connection: Transaction, visit: Visit, asked: Mapping[str, str], device_ids: list[str]
) -> dict[str, tuple[ConditionRow, ...]]:
    """What is wrong with some devices, or how their aspect is that was asked for; nothing where health was not."""
    if not asked["aspect"] and not asked["state"]:
        return {}
    found = conditions.of_devices(connection, visit.site.trust_id, device_ids, london.day_of(visit.now))
    return {
        device_id: tuple(
            row for row in rows
            if not row.component and (row.aspect == asked["aspect"] or (not asked["aspect"] and row.state in BAD))
        )
        for device_id, rows in found.items()
    }  # fmt: skip


def page(visit: Visit) -> Response:
    """Devices of the whole estate."""
    with visit.reader() as connection:
        counts = register.class_counts(connection, visit.site.trust_id, visit.schools)
        known = places.places(connection, visit.site.trust_id, visit.schools)
    classes = sorted({device_class for _, device_class in counts})
    return visit.page(
        "devices.html",
        listing=listing(visit, "/devices"),
        classes=classes,
        lives=filtering.LIVES,
        schools=sorted({(place.school_name, place.school_id) for place in known}),
        total=sum(counts.values()),
        may_record=visit.may(Right.EDIT_RECORDS),
    )


def school_page(visit: Visit) -> Response:
    """One school: its devices, its agents, and what could not be seen there."""
    school_id = visit.name("school_id")
    with visit.reader() as connection:
        school = register.school(connection, visit.site.trust_id, school_id)
        agents = register.agents(connection, visit.site.trust_id, school_id=school_id)
        covered = coverage.coverage(connection, visit.site.trust_id)
        hand = hands.offered(visit, connection, school_id, agents)
    if school is None:
        raise HTTPException(404)
    return visit.page(
        "school.html", school=school, agents=agents, gaps=gaps([school], agents, visit.now, covered), hand=hand,
        classes=sorted(school.classes), lives=filtering.LIVES, schools=(),
        listing=listing(visit, f"/schools/{school_id}", school_id), may_record=visit.may(Right.EDIT_RECORDS),
    )  # fmt: skip
