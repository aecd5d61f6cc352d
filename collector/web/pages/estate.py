"""The estate: every school with its counts, the sums, and what could not be seen."""

from __future__ import annotations

from collections import Counter

from starlette.responses import Response

from collector.access import Right
from collector.store import coverage, register
from collector.web.unseen import gaps
from collector.web.visit import Visit


def page(visit: Visit) -> Response:
    """The first page; sums alone for who sees no register."""
    with visit.reader() as connection:
        schools = register.schools(connection, visit.site.trust_id, visit.schools)
        agents = register.agents(connection, visit.site.trust_id, school_ids=visit.schools)
        covered = coverage.coverage(connection, visit.site.trust_id, visit.schools)
        totals = register.totals(connection, visit.site.trust_id, visit.schools)
    classes: Counter[str] = Counter()
    for school in schools:
        classes.update(school.classes)
    last_report = max((agent.last_report for agent in agents if agent.last_report), default=None)
    if not visit.may(Right.SEE_REGISTER):
        return visit.page("sums.html", totals=totals, classes=classes.most_common(), last_report=last_report)
    return visit.page(
        "estate.html", schools=schools, agents=agents, totals=totals, classes=classes.most_common(),
        last_report=last_report, gaps=gaps(schools, agents, visit.now, covered),
    )  # fmt: skip
