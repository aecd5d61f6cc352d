"""What of the register a word finds: cells of the row, what records say, every MAC of a device in any notation.

An address with a day or a time, as in `10.1.4.20 on 2026-06-01 14:05`, finds what was met there then. Whom a device is
assigned to is not searched: not everybody who may search may see it. Only reads.
"""

from __future__ import annotations

import ipaddress
import json
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, or_, select

from collector import london
from collector.store import records
from collector.store.schema import devices, identifiers, meetings, record_fields

CELLS = ("name", "maker", "model", "serial", "address", "mac", "device_id")
#: fields of records that are looked into
SAID = ("asset_tag", "serial", "mac", "room", "local_name")
#: a MAC or its beginning as switches, labels and people write it: 00:1b:21…, 00-1B-21…, 001b.2100…, 001b21…; what is
#: shorter is a number of something else more often
_PAIRS = re.compile(r"[0-9a-f]{1,2}(?:[:-][0-9a-f]{1,2}){2,5}", re.IGNORECASE)
_RUN = re.compile(r"[0-9a-f]{4}(?:[. ][0-9a-f]{4}){1,2}|[0-9a-f]{6}(?:-?[0-9a-f]{6})?", re.IGNORECASE)


_AT = re.compile(r"([0-9a-fA-F:.]{2,45})(?: +(?:on|at))? +(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d))?")
YEARS = (1990, 2200)  # in which an address may have been met
_A_WHILE = timedelta(minutes=1)  # what a time that is said to the minute means


def contains(connection: Connection, column: ColumnElement[Any], text: str) -> ColumnElement[bool]:
    """Whether a column contains a text, in either case. SQLite's LIKE minds no case of ASCII, and copies no text."""
    if connection.dialect.name == "sqlite":
        return column.contains(text, autoescape=True)
    return column.icontains(text, autoescape=True)


def finding(connection: Connection, trust_id: str, search: str) -> ColumnElement[bool]:
    """Whether a row of `devices` is found by a word."""
    if then := address_then(search):
        return devices.c.device_id.in_(_met(trust_id, *then))
    cells = [contains(connection, devices.c[name], search) for name in CELLS]
    found = [*cells, devices.c.device_id.in_(_said(connection, trust_id, search))]
    if pairs := mac_pairs(search):
        worn = select(identifiers.c.device_id).where(
            identifiers.c.trust_id == trust_id, identifiers.c.kind == "MAC", identifiers.c.recorded_to.is_(None),
            identifiers.c.value.startswith(pairs),
        )  # fmt: skip
        found += [devices.c.mac.contains(pairs), devices.c.device_id.in_(worn)]
    return or_(*found)


def address_then(search: str) -> tuple[str, datetime, datetime] | None:
    """The address that is searched for, with the times (London's) between which it was met; None where it is none."""
    found = _AT.fullmatch(search.strip())
    try:
        address = str(ipaddress.ip_address(found[1])) if found else ""
        day = date.fromisoformat(found[2]) if found else date.min
        minute = datetime.fromisoformat(f"{found[2]}T{found[3]}") if found and found[3] else None
    except ValueError:
        return None
    if not address or day.year < YEARS[0] or day.year > YEARS[1]:
        return None
    if minute:
        began = minute.replace(tzinfo=london.ZONE).astimezone(UTC)
        return address, began, began + _A_WHILE
    return address, london.end_of(day - timedelta(days=1)), london.end_of(day)


def _met(trust_id: str, address: str, began: datetime, ended: datetime) -> Select[tuple[str]]:
    """The devices that were met at an address before and after some times, or between them."""
    c = meetings.c
    there = (c.trust_id == trust_id) & (c.address == address)
    return select(c.device_id).where(there, c.first_seen < ended, c.last_seen >= began)


def mac_pairs(search: str) -> str:
    """The same MAC, or its beginning, in pairs with colons; "" where it cannot be one."""
    word = search.strip().lower()
    if _PAIRS.fullmatch(word):
        return ":".join(pair.zfill(2) for pair in re.split("[:-]", word))
    if _RUN.fullmatch(word):
        digits = re.sub(r"[-. ]", "", word)
        return ":".join(digits[place : place + 2] for place in range(0, len(digits), 2))
    return ""


def _said(connection: Connection, trust_id: str, search: str) -> Select[tuple[str]]:
    """The devices of whose records a field says the word, by its text or by what it is matched by."""
    text = contains(connection, record_fields.c.value, json.dumps(search, ensure_ascii=False)[1:-1])
    keys = {"".join(search.split()).upper(), mac_pairs(search)} - {""}
    keyed = [contains(connection, record_fields.c.key, key) for key in sorted(keys)]
    return records.saying(trust_id, SAID, or_(text, *keyed))
