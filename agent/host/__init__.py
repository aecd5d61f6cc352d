"""Evidence about the machine the agent runs on: one file per group, found by being there.

This frame knows no group. It calls each, isolates its failure, and says how it ended; a group only states how it is
read. Nothing here interprets what was read, keeps it, or sends it.

A group is a module of this package without a leading underscore, with:

- `GROUP`: its name in reports;
- `NOTHING`: the content that says "asked, and nothing is there";
- `read(world) -> Content`: reads it. What it cannot read it tells `world.missed`, or raises; on a platform where it
  does not ask, it raises `NotAskedError`;
- `VOLATILE = True`, where it changes all the time and is read often.

How a group ends: COMPLETE when everything was read, possibly `NOTHING`; CUT when something could not be read, with
what; REFUSED when nothing could be read, or it failed, with why; left out when it was not asked.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from agent.host._networks import OwnNetwork, own_networks
from agent.host._world import HERE, NotAskedError, World, plain, reason
from stocktake.values import Content, GroupResult, Outcome

__all__ = ["HERE", "Group", "OwnNetwork", "World", "examine", "groups", "own_networks"]

_DETAIL_CHARACTERS = 300
_NAMED = 3  # refusals that are named; the rest are counted


@dataclass(frozen=True, slots=True)
class Group:
    """One kind of host evidence."""

    name: str
    read: Callable[[World], Content]
    nothing: Content
    volatile: bool = False


def groups() -> tuple[Group, ...]:
    """All groups of this package, by the name of their file."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
    return tuple(_group(name) for name in names)


def examine(world: World = HERE, only: Collection[str] | None = None) -> tuple[GroupResult, ...]:
    """What this machine says of itself, group by group. It blocks for seconds: call it in a thread.

    `only` names the groups to read; None reads all. ValueError for a name that no group has.
    """
    results = (_result(group, world) for group in _chosen(only))
    return tuple(result for result in results if result is not None)


def _group(name: str) -> Group:
    module = importlib.import_module(f"{__name__}.{name}")
    return Group(module.GROUP, module.read, module.NOTHING, getattr(module, "VOLATILE", False))


def _chosen(only: Collection[str] | None) -> list[Group]:
    known = groups()
    unknown = set(only or ()) - {group.name for group in known}
    if unknown:
        raise ValueError(f"no such host groups: {', '.join(sorted(unknown))}")
    return [group for group in known if only is None or group.name in only]


def _result(group: Group, world: World) -> GroupResult | None:
    """How one group ended; None where it is not asked on this platform."""
    missed: list[str] = []
    try:
        content = group.read(replace(world, missed=missed.append))
    except NotAskedError:
        return None
    except Exception as error:  # noqa: BLE001 - the one place that isolates groups: the others must still be read
        return GroupResult(group.name, Outcome.REFUSED, detail=_sentence([f"{group.name} ({reason(error)})", *missed]))
    if not missed:
        return GroupResult(group.name, Outcome.COMPLETE, content)
    if content == group.nothing:
        return GroupResult(group.name, Outcome.REFUSED, detail=_sentence(missed))
    return GroupResult(group.name, Outcome.CUT, content, detail=_sentence(missed))


def _sentence(missed: list[str]) -> str:
    """What could not be read, for people."""
    rest = f" and {len(missed) - _NAMED} more" if len(missed) > _NAMED else ""
    return plain(f"Could not read {', '.join(missed[:_NAMED])}"[:_DETAIL_CHARACTERS]) + f"{rest}."
