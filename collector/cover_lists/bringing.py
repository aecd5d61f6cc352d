"""A list of cover that is brought: what it would change here, and taking it in whole or not at all.

1. A contract is the one that is kept already by provider and reference, else by provider, kind, start and scope; who
   provides a service is known by school, service and provider. What a row leaves blank stays as it is kept.
2. Marks that are alike are counted: of a file that says one three times, as many are added as are missing of three.
So the same file brought twice changes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import date, datetime

from collector import covering, london
from collector.cover import Contract
from collector.cover.calendar import scope
from collector.cover.marks import DeviceMark, ServiceMark
from collector.cover.services import Provision
from collector.cover_lists import placing
from collector.cover_lists.fields import CONTRACTS, LISTS, MARKS, SERVICES
from collector.cover_lists.placing import Names, Wrong
from collector.cover_lists.reading import Line, Reading, rows
from collector.errors import CollectorError
from collector.records import sheets
from collector.records.reading import Trouble
from collector.store import Transaction
from collector.store import cover as kept

Item = Contract | Provision | ServiceMark | DeviceMark


@dataclass(frozen=True, slots=True)
class Step:
    """What one row changes. `new`: it is not here yet; else it is here and something of it becomes other."""

    row: int
    item: Item
    new: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What a list would change. With troubles nothing of it can be taken."""

    of: str
    reading: Reading
    steps: tuple[Step, ...]
    same: int
    troubles: tuple[Trouble, ...]

    @property
    def new(self) -> int:
        """How many rows say something that is not here yet."""
        return sum(step.new for step in self.steps)

    @property
    def changed(self) -> int:
        """How many rows change what is here."""
        return len(self.steps) - self.new


def plan(connection: Transaction, trust_id: str, of: str, content: bytes, now: datetime) -> Plan:
    """What a file would change. CollectorError where it is no list of that sort."""
    if of not in LISTS:
        raise CollectorError(f"a list is one of: {', '.join(LISTS)}")
    reading = rows(sheets.read(content), LISTS[of])
    book = _BOOKS[of](connection, trust_id, london.day_of(now))
    broken = {trouble.row for trouble in reading.troubles}
    troubles, steps, same = list(reading.troubles), [], 0
    for line in reading.lines:
        if line.row in broken:
            continue
        try:
            step = book.step(line)
        except Wrong as wrong:
            troubles.append(line.trouble(wrong.field, str(wrong)))
        except CollectorError as error:
            troubles.append(Trouble(line.row, "", str(error)))
        else:
            same += step is None
            steps += [step] if step else []
    told = sorted(troubles, key=lambda one: (one.row, one.column))
    return Plan(of, reading, tuple(steps), same, tuple(told))


def take(connection: Transaction, trust_id: str, found: Plan, *, actor: str, source: str, now: datetime) -> None:
    """Take a list in, whole; CollectorError where a row of it cannot be taken."""
    if found.troubles:
        raise CollectorError("nothing was taken: mend the rows that are named, and bring the file again")
    by, marks = {"actor": actor, "now": now}, []
    for step in found.steps:
        match step.item:
            case Contract():
                covering.put_contract(connection, trust_id, step.item, names=False, **by)  # type: ignore[arg-type]
            case Provision():
                covering.put_provision(connection, trust_id, step.item, names=False, **by)  # type: ignore[arg-type]
            case _:
                marks.append(step.item)
    if marks:
        covering.give_marks(connection, trust_id, marks, actor=actor, source=source, now=now)


class _Contracts:
    """Contracts as they are kept, found by what they are known by."""

    def __init__(self, connection: Transaction, trust_id: str, today: date) -> None:
        self.names = Names(connection, trust_id)
        self.met: dict[Hashable, int] = {}
        self.by: dict[Hashable, Contract] = {}
        for one in kept.contracts(connection, trust_id):
            for key in _keys(one):
                self.by.setdefault(key, one)

    def step(self, line: Line) -> Step | None:
        """What a row changes; None where all of it is here already."""
        said = placing.contract(line.said, self.names)
        keys = _keys(said)
        key = keys[0]
        if key in self.met:
            raise Wrong("reference", f"row {self.met[key]} is this contract, too: give each a reference of its own")
        self.met[key] = line.row
        before = self.by.get(key)
        if before is None and (alike := self.by.get(keys[-1])) and not (alike.reference and said.reference):
            before = alike
        item = placing.contract(line.said, self.names, before) if before else said
        covering.check_contract(item)
        return None if item == before else Step(line.row, item, before is None)


def _keys(one: Contract) -> list[Hashable]:
    """What a contract is known by: its reference where it has one, and who does what from when for what."""
    described: Hashable = (one.provider.casefold(), one.starts, *scope(one))
    if not one.reference:
        return [described]
    return [(one.provider.casefold(), one.reference.casefold()), described]


class _Provisions:
    """Who provides what, found by school, service and provider."""

    def __init__(self, connection: Transaction, trust_id: str, today: date) -> None:
        self.names = Names(connection, trust_id)
        self.met: dict[Hashable, int] = {}
        found = kept.provisions(connection, trust_id)
        self.by = {self.key(one): one for one in found if one.stands(today)}
        for one in found:
            self.by.setdefault(self.key(one), one)

    @staticmethod
    def key(one: Provision) -> Hashable:
        """What it is known by."""
        return one.school_id, one.service, one.provider.casefold()

    def step(self, line: Line) -> Step | None:
        """What a row changes; None where all of it is here already."""
        said = placing.provision(line.said, self.names)
        key = self.key(said)
        if key in self.met:
            raise Wrong("provider", f"row {self.met[key]} says this of the same school, service and provider")
        self.met[key] = line.row
        before = self.by.get(key)
        item = placing.provision(line.said, self.names, before) if before else said
        covering.check_provision(item)
        return None if item == before else Step(line.row, item, before is None)


class _Marks:
    """Marks, counted by what they say."""

    def __init__(self, connection: Transaction, trust_id: str, today: date) -> None:
        self.names, self.today = Names(connection, trust_id), today
        given: list[Item] = [*kept.service_marks(connection, trust_id), *kept.device_marks(connection, trust_id)]
        self.left = Counter(replace(one, mark_id="") for one in given if not isinstance(one, Contract | Provision))

    def step(self, line: Line) -> Step | None:
        """What a row adds; None where it is here already."""
        item = placing.mark(line.said, self.names)
        if item.day > self.today:
            raise Wrong("day", f"{item.day} has not come yet: a mark is of a day that has been")
        if self.left[item] > 0:
            self.left[item] -= 1
            return None
        return Step(line.row, item, new=True)


_BOOKS: dict[str, type[_Contracts] | type[_Provisions] | type[_Marks]] = {
    CONTRACTS.name: _Contracts, SERVICES.name: _Provisions, MARKS.name: _Marks,
}  # fmt: skip
