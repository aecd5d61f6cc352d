"""One device: the register's row, its components, and every statement with the evidence behind it."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from collector import lives
from collector.age import support
from collector.store import Transaction, places, register
from collector.store.register import DeviceDetail
from collector.web import amends, cabling, hands, parts, recording, timeline
from collector.web.visit import Visit


def page(visit: Visit) -> Response:
    """Everything of one device; the address of an alias leads to the device that it became."""
    device_id = visit.name("device_id")
    with visit.reader() as connection:
        detail = register.device(connection, visit.site.trust_id, device_id)
        hand = _hand(visit, connection, detail.row.school_id) if detail else None
        cables = cabling.of_device(connection, visit.site.trust_id, detail) if detail else None
        recorded = recording.section(visit, connection, detail.row.device_id) if detail else None
        became = _became(visit, connection, detail.row.device_id) if detail else {}
    if detail is None:
        raise HTTPException(404)
    if detail.row.device_id != device_id:
        return RedirectResponse(f"/devices/{detail.row.device_id}", 307)
    shown = detail.facts[: parts.FACTS_LIMIT]
    return visit.page(
        "device.html", detail=detail, row=detail.row, title=parts.title(detail.row), hand=hand, cabling=cables,
        recorded=recorded, correcting=amends.offered(visit, detail), **became,
        lines=parts.register_lines(detail), also=parts.also_known(detail), part_tables=parts.part_tables(detail.facts),
        groups=parts.fact_groups(shown), more=len(detail.facts) - len(shown), **_age(detail, visit.now.date()),
    )  # fmt: skip


def _hand(visit: Visit, connection: Transaction, school_id: str) -> hands.Hand | None:
    agents = register.agents(connection, visit.site.trust_id, school_id=school_id)
    return hands.offered(visit, connection, school_id, agents)


def _became(visit: Visit, connection: Transaction, device_id: str) -> dict[str, Any]:
    """What became of it, and where it lived: site, since when, until when."""
    trust_id = visit.site.trust_id
    names = {place.site_id: place for place in places.places(connection, trust_id)}
    stays = [(names.get(stay.site_id), stay) for stay in lives.stays(connection, trust_id, device_id)]
    return {"life": lives.explain(connection, trust_id, device_id, visit.now), "stays": stays}


def _age(detail: DeviceDetail, today: date) -> dict[str, Any]:
    """What the page says of age and support; the oldest parts first."""
    found = detail.assessment
    if found is None:
        return {"age": None, "bought": None, "part_ages": (), "support": (), "readiness": None}
    of_parts = sorted(found.parts.items(), key=lambda item: (item[1].best or today, item[0]))
    return {
        "age": timeline.draw(found.estimate, today),
        "bought": found.bought,
        "part_ages": [(name, timeline.draw(part, today)) for name, part in of_parts if part.earliest or part.best],
        "support": [(item, support.state(item, today)) for item in found.support],
        "readiness": found.readiness,
    }
