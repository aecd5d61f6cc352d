"""Switches with a Linux of their own (Cumulus, SONiC, Mellanox Onyx), and blade switches of Blade Network and IBM.

Model and serial come from ENTITY-MIB, except where SONiC names its hardware. Cumulus writes there what the board's
EEPROM tells (ONIE): the product in the words about the chassis, and the part number to order it by as its model name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Statement, Walk

CUMULUS = "1.3.6.1.4.1.40310"

#: sysObjectID → class
CLASSES = {CUMULUS: "switch", "1.3.6.1.4.1.33049": "switch", "1.3.6.1.4.1.26543.1": "switch",
           "1.3.6.1.4.1.20301.1": "switch", "1.3.6.1.4.1.1872.1.18": "switch",
           "1.3.6.1.4.1.19046.1.7": "switch"}  # fmt: skip
KINDS = (
    re.compile(r"^(?P<os__name>Cumulus)[- ][Ll]inux (?P<firmware>[\d.]+)"),
    re.compile(r"^Linux \S+ \S+ .*\b(?P<os__name>Cumulus)\b .*?\+cl(?P<firmware>\d[\d.]*\d)"),
    re.compile(r"^(?P<os__name>SONiC) Software Version: (?P<firmware>\S+) - HwSku: (?P<model>\S+) "),
    re.compile(r"^(?P<os__name>Linux) Mellanox\b|^Mellanox "
               r"(?P<model>[^\s,]+),\s*(?:MLNX-OS|Onyx)(?:,? ?SWv(?P<firmware>[\d.]+))?"),
    re.compile(r"^(?:IBM|Lenovo|BNT|Blade Network Technologies)\b(?P<os__name> Networking OS)?(?=.*Switch|$)"
               r"(?:.*\b(?P<model>(?:EN|CN|SI|NE|G)\d{4}[A-Z]{0,2})\b)?(?:.*version (?P<firmware>[\d.]+))?"),
)  # fmt: skip
ENTITY_WORDS, ENTITY_MODEL = "1.3.6.1.2.1.47.1.1.1.1.2", "1.3.6.1.2.1.47.1.1.1.1.13"
#: Mellanox x86_64-mlnx_msn4600-r0 MSN4600 Chassis: the maker, the platform, the product
CHASSIS = re.compile(r" (?P<model>(?=\S*\d)(?!\S+-r\d+ )[\w./+-]{3,32}) Chassis$")


def read(walk: Walk) -> Iterator[Statement]:
    """A switch; its software and version."""
    kind = walk.of_object_id(CLASSES)
    if kind:
        yield from walk.vote(kind, 70, "number", OBJECT_ID)
    if walk.is_of(CUMULUS):
        yield from _product(walk)
    for pattern in KINDS:
        if pattern.search(walk.description):
            yield from walk.vote("switch", 100, "description", DESCRIPTION)
            yield from walk.words(pattern, weight=58)
            return


def _product(walk: Walk) -> Iterator[Statement]:
    """The product by the words about the first chassis; its model name is then its part number."""
    for index in walk.column(ENTITY_WORDS):
        if CHASSIS.search(walk.text(f"{ENTITY_WORDS}.{index}")):
            yield from walk.words(CHASSIS, f"{ENTITY_WORDS}.{index}", weight=50)
            yield from walk.state("part_number", f"{ENTITY_MODEL}.{index}")
            return
