"""The walk plan on the agent's side: the built-in baseline, whether a group applies to a device, what a plan may be.

A plan is data that a collector sends; it has conditions of four kinds and no code, so that the worst a plan can do is
to ask for too much, which `check` and the budget bound. This module sends nothing and knows no session.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from stocktake import ber
from stocktake.values import Binding, Cadence, Condition, Expansion, PlanGroup, WalkPlan

GROUPS_LIMIT = 500
OBJECTS_LIMIT = 200  # scalars and tables of one group
_PREFIXES_LIMIT = 200
_NAME_LIMIT = 64  # characters
_AFFIX_LIMIT = 32  # characters that an expansion adds
_VALUE_LIMIT = 255  # octets of a condition's value
_TABLE_ARCS = 4  # a table has at least as many: nobody walks the whole tree

SYS_DESCR = "1.3.6.1.2.1.1.1.0"
SYS_OBJECT_ID = "1.3.6.1.2.1.1.2.0"

#: what every device is asked, with no collector: SNMPv2-MIB system, and of IF-MIB what names an interface
BASELINE = WalkPlan(
    groups=(
        PlanGroup(
            number=1,
            name="system",
            cadence=Cadence.INVENTORY,
            scalars=tuple(f"1.3.6.1.2.1.1.{n}.0" for n in range(1, 8)),
        ),
        PlanGroup(
            number=2,
            name="interfaces",
            cadence=Cadence.INVENTORY,
            tables=(
                *(f"1.3.6.1.2.1.2.2.1.{n}" for n in (1, 2, 3, 5, 6, 7, 8)),
                *(f"1.3.6.1.2.1.31.1.1.1.{n}" for n in (1, 15, 18)),
            ),
        ),
    )
)


class BadPlan(ValueError):
    """A plan goes beyond what an agent does; the text says where, and what the bound is."""


# ------------------------------------------------------------------------------------------------ conditions


class Answers:
    """What a device has answered so far, as far as conditions ask for it."""

    def __init__(self) -> None:
        self._runs: list[list[Binding]] = []  # each sorted by OID
        self._values: dict[str, bytes] = {}

    def add(self, bindings: Iterable[Binding]) -> None:
        """Add what one group answered."""
        run = sorted(bindings, key=_key)
        self._values.update((binding.oid, binding.value) for binding in run)
        if run:
            self._runs.append(run)

    def value(self, oid: str) -> bytes:
        """The content octets of an object; empty where it did not answer."""
        return self._values.get(oid, b"")

    def under(self, oid: str) -> list[Binding]:
        """Every binding of an object or subtree, in order of OID within each group."""
        root = ber.oid_key(oid)
        return [binding for run in self._runs for binding in _under(run, root)]

    def answered(self, oid: str) -> bool:
        """Whether an object, or anything in a subtree, has a value."""
        return bool(self.under(oid))


def _key(binding: Binding) -> tuple[int, ...]:
    return ber.oid_key(binding.oid)


def _under(run: list[Binding], root: tuple[int, ...]) -> list[Binding]:
    start = bisect_left(run, root, key=_key)
    stop = bisect_left(run, (*root[:-1], root[-1] + 1), key=_key)
    return run[start:stop]


def applies(group: PlanGroup, so_far: Answers) -> bool:
    """Whether a group is to be asked of a device that answered this so far: every part of its condition holds."""
    condition = group.condition
    if condition.object_id_prefixes and not _lies_under(_object_id(so_far), condition.object_id_prefixes):
        return False
    if condition.answered and not so_far.answered(condition.answered):
        return False
    return not condition.value_oid or so_far.value(condition.value_oid).startswith(condition.value_prefix)


def _object_id(so_far: Answers) -> str:
    """The device's sysObjectID, empty where it has none that can be read."""
    try:
        return ber.oid_text(so_far.value(SYS_OBJECT_ID))
    except ber.BerError:
        return ""


def _lies_under(oid: str, prefixes: Iterable[str]) -> bool:
    return any(oid == prefix or oid.startswith(f"{prefix}.") for prefix in prefixes)


def indexes(expansion: Expansion, so_far: Answers) -> list[str]:
    """The indexes for which an expanded group is asked, as dotted text, in order and each once."""
    start = len(expansion.column) + 1
    found = (binding.oid[start:] for binding in so_far.under(expansion.column))
    return list(dict.fromkeys(index for index in found if index))


# ------------------------------------------------------------------------------------------------ bounds


def check(plan: WalkPlan) -> None:
    """Raise BadPlan where a plan goes beyond the bounds."""
    if len(plan.groups) > GROUPS_LIMIT:
        raise BadPlan(f"the walk plan has {len(plan.groups)} groups; an agent follows at most {GROUPS_LIMIT}")
    for group in plan.groups:
        _check_group(group)
    for what, seen in (("number", [g.number for g in plan.groups]), ("name", [g.name for g in plan.groups])):
        if len(set(seen)) != len(seen):
            raise BadPlan(f"two groups of the walk plan have the same {what}")


def _check_group(group: PlanGroup) -> None:
    if not 1 <= len(group.name) <= _NAME_LIMIT:
        raise BadPlan(f"the name of plan group {group.number} must have 1 to {_NAME_LIMIT} characters")
    objects = len(group.scalars) + len(group.tables)
    if objects > OBJECTS_LIMIT:
        raise BadPlan(f"plan group {group.name!r} asks for {objects} objects; the most is {OBJECTS_LIMIT}")
    for oid in (*group.scalars, *group.tables):
        _check_oid(group, oid)
    for oid in group.tables:
        if oid.count(".") + 1 < _TABLE_ARCS:
            raise BadPlan(f"plan group {group.name!r} walks {oid}; a table has at least {_TABLE_ARCS} arcs")
    _check_condition(group, group.condition)
    if group.expansion:
        _check_expansion(group, group.expansion)


def _check_condition(group: PlanGroup, condition: Condition) -> None:
    if len(condition.object_id_prefixes) > _PREFIXES_LIMIT or len(condition.value_prefix) > _VALUE_LIMIT:
        raise BadPlan(
            f"the condition of plan group {group.name!r} is too long; "
            f"the most are {_PREFIXES_LIMIT} prefixes of sysObjectID, and {_VALUE_LIMIT} octets of a value"
        )
    for oid in (*condition.object_id_prefixes, condition.answered, condition.value_oid):
        if oid:
            _check_oid(group, oid)


def _check_expansion(group: PlanGroup, expansion: Expansion) -> None:
    _check_oid(group, expansion.column)
    if max(len(expansion.community_suffix), len(expansion.context_prefix)) > _AFFIX_LIMIT:
        raise BadPlan(f"plan group {group.name!r} adds more than {_AFFIX_LIMIT} characters to a community or context")


def _check_oid(group: PlanGroup, oid: str) -> None:
    try:
        ber.encode_oid(oid)
    except ber.BerError as error:
        raise BadPlan(f"plan group {group.name!r} asks for something that is no object: {error}") from None
