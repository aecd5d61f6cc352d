"""Readiness for Windows 11: what Microsoft asks for, and what can be switched on in the firmware."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.age import About, Told, readiness
from collector.facts import Value

GIB = 1 << 30
GOOD: dict[str, Value] = {
    "os.product": "windows", "os.name": "Windows 10 Education", "os.edition": "Education", "os.build": "19045.6456",
    "processor": "Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz", "memory": 8 * GIB,
    "tpm": True, "tpm_version": "2.0", "secure_boot": True, "firmware_mode": "uefi",
}  # fmt: skip


def pc(kind: str = "laptop", maker: str = "Dell", **changed: Value | None) -> About:
    """A PC that has all that is asked for, but for what is changed; None is not told. `os_build` is `os.build`."""
    facts = GOOD | {name.replace("os_", "os."): value for name, value in changed.items()}
    return About(kind, maker, told={n: (Told(n, value),) for n, value in facts.items() if value is not None})


def verdict(about: About) -> str | None:
    """The verdict of a device, or None."""
    found = readiness.of(about)
    return found.verdict if found else None


def reasons(about: About) -> str:
    """Why, in one text."""
    found = readiness.of(about)
    assert found is not None
    return "; ".join(found.reasons)


def test_a_pc_with_all_that_is_asked_for_is_ready_and_says_why() -> None:
    assert verdict(pc()) == "ready"
    assert "Intel Core of the 8th or 9th generation" in reasons(pc())
    assert "it has TPM 2.0" in reasons(pc())


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"tpm": False, "tpm_version": ""}, "it shows no TPM: switch on that of the firmware"),
        ({"tpm_version": "1.2"}, "a TPM of version 1.2 only: switch on that of the firmware"),
        ({"secure_boot": False}, "Secure Boot is off"),
        ({"secure_boot": None, "firmware_mode": "bios"}, "mbr2gpt"),
        ({"secure_boot": False, "firmware_mode": "bios", "tpm": False, "tpm_version": ""}, "switch to UEFI"),
    ],
)
def test_what_a_supported_processor_brings_is_fixable_in_firmware(changed: dict[str, Any], reason: str) -> None:
    assert verdict(pc(**changed)) == "fixable in firmware"
    assert reason in reasons(pc(**changed))


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"processor": "Intel(R) Core(TM) i5-7500 CPU @ 3.40GHz"}, "2nd to 7th generation"),
        ({"processor": "AMD Ryzen 5 2500U with Radeon Vega Mobile Gfx"}, "Raven Ridge"),
        ({"processor": "Intel(R) Core(TM)2 Duo CPU     E8400  @ 3.00GHz", "tpm": None}, "Core 2"),
        ({"memory": 2 * GIB}, "2 GB of memory and needs 4 GB: not fixable in firmware"),
        ({"memory": 3 * GIB, "secure_boot": False}, "needs 4 GB"),
    ],
)
def test_what_no_switch_brings_is_not_fixable(changed: dict[str, Any], reason: str) -> None:
    found = readiness.of(pc(**changed))
    assert found is not None
    assert found.verdict == "not fixable"
    assert reason in found.reasons[0]


@pytest.mark.parametrize(
    "changed",
    [
        {"processor": None}, {"processor": "Intel(R) Core(TM) i7-7820HQ CPU @ 2.90GHz"}, {"memory": None},
        {"processor": "VIA Eden Processor"}, {"tpm": None, "tpm_version": ""}, {"tpm_version": ""},
        {"secure_boot": None}, {"processor": "AMD Ryzen Threadripper 2950X", "tpm": False, "tpm_version": ""},
    ],
)  # fmt: skip
def test_what_is_not_told_leaves_it_unknown(changed: dict[str, Any]) -> None:
    assert verdict(pc(**changed)) == "unknown"


def test_4_gb_of_which_graphics_take_some_are_enough() -> None:
    assert verdict(pc(memory=int(3.4 * GIB))) == "ready"


def test_a_small_disk_is_not_fixable_in_firmware() -> None:
    small = readiness.of(pc(), storage=32 * 10**9)
    assert small is not None
    assert (small.verdict, "32 GB" in small.reasons[0]) == ("not fixable", True)
    large = readiness.of(pc(), storage=64_023_257_088)
    assert large is not None
    assert large.verdict == "ready"


def test_what_runs_windows_11_already_is_ready_whatever_else_is_told() -> None:
    upgraded = pc(os_build="26100.4351", tpm=None, memory=None)
    assert verdict(upgraded) == "ready"
    assert reasons(upgraded) == "it runs Windows 11 already"
    forced = pc(os_build="26100.4351", processor="Intel(R) Core(TM) i5-6300U CPU @ 2.40GHz")
    assert verdict(forced) == "ready"
    assert "Microsoft promises no updates" in reasons(forced)


@pytest.mark.parametrize(
    "about",
    [
        pc("server", os_name="Windows Server 2019 Standard", os_edition="ServerStandard", os_build="17763"),
        pc("computer", os_name="Windows Server 2019 Standard", os_edition="ServerStandard", os_build="17763"),
        pc("virtual machine"),
        pc("laptop", "Apple", os_product="macos", os_name="macOS"),
        pc("laptop", "Google", os_product="chromeos", os_name="ChromeOS", os_edition="", os_build=""),
        pc("laptop", "Microsoft", processor="Snapdragon(R) X 12-core X1E80100 @ 3.40 GHz"),
        About("switch", "HPE"),
        About("printer", "Brother"),
        About("laptop", "Dell"),
    ],
)
def test_a_machine_that_windows_11_is_not_for_has_no_verdict(about: About) -> None:
    assert readiness.of(about) is None


def test_a_pc_with_linux_has_a_verdict_of_its_hardware() -> None:
    assert verdict(pc(os_product="ubuntu", os_name="Ubuntu 24.04.1 LTS", os_edition="", os_build="")) == "ready"


#: as processors name themselves; Microsoft's lists of processors supported by Windows 11
SUPPORTED = """11th Gen Intel(R) Core(TM) i5-1135G7 @ 2.40GHz|Intel(R) Core(TM) i3-1005G1 CPU @ 1.20GHz
Intel(R) Core(TM) i5-10210U CPU @ 1.60GHz|13th Gen Intel(R) Core(TM) i5-1335U|Intel(R) Core(TM) Ultra 5 125U
Intel(R) Core(TM) i3-8100T CPU @ 3.10GHz|Intel(R) Core(TM) m3-8100Y CPU @ 1.10GHz|Intel(R) Core(TM) i3-N305
Intel(R) Core(TM) 5 120U|Intel(R) N100|Intel(R) Celeron(R) N4020 CPU @ 1.10GHz|Intel(R) Celeron(R) N5095 @ 2.00GHz
Intel(R) Celeron(R) CPU 4305UE @ 2.00GHz|Intel(R) Celeron(R) G5905T CPU @ 3.30GHz|Intel(R) Celeron(R) 3867U @ 1.80GHz
Intel(R) Pentium(R) Silver N5030 CPU @ 1.10GHz|Intel(R) Pentium(R) CPU 5405U @ 2.30GHz
Intel(R) Pentium(R) Gold G5400 CPU @ 3.70GHz|Intel(R) Pentium(R) CPU 4425Y @ 1.70GHz|Intel(R) Core(TM) i7-7800X CPU
Intel(R) Xeon(R) E-2174G CPU @ 3.80GHz|Intel(R) Xeon(R) Silver 4114 CPU @ 2.20GHz|Intel(R) Xeon(R) W-2125 CPU
AMD Ryzen 5 2600 Six-Core Processor|AMD Ryzen 3 2300X Quad-Core Processor|AMD Ryzen 3 3200G with Radeon Vega Graphics
AMD Ryzen 5 PRO 3500U w/ Radeon Vega Mobile Gfx|AMD Ryzen AI 9 HX 370 w/ Radeon 890M|AMD Ryzen 5 220 w/ Radeon 740M
AMD Athlon Silver 3050U with Radeon Graphics|AMD Athlon 3000G with Radeon Vega Graphics|AMD 3015e with Radeon Graphics
AMD EPYC 7313P 16-Core Processor|AMD Ryzen Threadripper 2920X 12-Core Processor"""
UNSUPPORTED = """Intel(R) Core(TM) i5-7200U CPU @ 2.50GHz|Intel(R) Core(TM) i7-7740X CPU @ 4.30GHz
Intel(R) Core(TM) i5-7Y54 CPU @ 1.20GHz|Intel(R) Core(TM) m5-6Y54 CPU @ 1.10GHz|Intel(R) Core(TM) i7-4770 CPU @ 3.40GHz
Intel(R) Core(TM) i5 CPU         750  @ 2.67GHz|Intel(R) Core(TM) i5 CPU       M 430  @ 2.27GHz
Intel(R) Core(TM)2 Duo CPU     E8400  @ 3.00GHz|Genuine Intel(R) CPU           T2300  @ 1.66GHz
Intel(R) Celeron(R) CPU  N3060  @ 1.60GHz|Intel(R) Celeron(R) CPU N3450 @ 1.10GHz
Intel(R) Celeron(R) CPU G3900 @ 2.80GHz
Intel(R) Celeron(R) CPU 3965U @ 2.20GHz|Intel(R) Pentium(R) CPU N4200 @ 1.10GHz|Intel(R) Pentium(R) CPU 4415Y @ 1.60GHz
Intel(R) Pentium(R) CPU G4560 @ 3.50GHz|Intel(R) Pentium(R) CPU G6950 @ 2.80GHz|Pentium(R) Dual-Core CPU E5300 @ 2.60GHz
Intel(R) Atom(TM) x5-Z8350 CPU @ 1.44GHz|Intel(R) Atom(TM) CPU N270 @ 1.60GHz|Intel(R) Xeon(R) CPU E5-2620 v3 @ 2.40GHz
Intel(R) Xeon(R) CPU X5650 @ 2.67GHz|AMD Ryzen 5 1600 Six-Core Processor|AMD Ryzen 3 2200G with Radeon Vega Graphics
AMD Ryzen 7 PRO 2700U w/ Radeon Vega Mobile Gfx|AMD Athlon 200GE with Radeon Vega Graphics
AMD EPYC 7351P 16-Core Processor
AMD A9-9425 RADEON R5, 5 COMPUTE CORES 2C+3G|AMD E2-9000 RADEON R2, 4 COMPUTE CORES 2C+2G
AMD FX(tm)-6300 Six-Core Processor
AMD Athlon(tm) II X2 250 Processor|AMD PRO A6-9500B R5, 6 COMPUTE CORES 2C+4G|AMD Opteron(tm) Processor 6128"""


@pytest.mark.parametrize(
    ("names", "supported"), [(SUPPORTED, "yes"), (UNSUPPORTED, "no")], ids=["supported", "unsupported"]
)
def test_processors_are_told_by_family_and_number(names: str, supported: str) -> None:
    for name in names.replace("\n", "|").split("|"):
        found = readiness.find(name)
        assert (name, found.supported if found else "unknown") == (name, supported)


def test_a_name_that_says_too_little_is_in_no_family() -> None:
    for name in ("", "AMD", "Intel(R)", "Genuine Intel(R) CPU", "QEMU Virtual CPU version 2.5+", "CPU Version"):
        assert readiness.find(name) is None


def test_every_family_has_its_source_and_the_day_it_was_checked() -> None:
    for row in readiness.processors():
        assert row.source.startswith("https://learn.microsoft.com/")
        assert row.supported in ("yes", "no", "some")
        assert row.checked >= "2026-11-22"


@given(st.text(max_size=60), st.text(max_size=10), st.one_of(st.integers(), st.text(max_size=5), st.floats()))
def test_nothing_that_a_machine_tells_raises(processor: str, version: str, memory: Value) -> None:
    found = readiness.of(pc(processor=processor, tpm_version=version, memory=memory, firmware_mode=version))
    assert found is None or (found.verdict in readiness.VERDICTS and found.reasons)
