"""Decides which device a reading belongs to. Pure: it knows identifiers and who claims them, no store and no network.

Rules
1. An address is never looked at: it is a locator. Two schools with the same private addresses cannot meet here.
2. The strongest kind of identifier that anybody claims decides (`IdentifierKind`, strongest first).
3. Two different serial numbers of one maker, or two SMBIOS UUIDs, cannot be one device: a claimant that contradicts is
   set aside, whatever weaker identifiers say (a dock's MAC does not make one laptop of five).
4. Claimants that remain and do not contradict each other are one device: the older id survives.
5. A reading that nothing identifies belongs to what its own lane was given before, else it is a new device.
6. Every decision says why, in a sentence.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from collector.facts import Identifier, IdentifierKind


class Verdict(enum.Enum):
    """What became of a reading."""

    NEW = "new"
    SAME = "same"
    MERGE = "merge"


@dataclass(frozen=True, slots=True)
class Decision:
    """Which device a reading belongs to: `device_id` (None: a new one), and the ids that turn out to be the same."""

    verdict: Verdict
    device_id: str | None
    absorbed: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Claimant:
    """A known device: its age rank (older is smaller) and everything that identifies it."""

    device_id: str
    rank: tuple[Any, ...]
    identifiers: frozenset[Identifier]


class Claims:
    """The known devices that claim identifiers of some readings. `note` adds what a decision has just settled."""

    def __init__(self, claimants: Mapping[str, Claimant] | None = None) -> None:
        """Takes the claimants by id."""
        self.claimants: dict[str, Claimant] = {}
        self._by_identifier: dict[Identifier, set[str]] = {}
        for claimant in (claimants or {}).values():
            self.note(claimant)

    def note(self, claimant: Claimant, absorbed: Iterable[str] = ()) -> None:
        """Let a device claim these identifiers too, and those of the devices that turned out to be the same."""
        known = [self.claimants.pop(key) for key in (claimant.device_id, *absorbed) if key in self.claimants]
        said = claimant.identifiers.union(*(other.identifiers for other in known))
        rank = min([claimant.rank, *(other.rank for other in known)])
        self.claimants[claimant.device_id] = Claimant(claimant.device_id, rank, said)
        for identifier in said:
            self._by_identifier.setdefault(identifier, set()).add(claimant.device_id)

    def of(self, identifier: Identifier) -> list[Claimant]:
        """Who claims an identifier, oldest first."""
        ids = self._by_identifier.get(identifier, set())
        found = [self.claimants[device_id] for device_id in ids if device_id in self.claimants]
        return sorted(found, key=lambda claimant: (claimant.rank, claimant.device_id))


#: kinds of which a device has one value: per maker for serials, one in all for UUIDs
_SINGLE = (IdentifierKind.SERIAL, IdentifierKind.UUID)


def decide(identifiers: Iterable[Identifier], claims: Claims, previous: str | None = None) -> Decision:
    """Same, new, or several that are one. `previous` is the device that this lane's subject was given before."""
    said = frozenset(identifiers)
    if not said:
        if previous:
            return Decision(Verdict.SAME, previous, (), "nothing identifies it; this lane met it here before")
        return Decision(Verdict.NEW, None, (), "nothing identifies it")
    fitting, set_aside = _fitting(said, claims)
    if not fitting:
        reason = "nobody claims " + ", ".join(sorted(_words(item) for item in said))
        return Decision(Verdict.NEW, None, (), "; ".join([reason, *set_aside]))
    survivor, absorbed, deciding = _unite(fitting)
    reason = "; ".join([f"both have {_words(deciding)}", *set_aside])
    return Decision(Verdict.MERGE if absorbed else Verdict.SAME, survivor, absorbed, reason)


def _fitting(said: frozenset[Identifier], claims: Claims) -> tuple[list[tuple[Identifier, Claimant]], list[str]]:
    """Claimants that do not contradict the reading, strongest claim first, and sentences about the others."""
    fitting: dict[str, tuple[Identifier, Claimant]] = {}
    set_aside: dict[str, str] = {}
    for identifier in sorted(said, key=lambda item: (item.kind, item.value)):
        for claimant in claims.of(identifier):
            against = contradiction(said, claimant.identifiers)
            if against:
                set_aside.setdefault(claimant.device_id, f"not {claimant.device_id}, which has {_words(against)}")
            else:
                fitting.setdefault(claimant.device_id, (identifier, claimant))
    return list(fitting.values()), list(set_aside.values())


def _unite(fitting: list[tuple[Identifier, Claimant]]) -> tuple[str, tuple[str, ...], Identifier]:
    """Whoever agrees with the strongest claimant is one with it; the oldest of them survives."""
    deciding, strongest = fitting[0]
    one = [strongest]
    for _, claimant in fitting[1:]:
        if not any(contradiction(claimant.identifiers, other.identifiers) for other in one):
            one.append(claimant)
    survivor = min(one, key=lambda claimant: (claimant.rank, claimant.device_id))
    return survivor.device_id, tuple(sorted(c.device_id for c in one if c is not survivor)), deciding


def contradiction(first: Iterable[Identifier], second: Iterable[Identifier]) -> Identifier | None:
    """An identifier of the second that the first cannot have as well, or None where both may be one device."""
    ours, theirs = _singles(first), _singles(second)
    for key, values in theirs.items():
        if key in ours and not ours[key] & values:
            return Identifier(key[0], min(values))
    return None


def _singles(identifiers: Iterable[Identifier]) -> dict[tuple[IdentifierKind, str], set[str]]:
    found: dict[tuple[IdentifierKind, str], set[str]] = {}
    for item in identifiers:
        if item.kind in _SINGLE:
            maker = item.value.partition(":")[0] if item.kind is IdentifierKind.SERIAL else ""
            found.setdefault((item.kind, maker), set()).add(item.value)
    return found


def _words(identifier: Identifier) -> str:
    names = {
        IdentifierKind.AGENT: "the agent", IdentifierKind.SERIAL: "serial", IdentifierKind.UUID: "SMBIOS UUID",
        IdentifierKind.MAC: "MAC", IdentifierKind.LOCAL_MAC: "local MAC",
    }  # fmt: skip
    return f"{names[identifier.kind]} {identifier.value}"
