"""From facts to an assessment: what the steps hand to each other."""

from __future__ import annotations

from datetime import date

import pytest

from collector.age import Told
from collector.age.assess import Dossier, assess
from collector.age.readiness import NOT_FIXABLE, READY
from collector.age.support_rows import Row

SEEN = date(2026, 11, 22)
GB = 10**9


def pc(*disks: object) -> Dossier:
    """A PC that lacks nothing for Windows 11 but, perhaps, a disk."""
    told: dict[str, str | int | bool] = {
        "class": "desktop", "maker": "Dell", "model": "OptiPlex 7060", "processor": "Intel(R) Core(TM) i5-8500 CPU",
        "memory": 16 << 30, "tpm": True, "tpm_version": "2.0", "secure_boot": True, "os.product": "windows",
        "os.name": "Windows 10 Pro", "os.edition": "Professional", "os.build": "19045.5011",
    }  # fmt: skip
    sizes = [Told("size", size, component=f"disk/sd{n}") for n, size in enumerate(disks)]  # type: ignore[arg-type]
    facts = [Told(name, value) for name, value in told.items()]
    others = [Told("size", 16 << 30, component="memory/0"), Told("serial", "S1", component="disk/nvme0")]
    return Dossier("d1", (*facts, *sizes, *others), SEEN)


@pytest.mark.parametrize(
    ("disks", "verdict"),
    [
        ((), READY),  # nothing tells a size
        ((512 * GB,), READY),
        ((32 * GB,), NOT_FIXABLE),
        ((32 * GB, 256 * GB), READY),  # the largest counts
        ((0, 256 * GB), READY),
        ((0,), READY),  # a card reader without a card
        (("much",), READY),
    ],
)
def test_windows_11_asks_for_the_size_of_the_largest_disk(disks: tuple[object, ...], verdict: str) -> None:
    readiness = assess(pc(*disks)).readiness
    assert readiness is not None
    assert readiness.verdict == verdict
    assert any("its largest disk has 32 GB" in reason for reason in readiness.reasons) == (verdict == NOT_FIXABLE)


def test_ends_of_support_are_those_of_the_table_that_is_given() -> None:
    ours = Row(
        "windows", "Home and Pro", "19045", "Windows 10 22H2", SEEN, False, None, "", "https://example.org", SEEN
    )
    assert [(item.ends, item.source) for item in assess(pc(), (ours,)).support] == [(SEEN, "https://example.org")]
    assert [item.ends for item in assess(pc()).support] == [date(2025, 10, 14)]
