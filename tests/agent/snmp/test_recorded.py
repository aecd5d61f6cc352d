from __future__ import annotations

from pathlib import Path

import pytest

from agent.snmp.recorded import RecordedSession, recordings
from agent.snmp.session import Silent
from stocktake import ber
from stocktake.values import Binding, Credential, Secret

NAME = "1.3.6.1.2.1.1.5.0"


def record(path: Path, name: str) -> Path:
    path.write_text(f"{NAME}|4|{name}\n")
    return path


async def name_of(devices: dict[str, Path], credential: Credential, context: str = "") -> bytes:
    session = await recordings(devices)("10.0.0.1", 161, credential, context)
    return (await session.get([NAME]))[0].value


async def test_an_address_is_answered_from_its_recording(tmp_path: Path, public: Credential) -> None:
    devices = {"10.0.0.1": record(tmp_path / "switch.snmprec", "one")}
    assert await name_of(devices, public) == b"one"


async def test_views_are_answered_from_recordings_of_their_own(tmp_path: Path, public: Credential) -> None:
    devices = {"10.0.0.1": record(tmp_path / "switch.snmprec", "one")}
    record(tmp_path / "switch@20.snmprec", "twenty")
    record(tmp_path / "switch@vlan-20.snmprec", "context")
    view = Credential("public", "2c", community=Secret("public@20"))
    assert await name_of(devices, view) == b"twenty"
    assert await name_of(devices, Credential("v3", "3", user="u"), "vlan-20") == b"context"
    with pytest.raises(Silent, match="nothing is recorded"):
        await name_of(devices, Credential("public", "2c", community=Secret("public@30")))


async def test_other_addresses_are_silent(tmp_path: Path, public: Credential) -> None:
    with pytest.raises(Silent):
        await name_of({"10.0.0.2": record(tmp_path / "switch.snmprec", "two")}, public)


async def test_bindings_may_come_in_any_order_and_more_than_once() -> None:
    session = RecordedSession([Binding("1.3.10", 2, b"\1"), Binding("1.3.9", 2, b"\2"), Binding("1.3.10", 2, b"\3")])
    found = await session.next(["1.3"], 5)
    assert [(binding.oid, binding.value) for binding in found[:2]] == [("1.3.9", b"\2"), ("1.3.10", b"\1")]
    assert found[2] == Binding("1.3.10", ber.END_OF_MIB_VIEW, b"")
    assert len(found) == 3


async def test_an_object_with_other_instances_lacks_the_instance() -> None:
    session = RecordedSession([Binding(NAME, 4, b"x")])
    found = await session.get(["1.3.6.1.2.1.1.5.9", "1.3.6.1.2.1.1.6.0"])
    assert [binding.tag for binding in found] == [ber.NO_SUCH_INSTANCE, ber.NO_SUCH_OBJECT]
