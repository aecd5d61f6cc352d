"""Resolve: the right device for the right reasons, in whatever order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from collector.facts import Identifier, IdentifierKind
from collector.resolve import Claimant, Claims, Verdict, contradiction, decide

AGENT, SERIAL, UUID, MAC = IdentifierKind.AGENT, IdentifierKind.SERIAL, IdentifierKind.UUID, IdentifierKind.MAC


def ids(*pairs: tuple[IdentifierKind, str]) -> frozenset[Identifier]:
    return frozenset(Identifier(kind, value) for kind, value in pairs)


def known(**devices: frozenset[Identifier]) -> Claims:
    return Claims({name: Claimant(name, (rank,), said) for rank, (name, said) in enumerate(devices.items())})


def test_what_nobody_claims_is_new_and_says_so() -> None:
    decision = decide(ids((MAC, "00:1b:21:00:00:01")), known())
    assert decision.verdict is Verdict.NEW
    assert decision.reason == "nobody claims MAC 00:1b:21:00:00:01"


def test_one_shared_mac_is_enough_where_nothing_stronger_speaks() -> None:
    said = ids((MAC, "00:1b:21:00:00:01"), (SERIAL, "hp:CN1"))
    decision = decide(said, known(a=ids((MAC, "00:1b:21:00:00:01"))))
    assert (decision.verdict, decision.device_id) == (Verdict.SAME, "a")
    assert decision.reason == "both have MAC 00:1b:21:00:00:01"


def test_a_docks_mac_does_not_make_one_laptop_of_five() -> None:
    dock = (MAC, "00:1b:21:00:00:01")
    laptops = known(**{f"l{n}": ids(dock, (SERIAL, f"dell:S{n}")) for n in range(4)})
    decision = decide(ids(dock, (SERIAL, "dell:S9")), laptops)
    assert decision.verdict is Verdict.NEW
    assert "not l0, which has serial dell:S0" in decision.reason


def test_the_same_serial_of_two_makers_is_no_match() -> None:
    assert decide(ids((SERIAL, "hp:12345")), known(a=ids((SERIAL, "canon:12345")))).verdict is Verdict.NEW


def test_two_rows_that_prove_to_be_one_are_merged_into_the_older() -> None:
    devices = known(older=ids((MAC, "00:1b:21:00:00:01")), younger=ids((SERIAL, "hp:CN1")))
    decision = decide(ids((MAC, "00:1b:21:00:00:01"), (SERIAL, "hp:CN1")), devices)
    assert (decision.verdict, decision.device_id, decision.absorbed) == (Verdict.MERGE, "older", ("younger",))


def test_rows_that_contradict_each_other_are_not_merged_by_a_third() -> None:
    devices = known(
        a=ids((MAC, "00:1b:21:00:00:01"), (SERIAL, "hp:CN1")), b=ids((MAC, "00:1b:21:00:00:02"), (SERIAL, "hp:CN2"))
    )
    decision = decide(ids((MAC, "00:1b:21:00:00:01"), (MAC, "00:1b:21:00:00:02")), devices)
    assert (decision.verdict, decision.device_id) == (Verdict.SAME, "a")


def test_an_agent_on_another_mainboard_is_another_machine() -> None:
    devices = known(a=ids((AGENT, "agent-1"), (SERIAL, "hp:CN1")))
    assert decide(ids((AGENT, "agent-1"), (SERIAL, "hp:CN2")), devices).verdict is Verdict.NEW


def test_what_nothing_identifies_stays_with_its_lane() -> None:
    assert decide(ids(), known(), previous="a").device_id == "a"
    assert decide(ids(), known()).verdict is Verdict.NEW


def test_a_contradiction_needs_a_value_on_both_sides() -> None:
    assert contradiction(ids((SERIAL, "hp:1")), ids((UUID, "u"))) is None
    assert contradiction(ids((SERIAL, "hp:1"), (SERIAL, "hp:2")), ids((SERIAL, "hp:2"))) is None
    assert contradiction(ids((UUID, "u")), ids((UUID, "v"))) == Identifier(UUID, "v")


identifiers = st.builds(Identifier, st.sampled_from([SERIAL, UUID, MAC]), st.sampled_from(["hp:1", "hp:2", "dell:1"]))


@given(
    said=st.lists(identifiers, max_size=4),
    rows=st.lists(st.frozensets(identifiers, min_size=1), max_size=5),
    data=st.data(),
)
def test_the_order_of_what_is_said_and_known_never_matters(
    said: list[Identifier], rows: list[frozenset[Identifier]], data: st.DataObject
) -> None:
    claimants = {f"d{n}": Claimant(f"d{n}", (n,), row) for n, row in enumerate(rows)}
    shuffled = {key: claimants[key] for key in data.draw(st.permutations(list(claimants)))}
    assert decide(said, Claims(claimants)) == decide(data.draw(st.permutations(said)), Claims(shuffled))


@given(
    said=st.lists(identifiers, min_size=1, max_size=4),
    rows=st.lists(st.frozensets(identifiers, min_size=1), max_size=5),
)
def test_nothing_is_joined_that_contradicts(said: list[Identifier], rows: list[frozenset[Identifier]]) -> None:
    claims = Claims({f"d{n}": Claimant(f"d{n}", (n,), row) for n, row in enumerate(rows)})
    decision = decide(said, claims)
    for device_id in (*decision.absorbed, *([decision.device_id] if decision.device_id else [])):
        assert contradiction(said, claims.claimants[device_id].identifiers) is None
