"""What goes wrong with computers and printers: each trouble a function, with how often a secondary school has it.

`OF_SCHOOLS` happen in every school (a primary has a third), `OF_TRUSTS` once in a trust. Every machine made here is
labelled with its trouble, so that what is lost to which is known. Not here: monitors, which are components of the
computer that they hang on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from collector.facts import Identifier, IdentifierKind
from estate_maker import (
    BEGIN,
    DAYS,
    END,
    Maker,
    Phase,
    School,
    Thing,
    agent_of,
    identifiers,
    macs_of,
    serial_of,
    uuid_of,
)
from estate_views import appear, by_its_address, by_its_agent, by_record, by_snmp, computer, managed, show

#: made up by factories, on no denylist: a serial, or a UUID
MADE_UP = ("SN-2020-0000001", "A1B2C3D4E5", "Chassis-Base-01", "1234567-ABC", "PF0XXXX1", "2019MINIPC001",
           "GB-BRIX-DEFAULT", "OEM00000001", "INTELNUC-0000", "BTNK00000000")  # fmt: skip
JUNK_SERIALS = ("To be filled by O.E.M.", "Default string", "System Serial Number", "0123456789", "XXXXXXXX",
                "00000000", "   ", "BUILTIN", "To Be Filled By O.E.M", "Not Specified", "None", "0")  # fmt: skip
JUNK_UUIDS = ("03000200-0400-0500-0006-000700080009", "00000000-0000-0000-0000-000000000000",
              "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", "6AB5B300-538D-1014-9FB5-B0684D007B53")  # fmt: skip


def _named(maker: Maker, trouble: str, *phases: Phase) -> Thing:
    return Thing(maker.number(trouble), "computer", trouble, phases)


def _always(phase: Phase) -> Phase:
    return replace(phase, start=BEGIN, end=END)


def _then(maker: Maker, phase: Phase, gap: float = 3.0, **changes: object) -> tuple[Phase, Phase]:
    """The phase cut in two at some day, with changes from then on, after a gap of days in which nobody sees it."""
    day = maker.within(phase.start, phase.end, 0.2, 0.8)
    after = replace(phase, start=day + timedelta(days=maker.random.uniform(1, gap)), **changes)  # type: ignore[arg-type]  # any field
    return replace(phase, end=day), after


# ------------------------------------------------------------------------------------------------ one machine changes


def renamed(maker: Maker, school: School) -> None:
    """20 a school: another name. No name is an identifier, so nothing may change."""
    appear(maker, _named(maker, "renamed", *_then(maker, _always(computer(maker, school)), 0.1 + 1)))


def reimaged(maker: Maker, school: School) -> None:
    """20 a school: a new disk image, so another agent id."""
    phase = _always(computer(maker, school, wireless=1, agent=1))
    appear(maker, _named(maker, "reimaged", *_then(maker, phase, agent=maker.fresh_uuid())))


def new_interface(maker: Maker, school: School) -> None:
    """6 a school: the network interface is replaced; half have a wireless one that stays."""
    phase = _always(computer(maker, school, wireless=int(maker.chance(0.5)), agent=1))
    appear(maker, _named(maker, "new interface", *_then(maker, phase, macs=(maker.fresh_mac(), *phase.macs[1:]))))


def new_board_serial_kept(maker: Maker, school: School) -> None:
    """3 a school: a new mainboard with the old serial: other UUID and MAC; a wireless card stays, an image may not."""
    phase = _always(computer(maker, school, wireless=int(maker.chance(0.5)), agent=1))
    agent = phase.agent if maker.chance(0.6) else maker.fresh_uuid()
    changes = {"uuid": maker.fresh_uuid(), "agent": agent, "macs": (maker.fresh_mac(), *phase.macs[1:])}
    appear(maker, _named(maker, "new board, serial kept", *_then(maker, phase, 20, **changes)))


def new_board_serial_blank(maker: Maker, school: School) -> None:
    """0.7 a school: a new mainboard whose serial nobody wrote: disk and wireless card are what is left."""
    phase = _always(computer(maker, school, wireless=int(maker.chance(0.6)), agent=1))
    changes = {"uuid": maker.fresh_uuid(), "serial": "Default string", "macs": (maker.fresh_mac(), *phase.macs[1:])}
    appear(maker, _named(maker, "new board, serial blank", *_then(maker, phase, 20, **changes)))


def moved_disk(maker: Maker, school: School) -> None:
    """1 a school: a machine dies, and its disk with the agent on it goes on in a spare one."""
    phase, spare = (_always(computer(maker, school, agent=1)) for _ in range(2))
    day = maker.within(BEGIN, END, 0.2, 0.8)
    appear(maker, _named(maker, "moved disk", replace(phase, end=day)))
    appear(maker, _named(maker, "moved disk", replace(spare, agent=phase.agent, start=day + timedelta(days=1))))
    maker.share(agent_of(phase.agent))


def moved_card(maker: Maker, school: School) -> None:
    """0.7 a school: the wireless card of a broken laptop goes on in another, which had none or another."""
    first, second = (_always(computer(maker, school, agent=1)) for _ in range(2))
    card, day = maker.fresh_mac(), maker.within(BEGIN, END, 0.2, 0.8)
    appear(maker, _named(maker, "moved card", replace(first, macs=(*first.macs, card), end=day)))
    later = replace(second, macs=(*second.macs, card), start=day + timedelta(days=5))
    appear(maker, _named(maker, "moved card", replace(second, end=day), later))


# ------------------------------------------------------------------------------------------------ what many share


def docks(maker: Maker, school: School) -> None:
    """5 a school: a dock or dongle and two to six laptops, mostly five, by turns or one after the other.

    Windows names no driver on USB, so in half of the cases the laptops list the dock's interface as their own. What
    is met by the dock's MAC alone is the dock.
    """
    count, listed, by_turns = maker.random.choice((2, 4, 5, 5, 5, 6)), maker.chance(0.5), maker.chance(0.6)
    dock = Thing(maker.number("dock"), "dock", "dock", (Phase(school, BEGIN, END, macs=(maker.fresh_mac(),)),))
    maker.add(dock)
    worn = dock.phases[0].macs
    by_its_address(maker, dock, dock.phases[0])
    maker.share(macs_of(worn, school.site))
    for place in range(count):
        phase = _always(computer(maker, school, wired=0, wireless=1, agent=1))
        laptop = maker.add(_named(maker, "laptop at a dock", phase))
        by_its_address(maker, laptop, phase)
        by_its_agent(maker, laptop, phase)
        if listed:
            turn = _turn(place, count, by_turns=by_turns)
            by_its_agent(maker, laptop, replace(phase, worn=worn, start=turn[0], end=turn[1]))


def _turn(place: int, count: int, *, by_turns: bool) -> tuple[datetime, datetime]:
    """When one of several has what they share: all the time by turns, or each its part of the time."""
    if by_turns:
        return BEGIN + timedelta(days=place), END - timedelta(days=count - place)
    part = (END - BEGIN) / count
    return BEGIN + part * place + timedelta(days=2), BEGIN + part * (place + 1) - timedelta(days=2)


def own_dongle(maker: Maker, school: School) -> None:
    """4 a school: an adapter that one laptop alone uses, and lists: it is the laptop's like any other interface."""
    phase = _always(computer(maker, school, wired=1, wireless=1, agent=1))
    appear(maker, _named(maker, "own dongle", phase))


def denylisted(maker: Maker, school: School) -> None:
    """25 a school: `Default string` and its like for a serial, and a known UUID in every second: both are refused."""
    phase = _always(computer(maker, school, wireless=int(maker.chance(0.3)), agent=1))
    uuid = maker.random.choice(JUNK_UUIDS) if maker.chance(0.5) else phase.uuid
    junk = replace(phase, serial=maker.random.choice(JUNK_SERIALS), uuid=uuid)
    appear(
        maker,
        _named(
            maker, "denylisted junk", *(_then(maker, junk, agent=maker.fresh_uuid()) if maker.chance(0.2) else (junk,))
        ),
    )


def batch(maker: Maker, schools: Sequence[School], size: int, kind: str) -> None:
    """PCs of one batch with the same serial, the same UUID, or both, that no denylist has; their MACs are their own."""
    phases = [_always(computer(maker, maker.random.choice(schools), agent=1)) for _ in range(size)]
    serial, uuid = maker.number(maker.random.choice(MADE_UP)).replace(" ", "-"), maker.fresh_uuid()
    maker.share([*serial_of("Acer", serial), Identifier(IdentifierKind.SERIAL, f"?:{serial}"), *uuid_of(uuid)])
    for phase in phases:
        same = replace(phase, maker="Acer", serial=serial if "serial" in kind else phase.serial)
        same = replace(same, uuid=uuid if "UUID" in kind else same.uuid, start=maker.within(BEGIN, END, 0, 0.3))
        appear(maker, _named(maker, f"batch of {'few' if size < 7 else 'many'} with one {kind}", same))


def batches(maker: Maker, schools: Sequence[School]) -> None:
    """6 a trust of 7 to 30 PCs, and 4 of two or three."""
    for kind in ("serial and UUID", "serial", "UUID"):
        for size in (maker.random.randrange(7, 31), maker.random.randrange(7, 15)):
            batch(maker, schools, size, kind)
    for size, kind in ((2, "serial and UUID"), (3, "serial and UUID"), (2, "serial"), (3, "UUID")):
        batch(maker, schools, size, kind)


def cloned_guests(maker: Maker, school: School) -> None:
    """1 a school: a virtual machine was copied with its UUID, two to six times; in every third, with its agent, too."""
    uuid, agent = maker.fresh_uuid(), maker.fresh_uuid() if maker.chance(0.34) else ""
    serial = "VMware-56 4d " + uuid[:8]
    maker.share([*uuid_of(uuid), *serial_of("VMware, Inc.", serial), *agent_of(agent)])
    trouble = "cloned guests, with their agent" if agent else "cloned guests"
    for _ in range(maker.random.randrange(2, 7)):
        phase = replace(_always(computer(maker, school, agent=1)), maker="VMware, Inc.", serial=serial, uuid=uuid)
        appear(
            maker,
            _named(
                maker, trouble, replace(phase, agent=agent or phase.agent, tag="", macs=(maker.fresh_mac("00:0c:29"),))
            ),
            recorded=0,
        )


def cloned_agents(maker: Maker, schools: Sequence[School]) -> None:
    """2 a trust: an image with an enrolled agent on 12 PCs; half are enrolled anew after some months."""
    for school in schools[:2]:
        agent = maker.fresh_uuid()
        maker.share(agent_of(agent))
        for _ in range(12):
            phase = replace(_always(computer(maker, school)), agent=agent)
            anew = maker.chance(0.5)
            phases = _then(maker, phase, agent=maker.fresh_uuid()) if anew else (phase,)
            appear(maker, _named(maker, "cloned agent", *phases))


def cheap_adapters(maker: Maker, schools: Sequence[School]) -> None:
    """1 a trust: adapters on USB that left the factory with one MAC, at five laptops of two schools."""
    worn = (maker.fresh_mac("00:e0:4c"),)
    maker.share(macs_of(worn, ""))
    for school in (schools[0], schools[-1]):
        adapter = maker.add(Thing(maker.number("cheap adapter"), "dock", "cheap adapter", (Phase(school, BEGIN, END),)))
        maker.own(adapter.name, macs_of(worn, school.site))
        by_its_address(maker, adapter, adapter.phases[0], worn)
        for _ in range(3 if school is schools[0] else 2):
            phase = _always(computer(maker, school, wired=0, wireless=1, agent=1))
            appear(maker, _named(maker, "laptop with a cheap adapter", replace(phase, worn=worn)))


def one_pool_of_macs(maker: Maker, schools: Sequence[School]) -> None:
    """1 a trust: Hyper-V hosts with one address in two schools make up the same MACs for their guests."""
    pool = [maker.fresh_mac("00:15:5d") for _ in range(3)]
    maker.share(macs_of(pool, ""))
    for school in schools[:2]:
        for address in pool:
            phase = _always(computer(maker, school, agent=1))
            appear(
                maker, _named(maker, "one pool of MACs", replace(phase, maker="Microsoft Corporation", macs=(address,)))
            )


# ------------------------------------------------------------------------------------------------ places and people


def moved_school(maker: Maker, school: School, others: Sequence[School]) -> None:
    """10 a school: the device goes to another school; those without an agent are known by their MAC alone."""
    phase = _always(computer(maker, school))
    appear(maker, _named(maker, "moved school", *_then(maker, phase, 30, school=maker.random.choice(others))))


def at_three_schools(maker: Maker, school: School, others: Sequence[School]) -> None:
    """2 a school: laptops of people who work at three schools, at each all the time."""
    phase = _always(computer(maker, school, wireless=1, agent=0.6))
    schools = [school, *maker.random.sample(list(others), min(2, len(others)))]
    appear(maker, _named(maker, "at three schools", *(replace(phase, school=each) for each in schools)))


def random_phone(maker: Maker, school: School, others: Sequence[School]) -> None:
    """60 a school: phones that make up a MAC for each network, and another after some weeks: each is a stranger."""
    for _ in range(maker.random.randrange(1, 4)):
        start = maker.at(maker.random.uniform(0, DAYS - 60))
        phase = Phase(
            maker.random.choice([school, school, *others[:1]]),
            start,
            start + timedelta(days=40),
            macs=(maker.local_mac(),),
        )
        thing = maker.add(_named(maker, "made-up MAC", phase))
        by_its_address(maker, thing, phase)


def wrong_record(maker: Maker, school: School) -> None:
    """3 a school: a serial typed wrong in a record with the right tag; or two machines bear the tag of each other.

    Where tags were changed, a record is of the machine whose serial it names.
    """
    first, second = (_always(computer(maker, school, agent=1)) for _ in range(2))
    first, second = (
        replace(phase, maker="Dell Inc.", tag=f"W{maker.number('W')[2:].zfill(5)}") for phase in (first, second)
    )
    changed = maker.chance(0.3)
    trouble = "labels changed" if changed else "serial typed wrong"
    for phase, other in ((first, second), (second, first)):
        thing = maker.add(_named(maker, trouble, phase))
        by_its_agent(maker, thing, phase)
        by_its_address(maker, thing, phase)
        typed = replace(phase, serial=phase.serial[:-2] + maker.fresh_serial(3)[:2])
        by_record(maker, thing, phase, but=replace(phase, tag=other.tag) if changed else typed)


def one_serial_of_two_makers(maker: Maker, schools: Sequence[School]) -> None:
    """4 a trust: two makers count alike."""
    for school in schools[:4]:
        serial = str(maker.random.randrange(10**7, 10**8))
        for made_by in ("Brother", "Kyocera"):
            phase = replace(managed(maker, school, made_by), serial=serial)
            show(
                maker, Thing(maker.number("one serial of two makers"), "printer", "one serial of two makers", (phase,))
            )


def printer_with_two(maker: Maker, school: School) -> None:
    """6 a school: wired and wireless; most list both interfaces, some only the one that is asked."""
    phase = replace(managed(maker, school, "HP", 2), macs=(maker.fresh_mac(), maker.fresh_mac()))
    thing = maker.add(
        Thing(maker.number("printer with two interfaces"), "printer", "printer with two interfaces", (phase,))
    )
    both = maker.chance(0.6)
    for address in phase.macs:
        by_snmp(maker, thing, phase if both else replace(phase, macs=(address,)), (address,))
    by_its_address(maker, thing, phase)


def successor(maker: Maker, school: School) -> None:
    """4 a school: a leased printer is exchanged for another at the same address, in the same lane."""
    first, second = (managed(maker, school, "Ricoh") for _ in range(2))
    day, address = maker.within(BEGIN, END, 0.2, 0.8), maker.number("10.9.0")
    spans = ((BEGIN, day), (day + timedelta(days=1), END))
    for phase, (start, end) in zip((first, second), spans, strict=True):
        kept = replace(phase, start=start, end=end)
        thing = maker.add(Thing(maker.number("successor"), "printer", "successor at one address", (kept,)))
        maker.see(thing, (school.sweepers[0], address, "SNMP_V2C"), identifiers(kept), kept)
        by_its_address(maker, thing, kept)


def lights_out(maker: Maker, school: School) -> None:
    """2 a school: a server, its operating system asked by SNMP, and the controller on its board, which has its serial.

    Agent, system and controller list other interfaces each, and are one machine with one asset tag.
    """
    start_to_end = _always(computer(maker, school, wired=3, agent=1))
    board = maker.fresh_mac()
    phase = replace(start_to_end, maker="Dell Inc.", macs=(*start_to_end.macs, board))
    thing = maker.add(_named(maker, "server with a controller", phase))
    by_its_agent(maker, thing, replace(phase, macs=phase.macs[:3]))
    by_its_address(maker, thing, phase)
    by_snmp(maker, thing, replace(phase, serial="", macs=phase.macs[:3]), (phase.macs[0],))
    by_snmp(maker, thing, replace(phase, macs=(board,)), (board,))


def old_board(maker: Maker, schools: Sequence[School]) -> None:
    """1 a trust: a board of a dead machine goes on in another of its model, whose serial is written to it."""
    dead, alive = (replace(_always(computer(maker, schools[0], agent=1)), maker="LENOVO") for _ in range(2))
    day = maker.within(BEGIN, END, 0.3, 0.6)
    appear(maker, _named(maker, "old board", replace(dead, end=day)))
    later = replace(alive, uuid=dead.uuid, macs=dead.macs, start=day + timedelta(days=30))
    appear(maker, _named(maker, "old board", replace(alive, end=day + timedelta(days=12)), later))


#: how many a secondary school has
OF_SCHOOLS: tuple[tuple[float, Callable[[Maker, School], None]], ...] = (
    (20, renamed), (20, reimaged), (6, new_interface), (3, new_board_serial_kept), (0.7, new_board_serial_blank),
    (1, moved_disk), (0.7, moved_card), (5, docks), (4, own_dongle), (25, denylisted), (1, cloned_guests),
    (3, wrong_record), (6, printer_with_two), (4, successor), (2, lights_out),
)  # fmt: skip
BETWEEN_SCHOOLS: tuple[tuple[float, Callable[[Maker, School, Sequence[School]], None]], ...] = (
    (10, moved_school), (2, at_three_schools), (60, random_phone),
)  # fmt: skip
OF_TRUSTS: tuple[Callable[[Maker, Sequence[School]], None], ...] = (
    batches, cloned_agents, cheap_adapters, one_pool_of_macs, one_serial_of_two_makers, old_board,
)  # fmt: skip


def troubles(maker: Maker, schools: Sequence[School]) -> None:
    """All of them, as often as they happen."""
    for school in schools:
        others = [other for other in schools if other is not school]
        for usual, trouble in OF_SCHOOLS:
            for _ in range(maker.some(usual * school.scale)):
                trouble(maker, school)
        for usual, between in BETWEEN_SCHOOLS:
            for _ in range(maker.some(usual * school.scale)):
                between(maker, school, others)
    for happen in OF_TRUSTS:
        happen(maker, schools)
