"""Edgecore and Accton: switches (ECS, ES, FNS), by one scheme of MIBs.

Source: ES3510MA-MIB and its kin: every product has its own tree with the same objects at the same places
(switchInfoTable, swProdName). SONiC and Cumulus on Edgecore hardware, and switches that FS has built here, are not
read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

ACCTON = "1.3.6.1.4.1.259"
FAMILIES = (f"{ACCTON}.6.10", f"{ACCTON}.8.1", f"{ACCTON}.10.1")
HIGHEST = 60  # of the product numbers that are asked for; older ones with higher numbers are rare
#: below a product's tree, of the first unit: swHardwareVer, swOpCodeVer, swSerialNumber, swModelNumber
UNIT = {"hardware": "1.1.3.1.3.1", "firmware": "1.1.3.1.6.1", "serial": "1.1.3.1.10.1", "model": "1.1.3.1.14.1"}
PRODUCT_NAME = "1.1.5.1.0"  # swProdName

UNDER = ("259",)
ASKS = tuple(
    Ask(
        f"edgecore_{family.removeprefix('1.3.6.1.4.1.').replace('.', '_')}",
        scalars=tuple(
            f"{family}.{product}.{end}" for product in range(1, HIGHEST + 1) for end in (*UNIT.values(), PRODUCT_NAME)
        ),
        condition=Condition(object_id_prefixes=(family,)),
    )
    for family in FAMILIES
)

SAYS = re.compile(r"^(?:.*\bSwitch )?(?P<model>(?:ECS|ES|FNS|ECIS|AS|S)-?\d[\w-]*)$")


EDGECORE = re.compile(r"^(ECS|ES\d|ECIS|AS\d)")


def read(walk: Walk) -> Iterator[Statement]:
    """That it is a switch, and its identity from the tree of its product."""
    object_id = walk.text(OBJECT_ID)
    if object_id.startswith(f"{ACCTON}.") and EDGECORE.match(walk.description):
        yield from walk.fact("maker", "Edgecore", DESCRIPTION, weight=55)  # Accton's own brand
    family = walk.of_object_id({family: family for family in FAMILIES})
    if family is None:
        if f"{object_id}.".startswith(f"{ACCTON}."):
            yield from walk.vote("switch", 75, "object_id", OBJECT_ID)
            yield from walk.words(SAYS, weight=55)
        return
    yield from walk.vote("switch", 80, "object_id", OBJECT_ID)
    yield from walk.words(SAYS, weight=55)
    product = f"{family}.{object_id[len(family) + 1 :].partition('.')[0]}"
    yield from walk.states({name: f"{product}.{end}" for name, end in UNIT.items()}, weight=62)
    yield from walk.state("model", f"{product}.{PRODUCT_NAME}", weight=60)
