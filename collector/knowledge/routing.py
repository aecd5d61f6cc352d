"""IP-MIB, OSPF-MIB (RFC 4750) and BGP4-MIB (RFC 4273): hints that a device routes. Routes and neighbours are not read.

Computers forward packets too, and switches route: each hint is weak, and a router is believed where several meet.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import Ask, Statement, Walk

FORWARDING = "1.3.6.1.2.1.4.1.0"  # ipForwarding: 1 forwards
OSPF = "1.3.6.1.2.1.14.1.2.0"  # ospfAdminStat: 1 is enabled
BGP_AS = "1.3.6.1.2.1.15.2.0"  # bgpLocalAs: 0 where there is none
ADDRESSES = "1.3.6.1.2.1.4.20.1.2"  # ipAdEntIfIndex
SEVERAL = 4  # routed interfaces

ASKS = (Ask("routing", scalars=(FORWARDING, OSPF, BGP_AS), tables=(ADDRESSES,)),)


def read(walk: Walk) -> Iterator[Statement]:
    """Votes for router."""
    forwards = walk.integer(FORWARDING) == 1
    if forwards:
        yield from walk.fact("forwarding", value=True, oid=FORWARDING)
        yield from walk.vote("router", 10, "forwarding", FORWARDING)
    if walk.integer(OSPF) == 1:
        yield from walk.vote("router", 12, "ospf", OSPF)
    if (walk.integer(BGP_AS) or 0) > 0:
        yield from walk.vote("router", 15, "bgp", BGP_AS)
    routed = {walk.integer(f"{ADDRESSES}.{index}") for index in walk.column(ADDRESSES) if not index.startswith("127.")}
    if forwards and len(routed) >= SEVERAL:
        yield from walk.vote("router", 10, "routed_interfaces", ADDRESSES)
