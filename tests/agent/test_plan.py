from __future__ import annotations

from dataclasses import replace

import pytest

from agent.plan import BASELINE, SYS_DESCR, SYS_OBJECT_ID, Answers, BadPlan, applies, check, indexes
from stocktake import ber
from stocktake.values import Binding, Cadence, Condition, Expansion, PlanGroup, WalkPlan

GROUP = PlanGroup(1, "group", Cadence.INVENTORY, scalars=("1.3.6.1.2.1.1.1.0",))


def answers(*bindings: Binding) -> Answers:
    so_far = Answers()
    so_far.add(bindings)
    return so_far


def device(object_id: str) -> Answers:
    return answers(Binding(SYS_OBJECT_ID, ber.OBJECT_IDENTIFIER, ber.encode_oid(object_id)))


def holds(so_far: Answers, **condition: object) -> bool:
    return applies(replace(GROUP, condition=Condition(**condition)), so_far)  # type: ignore[arg-type]


def test_a_group_without_condition_always_applies() -> None:
    assert holds(Answers())


@pytest.mark.parametrize(
    ("object_id", "applying"),
    [("1.3.6.1.4.1.9", True), ("1.3.6.1.4.1.9.1.1208", True), ("1.3.6.1.4.1.99.1", False), ("1.3.6.1.4.1", False)],
)
def test_an_object_id_lies_under_a_prefix_by_whole_arcs(object_id: str, *, applying: bool) -> None:
    assert holds(device(object_id), object_id_prefixes=("1.3.6.1.4.1.11", "1.3.6.1.4.1.9")) is applying


def test_a_device_without_a_readable_object_id_lies_under_no_prefix() -> None:
    for so_far in (Answers(), answers(Binding(SYS_OBJECT_ID, ber.OBJECT_IDENTIFIER, b"\x80"))):
        assert not holds(so_far, object_id_prefixes=("1.3.6.1.4.1.9",))


def test_an_object_or_anything_in_a_subtree_may_have_answered() -> None:
    so_far = answers(Binding("1.3.6.1.2.1.43.5.1.1.17.1", 4, b""), Binding("1.3.6.1.2.1.9.1", 2, b"\1"))
    assert holds(so_far, answered="1.3.6.1.2.1.43")
    assert holds(so_far, answered="1.3.6.1.2.1.43.5.1.1.17.1")
    assert not holds(so_far, answered="1.3.6.1.2.1.4")
    assert not holds(so_far, answered="1.3.6.1.2.1.43.5.1.1.17.1.1")
    assert not holds(so_far, answered="1.3.6.1.2.1.44")


def test_a_value_may_have_a_prefix() -> None:
    so_far = answers(Binding(SYS_DESCR, 4, b"HP ETHERNET MULTI-ENVIRONMENT"))
    assert holds(so_far, value_oid=SYS_DESCR, value_prefix=b"HP ETHERNET")
    assert not holds(so_far, value_oid=SYS_DESCR, value_prefix=b"hp")
    assert not holds(Answers(), value_oid=SYS_DESCR, value_prefix=b"HP")


def test_every_part_of_a_condition_must_hold() -> None:
    so_far = device("1.3.6.1.4.1.9.1")
    assert holds(so_far, object_id_prefixes=("1.3.6.1.4.1.9",), answered="1.3.6.1.2.1.1")
    assert not holds(so_far, object_id_prefixes=("1.3.6.1.4.1.9",), answered="1.3.6.1.2.1.43")


def test_indexes_come_in_order_and_once() -> None:
    column = "1.3.6.1.4.1.9.9.46.1.3.1.1.2.1"
    so_far = answers(*(Binding(f"{column}.{vlan}", 2, b"\1") for vlan in (100, 1, 20)), Binding(f"{column}9.7", 2, b""))
    so_far.add([Binding(f"{column}.20", 2, b"\1"), Binding(f"{column}.3.4", 2, b"\1"), Binding(column, 2, b"\1")])
    assert indexes(Expansion(column), so_far) == ["1", "20", "100", "3.4"]
    assert indexes(Expansion(column, left_out=("20", "1002")), so_far) == ["1", "100", "3.4"]


def test_names_that_indexes_spell_come_in_order_and_once() -> None:
    column = "1.3.6.1.4.1.9.9.468.1.1.1.2"
    rows = dict.fromkeys(("phones", "Guest WiFi", "20", "a@b"), b"a VRF") | {"vlan-10": b""}
    spelled = {".".join(map(str, [len(name), *name.encode()])): value for name, value in rows.items()}
    so_far = answers(*(Binding(f"{column}.{index}", 4, value) for index, value in spelled.items()))
    assert indexes(Expansion(column, spelled=True), so_far) == ["20", "a@b", "phones", "Guest WiFi"]


@pytest.mark.parametrize(
    "index",
    ["0", "1", "65.66", "3.65.66", "2.65.300", "2.65.10", "2.65.127", "2.195.164", f"33{'.65' * 33}", "1.4294967295"],
)
def test_an_index_that_spells_no_name_of_a_context_names_no_view(index: str) -> None:
    column = "1.3.6.1.4.1.9.9.468.1.1.1.2"
    assert indexes(Expansion(column, spelled=True), answers(Binding(f"{column}.{index}", 4, b"a VRF"))) == []


def test_the_baseline_is_within_the_bounds_and_names_interfaces() -> None:
    check(BASELINE)
    assert all(applies(group, Answers()) for group in BASELINE.groups)
    assert SYS_OBJECT_ID in BASELINE.groups[0].scalars
    assert {"1.3.6.1.2.1.2.2.1.6", "1.3.6.1.2.1.31.1.1.1.18"} <= set(BASELINE.groups[1].tables)


def plan_of(**changes: object) -> WalkPlan:
    return WalkPlan((replace(GROUP, **changes),))  # type: ignore[arg-type]


LONG = tuple(f"1.3.6.1.4.1.{number}" for number in range(201))


@pytest.mark.parametrize(
    ("plan", "sentence"),
    [
        (WalkPlan(tuple(replace(GROUP, number=n, name=str(n)) for n in range(501))), "501 groups; .* at most 500"),
        (plan_of(scalars=LONG[:101], tables=LONG[:100]), "asks for 201 objects; the most is 200"),
        (plan_of(name=""), "1 to 64 characters"),
        (plan_of(name="x" * 65), "1 to 64 characters"),
        (plan_of(scalars=("1.3.6.one",)), "no object: an OID is dotted numbers"),
        (plan_of(tables=("1.3",)), "at least 4 arcs"),
        (plan_of(condition=Condition(object_id_prefixes=LONG)), "condition .* too long"),
        (plan_of(condition=Condition(value_oid=SYS_DESCR, value_prefix=bytes(256))), "condition .* too long"),
        (plan_of(condition=Condition(answered="x")), "no object"),
        (plan_of(expansion=Expansion("1")), "no object"),
        (plan_of(expansion=Expansion(LONG[0], community_suffix="@" * 33)), "more than 32 characters"),
        (plan_of(expansion=Expansion(LONG[0], name_separator="@" * 33)), "more than 32 characters"),
        (plan_of(expansion=Expansion(LONG[0], left_out=LONG)), "leaves out more than"),
        (WalkPlan((GROUP, replace(GROUP, name="other"))), "the same number"),
        (WalkPlan((GROUP, replace(GROUP, number=2))), "the same name"),
    ],
)
def test_a_plan_beyond_the_bounds_is_refused_with_a_sentence(plan: WalkPlan, sentence: str) -> None:
    with pytest.raises(BadPlan, match=sentence):
        check(plan)
