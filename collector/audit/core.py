"""Which switch of a site is its core: as people say it, else as the links between switches tell. Pure.

No switch says of itself that it is the core. A tag `core` on a record decides for its site. Without one, the switch
that most others hang on is taken for it; where several could be, or no link is known, it cannot be told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from collector.audit import Core

TAG = "core"
LEAST = 2  # switches that hang on one that is taken for the core


def cores(switches: Collection[str], pairs: Iterable[tuple[str, str]], tagged: Collection[str]) -> Mapping[str, Core]:
    """Of each switch of one site whether it is the core. `pairs`: switches with a link between them, in any order."""
    said = [switch for switch in switches if switch in tagged]
    if said:
        yes, no = Core(True, "a person says it is the core"), Core(False, "a person says another switch is the core")  # noqa: FBT003 - a field
        return {switch: yes if switch in said else no for switch in switches}
    if len(switches) == 1:
        return dict.fromkeys(switches, Core(True, "it is the only switch of its site"))  # noqa: FBT003 - a field
    beside = _beside(switches, pairs)
    most = max((len(others) for others in beside.values()), default=0)
    first = [switch for switch, others in beside.items() if len(others) == most]
    if not most:
        return dict.fromkeys(switches, Core(None, "no link between the switches of its site is known"))
    if most < LEAST or len(first) > 1:
        return dict.fromkeys(switches, Core(None, "which switch is the core of its site is not clear from its links"))
    return {switch: _found(switch in first, most, linked=bool(beside[switch])) for switch in switches}


def _found(is_core: bool, most: int, *, linked: bool) -> Core:  # noqa: FBT001 - what it is about
    if is_core:
        return Core(True, f"{most} other switches hang on it, more than on any other of its site")  # noqa: FBT003 - a field
    if not linked:
        return Core(None, "no link from it to another switch is known")
    return Core(False, "more switches hang on another of its site")  # noqa: FBT003 - a field


def _beside(switches: Collection[str], pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    beside: dict[str, set[str]] = {switch: set() for switch in sorted(switches)}
    for one, other in pairs:
        if one != other and one in beside and other in beside:
            beside[one].add(other)
            beside[other].add(one)
    return beside
