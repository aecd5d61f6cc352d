"""Rows of the register: of one school or of the whole estate, by class and by what is searched for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.responses import Response

from collector import london
from collector.access import Right
from collector.facts import CLASSES
from collector.health import ASPECTS
from collector.residency import State
from collector.store import Transaction, conditions, coverage, places, register
from collector.store.register import DeviceRow
from collector.web import hands, marks
from collector.web.unseen import gaps
from collector.web.visit import Visit

PAGE_ROWS = 200
OFFSET_LIMIT = 10_000_000
LIVES = tuple(state.value for state in State)
STATES = ("ok", "warning", "critical", "unknown", "acknowledged")


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

    @property
    def filtered(self) -> bool:
        """Whether somebody asked for less than all."""
        return any(self.asked.values())


def filters(visit: Visit) -> dict[str, str]:
    """What a query asks for, checked: `school`, `class`, `life`, `aspect`, `state`, `q`."""
    asked = {name: visit.asked(name) for name in ("school", "class", "life", "aspect", "state", "q")}
    if asked["aspect"] and asked["aspect"] not in ASPECTS:
        raise HTTPException(400, f"“{asked['aspect']}” is no aspect of health: {', '.join(ASPECTS)}.")
    if asked["state"] and asked["state"] not in STATES:
        raise HTTPException(400, f"“{asked['state']}” is no state: {', '.join(STATES)}.")
    if asked["class"] and asked["class"] not in CLASSES:
        raise HTTPException(400, f"There is no class “{asked['class']}”.")
    if asked["life"] and asked["life"] not in LIVES:
        raise HTTPException(400, f"“{asked['life']}” is not what becomes of a device: {', '.join(LIVES)}.")
    return asked


def found(connection: Transaction, visit: Visit, asked: Mapping[str, str], limit: int, offset: int) -> list[DeviceRow]:
    """The rows that answer to a filter."""
    trust_id, aspect, state = visit.site.trust_id, asked.get("aspect", ""), asked.get("state", "")
    standing = conditions.standing(trust_id, aspect, state, london.day_of(visit.now)) if aspect or state else None
    return register.devices(
        connection, trust_id, school_id=asked["school"], device_class=asked["class"], life=asked["life"],
        search=asked["q"], standing=standing, limit=limit, offset=offset,
    )  # fmt: skip


def listing(visit: Visit, path: str, school_id: str = "") -> Listing:
    """The rows that the query asks for; one more than is shown is read, to know whether there are more."""
    asked = filters(visit) | ({"school": ""} if school_id else {})
    offset = visit.count("from", 0, OFFSET_LIMIT)
    with visit.reader() as connection:
        wanted = asked | ({"school": school_id} if school_id else {})
        rows = found(connection, visit, wanted, PAGE_ROWS + 1, offset)
        differing = marks.differing(connection, visit.site.trust_id, [row.device_id for row in rows[:PAGE_ROWS]])

    def at(position: int) -> str:
        query = {**asked, "from": position or ""}
        return f"{path}?{urlencode({name: value for name, value in query.items() if value})}"

    earlier = at(max(0, offset - PAGE_ROWS)) if offset else ""
    later = at(offset + PAGE_ROWS) if len(rows) > PAGE_ROWS else ""
    return Listing(path, rows[:PAGE_ROWS], offset + 1, asked, differing, earlier, later)


def page(visit: Visit) -> Response:
    """Devices of the whole estate."""
    with visit.reader() as connection:
        counts = register.class_counts(connection, visit.site.trust_id)
        known = places.places(connection, visit.site.trust_id)
    classes = sorted({device_class for _, device_class in counts})
    return visit.page(
        "devices.html",
        listing=listing(visit, "/devices"),
        classes=classes,
        lives=LIVES,
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
        classes=sorted(school.classes), lives=LIVES, schools=(),
        listing=listing(visit, f"/schools/{school_id}", school_id), may_record=visit.may(Right.EDIT_RECORDS),
    )  # fmt: skip
