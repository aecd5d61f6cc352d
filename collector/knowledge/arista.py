"""Arista: EOS switches and the Metamako (MOS) devices that Arista took over, by sysDescr.

Serial and modules come from ENTITY-MIB.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Statement, Walk

KINDS = (
    re.compile(r"^Arista Networks (?P<os__name>EOS) version (?P<firmware>\S+) running on an? "
               r"Arista(?: Networks)? (?P<model>\S+)"),
    re.compile(r"^Metamako (?P<os__name>MOS) release (?P<firmware>[\w.]+) .*running on an? (?P<model>.+)"),
)  # fmt: skip
CLASSES = {"1.3.6.1.4.1.30065.1": "switch", "1.3.6.1.4.1.43191.1": "switch"}
MAKERS = {"EOS": "Arista", "MOS": "Metamako"}


def read(walk: Walk) -> Iterator[Statement]:
    """A switch, its model and version."""
    kind = walk.of_object_id(CLASSES)
    if kind:
        yield from walk.vote(kind, 60, "number", OBJECT_ID)
    for pattern in KINDS:
        if match := pattern.search(walk.description):
            yield from walk.vote("switch", 60, "description", DESCRIPTION)
            yield from walk.fact("maker", MAKERS[match["os__name"]], DESCRIPTION, weight=55)
            yield from walk.words(pattern, weight=60)
