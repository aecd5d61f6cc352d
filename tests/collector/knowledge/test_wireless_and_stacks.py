"""Access points that a controller lists, and members of a stack, are devices of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from collector.facts import Reading
from collector.interpret import Observation, read, read_file
from stocktake import snmprec
from stocktake.values import Method, SnmpBindings, Subject, SubjectKind

DEVICES = Path(__file__).parents[2] / "devices"


def readings(name: str) -> tuple[Reading, ...]:
    bindings = snmprec.read((DEVICES / name / "walk.snmprec").read_text("utf-8").splitlines())
    return read(Observation(Subject(SubjectKind.ADDRESS), Method.SNMP_V2C, {"walk": SnmpBindings(bindings)}))


@pytest.mark.parametrize(
    ("controller", "serials", "model"),
    [
        ("aruba-7030-controller", {"CN00K9T001", "CN00K9T002"}, "515"),
        ("aruba-instant-ap", {"CN00JSS001"}, "305"),  # the other one is who answers
        ("ruckus-zonedirector-1200", {"261900000001", "261900000002"}, "zf7372"),
    ],
)
def test_access_points_that_are_listed_are_devices(controller: str, serials: set[str], model: str) -> None:
    _, *points = readings(controller)
    assert {point.value("serial") for point in points} == serials
    assert {point.value("class") for point in points} == {"access point"}
    assert {point.value("model") for point in points} == {model}


def test_of_a_cluster_of_access_points_the_one_that_answers_has_its_own_serial_and_the_cluster_none() -> None:
    master, *_ = readings("aruba-instant-ap")
    assert master.value("serial") == "CN00JSS002"
    walk = (DEVICES / "aruba-instant-ap" / "walk.snmprec").read_bytes().replace(b"2.2.1.6.1|", b"2.2.1.9.1|")
    assert read_file("walk.snmprec", walk).value("serial") is None


def test_members_of_an_aos_cx_stack_are_told_once_by_two_tables() -> None:
    stack, *members = readings("aruba-6300-vsf")
    assert stack.value("class") == "switch"
    assert {member.value("serial") for member in members} == {"SG00KN0001", "SG00KN0002"}
    assert {member.value("part_number") for member in members} == {"JL659A"}
