"""The operating system as it names itself, and when it was installed.

Nothing here knows which versions are supported. What a system calls itself is passed on even where it is known to
mislead (Windows 11 registers the product name of Windows 10; its build tells).

Install time on Linux, where no file says it: the earliest modification time, between 2000 and now, of what an installer
leaves behind and nobody touches later: its logs, the machine id, the folder that mkfs makes in the root file system. A
machine cloned from an image shows the time of the image.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from agent.host._machine import About
from agent.host._windows import RegistryValue
from agent.host._world import NotAskedError, World, plain
from stocktake.values import OperatingSystem

GROUP = "os"
NOTHING = OperatingSystem()

_LEFT_BY_INSTALLER = ("var/log/installer", "var/log/anaconda", "etc/machine-id", "lost+found")
_LEFT_BY_MACOS = ("var/db/.AppleSetupDone",)
_EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
_CURRENT_VERSION = r"SOFTWARE\Microsoft\Windows NT\CurrentVersion"


def read(world: World) -> OperatingSystem:
    """Name, version, kernel, host name, install time."""
    readers = {"linux": _linux, "win32": _windows, "darwin": _macos}
    if world.platform not in readers:
        raise NotAskedError
    about = world.machine().about()
    return _with_machine(readers[world.platform](world), about)


def _with_machine(system: OperatingSystem, about: About) -> OperatingSystem:
    return replace(
        system,
        kernel=plain(about.kernel),
        architecture=plain(about.architecture),
        host_name=plain(about.host),
    )


def _linux(world: World) -> OperatingSystem:
    """os-release(5), which `/usr/lib` holds where `/etc` was emptied."""
    lines = world.lines("etc/os-release") or world.lines("usr/lib/os-release")
    told = dict(_assignment(line) for line in lines if "=" in line and not line.startswith("#"))
    product = told.get("ID", "linux")
    # Debian's os-release stays at "12"; the point release is in a file of its own
    point_release = world.text("etc/debian_version") if product == "debian" else ""
    return OperatingSystem(
        product=product,
        name=told.get("PRETTY_NAME") or told.get("NAME", ""),
        version=told.get("VERSION_ID", ""),
        edition=told.get("VARIANT", ""),
        build=told.get("BUILD_ID") or point_release,
        install_time=_earliest(world, _LEFT_BY_INSTALLER),
    )


def _assignment(line: str) -> tuple[str, str]:
    """`NAME="value"` as name and value, quotes and escapes undone by the rules of os-release(5)."""
    name, _, value = line.strip().partition("=")
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        value = value[1:-1]
    return name, plain(re.sub(r"\\([\"'$`\\])", r"\1", value))


def _earliest(world: World, marks: tuple[str, ...]) -> datetime | None:
    """The earliest sensible modification time of what an installer left."""
    times = [world.modified(mark) for mark in marks]
    return min((time for time in times if time and _EARLIEST <= time <= world.now()), default=None)


def _windows(world: World) -> OperatingSystem:
    values = world.windows().values(_CURRENT_VERSION)
    build = ".".join(part for part in (_text(values, "CurrentBuild"), _text(values, "UBR")) if part)
    return OperatingSystem(
        product="windows",
        name=_text(values, "ProductName"),
        version=_text(values, "DisplayVersion") or _text(values, "ReleaseId"),
        edition=_text(values, "EditionID"),
        build=build,
        install_time=_from_epoch(values.get("InstallDate")),
    )


def _text(values: Mapping[str, RegistryValue], name: str) -> str:
    value = values.get(name, "")
    return plain(str(value)) if isinstance(value, str | int) else ""


def _from_epoch(seconds: RegistryValue | None) -> datetime | None:
    """Seconds since 1970 as UTC; None where there are none, or zero."""
    if not isinstance(seconds, int) or not 0 < seconds < 2**32:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def _macos(world: World) -> OperatingSystem:
    """sw_vers(1), and the mark that macOS sets when somebody has gone through its set-up."""
    lines = world.run(["sw_vers"]).decode("utf-8", "replace").splitlines()
    told = {name.strip(): plain(value) for name, _, value in (line.partition(":") for line in lines)}
    return OperatingSystem(
        product="macos",
        name=told.get("ProductName", ""),
        version=told.get("ProductVersion", ""),
        build=told.get("BuildVersion", ""),
        install_time=_earliest(world, _LEFT_BY_MACOS),
    )
