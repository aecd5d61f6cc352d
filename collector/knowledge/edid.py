"""EDID (VESA E-EDID 1.3 and 1.4): the monitors on the machine's connectors, with maker, model, serial and age.

Only the first 128 octets are read; extension blocks tell what a monitor can show, not what it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from collector.facts import identifier_text, named_text, text
from collector.knowledge import Statement, Witness
from stocktake.values import EdidBlock, EdidBlocks

READS = EdidBlocks
HEADER = bytes.fromhex("00ffffffffffff00")
BLOCK = 128
SERIAL_TEXT, NAME = 0xFF, 0xFC  # tags of display descriptors
MODEL_YEAR = 0xFF  # in the place of the week: the year is the model's, not the manufacture's
MOST_MONITORS = 16


def read(content: EdidBlocks, witness: Witness) -> Iterator[Statement]:
    """Every monitor as a component; a block that is no EDID is unread."""
    for block in content.blocks[:MOST_MONITORS]:
        yield from _monitor(block, witness)


def _monitor(edid: EdidBlock, witness: Witness) -> Iterator[Statement]:
    raw, component = edid.block[:BLOCK], f"monitor/{text(edid.connector, 64)}"
    if len(raw) < BLOCK or not raw.startswith(HEADER):
        yield from witness.unread(f"no EDID, but {len(edid.block)} octets", edid.connector)
        return
    if sum(raw) % 256:
        yield from witness.unread("the checksum of the EDID is wrong", edid.connector)
    maker_id = _maker_id(raw)
    texts = _texts(raw)
    number = int.from_bytes(raw[12:16], "little")
    yield from witness.facts({"maker": _makers().get(maker_id), "maker_id": maker_id}, "octet 8", component=component)
    product = f"{maker_id} {int.from_bytes(raw[10:12], 'little'):04X}" if maker_id else ""
    yield from witness.fact("model", named_text(texts.get(NAME, "")), "descriptor 252", component=component)
    yield from witness.fact("model", product, "octet 10", component=component, weight=20)
    serial = identifier_text(texts.get(SERIAL_TEXT, ""))
    yield from witness.fact("serial", serial, "descriptor 255", component=component)
    yield from witness.fact("serial", _number(number), "octet 12", component=component, weight=30)
    yield from _age(raw, component, witness)
    if raw[21] and raw[22]:
        size = {"width [centimetres]": raw[21], "height [centimetres]": raw[22]}
        yield from witness.facts(size, "octet 21", component=component)


def _age(raw: bytes, component: str, witness: Witness) -> Iterator[Statement]:
    week, year = raw[16], raw[17] + 1990
    if raw[17] == 0:
        return
    if week == MODEL_YEAR:
        yield from witness.fact("model_year", year, "octet 17", component=component)
        return
    yield from witness.fact("manufacture_year", year, "octet 17", component=component)
    if 1 <= week <= 54:
        yield from witness.fact("manufacture_week", week, "octet 16", component=component)


def _maker_id(raw: bytes) -> str:
    """Three letters in five bits each, or "" where they are no letters."""
    packed = int.from_bytes(raw[8:10], "big")
    codes = [packed >> shift & 31 for shift in (10, 5, 0)]
    return "".join(chr(64 + code) for code in codes) if all(1 <= code <= 26 for code in codes) else ""


def _number(number: int) -> str:
    """The serial number of octet 12 as text; makers fill it with 0, 1 or 01010101 where they do not number."""
    return "" if number in (0, 1, 0x01010101, 0xFFFFFFFF) else identifier_text(str(number))


def _texts(raw: bytes) -> dict[int, str]:
    """The texts of the display descriptors (tag → text, which ends at a line feed); the first of each tag."""
    found: dict[int, str] = {}
    for start in (54, 72, 90, 108):
        descriptor = raw[start : start + 18]
        if descriptor[:3] == b"\0\0\0" and descriptor[3] in (SERIAL_TEXT, NAME):
            found.setdefault(descriptor[3], text(descriptor[5:18].partition(b"\n")[0].decode("cp437")))
    return found


@cache
def _makers() -> dict[str, str]:
    """PNP id → maker."""
    lines = Path(__file__).with_name("monitor_makers.tsv").read_text("utf-8").splitlines()
    return dict(line.split("\t") for line in lines if not line.startswith("#"))
