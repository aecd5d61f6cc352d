"""VMware (VMWARE-SYSTEM-MIB, VMWARE-ROOT-MIB): ESXi hosts and vCenter with version and build.

Model and serial of the host come from ENTITY-MIB or its management controller. Virtual machines are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

VMWARE = "1.3.6.1.4.1.6876"
SYSTEM = {"os.name": f"{VMWARE}.1.1.0", "firmware": f"{VMWARE}.1.2.0", "os.build": f"{VMWARE}.1.4.0"}
WORDS = re.compile(
    r"^(?P<os__name>VMware[ -](?:ESXi?|vCenter[\w -]*?)) (?:Server )?(?P<firmware>\d+\.\d+\.\d+)"
    r"(?:,? build-(?P<os__build>\d+))?",
    re.IGNORECASE,
)

ASKS = (Ask("vmware", scalars=tuple(SYSTEM.values()), condition=Condition(object_id_prefixes=(VMWARE,))),)


def read(walk: Walk) -> Iterator[Statement]:
    """Class, product, version and build."""
    match = WORDS.match(walk.description)
    if match is None and not walk.is_of(VMWARE):
        return
    central = "vcenter" in walk.description.lower() or "vcsa" in walk.description.lower()
    place = DESCRIPTION if match else OBJECT_ID
    yield from walk.vote("server" if central else "hypervisor", 90, "product", place)
    yield from walk.fact("maker", "VMware", place, weight=4)  # the host is of another: any word of it stands before
    yield from walk.words(WORDS, weight=60)
    yield from walk.states(SYSTEM, weight=70)
