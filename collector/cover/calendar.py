"""When contracts and services end, when notice is due, and which contracts follow each other. Pure."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from collector.cover.laying import order
from collector.cover.services import Provision
from collector.cover.values import Contract, Kind, folded

_DAY = timedelta(days=1)


class What(enum.StrEnum):
    """What is to be done by a day."""

    NOTICE = "last day to give notice"
    END = "ends"


@dataclass(frozen=True, slots=True)
class Date:
    """One entry of the calendar: of a contract, or of a service at a school. `renewed`: what follows begins in time."""

    day: date
    what: What
    contract: Contract | None = None
    provision: Provision | None = None
    renewed: bool = False


def dates(
    contracts: Iterable[Contract], provisions: Iterable[Provision], first: date, last: date
) -> tuple[Date, ...]:  # fmt: skip
    """All notice days and ends from `first` to `last`, by day."""
    known = sorted(contracts, key=order)
    found = []
    for contract in known:
        renewed = _is_renewed(contract, known)
        for day, what in ((contract.notice, What.NOTICE), (contract.ends, What.END)):
            if day is not None and first <= day <= last:
                found.append(Date(day, what, contract, renewed=renewed))
    for provision in provisions:
        if provision.ends is not None and first <= provision.ends <= last:
            found.append(Date(provision.ends, What.END, provision=provision))
    return tuple(sorted(found, key=_place))


def _place(entry: Date) -> tuple[date, str, str]:
    if entry.contract is not None:
        return entry.day, entry.what, entry.contract.contract_id
    return entry.day, entry.what, entry.provision.provision_id if entry.provision else ""


def _is_renewed(contract: Contract, known: Sequence[Contract]) -> bool:
    """Whether another contract of its line goes on where it ends."""
    ends = contract.ends
    if ends is None:
        return False
    line = [one for one in known if one is not contract and scope(one) == scope(contract)]
    return any(one.starts <= ends + _DAY and (one.ends is None or one.ends > ends) for one in line)


# ------------------------------------------------------------------------------------------------ lines


Scope = tuple[Kind, frozenset[str], frozenset[str], frozenset[str], frozenset[str]]


def scope(contract: Contract) -> Scope:
    """What makes two contracts follow each other: the same kind for the same things, whoever provides it."""
    models = frozenset(map(folded, contract.models))
    return contract.kind, contract.schools, contract.classes, models, contract.devices


def lines(contracts: Iterable[Contract]) -> tuple[tuple[Contract, ...], ...]:
    """Contracts of one kind for one scope, as they follow each other; lines in the order of their first provider."""
    of: dict[Scope, list[Contract]] = {}
    for contract in sorted(contracts, key=lambda one: (one.starts, *order(one))):
        of.setdefault(scope(contract), []).append(contract)
    return tuple(sorted(map(tuple, of.values()), key=lambda line: order(line[0])))
