"""How devices of each class are seen: by the agent on them, by sweeps, by SNMP, in tables of others, in records.

The ordinary estate of a school is made here, with what is ordinary trouble for every class: partial walks, interfaces
that are switched off, delivery lists that name a serial and nothing else, addresses that are given to others later.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from collector.facts import Identifier, IdentifierKind
from estate_maker import (
    ARP,
    HOST,
    RECORD,
    SNMP,
    Maker,
    Phase,
    School,
    Thing,
    identifiers,
    mac_of,
    macs_of,
    serial_of,
    tag_of,
)

COMPUTER_MAKERS = ("Dell Inc.", "HP", "LENOVO", "Acer", "Microsoft Corporation", "Stone Computers")
#: class → how many a secondary school has (a primary has a third)
USUAL = {"desktop": 240, "laptop": 150, "tablet": 60, "chromebook": 50, "printer": 22, "switch": 14, "access point": 20,
         "phone": 45, "camera": 40, "display": 40, "server": 4, "ups": 4, "nas": 1, "projector": 8}  # fmt: skip
NO_TAG = ("No Asset Tag", "Default string", "", "To Be Filled By O.E.M.")


# ------------------------------------------------------------------------------------------------ views


def by_its_agent(maker: Maker, thing: Thing, phase: Phase) -> None:
    """The agent on a machine lists its interfaces; one machine of ten has its wireless switched off for a while."""
    if not phase.agent:
        return
    worn = macs_of(phase.worn, phase.school.site)
    where = (phase.agent, "host", HOST)
    maker.see(thing, where, [*identifiers(phase), *worn], phase)
    if len(phase.macs) > 1 and maker.chance(0.1):
        maker.see(thing, where, [*identifiers(replace(phase, macs=phase.macs[:1])), *worn], phase)


def by_its_address(maker: Maker, thing: Thing, phase: Phase, macs: Sequence[str] | None = None) -> None:
    """MACs as they are met: by sweeps of one or two agents, and in the core switch's table, which remembers."""
    school = phase.school
    for address in phase.macs if macs is None else macs:
        found = list(mac_of(address, school.site))
        if not found:
            continue
        for agent in school.sweepers:
            if maker.chance(0.75):
                maker.see(thing, (agent, f"network/{school.number}", ARP), found, phase)
        if maker.chance(0.7):
            behind = replace(phase, end=phase.end + timedelta(hours=4))
            maker.see(thing, (school.sweepers[0], "10.0.0.1", SNMP), found, behind, told_of=True)


def by_snmp(maker: Maker, thing: Thing, phase: Phase, addresses: Sequence[str] = ("",)) -> None:
    """Walks of each of its addresses, where a MAC is met; one walk in twenty was cut before the serial came."""
    school, own = phase.school, identifiers(replace(phase, agent="", uuid="", tag=""))
    bare = [item for item in own if item.kind is not IdentifierKind.SERIAL]
    for met in addresses:
        address = school.address(phase.start)
        for agent in school.sweepers[: 1 + maker.chance(0.3)]:
            where = (agent, f"address/{address}", SNMP)
            maker.see(thing, where, [*own, *mac_of(met, school.site)], phase)
            if maker.chance(0.05) and bare:
                maker.see(thing, where, [*bare, *mac_of(met, school.site)], phase)
        school.freed.append((phase.end, address))


def by_neighbours(maker: Maker, thing: Thing, phase: Phase, *, serial: bool = False) -> None:
    """The switch that it is plugged into hears it (LLDP), with its serial where it sends an inventory."""
    school = phase.school
    values = [*mac_of(phase.macs[0], school.site), *(serial_of(phase.maker, phase.serial) if serial else ())]
    edge = f"address/edge-{maker.random.randrange(9)}"
    maker.see(thing, (school.sweepers[0], edge, SNMP), values, phase, told_of=True)


def by_record(maker: Maker, thing: Thing, phase: Phase, *, but: Phase | None = None) -> None:
    """A record that people made: the serial alone, with its maker in two of three, some with a tag or a MAC.

    `but`: what they wrote where it is not what the device says. Delivery lists come before the device is first seen.
    """
    said, site = but or phase, phase.school.site
    serial = list(serial_of(said.maker, said.serial))
    if serial and not maker.chance(0.67):
        bare = serial[0].value.partition(":")[2]
        serial = [Identifier(IdentifierKind.SERIAL, f"?:{bare}")]
        maker.own(thing.name, serial)
    values = [*serial, *tag_of(said.tag), *(mac_of(said.macs[0], site) if said.macs and maker.chance(0.15) else ())]
    day = phase.start - timedelta(days=maker.random.uniform(1, 60))
    if values:
        maker.see(thing, ("", "", RECORD), values, replace(phase, start=day, end=day + timedelta(minutes=5)))


# ------------------------------------------------------------------------------------------------ classes


def computer(maker: Maker, school: School, *, wired: int = 1, wireless: int = 0, agent: float = 0.7) -> Phase:
    """A computer of a good maker, for a life; seven of ten bear an agent, two of three a tag that people put on it."""
    start, end = maker.life()
    return Phase(
        school,
        start,
        end,
        maker=maker.random.choice(COMPUTER_MAKERS),
        serial=maker.fresh_serial(7),
        uuid=maker.fresh_uuid(),
        agent=maker.fresh_uuid() if maker.chance(agent) else "",
        tag=f"T{maker.number('tag')[4:].zfill(6)}" if maker.chance(0.3) else maker.random.choice(NO_TAG),
        macs=tuple(maker.fresh_mac() for _ in range(wired + wireless)),
    )


def appear(maker: Maker, thing: Thing, recorded: float = 0.5) -> Thing:
    """A computer in all its phases, in all views; half have a record."""
    maker.add(thing)
    for phase in thing.phases:
        by_its_agent(maker, thing, phase)
        by_its_address(maker, thing, phase)
    if maker.chance(recorded):
        by_record(maker, thing, thing.phases[0])
    return thing


def managed(maker: Maker, school: School, made_by: str, ports: int = 1, *, serial: bool = True) -> Phase:
    """A device that answers SNMP."""
    start, end = maker.life()
    return Phase(
        school, start, end, maker=made_by, serial=maker.fresh_serial() if serial else "",
        engine=f"80001f88{maker.random.getrandbits(64):016x}" if maker.chance(0.3) else "",
        macs=maker.macs_in_a_row(ports),
    )  # fmt: skip


def show(maker: Maker, thing: Thing, *, heard: bool = False, inventory: bool = False) -> Thing:
    """A device that answers SNMP, in all its phases, in all views."""
    maker.add(thing)
    for phase in thing.phases:
        by_snmp(maker, thing, phase, (phase.macs[0],))
        by_its_address(maker, thing, phase, phase.macs[:1])
        if heard:
            by_neighbours(maker, thing, phase, serial=inventory)
    if maker.chance(0.4):
        by_record(maker, thing, thing.phases[0])
    return thing


def ordinary(maker: Maker, school: School) -> None:
    """What every school has."""
    for kind, usual in USUAL.items():
        for _ in range(max(1, round(usual * school.scale))):
            CLASSES[kind](maker, school)


def _desktop(maker: Maker, school: School) -> None:
    appear(maker, Thing(maker.number("desktop"), "desktop", "", (computer(maker, school),)))


def _laptop(maker: Maker, school: School) -> None:
    phase = computer(maker, school, wired=int(maker.chance(0.6)), wireless=1)
    appear(maker, Thing(maker.number("laptop"), "laptop", "", (phase,)))


def _server(maker: Maker, school: School) -> None:
    """Several interfaces, each met by itself."""
    phase = computer(maker, school, wired=maker.random.randrange(2, 7), agent=0.8)
    appear(maker, Thing(maker.number("server"), "server", "several interfaces", (phase,)))


def _met(kind: str) -> Callable[[Maker, School], None]:
    """A class of devices that nothing but a MAC tells of."""

    def make(maker: Maker, school: School) -> None:
        start, end = maker.life()
        thing = Thing(maker.number(kind), kind, "", (Phase(school, start, end, macs=(maker.fresh_mac(),)),))
        maker.add(thing)
        by_its_address(maker, thing, thing.phases[0])

    return make


def _asked(
    kind: str, makers: Sequence[str], ports: Sequence[int] = (1,), *, silent: float = 0.05, heard: bool = False
) -> Callable[[Maker, School], None]:
    """A class of devices that are asked by SNMP; some tell no serial."""

    def make(maker: Maker, school: School) -> None:
        made_by, count = maker.random.choice(makers), maker.random.choice(ports)
        phase = managed(maker, school, made_by, count, serial=not maker.chance(silent))
        show(maker, Thing(maker.number(kind), kind, "", (phase,)), heard=heard, inventory=kind == "phone")

    return make


CLASSES: dict[str, Callable[[Maker, School], None]] = {
    "desktop": _desktop,
    "laptop": _laptop,
    "tablet": _met("tablet"),
    "chromebook": _met("chromebook"),
    "printer": _asked("printer", ("Kyocera", "HP", "Brother", "Ricoh", "Xerox")),
    "switch": _asked("switch", ("HPE", "Aruba", "Netgear", "Cisco"), (9, 25, 49), heard=True),
    "access point": _asked("access point", ("Ubiquiti", "Cisco", "Ruckus"), (1, 3), silent=0.4, heard=True),
    "phone": _asked("phone", ("Yealink", "Cisco", "Avaya"), silent=0.3, heard=True),
    "camera": _asked("camera", ("Hikvision", "Axis", "Dahua"), silent=0.3),
    "display": _met("display"),
    "server": _server,
    "ups": _asked("ups", ("APC", "Eaton", "Riello"), silent=0.2),
    "nas": _asked("nas", ("Synology", "QNAP"), (2, 4)),
    "projector": _asked("projector", ("Epson", "NEC"), silent=0.3),
}
