"""The agents: where they are, when they last reported, and what troubles them."""

from __future__ import annotations

from starlette.responses import Response

from collector.store import register
from collector.web.visit import Visit


def page(visit: Visit) -> Response:
    """All agents."""
    with visit.reader() as connection:
        agents = register.agents(connection, visit.site.trust_id, school_ids=visit.schools)
    return visit.page("agents.html", agents=agents)
