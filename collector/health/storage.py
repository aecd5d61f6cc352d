"""Storage: how full volumes and pools are, and how arrays and their controllers say they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from collector.health import Dossier, Finding, State, Told, above, called, number, share, worded

ASPECT = "storage"
#: what is full by design, or nobody's to empty (hrStorageType, file systems of images)
NOT_COUNTED = frozenset({"ram", "virtual memory", "removable disk", "compact disc", "floppy disk", "ram disk", "flash"})
IMAGES = frozenset({"squashfs", "iso9660", "udf", "tmpfs", "devtmpfs", "overlay", "cdfs", "cramfs", "erofs"})
EXPECTED = ("nas", "storage")


def judge(known: Dossier) -> Iterator[Finding]:
    """One finding for each volume, pool, array and controller."""
    found = [*_volumes(known), *_arrays(known)]
    yield from found
    if not found and known.device_class in EXPECTED:
        yield Finding(State.UNKNOWN, "it does not tell of its volumes or arrays")


def _volumes(known: Dossier) -> Iterator[Finding]:
    for component, told in known.parts("volume", "pool", "array"):
        if _is_counted(told) and (used := _used(told)) is not None:
            state = above(used, known.limit(ASPECT, "warning"), known.limit(ASPECT, "critical"))
            sentence = f"{called(component, told)} is {used:.0f} % full"
            basis = told.get("used") or told.get("free") or told["size"]
            yield Finding(state, sentence, component, (f"{component} used", f"{component} size"), basis.observed)


def _is_counted(told: Mapping[str, Told]) -> bool:
    said = {str(told[name].value).lower() for name in ("type", "file_system") if name in told}
    return not said & (NOT_COUNTED | IMAGES)


def _used(told: Mapping[str, Told]) -> float | None:
    if "used" in told:
        return share(told["used"], told.get("size"))
    free = share(told.get("free"), told.get("size"))
    return None if free is None else 100 - free


def _arrays(known: Dossier) -> Iterator[Finding]:
    for component, told in known.parts("array", "pool", "controller", "volume"):
        state = worded(told.get("status"))
        if state is not None:
            sentence = f"{called(component, told)} is {told['status'].value}"
            yield Finding(state, sentence, component, (f"{component} status",), told["status"].observed)
    failed = number(known.of().get("disks_failed"))
    if failed:
        yield Finding(State.CRITICAL, f"{failed:.0f} disks have failed", readings=("disks_failed",))
