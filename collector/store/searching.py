"""What of the register a word finds: cells of the row, what records say, every MAC of a device in any notation.

Whom a device is assigned to is not searched: not everybody who may search may see it. Only reads.
"""

from __future__ import annotations

import json
import re

from sqlalchemy import ColumnElement, Select, or_, select

from collector.store import records
from collector.store.schema import devices, identifiers, record_fields

CELLS = ("name", "maker", "model", "serial", "address", "mac", "device_id")
#: fields of records that are looked into
SAID = ("asset_tag", "serial", "mac", "room", "local_name")
#: a MAC or its beginning as switches, labels and people write it: 00:1b:21…, 00-1B-21…, 001b.2100…, 001b21…; what is
#: shorter is a number of something else more often
_PAIRS = re.compile(r"[0-9a-f]{1,2}(?:[:-][0-9a-f]{1,2}){2,5}", re.IGNORECASE)
_RUN = re.compile(r"[0-9a-f]{4}(?:[. ][0-9a-f]{4}){1,2}|[0-9a-f]{6}(?:-?[0-9a-f]{6})?", re.IGNORECASE)


def finding(trust_id: str, search: str) -> ColumnElement[bool]:
    """Whether a row of `devices` is found by a word."""
    cells = [devices.c[name].icontains(search, autoescape=True) for name in CELLS]
    found = [*cells, devices.c.device_id.in_(_said(trust_id, search))]
    if pairs := mac_pairs(search):
        worn = select(identifiers.c.device_id).where(
            identifiers.c.trust_id == trust_id, identifiers.c.kind == "MAC", identifiers.c.recorded_to.is_(None),
            identifiers.c.value.startswith(pairs),
        )  # fmt: skip
        found += [devices.c.mac.contains(pairs), devices.c.device_id.in_(worn)]
    return or_(*found)


def mac_pairs(search: str) -> str:
    """The same MAC, or its beginning, in pairs with colons; "" where it cannot be one."""
    word = search.strip().lower()
    if _PAIRS.fullmatch(word):
        return ":".join(pair.zfill(2) for pair in re.split("[:-]", word))
    if _RUN.fullmatch(word):
        digits = re.sub(r"[-. ]", "", word)
        return ":".join(digits[place : place + 2] for place in range(0, len(digits), 2))
    return ""


def _said(trust_id: str, search: str) -> Select[tuple[str]]:
    """The devices of whose records a field says the word, by its text or by what it is matched by."""
    text = record_fields.c.value.icontains(json.dumps(search, ensure_ascii=False)[1:-1], autoescape=True)
    keys = {"".join(search.split()).upper(), mac_pairs(search)} - {""}
    keyed = [record_fields.c.key.icontains(key, autoescape=True) for key in sorted(keys)]
    return records.saying(trust_id, SAID, or_(text, *keyed))
