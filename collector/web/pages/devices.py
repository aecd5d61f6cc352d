"""Rows of the register: of one school or of the whole estate, by class and by what is searched for."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import Response

from collector.access import Right
from collector.facts import CLASSES
from collector.store import coverage, register
from collector.store.register import DeviceRow
from collector.web import hands
from collector.web.unseen import gaps
from collector.web.visit import Visit

PAGE_ROWS = 200
OFFSET_LIMIT = 10_000_000


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of rows with the way to its neighbours. `later` and `earlier` are addresses, empty at the ends."""

    path: str
    rows: list[DeviceRow]
    first: int
    device_class: str
    search: str
    earlier: str
    later: str


def listing(visit: Visit, path: str, school_id: str = "") -> Listing:
    """The rows that the query asks for; one more than is shown is read, to know whether there are more."""
    device_class, search = visit.asked("class"), visit.asked("q")
    offset = visit.count("from", 0, OFFSET_LIMIT)
    if device_class and device_class not in CLASSES:
        raise HTTPException(400, f"There is no class “{device_class}”.")
    with visit.reader() as connection:
        rows = register.devices(
            connection, visit.site.trust_id, school_id=school_id, device_class=device_class, search=search,
            limit=PAGE_ROWS + 1, offset=offset,
        )  # fmt: skip

    def at(position: int) -> str:
        asked = {"class": device_class, "q": search, "from": position or ""}
        return f"{path}?{urlencode({name: value for name, value in asked.items() if value})}"

    earlier = at(max(0, offset - PAGE_ROWS)) if offset else ""
    later = at(offset + PAGE_ROWS) if len(rows) > PAGE_ROWS else ""
    return Listing(path, rows[:PAGE_ROWS], offset + 1, device_class, search, earlier, later)


def page(visit: Visit) -> Response:
    """Devices of the whole estate."""
    with visit.reader() as connection:
        counts = register.class_counts(connection, visit.site.trust_id)
    classes = sorted({device_class for _, device_class in counts})
    return visit.page(
        "devices.html",
        listing=listing(visit, "/devices"),
        classes=classes,
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
        classes=sorted(school.classes), listing=listing(visit, f"/schools/{school_id}", school_id),
        may_record=visit.may(Right.EDIT_RECORDS),
    )  # fmt: skip
