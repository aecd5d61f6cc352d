"""ZTE: ZXR10 switches and routers, and the access nodes of its lines (C300, ZXDSL), by sysDescr."""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import OBJECT_ID, Statement, Walk

ZTE = "1.3.6.1.4.1.3902"
NUMBERS = {f"{ZTE}.3": ("switch", 50), f"{ZTE}.1004": ("switch", 40), f"{ZTE}.1082": ("switch", 40),
           f"{ZTE}.1015": ("switch", 40)}  # fmt: skip
SWITCH = re.compile(r"^(?:ZTE|ZXR10) (?P<model>(?:ZXR10 )?\S+) Software,.*?Version ?: ?(?P<firmware>V[\w.]*\w)")
NODE = re.compile(r"^(?P<model>[A-Z]\w+) Version (?P<firmware>V[\d.]*\d) Software, Copyright \(c\) by ZTE")
UNDER = ("3902",)


def read(walk: Walk) -> Iterator[Statement]:
    """Class by number, model and version by description."""
    kind = walk.of_object_id(NUMBERS)
    if kind:
        yield from walk.vote(*kind, "number", OBJECT_ID)
        yield from walk.words(SWITCH, weight=58)
        yield from walk.words(NODE, weight=58)
