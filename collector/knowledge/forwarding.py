"""What tells at which port a MAC is: forwarding tables, link aggregates, and the ports that neighbours name.

BRIDGE-MIB (RFC 4188), Q-BRIDGE-MIB (RFC 4363), IEEE8023-LAG-MIB, ifStackTable (RFC 2863), the local half of LLDP-MIB;
of Cisco the VLANs, as IOS shows the table of each VLAN in a view of its own (community `name@10`, context `vlan-10`);
of Huawei and Alcatel-Lucent their own tables (HUAWEI-L2MAM-MIB, ALCATEL-IND1-MAC-ADDRESS-MIB), which tell the VLAN
where a switch fills in no other.
Of all this only the VLAN of a port's untagged frames, and how soon a switch forgets, are stated here: one switch alone
cannot tell where a device hangs, `collector/topology` looks at all of a site.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import Ask, Statement, Walk
from collector.readers import measure
from stocktake import ber
from stocktake.values import Binding, Cadence, Condition, Expansion

BRIDGE = "1.3.6.1.2.1.17.1"  # dot1dBase: who answers here is a bridge
BASE_ADDRESS = f"{BRIDGE}.1.0"
BASE_PORT_INTERFACES = f"{BRIDGE}.4.1.2"  # dot1dBasePortIfIndex
SPANNING_TREE_STATES = "1.3.6.1.2.1.17.2.15.1.3"  # dot1dStpPortState
AGEING_SECONDS = "1.3.6.1.2.1.17.4.2.0"  # dot1dTpAgingTime
LEARNED_PORTS, LEARNED_HOW = "1.3.6.1.2.1.17.4.3.1.2", "1.3.6.1.2.1.17.4.3.1.3"  # dot1dTpFdbPort, dot1dTpFdbStatus
VLAN_LEARNED_PORTS = "1.3.6.1.2.1.17.7.1.2.2.1.2"  # dot1qTpFdbPort: the index is filtering database and MAC
VLAN_LEARNED_HOW = "1.3.6.1.2.1.17.7.1.2.2.1.3"  # dot1qTpFdbStatus
VLAN_DATABASES = "1.3.6.1.2.1.17.7.1.4.2.1.3"  # dot1qVlanFdbId: the index is time mark and VLAN
PORT_VLANS = "1.3.6.1.2.1.17.7.1.4.5.1.1"  # dot1qPvid
AGGREGATES = "1.2.840.10006.300.43.1.2.1.1.13"  # dot3adAggPortAttachedAggID
STACKED = "1.3.6.1.2.1.31.1.2.1.3"  # ifStackStatus: the index is the upper and the lower interface

LLDP = "1.0.8802.1.1.2.1"
LLDP_HEARD = f"{LLDP}.4.1.1.5"  # lldpRemChassisId
LLDP_LOCAL_CHASSIS_KIND, LLDP_LOCAL_CHASSIS = f"{LLDP}.3.1.0", f"{LLDP}.3.2.0"
LLDP_LOCAL_PORT_KINDS, LLDP_LOCAL_PORTS, LLDP_LOCAL_PORT_TEXTS = (f"{LLDP}.3.7.1.{number}" for number in (2, 3, 4))
LLDP_FAR_PORT_TEXTS = f"{LLDP}.4.1.1.8"  # lldpRemPortDesc
LLDP_FAR_ADDRESSES = f"{LLDP}.4.2.1.3"  # lldpRemManAddrIfSubtype: the index tells the address

CISCO = "1.3.6.1.4.1.9"
#: vtpVlanState of management domain 1, the only one there is, so that the index is the VLAN alone
CISCO_VLANS = f"{CISCO}.9.46.1.3.1.1.2.1"
#: FDDI and token ring, which every switch lists by itself and has no table of
UNUSED_VLANS = ("1002", "1003", "1004", "1005")
CISCO_CHANNELS = f"{CISCO}.9.98.1.1.1.1.8"  # pagpGroupIfIndex
BY_VLAN = "forwarding_by_vlan"

HUAWEI, ALCATEL = "1.3.6.1.4.1.2011", "1.3.6.1.4.1.6486.800"
HUAWEI_LEARNED = f"{HUAWEI}.5.25.42.2.1.3.1.4"  # hwDynFdbPort: an interface; the index is MAC, VLAN and VSI
ALCATEL_LEARNED = f"{ALCATEL}.1.2.1.8.1.1.1.1.3"  # slMacAddressDisposition: the index is interface, VLAN and MAC
#: the groups that ask for forwarding tables
LEARNED = ("forwarding", BY_VLAN, "huawei_forwarding", "alcatel_forwarding")

IS_BRIDGE = Condition(answered=BRIDGE)
ASKS = (
    Ask(
        "forwarding",
        Cadence.TABLES,
        scalars=(AGEING_SECONDS,),
        tables=(LEARNED_PORTS, LEARNED_HOW, VLAN_LEARNED_PORTS, VLAN_LEARNED_HOW, VLAN_DATABASES, PORT_VLANS,
                SPANNING_TREE_STATES),
        condition=IS_BRIDGE,
    ),
    Ask("huawei_forwarding", Cadence.TABLES, tables=(HUAWEI_LEARNED,),
        condition=Condition(object_id_prefixes=(HUAWEI,), answered=BRIDGE)),
    Ask("alcatel_forwarding", Cadence.TABLES, tables=(ALCATEL_LEARNED,),
        condition=Condition(object_id_prefixes=(ALCATEL,), answered=BRIDGE)),
    Ask("link_aggregates", Cadence.TABLES, tables=(AGGREGATES, STACKED), condition=IS_BRIDGE),
    Ask(
        "lldp_ports",
        Cadence.TABLES,
        scalars=(LLDP_LOCAL_CHASSIS_KIND, LLDP_LOCAL_CHASSIS),
        tables=(LLDP_LOCAL_PORT_KINDS, LLDP_LOCAL_PORTS, LLDP_LOCAL_PORT_TEXTS, LLDP_FAR_PORT_TEXTS,
                LLDP_FAR_ADDRESSES),
        condition=Condition(answered=LLDP_HEARD),
    ),
    Ask(
        "cisco_vlans",
        Cadence.TABLES,
        tables=(CISCO_VLANS, CISCO_CHANNELS),
        condition=Condition(object_id_prefixes=(CISCO,), answered=BRIDGE),
    ),
    Ask(
        BY_VLAN,
        Cadence.TABLES,
        tables=(LEARNED_PORTS, LEARNED_HOW, BASE_PORT_INTERFACES, SPANNING_TREE_STATES),
        condition=Condition(object_id_prefixes=(CISCO,), answered=CISCO_VLANS),
        expansion=Expansion(CISCO_VLANS, community_suffix="@", context_prefix="vlan-", left_out=UNUSED_VLANS),
    ),
)  # fmt: skip

#: what begins the OID of a row of a maker's own table
OF_MAKERS = (f"{HUAWEI_LEARNED}.", f"{ALCATEL_LEARNED}.")


def row_of_maker(binding: Binding) -> tuple[str, str, int] | None:
    """MAC (as arcs), VLAN (an arc) and interface of a row of a maker's own table; None where its index is cut off."""
    if binding.oid.startswith(OF_MAKERS[0]):
        index, interface = binding.oid[len(OF_MAKERS[0]) :].split("."), ber.integer(binding) or 0
        found, vlan = index[:6], index[6:7]
    else:
        index = binding.oid[len(OF_MAKERS[1]) :].split(".")
        found, vlan, interface = index[2:], index[1:2], int(index[0])
    return (".".join(found), vlan[0], interface) if vlan else None


AGEING = measure(10, 1_000_000)  # RFC 4188: the range of dot1dTpAgingTime
VLAN = measure(1, 4094)


def read(walk: Walk) -> Iterator[Statement]:
    """How soon a MAC that is not heard is forgotten, and the VLAN of each port's untagged frames."""
    yield from walk.state("forgets_after", AGEING_SECONDS, read=AGEING, unit="seconds")
    for port in walk.column(PORT_VLANS):
        interface = walk.integer(f"{BASE_PORT_INTERFACES}.{port}")
        if interface and interface > 0:
            yield from walk.state("vlan", f"{PORT_VLANS}.{port}", read=VLAN, component=f"interface/{interface}")
