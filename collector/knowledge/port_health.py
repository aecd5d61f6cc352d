"""Errors, states and duplex of ports (IF-MIB, RFC 2863; EtherLike-MIB, RFC 3635) and power over Ethernet (RFC 3621).

Counters of errors are stated where they are not zero: a switch of 400 ports would state thousands of zeros. How many
ports were looked at is stated beside, so that silence and absence differ. Rates are not read: one walk has none.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from collector.knowledge import LONGEST_INDEX, Ask, Statement, Walk
from collector.readers import word
from stocktake.values import Cadence, Condition

ENTRY = "1.3.6.1.2.1.2.2.1"
COUNTERS = {"errors_in": f"{ENTRY}.14", "errors_out": f"{ENTRY}.20", "discards_in": f"{ENTRY}.13",
            "discards_out": f"{ENTRY}.19"}  # fmt: skip
#: ifOperStatus, which `interfaces` reads and nobody may ask once a day; dot3StatsDuplexStatus
STATUS, DUPLEX = f"{ENTRY}.8", "1.3.6.1.2.1.10.7.2.1.19"
SUPPLY = "1.3.6.1.2.1.105.1.3.1.1"  # pethMainPseEntry, by group
CAPACITY, SUPPLY_STATUS, CONSUMPTION = (f"{SUPPLY}.{number}" for number in (2, 3, 4))
BRIDGE_PORTS = "1.3.6.1.2.1.17.1.2"  # what says that it is a switch
PORT_DETECTION = "1.3.6.1.2.1.105.1.1.1.6"  # pethPsePortDetectionStatus, by group and port

ASKS = (
    Ask("port_health", Cadence.HEALTH, tables=tuple(COUNTERS.values())),
    Ask("port_states", Cadence.HEALTH, tables=(STATUS,)),
    Ask("port_duplex", Cadence.HEALTH, tables=(DUPLEX,), condition=Condition(answered=BRIDGE_PORTS)),
    Ask("power_over_ethernet", Cadence.HEALTH, tables=(CAPACITY, SUPPLY_STATUS, CONSUMPTION, PORT_DETECTION)),
)

DUPLEXES = word({2: "half", 3: "full"})
SUPPLY_STATES = {1: "on", 2: "off", 3: "faulty"}
DELIVERING, FAULTS = 3, (4, 6)  # deliveringPower; fault, otherFault
MOST_PORTS = 512
SWITCH_PORTS = 4
ZERO = b"\0"  # the value of most counters


def read(walk: Walk) -> Iterator[Statement]:
    """What is wrong with ports, and what power goes out of them."""
    for name, column in COUNTERS.items():
        rows = walk.column(column)
        wrong = [index for index, binding in islice(rows.items(), MOST_PORTS) if binding.value != ZERO]
        for index in wrong:
            count = walk.integer(f"{column}.{index}") or 0
            if count > 0:
                component = f"interface/{index[:LONGEST_INDEX]}"
                yield from walk.fact(name, count, f"{column}.{index}", component=component)
        if rows and name == "errors_in":
            yield from walk.fact("ports_looked_at", len(rows), column)
    yield from walk.column_states("duplex", DUPLEX, component="interface", read=DUPLEXES)
    yield from _power(walk)


def _power(walk: Walk) -> Iterator[Statement]:
    for index in walk.column(CAPACITY):
        component = f"power over ethernet/{index[:LONGEST_INDEX]}"
        for name, column in (("capacity", CAPACITY), ("consumption", CONSUMPTION)):
            watts = walk.integer(f"{column}.{index}")
            if watts is not None and 0 <= watts < 100_000:
                yield from walk.fact(name, watts, f"{column}.{index}", component=component, unit="watts")
        state = SUPPLY_STATES.get(walk.integer(f"{SUPPLY_STATUS}.{index}") or 0)
        yield from walk.fact("status", state, f"{SUPPLY_STATUS}.{index}", component=component)
    ports = {index: walk.integer(f"{PORT_DETECTION}.{index}") for index in walk.column(PORT_DETECTION)}
    if len(ports) >= SWITCH_PORTS:
        yield from walk.vote("switch", 30, "feeds_ports", PORT_DETECTION)
    if ports:
        fed = sum(state == DELIVERING for state in ports.values())
        yield from walk.fact("ports_fed", fed, PORT_DETECTION)
        yield from walk.fact("ports_with_power_faults", sum(s in FAULTS for s in ports.values()), PORT_DETECTION)
