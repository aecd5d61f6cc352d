"""Power over Ethernet of each port: whether it is fed, the class of what it feeds, and which interface it is.

POWER-ETHERNET-MIB (RFC 3621), CISCO-POWER-ETHERNET-EXT-MIB with ENTITY-MIB, HP-ICF-POE-MIB. The supplies, and how many
ports they feed, are in `port_health`; watts of a port that other makers tell are in the files of these makers.

A port is told by group and number, and RFC 3621 does not say which interface that is. `interface_index` says it where

1. Cisco names the physical port, and ENTITY-MIB its interface, or an interface has the name of the physical port;
2. elsewhere, every number in the table is that of an Ethernet interface, no two groups share one, and of the ports that
   are fed most have a link: so do the switches that number both alike.

Where neither holds it stays unsaid, and pages show the port by group and number alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from collector.knowledge import LONGEST_INDEX, Ask, Statement, Walk
from collector.readers import measure, word
from stocktake.values import Cadence, Condition

SUPPLIES = "1.3.6.1.2.1.105.1.3.1.1.2"  # pethMainPsePower, which `port_health` asks for
PORTS = "1.3.6.1.2.1.105.1.1.1"  # pethPsePortEntry: the index is group and port
ALLOWED, STATE, CLASS = f"{PORTS}.3", f"{PORTS}.6", f"{PORTS}.10"
CISCO_PORTS = "1.3.6.1.4.1.9.9.402.1.2.1.11"  # cpeExtPsePortEntPhyIndex
ENTITY_NAMES = "1.3.6.1.2.1.47.1.1.1.1.7"
ENTITY_INTERFACES = "1.3.6.1.2.1.47.1.3.2.1.2"  # entAliasMappingIdentifier: the index is entity and logical entity
INTERFACE = "1.3.6.1.2.1.2.2.1.1."  # ifIndex, as the alias names a row
INTERFACE_TYPES, INTERFACE_STATES = "1.3.6.1.2.1.2.2.1.3", "1.3.6.1.2.1.2.2.1.8"
INTERFACE_NAMES = ("1.3.6.1.2.1.31.1.1.1.1", "1.3.6.1.2.1.2.2.1.2")
HP_POWER = "1.3.6.1.4.1.11.2.14.11.1.9.1.1.1.3"  # hpicfPoePethPsePortPower, in milliwatts

ASKS = (
    Ask("power_of_ports", Cadence.TABLES, tables=(ALLOWED, CLASS), condition=Condition(answered=SUPPLIES)),
    Ask("cisco_power_of_ports", tables=(CISCO_PORTS, ENTITY_INTERFACES),
        condition=Condition(object_id_prefixes=("1.3.6.1.4.1.9",), answered=SUPPLIES)),
    Ask("hp_power_of_ports", Cadence.HEALTH, tables=(HP_POWER,),
        condition=Condition(object_id_prefixes=("1.3.6.1.4.1.11.2.3.7.11",), answered=SUPPLIES)),
)  # fmt: skip

COMPONENT = "power over ethernet"
FED, FORBIDDEN, UP = 3, 2, 1  # deliveringPower; false of a TruthValue; up of ifOperStatus
STATES = {1: "switched off", 2: "searching", FED: "fed", 4: "fault", 5: "test", 6: "fault"}
CLASSES = word({1: "class 0", 2: "class 1", 3: "class 2", 4: "class 3", 5: "class 4"})
ETHERNET = (6, 62, 69, 117)  # of ifType
WATTS = measure(0, 200, 0.001)


def read(walk: Walk) -> Iterator[Statement]:
    """State, class, watts and interface of every port that can feed."""
    states = walk.numbers(STATE)
    for index, state in states.items():
        forbidden = state != FED and walk.integer(f"{ALLOWED}.{index}") == FORBIDDEN
        said = "switched off" if forbidden else STATES.get(state)
        yield from walk.fact("power_state", said, f"{STATE}.{index}", component=_component(index))
    fed = {index for index, state in states.items() if state == FED}
    yield from walk.column_states("power_class", CLASS, component=COMPONENT, read=CLASSES, only=fed)
    yield from walk.column_states("power", HP_POWER, component=COMPONENT, read=WATTS, unit="watts")
    for index, interface, oid in _interfaces(walk, states):
        yield from walk.fact("interface_index", interface, oid, component=_component(index))


def _component(index: str) -> str:
    return f"{COMPONENT}/{index[:LONGEST_INDEX]}"


def _interfaces(walk: Walk, states: dict[str, int]) -> Iterator[tuple[str, int, str]]:
    """(index of the port, interface, OID that tells it)."""
    entities = {index: entity for index, entity in walk.numbers(CISCO_PORTS).items() if entity > 0}
    if entities:
        aliases, names = _aliases(walk), _names(walk)
        for index, entity in entities.items():
            found = aliases.get(entity) or names.get(walk.text(f"{ENTITY_NAMES}.{entity}"))
            if found:
                yield index, found, f"{CISCO_PORTS}.{index}"
    elif _numbered_alike(walk, states):
        yield from ((index, _number(index), f"{STATE}.{index}") for index in states)


def _aliases(walk: Walk) -> dict[int, int]:
    """Physical entity → its interface."""
    found: dict[int, int] = {}
    for index in walk.column(ENTITY_INTERFACES):
        entity, pointed = index.partition(".")[0], walk.text(f"{ENTITY_INTERFACES}.{index}")
        row = pointed.removeprefix(INTERFACE)
        if entity.isdigit() and row != pointed and row.isdigit():
            found.setdefault(int(entity), int(row))
    return found


def _names(walk: Walk) -> dict[str, int]:
    """Name → the one interface that has it."""
    told = {
        (walk.text(f"{column}.{index}"), int(index))
        for column in INTERFACE_NAMES
        for index in walk.column(column)
        if index.isdigit()
    }
    count = Counter(name for name, _ in told)
    return {name: index for name, index in told if name and count[name] == 1}


def _number(index: str) -> int:
    """The number of a port in its group; 0 where the index is not one of two."""
    group, _, number = index.partition(".")
    return int(number) if group.isdigit() and number.isdigit() else 0


def _numbered_alike(walk: Walk, states: dict[str, int]) -> bool:
    """Whether ports are numbered as interfaces are (rule 2)."""
    numbers = [_number(index) for index in states]
    types, links = walk.numbers(INTERFACE_TYPES), walk.numbers(INTERFACE_STATES)
    if not numbers or len(set(numbers)) < len(numbers):
        return False
    if any(types.get(str(number)) not in ETHERNET for number in numbers):
        return False
    fed = [links.get(str(_number(index))) for index, state in states.items() if state == FED]
    return sum(link == UP for link in fed) * 2 >= len(fed)
