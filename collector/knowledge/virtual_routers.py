"""Virtual routing tables (VRF) of a router, and of which of them the neighbours were not read: it is no silence.

CISCO-VRF-MIB, MPLS-L3VPN-STD-MIB (RFC 4382), ARISTA-VRF-MIB. Most routers show the neighbour tables of a VRF in an SNMP
context of its own, whose name an administrator chose, and for v2c also its community: `arp_tables` asks in those that a
router tells of. Junos shows the neighbours of all its routing instances to who asks in none. VRFs for management have
no hosts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.facts import text
from collector.knowledge import Ask, Statement, Walk
from collector.walks import BY_VRF, VIEW
from stocktake.values import Condition

FORWARDING = "1.3.6.1.2.1.4.1.0"  # ipForwarding: 1 forwards
CISCO_NAMES = "1.3.6.1.4.1.9.9.711.1.1.1.1.2"  # cvVrfName
STANDARD = "1.3.6.1.2.1.10.166.11.1.2.2.1.6"  # mplsL3VpnVrfOperStatus: the index is length and octets of the name
ARISTA = "1.3.6.1.4.1.30065.3.18.1.1.1.2"  # aristaVrfRoutingStatus: indexed as the standard one
CONTEXTS = "1.3.6.1.4.1.9.9.468.1.1.1.2", "1.3.6.1.4.1.1588.3.1.7.1.1.1.1.2"  # context → VRF: Cisco's, Brocade's
JUNIPER = "1.3.6.1.4.1.2636"

ASKS = (
    Ask("virtual_routers", tables=(STANDARD,), condition=Condition(value_oid=FORWARDING, value_prefix=b"\x01")),
    Ask("cisco_virtual_routers", tables=(CISCO_NAMES,),
        condition=Condition(object_id_prefixes=("1.3.6.1.4.1.9",), value_oid=FORWARDING, value_prefix=b"\x01")),
)  # fmt: skip

MANAGEMENT = re.compile(r"(?i)mgmt|manage|^__|^(default|global)$")  # of names; two underscores are the system's own
MOST_NAMED = 4


def read(walk: Walk) -> Iterator[Statement]:
    """How many VRFs there are for hosts, and of which the neighbours may be missing."""
    cisco = walk.column(CISCO_NAMES)
    told = {walk.text(f"{CISCO_NAMES}.{index}") for index in cisco}
    told |= {_name(index) for column in (STANDARD, ARISTA) for index in walk.column(column)}
    names = sorted(name for name in told if name and not MANAGEMENT.search(name))
    if not names:
        return
    place = next(column for column in (CISCO_NAMES, STANDARD, ARISTA) if walk.column(column))
    yield from walk.fact("virtual_routers", len(names), place)
    asked = _asked(walk)
    missing = [name for name in names if name not in asked]
    if missing and not walk.is_of(JUNIPER):
        more = f" and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else ""
        named = ", ".join(missing[:MOST_NAMED]) + more
        yield from walk.unread(f"neighbours in virtual routing tables may be missing: {named}", place)


def _asked(walk: Walk) -> set[str]:
    """The VRFs in whose views the router answered; a view is named as its context, which may be mapped to a VRF."""
    views = {view for base, _, view in (group.partition(VIEW) for group in walk.groups) if base.endswith(BY_VRF)}
    mapped = {_name(i): walk.text(f"{column}.{i}") for column in CONTEXTS for i in walk.column(column)}
    return {mapped.get(view) or view for view in views}


def _name(index: str) -> str:
    """The name that an index spells, or "" where it spells none."""
    arcs = [int(arc) for arc in index.split(".") if arc.isdigit()]
    if len(arcs) < 2 or arcs[0] != len(arcs) - 1 or max(arcs) > 255:
        return ""
    return text(bytes(arcs[1:]), 64)
