"""Makes estates whose truth is known: who is which device, who saw it, when, and by which identifiers.

An estate is a function of its seed. Identifiers pass through `collector.facts` as interpretation passes them, so that
what a denylist refuses is refused here as well. It knows neither classes of devices nor troubles (`estate_views`,
`estate_troubles`, `estate_networks`), and nothing of how devices are told apart.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from collector.facts import (
    Identifier,
    IdentifierKind,
    identifier_text,
    locally_administered,
    mac,
    maker_key,
    maker_name,
    uuid,
)
from collector.resolve import Claim

BEGIN = datetime(2023, 9, 1, 6, tzinfo=UTC)
END = datetime(2026, 8, 31, 18, tzinfo=UTC)
DAYS = (END - BEGIN).days
RECORD = "RECORD"
SNMP, HOST, ARP, IMPORTED = "SNMP_V2C", "HOST", "ARP", "IMPORTED"

#: first three octets of MACs, by who makes the interface
BLOCKS = ("3c:52:82", "f4:39:09", "00:1b:21", "a4:bb:6d", "e4:54:e8", "54:ee:75", "98:fa:9b", "00:0c:29", "ac:16:2d",
          "94:18:82", "d8:bb:c1", "70:b5:e8", "c8:5b:76", "18:66:da", "b8:27:eb", "20:67:7c")  # fmt: skip
LETTERS = "0123456789ABCDEFGHJKLMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class Seen:
    """One observation: what one lane saw together at one time, and whose it truly was.

    `arrived` is when the collector heard of it: late where an agent was cut off. `trouble`: what is odd about `device`.
    """

    lane: int
    site: str
    method: str
    told_of: bool
    identifiers: frozenset[Identifier]
    when: datetime
    arrived: datetime
    device: str
    trouble: str


@dataclass(slots=True)
class School:
    """A school: its sweeping agents, and the addresses that it gave out; two schools have the same private network."""

    number: int
    site: str
    scale: float
    sweepers: tuple[str, ...]
    given: int = 0
    freed: list[tuple[datetime, str]] = field(default_factory=list)  # since when, address

    def address(self, start: datetime) -> str:
        """The next address, or one that a device left behind."""
        for place, (since, address) in enumerate(self.freed):
            if since < start:
                del self.freed[place]
                return address
        self.given += 1
        return f"10.{self.number // 2}.{self.given // 250}.{self.given % 250 + 1}"  # shared by two schools each


@dataclass(frozen=True, slots=True)
class Phase:
    """A time in which a device is one thing at one place. `macs` are its own, `worn` those of docks and dongles."""

    school: School
    start: datetime
    end: datetime
    maker: str = ""
    serial: str = ""
    uuid: str = ""
    agent: str = ""
    tag: str = ""
    engine: str = ""
    macs: tuple[str, ...] = ()
    worn: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Thing:
    """A device as it truly is: its label, its class, what is odd about it, and its phases in order of time."""

    name: str
    kind: str
    trouble: str
    phases: tuple[Phase, ...]


@dataclass(slots=True)
class Estate:
    """All observations, and what is true: which value is of which device, and which values are of nobody."""

    seen: list[Seen]
    owned: set[tuple[str, Identifier]]
    shared: set[Identifier]  # made up, cloned, or worn by several in turn: no two devices may be one by them
    devices: int


@dataclass(frozen=True, slots=True)
class Labelled:
    """A claim with the truth of the observations that it was made of: (device, trouble) → how many."""

    claim: Claim
    truths: dict[tuple[str, str], int]


class Maker:
    """Gathers observations; every number is from the seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - an estate is to be the same each time
        self.seen: list[Seen] = []
        self.owned: set[tuple[str, Identifier]] = set()
        self.shared: set[Identifier] = set()
        self.things: list[Thing] = []
        self._lanes: dict[tuple[str, ...], int] = {}
        self._numbers: dict[str, int] = {}
        self._used: set[str] = set()

    # -------------------------------------------------------------------------------------------- values

    def fresh_mac(self, block: str = "") -> str:
        """A MAC that nobody has."""
        return self._fresh(lambda: f"{block or self.random.choice(BLOCKS)}:{self._octets(3)}")

    def local_mac(self) -> str:
        """A MAC that a phone made up for one network."""
        return self._fresh(
            lambda: f"{self.random.choice('0123456789abcdef')}{self.random.choice('26ae')}:{self._octets(5)}"
        )

    def macs_in_a_row(self, count: int) -> tuple[str, ...]:
        """MACs of the ports of one box: neighbours in number."""
        while True:
            first = int(self.fresh_mac().replace(":", ""), 16) & ~0xFF
            macs = tuple((first + offset).to_bytes(6, "big").hex(":") for offset in range(count))
            if self._used.isdisjoint(macs):
                self._used.update(macs)
                return macs

    def fresh_serial(self, length: int = 10) -> str:
        """A serial number that nobody has."""
        return self._fresh(lambda: "".join(self.random.choices(LETTERS, k=length)))

    def fresh_uuid(self) -> str:
        """A UUID that nobody has."""
        digits = f"{self.random.getrandbits(128):032x}"
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    def number(self, name: str) -> str:
        """A name with the next number of its kind."""
        self._numbers[name] = self._numbers.get(name, 0) + 1
        return f"{name} {self._numbers[name]}"

    def some(self, usual: float) -> int:
        """About so many: the fraction is chance."""
        return int(usual) + (self.random.random() < usual % 1)

    def chance(self, likely: float) -> bool:
        """Whether something that is so likely happens."""
        return self.random.random() < likely

    def life(self) -> tuple[datetime, datetime]:
        """From when to when a device is about: most were there before, some are bought, some are retired."""
        start = BEGIN if self.chance(0.6) else self.at(self.random.uniform(0, DAYS * 0.8))
        end = END if self.chance(0.85) else start + (END - start) * self.random.uniform(0.3, 0.95)
        return start, end

    def at(self, days: float) -> datetime:
        """A time so many days after the beginning."""
        return BEGIN + timedelta(days=days)

    def within(self, start: datetime, end: datetime, low: float = 0.0, high: float = 1.0) -> datetime:
        """A time in a span, between two shares of it."""
        return start + (end - start) * self.random.uniform(low, high)

    def _octets(self, count: int) -> str:
        return self.random.randbytes(count).hex(":")

    def _fresh(self, make: Callable[[], str]) -> str:
        while (value := make()) in self._used:
            pass
        self._used.add(value)
        return value

    # -------------------------------------------------------------------------------------------- observations

    def add(self, thing: Thing) -> Thing:
        """A device of the estate, whose own values are known from now on."""
        self.things.append(thing)
        for phase in thing.phases:
            self.own(thing.name, identifiers(phase))
        return thing

    def own(self, device: str, values: Iterable[Identifier]) -> None:
        """These values are of this device."""
        self.owned.update((device, value) for value in values)

    def share(self, values: Iterable[Identifier]) -> None:
        """By these values no two devices may be called one."""
        self.shared.update(values)

    def lane(self, agent: str, subject: str, method: str) -> int:
        """The number of a lane."""
        return self._lanes.setdefault((agent, subject, method), len(self._lanes) + 1)

    def see(
        self,
        thing: Thing,
        where: tuple[str, str, str],
        values: Iterable[Identifier],
        span: Phase,
        told_of: bool = False,
    ) -> None:
        """Observations of one subject by one lane (agent, subject, method) over a span: its first, its last, others."""
        agent, subject, method = where
        lane, found = (0 if method == RECORD else self.lane(agent, subject, method)), frozenset(values)
        shares = (0.0, *sorted(self.random.random() for _ in range(self.random.randrange(3))), 1.0)
        edge = min(timedelta(hours=self.random.uniform(0, 30)), (span.end - span.start) / 4)
        for share in shares:
            when = span.start + edge + (span.end - span.start - 2 * edge) * share
            self._observe(Seen(lane, span.school.site, method, told_of, found, when, when, thing.name, thing.trouble))

    def _observe(self, seen: Seen) -> None:
        """Clocks are corrected to within two minutes, one report of fifty comes days late, one of thirty twice."""
        when = (seen.when + timedelta(seconds=self.random.uniform(-120, 120))).replace(microsecond=0)
        late = timedelta(days=self.random.uniform(1, 40)) if self.chance(0.02) else timedelta(minutes=2)
        self.seen.append(replace(seen, when=when, arrived=when + late))
        if self.chance(0.03):
            self.seen.append(
                replace(seen, when=when, arrived=when + late + timedelta(hours=self.random.uniform(0, 90)))
            )

    def estate(self) -> Estate:
        """What was gathered, in the order of arrival."""
        seen = sorted(self.seen, key=lambda item: item.arrived)
        return Estate(seen, self.owned, self.shared, len({thing.name for thing in self.things}))


# ------------------------------------------------------------------------------------------------ identifiers


def serial_of(maker: str, serial: str) -> Iterator[Identifier]:
    """Maker and serial, as interpretation makes them of what a device says."""
    key, value = maker_key(maker_name(maker)), identifier_text(serial)
    if key and value:
        yield Identifier(IdentifierKind.SERIAL, f"{key}:{value}")


def mac_of(value: str, site: str) -> Iterator[Identifier]:
    """A MAC, true everywhere or only at its site."""
    if address := mac(value):
        local = locally_administered(address)
        yield Identifier(
            IdentifierKind.LOCAL_MAC if local else IdentifierKind.MAC, f"{site}/{address}" if local else address
        )


def macs_of(values: Iterable[str], site: str) -> list[Identifier]:
    """Those of several MACs that identify."""
    return [item for value in values for item in mac_of(value, site)]


def uuid_of(value: str) -> Iterator[Identifier]:
    """An SMBIOS UUID."""
    if found := uuid(value):
        yield Identifier(IdentifierKind.UUID, found)


def tag_of(value: str) -> Iterator[Identifier]:
    """An asset tag."""
    if found := identifier_text(value).upper().replace(" ", ""):
        yield Identifier(IdentifierKind.TAG, found)


def engine_of(value: str) -> Iterator[Identifier]:
    """An SNMP engine id, in hex."""
    if value:
        yield Identifier(IdentifierKind.ENGINE, value)


def agent_of(value: str) -> Iterator[Identifier]:
    """An agent's id."""
    if value:
        yield Identifier(IdentifierKind.AGENT, value)


def identifiers(phase: Phase) -> list[Identifier]:
    """Everything that is a device's own in a phase."""
    site = phase.school.site
    return [
        *serial_of(phase.maker, phase.serial), *uuid_of(phase.uuid), *agent_of(phase.agent), *tag_of(phase.tag),
        *engine_of(phase.engine), *macs_of(phase.macs, site),
    ]  # fmt: skip


# ------------------------------------------------------------------------------------------------ claims

#: what makes observations one claim: lane, site, method, told of, identifiers, and for a record whose it is
Key = tuple[int, str, str, bool, frozenset[Identifier], str]


def labelled(seen: Iterable[Seen]) -> list[Labelled]:
    """Claims as the store makes them: what one lane saw together, first and last, in the order in which it came.

    Every record is a claim of its own: the device that it is of stands for its number.
    """
    keys: dict[Key, Labelled] = {}
    for item in seen:
        whose = "" if item.lane else item.device
        key = (item.lane, item.site, item.method, item.told_of, item.identifiers, whose)
        known = keys.get(key)
        if known is None:
            span = (item.when, item.when)
            known = Labelled(Claim(len(keys) + 1, *key[:5], *span), {})
        else:
            span = min(item.when, known.claim.first), max(item.when, known.claim.last)
            known = Labelled(replace(known.claim, first=span[0], last=span[1]), known.truths)
        keys[key] = known
        truth = (item.device, item.trouble)
        known.truths[truth] = known.truths.get(truth, 0) + 1
    return list(keys.values())
