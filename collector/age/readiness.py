"""Whether a PC can run Windows 11, and whether what is missing can be switched on in its firmware.

What Microsoft asks for (learn.microsoft.com/windows/whats-new/windows-11-requirements): a processor of its lists, TPM
2.0, UEFI with Secure Boot, 4 GB of memory and 64 GB of storage. The processors are families in
`windows11_processors.tsv`, read from Microsoft's lists and from what its setup refuses. Every supported processor is of
2017 or later, and so is its board: it has UEFI, and most have a TPM 2.0 in the firmware that may be switched off.
Graphics and display are not looked at, and no bypass of these demands is.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from collector.age import About, support_windows

READY, FIXABLE, NOT_FIXABLE, UNKNOWN = VERDICTS = ("ready", "fixable in firmware", "not fixable", "unknown")
GIB = 1 << 30
LEAST_MEMORY_GB, LEAST_STORAGE_GB = 4, 64
#: an operating system sees less than is installed, by what graphics and firmware take: of 4 GB it sees more than 3
SEEN_OF_LEAST_MEMORY = 3 * GIB
LEAST_STORAGE = 60 * 10**9  # octets: disks sold as 64 GB
PCS = {"desktop", "laptop", "tablet", "computer", "thin client"}
X86 = re.compile(r"\b(intel|amd|pentium|celeron|xeon|atom|athlon|ryzen|opteron|phenom|sempron|turion|via)\b",
                 re.IGNORECASE)  # fmt: skip
NOISE = re.compile(r"\((?:r|tm|c)\)|\b(?:cpu|processor|apu)\b|@.*|\b(?:with|w/) .*", re.IGNORECASE)


class _Finding(enum.IntEnum):
    """What one demand comes to; the greatest of all decides."""

    MET = 0
    IN_FIRMWARE = 1
    UNTOLD = 2
    NEVER = 3


_VERDICT_OF = dict(zip(_Finding, (READY, FIXABLE, UNKNOWN, NOT_FIXABLE), strict=True))
Answer = tuple[_Finding, str]


@dataclass(frozen=True, slots=True)
class Processor:
    """One family. `supported` is "yes", "no", or "some" where the rest of the machine decides."""

    pattern: re.Pattern[str]
    supported: str
    firmware_tpm: bool
    family: str
    source: str
    checked: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """A verdict, one of `VERDICTS`, and why: what decides stands first."""

    verdict: str
    reasons: tuple[str, ...]


def of(about: About, storage: int | None = None) -> Readiness | None:
    """The readiness of a PC, or None where it is none that Windows could run on.

    `storage` is the size in octets of its largest disk, where that is known.
    """
    if not _is_pc(about):
        return None
    processor = find(about.text("processor"))
    if support_windows.runs_11(about):
        return Readiness(READY, ("it runs Windows 11 already", *_doubts(processor)))
    answers = [*_processor(about, processor), *_tpm(about, processor), *_firmware(about), *_sizes(about, storage)]
    worst = max(finding for finding, _ in answers)
    ordered = sorted(answers, key=lambda answer: -answer[0])
    reasons = tuple(words for finding, words in ordered if finding or not worst)
    return Readiness(_VERDICT_OF[worst], reasons)


def find(name: str) -> Processor | None:
    """The family of a processor, or None where no row knows it."""
    bare = _bare(name)
    return next((row for row in processors() if row.pattern.search(bare)), None) if bare else None


@cache
def processors() -> tuple[Processor, ...]:
    """The rows of `windows11_processors.tsv`, in their order."""
    lines = Path(__file__).with_name("windows11_processors.tsv").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple(
        Processor(re.compile(pattern), supported, tpm == "yes", family, source, checked)
        for pattern, supported, tpm, family, source, checked in rows
    )


def _bare(name: str) -> str:
    return " ".join(NOISE.sub(" ", name).lower().split())


def _is_pc(about: About) -> bool:
    """Whether it is a machine for persons that Windows runs on: x86, not Apple's, no server, no ChromeOS."""
    windows = support_windows.read(about)
    if not (about.kind in PCS or (windows and about.kind == "unknown")) or about.maker.lower().startswith("apple"):
        return False
    if (windows and windows.products != (support_windows.CLIENT,)) or "chrome" in about.text("os.product").lower():
        return False
    processor = about.text("processor")
    return bool(X86.search(processor)) if processor else bool(windows)


# ------------------------------------------------------------------------------------------------ demands


def _doubts(processor: Processor | None) -> Iterator[str]:
    if processor and processor.supported == "no":
        yield f"its processor ({processor.family}) is not supported: Microsoft promises no updates"


def _processor(about: About, processor: Processor | None) -> Iterator[Answer]:
    if processor is None:
        name = about.text("processor")
        yield _Finding.UNTOLD, f"its processor ({name}) is in no list" if name else "its processor is not told"
    elif processor.supported == "some":
        yield _Finding.UNTOLD, f"its processor is supported in some machines only: {processor.family}"
    elif processor.supported == "no":
        yield _Finding.NEVER, f"its processor is not supported: {processor.family}"
    else:
        yield _Finding.MET, f"its processor is supported: {processor.family}"


def _tpm(about: About, processor: Processor | None) -> Iterator[Answer]:
    """TPM 2.0: a chip, or in the firmware of every client machine with a supported processor."""
    present, version = _flag(about, "tpm"), about.text("tpm_version")
    in_firmware = processor is not None and processor.supported == "yes" and processor.firmware_tpm
    missing = "it has a TPM of version 1.2 only" if version.startswith("1") else "it shows no TPM"
    if version.startswith("2"):
        yield _Finding.MET, "it has TPM 2.0"
    elif present is False or version.startswith("1"):
        yield (
            (_Finding.IN_FIRMWARE, f"{missing}: switch on that of the firmware (Intel PTT, AMD fTPM)")
            if in_firmware
            else (_Finding.UNTOLD, f"{missing}, and whether its firmware has one is not known")
        )
    else:
        told = "the version of its TPM is not told" if present else "whether it has a TPM is not told"
        yield _Finding.UNTOLD, told


def _firmware(about: About) -> Iterator[Answer]:
    """UEFI with Secure Boot; boards of processors that are supported have both."""
    secure, mode = _flag(about, "secure_boot"), about.text("firmware_mode").lower()
    if secure:
        yield _Finding.MET, "Secure Boot is on"
    elif mode == "bios":
        yield _Finding.IN_FIRMWARE, "it starts in BIOS mode: convert its disk (mbr2gpt), then switch to UEFI"
    elif secure is False:
        yield _Finding.IN_FIRMWARE, "Secure Boot is off"
    else:
        yield _Finding.UNTOLD, "whether Secure Boot is on is not told"


def _sizes(about: About, storage: int | None) -> Iterator[Answer]:
    memory = about.first("memory")
    if memory is None or not isinstance(memory.value, int):
        yield _Finding.UNTOLD, "the size of its memory is not told"
    elif memory.value <= SEEN_OF_LEAST_MEMORY:
        has = f"it has {memory.value / GIB:.2g} GB of memory"
        yield _Finding.NEVER, f"{has} and needs {LEAST_MEMORY_GB} GB: not fixable in firmware, but with more memory"
    else:
        yield _Finding.MET, f"it has {LEAST_MEMORY_GB} GB of memory or more"
    if storage is not None and storage < LEAST_STORAGE:
        has = f"its largest disk has {storage / 10**9:.0f} GB"
        yield _Finding.NEVER, f"{has}, and {LEAST_STORAGE_GB} GB are needed: not fixable in firmware, but with a disk"


def _flag(about: About, name: str) -> bool | None:
    """What is told as true or false; None where it is not told."""
    fact = about.first(name)
    return {"true": True, "false": False}.get(str(fact.value).lower()) if fact else None
