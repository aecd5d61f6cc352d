"""What the collector knows of devices: one file per MIB, maker or host source, found by being there.

A file states *what to ask* (`ASKS`, compiled into the walk plan) and *how to read it*:

    READS = SmbiosTable                                      which content it reads; without it, the SNMP walk
    def read(walk: Walk) -> Iterator[Statement]: …           one walk, all groups united
    def read(content: SmbiosTable, witness: Witness) -> …    any other content
    def conclude(facts: Sequence[Fact]) -> Iterator[Fact]: … what follows from facts of all files (rarely needed)

This frame gives every fact its rule (the file's name) and its source, bounds what a file may say, and isolates its
failures: they become `Unread`. Files do not know each other, the plan, or what becomes of the facts.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial
from itertools import islice
from operator import attrgetter
from typing import TypeVar

from collector import facts as say
from collector.facts import Fact, Source, Unread, Value
from stocktake import ber
from stocktake.values import Binding, Cadence, Condition, Expansion

Statement = Fact | Unread
Statements = tuple[Statement, ...]
Reader = Callable[[Binding], Value]
T = TypeVar("T")

DESCRIPTION = "1.3.6.1.2.1.1.1.0"  # sysDescr
OBJECT_ID = "1.3.6.1.2.1.1.2.0"  # sysObjectID
ENTERPRISES = "1.3.6.1.4.1."

MOST_STATEMENTS = 20_000  # of one file about one device
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


# ------------------------------------------------------------------------------------------------ reading one value


def as_text(binding: Binding) -> str:
    """The value as text, whatever its type: numbers in digits, OIDs and addresses dotted."""
    raw = ber.octets(binding)
    if raw is not None:
        return ".".join(map(str, raw[:16])) if binding.tag == ber.IP_ADDRESS else say.text(raw)
    if binding.tag == ber.OBJECT_IDENTIFIER:
        return ber.oid_text(binding.value)
    return str(as_integer(binding))


def as_named(binding: Binding) -> str:
    """Text that names something; placeholders are refused."""
    value = as_text(binding)
    if value and not say.names_something(value):
        raise ValueError(f"a placeholder: {value[:64]}")
    return value


def as_identifier(binding: Binding) -> str:
    """Text that identifies something; placeholders are refused."""
    return _kept(as_text(binding), say.identifier_text)


def as_maker(binding: Binding) -> str:
    """A maker's name as people say it."""
    return _kept(as_text(binding), say.maker_name)


def as_integer(binding: Binding) -> int:
    """A number of any integer type."""
    value = binding.value
    if len(value) == 1 and binding.tag == ber.INTEGER:  # nearly all are
        return value[0] if value[0] < 128 else value[0] - 256
    number = ber.integer(binding)
    if number is None:
        raise ValueError(f"no number, but type {binding.tag} of {len(binding.value)} octets")
    return number


def as_seconds(binding: Binding) -> float:
    """TimeTicks (hundredths of a second, RFC 2578) as seconds."""
    return as_integer(binding) / 100


def as_octets(binding: Binding) -> bytes:
    """The octets of a string."""
    raw = ber.octets(binding)
    if raw is None:
        raise ValueError(f"no octets, but type {binding.tag}")
    return raw


def as_mac(binding: Binding) -> str:
    """A MAC, from six octets or from its text; "" where it identifies nothing."""
    raw = as_octets(binding)
    return say.mac(raw if len(raw) == 6 else say.text(raw))


def as_date(binding: Binding) -> str:
    """The day of a DateAndTime (RFC 2579, 8 or 11 octets) as ISO text; refused outside 1990 to 2100."""
    raw = as_octets(binding)
    if not any(raw):
        return ""
    year = int.from_bytes(raw[:2], "big")
    if len(raw) not in (8, 11) or not 1990 <= year <= 2100:
        raise ValueError(f"no date: {len(raw)} octets, year {year}")
    return date(year, raw[2], raw[3]).isoformat()


def _kept(value: str, keep: Callable[[str], str]) -> str:
    kept = keep(value)
    if value and not kept:
        raise ValueError(f"a placeholder: {value[:64]}")
    return kept


#: how the value of a well-known fact is read; any other fact is text
READERS: Mapping[str, Reader] = {
    "serial": as_identifier, "asset_tag": as_identifier, "mac": as_mac, "maker": as_maker, "manufactured": as_date,
    "model": as_named, "firmware": as_named, "hardware": as_named, "name": as_named, "location": as_named,
    "contact": as_named,
}  # fmt: skip


# ------------------------------------------------------------------------------------------------ the walk

NOT_THERE = ber.EXCEPTIONS | {ber.NULL}
_OID = attrgetter("oid")


#: what a column is that has no rows
EMPTY: Mapping[str, Binding] = {}


def _ancestors(oid: str) -> Iterator[str]:
    """An OID and everything above it, the longest first."""
    while oid:
        yield oid
        oid = oid.rpartition(".")[0]


def _rank(binding: Binding) -> tuple[bool, int, bytes]:
    return (not binding.value, binding.tag, binding.value)


class Walk:
    """All bindings of one examination by OID, whatever group brought them, read in the name of one rule.

    Where an OID came twice, a value stands before an empty one, then the smaller group name and value: the order in
    which bindings arrive changes nothing. Exceptions of SNMPv2 (noSuchObject and its like) are not there at all.
    A walk may have 80,000 bindings of which a few hundred are looked at, so taking it in is what costs: it is done
    with as few steps of Python for each binding as can be.
    """

    __slots__ = (
        "_above", "_bindings", "_columns", "_groups", "_only", "_sorted", "description", "enterprises", "object_id",
        "rule",
    )  # fmt: skip

    def __init__(self, groups: Mapping[str, Iterable[Binding]]) -> None:
        self._bindings: dict[str, Binding] = {}
        self._groups: dict[str, str] = {}
        self._only = next(iter(groups)) if len(groups) == 1 else None
        for group in sorted(groups):
            self._add(group, groups[group])
        self._sorted = sorted(self._bindings)
        self._columns: dict[str, dict[str, Binding]] = {}
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
        fresh = dict(zip(map(_OID, told), told, strict=True))
        if len(fresh) == len(told) and (not self._bindings or fresh.keys().isdisjoint(self._bindings)):
            self._add_all(group, fresh)
            return
        for binding in told:
            self._add_one(group, binding)

    def _add_all(self, group: str, fresh: dict[str, Binding]) -> None:
        if self._bindings:
            self._bindings.update(fresh)
        else:
            self._bindings = fresh
        if self._only is None:
            self._groups.update(dict.fromkeys(fresh, group))

    def _add_one(self, group: str, binding: Binding) -> None:
        other = self._bindings.setdefault(binding.oid, binding)
        owner = self._groups.setdefault(binding.oid, group)
        if owner != group and other.value:
            return
        if _rank(binding) < _rank(other):
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
            return EMPTY
        stop = bisect_left(self._sorted, f"{root}/", start)  # the character after the dot: OIDs share beginnings
        oids, size = self._sorted[start : min(stop, start + MOST_ROWS)], len(beginning)
        column = self._columns[root] = {oid[size:]: self._bindings[oid] for oid in oids}
        return column

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
        for oid in self._above:
            if oid in table:
                return table[oid]
        return None

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
        read, make, only_group = read or READERS.get(name, as_text), tuple.__new__, self._only
        for index, binding in self.column(root).items():
            if (only is not None and index not in only) or (not binding.value and binding.tag == ber.OCTET_STRING):
                continue
            oid = f"{root}.{index}"
            try:
                value = read(binding)
            except ValueError as error:
                yield from self.unread(str(error), oid)
                continue
            if value != "":
                source = make(Source, (only_group or self._group(oid), oid))
                where = f"{component}/{index[:LONGEST_INDEX]}"
                yield make(Fact, (name, value, source, self.rule, where, unit, weight))

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


# ------------------------------------------------------------------------------------------------ the files


@dataclass(frozen=True, slots=True)
class KnowledgeFile:
    """One file of this folder, as the frame sees it."""

    name: str
    asks: tuple[Ask, ...]
    reads: type
    read: Callable[..., Iterable[Statement]] | None
    conclude: Callable[[Sequence[Fact]], Iterable[Fact]] | None


@cache
def files() -> tuple[KnowledgeFile, ...]:
    """Every knowledge file there is, by name; found once, at first use."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = {name: importlib.import_module(f"{__name__}.{name}") for name in names}
    return tuple(
        KnowledgeFile(
            name,
            getattr(module, "ASKS", ()),
            getattr(module, "READS", Walk),
            getattr(module, "read", None),
            getattr(module, "conclude", None),
        )
        for name, module in modules.items()
    )


def study(
    walk: Walk | None, contents: Sequence[tuple[str, object]] = (), known: Sequence[KnowledgeFile] | None = None
) -> tuple[list[Fact], list[Unread]]:
    """Everything that the files say about one device, from one walk and other contents, each with its group."""
    known = files() if known is None else known
    statements: list[Statement] = []
    for file in known:
        if file.read is None:
            continue
        if file.reads is not Walk:
            for group, content in contents:
                if isinstance(content, file.reads):
                    _hear(statements, file.name, group, partial(file.read, content, Witness(file.name, group)))
        elif walk is not None:
            _hear(statements, file.name, "", partial(file.read, walk.named(file.name)))
    said = tuple(statement for statement in statements if isinstance(statement, Fact))
    for file in known:
        if file.conclude is not None:
            _hear(statements, file.name, "", partial(_concluded, file.name, file.conclude, said))
    facts = [statement for statement in statements if isinstance(statement, Fact)]
    return facts, [statement for statement in statements if isinstance(statement, Unread)]


def _concluded(rule: str, conclude: Callable[[Sequence[Fact]], Iterable[Fact]], said: Sequence[Fact]) -> Iterator[Fact]:
    for fact in conclude(said):
        yield fact._replace(rule=rule)


def _hear(statements: list[Statement], rule: str, group: str, said: Callable[[], Iterable[Statement]]) -> None:
    """Add what a file says, and where it fails, what it had said until then, with the failure."""
    before = len(statements)
    try:
        statements.extend(islice(said(), MOST_STATEMENTS + 1))
    except Exception as error:  # noqa: BLE001 - the one place that isolates rules: one file's failure silences no other
        statements.append(Unread(rule, Source(group), say.text(f"{type(error).__name__}: {error}")))
    if len(statements) - before > MOST_STATEMENTS:
        too_many = Unread(rule, Source(group), f"more than {MOST_STATEMENTS} statements")
        statements[before + MOST_STATEMENTS :] = [too_many]
