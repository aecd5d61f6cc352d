"""Examinations of recorded devices, and of devices that are silent, choosy or shy."""

from __future__ import annotations

import pickle
import socket
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from agent.budget import Budget, Forbidden, Ledger, Limits
from agent.examine import Extent, Target, examine
from agent.plan import BASELINE, SYS_OBJECT_ID
from agent.snmp.habits import Habits
from agent.snmp.knock import Knock, knocking
from agent.snmp.recorded import RecordedSession, recordings
from agent.snmp.session import Opener, Refused, Session, Silent, SnmpError
from agent.snmp.wire import over_wire
from stocktake import ber, snmprec
from stocktake.values import (
    Binding,
    Cadence,
    Condition,
    Credential,
    Examination,
    Expansion,
    GroupResult,
    Method,
    Outcome,
    PlanGroup,
    Secret,
    SnmpBindings,
    SubjectKind,
    TableWalk,
    WalkPlan,
)

NETWORK = "10.1.0.0/24"
TARGET = Target("10.1.0.1", mac="00:1b:21:00:00:01", network=NETWORK)
PUBLIC = Credential("public", "2c", community=Secret("public"))
VLANS = "1.3.6.1.4.1.9.9.46.1.3.1.1.2.1"
FORWARDING = "1.3.6.1.2.1.17.4.3.1.2"
SWITCH = f"""\
1.3.6.1.2.1.1.1.0|4|Cisco IOS Software
1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.9.1.1208
1.3.6.1.2.1.1.5.0|4|core-switch
1.3.6.1.2.1.2.2.1.2.1|4|Gi1/0/1
1.3.6.1.2.1.2.2.1.2.2|4|Gi1/0/2
1.3.6.1.2.1.31.1.1.1.1.1|4|Gi1/0/1
{VLANS}.1|2|1
{VLANS}.20|2|1
"""
SYSTEM = PlanGroup(1, "system", Cadence.INVENTORY, scalars=("1.3.6.1.2.1.1.1.0", SYS_OBJECT_ID, "1.3.6.1.2.1.1.4.0"))
VLAN_GROUP = PlanGroup(
    2, "vlans", Cadence.TABLES, tables=(VLANS,), condition=Condition(object_id_prefixes=("1.3.6.1.4.1.9",))
)
BRIDGE = PlanGroup(
    3,
    "bridge",
    Cadence.TABLES,
    tables=(FORWARDING,),
    expansion=Expansion(VLANS, community_suffix="@", context_prefix="vlan-"),
)
PRINTER = PlanGroup(
    4, "printer", Cadence.INVENTORY, tables=("1.3.6.1.2.1.43.5",), condition=Condition(answered="1.3.6.1.2.1.43")
)
PLAN = WalkPlan((SYSTEM, VLAN_GROUP, BRIDGE, PRINTER), digest=b"\x07" * 32)


@pytest.fixture
def switch(tmp_path: Path) -> Opener:
    (tmp_path / "switch.snmprec").write_text(SWITCH)
    for view in ("20", "vlan-20"):
        (tmp_path / f"switch@{view}.snmprec").write_text(f"{FORWARDING}.0.27.33.0.0.1|2|7\n")
    return recordings({TARGET.address: tmp_path / "switch.snmprec"})


def budget() -> Budget:
    return Budget(Limits((NETWORK, "127.0.0.0/8", "fd00::/64")))


async def look(
    sessions: Opener,
    *credentials: Credential,
    plan: WalkPlan = PLAN,
    habits: Habits | None = None,
    target: Target = TARGET,
    day: str = "2026-03-02",
    knock: Knock | None = None,
) -> Examination | None:
    return await examine(
        target,
        credentials or (PUBLIC,),
        plan,
        budget(),
        sessions=sessions,
        habits=habits or Habits(),
        knock=knock,
        now=lambda: datetime.fromisoformat(day),
    )


def groups_of(examination: Examination | None) -> dict[str, GroupResult]:
    assert examination is not None
    return {group.group: group for group in examination.groups}


def recorded(text: str) -> RecordedSession:
    return RecordedSession(snmprec.read(text.splitlines()))


class Door:
    """Opens sessions as a test says, and remembers whom it was asked for."""

    def __init__(self, answers: dict[str, SnmpError | Session]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    async def __call__(self, address: str, port: int, credential: Credential, context: str) -> Session:
        self.asked.append(credential.name)
        answer = self.answers[credential.name]
        if isinstance(answer, SnmpError):
            return Failing(answer)
        return answer


class Failing:
    """A session with a device that fails every question alike."""

    room = 0

    def __init__(self, error: SnmpError) -> None:
        self.error = error

    async def get(self, oids: Sequence[str]) -> tuple[Binding, ...]:
        raise self.error

    async def next(self, oids: Sequence[str], repetitions: int) -> tuple[Binding, ...]:
        raise self.error

    async def close(self) -> None: ...


# ------------------------------------------------------------------------------------------------ the plan


async def test_a_device_is_asked_what_applies_to_it(switch: Opener) -> None:
    examination = await look(switch)
    assert examination is not None
    subject = examination.subject
    assert (subject.kind, subject.address, subject.mac, subject.network) == (
        SubjectKind.ADDRESS,
        "10.1.0.1",
        "00:1b:21:00:00:01",
        NETWORK,
    )
    assert (examination.method, examination.plan_digest) == (Method.SNMP_V2C, PLAN.digest)
    groups = groups_of(examination)
    assert list(groups) == ["system", "vlans", "bridge@1", "bridge@20"]
    system = groups["system"].content
    assert isinstance(system, SnmpBindings)
    assert [binding.value for binding in system.bindings] == [
        b"Cisco IOS Software",
        ber.encode_oid("1.3.6.1.4.1.9.1.1208"),
    ]
    vlans = groups["vlans"].content
    assert isinstance(vlans, SnmpBindings)
    assert vlans.tables == (TableWalk(VLANS, complete=True),)


async def test_each_view_of_a_switch_is_a_group_of_its_own(switch: Opener) -> None:
    groups = groups_of(await look(switch))
    assert groups["bridge@1"].outcome is Outcome.REFUSED
    assert groups["bridge@1"].content is None
    twenty = groups["bridge@20"].content
    assert isinstance(twenty, SnmpBindings)
    assert [binding.oid for binding in twenty.bindings] == [f"{FORWARDING}.0.27.33.0.0.1"]


async def test_views_of_version_3_are_contexts(switch: Opener) -> None:
    examination = await look(switch, Credential("v3", "3", user="reader"))
    assert examination is not None
    assert examination.method is Method.SNMP_V3
    assert groups_of(examination)["bridge@20"].outcome is Outcome.COMPLETE


async def test_a_view_that_the_plan_does_not_name_is_not_asked(switch: Opener) -> None:
    plan = WalkPlan((VLAN_GROUP, replace(BRIDGE, expansion=Expansion(VLANS))))
    assert list(groups_of(await look(switch, plan=plan))) == ["vlans"]


async def test_the_baseline_names_the_interfaces(switch: Opener) -> None:
    content = groups_of(await look(switch, plan=BASELINE))["interfaces"].content
    assert isinstance(content, SnmpBindings)
    assert [binding.value for binding in content.bindings] == [b"Gi1/0/1", b"Gi1/0/2", b"Gi1/0/1"]
    assert all(table.complete for table in content.tables)


async def test_a_group_is_cut_where_one_of_its_tables_is() -> None:
    class Half(RecordedSession):
        async def next(self, oids: Sequence[str], repetitions: int) -> tuple[Binding, ...]:
            if any(oid.startswith("1.3.6.1.2.1.2.2.1.3") for oid in oids):
                raise Refused("the device answered genErr", ber.GEN_ERR)
            return await super().next(oids, repetitions)

    door = Door({"public": Half(snmprec.read(SWITCH.splitlines()))})
    interfaces = groups_of(await look(door, plan=BASELINE))["interfaces"]
    assert interfaces.outcome is Outcome.CUT
    assert interfaces.detail == "the device answered genErr"
    assert isinstance(interfaces.content, SnmpBindings)
    assert {table.root for table in interfaces.content.tables if not table.complete} == {"1.3.6.1.2.1.2.2.1.3"}


async def test_a_device_that_dies_in_the_middle_keeps_what_came_and_the_rest_is_not_asked() -> None:
    class Dying(RecordedSession):
        async def next(self, oids: Sequence[str], repetitions: int) -> tuple[Binding, ...]:
            raise Silent("nothing listens at the SNMP port", closed=True)

    groups = groups_of(await look(Door({"public": Dying(snmprec.read(SWITCH.splitlines()))})))
    assert {name: group.outcome for name, group in groups.items()} == {
        "system": Outcome.COMPLETE,
        "vlans": Outcome.REFUSED,
    }
    assert groups["vlans"].detail == "nothing listens at the SNMP port"


# ------------------------------------------------------------------------------------------------ credentials

A, B, C, D = (Credential(name, "2c", community=Secret(name)) for name in "abcd")
SILENT = Silent("no answer")


async def test_where_nothing_answers_there_is_no_examination() -> None:
    assert await look(Door({"a": SILENT, "b": SILENT}), A, B) is None


async def test_the_credential_that_last_worked_is_tried_first() -> None:
    habits = Habits()
    door = Door({"a": SILENT, "b": recorded(SWITCH)})
    assert await look(door, A, B, habits=habits)
    assert await look(door, A, B, habits=habits)
    assert door.asked[:2] == ["a", "b"]
    assert "a" not in door.asked[2:]


async def test_at_most_three_credentials_are_tried_on_a_device_in_a_day() -> None:
    habits = Habits()
    door = Door(dict.fromkeys("abcd", SILENT))
    for _ in range(3):
        assert await look(door, A, B, C, D, habits=habits) is None
    assert set(door.asked) == {"a", "b", "c"}
    await look(door, D, habits=habits, day="2026-03-03")
    assert door.asked[-1] == "d"


async def test_a_refused_credential_is_not_repeated_that_day() -> None:
    habits = Habits()
    door = Door({"a": Refused("the authentication key is wrong")})
    for _ in range(3):
        await look(door, A, habits=habits)
    assert door.asked == ["a"]


async def test_a_closed_port_ends_the_search() -> None:
    door = Door({"a": Silent("nothing listens", closed=True), "b": SILENT})
    assert await look(door, A, B) is None
    assert door.asked == ["a"]


async def test_a_credential_is_only_tried_in_its_networks() -> None:
    door = Door({"a": recorded(SWITCH), "b": recorded(SWITCH)})
    elsewhere = replace(A, networks=("10.2.0.0/16", "fd00::/64"))
    here = replace(B, networks=("10.1.0.0/28",))
    assert await look(door, elsewhere, here)
    assert set(door.asked) == {"b"}
    assert await look(door, elsewhere, here, target=Target("fd00::1"))
    assert door.asked[-1] == "a"


# ------------------------------------------------------------------------------------------------ who is silent


class Knocker:
    """Answers knocks as a test says: "" to a discovery, the name of a credential, or not at all."""

    def __init__(self, heard: str | None) -> None:
        self.heard = heard
        self.turns: list[str] = []

    async def __call__(self, address: str, port: int, credential: Credential) -> str | None:
        self.turns.append(credential.name)
        return self.heard


async def test_a_silent_host_is_knocked_at_once_and_each_time_by_the_next_credential() -> None:
    habits, door, knocker = Habits(), Door(dict.fromkeys("abcd", SILENT)), Knocker(None)
    for day in ("2026-03-02", "2026-03-02", "2026-03-03", "2026-03-03", "2026-03-04"):
        assert await look(door, A, B, C, D, habits=habits, knock=knocker, day=day) is None
    assert knocker.turns == ["a", "b", "c", "d", "a"]
    assert door.asked == []  # not one probe beyond the knock


async def test_who_answers_a_knock_is_tried_with_what_it_answered_first() -> None:
    door = Door({"a": SILENT, "b": recorded(SWITCH)})
    assert await look(door, A, B, knock=Knocker("b"))
    assert set(door.asked) == {"b"}
    discovered = Door({"a": SILENT, "b": recorded(SWITCH)})
    assert await look(discovered, A, B, knock=Knocker(""))
    assert discovered.asked[:2] == ["a", "b"]


async def test_a_device_that_was_known_is_not_knocked_at_until_it_falls_silent() -> None:
    habits, knocker = Habits(), Knocker("b")
    habits.of(TARGET.address, NETWORK).worked("a")
    door = Door({"a": recorded(SWITCH), "b": recorded(SWITCH)})
    assert await look(door, A, B, habits=habits, knock=knocker)
    door.answers["a"] = SILENT
    assert await look(door, A, B, habits=habits, knock=knocker) is None  # it may only be off
    assert knocker.turns == []
    assert await look(door, A, B, habits=habits, knock=knocker)
    assert (knocker.turns, habits.of(TARGET.address, NETWORK).credential) == (["b"], "b")


@pytest.mark.parametrize("version", ["2c", "3"])
async def test_a_host_without_snmp_costs_two_packets_whatever_the_number_of_credentials(version: str) -> None:
    lines: list[str] = []
    many = [replace(each, version=version, user=each.name) for each in (A, B, C, D)]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        target = Target("127.0.0.1", port=deaf.getsockname()[1])
        strict = Budget(Limits(("127.0.0.1/32",)), ledger=Ledger(lines.append))
        knock = knocking(strict, 0.05)
        found = await examine(
            target, many, PLAN, strict, sessions=over_wire(strict), habits=Habits(), knock=knock
        )  # fmt: skip
        sent = [deaf.recv(2000) for _ in range(2)]
    assert found is None
    assert sum(int(line.split("\t")[4]) for line in lines[0].splitlines()) == 2
    assert [each.community.reveal().encode() in each_sent for each, each_sent in zip((A, A), sent, strict=True)] == [
        False,
        version == "2c",
    ]


async def test_a_port_where_nothing_listens_costs_one_packet_and_hears_no_credential() -> None:
    lines: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    strict = Budget(Limits(("127.0.0.1/32",)), ledger=Ledger(lines.append))
    target = Target("127.0.0.1", port=port)
    sessions = over_wire(strict)
    assert not await examine(
        target, [A, B], PLAN, strict, sessions=sessions, habits=Habits(), knock=knocking(strict)
    )  # fmt: skip
    assert [line.split("\t")[3:] for line in lines] == [["snmp discovery", "1"]]


# ------------------------------------------------------------------------------------------------ what is due

STATUS_GROUP = PlanGroup(
    5, "status", Cadence.HEALTH, tables=("1.3.6.1.2.1.2.2.1.2",), condition=Condition(answered=VLANS)
)
NO_PRINTER = PlanGroup(
    6, "trays", Cadence.HEALTH, tables=("1.3.6.1.2.1.43.8",), condition=Condition(answered="1.3.6.1.2.1.43")
)
PRINTERS = PlanGroup(4, "printer", Cadence.INVENTORY, tables=("1.3.6.1.2.1.43.5",))
ROUTINE = WalkPlan((SYSTEM, replace(VLAN_GROUP, cadence=Cadence.INVENTORY), PRINTERS, BRIDGE, STATUS_GROUP, NO_PRINTER))


async def test_each_group_is_asked_as_often_as_its_cadence_says(switch: Opener) -> None:
    habits = Habits()

    async def asked(hour: str) -> list[str]:
        return list(groups_of(await look(switch, plan=ROUTINE, habits=habits, day=f"2026-03-{hour}:00+00:00")))

    everything = ["system", "vlans", "printer", "bridge@1", "bridge@20", "status"]
    assert await asked("02T08") == everything
    # tables are due, and bring along what tells their views; what did not apply needs no asking to be left out
    assert await asked("02T12") == ["vlans", "bridge@1", "bridge@20", "status"]
    assert await asked("03T09") == everything


async def test_who_is_somebody_else_now_is_asked_everything(switch: Opener) -> None:
    habits = Habits()
    first = groups_of(await look(switch, plan=BASELINE, habits=habits))
    again = groups_of(await look(switch, plan=BASELINE, habits=habits))
    other = groups_of(await look(switch, plan=BASELINE, habits=habits, target=replace(TARGET, mac="00:1b:21:00:00:02")))
    assert list(first) == list(other) == ["system", "interfaces"]
    assert list(again) == ["system"]  # nothing is due, and the first group is asked


async def test_what_did_not_come_to_its_end_is_due_again() -> None:
    class Half(RecordedSession):
        async def next(self, oids: Sequence[str], repetitions: int) -> tuple[Binding, ...]:
            raise Refused("the device answered genErr", ber.GEN_ERR)

    habits, door = Habits(), Door({"public": Half(snmprec.read(SWITCH.splitlines()))})
    for _ in range(2):
        assert "interfaces" in groups_of(await look(door, plan=BASELINE, habits=habits))
    door.answers["public"] = recorded(SWITCH)
    assert list(groups_of(await look(door, plan=BASELINE, habits=habits))) == ["interfaces"]


async def test_whole_asks_what_is_not_due(switch: Opener) -> None:
    habits = Habits()
    for _ in range(2):
        found = await examine(TARGET, [PUBLIC], BASELINE, budget(), sessions=switch, habits=habits, extent=Extent.WHOLE)
        assert list(groups_of(found)) == ["system", "interfaces"]


# ------------------------------------------------------------------------------------------------ the contract


async def test_an_address_that_is_not_allowed_is_not_examined(switch: Opener) -> None:
    with pytest.raises(Forbidden, match="none of the networks"):
        await look(switch, target=Target("10.9.0.1"))
    with pytest.raises(Forbidden, match="port 9100"):
        await look(switch, target=replace(TARGET, port=9100))
    excluding = Budget(Limits((NETWORK,), exclude_macs=("00:1b:21",)))
    with pytest.raises(Forbidden, match="maker"):
        await examine(TARGET, [PUBLIC], PLAN, excluding, sessions=switch, habits=Habits())


async def test_quiet_hours_in_the_middle_cut_what_is_left() -> None:
    class Interrupted(RecordedSession):
        async def next(self, oids: Sequence[str], repetitions: int) -> tuple[Binding, ...]:
            raise Forbidden("nothing is sent in the quiet hours 08:30-15:30")

    groups = groups_of(await look(Door({"public": Interrupted(snmprec.read(SWITCH.splitlines()))})))
    assert list(groups) == ["system", "vlans"]
    assert groups["vlans"].detail == "nothing is sent in the quiet hours 08:30-15:30"


async def test_a_silent_host_costs_one_probe_and_one_retry_and_both_are_in_the_ledger() -> None:
    lines: list[str] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        target = Target("127.0.0.1", port=deaf.getsockname()[1])
        strict = Budget(Limits(("127.0.0.1/32",)), ledger=Ledger(lines.append))
        found = await examine(target, [PUBLIC], PLAN, strict, sessions=over_wire(strict), habits=Habits())
    assert found is None
    assert [line.split("\t")[1:] for line in lines] == [["127.0.0.1", str(target.port), "snmp v2c", "2"]]


def test_all_that_an_examination_needs_travels_to_a_worker() -> None:
    parts = (TARGET, PUBLIC, PLAN, Limits((NETWORK,)))
    assert pickle.loads(pickle.dumps(parts)) == parts  # noqa: S301  our own bytes
    assert Habits.from_json(Habits().to_json()).of("a", "b").repetitions == 25
