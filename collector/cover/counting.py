"""Counts how devices are covered: all of them, by school and class, by provider, by contract. Pure.

Every count is of the devices for which `Wanted.fits` with the same words holds, so that a list opened from it has as
many rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from collector.cover.values import Cover, State


@dataclass(slots=True)
class Tally:
    """How many devices there are, and of how many each state can be said."""

    devices: int = 0
    states: Counter[State] = field(default_factory=Counter)

    def add(self, states: Iterable[State], devices: int = 1) -> None:
        """Count some more devices of which the same can be said."""
        self.devices += devices
        for state in states:
            self.states[state] += devices

    @property
    def bare(self) -> int:
        """How many are covered by nothing."""
        return self.states[State.NONE]

    @property
    def share(self) -> float | None:
        """The share that is covered, 0 to 1; None where there is no device."""
        return 1 - self.bare / self.devices if self.devices else None


@dataclass(frozen=True, slots=True)
class Counts:
    """All counts of one laying. `providers` and `contracts`: how many devices each covers."""

    whole: Tally
    schools: dict[str, Tally]
    classes: dict[str, Tally]
    cells: dict[tuple[str, str], Tally]  # by school and class
    providers: dict[str, int]
    contracts: dict[str, int]


def count(covers: Iterable[Cover]) -> Counts:
    """Count what was laid, looking at each device once, and once at what many of them have in common."""
    common: dict[tuple[int, bool], _Common] = {}
    alike: Counter[tuple[str, str, tuple[State, ...]]] = Counter()
    for cover in covers:
        key = (id(cover.contracts), cover.warranty)
        if (shared := common.get(key)) is None:
            shared = common[key] = _Common(cover, (cover.state, *([State.CONTENTION] if cover.rivals else [])))
        shared.devices += 1
        states = shared.states
        if cover.until is not None and (cover.falls_short or cover.end_untold):
            states = (*states, State.SHORT if cover.falls_short else State.UNTOLD)
        alike[cover.device.school_id, cover.device.device_class, states] += 1
    providers: Counter[str] = Counter()
    contracts: Counter[str] = Counter()
    for shared in common.values():
        providers.update(dict.fromkeys(shared.example.providers, shared.devices))
        contracts.update({contract.contract_id: shared.devices for contract in shared.example.contracts})
    whole, schools, classes, cells = Tally(), dict[str, Tally](), dict[str, Tally](), dict[tuple[str, str], Tally]()
    for (school_id, device_class, states), devices in alike.items():
        for tally in (
            whole, schools.setdefault(school_id, Tally()), classes.setdefault(device_class, Tally()),
            cells.setdefault((school_id, device_class), Tally()),
        ):  # fmt: skip
            tally.add(states, devices)
    return Counts(whole, schools, classes, cells, dict(providers), dict(contracts))


@dataclass(slots=True)
class _Common:
    """What devices with the same contracts have in common. `example` keeps the contracts, and with them their `id`."""

    example: Cover
    states: tuple[State, ...]
    devices: int = 0
