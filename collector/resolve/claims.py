"""The values that resolve works with: claims, what people said, and how claims fall into groups. No rule lives here."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from collector.facts import Identifier, IdentifierKind

RECORD = "RECORD"  # the method of a claim that people made: a record of a device
STACK_OF = ":stack-of-"  # in a serial that identifies a logical stack by one of its members
ANY_MAKER = "?:"  # before a serial that people entered without a maker

#: an identifier, or the number of a lane
Mark = Identifier | int


class Span(NamedTuple):
    """From the first time that something was observed to the last."""

    first: datetime
    last: datetime

    def union(self, other: Span) -> Span:
        """Both, and what is between them."""
        return Span(min(self.first, other.first), max(self.last, other.last))


@dataclass(frozen=True, slots=True)
class Claim:
    """Identifiers that one lane saw together.

    `lane`: the subject, method and agent that they came from, 0 for a record. `told_of`: another device told of it.
    `first` and `last` are corrected times of observation, never of arrival. `device_id`: who holds it now, or "".
    """

    claim_id: int
    lane: int
    site: str
    method: str
    told_of: bool
    identifiers: frozenset[Identifier]
    first: datetime
    last: datetime
    device_id: str = ""

    @property
    def span(self) -> Span:
        """From the first time to the last."""
        return Span(self.first, self.last)


class Verdict(enum.StrEnum):
    """What a person said of two sides."""

    ONE = "one"
    TWO = "two"


@dataclass(frozen=True, slots=True)
class Word:
    """What a person said: whoever bears the marks of the two sides is one device, or is two."""

    verdict: Verdict
    side_a: frozenset[Mark]
    side_b: frozenset[Mark]


@dataclass(frozen=True, slots=True)
class Group:
    """Claims that are of one device. `reasons`: what joined them, in sentences.

    `by_time`: later observations of the same claims may change this.
    """

    claims: tuple[int, ...]
    reasons: tuple[str, ...] = ()
    by_time: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What cannot be decided, and the claims of the two sides. They stay apart until a person says."""

    kind: str
    side_a: tuple[int, ...]
    side_b: tuple[int, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Partition:
    """Every claim in one group, and what is asked. `spent`: values that too many claim to tell anything, with why."""

    groups: tuple[Group, ...]
    questions: tuple[Question, ...] = ()
    spent: Mapping[Identifier, str] | None = None


_NAMES = {
    IdentifierKind.SERIAL: "serial", IdentifierKind.UUID: "SMBIOS UUID", IdentifierKind.MAC: "MAC",
    IdentifierKind.ENGINE: "SNMP engine", IdentifierKind.AGENT: "the agent", IdentifierKind.TAG: "asset tag",
    IdentifierKind.LOCAL_MAC: "local MAC",
}  # fmt: skip


def named(identifier: Identifier) -> str:
    """An identifier in words."""
    maker, stack, member = identifier.value.partition(STACK_OF)
    if stack:
        return f"stack member {maker} {member}"
    return f"{_NAMES[identifier.kind]} {identifier.value}"


def is_stack(identifier: Identifier) -> bool:
    """Whether it identifies a logical stack by one of its members."""
    return identifier.kind is IdentifierKind.SERIAL and STACK_OF in identifier.value
