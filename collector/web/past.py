"""Which time a query means: what pages, exports and API say of the past, they say of the same moment."""

from __future__ import annotations

from datetime import date, datetime

from starlette.exceptions import HTTPException

from collector import history
from collector.errors import CollectorError
from collector.web.visit import Visit


def when(visit: Visit, parameter: str) -> date | datetime:
    """A day or time from the query, now where none is given; HTTP 400 where it is none, 404 where it is to come."""
    try:
        found = history.parse(visit.asked(parameter)) if visit.asked(parameter) else visit.now
        history.time_of(found, visit.now)
    except CollectorError as error:
        status = 404 if isinstance(error, history.NotYet) else 400
        raise HTTPException(status, f"{parameter}: {error}.") from None
    return found
