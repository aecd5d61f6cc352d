"""Everything of one device on paper: what the register says, who says so, and the evidence with its digests."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from collector import journal
from collector.store import register
from collector.web import amends, cabling, parts, recording, story, wellness
from collector.web.visit import Visit


def page(visit: Visit) -> Response:
    """`GET /devices/{device_id}/dossier`: to be printed; an alias leads to the device that it became."""
    device_id, trust_id = visit.name("device_id"), visit.site.trust_id
    with visit.reader() as connection:
        detail = register.device(connection, trust_id, device_id, visit.schools)
        if detail is None:
            raise HTTPException(404)
        if detail.row.device_id != device_id:
            return RedirectResponse(f"/devices/{detail.row.device_id}/dossier", 307)
        cables = cabling.of_device(connection, trust_id, detail)
        recorded = recording.section(visit, connection, device_id)
        well = wellness.whole(visit, connection, detail)
        became = story.became(visit, connection, device_id)
        end = journal.checkpoint(connection, trust_id)
    return visit.page(
        "dossier.html", detail=detail, row=detail.row, title=parts.title(detail.row), cabling=cables, wellness=well,
        recorded=recorded, correcting=amends.Amends(detail.corrections, {}), lines=parts.register_lines(detail),
        journal=end, also=parts.also_known(detail), part_tables=parts.part_tables(detail.facts), **became,
        **story.age(detail, visit.now.date()),
    )  # fmt: skip
