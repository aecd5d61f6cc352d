"""What a device answered, by OID, and the statements that are made of it; what is to be asked of devices.

Knowledge files read a `Walk`, state what other content says as a `Witness`, and say what they want asked as `Ask`s.
Nothing here knows a maker, or what a fact is good for.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar

from collector import facts as say
from collector.facts import Fact, Source, Unread, Value
from collector.readers import (
    Reader,
    as_date,
    as_identifier,
    as_mac,
    as_maker,
    as_named,
    as_text,
    as_told,
    as_typed,
)
from stocktake import ber
from stocktake.values import Binding, Cadence, Condition, Expansion

Statement = Fact | Unread
Statements = tuple[Statement, ...]
T = TypeVar("T")

DESCRIPTION = "1.3.6.1.2.1.1.1.0"  # sysDescr
OBJECT_ID = "1.3.6.1.2.1.1.2.0"  # sysObjectID
ENTERPRISES = "1.3.6.1.4.1."

VIEW = "@"  # in the name of a group that was asked in a view of the device: `forwarding_by_vlan@10`
BY_VRF = "_by_vrf"  # what the name of a group ends in whose views are virtual routing tables
MOST_ROWS = 1_024  # of one table: a large chassis has fewer of anything that is worth a component
LONGEST_INDEX = 64  # characters of a table index that may become part of a component's name


@dataclass(frozen=True, slots=True)
class Ask:
    """A group of the walk plan: `scalars` are whole OIDs to get, `tables` subtrees to walk. One name, one group."""

    name: str
    cadence: Cadence = Cadence.INVENTORY
    scalars: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    condition: Condition = field(default_factory=Condition)
    expansion: Expansion | None = None


@dataclass(frozen=True, slots=True)
class Witness:
    """Makes statements in the name of one rule about the content of one group. Nothing (None, "") is not stated."""

    rule: str
    group: str

    def fact(
        self,
        name: str,
        value: Value | None,
        locator: str = "",
        *,
        component: str = "",
        unit: str = "",
        weight: int = 50,
    ) -> Statements:
        """One fact, or none where there is nothing to state."""
        if value is None or value == "":
            return ()
        return (Fact(name, value, Source(self.group, locator), self.rule, component, unit, weight),)

    def facts(
        self, values: Mapping[str, Value | None], locator: str = "", *, component: str = "", weight: int = 50
    ) -> Iterator[Statement]:
        """A fact for every name that has a value; a name may end in its unit: `memory [bytes]`."""
        for key, value in values.items():
            name, _, unit = key.partition(" ")
            yield from self.fact(name, value, locator, component=component, unit=unit.strip("[]"), weight=weight)

    def vote(self, device_class: str, weight: int, because: str, locator: str = "") -> Statements:
        """A vote for a class; `because` is a word that tells the reason, kept as part of the rule's name."""
        return (Fact("class", device_class, Source(self.group, locator), f"{self.rule}.{because}", "", "", weight),)

    def unread(self, reason: str, locator: str = "") -> Statements:
        """Something that could not be read, with the reason."""
        return (Unread(self.rule, Source(self.group, locator), say.text(reason)),)


# ------------------------------------------------------------------------------------------------ what is measured


class Gauge(NamedTuple):
    """One object that is read alike wherever it answers: a scalar (its OID ends in .0), or the column of a table.

    A column's rows are components, `component/<index>`; a scalar's component is `component` itself, "" is the device.
    """

    component: str
    name: str
    oid: str
    read: Reader = as_text
    unit: str = ""
    weight: int = 50


def dated(component: str, name: str, oid: str, read: Callable[[Binding], str] = as_date) -> tuple[Gauge, Gauge]:
    """The gauges of a day: as ISO text, and where that is sound, as the device told it (`<name>.raw`)."""
    return Gauge(component, name, oid, read), Gauge(component, f"{name}.raw", oid, as_told(read))


def asked(
    name: str, gauges: Iterable[Gauge], *prefixes: str, cadence: Cadence = Cadence.HEALTH, answered: str = ""
) -> Ask:
    """The group that asks for gauges: where sysObjectID lies under a prefix, or something answered; else everywhere."""
    oids = tuple(dict.fromkeys(gauge.oid for gauge in gauges))
    return Ask(
        name,
        cadence,
        scalars=tuple(oid for oid in oids if oid.endswith(".0")),
        tables=tuple(oid for oid in oids if not oid.endswith(".0")),
        condition=Condition(object_id_prefixes=prefixes, answered=answered),
    )


#: how the value of a well-known fact is read; any other fact is text
READERS: Mapping[str, Reader] = {
    "serial": as_identifier, "asset_tag": as_identifier, "mac": as_mac, "maker": as_maker, "manufactured": as_date,
    "model": as_named, "firmware": as_named, "hardware": as_named, "name": as_named, "location": as_typed,
    "contact": as_typed,
}  # fmt: skip


# ------------------------------------------------------------------------------------------------ the walk


def stands_apart(group: str) -> bool:
    """Whether a group was asked in a view in which the same objects say other things, as in that of a VLAN.

    In the view of a virtual routing table a device answers further rows of the same tables: interfaces have one number
    in the whole device.
    """
    base, _, view = group.partition(VIEW)
    return bool(view) and not base.endswith(BY_VRF)


NOT_THERE = ber.EXCEPTIONS | {ber.NULL}


#: what a column is that has no rows
EMPTY: Mapping[str, Binding] = {}


def _ancestors(oid: str) -> Iterator[str]:
    """An OID and everything above it, the longest first."""
    while oid:
        yield oid
        oid = oid.rpartition(".")[0]


def _rank(binding: Binding) -> tuple[bool, int, bytes]:
    return (not binding.value, binding.tag, binding.value)


def _first_ranked(told: Iterable[Binding]) -> dict[str, Binding]:
    """By OID, of bindings that came twice the one that stands before the other."""
    kept: dict[str, Binding] = {}
    for binding in told:
        other = kept.setdefault(binding.oid, binding)
        if other is not binding and _rank(binding) < _rank(other):
            kept[binding.oid] = binding
    return kept


class Walk:
    """All bindings of one examination by OID, whatever group brought them, read in the name of one rule.

    Where an OID came twice, a value stands before an empty one, then the smaller group name and value: the order in
    which bindings arrive changes nothing. Exceptions of SNMPv2 (noSuchObject and its like) are not there at all.
    A walk may have 80,000 bindings of which a few hundred are looked at, so taking it in is what costs: it is done
    with as few steps of Python for each binding as can be.
    """

    __slots__ = (
        "_above", "_bindings", "_columns", "_groups", "_only", "_sorted", "description", "enterprises", "groups",
        "object_id", "rule",
    )  # fmt: skip

    def __init__(self, groups: Mapping[str, Iterable[Binding]]) -> None:
        self._bindings: dict[str, Binding] = {}
        self._groups: dict[str, str] = {}
        self._only = next(iter(groups)) if len(groups) == 1 else None
        #: names of the groups that were answered, views among them, whether or not they have rows
        self.groups = frozenset(groups)
        for group in sorted(groups):
            self._add(group, groups[group])
        self._sorted = sorted(self._bindings)
        self._columns: dict[str, Mapping[str, Binding]] = {}
        self.rule = ""
        self.description = self.text(DESCRIPTION)
        self.object_id = self.text(OBJECT_ID)
        self._above = dict.fromkeys(_ancestors(self.object_id))
        #: enterprise numbers under which sysObjectID lies or anything answered
        self.enterprises = tuple(dict.fromkeys(self._enterprises()))

    def _enterprises(self) -> Iterator[str]:
        for oid in self._above:
            if oid.count(".") == 6 and oid.startswith(ENTERPRISES):
                yield oid[len(ENTERPRISES) :]
        position = bisect_left(self._sorted, ENTERPRISES)
        while position < len(self._sorted) and self._sorted[position].startswith(ENTERPRISES):
            number = self._sorted[position][len(ENTERPRISES) :].partition(".")[0]
            yield number
            position = bisect_left(self._sorted, f"{ENTERPRISES}{number}/", position)  # past the dot

    def _add(self, group: str, bindings: Iterable[Binding]) -> None:
        told = bindings if isinstance(bindings, Sequence) else tuple(bindings)
        if not NOT_THERE.isdisjoint({binding.tag for binding in told}):
            told = [binding for binding in told if binding.tag not in NOT_THERE]
        fresh = {binding.oid: binding for binding in told}
        if len(fresh) != len(told):
            fresh = _first_ranked(told)
        for oid in fresh.keys() & self._bindings.keys():
            self._add_again(group, fresh.pop(oid))
        if self._bindings:
            self._bindings.update(fresh)
        else:
            self._bindings = fresh
        if self._only is None:
            self._groups.update(dict.fromkeys(fresh, group))

    def _add_again(self, group: str, binding: Binding) -> None:
        """Add what an earlier group told as well."""
        other = self._bindings[binding.oid]
        if not other.value and _rank(binding) < _rank(other):
            self._bindings[binding.oid], self._groups[binding.oid] = binding, group

    def named(self, rule: str) -> Walk:
        """The walk, read in the name of a rule from now on: files read one after the other, so none is copied."""
        self.rule = rule
        return self

    # what is there

    def get(self, oid: str) -> Binding | None:
        """The binding of exactly this OID."""
        return self._bindings.get(oid)

    def has(self, prefix: str) -> bool:
        """Whether anything answered at this OID or below it."""
        return prefix in self._bindings or bool(self._first_below(prefix))

    def column(self, root: str) -> Mapping[str, Binding]:
        """Index → binding of a table's column, `MOST_ROWS` at most, in the order of their text."""
        known = self._columns.get(root)
        if known is not None:
            return known
        beginning = f"{root}."
        start = bisect_left(self._sorted, beginning)
        if start == len(self._sorted) or not self._sorted[start].startswith(beginning):
            self._columns[root] = EMPTY
            return EMPTY
        stop = bisect_left(self._sorted, f"{root}/", start)  # the character after the dot: OIDs share beginnings
        oids, size = self._sorted[start : min(stop, start + MOST_ROWS)], len(beginning)
        column = self._columns[root] = {oid[size:]: self._bindings[oid] for oid in oids}
        return column

    def numbers(self, root: str) -> dict[str, int]:
        """Index → number, of the rows of a table's column that tell one."""
        read = ber.integer
        return {index: told for index, row in self.column(root).items() if (told := read(row)) is not None}

    def is_of(self, *prefixes: str) -> bool:
        """Whether sysObjectID is one of these or lies under it."""
        return not self._above.keys().isdisjoint(prefixes)

    def text(self, oid: str) -> str:
        """The value as text, or "" where there is none."""
        binding = self._bindings.get(oid)
        if binding is None or not binding.value:
            return ""
        try:
            return as_text(binding)
        except ValueError:
            return ""

    def integer(self, oid: str) -> int | None:
        """The value as a number, or None where there is none."""
        binding = self._bindings.get(oid)
        return None if binding is None else ber.integer(binding)

    def of_object_id(self, table: Mapping[str, T]) -> T | None:
        """The entry of the longest OID in a table that sysObjectID is or lies under."""
        if self._above.keys().isdisjoint(table.keys()):  # nearly always: one step instead of one for each ancestor
            return None
        return next(table[oid] for oid in self._above if oid in table)

    # what is stated

    def state(
        self, name: str, oid: str, *, read: Reader | None = None, weight: int = 50, component: str = "", unit: str = ""
    ) -> Statements:
        """The fact that one object tells; nothing where it did not answer, `Unread` where its value cannot be it."""
        binding = self._bindings.get(oid)
        if binding is None or (not binding.value and binding.tag == ber.OCTET_STRING):
            return ()
        try:
            value = (read or READERS.get(name, as_text))(binding)
        except ValueError as error:
            return self.unread(str(error), oid)
        return self.fact(name, value, oid, weight=weight, component=component, unit=unit)

    def states(self, objects: Mapping[str, str], *, weight: int = 50) -> Iterator[Statement]:
        """The facts that scalars tell: name → OID."""
        for name, oid in objects.items():
            yield from self.state(name, oid, weight=weight)

    def rows(self, entry: str, columns: Mapping[str, int], *, component: str, weight: int = 50) -> Iterator[Statement]:
        """The facts that a table tells: name → column; every row is a component, `component/<index>`."""
        for name, number in columns.items():
            yield from self.column_states(name, f"{entry}.{number}", component=component, weight=weight)

    def measured(self, gauges: Iterable[Gauge]) -> Iterator[Statement]:
        """The facts that gauges tell."""
        for component, name, oid, read, unit, weight in gauges:
            if oid.endswith(".0"):
                yield from self.state(name, oid, read=read, unit=unit, component=component, weight=weight)
            elif self.column(oid):
                yield from self.column_states(name, oid, component=component, read=read, unit=unit, weight=weight)

    def column_states(
        self,
        name: str,
        root: str,
        *,
        component: str,
        read: Reader | None = None,
        weight: int = 50,
        unit: str = "",
        only: Container[str] | None = None,
    ) -> Iterator[Statement]:
        """The facts that one column of a table tells: every row (of the indexes in `only`) is `component/<index>`.

        The same as `state` for each row, in a third of the time: large devices have thousands of rows. So facts are
        made here without their constructors, which are functions of Python.
        """
        read, make, only_group, rule = read or READERS.get(name, as_text), tuple.__new__, self._only, self.rule
        beginning, above = f"{root}.", f"{component}/"
        for index, binding in self.column(root).items():
            if (only is not None and index not in only) or (not binding.value and binding.tag == ber.OCTET_STRING):
                continue
            oid = beginning + index
            try:
                value = read(binding)
            except ValueError as error:
                yield from self.unread(str(error), oid)
                continue
            if value != "":
                source = make(Source, (only_group or self._group(oid), oid))
                where = above + index[:LONGEST_INDEX]
                yield make(Fact, (name, value, source, rule, where, unit, weight))

    def words(self, pattern: re.Pattern[str], oid: str = DESCRIPTION, *, weight: int = 50) -> Iterator[Statement]:
        """The facts that a text tells: every named group of the pattern that matched is one (`os__build`: os.build)."""
        match = pattern.search(self.text(oid))
        for name, value in (match.groupdict("") if match else {}).items():
            yield from self.fact(name.replace("__", "."), say.named_text(value), oid, weight=weight)

    def fact(
        self, name: str, value: Value | None, oid: str, *, component: str = "", unit: str = "", weight: int = 50
    ) -> Statements:
        """A fact that the rule worked out, with the OID it rests on; none where there is nothing to state."""
        if value is None or value == "":
            return ()
        return (Fact(name, value, Source(self._group(oid), oid), self.rule, component, unit, weight),)

    def vote(self, device_class: str, weight: int, because: str, oid: str) -> Statements:
        """A vote for a class; `because` is a word that tells the reason, kept as part of the rule's name."""
        return (Fact("class", device_class, Source(self._group(oid), oid), f"{self.rule}.{because}", "", "", weight),)

    def unread(self, reason: str, oid: str) -> Statements:
        """Something that could not be read, with the reason."""
        return (Unread(self.rule, Source(self._group(oid), oid), say.text(reason)),)

    def _first_below(self, root: str) -> str:
        """The first OID below a root, or "" where there is none: OIDs are sorted, and share their beginnings."""
        beginning = f"{root}."
        position = bisect_left(self._sorted, beginning)
        found = self._sorted[position] if position < len(self._sorted) else ""
        return found if found.startswith(beginning) else ""

    def _group(self, oid: str) -> str:
        """The group that brought an object, or the first object below it."""
        if self._only is not None:
            return self._only
        return self._groups.get(oid) or self._groups.get(self._first_below(oid), "")
