"""Storage: how full volumes and pools are, and how arrays and their controllers say they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from collector import volumes
from collector.health import Dossier, Finding, State, Told, above, called, number, share, worded

ASPECT = "storage"
EXPECTED = ("nas", "storage")


def judge(known: Dossier) -> Iterator[Finding]:
    """One finding for each volume, pool, array and controller."""
    found = [*_volumes(known), *_arrays(known)]
    yield from found
    if not found and known.device_class in EXPECTED:
        yield Finding(State.UNKNOWN, "it does not tell of its volumes or arrays")


def _volumes(known: Dossier) -> Iterator[Finding]:
    for component, told in known.parts("volume", "pool", "array"):
        words = {word: told[word].value for word in volumes.WORDS if word in told}
        used = _used(told) if volumes.is_counted(words) else None
        if used is not None:
            state = above(used, known.limit(ASPECT, "warning"), known.limit(ASPECT, "critical"))
            sentence = f"{called(component, told)} is {used:.0f} % full"
            basis = told.get("used") or told.get("free") or told["size"]
            yield Finding(state, sentence, component, (f"{component} used", f"{component} size"), basis.observed)


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
