"""Virtual routing tables are counted, and that hosts in them may be missing is said; not those for management."""

from __future__ import annotations

import pytest

from agent.plan import Answers, applies
from collector.facts import Fact, Unread
from collector.knowledge import Walk, virtual_routers
from collector.plan import compile_plan
from stocktake import snmprec

CISCO, STANDARD = virtual_routers.CISCO_NAMES, virtual_routers.STANDARD


def told(*lines: str) -> tuple[list[object], list[str]]:
    statements = list(virtual_routers.read(Walk({"walk": snmprec.read(list(lines))}).named("virtual_routers")))
    facts = [each.value for each in statements if isinstance(each, Fact)]
    return facts, [each.reason for each in statements if isinstance(each, Unread)]


def spelled(name: str) -> str:
    return ".".join(map(str, [len(name), *name.encode()]))


def test_virtual_routing_tables_are_counted_and_what_is_not_known_of_them_is_said() -> None:
    lines = [f"{CISCO}.{number}|4|{name}" for number, name in enumerate(("Mgmt-vrf", "guests", "cctv"), 1)]
    facts, unread = told(*lines, f"{STANDARD}.{spelled('guests')}|2|1", f"{STANDARD}.{spelled('phones')}|2|1")
    assert facts == [3]
    assert unread == ["neighbours in virtual routing tables may be missing: cctv, guests, phones"]


def test_a_long_list_of_names_has_an_end() -> None:
    _, (unread,) = told(*[f"{CISCO}.{number}|4|vrf{number}" for number in range(1, 10)])
    assert unread.endswith("vrf1, vrf2, vrf3, vrf4 and 5 more")


@pytest.mark.parametrize(
    "line",
    [
        f"{CISCO}.1|4|Mgmt-vrf",
        f"{CISCO}.1|4|__Platform_iVRF:_ID00_",
        f"{CISCO}.1|4|default",
        f"{CISCO}.1|4|",
        f"{STANDARD}.{spelled('management')}|2|1",
        f"{STANDARD}.9.65.66|2|1",
        f"{STANDARD}.2.300.66|2|1",
        f"{STANDARD}.1|2|1",
    ],
)
def test_tables_without_hosts_and_indexes_that_spell_nothing_are_passed_by(line: str) -> None:
    assert told(line) == ([], [])


def test_only_what_forwards_is_asked() -> None:
    groups = {group.name: group for group in compile_plan().groups}

    def asked(*lines: str) -> set[str]:
        answers = Answers()
        answers.add(snmprec.read(list(lines)))
        return {name for name in ("virtual_routers", "cisco_virtual_routers") if applies(groups[name], answers)}

    cisco, forwards = "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.9.1.1208", f"{virtual_routers.FORWARDING}|2|1"
    assert asked(cisco) == set()
    assert asked(forwards) == {"virtual_routers"}
    assert asked(cisco, forwards) == {"virtual_routers", "cisco_virtual_routers"}
