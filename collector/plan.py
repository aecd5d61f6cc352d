"""The walk plan: what all knowledge files want asked, compiled into numbered groups that agents follow.

The same files give the same plan. `system` is asked first, since conditions look at it; the others follow by name,
a group whose condition looks at an answer after the group that asks for it. The digest, which names a plan, belongs to
its wire form, so it is not set here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from collector import knowledge
from collector.knowledge import OBJECT_ID, Ask
from stocktake.values import PlanGroup, WalkPlan

FIRST = "system"


def compile_plan(asks: Iterable[Ask] | None = None) -> WalkPlan:
    """The plan of these asks, or of all knowledge files; ValueError where a file asks what no plan can hold."""
    if asks is None:
        asks = (ask for file in knowledge.files() for ask in file.asks)
    groups = _ordered(_united(asks))
    return WalkPlan(tuple(_group(number, ask) for number, ask in enumerate(groups, 1)))


def _united(asks: Iterable[Ask]) -> dict[str, Ask]:
    """One ask per name: files that share a name share the group, so they must agree on when it is asked."""
    united: dict[str, Ask] = {}
    for ask in asks:
        other = united.setdefault(ask.name, ask)
        if (other.cadence, other.condition, other.expansion) != (ask.cadence, ask.condition, ask.expansion):
            raise ValueError(f"two files ask for the group {ask.name!r} at different times or on different conditions")
        scalars, tables = {*other.scalars, *ask.scalars}, {*other.tables, *ask.tables}
        united[ask.name] = replace(other, scalars=_sorted(scalars), tables=_sorted(tables))
    return united


def _sorted(oids: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(oids, key=lambda oid: [int(arc) for arc in oid.split(".")]))


def _ordered(asks: dict[str, Ask]) -> list[Ask]:
    """By name, `system` first, and each after the group that asks for what its condition looks at."""
    waiting = sorted(asks.values(), key=lambda ask: (ask.name != FIRST, ask.name))
    placed: list[Ask] = []
    while waiting:
        ready = next((ask for ask in waiting if all(_asked(oid, placed) for oid in _looked_at(ask))), None)
        if ready is None:
            names = ", ".join(ask.name for ask in waiting)
            raise ValueError(f"no earlier group asks for what the conditions of these groups look at: {names}")
        waiting.remove(ready)
        placed.append(ready)
    return placed


def _looked_at(ask: Ask) -> list[str]:
    condition = ask.condition
    column = ask.expansion.column if ask.expansion else ""
    object_id = OBJECT_ID if condition.object_id_prefixes else ""
    return [oid for oid in (condition.answered, condition.value_oid, column, object_id) if oid]


def _asked(oid: str, asks: list[Ask]) -> bool:
    """Whether one of these groups asks for an object, or for something below it or above it."""
    oids = [asked for ask in asks for asked in (*ask.scalars, *ask.tables)]
    return any(f"{asked}.".startswith(f"{oid}.") or f"{oid}.".startswith(f"{asked}.") for asked in oids)


def _group(number: int, ask: Ask) -> PlanGroup:
    return PlanGroup(number, ask.name, ask.cadence, ask.scalars, ask.tables, ask.condition, ask.expansion)
