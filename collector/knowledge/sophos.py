"""Sophos firewalls: SFOS-FIREWALL-MIB, its predecessor CYBEROAM-MIB, and the kernel of UTM 9 (formerly Astaro).

UTM runs net-snmp and tells neither model nor serial by SNMP. Licences and live users are not asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

SOPHOS, CYBEROAM = "1.3.6.1.4.1.2604", "1.3.6.1.4.1.21067"
DEVICE, OLD_DEVICE = f"{SOPHOS}.5.1.1", f"{CYBEROAM}.2.1.1"
#: what each generation calls the appliance key is its serial
IDENTITY = {"model": f"{DEVICE}.2.0", "firmware": f"{DEVICE}.3.0", "serial": f"{DEVICE}.4.0"}
OLD_IDENTITY = {"serial": f"{OLD_DEVICE}.1.0", "model": f"{OLD_DEVICE}.2.0", "firmware": f"{OLD_DEVICE}.3.0"}
UTM = re.compile(r"^Linux \S+ (?P<os__kernel>\d\S+)\.g[0-9a-f]{6,8}(\.rb\d+)?-smp(64)?\b")

ASKS = (
    Ask(
        "sophos",
        scalars=(*IDENTITY.values(), *OLD_IDENTITY.values()),
        condition=Condition(object_id_prefixes=(SOPHOS, CYBEROAM)),
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Identity of a firewall of any of the three generations."""
    utm = UTM.match(walk.description)
    if not utm and not walk.is_of(f"{SOPHOS}.5", CYBEROAM) and not walk.has(DEVICE):
        return
    yield from walk.vote("firewall", 100, "sophos", DESCRIPTION if utm else OBJECT_ID)
    yield from walk.fact("maker", "Sophos", DESCRIPTION if utm else OBJECT_ID, weight=40)
    yield from walk.states(IDENTITY, weight=70)
    yield from walk.states(OLD_IDENTITY, weight=65)
    if utm:
        yield from walk.fact("model", "UTM", DESCRIPTION, weight=20)
