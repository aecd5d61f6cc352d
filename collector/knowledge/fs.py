"""FS (FS.COM) switches that are not made by Ruijie: those with an Edgecore inside (52642.2) or a Centec (27975).

Serial and versions lie where Edgecore's and Centec's own devices have them. Ruijie's are read in `ruijie`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

FS, CENTEC = "1.3.6.1.4.1.52642.2.1", "1.3.6.1.4.1.27975"
FAMILIES = (f"{FS}.45",)  # one subtree for each range of models; S3900 is the one that is known
UNIT = {"hardware": 4, "firmware": 6, "serial": 10}  # switchInfoEntry, by unit
CENTEC_UNIT = f"{CENTEC}.37.1.5.1"
CENTEC_COLUMNS = {"model": 4, "serial": 10}
CENTEC_VERSION = f"{CENTEC}.1.3.5.0"

UNDER = ("27975", "52642")
ASKS = (
    Ask("fs", tables=tuple(f"{root}.1.1.3.1.{n}" for root in FAMILIES for n in UNIT.values()),
        condition=Condition(object_id_prefixes=(FS,))),
    Ask("fs_centec", scalars=(CENTEC_VERSION,), tables=tuple(f"{CENTEC_UNIT}.{n}" for n in CENTEC_COLUMNS.values()),
        condition=Condition(object_id_prefixes=(CENTEC,))),
)  # fmt: skip

MODEL = re.compile(r"^(?:FS )?(?P<model>[A-Z]{1,2}\d{3,4}[\w-]*)$")
CENTEC_DESCRIPTION = re.compile(r"^FSOS software, \S+ software \((?P<model>[^)]+)\), Version (?P<firmware>[\d.]+)")


def read(walk: Walk) -> Iterator[Statement]:
    """A switch, its model by description, the rest by the first unit."""
    root = walk.of_object_id({**{root: root for root in FAMILIES}, FS: FAMILIES[0], CENTEC: CENTEC})
    if root is None:
        return
    yield from walk.vote("switch", 60, "number", OBJECT_ID)
    yield from walk.fact("maker", "FS" if root != CENTEC or "FSOS" in walk.description else "", OBJECT_ID, weight=55)
    yield from walk.words(MODEL, weight=58)
    yield from walk.words(CENTEC_DESCRIPTION, DESCRIPTION, weight=58)
    entry, columns = (CENTEC_UNIT, CENTEC_COLUMNS) if root == CENTEC else (f"{root}.1.1.3.1", UNIT)
    for name, column in columns.items():
        for index in list(walk.column(f"{entry}.{column}"))[:1]:
            yield from walk.state(name, f"{entry}.{column}.{index}", weight=60)
