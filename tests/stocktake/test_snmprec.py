from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stocktake import ber, snmprec
from stocktake.values import Binding

LINES = """\
1.3.6.1.2.1.1.1.0|4|A switch | with a bar
1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.9.1.1208
1.3.6.1.2.1.1.3.0|67|10000
1.3.6.1.2.1.2.2.1.5.1|66|4294967295
1.3.6.1.2.1.2.2.1.6.1|4x|001b21000001
1.3.6.1.2.1.4.20.1.1.10.0.0.1|64|10.0.0.1
1.3.6.1.2.1.4.20.1.3.10.0.0.1|64x|ffff0000
1.3.6.1.2.1.17.1.1.0|4e|\\x00\\n\\101b\\\\
1.3.6.1.2.1.31.1.1.1.6.1|70|18446744073709551615
1.3.6.1.2.1.43.11.1.1.9.1.1|2|-3
1.3.6.1.4.1.2021.10.1.6.1|68x|9f780400000000
1.3.6.1.4.1.9.9.1.1|5|
"""


def by_oid(text: str) -> dict[str, Binding]:
    return {binding.oid: binding for binding in snmprec.read(text.splitlines(keepends=True))}


def test_every_type_is_read() -> None:
    found = by_oid(LINES)
    assert len(found) == 12
    assert found["1.3.6.1.2.1.1.1.0"].value == b"A switch | with a bar"
    assert ber.oid_text(found["1.3.6.1.2.1.1.2.0"].value) == "1.3.6.1.4.1.9.1.1208"
    assert ber.integer(found["1.3.6.1.2.1.1.3.0"]) == 10000
    assert found["1.3.6.1.2.1.2.2.1.6.1"].value == bytes.fromhex("001b21000001")
    assert found["1.3.6.1.2.1.4.20.1.1.10.0.0.1"] == Binding(
        "1.3.6.1.2.1.4.20.1.1.10.0.0.1", ber.IP_ADDRESS, bytes((10, 0, 0, 1))
    )
    assert found["1.3.6.1.2.1.4.20.1.3.10.0.0.1"].value == bytes((255, 255, 0, 0))
    assert found["1.3.6.1.2.1.17.1.1.0"].value == b"\x00\nAb\\"
    assert ber.unsigned(found["1.3.6.1.2.1.31.1.1.1.6.1"]) == 2**64 - 1
    assert ber.integer(found["1.3.6.1.2.1.43.11.1.1.9.1.1"]) == -3
    assert found["1.3.6.1.4.1.2021.10.1.6.1"].tag == ber.OPAQUE
    assert found["1.3.6.1.4.1.9.9.1.1"].value == b""


def test_lines_out_of_order_are_sorted_and_of_a_repeated_oid_the_first_stays() -> None:
    lines = ["1.3.10|2|1", "1.3.9|2|2", ".1.3.10|2|3", "1.3.9.1|2|4"]
    found = snmprec.read(lines)
    assert [(binding.oid, binding.value) for binding in found] == [
        ("1.3.9", b"\2"),
        ("1.3.9.1", b"\4"),
        ("1.3.10", b"\1"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "no bars", "1.3.6|2", "1.3.6|40|12", "1.3.6|2|", "1.3.6|2|twelve", "1.3.6|4x|0g", "1.3.6|64|*.*.*.*",
        "1.3.6|64x|0a0000", "1.3.6|6|", "1.3.6|6|1", "x|2|1", "1|2|1", "1.3.6|128|", "1.3.6|2y|1", "1.3.6|31x|00",
        "1.3.6|999x|00", "1.3.6|4|\ud800", "1.3.6|70|" + "9" * 30,
    ],
)  # fmt: skip
def test_a_line_that_says_nothing_is_returned_with_its_number(line: str) -> None:
    recording = snmprec.parse(["# a comment\n", "\n", "1.3.5|2|1\r\n", line])
    assert [binding.oid for binding in recording.bindings] == ["1.3.5"]
    assert recording.unreadable == (snmprec.Unreadable(4, line),)


def test_a_signed_counter_is_its_bit_pattern() -> None:
    assert ber.unsigned(snmprec.read(["1.3.6|66|-1"])[0]) == 2**32 - 1


def test_a_file_keeps_octets_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "device.snmprec"
    path.write_bytes(b"1.3.6.1|4|caf\xe9 \x85 \xc3\xa9\r\n1.3.6.2|2|7\r\n")
    recording = snmprec.read_file(path)
    assert [binding.value for binding in recording.bindings] == [b"caf\xe9 \x85 \xc3\xa9", b"\x07"]


def _bindings() -> st.SearchStrategy[list[Binding]]:
    name = st.lists(st.integers(0, 2**32 - 1), max_size=6).map(lambda arcs: ".".join(map(str, (1, 3, *arcs))))
    number = st.integers(0, 2**32 - 1).map(ber.encode_unsigned)
    value = st.one_of(
        st.tuples(st.just(ber.INTEGER), st.integers(-(2**31), 2**31 - 1).map(ber.encode_integer)),
        st.tuples(st.sampled_from([ber.COUNTER32, ber.GAUGE32, ber.TIME_TICKS, ber.UINTEGER32]), number),
        st.tuples(st.just(ber.COUNTER64), st.integers(0, 2**64 - 1).map(ber.encode_unsigned)),
        st.tuples(st.sampled_from([ber.OCTET_STRING, ber.OPAQUE, 0x45]), st.binary(max_size=30)),
        st.tuples(st.just(ber.OCTET_STRING), st.text(max_size=30).map(str.encode)),
        st.tuples(st.just(ber.IP_ADDRESS), st.binary(min_size=4, max_size=4)),
        st.tuples(st.just(ber.OBJECT_IDENTIFIER), name.map(ber.encode_oid)),
        st.tuples(st.just(ber.NULL), st.just(b"")),
    )
    rows = st.dictionaries(name, value, max_size=8)
    return rows.map(lambda found: [Binding(oid, *found[oid]) for oid in sorted(found, key=ber.oid_key)])


@given(_bindings())
def test_what_was_written_reads_back(bindings: list[Binding]) -> None:
    assert snmprec.parse(snmprec.write(bindings)) == snmprec.Recording(tuple(bindings))


def test_exceptions_are_not_written() -> None:
    assert list(snmprec.write([Binding("1.3.6", ber.NO_SUCH_OBJECT, b""), Binding("1.3.7", 6, b"")])) == ["1.3.7|6x|"]


@given(st.lists(st.text(max_size=60), max_size=5))
def test_any_text_is_read_or_returned(lines: list[str]) -> None:
    snmprec.parse(lines)
