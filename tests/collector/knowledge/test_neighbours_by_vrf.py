"""Neighbours in virtual routing tables, from routers that are asked over the plan of all knowledge files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from agent.budget import Budget, Limits
from agent.examine import Target, examine
from agent.plan import check
from agent.snmp.habits import Habits
from agent.snmp.recorded import recordings
from collector.facts import Reading
from collector.interpret import Observation, read
from collector.plan import compile_plan
from collector.topology import tables
from stocktake import wire
from stocktake.values import Credential, Examination, Method, Secret, SnmpBindings

PUBLIC = Credential("public", "2c", community=Secret("public"))
READER = Credential("reader", "3", user="reader")
CISCO, ARISTA, BROCADE, JUNIPER = ("9.1.1208", "30065.1.3011.7050.3282.52", "1588.2.2.1.1.1.5", "2636.1.1.1.2.29")
CISCO_VRFS, CISCO_CONTEXTS = "1.3.6.1.4.1.9.9.711.1.1.1.1.2", "1.3.6.1.4.1.9.9.468.1.1.1.2"
ARISTA_VRFS, STANDARD_VRFS = "1.3.6.1.4.1.30065.3.18.1.1.1.2", "1.3.6.1.2.1.10.166.11.1.2.2.1.6"
BROCADE_CONTEXTS = "1.3.6.1.4.1.1588.3.1.7.1.1.1.1.2"


def spelled(name: str) -> str:
    return ".".join(map(str, [len(name), *name.encode()]))


def media(interface: int, address: str, mac: str) -> list[str]:
    index = f"{interface}.{address}"
    return [f"1.3.6.1.2.1.4.22.1.2.{index}|4x|{mac}", f"1.3.6.1.2.1.4.22.1.4.{index}|2|3"]


def router(maker: str, *lines: str) -> list[str]:
    """What it says of itself, one neighbour in the table that it shows to everybody, and what else it answers."""
    return [
        "1.3.6.1.2.1.1.1.0|4|a router",
        f"1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.{maker}",
        "1.3.6.1.2.1.1.5.0|4|core",
        "1.3.6.1.2.1.2.2.1.6.10|4x|001b21000001",
        "1.3.6.1.2.1.4.1.0|2|1",
        *media(10, "10.1.0.5", "002564000005"),
        *lines,
    ]


PLAN = wire.decode_plan(wire.encode_plan(compile_plan()))


async def ask(
    folder: Path, answers: Sequence[str], views: Mapping[str, Sequence[str]], credential: Credential
) -> Examination:
    """What a router answers to the plan; `views` is by name what it answers there."""
    check(PLAN)
    (folder / "core.snmprec").write_text("\n".join(answers))
    for name, lines in views.items():
        (folder / f"core@{name}.snmprec").write_text("\n".join(lines))
    found = await examine(
        Target("10.1.0.1", network="10.1.0.0/24"), [credential], PLAN, Budget(Limits(("10.1.0.0/24",))),
        sessions=recordings({"10.1.0.1": folder / "core.snmprec"}), habits=Habits(),
    )  # fmt: skip
    assert found is not None
    return wire.decode_examination(wire.encode_examination(found))


def groups(found: Examination) -> dict[str, SnmpBindings]:
    return {each.group: each.content for each in found.groups if isinstance(each.content, SnmpBindings)}


def understood(found: Examination) -> tuple[Reading, dict[str, str]]:
    """The reading of the router, and address → MAC of whom it tells of."""
    own, *others = read(Observation(found.subject, Method.SNMP_V3, groups(found), site="s1"))
    return own, {locator: each.identifiers[0].value for each in others for locator in each.locators}


def missing(own: Reading) -> list[str]:
    return [each.reason.rpartition(": ")[2] for each in own.unread if each.rule == "virtual_routers"]


GUESTS = media(20, "10.20.0.7", "002564000007")
PHONES = media(30, "10.30.0.8", "002564000008")


async def test_the_contexts_that_a_cisco_router_maps_to_vrfs_are_asked_by_version_3(tmp_path: Path) -> None:
    names = [f"{CISCO_VRFS}.{number}|4|{name}" for number, name in enumerate(("Mgmt-vrf", "guests", "20", "cctv"), 1)]
    contexts = {"ctx-guests": "guests", "20": "20", "vlan-20": ""}
    mapped = [f"{CISCO_CONTEXTS}.{spelled(name)}|4|{vrf}" for name, vrf in contexts.items()]
    own_table = [  # cInetNetToMediaTable, for IPv6
        f"1.3.6.1.4.1.9.10.86.1.1.3.1.{column}.30.2.16.32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.9|{value}"
        for column, value in ((3, "4x|002564000009"), (5, "2|3"), (6, "2|1"))
    ]
    views = {"ctx-guests": GUESTS, "20": [*PHONES, *own_table], "vlan-20": media(40, "10.40.0.1", "002564000040")}
    found = await ask(tmp_path, router(CISCO, *names, *mapped), views, READER)
    assert {"cisco_arp_by_vrf@ctx-guests", "cisco_arp_by_vrf@20"} == {n for n in groups(found) if "@" in n}
    own, others = understood(found)
    assert others == {
        "10.1.0.5": "00:25:64:00:00:05", "10.20.0.7": "00:25:64:00:00:07", "10.30.0.8": "00:25:64:00:00:08",
        "2001:db8::9": "00:25:64:00:00:09",
    }  # fmt: skip
    assert own.value("virtual_routers") == 3
    assert missing(own) == ["cctv"], "it has no context"


async def test_no_community_is_made_up_for_a_cisco_router(tmp_path: Path) -> None:
    lines = [f"{CISCO_VRFS}.1|4|guests", f"{CISCO_CONTEXTS}.{spelled('guests')}|4|guests"]
    own, others = understood(await ask(tmp_path, router(CISCO, *lines), {"guests": GUESTS}, PUBLIC))
    assert set(others) == {"10.1.0.5"}
    assert missing(own) == ["guests"]


@pytest.mark.parametrize("credential", [PUBLIC, READER])
async def test_arista_has_a_context_and_a_community_for_each_vrf(tmp_path: Path, credential: Credential) -> None:
    lines = [f"{ARISTA_VRFS}.{spelled(name)}|4x|c0" for name in ("GUESTS", "PHONES", "MGMT")]
    found = await ask(tmp_path, router(ARISTA, *lines), {"GUESTS": GUESTS, "PHONES": PHONES}, credential)
    own, others = understood(found)
    assert set(others) == {"10.1.0.5", "10.20.0.7", "10.30.0.8"}
    assert own.value("virtual_routers") == 2
    assert missing(own) == []


async def test_brocade_tells_which_context_is_of_which_vrf(tmp_path: Path) -> None:
    lines = [f"{BROCADE_CONTEXTS}.{spelled('guests')}|4|guest-vrf", f"{BROCADE_CONTEXTS}.0|4|"]
    vrfs = [f"{STANDARD_VRFS}.{spelled(name)}|2|1" for name in ("guest-vrf", "cctv")]
    own, others = understood(await ask(tmp_path, router(BROCADE, *lines, *vrfs), {"guests": GUESTS}, READER))
    assert set(others) == {"10.1.0.5", "10.20.0.7"}
    assert missing(own) == ["cctv"]


async def test_a_router_that_answers_alike_in_every_context_tells_of_each_neighbour_once(tmp_path: Path) -> None:
    lines = [f"{ARISTA_VRFS}.{spelled(name)}|4x|c0" for name in ("GUESTS", "PHONES")]
    same = [*media(10, "10.1.0.5", "002564000005"), *GUESTS]
    found = await ask(tmp_path, router(ARISTA, *lines), {"GUESTS": same, "PHONES": same}, READER)
    _, *others = read(Observation(found.subject, Method.SNMP_V3, groups(found), site="s1"))
    assert [each.locators for each in others] == [("10.1.0.5",), ("10.20.0.7",)]
    assert [fact.name for fact in others[1].facts] == ["mac", "address"]


async def test_the_source_of_a_claim_is_the_vrf_that_made_it(tmp_path: Path) -> None:
    lines = [f"{ARISTA_VRFS}.{spelled('GUESTS')}|4x|c0"]
    found = await ask(tmp_path, router(ARISTA, *lines), {"GUESTS": GUESTS}, READER)
    _, _, guest = read(Observation(found.subject, Method.SNMP_V3, groups(found), site="s1"))
    assert {fact.source.group for fact in guest.facts if fact.rule == "arp_tables"} == {"arista_arp_by_vrf@GUESTS"}


async def test_junos_shows_all_routing_instances_to_who_asks_in_none(tmp_path: Path) -> None:
    lines = [f"{STANDARD_VRFS}.{spelled('guests')}|2|1", *GUESTS]
    own, others = understood(await ask(tmp_path, router(JUNIPER, *lines), {}, READER))
    assert set(others) == {"10.1.0.5", "10.20.0.7"}
    assert (own.value("virtual_routers"), missing(own)) == (1, [])


async def test_a_vrf_that_has_a_number_for_a_name_is_no_vlan_of_the_map(tmp_path: Path) -> None:
    lines = [f"{ARISTA_VRFS}.{spelled('20')}|4x|c0"]
    switch = groups(await ask(tmp_path, router(ARISTA, *lines), {"20": GUESTS}, READER))
    told = tables.read("d", {name: content.bindings for name, content in switch.items()})
    assert told.arp["10.20.0.7"].mac == "00:25:64:00:00:07"
    assert told.forwarding == {}
