"""The frame finds files, gives facts rule and source, reads hostile values without raising, and isolates failures."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector import knowledge
from collector.facts import Fact, Source, Unread
from collector.knowledge import (
    READERS,
    KnowledgeFile,
    Statement,
    Walk,
    as_date,
    as_identifier,
    as_integer,
    as_mac,
    as_maker,
    as_named,
    as_seconds,
    as_text,
)
from stocktake import ber
from stocktake.values import Binding, Content

NAME, UPTIME, OBJECT_ID = "1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.3.0", "1.3.6.1.2.1.1.2.0"


def octets(oid: str, value: bytes | str) -> Binding:
    return Binding(oid, ber.OCTET_STRING, value.encode() if isinstance(value, str) else value)


def number(oid: str, value: int) -> Binding:
    return Binding(oid, ber.INTEGER, ber.encode_integer(value))


def walk_of(*bindings: Binding, group: str = "system") -> Walk:
    return Walk({group: bindings}).named("rule")


# ------------------------------------------------------------------------------------------------ the files


def test_every_file_reads_something_and_names_its_groups_once() -> None:
    files = knowledge.files()
    assert {"system", "interfaces", "entity", "printer", "host_resources", "smbios", "edid"} <= {f.name for f in files}
    for file in files:
        assert file.read is not None or file.conclude is not None, file.name
        assert file.reads is Walk or not file.asks, f"{file.name} asks SNMP but reads something else"
        assert len({ask.name for ask in file.asks}) == len(file.asks)


def test_every_kind_of_content_is_read_by_a_file() -> None:
    read = {file.reads.__name__ for file in knowledge.files()} - {"Walk"}
    kinds = {kind.__name__ for kind in Content.__args__} - {"SnmpBindings"}
    singular = {"Sightings": "Sighting", "ImportedRows": "ImportedRow"}
    assert {singular.get(kind, kind) for kind in kinds} == read


def test_the_failure_of_a_file_becomes_unread_and_silences_nothing() -> None:
    def broken(walk: Walk) -> Iterator[Statement]:
        yield from walk.fact("name", "said before", NAME)
        raise KeyError("left")

    def sound(walk: Walk) -> Iterator[Statement]:
        yield from walk.state("contact", NAME)

    def conclude(facts: object) -> Iterator[Fact]:
        raise ZeroDivisionError

    files = (KnowledgeFile("a", (), Walk, broken, conclude), KnowledgeFile("b", (), Walk, sound, None))
    facts, unread = knowledge.study(walk_of(octets(NAME, "sw-1")), known=files)
    assert [(fact.rule, fact.value) for fact in facts] == [("a", "said before"), ("b", "sw-1")]
    assert [(u.rule, u.reason) for u in unread] == [("a", "KeyError: 'left'"), ("a", "ZeroDivisionError:")]


def test_a_file_that_never_stops_is_stopped() -> None:
    def endless(walk: Walk) -> Iterator[Statement]:
        while True:
            yield from walk.fact("name", "again", NAME)

    file = KnowledgeFile("a", (), Walk, endless, None)
    facts, unread = knowledge.study(walk_of(octets(NAME, "sw-1")), known=(file,))
    assert len(facts) == knowledge.MOST_STATEMENTS
    assert [u.reason for u in unread] == [f"more than {knowledge.MOST_STATEMENTS} statements"]


# ------------------------------------------------------------------------------------------------ values


@given(st.sampled_from((as_text, as_named, as_identifier, as_maker, as_integer, as_seconds, as_mac, as_date)),
       st.integers(0, 255), st.binary(max_size=64))  # fmt: skip
def test_a_reader_answers_or_refuses_with_a_reason(read: knowledge.Reader, tag: int, value: bytes) -> None:
    try:
        read(Binding("1.3", tag, value))
    except ValueError as error:
        assert str(error)  # noqa: PT017  either outcome is right, and a refusal must say why


def test_values_are_text_whatever_their_type() -> None:
    assert as_text(octets("1.3", " S1\x00")) == "S1"
    assert as_text(number("1.3", -42)) == "-42"
    assert as_text(Binding("1.3", ber.OBJECT_IDENTIFIER, ber.encode_oid("1.3.6.1.4.1.9"))) == "1.3.6.1.4.1.9"
    assert as_text(Binding("1.3", ber.IP_ADDRESS, bytes((10, 1, 0, 1)))) == "10.1.0.1"


def test_dates_are_read_from_raw_octets_and_bounded() -> None:
    assert as_date(octets("1.3", bytes.fromhex("07e3030909000000"))) == "2019-03-09"
    assert as_date(octets("1.3", bytes.fromhex("07e30309090000002b0000"))) == "2019-03-09"
    assert as_date(octets("1.3", bytes(8))) == ""
    for raw in (b"NA", b"00000000", bytes.fromhex("07e30d2009000000"), bytes.fromhex("0001010100000000")):
        with pytest.raises(ValueError, match=r"."):
            as_date(octets("1.3", raw))


def test_a_mac_may_come_as_text() -> None:
    assert as_mac(octets("1.3", "3C:A8:2A:00:00:01")) == as_mac(octets("1.3", bytes.fromhex("3ca82a000001")))


# ------------------------------------------------------------------------------------------------ the walk


def test_a_column_holds_its_rows_and_no_neighbour() -> None:
    walk = walk_of(octets("1.3.1.1", "a"), octets("1.3.1.10", "b"), octets("1.3.10.1", "c"), octets("1.3.1", "d"))
    assert list(walk.column("1.3.1")) == ["1", "10"]
    assert walk.has("1.3.1")
    assert walk.has("1.3.10")
    assert not walk.has("1.3.2")
    assert not walk.has("1.3.1.1.1")


def test_a_column_is_bounded() -> None:
    walk = walk_of(*(octets(f"1.3.1.{i}", "x") for i in range(5_000)))
    assert len(walk.column("1.3.1")) == knowledge.MOST_ROWS


def test_exceptions_of_the_protocol_are_not_there() -> None:
    walk = walk_of(Binding(NAME, ber.NO_SUCH_INSTANCE, b""), Binding(UPTIME, ber.NULL, b""))
    assert not walk.has("1.3.6.1.2.1.1")


def test_of_two_values_one_stands_in_any_order() -> None:
    empty, low, high = octets(NAME, ""), octets(NAME, "a"), octets(NAME, "b")
    for bindings in ((empty, low, high), (high, empty, low), (low, high, empty)):
        assert Walk({"g": bindings}).text(NAME) == "a"
    assert Walk({"a": (empty,), "b": (high,)}).text(NAME) == "b"
    assert Walk({"b": (low,), "a": (high,)}).text(NAME) == "b"


def test_a_state_carries_rule_group_and_object() -> None:
    (fact,) = walk_of(octets(NAME, "sw-1"), group="system").state("name", NAME, weight=60)
    assert fact == Fact("name", "sw-1", Source("system", NAME), "rule", weight=60)


def test_what_is_empty_or_absent_is_not_stated_and_what_is_wrong_is_unread() -> None:
    walk = walk_of(octets(NAME, ""), octets(UPTIME, "soon"), octets("1.3.9", "To be filled by O.E.M."))
    assert walk.state("name", NAME) == walk.state("name", "1.3.7") == ()
    (wrong,) = walk.state("uptime", UPTIME, read=as_seconds)
    (placeholder,) = walk.state("serial", "1.3.9")
    assert wrong == Unread("rule", Source("system", UPTIME), "no number, but type 4 of 4 octets")
    assert isinstance(placeholder, Unread)
    assert "placeholder" in placeholder.reason


def test_a_table_of_objects_states_scalars_and_rows() -> None:
    walk = walk_of(
        octets("1.3.1.0", "M1"), octets("1.3.5.2.7", "S7"), octets("1.3.5.3.7", "fan"), number("1.3.5.2.8", 12345)
    )
    assert [
        (f.name, f.value) for f in walk.states({"model": "1.3.1.0", "serial": "1.3.2.0"}) if isinstance(f, Fact)
    ] == [("model", "M1")]
    rows = [s for s in walk.rows("1.3.5", {"serial": 2, "name": 3}, component="module") if isinstance(s, Fact)]
    assert [(f.component, f.name, f.value) for f in rows] == [
        ("module/7", "serial", "S7"),
        ("module/8", "serial", "12345"),
        ("module/7", "name", "fan"),
    ]


def test_words_of_a_description_become_facts() -> None:
    walk = walk_of(octets(knowledge.DESCRIPTION, "Acme X1, version 2.5, build 7"))
    pattern = re.compile(
        r"Acme (?P<model>\w+), version (?P<firmware>[\d.]+)(, patch (?P<patch>\d+))?, build (?P<os__build>\d)"
    )
    facts = {f.name: f.value for f in walk.words(pattern) if isinstance(f, Fact)}
    assert facts == {"model": "X1", "firmware": "2.5", "os.build": "7"}
    assert list(walk.words(re.compile("Other (?P<model>.*)"))) == []


def test_the_longest_object_id_of_a_table_decides() -> None:
    walk = walk_of(Binding(OBJECT_ID, ber.OBJECT_IDENTIFIER, ber.encode_oid("1.3.6.1.4.1.9.1.516")))
    assert walk.of_object_id({"1.3.6.1.4.1.9": "Cisco", "1.3.6.1.4.1.9.1": "router"}) == "router"
    assert walk.of_object_id({"1.3.6.1.4.1.9.1.51": "other"}) is None


@pytest.mark.parametrize("name", READERS)
def test_a_well_known_fact_is_read_by_its_name(name: str) -> None:
    assert walk_of(octets("1.3.1.0", "")).state(name, "1.3.1.0") == ()
