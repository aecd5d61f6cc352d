"""What pages of one device tell of its past: where it lived, what became of it, how old it is and how that is known."""

from __future__ import annotations

from datetime import date
from typing import Any

from collector import lives
from collector.age import support
from collector.store import Transaction, places
from collector.store.rows import DeviceDetail
from collector.web import timeline
from collector.web.visit import Visit


def became(visit: Visit, connection: Transaction, device_id: str) -> dict[str, Any]:
    """What became of it, and where it lived: site, since when, until when."""
    trust_id = visit.site.trust_id
    names = {place.site_id: place for place in places.places(connection, trust_id)}
    stays = [(names.get(stay.site_id), stay) for stay in lives.stays(connection, trust_id, device_id)]
    return {"life": lives.explain(connection, trust_id, device_id, visit.now), "stays": stays}


def age(detail: DeviceDetail, today: date) -> dict[str, Any]:
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
