"""TPM, Secure Boot and firmware mode, as far as the machine tells.

Nothing here knows what Windows 11 asks for. None means "not told": a kernel without TPM support says nothing of a TPM.
"""

from __future__ import annotations

import struct

from agent.host._windows import TBS_E_TPM_NOT_FOUND, TBS_SUCCESS, WindowsApi
from agent.host._world import NotAskedError, World, reason
from stocktake.values import PlatformSecurity

GROUP = "security"
NOTHING = PlatformSecurity()

_TPM = "sys/class/tpm"
_EFI = "sys/firmware/efi"
_SECURE_BOOT = f"{_EFI}/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"  # EFI_GLOBAL_VARIABLE
_STATE = r"SYSTEM\CurrentControlSet\Control\SecureBoot\State"
_TPM_VERSIONS = {1: "1.2", 2: "2.0"}
_FIRMWARE_TYPES = {1: "bios", 2: "uefi"}


def read(world: World) -> PlatformSecurity:
    """What is told of the platform's security."""
    if world.platform == "linux":
        return _linux(world)
    if world.platform == "win32":
        return _windows(world)
    raise NotAskedError


def _linux(world: World) -> PlatformSecurity:
    present = _tpm_present(world)
    return PlatformSecurity(
        tpm_present=present,
        tpm_version=_tpm_version(world) if present else "",
        secure_boot=_secure_boot(world.octets(_SECURE_BOOT)),
        firmware_mode=_firmware_mode(world),
    )


def _tpm_present(world: World) -> bool | None:
    if not world.exists(_TPM):
        return None
    return any(name.startswith("tpm") for name in world.names(_TPM))


def _tpm_version(world: World) -> str:
    """Kernels since 5.6 say it; older ones describe TPM 1.2 in `caps`, which TPM 2.0 never had."""
    major = world.number(f"{_TPM}/tpm0/tpm_version_major")
    if major is None and "TCG version: 1.2" in world.octets(f"{_TPM}/tpm0/caps").decode("ascii", "replace"):
        return "1.2"
    return _TPM_VERSIONS.get(major or 0, "")


def _secure_boot(variable: bytes) -> bool | None:
    """The SecureBoot variable (UEFI 3.3) as efivarfs shows it: four octets of attributes, then 0 or 1."""
    if len(variable) != 5 or variable[4] > 1:
        return None
    return variable[4] == 1


def _firmware_mode(world: World) -> str:
    """UEFI where the kernel was handed its tables; BIOS where it found SMBIOS without; else there is no telling."""
    if world.exists(_EFI):
        return "uefi"
    return "bios" if world.exists("sys/firmware/dmi/tables") else ""


def _windows(world: World) -> PlatformSecurity:
    api = world.windows()
    present, version = _windows_tpm(world, api)
    return PlatformSecurity(
        tpm_present=present,
        tpm_version=version,
        secure_boot=_windows_secure_boot(api),
        firmware_mode=_windows_firmware(world, api),
    )


def _windows_tpm(world: World, api: WindowsApi) -> tuple[bool | None, str]:
    """TPM_DEVICE_INFO: structure version, TPM version, interface type, implementation revision, 32 bits each."""
    try:
        result, info = api.tpm_device_info()
    except OSError as error:
        world.missed(f"the TPM ({reason(error)})")
        return None, ""
    if result == TBS_E_TPM_NOT_FOUND:
        return False, ""
    if result != TBS_SUCCESS or len(info) < 8:
        world.missed(f"the TPM (TBS result 0x{result:08X})")
        return None, ""
    return True, _TPM_VERSIONS.get(struct.unpack_from("<2L", info)[1], "")


def _windows_secure_boot(api: WindowsApi) -> bool | None:
    """The key is absent where Windows was started by a BIOS."""
    try:
        enabled = api.values(_STATE).get("UEFISecureBootEnabled")
    except FileNotFoundError:
        return None
    return enabled == 1 if enabled in {0, 1} else None


def _windows_firmware(world: World, api: WindowsApi) -> str:
    try:
        return _FIRMWARE_TYPES.get(api.firmware_type(), "")
    except OSError as error:
        world.missed(f"the firmware type ({reason(error)})")
        return ""
