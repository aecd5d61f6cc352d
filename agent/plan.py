"""The walk plan on the agent's side: the built-in baseline, what a device is to be asked now, what a plan may be.

A plan is data that a collector sends; it has conditions of four kinds and no code, so that the worst a plan can do is
to ask for too much, which `check` and the budget bound. This module sends nothing and knows no session.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from agent.timing import share
from stocktake import ber
from stocktake.values import Binding, Cadence, Condition, Expansion, PlanGroup, WalkPlan
from stocktake.wire import WireError, decode_plan

GROUPS_LIMIT = 500
OBJECTS_LIMIT = 200  # scalars and tables of one group
_PREFIXES_LIMIT = 200
_NAME_LIMIT = 64  # characters
_AFFIX_LIMIT = 32  # characters that an expansion adds; a context's name has no more (RFC 3415)
_SPACE, _DELETE = 0x20, 0x7F  # what is printable lies between them
_VALUE_LIMIT = 255  # octets of a condition's value
_TABLE_ARCS = 4  # a table has at least as many: nobody walks the whole tree

#: how often a group of each cadence is asked, at most; sweeps that come more seldom ask it each time. Health that is
#: not asked often: half an hour, less what a round takes, or a device would wait for one round more
CADENCE_SECONDS = {Cadence.HEALTH: 1_700.0, Cadence.TABLES: 3600.0, Cadence.INVENTORY: 86_400.0}
EARLIEST = (
    0.7  # of that time: each device has a place of its own between this and the whole, so that not all are due at once
)
DOES_NOT_APPLY = 0

SYS_DESCR = "1.3.6.1.2.1.1.1.0"
SYS_OBJECT_ID = "1.3.6.1.2.1.1.2.0"
SYS_UPTIME = "1.3.6.1.2.1.1.3.0"

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
        self._runs: list[tuple[Binding, ...]] = []
        self._texts: list[str] = []  # the OIDs of each run between newlines: conditions are many, and this is quick
        self._values: dict[str, bytes] = {}
        self._unread: list[tuple[Binding, ...]] = []  # runs whose values nobody asked for yet

    def add(self, bindings: Iterable[Binding]) -> None:
        """Add what one group answered."""
        run = tuple(bindings)
        if run:
            self._runs.append(run)
            self._texts.append("\n".join(["", *(binding.oid for binding in run), ""]))
            self._unread.append(run)

    def value(self, oid: str) -> bytes:
        """The content octets of an object; empty where it did not answer."""
        while self._unread:
            self._values.update((binding.oid, binding.value) for binding in self._unread.pop(0))
        return self._values.get(oid, b"")

    def under(self, oid: str) -> list[Binding]:
        """Every binding of an object or subtree, in order of OID within each group."""
        return [binding for run in self._runs for binding in sorted(_under(run, oid), key=_key)]

    def answered(self, oid: str) -> bool:
        """Whether an object, or anything in a subtree, has a value."""
        return any(f"\n{oid}." in text or f"\n{oid}\n" in text for text in self._texts)


def _key(binding: Binding) -> tuple[int, ...]:
    return ber.oid_key(binding.oid)


def _under(run: tuple[Binding, ...], root: str) -> Iterator[Binding]:
    # few conditions look at what many bindings answered: reading the texts is cheaper than keeping them sorted
    below = f"{root}."
    return (binding for binding in run if binding.oid.startswith(below) or binding.oid == root)


def applies(group: PlanGroup, so_far: Answers) -> bool:
    """Whether a group is to be asked of a device that answered this so far: every part of its condition holds."""
    condition = group.condition
    if not _suits(group, _object_id(so_far)):
        return False
    if condition.answered and not so_far.answered(condition.answered):
        return False
    return not condition.value_oid or so_far.value(condition.value_oid).startswith(condition.value_prefix)


def _suits(group: PlanGroup, object_id: str) -> bool:
    prefixes = group.condition.object_id_prefixes
    return not prefixes or _lies_under(object_id, prefixes)


def _object_id(so_far: Answers) -> str:
    """The device's sysObjectID, empty where it has none that can be read."""
    try:
        return ber.oid_text(so_far.value(SYS_OBJECT_ID))
    except ber.BerError:
        return ""


def _lies_under(oid: str, prefixes: Iterable[str]) -> bool:
    return any(oid == prefix or oid.startswith(f"{prefix}.") for prefix in prefixes)


def indexes(expansion: Expansion, so_far: Answers) -> list[str]:
    """The indexes for which an expanded group is asked, as dotted text, or the names they spell; in order and once."""
    start = len(expansion.column) + 1
    rows = so_far.under(expansion.column)
    if expansion.spelled:
        found = (_spelled(binding.oid[start:]) for binding in rows if binding.value)
    else:
        found = (binding.oid[start:] for binding in rows)
    return list(dict.fromkeys(index for index in found if index and index not in expansion.left_out))


def _spelled(index: str) -> str:
    """The name that an index spells; "" where it is none that a context may have, or not printable ASCII."""
    length, _, rest = index.partition(".")
    octets = [int(arc) for arc in rest.split(".") if arc]
    if int(length or 0) != len(octets) or not 0 < len(octets) <= _AFFIX_LIMIT:
        return ""
    return bytes(octets).decode() if all(_SPACE <= octet < _DELETE for octet in octets) else ""


# ------------------------------------------------------------------------------------------------ what is due


@dataclass(frozen=True, slots=True)
class Due:
    """The groups to ask a device now, in the plan's order.

    `applying` are the numbers of those whose condition is known to hold from an earlier time, as what it looks at is
    not asked now. `rests_on`: the numbers of the groups whose answers decide on a group. `suiting` are the keys of all
    groups that suit the device's sysObjectID: what else is remembered of a device may be forgotten.
    """

    groups: tuple[PlanGroup, ...]
    applying: frozenset[int]
    rests_on: Mapping[int, frozenset[int]]
    suiting: frozenset[str]


@lru_cache(maxsize=1024)  # what a plan has, for every device that is asked
def key_of(group: PlanGroup) -> str:
    """What a group is remembered by: its name and what it asks, so that a group that changed was never asked."""
    return f"{group.name}#{zlib.crc32(repr(group).encode()):08x}"


def due(
    plan: WalkPlan, probe: Answers, asked: Mapping[str, int], now: float, place: float, *, often: bool = False
) -> Due:
    """What a device is to be asked now.

    `asked`: by key, when a group was last asked to its end (seconds since the epoch), or DOES_NOT_APPLY. `place` is the
    part of a cadence after which the device is due (see `pace`); `often`: its health always is. A group
    whose condition can not be told from `probe` or from memory brings along the groups that it looks at; one that did
    not apply is judged anew when they are asked. The plan's first group is asked where nothing is due: there is always
    something to say.
    """
    object_id = _object_id(probe)
    suiting = [group for group in plan.groups if _suits(group, object_id)]
    keys = {group.number: key_of(group) for group in suiting}
    last = {group.number: asked.get(keys[group.number]) for group in suiting}
    wanted = {group.number for group in suiting if _is_due(group, last[group.number], now, place, often=often)}
    rests_on = _rests_on(plan.groups)
    looked_at = {number: rests_on[number] & keys.keys() for number in keys}
    for group in suiting:  # what is looked at comes earlier in a plan
        if last[group.number] == DOES_NOT_APPLY and looked_at[group.number] & wanted:
            wanted.add(group.number)
    applying = {number for number in wanted if last[number] and looked_at[number]}
    for group in reversed(suiting):
        if group.number in wanted and (group.number not in applying or group.expansion):
            wanted |= looked_at[group.number]
    applying -= {number for number in applying if looked_at[number] <= wanted}
    groups = tuple(group for group in suiting if group.number in wanted) or tuple(suiting[:1])
    return Due(groups, frozenset(applying), looked_at, frozenset(keys.values()))


def health_due(
    plan: WalkPlan, probe: Answers, asked: Mapping[str, int], now: float, place: float, *, often: bool = False
) -> Due:
    """Of the groups of health those that are due, as `due` has it, and nothing besides them; there may be none.

    Where it is not known whether a group applies, and only answers to others would tell, the next `due` will find out.
    """
    object_id = _object_id(probe)
    suiting = [group for group in plan.groups if _suits(group, object_id)]
    keys = {group.number: key_of(group) for group in suiting}
    rests_on = _rests_on(plan.groups)
    found = [
        group
        for group in suiting
        if group.cadence is Cadence.HEALTH
        and group.expansion is None
        and (asked.get(keys[group.number]) or not rests_on[group.number] & keys.keys())
        and _is_due(group, asked.get(keys[group.number]), now, place, often=often)
    ]
    applying = frozenset(group.number for group in found if asked.get(keys[group.number]))
    on_none: dict[int, frozenset[int]] = {group.number: frozenset() for group in found}
    return Due(tuple(found), applying, on_none, frozenset(keys.values()))


def pace(address: str, network: str) -> float:
    """The part of a cadence, EARLIEST to 1, after which a device is due: its own, so that not all are due at once."""
    return EARLIEST + (1 - EARLIEST) * share(f"{address}@{network}", "cadence")


def is_health_due(
    groups: Mapping[str, PlanGroup], asked: Mapping[str, int], now: float, place: float, *, often: bool
) -> bool:
    """Whether one of the groups of health (by key) that a device is known to answer is due."""
    known = ((group, asked.get(key)) for key, group in groups.items())
    return any(last and _is_due(group, last, now, place, often=often) for group, last in known)


def health_groups(plan: WalkPlan) -> dict[str, PlanGroup]:
    """The groups of health of a plan, by what they are remembered by."""
    return {key_of(group): group for group in plan.groups if group.cadence is Cadence.HEALTH}


def silent(plan: WalkPlan, empty: Mapping[str, int], now: float, place: float) -> frozenset[int]:
    """The numbers of the groups of health that need not be asked though they are due: a device never told any of it.

    `empty`: by key when that was so last. It is asked again after a day: parts come while a device runs.
    """
    return frozenset(
        group.number
        for key, group in health_groups(plan).items()
        if key in empty and 0 <= now - empty[key] < CADENCE_SECONDS[Cadence.INVENTORY] * place
    )


def _is_due(group: PlanGroup, last: int | None, now: float, place: float, *, often: bool) -> bool:
    if last is None:
        return True
    if last == DOES_NOT_APPLY:
        return False
    if often and group.cadence is Cadence.HEALTH:
        return True
    elapsed = now - last
    return elapsed < 0 or elapsed >= CADENCE_SECONDS[group.cadence] * place


@lru_cache(maxsize=2)  # the same plan for every device
def _rests_on(groups: tuple[PlanGroup, ...]) -> dict[int, frozenset[int]]:
    """By number of a group the earlier groups that ask for what decides on it."""
    return {group.number: _looked_at(group, groups) for group in groups}


def _looked_at(group: PlanGroup, groups: tuple[PlanGroup, ...]) -> frozenset[int]:
    """The numbers of earlier groups that ask for what a group's condition or expansion looks at, beyond the probe."""
    column = group.expansion.column if group.expansion else ""
    condition = group.condition
    oids = {condition.answered, condition.value_oid, column} - {"", SYS_DESCR, SYS_OBJECT_ID}
    earlier = takewhile(lambda other: other.number != group.number, groups if oids else ())
    return frozenset(
        other.number
        for other in earlier
        if any(_overlap(asked, oid) for asked in (*other.scalars, *other.tables) for oid in oids)
    )


def _overlap(one: str, other: str) -> bool:
    return f"{one}.".startswith(f"{other}.") or f"{other}.".startswith(f"{one}.")


# ------------------------------------------------------------------------------------------------ bounds


def followed(told: bytes, trouble: Callable[[str], object]) -> WalkPlan:
    """The plan that a collector told (serialised) where it is a good one, else the built-in one; why, as a trouble."""
    if not told:
        return BASELINE
    try:
        plan = decode_plan(told)
        check(plan)
    except (WireError, BadPlan) as error:
        trouble(f"The walk plan of the collector is not followed: {error}")
        return BASELINE
    return plan


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
    affixes = (expansion.community_suffix, expansion.context_prefix, expansion.name_separator, *expansion.left_out)
    if max(map(len, affixes)) > _AFFIX_LIMIT:
        raise BadPlan(f"plan group {group.name!r} adds more than {_AFFIX_LIMIT} characters to a community or context")
    if len(expansion.left_out) > _PREFIXES_LIMIT:
        raise BadPlan(f"plan group {group.name!r} leaves out more than {_PREFIXES_LIMIT} indexes")


def _check_oid(group: PlanGroup, oid: str) -> None:
    try:
        ber.encode_oid(oid)
    except ber.BerError as error:
        raise BadPlan(f"plan group {group.name!r} asks for something that is no object: {error}") from None
