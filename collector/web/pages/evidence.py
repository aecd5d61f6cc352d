"""One piece of evidence: what was sent, when, to which agent, by which method; decoded, as octets, and to download."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.responses import Response

from collector.store import register
from collector.store.register import EvidenceDetail
from collector.web import decoded
from collector.web.visit import Visit


def page(visit: Visit) -> Response:
    """A piece of evidence as people can read it."""
    detail = _detail(visit)
    kind, blocks = decoded.blocks(detail.content) if detail.content is not None else ("", [])
    octets = decoded.dump("The octets as stored", detail.content) if detail.content is not None else None
    return visit.page("evidence.html", detail=detail, row=detail.row, kind=kind, blocks=blocks, octets=octets)


def raw(visit: Visit) -> Response:
    """The stored octets: a serialised `stocktake.v1.Evidence`, as a file to save and nothing to open here."""
    detail = _detail(visit)
    if detail.content is None:
        raise HTTPException(404)
    name = f"evidence-{detail.row.evidence_id}.binpb"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(detail.content, media_type="application/octet-stream", headers=headers)


def _detail(visit: Visit) -> EvidenceDetail:
    number = visit.row_number("evidence_id")
    with visit.reader() as connection:
        detail = register.evidence(connection, visit.site.trust_id, number, visit.schools)
    if detail is None:
        raise HTTPException(404)
    return detail
