"""The map of a site, from the tables that its switches told to the rows that pages read: on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select
from trusts import DAY, START, Trust, group

from collector import map_network, plan, reinterpret
from collector.interpret import Observation, read
from collector.store import Store, Transaction, devices, evidence, presence, register, wiring
from collector.store import schema as t
from collector.store.evidence import IncomingGroup
from collector.store.rows import AttachmentRow
from collector.topology.network import PASSING, STANDING
from stocktake import snmprec
from stocktake.values import Cadence, Content, Method, Outcome, SnmpBindings, Subject, SubjectKind

HOUR = timedelta(hours=1)
FDB, LLDP, ARP = "1.3.6.1.2.1.17.4.3.1", "1.0.8802.1.1.2.1.4.1.1", "1.3.6.1.2.1.4.35.1"
CORE, FIRST, SECOND = "00:1b:21:00:01:00", "00:1b:21:00:02:00", "00:1b:21:00:03:00"
PC, PRINTER, GONE = "00:25:64:00:00:05", "00:25:64:00:00:06", "00:25:64:00:00:07"
REACHABLE, STALE = 1, 2


@dataclass(frozen=True)
class Box:
    """A switch: its address, its MAC, what it has learned at which port, and whom it hears there."""

    name: str
    address: str
    mac: str
    learned: dict[str, int]
    heard: dict[int, tuple[str, str, int]]  # port → MAC, name and port of the neighbour

    def groups(self) -> list[IncomingGroup]:
        return [
            told("system", ["1.3.6.1.2.1.1.1.0|4|a switch", f"1.3.6.1.2.1.1.5.0|4|{self.name}"]),
            told("interfaces", [line for port in range(1, 5) for line in interface(port)]),
            told("bridge", [f"1.3.6.1.2.1.17.1.1.0|4x|{self.mac.replace(':', '')}", *bridge_ports(4)]),
            told("forwarding", [line for mac, port in self.learned.items() for line in learned(mac, port)]),
            told("lldp", [line for port, neighbour in self.heard.items() for line in hears(port, *neighbour)]),
        ]


def interface(port: int) -> list[str]:
    return [f"1.3.6.1.2.1.2.2.1.2.{port}|4|gi{port}", f"1.3.6.1.2.1.2.2.1.3.{port}|2|6"]


def bridge_ports(count: int) -> list[str]:
    return [f"1.3.6.1.2.1.17.1.4.1.2.{port}|2|{port}" for port in range(1, count + 1)]


def arcs(mac: str) -> str:
    return ".".join(str(int(octet, 16)) for octet in mac.split(":"))


def learned(mac: str, port: int) -> list[str]:
    return [f"{FDB}.2.{arcs(mac)}|2|{port}", f"{FDB}.3.{arcs(mac)}|2|3"]


def hears(port: int, mac: str, name: str, far: int) -> list[str]:
    row = f"0.{port}.1"
    cells = {4: "2|4", 5: f"4x|{mac.replace(':', '')}", 6: "2|5", 7: f"4|gi{far}", 9: f"4|{name}", 12: "4x|20"}
    return [f"{LLDP}.{column}.{row}|{value}" for column, value in cells.items()]


def arp(address: str, mac: str, state: int) -> list[str]:
    index = f"9.1.4.{address}"
    return [f"{ARP}.4.{index}|4x|{mac.replace(':', '')}", f"{ARP}.6.{index}|2|3", f"{ARP}.7.{index}|2|{state}"]


def told(name: str, lines: Iterable[str], outcome: Outcome = Outcome.COMPLETE) -> IncomingGroup:
    return group(name, SnmpBindings(snmprec.parse(list(lines)).bindings), outcome)


BOXES = (
    Box("core", "10.1.0.1", CORE, {PC: 1, PRINTER: 2}, {1: (FIRST, "first", 1), 2: (SECOND, "second", 1)}),
    Box("first", "10.1.0.2", FIRST, {PC: 3, PRINTER: 1}, {1: (CORE, "core", 1)}),
    Box("second", "10.1.0.3", SECOND, {PC: 1, PRINTER: 4},
        {1: (CORE, "core", 2), 2: ("00:1b:21:00:09:00", "attic", 1)}),
)  # fmt: skip
KNOWN_BY_ROUTER = [*arp("10.2.0.5", PC, REACHABLE), *arp("10.2.0.6", PRINTER, STALE), *arp("10.2.0.7", GONE, STALE)]


class School:
    """Three switches, of which the core is also the router of another network."""

    def __init__(self, store: Store) -> None:
        self.trust = Trust(store)
        self.store, self.id = store, self.trust.id

    def tell(self, when: datetime, boxes: Iterable[Box] = BOXES, router: Iterable[str] = KNOWN_BY_ROUTER) -> int:
        """All switches answer, and what they say is understood and drawn; returns how many sites were drawn."""
        for box in boxes:
            more = [told("arp_tables", router)] if box.name == "core" and router else []
            self.trust.say(when, *box.groups(), *more, address=box.address, mac=box.mac)
        return map_network.map_changed(self.store, self.id, when)

    def by_mac(self, mac: str) -> register.DeviceRow:
        (found,) = [row for row in self.trust.devices() if row.mac == mac]
        return found

    def name(self, device_id: str) -> str:
        return self.trust.detail(device_id).row.name if device_id else ""

    def hangs(self, mac: str) -> list[tuple[str, str, str]]:
        with self.store.reader() as connection:
            rows = wiring.attached(connection, self.id, self.by_mac(mac).device_id)
        return [(self.name(row.switch_id), row.port, row.how) for row in rows]

    def on(self, switch: str) -> list[AttachmentRow]:
        (device_id,) = [row.device_id for row in self.trust.devices() if row.name == switch]
        with self.store.reader() as connection:
            return wiring.ports(connection, self.id, device_id)

    def links(self) -> list[tuple[str, str, str, str]]:
        with self.store.reader() as connection:
            rows = wiring.links(connection, self.id, self.trust.devices()[0].school_id)
        ends = [sorted([(self.name(r.a_device), r.a_port), (self.name(r.b_device), r.b_port)]) for r in rows]
        return sorted((*first, *second) for first, second in ends)


@pytest.fixture
def school(store: Store) -> School:
    return School(store)


def test_the_groups_that_a_map_is_drawn_from_are_those_of_the_plan() -> None:
    cadences = {group.name: group.cadence for group in plan.compile_plan().groups}
    assert {cadences[name] for name in PASSING} == {Cadence.TABLES}
    assert {name for name in STANDING if cadences[name] is not Cadence.INVENTORY} == {"port_states"}
    assert cadences["port_states"] is Cadence.HEALTH


def test_hosts_that_only_the_router_knows_are_in_the_register_and_on_their_edge_ports(school: School) -> None:
    assert school.tell(START) == 1
    assert [school.by_mac(mac).address for mac in (PC, PRINTER, GONE)] == ["10.2.0.5", "10.2.0.6", "10.2.0.7"]
    assert school.hangs(PC) == [("first", "gi3", "direct")]
    assert school.hangs(PRINTER) == [("second", "gi4", "direct")]
    assert school.hangs(GONE) == []
    assert school.links() == [("core", "gi1", "first", "gi1"), ("core", "gi2", "second", "gi1")]
    (row,) = school.on("first")
    assert (row.device_id, row.mac, row.port, row.port_index) == (school.by_mac(PC).device_id, PC, "gi3", 3)


def test_what_a_router_only_remembers_is_not_seen_now_and_what_a_switch_has_learned_is(school: School) -> None:
    school.tell(START)
    school.tell(START + 2 * HOUR)
    assert school.by_mac(PC).last_seen == school.by_mac(PRINTER).last_seen == START + 2 * HOUR
    assert school.by_mac(GONE).last_seen == START
    assert school.by_mac(PRINTER).address == "10.2.0.6"


def test_a_new_address_is_shown_once_the_host_is_there_with_it(school: School) -> None:
    school.tell(START)
    school.tell(START + HOUR, router=[*arp("10.2.0.5", PC, STALE), *arp("10.2.0.99", PC, REACHABLE)])
    assert (school.by_mac(PC).address, school.by_mac(PC).last_seen) == ("10.2.0.99", START + HOUR)
    before = school.by_mac(GONE)
    school.tell(START + 2 * HOUR, router=arp("10.2.0.98", GONE, STALE))
    assert school.by_mac(GONE) == before, "it is only remembered"


def test_a_neighbour_is_proposed_until_somebody_examines_it(school: School) -> None:
    school.tell(START)
    attic = next(row for row in school.trust.devices() if row.name == "attic")
    with school.store.reader() as connection:
        assert wiring.proposed(connection, school.id, attic.school_id) == [("attic", "second gi2")]
        assert wiring.proposed(connection, school.id, "another school") == []
    box = Box("attic", "10.1.0.4", "00:1b:21:00:09:00", {}, {})
    school.tell(START + HOUR, (*BOXES, box))
    assert next(row for row in school.trust.devices() if row.name == "attic").device_id == attic.device_id
    with school.store.reader() as connection:
        assert wiring.proposed(connection, school.id, attic.school_id) == []


def test_a_host_that_moved_keeps_its_id_and_the_others_their_since(school: School) -> None:
    school.tell(START)
    moved = Box("first", "10.1.0.2", FIRST, {PC: 4, PRINTER: 1}, BOXES[1].heard)
    school.tell(START + HOUR, (BOXES[0], moved, BOXES[2]))
    assert school.hangs(PC) == [("first", "gi4", "direct")]
    with school.store.reader() as connection:
        since = {row.mac: row.since for row in connection.execute(select(t.attachments))}
        drawn = connection.execute(select(t.wirings.c.drawn)).scalar_one()
    assert (since[PC], since[PRINTER], drawn) == (START + HOUR, START, START + HOUR)


def test_a_switch_that_does_not_answer_for_two_hours_is_no_longer_on_the_map(school: School) -> None:
    school.tell(START)
    school.tell(START + 2 * HOUR, BOXES[:2])
    assert school.links() == [("core", "gi1", "first", "gi1")]
    assert school.hangs(PRINTER)[0][0] != "second"


def test_a_site_is_drawn_once_for_all_that_changed_and_not_where_nothing_or_only_its_health_did(
    school: School,
) -> None:
    assert school.tell(START) == 1
    assert map_network.map_changed(school.store, school.id, START + HOUR) == 0
    school.trust.say(START + HOUR, told("load", ["1.3.6.1.2.1.1.3.0|67|5"]), address="10.1.0.1", mac=CORE)
    assert map_network.map_changed(school.store, school.id, START + HOUR) == 0
    assert school.tell(START + 2 * HOUR, BOXES[:1]) == 1
    assert school.tell(START + 2 * HOUR + timedelta(seconds=30), BOXES[1:]) == 0, "a moment later it is early"
    assert map_network.map_changed(school.store, school.id, START + 2 * HOUR + timedelta(minutes=2)) == 1


def test_a_site_of_which_something_waits_is_not_drawn_yet(school: School) -> None:
    box = BOXES[0]
    school.trust.say(START, *box.groups(), address=box.address, mac=box.mac)
    row = {"trust_id": school.id, "agent_id": "agent-1", "stream_id": "other", "sequence": 1, "state": "pending",
           "lane_id": 1, "observe_time": START, "boot_seconds": 0.0, "boot_id": "b", "receive_time": START}  # fmt: skip
    school.store.write(lambda connection: connection.execute(insert(t.reports).values(row)))
    assert map_network.map_changed(school.store, school.id, START) == 0


def test_one_site_that_cannot_be_drawn_is_passed_by(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ValueError("a rule is wrong")

    monkeypatch.setattr("collector.topology.links.connect", fail)
    assert school.tell(START) == 1
    monkeypatch.undo()
    assert school.links() == []
    assert school.tell(START + HOUR) == 1
    assert len(school.links()) == 2


def test_devices_that_were_merged_are_on_the_map_under_their_surviving_id(school: School) -> None:
    school.tell(START)
    core, pc = (school.by_mac(mac).device_id for mac in (CORE, PC))

    def alias(connection: Transaction) -> None:
        school_id = school.by_mac(PC).school_id
        where = (t.devices.c.trust_id == school.id) & (t.devices.c.device_id == core)
        connection.execute(t.devices.update().where(where).values(alias_of=pc))
        rows = wiring.links(connection, school.id, school_id)
        ends = {end for row in rows for end in (row.a_device, row.b_device)}
        assert (pc in ends, core in ends) == (True, False)

    school.store.write(alias)


def test_reinterpretation_draws_anew(school: School) -> None:
    school.tell(START)
    school.store.write(lambda connection: connection.execute(t.links.delete()))
    reinterpret.reinterpret(school.store, school.id, START + DAY)
    assert len(school.links()) == 2
    assert school.by_mac(GONE).last_seen == START


def test_a_device_heard_at_another_school_s_site_moves_there_and_one_that_is_remembered_does_not(
    school: School,
) -> None:
    school.tell(START)
    device_id, lane_id = school.by_mac(PC).device_id, 1
    other = school.store.write(lambda c: _other_site(c, school.id))
    heard = {device_id: presence.Heard(lane_id, START + DAY, "10.9.0.5")}
    school.store.write(lambda c: presence.note(c, school.id, other, heard, START + DAY))
    assert (school.by_mac(PC).last_seen, school.by_mac(PC).address) == (START + DAY, "10.9.0.5")
    with school.store.reader() as connection:
        assert (
            connection.execute(select(t.devices.c.site_id).where(t.devices.c.device_id == device_id)).scalar() == other
        )
    school.tell(START + 2 * DAY, BOXES[:1], router=arp("10.2.0.5", PC, STALE))
    with school.store.reader() as connection:
        home = connection.execute(select(t.devices.c.site_id).where(t.devices.c.device_id == device_id)).scalar()
    assert home == school.trust.site, "the core has learned it again"


def _other_site(connection: Transaction, trust_id: str) -> str:
    row = {"trust_id": trust_id, "school_id": "elsewhere", "name": "Elsewhere"}
    connection.execute(insert(t.schools).values(row))
    connection.execute(
        insert(t.sites).values({"trust_id": trust_id, "site_id": "far", "school_id": "elsewhere", "name": "x"})
    )
    return "far"


def test_only_devices_of_which_something_else_is_known_are_assessed_again(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes: list[devices.Change] = []
    settle = devices.settle

    def settle_and_tell(*given: Any) -> devices.Change:
        changes.append(settle(*given))
        return changes[-1]

    monkeypatch.setattr(devices, "settle", settle_and_tell)
    core = BOXES[0]
    for number, router in enumerate(
        (KNOWN_BY_ROUTER, [*KNOWN_BY_ROUTER, *arp("10.2.0.8", "00:25:64:00:00:08", STALE)])
    ):
        when = START + number * HOUR
        school.trust.say(when, *core.groups(), told("arp_tables", router), address=core.address, mac=core.mac)
    first, second = changes
    assert len(first.restated) == len(first.device_ids) == 6
    assert len(second.device_ids) == 7
    assert second.restated == (school.by_mac("00:25:64:00:00:08").device_id,)


def test_what_a_switch_shows_of_one_vlan_is_no_part_of_the_device_s_own_walk() -> None:
    name = "1.3.6.1.2.1.1.5.0"
    contents: dict[str, Content] = {
        "system": SnmpBindings(snmprec.parse([f"{name}|4|right"]).bindings),
        "forwarding_by_vlan@10": SnmpBindings(snmprec.parse([f"{name}|4|a view", f"{name[:-3]}6.0|4|x"]).bindings),
    }
    subject = Subject(SubjectKind.ADDRESS, "10.1.0.1", CORE)
    (reading,) = read(Observation(subject, Method.SNMP_V2C, contents))
    assert (reading.value("name"), reading.value("location")) == ("right", None)


def test_superseded_views_of_a_group_are_pruned_with_it(school: School) -> None:
    for hours in range(2):
        view = told("forwarding_by_vlan@10", learned(PC, 1 + hours))
        school.trust.say(START + hours * HOUR, view, address="10.1.0.1", mac=CORE)
    forget = lambda c: evidence.prune(c, school.id, ["forwarding_by_vlan"], START + DAY)  # noqa: E731 - one line
    assert school.store.write(forget) == 1
