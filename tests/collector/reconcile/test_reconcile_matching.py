"""Which row of a book is which device: what matches, what is asked, what is not there; and how marks are read."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.reconcile import book, judging, marks
from collector.reconcile.comparing import alike, same_model
from collector.reconcile.values import Around, Held, Kind, Outcome
from collector.records import sheets

SCHOOLS = {"oak": "Oak Lane", "elm": "Elm Grove"}
SERIAL = st.text("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ", min_size=7, max_size=14)


def held(device_id: str, school: str = "oak", absent: str = "", **values: Any) -> Held:
    known = {kind: frozenset({value}) for kind, value in marks.of(values).items()}
    title = str(values.get("local_name") or device_id)
    return Held(device_id, school, SCHOOLS[school], title, "laptop", values, known, absent)


LAPTOP = held("d1", serial="5CD1234ABC", asset_tag="ELM-0042", maker="HP", model="ProBook 450 G8", local_name="LT-1",
              mac="3c:52:82:00:00:01", room="Room 12", purchased="2023-09-01", cost=55_000)  # fmt: skip
OTHER = held("d2", serial="5CD1234ABD", asset_tag="ELM-0043", maker="HP", model="ProBook 450 G8", local_name="LT-2")
PRINTER = held("d3", serial="VNB3K12345", maker="HP", model="LaserJet M404dn", local_name="PRN-1")


def told(content: str, *devices: Held, scope: str = "oak", **more: Any) -> list[Outcome]:
    read = book.read(sheets.read(content.encode()))
    around = Around(devices or (LAPTOP, OTHER, PRINTER), frozenset({scope}), SCHOOLS, **more)
    return judging.reconcile(read.lines, around)


def row(content: str, *devices: Held, **more: Any) -> Outcome:
    """The first row of a book."""
    return next(one for one in told(content, *devices, **more) if one.row)


# ------------------------------------------------------------------------------------------------ what matches


@pytest.mark.parametrize("written", ["5CD1234ABC", "5cd1234abc", " 5CD1 234ABC ", "S/N 5CD1234ABC", "SN:5CD-1234-ABC"])
def test_a_serial_number_matches_however_it_is_spaced_and_led_in(written: str) -> None:
    found = row(f"Serial No,Room\n{written},12\n")
    assert (found.kind, found.device_id, found.basis) == (Kind.MATCHED, "d1", ("serial number",))


def test_spelling_is_no_difference_and_another_room_is_one() -> None:
    found = row("Serial No,Make,Model,Room,Date of purchase,Cost\n5CD1234ABC,Hewlett Packard,HP ProBook 450 G8 Laptop,"
                "rm 12,1 Sep 2023,£550.00\n")  # fmt: skip
    assert found.kind is Kind.MATCHED
    found = row("Serial No,Room,Cost\n5CD1234ABC,R14,£555\n")
    assert [(d.field, d.book, d.register) for d in found.differences] == [
        ("room", "R14", "Room 12"), ("cost", 55_500, 55_000),
    ]  # fmt: skip


def test_what_the_book_says_alone_is_an_addition_and_no_difference() -> None:
    found = row("Serial No,Supplier\n5CD1234ABC,Ash Ltd\n")
    assert (found.kind, found.adds) == (Kind.MATCHED, {"supplier": "Ash Ltd"})


# ------------------------------------------------------------------------------------------------ what is asked


@pytest.mark.parametrize(
    ("written", "why"),
    [("5CD1234A8C", "8 for B"), ("5CD123ABC", "is missing: 4"), ("5CD1234BAC", "changed places"),
     ("5CD1234AQC", "is other: Q for B"), ("5CD12344ABC", "too many")],
)  # fmt: skip
def test_a_serial_number_that_is_nearly_one_is_a_question_and_never_a_match(written: str, why: str) -> None:
    found = row(f"Serial No,Model\n{written},ProBook 450 G8\n", LAPTOP, PRINTER)
    assert (found.kind, found.device_id) == (Kind.QUESTION, "d1")
    assert why in found.reasons[0]


def test_a_likeness_to_two_devices_names_neither_before_the_other() -> None:
    found = told("Serial No,Model\n5CD1234ABE,ProBook 450 G8\n")
    assert (found[0].kind, found[0].device_id, found[0].others) == (Kind.QUESTION, "", ("d1", "d2"))
    unrecorded = {one.device_id: one.reasons[0] for one in found if one.kind is Kind.UNRECORDED}
    assert unrecorded["d1"] == "row 2 may be it"


def test_a_tag_with_a_serial_number_that_is_nearly_right_matches_and_says_what_is_wrong() -> None:
    found = row("Asset no,Serial No\nELM-0042,5CD1234A8C\n")
    assert (found.kind, found.device_id, found.basis) == (Kind.DIFFERING, "d1", ("asset tag",))
    assert "8 for B" in found.reasons[0]


def test_a_tag_with_another_serial_number_is_a_question() -> None:
    found = row("Asset no,Serial No\nELM-0042,ZZZ9999999\n")
    assert (found.kind, found.device_id) == (Kind.QUESTION, "d1")


def test_swapped_serial_numbers_match_nothing_and_are_named() -> None:
    found = told("Asset no,Serial No\nELM-0042,5CD1234ABD\nELM-0043,5CD1234ABC\n")
    assert [(one.kind, one.device_id) for one in found[:2]] == [(Kind.QUESTION, "d1"), (Kind.QUESTION, "d2")]
    assert found[0].reasons[0] == "its serial number and that of row 3 are swapped"


def test_a_serial_number_alone_is_no_match_where_another_row_has_that_devices_name() -> None:
    found = told("Device name,Serial No\nLT-1,5CD1234ABD\n,5CD1234ABC\n")
    assert {one.kind for one in found[:2]} == {Kind.QUESTION}


def test_a_serial_number_of_another_makers_device_is_no_match() -> None:
    found = row("Make,Model,Serial No\nCanon,i-SENSYS LBP6670,5CD1234ABC\n")
    assert (found.kind, "other" in found.reasons[0]) == (Kind.QUESTION, True)


def test_a_model_by_its_order_code_is_the_same_model() -> None:
    switch = held("d9", serial="FOC2016X0AB", maker="Cisco", model="WS-C2960X-24TS-L")
    assert row("Serial No,Make,Model\nFOC2016X0AB,Cisco,Catalyst 2960-X\n", switch).kind is Kind.MATCHED
    other = row("Serial No,Make,Model\nFOC2016X0AB,Cisco,Catalyst 3850\n", switch)
    assert (other.kind, other.differences[0].field) == (Kind.DIFFERING, "model")


def test_a_name_alone_is_a_question() -> None:
    found = row("Device name,Room\nlt-1.oak.local,12\n")
    assert (found.kind, found.device_id, found.reasons) == (Kind.QUESTION, "d1", ("only the name is the same",))


def test_a_short_serial_number_needs_a_second_mark() -> None:
    short = held("d9", serial="12345", model="R550", maker="Ruckus", local_name="AP-1")
    assert row("Serial No,Room\n12345,1\n", short).kind is Kind.QUESTION
    assert row("Serial No,Device name\n12345,AP-1\n", short).kind is Kind.MATCHED


# ------------------------------------------------------------------------------------------------ spoilt and misplaced


@pytest.mark.parametrize("cell", ["#N/A", "########", "1.23457E+13"])
def test_a_spoilt_serial_number_is_named_and_the_row_is_still_compared(cell: str) -> None:
    found = row(f"Asset no,Serial No,Room\nELM-0042,{cell},14\n")
    assert (found.kind, found.device_id) == (Kind.DIFFERING, "d1")
    assert any("spoilt" in reason for reason in found.reasons)
    assert found.remarks[0].startswith("Serial No: ")


def test_what_a_spreadsheet_made_of_a_serial_number_leads_to_a_question() -> None:
    point = held("d5", serial="12345678901234", model="R550")
    assert row("Serial No,Model\n1.23457E+13,R550\n", point).device_id == "d5"
    card = held("d6", serial="2E123456", model="X")
    found = row("Serial No,Model\n2E+123456,X\n", card)
    assert (found.kind, found.device_id) == (Kind.QUESTION, "d6")


def test_a_serial_number_in_another_column_is_found_and_named() -> None:
    found = row("Device name,Make,Serial No,Comments\nLT-1,HP,,5cd1234abc\n")
    assert (found.kind, found.device_id) == (Kind.DIFFERING, "d1")
    assert "stands in the column of notes" in found.reasons[0]


# ------------------------------------------------------------------------------------------------ not there, or twice


def test_a_ghost_says_why_it_may_not_be_there() -> None:
    away = held("d7", serial="GONE123456", absent="missing; last seen 03/03/2025")
    found = row("Serial No,Room\nGONE123456,1\n", away)
    assert (found.kind, found.device_id, found.reasons) == (Kind.GHOST, "d7", ("missing; last seen 03/03/2025",))
    assert row("Serial No,Model\nABC1234567,Visualiser\n").reasons == (
        "“visualiser”: such things are never on a network",
    )
    unswept = {"oak": "no agent has reported from Oak Lane yet"}
    found = row("Serial No,Room\nABC1234567,1\n", unswept=unswept)
    assert found.reasons == ("never seen, but no agent has reported from Oak Lane yet",)


def test_a_thing_of_a_make_of_which_some_tell_no_serial_number_may_be_one_of_them() -> None:
    phone = held("d8", maker="Yealink", model="T42S")
    found = row("Make,Model,Serial No\nYealink,T42S,4668668966519651\n", phone)
    assert (found.kind, len(found.reasons)) == (Kind.GHOST, 2)
    assert "1 of this make tell no serial number" in found.reasons[1]


def test_what_stands_at_another_school_differs_in_its_school() -> None:
    there = held("d7", "elm", serial="AWAY123456")
    found = row("Serial No,Room\nAWAY123456,1\n", there)
    assert [(d.field, d.book, d.register) for d in found.differences] == [("school", "Oak Lane", "Elm Grove")]


def test_a_part_of_a_device_is_no_ghost() -> None:
    found = row("Serial No,Model\n6NPD9V2X,P2419H\n", parts={"6NPD9V2X": ("d1", "it is monitor DP-1 of LT-1")})
    assert (found.kind, found.device_id, found.reasons) == (Kind.PART, "d1", ("it is monitor DP-1 of LT-1",))


def test_a_row_twice_is_one_device_once() -> None:
    found = told("Asset no,Serial No,Room\nELM-0042,5CD1234ABC,12\nNEW-1,5cd1234abc,40\n")
    assert [(one.kind, one.other_rows) for one in found[:2]] == [(Kind.MATCHED, (3,)), (Kind.TWICE_IN_BOOK, (2,))]


def test_of_two_rows_that_claim_one_device_alike_neither_is_it() -> None:
    found = told("Device name,Serial No\nA,5CD1234ABC\nB,5CD1234ABC\n")
    assert [one.kind for one in found[:2]] == [Kind.TWICE_IN_BOOK, Kind.TWICE_IN_BOOK]


def test_a_device_twice_on_the_network_is_named_and_not_unrecorded() -> None:
    again = held("d4", serial="5CD1234ABC", mac="00:e0:4c:00:00:01")
    found = told("Serial No,Room\n5CD1234ABC,12\n", LAPTOP, again)
    assert [one.kind for one in found] == [Kind.MATCHED, Kind.TWICE_ON_NETWORK]


@pytest.mark.parametrize("line", ["YEAR 3,,,,", ",,Total,,12000", "Asset no,Serial No,Room,Qty,Cost", ",,Hall,,9"])
def test_lines_that_are_no_asset_are_no_ghosts(line: str) -> None:
    found = row(f"Asset no,Serial No,Room,Qty,Cost\n{line}\n")
    assert (found.kind, bool(found.reasons)) == (Kind.UNTOLD, True)


def test_a_class_set_in_one_line_is_not_one_device() -> None:
    found = row("Make,Model,Serial No,Qty\nLenovo,100e,,30\n")
    assert "stands for 30 things" in found.reasons[0]


# ------------------------------------------------------------------------------------------------ whatever comes


@given(SERIAL, SERIAL)
def test_likeness_never_calls_equal_what_is_and_is_found_by_its_index(one: str, other: str) -> None:
    assert not marks.likeness(one, one)
    alike_ = bool(marks.likeness(one, other))
    assert (one in marks.Near([one]).of(other)) == alike_


@given(SERIAL, st.data())
def test_one_stroke_of_the_keyboard_is_found(serial: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(serial) - 1))
    missing = serial[:at] + serial[at + 1 :]
    assert marks.likeness(missing, serial)
    assert missing in marks.Near([missing]).of(serial)


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_text_breaks_the_comparison(one: str, other: str) -> None:
    for name in ("serial", "model", "maker", "room", "local_name", "supplier"):
        assert alike(name, one, one) or not one.strip()
        alike(name, one, other)
    marks.spoilt(one, marks.normal(other))


def test_a_kind_of_thing_says_no_model() -> None:
    assert same_model("Laptop", "ProBook 450 G8") is None
    assert same_model("Latitude 5410", "OptiPlex 3060") is False
    assert same_model("ProBook 450 G8", "ProBook 450 G9") is False
    assert same_model("ThinkPad L13 Gen 2 i5 8GB", "ThinkPad L13 Gen 2") is True
