"""How much alike the kit of schools is: models of a class, spread of firmware, distance to the trust's catalogue. Pure.

Names of models vary in spelling, so they are compared by a folded form: without capitals, signs, the maker's name and
words such as “Notebook PC”. What the form factor is, or the generation, stays. It knows no store, no price and no day.

1. A device whose model nobody knows is counted apart: it is never on, and never off, the standard.
2. A class without an entry on that day has no standard, unless it had one before: then its devices are off it.
3. A device whose record names a use that its class has entries for is held against those and the entries for any use;
   any other device is held against all entries of its class.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from collector.facts import maker_key, maker_name, names_something

LEAST_STEM = 4  # letters and digits that a model needs before its *
#: what makers put behind a model that says nothing of which it is
_TRAILING = re.compile(r"(?:\s+(?:notebook|laptop|desktop|tablet)?\s*(?:pc|computer)|\s+(?:notebook|laptop))+$")
_PARTS = re.compile(r"\d+|[a-z]+")


class Standing(enum.StrEnum):
    """How a device stands to the catalogue of its trust."""

    ON = "on standard"
    FORMER = "former standard"  # of a model that was the standard until a day
    OFF = "off standard"
    UNKNOWN = "model not known"
    NONE = "no standard"  # the catalogue says nothing of its class


#: what would have to be replaced for its class to be wholly on the standard
AWAY = frozenset({Standing.FORMER, Standing.OFF})


class Thing(NamedTuple):
    """One device as it is compared. `uses`: what its record is tagged with."""

    device_id: str
    name: str
    school_id: str
    device_class: str
    maker: str = ""
    model: str = ""
    firmware: str = ""
    uses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a standard catalogue. `use` "" is any; `models`: names, one may end with * for all that begin so.

    It is the standard from `starts` to `ends`, both days included; None is without a beginning or an end. `successor`:
    what is bought in its place, by maker and model, "" where nobody said.
    """

    entry_id: str
    device_class: str
    maker: str
    models: tuple[str, ...]
    use: str = ""
    starts: date | None = None
    ends: date | None = None
    successor: str = ""
    note: str = ""

    def holds(self, day: date) -> bool:
        """Whether it is the standard on a day."""
        return (self.starts is None or self.starts <= day) and not self.is_over(day)

    def is_over(self, day: date) -> bool:
        """Whether it was the standard before a day and is no more."""
        return self.ends is not None and self.ends < day

    @property
    def label(self) -> str:
        """Maker and models, as people say it."""
        return f"{self.maker} {' or '.join(self.models)}".strip()


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a device stands, by which entry (None: by none), and what would take its place ("" where nobody said)."""

    standing: Standing
    entry: Entry | None = None
    instead: str = ""


# ------------------------------------------------------------------------------------------------ names


@lru_cache(maxsize=16_384)
def fold(maker: str, model: str) -> str:
    """A model as it is compared; "" where nothing names it."""
    said = " ".join(unicodedata.normalize("NFKC", model).casefold().split())
    if not said or not names_something(said):
        return ""
    bare = _without(said, maker)
    return "".join(c for c in _TRAILING.sub("", bare) if c.isalnum()) or "".join(c for c in said if c.isalnum())


def _without(said: str, maker: str) -> str:
    """A model without its maker, however that is spelt: `HP Inc.`, `Hewlett-Packard` and `HP` are one."""
    words, known = said.split(" "), maker_name(maker)
    for count in range(1, min(4, len(words))):  # the fewest words that are the maker: “hp probook” begins with one, too
        first = " ".join(words[:count])
        if known and (first == known.casefold() or maker_name(first) == known):
            return " ".join(words[count:])
    return said


@lru_cache(maxsize=4_096)
def fold_maker(maker: str) -> str:
    """A maker as it is compared; "" where nobody is named."""
    return maker_key(maker_name(maker))


def _stem(maker: str, model: str) -> tuple[str, bool]:
    """A model of an entry, folded, and whether it stands for all that begin so."""
    starred = model.rstrip().endswith("*")
    return fold(maker, model.rstrip().rstrip("*")), starred


def problem(maker: str, model: str) -> str:
    """Why a model cannot stand in a catalogue; "" where it can."""
    stem, starred = _stem(maker, model)
    if not stem:
        return f"“{model}” names no model"
    if "*" in model.rstrip().rstrip("*"):
        return f"“{model}”: a * stands at the end alone"
    if starred and len(stem) < LEAST_STEM:
        return f"“{model}” would stand for too much: give at least {LEAST_STEM} letters and digits before the *"
    return ""


# ------------------------------------------------------------------------------------------------ the catalogue


class Catalogue:
    """The entries of a trust, ready to hold devices against on one day."""

    def __init__(self, entries: Iterable[Entry], day: date) -> None:
        self.entries = tuple(entries)
        self.day = day
        self._of: dict[str, list[Entry]] = {}
        for entry in self.entries:
            if entry.holds(day) or entry.is_over(day):
                self._of.setdefault(entry.device_class, []).append(entry)
        self._kept: dict[tuple[str, str, str, tuple[str, ...]], Verdict] = {}

    def verdict(self, thing: Thing) -> Verdict:
        """How a device stands. Devices that are alike are held against it once."""
        key = (thing.device_class, thing.maker, thing.model, thing.uses)
        if key not in self._kept:
            self._kept[key] = self._verdict(thing)
        return self._kept[key]

    def _verdict(self, thing: Thing) -> Verdict:
        entries = self._asked(thing)
        if not entries:
            return Verdict(Standing.NONE)
        if not fold(thing.maker, thing.model):
            return Verdict(Standing.UNKNOWN)
        fitting = [entry for entry in entries if _fits(entry, thing)]
        now = next((entry for entry in fitting if entry.holds(self.day)), None)
        if now is not None:
            return Verdict(Standing.ON, now)
        former = max(fitting, key=lambda entry: entry.ends or date.min, default=None)
        instead = former.successor if former and former.successor else self._preferred(entries)
        return Verdict(Standing.FORMER if former else Standing.OFF, former, instead)

    def _asked(self, thing: Thing) -> list[Entry]:
        entries = self._of.get(thing.device_class, [])
        uses = {use.casefold() for use in thing.uses}
        own = {entry.use.casefold() for entry in entries if entry.use} & uses
        return [entry for entry in entries if not entry.use or entry.use.casefold() in own] if own else entries

    def _preferred(self, entries: Sequence[Entry]) -> str:
        """What is bought for what is off the standard: the entry that became the standard last."""
        standing = [entry for entry in entries if entry.holds(self.day)]
        latest = max(standing, key=lambda entry: entry.starts or date.min, default=None)
        return f"{latest.maker} {latest.models[0].rstrip('*')}".strip() if latest else ""


def _fits(entry: Entry, thing: Thing) -> bool:
    """Whether a device is of an entry. A device whose maker nobody knows is told by its model alone."""
    if entry.maker and thing.maker and fold_maker(entry.maker) != fold_maker(thing.maker):
        return False
    model = fold(thing.maker or entry.maker, thing.model)
    stems = (_stem(entry.maker, one) for one in entry.models)
    return any(model.startswith(stem) if starred else model == stem for stem, starred in stems if stem)


# ------------------------------------------------------------------------------------------------ counting


@dataclass(frozen=True, slots=True)
class Model:
    """One model of a class: as it is spelt most often, its devices by school, and how many spellings there are."""

    key: str
    device_class: str
    label: str
    schools: Mapping[str, int]
    spellings: int

    @property
    def devices(self) -> int:
        """All of them."""
        return sum(self.schools.values())


def key_of(thing: Thing) -> str:
    """What devices of one model share, "" where the model is not known: maker and model, folded."""
    model = fold(thing.maker, thing.model)
    return f"{fold_maker(thing.maker)}:{model}" if model else ""


def models(things: Iterable[Thing]) -> list[Model]:
    """The models of each class, most devices first; those that nobody knows are one, with an empty key, and last."""
    schools: dict[tuple[str, str], Counter[str]] = {}
    spelt: dict[tuple[str, str], Counter[str]] = {}
    for thing in things:
        key = (thing.device_class, key_of(thing))
        schools.setdefault(key, Counter())[thing.school_id] += 1
        spelt.setdefault(key, Counter())[_label(thing) if key[1] else ""] += 1
    found = [
        Model(key, device_class, min(names, key=lambda name: (-names[name], name)), schools[device_class, key],
              len(names))
        for (device_class, key), names in spelt.items()
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.device_class, not one.key, -one.devices, one.label))


def _label(thing: Thing) -> str:
    repeated = thing.maker and thing.model.casefold().startswith(thing.maker.casefold())
    return thing.model if repeated else f"{thing.maker} {thing.model}".strip()


@dataclass(frozen=True, slots=True)
class Tally:
    """Devices by how they stand. `on` over `known` is the share on standard, None where nothing can be told."""

    counts: Mapping[Standing, int] = field(default_factory=dict)

    def count(self, standing: Standing) -> int:
        """How many devices stand so."""
        return self.counts.get(standing, 0)

    @property
    def known(self) -> int:
        """Devices of classes with a standard whose model is known."""
        return self.count(Standing.ON) + self.away

    @property
    def away(self) -> int:
        """Devices that would have to be replaced."""
        return sum(self.count(standing) for standing in AWAY)

    @property
    def share(self) -> float | None:
        """Part of 1 that is on standard."""
        return self.count(Standing.ON) / self.known if self.known else None


def tallies(
    things: Iterable[Thing], catalogue: Catalogue, by: Callable[[Thing], str] = lambda _: ""
) -> dict[str, Tally]:  # fmt: skip
    """How devices stand, by school, class or whatever `by` says."""
    found: dict[str, Counter[Standing]] = {}
    for thing in things:
        found.setdefault(by(thing), Counter())[catalogue.verdict(thing).standing] += 1
    return {key: Tally(counts) for key, counts in found.items()}


@dataclass(frozen=True, slots=True)
class Step:
    """What it takes to bring one class to its standard: devices by what would take their place, and pence where known.

    `unpriced`: devices for which nobody knows a price.
    """

    device_class: str
    devices: int
    instead: Mapping[str, int]
    pence: int
    unpriced: int


#: the price in pence of a device in place of another: school, class, maker and model of what is bought ("" not said)
Price = Callable[[str, str, str], int | None]


def distance(things: Iterable[Thing], catalogue: Catalogue, price: Price | None = None) -> list[Step]:
    """What it takes to be on the standard, by class. `price`: of school, class and what is bought; None: unknown."""
    steps: dict[str, tuple[Counter[str], list[int | None]]] = {}
    for thing in things:
        verdict = catalogue.verdict(thing)
        if verdict.standing in AWAY:
            instead, prices = steps.setdefault(thing.device_class, (Counter(), []))
            instead[verdict.instead] += 1
            prices.append(price(thing.school_id, thing.device_class, verdict.instead) if price else None)
    return [
        Step(name, len(prices), instead, sum(p for p in prices if p is not None), prices.count(None))
        for name, (instead, prices) in sorted(steps.items())
    ]


# ------------------------------------------------------------------------------------------------ firmware


@dataclass(frozen=True, slots=True)
class Spread:
    """The firmware of one model. `newest`: the highest that is seen here, "" where that cannot be told.

    Nothing is said of what the maker has published. `untold`: devices that do not say what they run.
    """

    key: str
    device_class: str
    label: str
    versions: Mapping[str, int]
    untold: int
    newest: str

    @property
    def told(self) -> int:
        """Devices that say what they run."""
        return sum(self.versions.values())

    @property
    def share(self) -> float | None:
        """Part of 1 of those that tell which run the newest; None where it cannot be told."""
        return self.versions[self.newest] / self.told if self.newest else None


def firmware(things: Iterable[Thing]) -> list[Spread]:
    """The spread of firmware of each known model of which any device tells it, most versions first."""
    known = [thing for thing in things if key_of(thing)]
    names = {(one.device_class, one.key): one.label for one in models(known)}
    found: dict[tuple[str, str], Counter[str]] = {}
    for thing in known:
        found.setdefault((thing.device_class, key_of(thing)), Counter())[thing.firmware.strip()] += 1
    spreads = []
    for (device_class, key), counts in found.items():
        untold = counts.pop("", 0)
        if counts:
            label = names[device_class, key]
            spreads.append(Spread(key, device_class, label, dict(counts), untold, newest(counts)))
    return sorted(spreads, key=lambda one: (-len(one.versions), -one.told, one.device_class, one.label))


def newest(versions: Iterable[str]) -> str:
    """The highest of some versions, "" where they are of different schemes: A29 and 1.8.0 cannot be compared."""
    listed = sorted(set(versions))
    ranked = [[(part.isdigit(), part) for part in _PARTS.findall(one.casefold())] for one in listed]
    if not listed or any(not parts for parts in ranked) or len({_scheme(parts) for parts in ranked}) > 1:
        return ""
    ranks = [tuple((2, int(part), "") if is_number else (1, 0, part) for is_number, part in parts) for parts in ranked]
    best = max(ranks)
    return listed[ranks.index(best)] if ranks.count(best) == 1 else ""


def _scheme(parts: Sequence[tuple[bool, str]]) -> str:
    """What a version begins with: a number, or the letters before its first number."""
    return "" if parts[0][0] else parts[0][1]
