"""TrueNAS and FreeNAS (FREENAS-MIB, sysDescr): that it is a NAS, its version, its pools.

It runs on hardware of many makers and tells only the processor, so the model is the product and the processor, at a
low weight: SMBIOS stands before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

TRUENAS = "1.3.6.1.4.1.50536"
POOL = f"{TRUENAS}.1.1.1.1"  # zpoolTable: .2 name, .3 health or size by generation
#: TrueNAS-12.0-U4 (fb0389beb0). Hardware: amd64 Intel(R) … running at 3491. Software: FreeBSD 12.2-RELEASE …
WORDS = re.compile(
    r"^(?P<product>(True|Free)NAS(?:-SCALE|-CORE)?)-(?P<version>\d[\w.-]*?)\.?(?: \(\w+\))?\.?"
    r" Hardware: (?P<processor>.*?)(?: running at \d+(?: MHz)?)?\.? Software: (?P<kernel>\w+ \S+)"
)
#: before 12.0 the name TrueNAS was that of the maker's own appliances; what everybody could install was FreeNAS
APPLIANCE = re.compile(r"^TrueNAS-(9|1[01])\.")
OLD = re.compile(
    r"^Hardware: (?P<processor>(amd64|i386) .*?)(?: running at \d+)?\.? Software: FreeBSD (?P<version>\d\S*)"
)

ASKS = (
    Ask(
        "truenas",
        tables=(f"{POOL}.2", f"{POOL}.3"),
        condition=Condition(object_id_prefixes=(TRUENAS, "1.3.6.1.4.1.8072.3.2.8")),
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Class, version, processor and pools."""
    match = WORDS.match(walk.description)
    if match is None and not walk.is_of(TRUENAS):
        yield from _old(walk)
        return
    yield from walk.vote("nas", 100, "product", DESCRIPTION if match else OBJECT_ID)
    if match and APPLIANCE.match(walk.description):
        yield from walk.fact("maker", "iXsystems", DESCRIPTION, weight=40)
    if match:
        yield from walk.fact("firmware", match["version"], DESCRIPTION, weight=60)
        yield from walk.fact("os.name", match["product"], DESCRIPTION, weight=60)
        yield from walk.fact("os.kernel", match["kernel"], DESCRIPTION)
        yield from walk.fact("name", match["processor"], DESCRIPTION, component="processor/0")
        yield from walk.fact("model", f"{match['product']} on {match['processor']}", DESCRIPTION, weight=15)
    for index in walk.column(f"{POOL}.2"):
        yield from walk.state("name", f"{POOL}.2.{index}", component=f"pool/{index[:64]}")


def _old(walk: Walk) -> Iterator[Statement]:
    """The wording of FreeNAS 9 and bsnmpd, which a plain FreeBSD shares: a computer, no more."""
    match = OLD.match(walk.description)
    if match:
        yield from walk.vote("server", 40, "freebsd", DESCRIPTION)
        yield from walk.fact("os.name", "FreeBSD", DESCRIPTION)
        yield from walk.fact("firmware", match["version"], DESCRIPTION, weight=15)
        yield from walk.fact("name", match["processor"], DESCRIPTION, component="processor/0")
