"""Which time a query means: what pages, exports and API say of the past, they say of the same moment."""

from __future__ import annotations

from datetime import date, datetime

from starlette.exceptions import HTTPException

from collector import history
from collector.errors import CollectorError
from collector.web.visit import Visit


def when(visit: Visit, parameter: str) -> date | datetime:
    """A day or time from the query, now where none is given; HTTP 400 where it is none, 404 where it is to come."""
    said = visit.asked(parameter)
    if not said and visit.request.query_params.get(parameter):  # nothing of it can be printed
        raise HTTPException(400, f"{parameter}: that is no day and no time.")
    try:
        found = history.parse(said) if said else visit.now
        history.time_of(found, visit.now)
    except CollectorError as error:
        status = 404 if isinstance(error, history.NotYet) else 400
        raise HTTPException(status, f"{parameter}: {error}.") from None
    return found
