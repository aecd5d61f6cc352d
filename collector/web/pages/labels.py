"""Asset labels to print: the tag, what the device is called, and a QR code of its page on this collector.

Sheets of 21 labels of 63.5 × 38.1 mm on A4, the commonest. What is listed is filtered as the list of devices is.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

import segno
from markupsafe import Markup
from starlette.responses import Response

from collector.store import Transaction, records, register
from collector.web import parts
from collector.web.visit import ID_LIMIT, Visit

A_SHEET = 21
MOST = 10 * A_SHEET  # labels of one page
OFFSET_LIMIT = 10_000_000
ASKED = ("school", "class", "life", "q", "device")


@dataclass(frozen=True, slots=True)
class Label:
    """One label. `code`: the QR code as SVG of ours."""

    device_id: str
    tag: str
    title: str
    product: str
    serial: str
    code: Markup


def page(visit: Visit) -> Response:
    """`GET /labels?school=&class=&life=&q=&device=`: labels of the devices that answer."""
    asked = {name: visit.asked(name)[: ID_LIMIT if name in ("school", "device") else None] for name in ASKED}
    offset = visit.count("from", 0, OFFSET_LIMIT)
    base = f"https://{visit.request.url.netloc}"
    with visit.reader() as connection:
        found = _found(connection, visit, asked, offset)
        tags = _tags(connection, visit.site.trust_id, [row.device_id for row in found[:MOST]])
    labels = [
        Label(row.device_id, tags.get(row.device_id, ""), parts.title(row), row.product, row.serial,
              code(f"{base}/devices/{row.device_id}"))
        for row in found[:MOST]
    ]  # fmt: skip
    query = {name: value for name, value in asked.items() if value}
    later = f"/labels?{urlencode({**query, 'from': offset + MOST})}" if len(found) > MOST else ""
    back = f"/devices/{asked['device']}" if asked["device"] else f"/devices?{urlencode(query)}" if query else "/devices"
    return visit.page(
        "labels.html", labels=labels, base=base, later=later, back=back, first=offset + 1,
        untagged=sum(1 for label in labels if not label.tag),
    )  # fmt: skip


def code(address: str) -> Markup:
    """A QR code (ISO/IEC 18004) that stands a scratch (level M, 15 %), with its quiet zone of four modules."""
    made = segno.make_qr(address, error="m")
    drawn = made.svg_inline(omitsize=True, svgclass="qr", lineclass=None, border=4, light="#fff")
    return Markup(drawn)  # noqa: S704 - segno's paths and our address: nothing of a device is in it


def _found(connection: Transaction, visit: Visit, asked: dict[str, str], offset: int) -> list[register.DeviceRow]:
    if asked["device"]:
        detail = register.device(connection, visit.site.trust_id, asked["device"], visit.schools)
        return [detail.row] if detail and visit.sees(detail.row.school_id) else []
    return register.devices(
        connection, visit.site.trust_id, school_id=asked["school"], device_class=asked["class"], life=asked["life"],
        search=asked["q"], limit=MOST + 1, offset=offset, school_ids=visit.schools,
    )  # fmt: skip


def _tags(connection: Transaction, trust_id: str, device_ids: list[str]) -> dict[str, str]:
    """The asset tag that records say, by device."""
    kept = records.of_devices(connection, trust_id, device_ids)
    owner = {record.record_id: device_id for device_id, those in kept.items() for record in those}
    said = records.current(connection, trust_id, list(owner))
    return {
        owner[key]: str(fields["asset_tag"].value) for key, fields in said.items()
        if "asset_tag" in fields and fields["asset_tag"].value
    }  # fmt: skip
