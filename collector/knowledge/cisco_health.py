"""Health of Cisco devices: temperatures, fans, power supplies, processors, memory, and the roles of stack members.

CISCO-ENVMON-MIB, CISCO-PROCESS-MIB, CISCO-MEMORY-POOL-MIB and CISCO-STACKWISE-MIB; on Catalyst switches their indexes
are those of ENTITY-MIB, so components are called by the same names.

Identity is not read here.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import LONGEST_INDEX, Ask, Statement, Walk, as_integer
from stocktake.values import Cadence, Condition

CISCO = "1.3.6.1.4.1.9.9"
TEMPERATURES = f"{CISCO}.13.1.3.1"  # ciscoEnvMonTemperatureStatusEntry: .2 description .3 value .6 state
FANS, SUPPLIES = f"{CISCO}.13.1.4.1", f"{CISCO}.13.1.5.1"  # .2 description .3 state
LOAD = f"{CISCO}.109.1.1.1.1.8"  # cpmCPUTotal5minRev
POOLS = f"{CISCO}.48.1.1.1"  # ciscoMemoryPoolEntry: .2 name .5 used .6 free
MEMBERS = f"{CISCO}.500.1.2.1.1"  # cswSwitchInfoEntry, by entPhysicalIndex: .1 number .3 role .6 state .7 MAC
STATES = {1: "ok", 2: "warning", 3: "critical", 4: "off", 5: "not present", 6: "failed"}
ROLES = {1: "master", 2: "member", 3: "not a member", 4: "standby"}
MEMBER_STATES = {1: "waiting", 2: "progressing", 3: "added", 4: "ready", 5: "SDM mismatch", 6: "version mismatch",
                 7: "feature mismatch", 8: "new master", 9: "provisioned", 10: "invalid", 11: "removed"}  # fmt: skip

CONDITION = Condition(object_id_prefixes=("1.3.6.1.4.1.9.1", "1.3.6.1.4.1.9.12"))
ASKS = (
    Ask("cisco_health", Cadence.HEALTH,
        tables=(f"{TEMPERATURES}.2", f"{TEMPERATURES}.3", f"{FANS}.2", f"{FANS}.3", f"{SUPPLIES}.2", f"{SUPPLIES}.3",
                LOAD, f"{POOLS}.2", f"{POOLS}.5", f"{POOLS}.6"), condition=CONDITION),
    Ask("cisco_stack", tables=tuple(f"{MEMBERS}.{n}" for n in (1, 3, 6, 7)), condition=CONDITION),
)  # fmt: skip
HOTTEST = 200  # celsius: more is a register that counts something else
MOST = 128


def read(walk: Walk) -> Iterator[Statement]:
    """Readings of every part, and who is who in the stack."""
    if not walk.has(CISCO):
        return
    yield from _temperatures(walk)
    for entry, word in ((FANS, "fan"), (SUPPLIES, "power supply")):
        for index in _indexes(walk, f"{entry}.3"):
            component = f"{word}/{index}"
            yield from walk.state("name", f"{entry}.2.{index}", component=component)
            state = STATES.get(walk.integer(f"{entry}.3.{index}") or 0)
            yield from walk.fact("status", state, f"{entry}.3.{index}", component=component)
    for index in _indexes(walk, LOAD):
        if 0 <= (walk.integer(f"{LOAD}.{index}") or 0) <= 100:
            yield from walk.state("load", f"{LOAD}.{index}", read=as_integer, component=f"processor/{index}",
                                  unit="percent")  # fmt: skip
    yield from _pools(walk)
    yield from _members(walk)


def _temperatures(walk: Walk) -> Iterator[Statement]:
    for index in _indexes(walk, f"{TEMPERATURES}.3"):
        place = f"{TEMPERATURES}.3.{index}"
        if 0 < (walk.integer(place) or 0) < HOTTEST:
            component = f"sensor/{index}"
            yield from walk.state("name", f"{TEMPERATURES}.2.{index}", component=component)
            yield from walk.state("temperature", place, read=as_integer, component=component, unit="celsius")


def _pools(walk: Walk) -> Iterator[Statement]:
    for index in _indexes(walk, f"{POOLS}.5"):
        used, free = walk.integer(f"{POOLS}.5.{index}"), walk.integer(f"{POOLS}.6.{index}")
        if used is None or free is None or used < 0 or free < 0:
            continue
        component = f"memory/{index}"
        yield from walk.state("name", f"{POOLS}.2.{index}", component=component)
        yield from walk.fact("used", used, f"{POOLS}.5.{index}", component=component, unit="bytes")
        yield from walk.fact("size", used + free, f"{POOLS}.6.{index}", component=component, unit="bytes")


def _members(walk: Walk) -> Iterator[Statement]:
    """Facts of the members, by the names that ENTITY-MIB gives to the same rows."""
    indexes = _indexes(walk, f"{MEMBERS}.3")
    for index in indexes:
        component = f"{'stack member' if len(indexes) > 1 else 'chassis'}/{index}"
        yield from walk.state("member", f"{MEMBERS}.1.{index}", read=as_integer, component=component)
        yield from walk.state("mac", f"{MEMBERS}.7.{index}", component=component)
        for name, column, words in (("role", 3, ROLES), ("status", 6, MEMBER_STATES)):
            place = f"{MEMBERS}.{column}.{index}"
            yield from walk.fact(name, words.get(walk.integer(place) or 0), place, component=component)


def _indexes(walk: Walk, column: str) -> list[str]:
    return [index for index in walk.column(column) if len(index) <= LONGEST_INDEX][:MOST]
