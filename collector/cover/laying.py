"""Lays contracts over an estate. Pure, and the same whatever the order of what is given.

Most contracts narrow by school and class alone, so what covers a device is found once for each school and class, and
told by places in one ordered list; those that name models or devices are looked up by name. What follows from a set of
contracts is worked out once: time grows with devices plus sets, not with devices times contracts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from collector.cover.values import Contract, Cover, Device, Kind, folded

_DAY = timedelta(days=1)
_Places = tuple[int, ...]  # of contracts in their order


def lay(devices: Iterable[Device], contracts: Iterable[Contract], today: date) -> tuple[Cover, ...]:
    """How each device is covered, in the order of the devices."""
    index = _Index(contracts, today)
    return tuple(index.cover(device) for device in devices)


def covers(contract: Contract, device: Device) -> bool:
    """Whether a device is in the scope of a contract, on whatever day."""
    return (
        (not contract.schools or device.school_id in contract.schools)
        and (not contract.classes or device.device_class in contract.classes)
        and (not contract.devices or device.device_id in contract.devices)
        and (
            not contract.models
            or any(name in map(folded, contract.models) for name in _names(device.maker, device.model))
        )
    )


def _names(maker: str, model: str) -> tuple[str, ...]:
    """The names under which people know a model: alone, or after its maker."""
    return tuple({folded(model): None, folded(f"{maker} {model}"): None}) if model else ()


def order(contract: Contract) -> tuple[str, date, str]:
    """The order in which contracts are told: by provider, then as they began."""
    return contract.provider.casefold(), contract.starts, contract.contract_id


@dataclass(frozen=True, slots=True)
class _Set:
    """What follows from a set of contracts. `reach`: the last day before a gap, None: for ever; yesterday: none."""

    standing: tuple[Contract, ...]
    has_warranty: bool
    spans: tuple[tuple[date, date | None], ...]
    reach: date | None


@dataclass(frozen=True, slots=True)
class _Corner:
    """The contracts for one class at one school: for all of it, and by the names of models."""

    every: _Places
    by_model: dict[str, _Places]


class _Index:
    """Contracts that are not over, in their order, and what was found of them already."""

    def __init__(self, contracts: Iterable[Contract], today: date) -> None:
        self.today = today
        self.contracts = sorted((one for one in contracts if not one.is_over(today)), key=order)
        self.naming: dict[str, list[int]] = {}
        for place, contract in enumerate(self.contracts):
            for device_id in contract.devices:
                self.naming.setdefault(device_id, []).append(place)
        self.corners: dict[tuple[str, str], _Corner] = {}
        self.models: dict[tuple[str, str], tuple[str, ...]] = {}
        self.sets: dict[_Places, _Set] = {}

    def cover(self, device: Device) -> Cover:
        """How one device is covered.

        A warranty contract and the warranty on a device's record are one thing, told twice: the record counts where
        there is no such contract.
        """
        over = self._over(device)
        if over not in self.sets:
            self.sets[over] = self._follow(over)
        found, warranty, reach = self.sets[over], device.warranty_ends, self.sets[over].reach
        runs = warranty is not None and warranty >= self.today
        counts = runs and not found.has_warranty
        if not found.standing and not counts:
            return Cover(device)
        if warranty is not None and runs and reach is not None and warranty > reach:
            reach = _extended(warranty, found.spans)
        return Cover(device, found.standing, counts, reach)

    def _over(self, device: Device) -> _Places:
        """The contracts that are for a device, begun or still to begin."""
        key = (device.school_id, device.device_class)
        if key not in self.corners:
            self.corners[key] = self._corner(*key)
        corner, more = self.corners[key], list[int]()
        if corner.by_model:
            if (model := (device.maker, device.model)) not in self.models:
                self.models[model] = _names(*model)
            for name in self.models[model]:
                more += corner.by_model.get(name, ())
        for place in self.naming.get(device.device_id, ()):
            if covers(self.contracts[place], device):
                more.append(place)
        return tuple(sorted({*corner.every, *more})) if more else corner.every

    def _corner(self, school_id: str, device_class: str) -> _Corner:
        every, by_model = list[int](), dict[str, list[int]]()
        for place, one in enumerate(self.contracts):
            here = (not one.schools or school_id in one.schools) and (not one.classes or device_class in one.classes)
            if not here or one.devices:
                continue
            if not one.models:
                every.append(place)
            for name in set(map(folded, one.models)):
                by_model.setdefault(name, []).append(place)
        return _Corner(tuple(every), {name: tuple(places) for name, places in by_model.items()})

    def _follow(self, over: _Places) -> _Set:
        listed = [self.contracts[place] for place in over]
        standing = tuple(one for one in listed if one.stands(self.today))
        spans = tuple(sorted(((one.starts, one.ends) for one in listed), key=lambda span: span[0]))
        has_warranty = any(one.kind is Kind.WARRANTY for one in standing)
        return _Set(standing, has_warranty, spans, _extended(self.today - _DAY, spans))


def _extended(until: date, spans: Sequence[tuple[date, date | None]]) -> date | None:
    """How far it goes on from a day, before a gap, by spans in the order of their first days; None: for ever."""
    for starts, ends in spans:
        if starts > until + _DAY:
            break
        if ends is None:
            return None
        until = max(until, ends)
    return until
