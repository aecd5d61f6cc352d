"""What cover is made of: devices as cover sees them, contracts, and how one device is covered. Pure values.

Days are days in London and both ends of a span belong to it. Money is in whole pence a year. An empty part of a scope
is no narrowing: a contract without schools, classes, models and devices covers the whole estate.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

#: stands as provider where a device is covered by the warranty that its record names
ON_RECORD = "warranty on record"


class Kind(enum.StrEnum):
    """What sort of contract it is."""

    SUPPORT = "support"
    MANAGED = "managed service"
    MAINTENANCE = "maintenance"
    WARRANTY = "warranty"
    LEASE = "lease with maintenance"
    INSURANCE = "insurance"


class Does(enum.StrEnum):
    """What a contract does for a device: two that do the same are in contention."""

    REPAIRS = "repairs it"
    HELPS = "helps its users"
    PAYS = "pays for its loss"


DOES = {
    Kind.SUPPORT: Does.HELPS, Kind.MANAGED: Does.HELPS, Kind.MAINTENANCE: Does.REPAIRS, Kind.WARRANTY: Does.REPAIRS,
    Kind.LEASE: Does.REPAIRS, Kind.INSURANCE: Does.PAYS,
}  # fmt: skip


class State(enum.StrEnum):
    """What can be asked of a device's cover. A device has one of the first three, and any of the others."""

    NONE = "none"  # covered by nothing
    ONE = "one"
    SEVERAL = "several"
    CONTENTION = "contention"  # two or more that do the same for it
    SHORT = "short"  # covered, and its cover ends before it is to be replaced
    UNTOLD = "untold"  # covered until a day, and when the device ends is not known


@dataclass(frozen=True, slots=True)
class Device:
    """A device that stands. `ends`: the day by which it is to go, with `why` in words; None where that is not known.

    `warranty_ends`: as its record says.
    """

    device_id: str
    school_id: str
    device_class: str
    name: str = ""
    maker: str = ""
    model: str = ""
    room: str = ""
    warranty_ends: date | None = None
    ends: date | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract or warranty. Each part of its scope that is not empty narrows it: all of them must fit a device.

    `models`: as people wrote them, see `folded`. `ends`: its last day, None: it goes on. `notice`: the last day on
    which notice can be given. `owner`: who looks after it.
    """

    contract_id: str
    provider: str
    kind: Kind
    starts: date
    ends: date | None = None
    schools: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    models: frozenset[str] = frozenset()
    devices: frozenset[str] = frozenset()
    hours: str = ""
    response: str = ""
    cost: int | None = None
    notice: date | None = None
    owner: str = ""
    reference: str = ""
    notes: str = ""

    def stands(self, day: date) -> bool:
        """Whether it runs on a day."""
        return self.starts <= day and not self.is_over(day)

    def is_over(self, day: date) -> bool:
        """Whether its last day is past."""
        return self.ends is not None and self.ends < day


@dataclass(frozen=True, slots=True)
class Cover:
    """How one device is covered on a day. `contracts`: those that run. `warranty`: that on its record counts.

    `until`: the last day before the first gap, renewals that are signed already included; None where it is not covered,
    or for ever.
    """

    device: Device
    contracts: tuple[Contract, ...] = ()
    warranty: bool = False
    until: date | None = None

    @property
    def number(self) -> int:
        """By how many it is covered."""
        return len(self.contracts) + self.warranty

    @property
    def state(self) -> State:
        """None, one or several."""
        return (State.NONE, State.ONE, State.SEVERAL)[min(self.number, 2)]

    @property
    def providers(self) -> tuple[str, ...]:
        """Who covers it."""
        named = dict.fromkeys(contract.provider for contract in self.contracts)
        return (*named, *([ON_RECORD] if self.warranty else []))

    @property
    def rivals(self) -> tuple[str, ...]:
        """The providers of contracts that do the same for it, one name for each contract; empty: no contention."""
        doing: dict[Does, list[str]] = {}
        for contract in self.contracts:
            doing.setdefault(DOES[contract.kind], []).append(contract.provider)
        if self.warranty:
            doing.setdefault(Does.REPAIRS, []).append(ON_RECORD)
        return tuple(name for names in doing.values() if len(names) > 1 for name in names)

    @property
    def falls_short(self) -> bool:
        """Whether it is covered, but not as long as it is to be kept."""
        return self.until is not None and self.device.ends is not None and self.until < self.device.ends

    @property
    def end_untold(self) -> bool:
        """Whether it is covered until a day, and nobody can say whether that is long enough."""
        return self.until is not None and self.device.ends is None

    def is_in(self, state: State) -> bool:
        """Whether that can be said of it."""
        match state:
            case State.CONTENTION:
                return bool(self.rivals)
            case State.SHORT:
                return self.falls_short
            case State.UNTOLD:
                return self.end_untold
        return self.state is state


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which devices are asked for. Empty: whatever it is."""

    state: State | None = None
    provider: str = ""
    school_id: str = ""
    device_class: str = ""
    contract_id: str = ""

    def fits(self, cover: Cover) -> bool:
        """Whether a device is one of those."""
        device = cover.device
        return (
            (not self.school_id or device.school_id == self.school_id)
            and (not self.device_class or device.device_class == self.device_class)
            and (self.state is None or cover.is_in(self.state))
            and (not self.provider or self.provider in cover.providers)
            and (not self.contract_id or any(one.contract_id == self.contract_id for one in cover.contracts))
        )


def folded(model: str) -> str:
    """A model as it is compared: without case and double spaces."""
    return " ".join(model.casefold().split())
