"""Virtual routing tables (VRF) of a router, whose neighbours are not asked for: that is said, so that it is no silence.

CISCO-VRF-MIB, MPLS-L3VPN-STD-MIB (RFC 4382). Most routers show the neighbour tables of a VRF in an SNMP context of its
own, whose name, and for v2c whose community, an administrator chose: neither follows from the VRF. So hosts behind it
are found by an agent that sweeps their network, or by forwarding tables, and not by such a router. VRFs for management
have none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.facts import text
from collector.knowledge import Ask, Statement, Walk
from stocktake.values import Condition

FORWARDING = "1.3.6.1.2.1.4.1.0"  # ipForwarding: 1 forwards
CISCO_NAMES = "1.3.6.1.4.1.9.9.711.1.1.1.1.2"  # cvVrfName
STANDARD = "1.3.6.1.2.1.10.166.11.1.2.2.1.6"  # mplsL3VpnVrfOperStatus: the index is length and octets of the name

ASKS = (
    Ask("virtual_routers", tables=(STANDARD,), condition=Condition(value_oid=FORWARDING, value_prefix=b"\x01")),
    Ask("cisco_virtual_routers", tables=(CISCO_NAMES,),
        condition=Condition(object_id_prefixes=("1.3.6.1.4.1.9",), value_oid=FORWARDING, value_prefix=b"\x01")),
)  # fmt: skip

MANAGEMENT = re.compile(r"(?i)mgmt|manage|^__|^(default|global)$")  # of names; two underscores are the system's own
MOST_NAMED = 4


def read(walk: Walk) -> Iterator[Statement]:
    """How many VRFs there are for hosts, and that their neighbours may be missing."""
    cisco, standard = walk.column(CISCO_NAMES), walk.column(STANDARD)
    told = {walk.text(f"{CISCO_NAMES}.{index}") for index in cisco} | {_name(index) for index in standard}
    names = sorted(name for name in told if name and not MANAGEMENT.search(name))
    if not names:
        return
    place = CISCO_NAMES if cisco else STANDARD
    yield from walk.fact("virtual_routers", len(names), place)
    named = ", ".join(names[:MOST_NAMED]) + (f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else "")
    yield from walk.unread(f"neighbours in virtual routing tables may be missing: {named}", place)


def _name(index: str) -> str:
    """The name that an index spells, or "" where it spells none."""
    arcs = [int(arc) for arc in index.split(".") if arc.isdigit()]
    if len(arcs) < 2 or arcs[0] != len(arcs) - 1 or max(arcs) > 255:
        return ""
    return text(bytes(arcs[1:]), 64)
