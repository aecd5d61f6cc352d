"""The frame: groups are found, isolated, and end in the right word."""

from __future__ import annotations

import errno
import importlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.host import HERE, World, examine, groups
from agent.host._machine import LiveInterface, RecordedMachine
from agent.host._psutil import PsutilMachine
from stocktake.values import (
    GroupResult,
    Load,
    MemoryAndProcessor,
    NetworkInterfaces,
    OperatingSystem,
    Outcome,
    SmbiosTable,
)

ALL = {"smbios", "edid", "disks", "power", "os", "load", "interfaces", "processor", "security"}


def by_name(results: tuple[GroupResult, ...]) -> dict[str, GroupResult]:
    return {result.group: result for result in results}


def test_every_file_without_underscore_is_a_group_with_a_name_of_its_own() -> None:
    names = [group.name for group in groups()]
    assert sorted(names) == sorted(ALL)
    assert [group.name for group in groups() if group.volatile] == ["load"]


def test_a_new_group_is_found_by_being_there(tmp_path: Path, plant: Any) -> None:
    package = importlib.import_module("agent.host")
    source = "from stocktake.values import Power\nGROUP='extra'\nNOTHING=Power()\ndef read(world): return NOTHING\n"
    (tmp_path / "extra_group.py").write_text(source)
    package.__path__.append(str(tmp_path))
    try:
        results = examine(plant(), only={"extra"})
    finally:
        package.__path__.remove(str(tmp_path))
        sys.modules.pop("agent.host.extra_group", None)
    assert [(result.group, result.outcome) for result in results] == [("extra", Outcome.COMPLETE)]


def test_only_the_named_groups_are_read(plant: Any) -> None:
    assert [result.group for result in examine(plant(), only=["power", "edid"])] == ["edid", "power"]
    assert examine(plant(), only=()) == ()


def test_a_name_that_no_group_has_is_our_mistake(plant: Any) -> None:
    with pytest.raises(ValueError, match="no such host groups: sbmios"):
        examine(plant(), only={"sbmios", "os"})


def test_an_empty_machine_is_complete_and_says_that_nothing_is_there(plant: Any) -> None:
    results = by_name(examine(plant()))
    assert set(results) == ALL
    assert {result.outcome for result in results.values()} == {Outcome.COMPLETE}
    nothing = {group.name: group.nothing for group in groups()}
    empty = {"smbios", "edid", "disks", "power", "interfaces", "load", "security", "processor"}
    assert {name for name in ALL if results[name].content == nothing[name]} == empty
    assert results["os"].content == OperatingSystem(product="linux")


def test_a_group_that_fails_is_refused_with_its_reason_and_the_others_are_read(plant: Any) -> None:
    class Broken(RecordedMachine):
        def interfaces(self) -> tuple[LiveInterface, ...]:
            raise RuntimeError("netlink went away")

    results = by_name(examine(plant(machine=Broken())))
    refused = results.pop("interfaces")
    assert (refused.outcome, refused.content) == (Outcome.REFUSED, None)
    assert refused.detail == "Could not read interfaces (netlink went away)."
    assert {result.outcome for result in results.values()} == {Outcome.COMPLETE}


def test_what_could_not_be_read_never_looks_like_nothing(plant: Any, refuse: Any) -> None:
    files = {"sys/firmware/dmi/tables/DMI": b"\x7f\x04\x00\x00\x00\x00"}
    [result] = examine(plant(files, read=refuse("DMI")), only=["smbios"])
    assert (result.outcome, result.content) == (Outcome.REFUSED, None)
    assert result.detail == "Could not read /sys/firmware/dmi/tables/DMI (Permission denied)."


def test_many_refusals_are_counted_and_the_sentence_stays_short(plant: Any, refuse: Any) -> None:
    pieces = {f"sys/class/dmi/id/piece{number}": "x" for number in range(40)}
    [result] = examine(plant({**pieces, "sys/class/dmi/id/sys_vendor": "RM"}, read=refuse(*pieces)), only=["smbios"])
    assert result.outcome is Outcome.CUT
    assert result.content == SmbiosTable(pieces=(("sys_vendor", "RM"),))
    assert result.detail.endswith("(Permission denied) and 37 more.")
    assert len(result.detail) < 350


def test_the_words_of_an_operating_system_error_are_kept(plant: Any, refuse: Any) -> None:
    files = {"sys/class/drm/card0-DP-1/edid": b"\x00\xff"}
    [result] = examine(plant(files, read=refuse("edid", number=errno.EIO)), only=["edid"])
    assert result.detail == "Could not read /sys/class/drm/card0-DP-1/edid (Input/output error)."


def test_a_group_that_is_not_asked_on_a_platform_is_left_out(plant: Any) -> None:
    results = by_name(examine(plant(platform="freebsd14")))
    assert not set(results) & {"smbios", "edid", "power", "os", "security"}


def test_windows_where_every_call_fails_is_refused_and_not_empty(plant: Any) -> None:
    def nowhere() -> Any:
        raise OSError("this is linux, not Windows")

    results = by_name(examine(plant(platform="win32", windows=nowhere)))
    asked_of_windows = {"smbios", "edid", "os", "processor", "security"}
    assert {results[name].outcome for name in asked_of_windows} == {Outcome.REFUSED}
    assert results["disks"].outcome is Outcome.REFUSED  # no smartctl, so there is no telling
    assert results["smbios"].detail == "Could not read smbios (this is linux, not Windows)."


GARBAGE_TREE = [
    "proc/cpuinfo", "proc/meminfo", "etc/os-release", "etc/debian_version", "sys/class/drm/card0-DP-1/edid",
    "sys/class/dmi/id/sys_vendor", "sys/block/sda/size", "sys/block/sda/device/model", "sys/block/sda/device/vpd_pg80",
    "sys/class/power_supply/BAT0/type", "sys/class/power_supply/BAT0/energy_full", "sys/class/net/eth0/type",
    "sys/class/tpm/tpm0/tpm_version_major", "sys/hypervisor/type",
    "sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c",
]  # fmt: skip


@pytest.fixture(scope="module")
def garbage_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("garbage")
    for name in GARBAGE_TREE:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return root


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    octets=st.one_of(
        st.binary(max_size=80),
        st.sampled_from([b"Battery", b"9" * 30, b"-1", "٣".encode(), b"\xff\xfe", b"=\n:\n\n:", b"ID=\"\nA='\n", b"1"]),
    ),
    name=st.text(max_size=8),
)
def test_whatever_octets_the_files_hold_every_group_ends_in_words(garbage_root: Path, octets: bytes, name: str) -> None:
    machine = RecordedMachine(recorded_interfaces=(LiveInterface("eth0", mac=name),))
    world = World(garbage_root, "linux", lambda _: octets, lambda _path, _limit: octets, lambda: machine)
    results = examine(world)
    assert {result.group for result in results} == ALL
    assert {result.outcome for result in results} == {Outcome.COMPLETE}
    repr(results).encode("utf-8")


# ------------------------------------------------------------------------------------------------ the real machine


def test_the_real_machine_tells_the_truth_of_itself() -> None:
    results = by_name(examine())
    assert set(results) == ALL
    processor, load = results["processor"].content, results["load"].content
    assert isinstance(processor, MemoryAndProcessor)
    assert processor.memory_bytes == psutil.virtual_memory().total
    assert processor.threads == os.cpu_count()
    assert isinstance(load, Load)
    assert load.uptime_seconds
    assert load.memory_used_bytes
    assert 0 < load.memory_used_bytes < processor.memory_bytes
    system, interfaces = results["os"].content, results["interfaces"].content
    assert isinstance(system, OperatingSystem)
    assert (system.kernel, system.host_name) == (os.uname().release, os.uname().nodename)
    assert isinstance(interfaces, NetworkInterfaces)
    assert "loopback" in {each.kind for each in interfaces.interfaces}


def test_the_real_machine_has_smbios_or_says_that_it_has_none() -> None:
    has_any = Path("/sys/firmware/dmi").exists() or Path("/sys/class/dmi").exists()
    [result] = examine(only=["smbios"])
    assert (result == GroupResult("smbios", Outcome.COMPLETE, SmbiosTable())) is not has_any


def test_the_real_machine_has_a_loopback_with_its_prefixes() -> None:
    loopback = next(each for each in PsutilMachine().interfaces() if each.loopback)
    assert "127.0.0.1/8" in loopback.addresses
    assert loopback.mac == ""


def test_importing_the_package_does_not_load_psutil() -> None:
    code = "import sys, agent.host; agent.host.groups(); print(sorted({'psutil', 'ctypes'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True, env=_python_path())
    assert ran.stdout.strip() == "[]"


def _python_path() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def test_worlds_are_values() -> None:
    assert replace(HERE, root=Path("/mnt")).root == Path("/mnt")
    assert Path("/") == HERE.root
