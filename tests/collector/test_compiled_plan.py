"""The plan is the same for the same files, asks `system` first, and puts a condition after what it looks at."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from agent.plan import check
from collector.knowledge import OBJECT_ID, Ask
from collector.plan import compile_plan
from stocktake.values import Cadence, Condition, Expansion

SYSTEM = Ask("system", scalars=(OBJECT_ID,))


def names(*asks: Ask) -> list[str]:
    return [group.name for group in compile_plan(asks).groups]


def test_the_plan_of_all_knowledge_files_is_sound() -> None:
    plan = compile_plan()
    assert plan == compile_plan()
    assert plan.digest == b""
    assert [group.number for group in plan.groups] == list(range(1, len(plan.groups) + 1))
    assert plan.groups[0].name == "system"
    assert {"entity", "host_resources", "interfaces", "printer", "system"} <= {group.name for group in plan.groups}
    oids = [oid for group in plan.groups for oid in (*group.scalars, *group.tables)]
    assert all(re.fullmatch(r"1\.\d+(\.\d+)+", oid) for oid in oids)
    assert all(group.scalars or group.tables for group in plan.groups)
    plain = [oid for g in plan.groups if g.expansion is None for oid in (*g.scalars, *g.tables)]
    everywhere = [oid for g in plan.groups if g.condition == Condition() for oid in (*g.scalars, *g.tables)]
    assert not [oid for oid in everywhere if plain.count(oid) > 1], "asked of a device twice, in the same view"


def test_groups_are_numbered_by_name_with_system_first() -> None:
    assert names(Ask("ups", tables=("1.3.1",)), SYSTEM, Ask("entity", tables=("1.3.2",))) == ["system", "entity", "ups"]


def test_files_that_share_a_name_share_the_group() -> None:
    first, second = Ask("x", scalars=("1.3.10",), tables=("1.4",)), Ask("x", scalars=("1.3.9", "1.3.10"))
    (group,) = compile_plan((first, second)).groups
    assert (group.scalars, group.tables) == (("1.3.9", "1.3.10"), ("1.4",))
    assert compile_plan((second, first)) == compile_plan((first, second))


def test_what_two_files_ask_of_the_same_devices_is_asked_once() -> None:
    apc, smart = (
        Condition(object_id_prefixes=("1.3.6.1.4.1.318",)),
        Condition(object_id_prefixes=("1.3.6.1.4.1.318.1",)),
    )
    plan = compile_plan((
        SYSTEM,
        Ask("all", Cadence.HEALTH, tables=("1.3.7",)),
        Ask("apc", scalars=("1.3.8.0", "1.3.9.0"), tables=("1.3.7",), condition=apc),
        Ask("smart", scalars=("1.3.8.0", "1.3.9.1"), condition=smart),
        Ask("rare", tables=("1.3.7", "1.3.6")),
    ))  # fmt: skip
    asked = {group.name: (*group.scalars, *group.tables) for group in plan.groups if group.name != "system"}
    assert asked == {"all": ("1.3.7",), "apc": ("1.3.8.0", "1.3.9.0"), "smart": ("1.3.9.1",), "rare": ("1.3.6",)}


def test_agents_accept_the_plan_of_all_knowledge_files() -> None:
    check(replace(compile_plan(), digest=bytes(32)))


def test_a_group_of_more_objects_than_agents_accept_is_asked_in_parts() -> None:
    plan = compile_plan((SYSTEM, Ask("many", scalars=tuple(f"1.3.{n}.0" for n in range(250)), tables=("1.4",))))
    assert [(g.name, len(g.scalars), len(g.tables)) for g in plan.groups[1:]] == [("many", 200, 0), ("many.2", 50, 1)]


def test_what_other_devices_are_asked_stays_in_both_groups() -> None:
    groups = [
        Ask(n, scalars=("1.3.8.0",), condition=Condition(object_id_prefixes=(p,)))
        for n, p in (("a", "1.4"), ("b", "1.5"))
    ]
    assert [len(group.scalars) for group in compile_plan((SYSTEM, *groups)).groups] == [1, 1, 1]


def test_a_shared_group_cannot_be_asked_at_two_times() -> None:
    with pytest.raises(ValueError, match="'x' at different times"):
        compile_plan((Ask("x", scalars=("1.3.1",)), Ask("x", Cadence.HEALTH, scalars=("1.3.2",))))


def test_a_group_follows_the_group_that_its_condition_looks_at() -> None:
    vlans = Ask("vlans", tables=("1.3.6.1.9",))
    learnt = Ask("addresses", tables=("1.3.6.1.8",), condition=Condition(answered="1.3.6.1.9.1"))
    per_vlan = Ask("forwarding", tables=("1.3.6.1.7",), expansion=Expansion("1.3.6.1.9.2", "@"))
    assert names(learnt, per_vlan, vlans, SYSTEM) == ["system", "vlans", "addresses", "forwarding"]


def test_a_condition_that_nobody_asks_for_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no earlier group asks .*: orphan"):
        compile_plan((SYSTEM, Ask("orphan", tables=("1.3",), condition=Condition(answered="1.4"))))
    with pytest.raises(ValueError, match="early"):
        compile_plan((Ask("early", tables=("1.3.7",), condition=Condition(object_id_prefixes=("1.3.6.1.4.1.9",))),))
