"""The map of a school's network: its switches, how they are wired, and how much hangs on each."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response

from collector.store import register
from collector.web import cabling
from collector.web.network_map import HEIGHT, WIDTH
from collector.web.visit import Visit


def page(visit: Visit) -> Response:
    """The map of one school, drawn here, with the same under it in words."""
    school_id, trust_id = visit.name("school_id"), visit.site.trust_id
    with visit.reader() as connection:
        school = register.school(connection, trust_id, school_id)
        network = cabling.of_school(connection, trust_id, school_id) if school else None
    if school is None or network is None:
        raise HTTPException(404)
    return visit.page("map.html", school=school, network=network, picture=network.picture, box=(WIDTH, HEIGHT))
