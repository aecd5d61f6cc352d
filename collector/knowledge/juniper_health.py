"""Parts of Juniper devices: states of supplies and fans, memory of boards, and parts with serials of their own.

JUNIPER-MIB: jnxOperatingTable and jnxContentsTable, which share their index. Temperatures and loads of processors are
in `juniper`. A part that ENTITY-MIB lists with its serial is not stated again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.facts import identifier_text
from collector.knowledge import LONGEST_INDEX, Gauge, Statement, Walk, as_named, asked
from collector.readers import measure, word

JUNIPER = "1.3.6.1.4.1.2636.3.1"
OPERATING, CONTENTS = f"{JUNIPER}.13.1", f"{JUNIPER}.8.1"
STATE, MEMORY = f"{OPERATING}.6", f"{OPERATING}.11"
DESCRIPTION, SERIAL, REVISION, PART_NUMBER = (f"{CONTENTS}.{number}" for number in (6, 7, 8, 10))
ENTITY_SERIAL = "1.3.6.1.2.1.47.1.1.1.1.11"
STATES = {2: "ok", 3: "ok", 5: "ok", 6: "failed", 7: "ok"}  # running, ready, at full speed, down, standby
WORDS = (
    ("power supply", re.compile(r"(?i)power supply|\bPSU\b|\bPEM\b|\bPSM\b")),
    ("fan", re.compile(r"(?i)\bfan\b")),
    ("transceiver", re.compile(r"(?i)\b[QX]?SFP")),
)
MOST_PARTS = 256

UNDER = ("2636",)
ASKS = (
    asked("juniper_parts", (Gauge("", "", oid) for oid in (
        f"{OPERATING}.5", STATE, MEMORY, DESCRIPTION, SERIAL, REVISION, PART_NUMBER)), "1.3.6.1.4.1.2636"),
)  # fmt: skip
STATED = word(STATES)
USED = measure(1, 100)


def read(walk: Walk) -> Iterator[Statement]:
    """States of supplies and fans, memory in use, serials of parts."""
    if not walk.has(JUNIPER):
        return
    for index in list(walk.column(STATE))[:MOST_PARTS]:
        kind = _kind(walk.text(f"{OPERATING}.5.{index}"))
        if kind:
            component = f"{kind}/{index[:LONGEST_INDEX]}"
            yield from walk.state("name", f"{OPERATING}.5.{index}", component=component)
            yield from walk.state("status", f"{STATE}.{index}", read=STATED, component=component)
    yield from walk.column_states("memory_load", MEMORY, component="part", read=USED, unit="percent")
    yield from _contents(walk)


def _kind(description: str) -> str:
    return next((kind for kind, pattern in WORDS if pattern.search(description)), "")


def _contents(walk: Walk) -> Iterator[Statement]:
    known = {walk.text(f"{ENTITY_SERIAL}.{index}") for index in walk.column(ENTITY_SERIAL)}
    for index, _ in list(walk.column(SERIAL).items())[:MOST_PARTS]:
        told = re.sub(r"^S/N ", "", walk.text(f"{SERIAL}.{index}"))
        serial = "" if told in ("BUILTIN", "Built-In") or told in known else identifier_text(told)
        if not serial or index.startswith("1."):  # 1 is the chassis itself
            continue
        component = f"{_kind(walk.text(f'{DESCRIPTION}.{index}')) or 'module'}/{index[:LONGEST_INDEX]}"
        yield from walk.fact("serial", serial, f"{SERIAL}.{index}", component=component)
        for name, column in (("description", DESCRIPTION), ("hardware", REVISION), ("part_number", PART_NUMBER)):
            yield from walk.state(name, f"{column}.{index}", read=as_named, component=component)
