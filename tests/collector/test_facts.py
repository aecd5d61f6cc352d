"""Text of devices is made safe, placeholders identify nothing, and the same statement stands in whatever order."""

from __future__ import annotations

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.facts import (
    Fact,
    Source,
    choose,
    identifier_text,
    locally_administered,
    mac,
    maker_key,
    maker_name,
    named_text,
    text,
    uuid,
)


def fact(name: str, value: str, weight: int, rule: str = "rule", component: str = "") -> Fact:
    return Fact(name, value, Source("group", "1.3"), rule, component, weight=weight)


# ------------------------------------------------------------------------------------------------ text


@given(st.one_of(st.binary(max_size=600), st.text(max_size=600)))
def test_text_is_bounded_trimmed_and_free_of_control_characters(raw: bytes | str) -> None:
    shown = text(raw)
    assert len(shown) <= 255
    assert shown == shown.strip() or len(shown) == 255
    assert not [c for c in shown if unicodedata.category(c)[0] == "C"]


def test_text_of_a_megabyte_is_cut_before_it_is_read() -> None:
    assert text(b"a" * (1 << 20)) == "a" * 255


@pytest.mark.parametrize(
    "raw",
    ["To be filled by O.E.M.", "to be filled by o.e.m", "Default string", "System Serial Number", "SystemSerialNumb",
     "Not Specified", "None", "N/A", "UNKNOWN", "0", "00000000", "XXXXXXXX", "............", "   ", "0123456789",
     "MB-1234567890", "BUILTIN", "No response from remote host", "oem default string inject 7"],
)  # fmt: skip
def test_a_placeholder_identifies_nothing(raw: str) -> None:
    assert identifier_text(raw) == ""


def test_quotes_around_a_serial_are_the_agents_and_not_the_makers() -> None:
    assert identifier_text('"FDO2531042G "') == "FDO2531042G"
    assert identifier_text('""') == ""


def test_zeros_name_nothing_whatever_stands_between_them() -> None:
    assert named_text("00 00 00 00") == ""


@pytest.mark.parametrize("raw", ["CN00FP0042", "5XYZ123", "PF0ABCDE", "00001234", "VMware-56 4d 12 34"])
def test_a_serial_identifies(raw: str) -> None:
    assert identifier_text(f" {raw}\x00") == raw


@pytest.mark.parametrize(
    "raw",
    ["System Product Name", "System manufacturer", "All Series", "$(DEFAULT_STRING)", "Default string",
     "Type1ProductConfigId", "To Be Filled By O.E.M.", "Base Board Product Name", "OEM", "---", "Not Applicable"],
)  # fmt: skip
def test_a_forgotten_field_names_nothing(raw: str) -> None:
    assert named_text(raw) == ""


@pytest.mark.parametrize("raw", ["OptiPlex 3040", "System x3650 M5", "X510UAR", "10", "Model 5"])
def test_a_name_names(raw: str) -> None:
    assert named_text(raw) == raw


def test_uuids_of_many_boards_identify_none_of_them() -> None:
    assert uuid("4C4C4544-0058-5910-805A-B5C04F313233") == "4c4c4544-0058-5910-805a-b5c04f313233"
    junk = ("03000200-0400-0500-0006-000700080009", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
            "00000000-0000-0000-0000-000000000000", "Not Settable", "4C4C4544")  # fmt: skip
    assert [uuid(value) for value in junk] == [""] * len(junk)


def test_macs_that_are_shared_by_design_identify_nothing() -> None:
    assert mac("3C-A8-2A-00-00-03") == mac(bytes.fromhex("3ca82a000003")) == "3c:a8:2a:00:00:03"
    shared = ("00:00:5e:00:01:0a", "00:00:0c:07:ac:01", "00:00:0c:9f:f0:01", "00:07:b4:00:01:01", "01:00:5e:00:00:01",
              "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00", "20:41:53:59:4e:ff", "hello", "")  # fmt: skip
    assert [mac(value) for value in shared] == [""] * len(shared)
    assert locally_administered("02:00:00:00:00:01")
    assert not locally_administered("52:54:00:00:00:01")


# ------------------------------------------------------------------------------------------------ makers


@pytest.mark.parametrize(
    ("raw", "name"),
    [("Hewlett-Packard", "HP"), ("Hewlett Packard Enterprise", "HPE"), ("HP Inc.", "HP"), ("Dell Inc.", "Dell"),
     ("ASUSTeK COMPUTER INC.", "ASUS"), ("LENOVO", "Lenovo"), ("Cisco Systems, Inc.", "Cisco"),
     ("Micro-Star International Co., Ltd.", "MSI"), ("EATON", "Eaton"),
     ("Gigabyte Technology Co., Ltd.", "Gigabyte"),
     ("Getac Technology Corp.", "Getac"), ("Acme", "Acme"), ("To be filled by O.E.M.", ""), ("", ""), ("Inc.", "Inc."),
     ("Juniper Networks, Inc.", "Juniper"), ("TP-LINK TECHNOLOGIES CO.,LTD.", "TP-Link")],
)  # fmt: skip
def test_a_maker_is_named_as_people_say_it(raw: str, name: str) -> None:
    assert maker_name(raw) == name


def test_makers_with_one_book_of_serials_have_one_key() -> None:
    assert {maker_key(name) for name in ("HP", "HPE", "Aruba", "3Com")} == {"hp"}
    assert maker_key("Allied Telesis") == "allied"
    assert maker_key("TP-Link") == "tp-link"
    assert maker_key("") == ""


@given(st.text(max_size=200))
def test_any_text_is_a_maker_or_none(raw: str) -> None:
    assert len(maker_name(raw)) <= 64


# ------------------------------------------------------------------------------------------------ what stands

FACTS = st.builds(
    fact,
    st.sampled_from(("maker", "model", "class")),
    st.sampled_from(("a", "b", "switch", "router")),
    st.sampled_from((10, 30, 50)),
    st.sampled_from(("one", "two", "three")),
    st.sampled_from(("", "chassis/1")),
)


@given(st.lists(FACTS, max_size=12), st.integers(0, 99))
def test_what_stands_does_not_depend_on_the_order_of_statements(facts: list[Fact], seed: int) -> None:
    shuffled = list(facts)
    random.Random(seed).shuffle(shuffled)  # noqa: S311  shuffles a list
    assert choose(shuffled) == choose(facts)


def test_the_heaviest_statement_stands() -> None:
    light, heavy = fact("maker", "Intel", 5), fact("maker", "HP", 50)
    assert choose([light, heavy]) == (heavy,)


def test_votes_for_a_class_add_up() -> None:
    votes = [
        fact("class", "server", 40, "software"),
        fact("class", "switch", 30, "ports"),
        fact("class", "switch", 30, "layers"),
    ]
    assert choose(votes)[0].value == "switch"


def test_a_rule_votes_once_for_a_class_however_often_it_says_so() -> None:
    votes = [fact("class", "switch", 20, "ports")] * 5 + [fact("class", "server", 40, "software")]
    assert choose(votes)[0].value == "server"


def test_few_votes_or_a_narrow_lead_leave_the_class_unknown() -> None:
    assert choose([fact("class", "switch", 25, "ports")]) == ()
    assert choose([fact("class", "switch", 45, "ports"), fact("class", "access point", 40, "radios")]) == ()


def test_a_component_has_a_choice_of_its_own() -> None:
    own, member = fact("serial", "S1", 50), fact("serial", "S2", 50, component="chassis/2")
    assert set(choose([own, member])) == {own, member}
