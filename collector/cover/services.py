"""Services by school: who provides which, until when; where there is none (a gap) or two providers (contention). Pure.

The list of services is data, `services.tsv`, to which a trust adds its own and from which it leaves out.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

from collector.cover.marks import By, Mean, ServiceMark, mean


@dataclass(frozen=True, slots=True)
class Service:
    """One line of the list. `source`: why it stands there; `own`: the trust put it there."""

    key: str
    name: str
    what: str = ""
    source: str = ""
    own: bool = False


@dataclass(frozen=True, slots=True)
class Provision:
    """Who provides a service to a school; `school_id` "": to all schools. `cost`: pence a year.

    `level`: what was agreed, in words. `ends`: its last day, None: it goes on. `reviewed`: when it was looked at last.
    """

    provision_id: str
    service: str
    school_id: str
    provider: str
    level: str = ""
    cost: int | None = None
    starts: date | None = None
    ends: date | None = None
    reviewed: date | None = None
    notes: str = ""

    def stands(self, day: date) -> bool:
        """Whether it is provided on a day."""
        return (self.starts is None or self.starts <= day) and (self.ends is None or self.ends >= day)


@dataclass(frozen=True, slots=True)
class Cell:
    """One service at one school. `provisions`: that stand; `over`: that ended. `marks`: by who gave them."""

    school_id: str
    service: Service
    provisions: tuple[Provision, ...]
    over: tuple[Provision, ...]
    marks: Mapping[By, Mean]

    @property
    def is_gap(self) -> bool:
        """Whether nobody provides it."""
        return not self.provisions

    @property
    def providers(self) -> tuple[str, ...]:
        """Who provides it, each once however they are written."""
        return tuple({one.provider.casefold(): one.provider for one in self.provisions}.values())

    @property
    def is_contention(self) -> bool:
        """Whether two provide it at a time."""
        return len(self.providers) > 1


@functools.cache
def shipped() -> tuple[Service, ...]:
    """The services that are expected of every school."""
    text = (files("collector.cover") / "services.tsv").read_text("utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return tuple(Service(key, name, what, source) for name, key, what, source, _ in rows)


def listed(own: Iterable[Service], left_out: Collection[str]) -> tuple[Service, ...]:
    """The list of a trust: what is shipped and what it added, without what it leaves out."""
    return tuple(one for one in (*shipped(), *own) if one.key not in left_out)


def matrix(
    schools: Sequence[str], services: Sequence[Service], provisions: Iterable[Provision],
    marks: Iterable[ServiceMark], today: date,
) -> dict[tuple[str, str], Cell]:  # fmt: skip
    """Every cell of schools × services; what is provided to all schools stands at each."""
    provided: dict[tuple[str, str], list[Provision]] = {}
    for one in sorted(provisions, key=lambda one: (one.provider.casefold(), one.provision_id)):
        for school_id in [one.school_id] if one.school_id else schools:
            provided.setdefault((school_id, one.service), []).append(one)
    given: dict[tuple[str, str, By], list[int]] = {}
    for mark in marks:
        given.setdefault((mark.school_id, mark.service, mark.by), []).append(mark.mark)
    found = {}
    for school_id in schools:
        for service in services:
            mine = provided.get((school_id, service.key), [])
            found[school_id, service.key] = Cell(
                school_id, service,
                tuple(one for one in mine if one.stands(today)),
                tuple(one for one in mine if one.ends is not None and one.ends < today),
                {by: value for by in By if (value := mean(given.get((school_id, service.key, by), ())))},
            )  # fmt: skip
    return found
