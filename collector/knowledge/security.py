"""What Windows 11 asks of a machine beside its processor: TPM, Secure Boot, UEFI."""

from __future__ import annotations

from collections.abc import Iterator

from collector.facts import text
from collector.knowledge import Statement, Witness
from stocktake.values import PlatformSecurity

READS = PlatformSecurity


def read(content: PlatformSecurity, witness: Witness) -> Iterator[Statement]:
    """The facts as the platform tells them; what it did not tell is not stated."""
    yield from witness.fact("tpm", content.tpm_present, "tpm")
    yield from witness.fact("tpm_version", text(content.tpm_version, 16), "tpm")
    yield from witness.fact("secure_boot", content.secure_boot, "secure_boot")
    yield from witness.fact("firmware_mode", text(content.firmware_mode, 16), "firmware_mode")
