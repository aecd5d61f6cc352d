"""FortiAP (FORTINET-FORTIAP-MIB): version and serial; that it is one, `fortinet` tells by its number."""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import Ask, Statement, Walk
from stocktake.values import Condition

FORTI_AP = "1.3.6.1.4.1.12356.120"
VERSION, SERIAL = f"{FORTI_AP}.1.1.0", f"{FORTI_AP}.1.2.0"  # fapVersion: `FP231G-v7.4-build0771`

UNDER = ("12356",)
ASKS = (Ask("fortinet_access_point", scalars=(VERSION, SERIAL), condition=Condition(object_id_prefixes=(FORTI_AP,))),)

MODEL = re.compile(r"^(?P<model>(?:FP|FAP|PU|PS|U)\w+)-v")


def read(walk: Walk) -> Iterator[Statement]:
    """Identity, where the tree answers."""
    yield from walk.state("firmware", VERSION, weight=62)
    yield from walk.state("serial", SERIAL, weight=65)
    yield from walk.words(MODEL, VERSION, weight=50)
