"""The plan is the same for the same files, asks `system` first, and puts a condition after what it looks at."""

from __future__ import annotations

import re

import pytest

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
    assert len(oids) == len(set(oids)), "asked of a device twice"


def test_groups_are_numbered_by_name_with_system_first() -> None:
    assert names(Ask("ups", tables=("1.3",)), SYSTEM, Ask("entity", tables=("1.3",))) == ["system", "entity", "ups"]


def test_files_that_share_a_name_share_the_group() -> None:
    first, second = Ask("x", scalars=("1.3.10",), tables=("1.4",)), Ask("x", scalars=("1.3.9", "1.3.10"))
    (group,) = compile_plan((first, second)).groups
    assert (group.scalars, group.tables) == (("1.3.9", "1.3.10"), ("1.4",))
    assert compile_plan((second, first)) == compile_plan((first, second))


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
