"""Filters of devices as they stand in an address: what pages, API and exports mean by one query, is the same rows."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.exceptions import HTTPException

from collector import london
from collector.facts import CLASSES
from collector.health import ASPECTS
from collector.residency import State
from collector.store import Transaction, conditions, register
from collector.store.rows import DeviceRow
from collector.web.visit import Visit

LIVES = tuple(state.value for state in State)
STATES = ("ok", "warning", "critical", "unknown", "acknowledged")


def filters(visit: Visit) -> dict[str, str]:
    """What a query asks for, checked: `school`, `class`, `life`, `aspect`, `state`, `acknowledged`, `q`, `sort`."""
    names = ("school", "class", "life", "aspect", "state", "acknowledged", "q", "sort")
    asked = {name: visit.asked(name) for name in names}
    if asked["aspect"] and asked["aspect"] not in ASPECTS:
        raise HTTPException(400, f"“{asked['aspect']}” is no aspect of health: {', '.join(ASPECTS)}.")
    if asked["state"] and asked["state"] not in STATES:
        raise HTTPException(400, f"“{asked['state']}” is no state: {', '.join(STATES)}.")
    if asked["acknowledged"] not in ("", "no"):
        raise HTTPException(400, "“acknowledged” is “no”, or is left out.")
    if asked["class"] and asked["class"] not in CLASSES:
        raise HTTPException(400, f"There is no class “{asked['class']}”.")
    if asked["life"] and asked["life"] not in LIVES:
        raise HTTPException(400, f"“{asked['life']}” is not what becomes of a device: {', '.join(LIVES)}.")
    if asked["sort"] and asked["sort"].removeprefix("-") not in register.SORTS:
        raise HTTPException(400, f"Rows are sorted by {', '.join(register.SORTS)}, with - the other way round.")
    return asked


def found(
    connection: Transaction,
    visit: Visit,
    asked: Mapping[str, str],
    limit: int,
    offset: int = 0,
    after: str | None = None,
) -> list[DeviceRow]:
    """The rows that answer to a filter."""
    trust_id, aspect, state = visit.site.trust_id, asked.get("aspect", ""), asked.get("state", "")
    today, unnoticed = london.day_of(visit.now), asked.get("acknowledged") == "no"
    standing = conditions.standing(trust_id, aspect, state, today, unnoticed=unnoticed) if aspect or state else None
    return register.devices(
        connection, trust_id, school_id=asked["school"], device_class=asked["class"], life=asked["life"],
        search=asked["q"], standing=standing, limit=limit, offset=offset, after=after, school_ids=visit.schools,
        sort=asked.get("sort", ""),
    )  # fmt: skip
