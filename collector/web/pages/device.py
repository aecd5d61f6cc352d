"""One device: the register's row, its components, and every statement with the evidence behind it."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from collector.store import register
from collector.web import parts
from collector.web.visit import Visit


def page(visit: Visit) -> Response:
    """Everything of one device; the address of an alias leads to the device that it became."""
    device_id = visit.name("device_id")
    with visit.reader() as connection:
        detail = register.device(connection, visit.site.trust_id, device_id)
    if detail is None:
        raise HTTPException(404)
    if detail.row.device_id != device_id:
        return RedirectResponse(f"/devices/{detail.row.device_id}", 307)
    shown = detail.facts[: parts.FACTS_LIMIT]
    return visit.page(
        "device.html", detail=detail, row=detail.row, title=parts.title(detail.row),
        lines=parts.register_lines(detail), also=parts.also_known(detail), part_tables=parts.part_tables(detail.facts),
        groups=parts.fact_groups(shown), more=len(detail.facts) - len(shown),
    )  # fmt: skip
