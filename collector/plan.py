"""The walk plan: what all knowledge files want asked, compiled into numbered groups that agents follow.

The same files give the same plan. `system` is asked first, since conditions look at it; the others follow by name,
a group whose condition looks at an answer after the group that asks for it. The digest, which names a plan, belongs to
its wire form, so it is not set here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from collector import knowledge
from collector.knowledge import OBJECT_ID, Ask
from stocktake.values import Condition, PlanGroup, WalkPlan

FIRST = "system"
MOST_OBJECTS = 200  # of one group: agents refuse a plan with more


def compile_plan(asks: Iterable[Ask] | None = None) -> WalkPlan:
    """The plan of these asks, or of all knowledge files; ValueError where a file asks what no plan can hold."""
    if asks is None:
        asks = (ask for file in knowledge.files() for ask in file.asks)
    groups = [part for ask in _ordered(_once(_united(asks))) for part in _parts(ask)]
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


def _once(united: dict[str, Ask]) -> dict[str, Ask]:
    """The same asks without what another group asks of the same devices at least as often."""
    asking: dict[str, list[str]] = {}
    for name in sorted(united):
        for oid in (*united[name].scalars, *united[name].tables):
            asking.setdefault(oid, []).append(name)
    kept = dict(united)
    for oid, names in asking.items():
        for name in reversed(names):
            others = [other for other in names if other != name and oid in _objects(kept[other])]
            if any(_covers(united[other], united[name]) for other in others):
                kept[name] = _without(kept[name], oid)
    return {name: ask for name, ask in kept.items() if _objects(ask)}


def _objects(ask: Ask) -> tuple[str, ...]:
    return (*ask.scalars, *ask.tables)


def _without(ask: Ask, oid: str) -> Ask:
    def keep(oids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(other for other in oids if other != oid)

    return replace(ask, scalars=keep(ask.scalars), tables=keep(ask.tables))


def _covers(first: Ask, second: Ask) -> bool:
    """Whether every device that the second is asked of is asked the first, at least as often."""
    ours, theirs = first.condition, second.condition
    if first.expansion or second.expansion or first.cadence.value > second.cadence.value:
        return False
    if ours in (theirs, Condition()):
        return True
    alone = ours == Condition(object_id_prefixes=ours.object_id_prefixes)
    above = tuple(f"{prefix}." for prefix in ours.object_id_prefixes)
    return (
        alone and bool(theirs.object_id_prefixes) and all(f"{p}.".startswith(above) for p in theirs.object_id_prefixes)
    )


def _sorted(oids: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(oids, key=lambda oid: [int(arc) for arc in oid.split(".")]))


def _ordered(asks: dict[str, Ask]) -> list[Ask]:
    """By name, `system` first, and each after the group that asks for what its condition looks at."""
    waiting = sorted(asks.values(), key=lambda ask: (ask.name != FIRST, ask.name))
    placed: list[Ask] = []
    asked = _Asked()
    while waiting:
        ready = next((ask for ask in waiting if all(map(asked.about, _looked_at(ask)))), None)
        if ready is None:
            names = ", ".join(ask.name for ask in waiting)
            raise ValueError(f"no earlier group asks for what the conditions of these groups look at: {names}")
        waiting.remove(ready)
        placed.append(ready)
        asked.add(ready)
    return placed


class _Asked:
    """What groups ask for, as far as a condition may look at it."""

    def __init__(self) -> None:
        self._oids: set[str] = set()
        self._above: set[str] = set()

    def add(self, ask: Ask) -> None:
        """Take in what a group asks for."""
        for oid in (*ask.scalars, *ask.tables):
            self._oids.add(oid)
            self._above.update(_upwards(oid))

    def about(self, oid: str) -> bool:
        """Whether an object is asked for, or something below it or above it."""
        return oid in self._above or not self._oids.isdisjoint(_upwards(oid))


def _upwards(oid: str) -> Iterator[str]:
    """An OID and all that it stands below."""
    while oid:
        yield oid
        oid = oid.rpartition(".")[0]


def _parts(ask: Ask) -> list[Ask]:
    """The ask, or several of the same condition where it names more objects than a group may."""
    objects = _objects(ask)
    if len(objects) <= MOST_OBJECTS:
        return [ask]
    pieces = [set(objects[start : start + MOST_OBJECTS]) for start in range(0, len(objects), MOST_OBJECTS)]
    return [
        replace(
            ask,
            name=f"{ask.name}.{number}" if number > 1 else ask.name,
            scalars=tuple(oid for oid in ask.scalars if oid in piece),
            tables=tuple(oid for oid in ask.tables if oid in piece),
        )
        for number, piece in enumerate(pieces, 1)
    ]


def _looked_at(ask: Ask) -> list[str]:
    condition = ask.condition
    column = ask.expansion.column if ask.expansion else ""
    object_id = OBJECT_ID if condition.object_id_prefixes else ""
    return [oid for oid in (condition.answered, condition.value_oid, column, object_id) if oid]


def _group(number: int, ask: Ask) -> PlanGroup:
    return PlanGroup(number, ask.name, ask.cadence, ask.scalars, ask.tables, ask.condition, ask.expansion)
