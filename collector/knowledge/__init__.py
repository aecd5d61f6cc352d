"""What the collector knows of devices: one file per MIB, maker or host source, found by being there.

A file states *what to ask* (`ASKS`, compiled into the walk plan) and *how to read it*:

    READS = SmbiosTable                                      which content it reads; without it, the SNMP walk
    UNDER = ("9", "1916")                                    it is read where one of these enterprises answered at all
    def read(walk: Walk) -> Iterator[Statement]: …           one walk, all groups united
    def read(content: SmbiosTable, witness: Witness) -> …    any other content
    def conclude(facts: Sequence[Fact]) -> Iterator[Fact]: … what follows from facts of all files (rarely needed)

This frame gives every fact its rule (the file's name) and its source, bounds what a file may say, and isolates its
failures: they become `Unread`. Files do not know each other, the plan, or what becomes of the facts.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice

from collector import facts as say
from collector.facts import Fact, Source, Unread
from collector.readers import (
    Reader,
    as_date,
    as_identifier,
    as_integer,
    as_mac,
    as_maker,
    as_named,
    as_octets,
    as_seconds,
    as_text,
)
from collector.walks import (
    DESCRIPTION,
    EMPTY,
    ENTERPRISES,
    LONGEST_INDEX,
    MOST_ROWS,
    NOT_THERE,
    OBJECT_ID,
    READERS,
    Ask,
    Gauge,
    Statement,
    Statements,
    Walk,
    Witness,
    asked,
    dated,
)

#: what a file needs of the frame, and the readers that most files need
__all__ = (
    "DESCRIPTION", "EMPTY", "ENTERPRISES", "LONGEST_INDEX", "MOST_ROWS", "MOST_STATEMENTS", "NOT_THERE", "OBJECT_ID",
    "READERS", "Ask", "Gauge", "KnowledgeFile", "Reader", "Statement", "Statements", "Walk", "Witness", "as_date",
    "as_identifier", "as_integer", "as_mac", "as_maker", "as_named", "as_octets", "as_seconds", "as_text", "asked",
    "dated", "files", "study",
)  # fmt: skip

MOST_STATEMENTS = 20_000  # of one file about one device


@dataclass(frozen=True, slots=True)
class KnowledgeFile:
    """One file of this folder, as the frame sees it."""

    name: str
    asks: tuple[Ask, ...]
    reads: type
    read: Callable[..., Iterable[Statement]] | None
    conclude: Callable[[Sequence[Fact]], Iterable[Fact]] | None
    under: frozenset[str] = frozenset()


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
            frozenset(getattr(module, "UNDER", ())),
        )
        for name, module in modules.items()
    )


def study(
    walk: Walk | None, contents: Sequence[tuple[str, object]] = (), known: Sequence[KnowledgeFile] | None = None
) -> tuple[list[Fact], list[Unread]]:
    """Everything that the files say about one device, from one walk and other contents, each with its group."""
    shelf = _shelf() if known is None else _Shelf(known)
    statements: list[Statement] = []
    if walk is not None:
        for name, read in shelf.of_walk(walk.enterprises):
            _hear(statements, name, "", read, walk.named(name))
    for group, content in contents:
        for name, read in shelf.of_content(type(content)):
            _hear(statements, name, group, read, content, Witness(name, group))
    facts = [statement for statement in statements if isinstance(statement, Fact)]
    if shelf.conclusions:
        said = tuple(facts)
        for name, conclude in shelf.conclusions:
            _hear(statements, name, "", _concluded, name, conclude, said)
        facts = [statement for statement in statements if isinstance(statement, Fact)]
    return facts, [statement for statement in statements if isinstance(statement, Unread)]


Read = Callable[..., Iterable[Statement]]


class _Shelf:
    """Knowledge files as they are taken up: what reads a walk by the enterprises that answer there, the rest by type.

    Most files are about one maker, and a device is of one: so those of other makers are not even looked at.
    """

    def __init__(self, known: Sequence[KnowledgeFile]) -> None:
        self._walked: list[tuple[str, Read]] = []
        self._always: list[int] = []
        self._under: dict[str, list[int]] = {}
        self._others: list[tuple[type, str, Read]] = []
        self.conclusions = [(file.name, file.conclude) for file in known if file.conclude is not None]
        for file in known:
            if file.read is None:
                continue
            if file.reads is Walk:
                self._add(file, file.read)
            else:
                self._others.append((file.reads, file.name, file.read))

    def _add(self, file: KnowledgeFile, read: Read) -> None:
        place = len(self._walked)
        self._walked.append((file.name, read))
        for enterprise in file.under:
            self._under.setdefault(enterprise, []).append(place)
        if not file.under:
            self._always.append(place)

    def of_walk(self, enterprises: Iterable[str]) -> Iterator[tuple[str, Read]]:
        """The files that read a walk in which these enterprises answered, in their order."""
        places = {*self._always}
        for enterprise in enterprises:
            places.update(self._under.get(enterprise, ()))
        return map(self._walked.__getitem__, sorted(places))

    def of_content(self, content: type) -> Iterator[tuple[str, Read]]:
        """The files that read content of this type."""
        return ((name, read) for reads, name, read in self._others if issubclass(content, reads))


@cache
def _shelf() -> _Shelf:
    return _Shelf(files())


def _concluded(rule: str, conclude: Callable[[Sequence[Fact]], Iterable[Fact]], said: Sequence[Fact]) -> Iterator[Fact]:
    for fact in conclude(said):
        yield fact._replace(rule=rule)


def _hear(statements: list[Statement], rule: str, group: str, read: Read, *content: object) -> None:
    """Add what a file says, and where it fails, what it had said until then, with the failure."""
    before = len(statements)
    try:
        statements.extend(islice(read(*content), MOST_STATEMENTS + 1))
    except Exception as error:  # noqa: BLE001 - the one place that isolates rules: one file's failure silences no other
        statements.append(Unread(rule, Source(group), say.text(f"{type(error).__name__}: {error}")))
    if len(statements) - before > MOST_STATEMENTS:
        too_many = Unread(rule, Source(group), f"more than {MOST_STATEMENTS} statements")
        statements[before + MOST_STATEMENTS :] = [too_many]
