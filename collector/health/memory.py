"""Memory: how much of a device's working memory is in use, in percent."""

from __future__ import annotations

from collections.abc import Iterator

from collector.health import Dossier, Finding, Told, above, called, number, share

ASPECT = "memory"
PARTS = ("memory", "member", "stack member", "module", "part", "cluster node")


def judge(known: Dossier) -> Iterator[Finding]:
    """One finding for the device where it tells that itself, else one for each pool, board or member."""
    own = known.of()
    used = number(own.get("memory_load"))
    if used is None:
        used = share(own.get("memory_used"), own.get("memory"))
    if used is not None:
        yield from _finding(known, "", "the device", used, own.get("memory_load") or own.get("memory_used"))
        return
    for component, told in known.parts(*PARTS):
        used = number(told.get("memory_load"))
        if used is None:
            used = share(told.get("used"), told.get("size"))
        yield from _finding(
            known, component, called(component, told), used, told.get("memory_load") or told.get("used")
        )


def _finding(known: Dossier, component: str, what: str, used: float | None, told: Told | None) -> Iterator[Finding]:
    if used is None or not 0 <= used <= 100:
        return
    state = above(used, known.limit(ASPECT, "warning"), known.limit(ASPECT, "critical"))
    readings = (f"{component} memory".strip(),)
    yield Finding(
        state, f"{what} uses {used:.0f} % of its memory", component, readings, told.observed if told else None
    )
