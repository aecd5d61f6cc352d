"""JSON: one object with `as_known`, `columns` (name, kind, source, freshness) and `devices`, each by names of columns.

Texts are texts, days ISO 8601, money whole pence; what is not known is left out of its device, and `not_known` says
why. Written as it is read, so a reader may stream it too: a device a line.
"""

from __future__ import annotations

import json
from datetime import UTC, date
from typing import IO

from collector.exports import Content, Form
from collector.register_rows import Value


def _value(value: Value) -> str | int | None:
    return value.isoformat() if isinstance(value, date) else value


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode()


def write(out: IO[bytes], content: Content) -> None:
    """Write it."""
    known = content.as_known.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    columns = [
        {"name": c.name, "heading": c.heading, "kind": c.kind.value, "source": c.source, "freshness": c.fresh}
        for c in content.columns
    ]
    out.write(b'{"as_known":' + _json(known) + b',"filters":' + _json(dict(content.filters)))
    out.write(b',"columns":' + _json(columns) + b',"devices":[')
    before = b"\n"
    for record in content.records():
        out.write(before + _json({name: _value(value) for name, value in record.items() if value is not None}))
        before = b",\n"
    out.write(b"\n]}\n")


FORM = Form("json", "JSON", ".json", "application/json", "for programs: typed, with what each column means", write)
