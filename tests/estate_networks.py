"""What goes wrong with switches, firewalls, access points and hypervisors: a function each, with how often it is.

A stack is told apart as `collector.parts` does it: every walk tells of the logical stack (`maker:stack-of-SERIAL` for
each member) and of every member; fewer than two serials are no stack.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from collector.facts import Identifier
from collector.parts import identity
from estate_maker import (
    BEGIN,
    END,
    SNMP,
    Maker,
    Phase,
    School,
    Thing,
    engine_of,
    identifiers,
    mac_of,
    macs_of,
    serial_of,
    uuid_of,
)
from estate_views import appear, by_its_address, by_neighbours, by_record, by_snmp, computer, managed, show

#: technology → maker, and whether its tables tell a MAC of each member
STACKS = {"StackWise": ("Cisco", False), "VSF": ("Aruba", True), "IRF": ("HPE", False),
          "Virtual Chassis": ("Juniper Networks", True), "FASTPATH": ("Netgear", True)}  # fmt: skip
PORTS = 12  # of a member that a walk lists: a large stack lists the first 64


def _always(phase: Phase) -> Phase:
    return replace(phase, start=BEGIN, end=END)


# ------------------------------------------------------------------------------------------------ stacks


class Stack:
    """A logical stack and its members, walked as a whole: who is in it may change from walk to walk."""

    def __init__(self, maker: Maker, school: School, kind: str, members: int, trouble: str = "stack") -> None:
        self.maker, self.school, self.kind, self.trouble = maker, school, kind, trouble
        self.made_by, self.tells_macs = STACKS[kind]
        self.name = maker.number(f"{kind} stack")
        self.address = maker.number("stack at")
        self.thing = maker.add(Thing(self.name, "stack", trouble, (Phase(school, BEGIN, END),)))
        self.members = [self.member() for _ in range(members)]

    def member(self) -> Thing:
        """A switch that may be a member; the first of its MACs is its own, the others are its ports'."""
        phase = _always(managed(self.maker, self.school, self.made_by, PORTS + 1))
        return self.maker.add(
            Thing(f"{self.name} member {phase.serial}", "switch", self.trouble, (replace(phase, engine=""),))
        )

    def walk(self, members: Sequence[Thing], start: datetime, end: datetime, master: int = 0) -> None:
        """What is seen of the stack with these members, of which one leads and lends its MAC."""
        span = Phase(self.school, start, end)
        if len(members) < 2:
            self._alone(members[0], span)
            return
        own = self._own(members, members[master])
        self.maker.own(self.name, own)
        for agent in self.school.sweepers[:2]:
            where = (agent, self.address, SNMP)
            self.maker.see(self.thing, where, own, span)
            for member in members:
                self.maker.see(member, where, self._tells(member, lends=member is members[master]), span)
        met = (members[master].phases[0].macs[0],)
        by_its_address(self.maker, self.thing, span, met)
        by_neighbours(self.maker, self.thing, replace(span, macs=met))

    def alone(self, member: Thing, start: datetime, end: datetime) -> None:
        """A member that stands somewhere alone: an ordinary switch."""
        phase = replace(member.phases[0], start=start, end=end)
        by_snmp(self.maker, member, phase, (phase.macs[0],))
        by_its_address(self.maker, member, phase, phase.macs[:1])

    def _alone(self, member: Thing, span: Phase) -> None:
        """The walk of a stack of which one is left: it answers as that switch."""
        phase = replace(member.phases[0], start=span.start, end=span.end)
        self.maker.see(member, (self.school.sweepers[0], self.address, SNMP), identifiers(phase), phase)

    def _own(self, members: Sequence[Thing], master: Thing) -> list[Identifier]:
        serials = [phase.serial for member in members for phase in member.phases]
        told = [item for serial in serials for item in serial_of(self.made_by, identity(serial))]
        ports = sorted(mac for member in members for mac in member.phases[0].macs[1:])[:64]
        return [*told, *macs_of([master.phases[0].macs[0], *ports], self.school.site)]

    def _tells(self, member: Thing, *, lends: bool) -> list[Identifier]:
        """What a walk tells of a member; the MAC that it lends to the stack is the stack's."""
        phase = member.phases[0]
        base = mac_of(phase.macs[0], self.school.site) if self.tells_macs and not lends else ()
        return [*serial_of(self.made_by, phase.serial), *base]


def stack(maker: Maker, school: School) -> None:
    """4 a school: 2 to 5 members; fail-over, a member lost or exchanged, one that stood alone before or does after."""
    happens = maker.random.choice(sorted(HAPPENS))
    made = Stack(maker, school, maker.random.choice(sorted(STACKS)), maker.random.randrange(2, 6), f"stack: {happens}")
    HAPPENS[happens](made, maker.within(BEGIN, END, 0.3, 0.7))
    for member in made.members:
        if maker.chance(0.4):
            by_record(maker, member, member.phases[0])


def _nothing(made: Stack, day: datetime) -> None:
    made.walk(made.members, BEGIN, day)
    made.walk(made.members, day, END)


def _fail_over(made: Stack, day: datetime) -> None:
    made.walk(made.members, BEGIN, day)
    made.walk(made.members, day, END, master=1)


def _lost(made: Stack, day: datetime) -> None:
    made.walk(made.members, BEGIN, day)
    made.walk(made.members[:-1], day, day + timedelta(days=90))
    made.walk(made.members, day + timedelta(days=91), END)


def _exchanged(made: Stack, day: datetime) -> None:
    made.walk(made.members, BEGIN, day)
    made.members = [*made.members[:-1], made.member()]
    made.walk(made.members, day + timedelta(days=2), END)


def _grown(made: Stack, day: datetime) -> None:
    """A switch that stood alone becomes the first of a stack."""
    made.alone(made.members[0], BEGIN, day)
    made.walk(made.members, day + timedelta(days=1), END)


def _left(made: Stack, day: datetime) -> None:
    """A member is taken out and stands alone elsewhere."""
    made.walk(made.members, BEGIN, day)
    made.walk(made.members[:-1], day + timedelta(days=1), END)
    made.alone(made.members[-1], day + timedelta(days=9), END)


HAPPENS: dict[str, Callable[[Stack, datetime], None]] = {
    "nothing": _nothing, "fail-over": _fail_over, "lost member": _lost, "exchanged member": _exchanged,
    "grown of one": _grown, "member left": _left,
}  # fmt: skip


# ------------------------------------------------------------------------------------------------ several addresses


def many_addresses(maker: Maker, school: School) -> None:
    """3 a school: a switch with 8 SVIs, asked at each; some have a MAC for each SVI, some tell no serial."""
    phase = _always(managed(maker, school, "HPE", 25, serial=maker.chance(0.8)))
    thing = maker.add(Thing(maker.number("switch with 8 SVIs"), "switch", "8 SVIs", (phase,)))
    apart = maker.chance(0.5)
    met = maker.macs_in_a_row(8) if apart else phase.macs[:1] * 8
    maker.own(thing.name, macs_of(met, school.site))
    by_snmp(maker, thing, phase, met)
    by_its_address(maker, thing, phase, sorted(set(met)))


def two_addresses(maker: Maker, school: School) -> None:
    """1 a school: a firewall that is asked at two addresses, one in each network."""
    phase = _always(managed(maker, school, "SonicWall", 6))
    thing = maker.add(Thing(maker.number("firewall"), "firewall", "firewall with two addresses", (phase,)))
    by_snmp(maker, thing, phase, phase.macs[:2])
    by_its_address(maker, thing, phase, phase.macs[:2])


def routers_in_turn(maker: Maker, school: School) -> None:
    """1 a school: two core switches that share VRRP, HSRP or GLBP addresses, and list them among their own."""
    virtual = maker.random.choice(("00:00:5e:00:01:0a", "00:00:0c:07:ac:01", "00:00:0c:9f:f0:01", "00:07:b4:00:01:01"))
    for _ in range(2):
        phase = _always(managed(maker, school, "Cisco", 9))
        thing = maker.add(Thing(maker.number("core"), "switch", "virtual MACs of routers", (phase,)))
        by_snmp(maker, thing, replace(phase, macs=(*phase.macs, virtual)), (phase.macs[0], virtual))
        by_its_address(maker, thing, phase, (phase.macs[0], virtual))


def firewalls_in_turn(maker: Maker, schools: Sequence[School]) -> None:
    """2 a trust: a pair of firewalls with the MACs of their group: the same wherever a group has that number."""
    group = tuple(f"00:09:0f:09:00:0{port}" for port in range(3))
    maker.share(macs_of(group, ""))
    for school in schools[:2]:
        pair = maker.add(Thing(maker.number("firewall pair"), "pair", "firewall pair", (Phase(school, BEGIN, END),)))
        maker.own(pair.name, macs_of(group, school.site))
        by_its_address(maker, pair, pair.phases[0], group[:1])
        day = maker.within(BEGIN, END, 0.3, 0.7)
        address = maker.number("pair at")
        for start, end in ((BEGIN, day), (day, END)):
            phase = replace(managed(maker, school, "Fortinet"), engine="", macs=(), start=start, end=end)
            unit = maker.add(Thing(maker.number("firewall unit"), "firewall", "firewall pair", (phase,)))
            values = [*identifiers(phase), *macs_of(group, school.site)]
            maker.see(unit, (school.sweepers[0], address, SNMP), values, phase)


# ------------------------------------------------------------------------------------------------ access points


def controlled(maker: Maker, school: School) -> None:
    """40 a school: access points that a controller lists by serial, with ethernet MAC, radio MAC or none.

    Those whose radio MAC is listed are also asked in two of three cases and tell both; the others share nothing with
    what sweeps meet, and nobody can tell that they are one.
    """
    radios = (maker.fresh_mac(), maker.fresh_mac())
    phase = replace(managed(maker, school, "Aruba"), engine="")
    thing = maker.add(
        Thing(
            maker.number("controlled access point"),
            "access point",
            "listed by a controller",
            (replace(phase, macs=(*phase.macs, *radios)),),
        )
    )
    listed = maker.random.choice((phase.macs, radios[:1], radios[:1], ()))
    values = [*serial_of("Aruba", phase.serial), *macs_of(listed, school.site)]
    maker.see(thing, (school.sweepers[0], "controller", SNMP), values, phase, told_of=True)
    by_its_address(maker, thing, phase)
    by_neighbours(maker, thing, phase)
    if maker.chance(0.66):
        by_snmp(maker, thing, replace(phase, serial="", macs=(*phase.macs, *radios)), phase.macs)


# ------------------------------------------------------------------------------------------------ hosts and engines


def hypervisor(maker: Maker, school: School) -> None:
    """1.5 a school: a host that SNMP asks, with its serial, UUID and interfaces, and six guests of its own."""
    phase = replace(_always(computer(maker, school, wired=4, agent=0)), maker="Dell Inc.")
    host = maker.add(Thing(maker.number("hypervisor"), "hypervisor", "hypervisor", (phase,)))
    address = maker.number("hypervisor at")
    maker.see(
        host,
        (school.sweepers[0], address, SNMP),
        [*identifiers(replace(phase, tag="")), *mac_of(phase.macs[0], school.site)],
        phase,
    )
    by_its_address(maker, host, phase, phase.macs[:2])
    by_record(maker, host, phase)
    for _ in range(6):
        guest = computer(maker, school, agent=0.8)
        serial = "VMware-42 1c " + guest.uuid[9:23]
        guest = replace(
            guest, maker="VMware, Inc.", serial=serial, tag="No Asset Tag", macs=(maker.fresh_mac("00:50:56"),)
        )
        appear(maker, Thing(maker.number("guest"), "virtual machine", "guest", (guest,)), recorded=0)


def one_engine_for_all(maker: Maker, schools: Sequence[School]) -> None:
    """2 a trust: a product whose firmware has one engine id for all, some without a serial; and copies of one image."""
    for school in schools[:2]:
        engine = f"80001f8804{maker.random.getrandbits(48):012x}"
        maker.share(engine_of(engine))
        for _ in range(maker.random.randrange(3, 14)):
            phase = replace(managed(maker, school, "APC", serial=maker.chance(0.5)), engine=engine)
            show(maker, Thing(maker.number("one engine"), "ups", "one engine for all", (phase,)))


def engine_of_an_address(maker: Maker, schools: Sequence[School]) -> None:
    """1 a trust: switches make their engine id of their address, and two schools have a switch at 10.0.0.1."""
    engine = "800000090" + "1" + "0a000001"
    maker.share(engine_of(engine))
    for school in schools[:2]:
        phase = replace(_always(managed(maker, school, "D-Link", 9, serial=maker.chance(0.5))), engine=engine)
        show(maker, Thing(maker.number("engine of an address"), "switch", "engine of an address", (phase,)))


def far_away(maker: Maker, school: School) -> None:
    """2 a school: behind a router, where nobody meets a MAC, and it tells neither serial nor MAC; some an engine."""
    phase = replace(managed(maker, school, "APC", serial=False), macs=())
    thing = maker.add(Thing(maker.number("far away"), "ups", "behind a router", (phase,)))
    by_snmp(maker, thing, replace(phase, engine=phase.engine))


def old_host(maker: Maker, school: School) -> None:
    """1 a school: a computer asked by SNMP alone, with its UUID by a vendor's agent and nothing else that is strong."""
    phase = computer(maker, school, wired=2, agent=0)
    thing = maker.add(Thing(maker.number("old host"), "server", "computer by SNMP", (phase,)))
    where = (school.sweepers[0], maker.number("old host at"), SNMP)
    maker.see(thing, where, [*uuid_of(phase.uuid), *macs_of(phase.macs, school.site)], phase)
    by_its_address(maker, thing, phase)


OF_SCHOOLS: tuple[tuple[float, Callable[[Maker, School], None]], ...] = (
    (4, stack), (3, many_addresses), (1, two_addresses), (1, routers_in_turn), (40, controlled), (1.5, hypervisor),
    (2, far_away), (1, old_host),
)  # fmt: skip
OF_TRUSTS: tuple[Callable[[Maker, Sequence[School]], None], ...] = (
    firewalls_in_turn, one_engine_for_all, engine_of_an_address,
)  # fmt: skip


def network_troubles(maker: Maker, schools: Sequence[School]) -> None:
    """All of them, as often as they happen."""
    for school in schools:
        for usual, trouble in OF_SCHOOLS:
            for _ in range(maker.some(usual * school.scale)):
                trouble(maker, school)
    for happen in OF_TRUSTS:
        happen(maker, schools)
