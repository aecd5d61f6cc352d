"""One device: the register's row, its components, and every statement with the evidence behind it."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from collector import cover_lists, london
from collector.cover import Cover
from collector.store import Transaction, register
from collector.web import amends, cabling, hands, parts, planned, recording, story, wellness
from collector.web.visit import Visit


def page(visit: Visit) -> Response:
    """Everything of one device; the address of an alias leads to the device that it became."""
    device_id = visit.name("device_id")
    with visit.reader() as connection:
        detail = register.device(connection, visit.site.trust_id, device_id, visit.schools)
        hand = _hand(visit, connection, detail.row.school_id) if detail else None
        cables = cabling.of_device(connection, visit.site.trust_id, detail) if detail else None
        recorded = recording.section(visit, connection, detail.row.device_id) if detail else None
        well = wellness.brief(visit, connection, detail.row.device_id) if detail else None
        place = planned.of_device(visit, connection, detail.row.device_id) if detail else None
        cover = _cover(visit, connection, detail.row.device_id) if detail else None
        became = story.became(visit, connection, detail.row.device_id) if detail else {}
    if detail is None:
        raise HTTPException(404)
    if detail.row.device_id != device_id:
        return RedirectResponse(f"/devices/{detail.row.device_id}", 307)
    shown = detail.facts[: parts.FACTS_LIMIT]
    return visit.page(
        "device.html", detail=detail, row=detail.row, title=parts.title(detail.row), hand=hand, cabling=cables,
        recorded=recorded, correcting=amends.offered(visit, detail), wellness=well, place=place,
        cover=cover,
        **became,
        lines=parts.register_lines(detail), also=parts.also_known(detail), part_tables=parts.part_tables(detail.facts),
        groups=parts.fact_groups(shown), more=len(detail.facts) - len(shown), **story.age(detail, visit.now.date()),
    )  # fmt: skip


def _cover(visit: Visit, connection: Transaction, device_id: str) -> Cover | None:
    return cover_lists.of_device(connection, visit.site.trust_id, device_id, london.day_of(visit.now), visit.schools)


def _hand(visit: Visit, connection: Transaction, school_id: str) -> hands.Hand | None:
    agents = register.agents(connection, visit.site.trust_id, school_id=school_id)
    return hands.offered(visit, connection, school_id, agents)
