"""Every recorded device is read as expected, whatever order its evidence comes in; other files are refused."""

from __future__ import annotations

import contextlib
import json
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.facts import CLASSES, Identifier, IdentifierKind, Reading
from collector.interpret import Observation, answers, read, read_file
from collector.resolve import Claim, partition
from stocktake import snmprec
from stocktake.values import (
    Binding,
    Content,
    ImportedRow,
    ImportedRows,
    MemoryAndProcessor,
    Method,
    NetworkInterface,
    NetworkInterfaces,
    OperatingSystem,
    Outcome,
    Sighting,
    Sightings,
    SmbiosTable,
    SnmpBindings,
    Subject,
    SubjectKind,
)

DEVICES = sorted(Path(__file__).parents[1].joinpath("devices").glob("*/walk.snmprec"))
ANSWERS = ("class", "maker", "model", "serial", "firmware", "name")


def recorded(path: Path) -> tuple[Binding, ...]:
    return snmprec.read(path.read_text("utf-8").splitlines())


def device(contents: dict[str, Content | tuple[Content, ...]], **subject: str) -> Reading:
    observation = Observation(Subject(SubjectKind.ADDRESS, **subject), Method.SNMP_V2C, contents, site="site-1")
    return read(observation)[0]


def host(contents: dict[str, Content | tuple[Content, ...]], agent: str = "agent-1") -> Reading:
    (reading,) = read(Observation(Subject(SubjectKind.HOST), Method.HOST, contents, site="site-1", agent=agent))
    return reading


def shown(identifiers: tuple[Identifier, ...]) -> list[str]:
    return [f"{identifier.kind.name} {identifier.value}" for identifier in identifiers]


@pytest.fixture(params=DEVICES, ids=lambda path: path.parent.name)
def walk(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


@pytest.fixture
def expected(walk: Path) -> dict[str, Any]:
    answers: dict[str, Any] = json.loads(walk.with_name("expect.json").read_text("utf-8"))
    return answers


def test_a_recorded_device_is_read_as_expected(walk: Path, expected: dict[str, Any]) -> None:
    told = answers(str(walk), read_file(str(walk), walk.read_bytes()))
    assert {answer: told[answer] for answer in ANSWERS} == {answer: expected[answer] for answer in ANSWERS}
    assert json.loads(json.dumps(told)) == told


def test_of_a_recorded_device_nothing_stays_unread(walk: Path) -> None:
    assert read_file(str(walk), walk.read_bytes()).unread == ()


def test_a_recorded_device_shows_its_identifiers_and_components(walk: Path, expected: dict[str, Any]) -> None:
    reading = device({"walk": SnmpBindings(recorded(walk))})
    assert set(expected["identifiers"]) <= set(shown(reading.identifiers))
    assert {kind for kind in ("SERIAL", "UUID") if any(kind in i for i in shown(reading.identifiers))} == {
        kind for kind in ("SERIAL", "UUID") if any(kind in i for i in expected["identifiers"])
    }
    assert set(expected["components"]) <= {fact.component for fact in reading.facts}


def test_every_fact_points_to_the_binding_it_was_read_from(walk: Path) -> None:
    bindings = recorded(walk)
    told = {binding.oid for binding in bindings}
    for fact in device({"walk": SnmpBindings(bindings)}).facts:
        assert fact.rule
        assert fact.source.group == "walk"
        assert fact.source.locator in told or any(oid.startswith(f"{fact.source.locator}.") for oid in told)
        assert fact.name != "class" or fact.value in CLASSES


def test_the_order_of_bindings_and_groups_changes_nothing(walk: Path) -> None:
    bindings = list(recorded(walk))
    parts = {"b": bindings[::2], "a": bindings[1::2]}
    first = device({group: SnmpBindings(tuple(part)) for group, part in parts.items()})
    shuffler = random.Random(7)  # noqa: S311  shuffles a list, the same way every time
    for part in parts.values():
        shuffler.shuffle(part)
    again = device({group: SnmpBindings(tuple(parts[group])) for group in ("a", "b")})
    assert again == first
    assert device({group: SnmpBindings(tuple(parts[group])) for group in ("b", "a")}) == first


def test_the_group_that_brought_a_binding_is_remembered() -> None:
    reading = device(
        {
            "system": SnmpBindings((Binding("1.3.6.1.2.1.1.5.0", 4, b"sw-1"),)),
            "ups": SnmpBindings((Binding("1.3.6.1.2.1.33.1.1.2.0", 4, b"5P"),)),
        }
    )
    assert {fact.source.group for fact in reading.chosen if fact.name in ("name", "model")} == {"system", "ups"}


def test_a_group_asked_several_times_is_read_as_one() -> None:
    parts = tuple(SnmpBindings((Binding(f"1.3.6.1.2.1.2.2.1.2.{i}", 4, b"eth"),)) for i in (1, 2))
    assert {fact.component for fact in device({"interfaces": parts}).facts} == {"interface/1", "interface/2"}


def readings_of(name: str) -> tuple[Reading, ...]:
    path = next(path for path in DEVICES if path.parent.name == name)
    contents: dict[str, Content] = {"walk": SnmpBindings(recorded(path))}
    return read(Observation(Subject(SubjectKind.ADDRESS, "10.1.0.2"), Method.SNMP_V2C, contents, site="site-1"))


def test_n_stack_members_are_n_devices_and_one_logical_stack() -> None:
    stack, first, second = readings_of("cisco-c9300-stack")
    assert [i for i in shown(stack.identifiers) if "SERIAL" in i] == [
        "SERIAL cisco:stack-of-FOC00000X1A",
        "SERIAL cisco:stack-of-FOC00000X2B",
    ]
    assert stack.value("serial") is None
    assert "MAC 00:6c:bc:4a:00:80" in shown(stack.identifiers)
    assert [shown(member.identifiers) for member in (first, second)] == [
        ["SERIAL cisco:FOC00000X1A"],
        ["SERIAL cisco:FOC00000X2B"],
    ]
    assert [first.value(name) for name in ("class", "maker", "manufactured", "stack")] == [
        "switch", "Cisco", "2019-03-09", "cisco:stack-of-FOC00000X1A",
    ]  # fmt: skip
    assert second.value("manufactured") is None
    assert first.locators == second.locators == ()


def test_what_stands_in_a_member_is_its_component_and_not_the_stacks() -> None:
    stack, first, second = readings_of("cisco-c9300-stack")
    assert first.value("model", "power supply/1001") == "PWR-C1-1100WAC"
    assert not [fact for reading in (stack, second) for fact in reading.facts if fact.component == "power supply/1001"]
    assert stack.value("serial", "stack member/1000") == "FOC00000X1A"
    assert stack.value("serial", "stack/1") is None
    assert not [fact for fact in stack.facts if fact.component == "module/1101"]


def test_members_and_stack_are_different_devices_in_any_order_and_after_a_fail_over() -> None:
    stack, first, second = (reading.identifiers for reading in readings_of("cisco-c9300-stack"))
    mac = Identifier(IdentifierKind.MAC, "00:6c:bc:4a:00:80")
    without_first = [i for i in stack if "X1A" not in i.value and i.kind is not IdentifierKind.MAC]
    said = {1: (*first, mac), 2: stack, 3: first, 4: second, 5: without_first}
    days = {number: datetime(2026, 9, number, tzinfo=UTC) for number in said}
    claims = [
        Claim(number, 7, "site", "SNMP_V2C", number > 2, frozenset(marks), days[number], days[number])
        for number, marks in said.items()
    ]
    for order in (claims, claims[::-1]):
        assert {group.claims for group in partition(order).groups} == {(1, 3), (2, 5), (4,)}


def test_what_was_cut_short_is_told() -> None:
    cut = SnmpBindings((Binding("1.3.6.1.2.1.1.5.0", 4, b"sw-1"),))
    observation = Observation(Subject(SubjectKind.ADDRESS), Method.SNMP_V2C, {"system": cut}, {"system": Outcome.CUT})
    (reading,) = read(observation)
    assert [unread.source.group for unread in reading.unread] == ["system"]
    assert reading.value("name") == "sw-1"


def test_a_wrong_type_is_unread_and_silences_nothing_else() -> None:
    bindings = (Binding("1.3.6.1.2.1.1.3.0", 4, b"soon"), Binding("1.3.6.1.2.1.1.5.0", 4, b"sw-1"))
    reading = device({"system": SnmpBindings(bindings)})
    assert [(unread.rule, unread.source.locator) for unread in reading.unread] == [("system", "1.3.6.1.2.1.1.3.0")]
    assert reading.value("name") == "sw-1"


# ------------------------------------------------------------------------------------------------ identifiers


def test_the_neighbour_tables_mac_identifies_the_examined_address() -> None:
    reading = device({}, address="10.1.0.9", mac="00:1b:21:00:00:09")
    assert shown(reading.identifiers) == ["MAC 00:1b:21:00:00:09"]
    assert reading.locators == ("10.1.0.9",)


def test_a_serial_whose_maker_is_told_by_a_mac_alone_identifies_nothing() -> None:
    bindings = (
        Binding("1.3.6.1.2.1.43.5.1.1.17.1", 4, b"A1B2C3D4"),
        Binding("1.3.6.1.2.1.2.2.1.6.1", 4, bytes.fromhex("a4bb6d000001")),
    )
    reading = device({"printer": SnmpBindings(bindings)})
    assert (reading.value("maker"), reading.value("serial")) == ("Dell", "A1B2C3D4")
    assert shown(reading.identifiers) == ["MAC a4:bb:6d:00:00:01"]


def test_a_locally_administered_mac_is_true_only_at_its_site() -> None:
    sightings = Sightings((Sighting("10.1.0.7", "02:00:00:00:00:07"),))
    network = Subject(SubjectKind.NETWORK, network="10.1.0.0/24")
    here = read(Observation(network, Method.ARP, {"neighbours": sightings}, site="site-1"))
    nowhere = read(Observation(network, Method.ARP, {"neighbours": sightings}))
    assert [shown(reading.identifiers) for reading in here] == [["LOCAL_MAC site-1/02:00:00:00:00:07"]]
    assert [reading.identifiers for reading in nowhere] == [()]


def test_every_sighting_is_a_reading_with_mac_maker_and_address() -> None:
    sightings = (Sighting("10.1.0.1", "00:00:5e:00:01:0a"), Sighting("10.1.0.2", "3c:a8:2a:00:00:02"))
    observation = Observation(Subject(SubjectKind.NETWORK), Method.ARP, {"neighbours": Sightings(sightings)})
    shared, known = read(observation)
    assert (shared.identifiers, shared.locators, len(shared.unread)) == ((), ("10.1.0.1",), 1)
    assert shown(known.identifiers) == ["MAC 3c:a8:2a:00:00:02"]
    assert (known.value("maker"), known.locators) == ("HP", ("10.1.0.2",))


def test_a_network_on_which_nobody_was_seen_is_no_device() -> None:
    observation = Observation(Subject(SubjectKind.NETWORK), Method.ARP, {"neighbours": Sightings(())})
    assert read(observation) == ()


def test_every_row_of_a_source_is_a_reading() -> None:
    rows = ImportedRows((
        ImportedRow((("Serial Number", "CND0000001"), ("Make", "HP Inc."), ("MAC Address", "3C-A8-2A-00-00-03"))),
        ImportedRow((("Serial Number", "N/A"), ("IP", "10.1.0.4"))),
    ))  # fmt: skip
    first, second = read(Observation(Subject(SubjectKind.SOURCE, source="sheet"), Method.IMPORTED, {"rows": rows}))
    assert shown(first.identifiers) == ["SERIAL hp:CND0000001", "MAC 3c:a8:2a:00:00:03"]
    assert (second.identifiers, second.locators) == ((), ("10.1.0.4",))


def test_a_host_is_identified_by_agent_serial_uuid_and_its_own_macs() -> None:
    pieces = {
        "sys_vendor": "Dell Inc.",
        "product_name": "Latitude 5440",
        "product_serial": "5XYZ123",
        "product_uuid": "4C4C4544-0058-5910-805A-B5C04F313233",
        "chassis_type": "10",
    }
    interfaces = NetworkInterfaces((
        NetworkInterface("lo", "00:00:00:00:00:00", ("127.0.0.1/8",), "loopback"),
        NetworkInterface("eno1", "a4:bb:6d:00:00:01", ("10.1.0.20/24", "fe80::1/64"), "physical", up=True),
        NetworkInterface("dock0", "00:e0:4c:68:00:01", ("10.1.0.21/24",), "physical", driver="r8152"),
        NetworkInterface("docker0", "02:42:ac:11:00:01", (), "virtual"),
    ))  # fmt: skip
    reading = host({"smbios": SmbiosTable(pieces=tuple(pieces.items())), "network_interfaces": interfaces})
    assert shown(reading.identifiers) == [
        "SERIAL dell:5XYZ123",
        "UUID 4c4c4544-0058-5910-805a-b5c04f313233",
        "MAC a4:bb:6d:00:00:01",
        "AGENT agent-1",
    ]
    assert reading.locators == ("10.1.0.20", "10.1.0.21")
    assert [reading.value(name) for name in ("class", "maker", "model")] == ["laptop", "Dell", "Latitude 5440"]


def test_a_host_without_smbios_is_a_computer_and_honest_about_the_rest() -> None:
    reading = host({
        "operating_system": OperatingSystem("debian", "Debian GNU/Linux", "12", host_name="pc-1"),
        "memory_and_processor": MemoryAndProcessor(8 << 30, "Intel(R) Core(TM) i5-8500"),
    })  # fmt: skip
    assert [reading.value(name) for name in ("class", "maker", "model", "serial")] == ["computer", None, None, None]
    assert (reading.value("name"), reading.value("memory"), reading.value("os.version")) == ("pc-1", 8 << 30, "12")


# ------------------------------------------------------------------------------------------------ hostile input

ROOTS = ("1.3.6.1.2.1.1", "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1", "1.3.6.1.2.1.47.1.1.1.1", "1.3.6.1.2.1.17.1",
         "1.3.6.1.2.1.43.5.1.1", "1.3.6.1.2.1.43.10.2.1", "1.3.6.1.2.1.25.2", "1.3.6.1.2.1.25.2.3.1",
         "1.3.6.1.2.1.25.3.2.1", "1.3.6.1.2.1.33.1.2")  # fmt: skip
ENDS = st.builds(
    lambda column, index: f"{column}.{'.'.join(map(str, index))}",
    st.integers(1, 20),
    st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=4),
)
BINDINGS = st.builds(
    Binding,
    st.builds(lambda root, end: f"{root}.{end}", st.sampled_from(ROOTS), ENDS),
    st.sampled_from((2, 4, 5, 6, 64, 65, 66, 67, 68, 70, 71, 128, 129, 130, 255)),
    st.one_of(
        st.binary(max_size=12), st.binary(max_size=400), st.integers(0, 2**63).map(lambda n: n.to_bytes(8, "big"))
    ),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(BINDINGS, max_size=40))
def test_arbitrary_bindings_are_read_without_an_exception_and_always_the_same(bindings: list[Binding]) -> None:
    contents: dict[str, Content | tuple[Content, ...]] = {"walk": SnmpBindings(tuple(bindings))}
    reading = device(contents)
    assert not [unread for unread in reading.unread if "Error:" in unread.reason]
    assert device({"walk": SnmpBindings(tuple(reversed(bindings)))}) == reading
    assert {(f.component, f.name) for f in reading.chosen if f.name != "class"} == {
        (f.component, f.name) for f in reading.facts if f.name != "class"
    }


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_mutated_recording_is_read_without_an_exception(data: st.DataObject) -> None:
    bindings = list(recorded(data.draw(st.sampled_from(DEVICES))))
    for _ in range(10):
        at = data.draw(st.integers(0, len(bindings) - 1))
        bindings[at] = bindings[at]._replace(
            value=data.draw(st.binary(max_size=64)), tag=data.draw(st.integers(0, 255))
        )
    reading = device({"walk": SnmpBindings(tuple(bindings))})
    assert not [unread for unread in reading.unread if "Error:" in unread.reason]


def test_a_name_that_is_markup_stays_text_and_loses_its_control_characters() -> None:
    name = "<img src=x onerror=alert(1)>\x00\x1b[31m\u202e".encode()
    reading = device({"system": SnmpBindings((Binding("1.3.6.1.2.1.1.5.0", 4, name),))})
    assert reading.value("name") == "<img src=x onerror=alert(1)>[31m"


# ------------------------------------------------------------------------------------------------ files


def test_a_file_that_is_no_evidence_is_refused_with_a_sentence() -> None:
    for data in (b"", b"hello\nworld\n", b"\x89PNG\r\n\x1a\n", bytes(64), b"\xff" * 300):
        with pytest.raises(ValueError, match=r"^photo\.jpg: neither a recorded walk .* give a file of one of these"):
            read_file("photo.jpg", data)


@settings(max_examples=80, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.binary(max_size=300).map(lambda raw: b"_SM_" + raw),
                 st.binary(max_size=200).map(lambda raw: bytes.fromhex("00ffffffffffff00") + raw)))  # fmt: skip
def test_any_file_is_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(ValueError):
        json.dumps(answers("file", read_file("file", data)))


def test_a_reading_kind_has_a_place_in_the_order_of_strength() -> None:
    assert [kind.name for kind in sorted(IdentifierKind)] == [
        "SERIAL", "UUID", "MAC", "ENGINE", "AGENT", "TAG", "LOCAL_MAC",
    ]  # fmt: skip
