"""A school whose switches are wired: a firewall, two cores, floors, and switches under desks; made by evidence."""

from __future__ import annotations

from dataclasses import replace

from web_estate import HOSTILE, NOW, World, asked, bring, interfaces, neighbours, number, system

from collector import understand
from collector.store import Transaction, wiring
from collector.topology.network import BEHIND_PHONE, DIRECT, Attachment, Link, Network, Place, Proposed, Unknown
from collector.topology.ports import Port
from collector.topology.tables import Tables
from stocktake import values as v

LAPTOP, LOST, STRANGER = "b8:27:eb:00:00:01", "b8:27:eb:00:00:02", "00:11:22:33:44:55"
AGGREGATE = 101
BRIDGE_PORTS = "1.3.6.1.2.1.17.1.2.0"
IOS = "Cisco IOS Software, C2960X Software, Version 15.2(7)E4"


def fill_network(world: World, floors: int = 4) -> dict[str, str]:
    """Device ids by name: `core-1`, `core-2`, `floor-1` …, `desk`, `alone`, `laptop`, `lost`."""
    names = ["core-1", "core-2", *(f"floor-{floor}" for floor in range(1, floors + 1)), "desk", "alone"]
    names[names.index("desk")] = HOSTILE
    examined = [
        asked(f"10.1.0.{octet}", system(name, IOS), _ports(f"00:1b:21:00:{octet:02x}:10"),
              mac=f"00:1b:21:00:{octet:02x}:10")
        for octet, name in enumerate(names, 1)
    ]  # fmt: skip
    bring(world, "elm", "Elm Primary School", (*examined, neighbours(("10.1.1.1", LAPTOP), ("10.1.1.2", LOST))))
    while understand.understand_pending(world.store, world.trust_id, NOW):
        pass
    ids = {name: world.device(name).device_id for name in names}
    ids |= {"desk": ids[HOSTILE], "laptop": world.device(LAPTOP).device_id, "lost": world.device(LOST).device_id}
    network, tables = _network(ids, floors), [_tables(ids[name], name) for name in names]
    world.store.write(lambda connection: _keep(connection, world, network, tables))
    return ids


def _ports(mac: str) -> v.GroupResult:
    """Interfaces of something that bridges."""
    group = interfaces(mac, 4, "patch")
    assert isinstance(group.content, v.SnmpBindings)
    bindings = (*group.content.bindings, number(BRIDGE_PORTS, 4))
    return replace(group, content=replace(group.content, bindings=bindings))


def _keep(connection: Transaction, world: World, network: Network, tables: list[Tables]) -> None:
    row = connection.exec_driver_sql("SELECT site_id FROM site").one()
    wiring.keep(connection, world.trust_id, row.site_id, network, tables, NOW)


def _tables(device_id: str, name: str) -> Tables:
    ports = {index: Port(name=f"GigabitEthernet1/0/{index}") for index in range(1, 5)}
    return Tables(device_id, name, ports={**ports, AGGREGATE: Port(name="Po1")})


def _network(ids: dict[str, str], floors: int) -> Network:
    one, two, desk = ids["core-1"], ids["core-2"], ids["desk"]
    links = [_link(Place(one, AGGREGATE), Place(two, AGGREGATE), "lldp", members=2)]
    for index in range(1, floors + 1):
        floor = ids[f"floor-{index}"]
        links.append(_link(Place(one, 10 + index), Place(floor, 1), "cdp"))
        links.append(_link(Place(two, 10 + index), Place(floor, 2), "lldp", standby=True))
    links.append(_link(Place(ids["floor-1"], 3), Place(desk, 1), "forwarding"))
    places = (Place(ids["floor-2"], 4), Place(ids["floor-3"], 4), Place(ids["floor-4"], 4))
    links.append(Link(places, places, "lldp", False, "three ports hear each other"))
    return Network(
        links=tuple(links),
        attachments=(
            Attachment(LAPTOP, Place(desk, 2), (10, 20), BEHIND_PHONE, "", "learned at desk alone; a phone is heard"),
            Attachment(STRANGER, Place(desk, 3), (), DIRECT, "", "learned at desk alone"),
        ),
        unknown=(Unknown(LOST, (Place(one, 1),), "learned at two ports of which neither leads to the other"),),
        proposed=(Proposed(HOSTILE, "", "10.1.0.99", "", Place(one, 2), "heard at core-1"),),
        present=frozenset(),
    )


def _link(first: Place, second: Place, told: str, *, standby: bool = False, members: int = 1) -> Link:
    many = tuple(Place(end.device, port) for end in (first, second) for port in range(1, members + 1))
    return Link((first, second), many, told, standby, "they hear each other")
