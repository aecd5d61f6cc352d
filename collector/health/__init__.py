"""Well or not: what readings say of each aspect of a device; one file per aspect, found by being there.

A file names its aspect and judges it:

    ASPECT = "fan"                       one of ASPECTS
    DAMPED = False                       what cannot flap (a certificate, a level) worsens at once; rarely needed
    def judge(known: Dossier) -> Iterator[Finding]: …

An aspect that does not apply has no finding; one that ought to be told and is not has one of state unknown. This frame
isolates a file's failure (it becomes unknown, with the reason), folds the findings of parts into a condition of the
device, and damps what flaps. It knows no store and no clock: time, calendar and thresholds are parameters.
"""

from __future__ import annotations

import enum
import importlib
import math
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from collector.facts import Value, text

#: the aspects of health, as pages, metrics and alerts name them: a closed list
ASPECTS = (
    "reachability", "restarts", "processor", "memory", "storage", "disk", "temperature", "fan", "power supply", "ups",
    "battery", "supplies", "printer", "ports", "poe", "access point", "firmware", "certificate", "agent",
)  # fmt: skip

LATE = timedelta(hours=1)  # evidence that comes later than that after it was observed is history, and worsens nothing
MOST_PARTS = 64  # of one aspect of one device that have a condition of their own
MOST_WORDS = 500  # characters of a sentence
EVERY = "*"  # a threshold of all classes


class State(enum.StrEnum):
    """How well an aspect is. Unknown is a state: nobody told, or what was told is too old."""

    OK = "ok"
    WARNING = "warning"
    CRITICAL = "critical"
    UNKNOWN = "unknown"


#: what one part adds to the whole: a part that is known stands before one that is not
RANK = {State.UNKNOWN: 0, State.OK: 1, State.WARNING: 2, State.CRITICAL: 3}
BAD = (State.WARNING, State.CRITICAL)


class Told(NamedTuple):
    """One fact or reading as it was told last.

    `previous` and `earlier`: what it was before that, and when. `changes`: how often a reading changed its word, or a
    counter began anew, today and yesterday.
    """

    value: Value
    observed: datetime | None = None
    previous: Value | None = None
    earlier: datetime | None = None
    changes: int = 0
    unit: str = ""


class Agent(NamedTuple):
    """The agent that runs on a device, as it told of itself."""

    last_report: datetime | None
    certificate_expires: datetime | None
    numbers: Mapping[str, float] = MappingProxyType({})
    troubles: int = 0


class Support(NamedTuple):
    """Until when a device is supported: see `age.support`. `known`: whether the software itself is in the table."""

    known: bool = False
    ends: date | None = None
    extended: date | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What an aspect says of the device (component "") or of one part, in a sentence for people.

    `readings`: what it rests on, each as `component name`. `observed`: when that was so; None: when the device was
    examined last. `at_once`: it is not damped.
    """

    state: State
    sentence: str
    component: str = ""
    readings: tuple[str, ...] = ()
    observed: datetime | None = None
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """One aspect of a device or of one of its parts, as its evidence of `since` has it."""

    aspect: str
    component: str
    state: State
    since: datetime
    sentence: str
    readings: tuple[str, ...] = ()
    at_once: bool = False
    damped: bool = True


class Thresholds:
    """Limits by aspect, name and class; what a trust decided stands before what comes with Stocktake."""

    def __init__(self, rows: Mapping[tuple[str, str, str], float]) -> None:
        self._rows = rows

    def __call__(self, aspect: str, name: str, device_class: str) -> float:
        """The limit of a class, else of every class; KeyError where the table has neither."""
        found = self.find(aspect, name, device_class)
        return self._rows[aspect, name, EVERY] if found is None else found

    def find(self, aspect: str, name: str, device_class: str) -> float | None:
        """The limit of a class, or None where it has none of its own."""
        return self._rows.get((aspect, name, device_class))

    def overridden(self, rows: Mapping[tuple[str, str, str], float]) -> Thresholds:
        """These thresholds with those of a trust before them; what is no number, or of no known name, is left out."""
        names = {key[:2] for key in self._rows}
        sound = {key: value for key, value in rows.items() if key[:2] in names and math.isfinite(value)}
        return Thresholds({**self._rows, **sound})


@cache
def shipped() -> Thresholds:
    """The thresholds that come with Stocktake; the table is data of the package, read at first use."""
    return Thresholds({(row.aspect, row.name, row.device_class): row.value for row in threshold_rows()})


class ThresholdRow(NamedTuple):
    """A line of thresholds.tsv: the limit, its unit, and where it comes from."""

    aspect: str
    name: str
    device_class: str
    value: float
    unit: str
    source: str


@cache
def threshold_rows() -> tuple[ThresholdRow, ...]:
    """Every line of thresholds.tsv."""
    lines = Path(__file__).with_name("thresholds.tsv").read_text("utf-8").splitlines()
    split = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple(ThresholdRow(a, n, c, float(v), unit, source) for a, n, c, v, unit, source in split)


_NOTHING: Mapping[str, Told] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that is known of a device when it is judged.

    `told`: component → name → what was told. `observed`: when it was examined last; `last_seen`: when it was met last;
    `looked`: when an agent last looked at its network, or asked it. `uplinks`: ports that lead to another switch →
    which. `life`: a state of residency, or empty.
    """

    device_id: str
    device_class: str
    now: datetime
    told: Mapping[str, Mapping[str, Told]]
    limits: Thresholds = field(default_factory=shipped)
    observed: datetime | None = None
    last_seen: datetime | None = None
    looked: datetime | None = None
    is_term_day: Callable[[date], bool] = lambda _day: True
    uplinks: Mapping[str, str] = field(default_factory=dict)
    support: Support | None = None
    agent: Agent | None = None
    life: str = ""

    def of(self, component: str = "") -> Mapping[str, Told]:
        """What was told of the device, or of one part."""
        return self.told.get(component, _NOTHING)

    def parts(self, *words: str) -> Iterator[tuple[str, Mapping[str, Told]]]:
        """The parts whose component begins with one of these words, by name."""
        firsts = set(words)
        return ((name, self.told[name]) for name in sorted(self.told) if name.partition("/")[0] in firsts)

    def limit(self, aspect: str, name: str) -> float:
        """A threshold for this device's class."""
        return self.limits(aspect, name, self.device_class)


def number(told: Told | None) -> float | None:
    """What was told as a number, or None where it is none."""
    if told is None or isinstance(told.value, bool) or not isinstance(told.value, int | float):
        return None
    return float(told.value) if math.isfinite(told.value) else None


def share(part: Told | None, whole: Told | None) -> float | None:
    """One number in percent of another, or None where that makes no sense."""
    some, most = number(part), number(whole)
    if some is None or most is None or most <= 0 or not 0 <= some <= most:
        return None
    return 100 * some / most


def above(value: float, warning: float, critical: float) -> State:
    """The state of a value that must stay below its limits."""
    return State.CRITICAL if value >= critical else State.WARNING if value >= warning else State.OK


def below(value: float, warning: float, critical: float) -> State:
    """The state of a value that must stay above its limits."""
    return State.CRITICAL if value <= critical else State.WARNING if value <= warning else State.OK


#: the words of states that makers' tables have; what is not here says nothing
WORDS: Mapping[str, State] = {
    **dict.fromkeys(("ok", "normal", "good", "online", "up", "ready", "redundant", "healthy", "optimal", "active",
                     "initialized", "on", "enabled", "operational", "in use", "spun up", "passed"), State.OK),
    **dict.fromkeys(("warning", "degraded", "low", "rebuilding", "expanding", "migrating", "repairing", "noncritical",
                     "predicted failure", "unstable", "syncing", "checking"), State.WARNING),
    **dict.fromkeys(("failed", "failure", "critical", "in fault", "faulty", "fault", "depleted", "crashed", "bad",
                     "error", "offline", "down", "broken", "lost", "faulted", "removed"), State.CRITICAL),
}  # fmt: skip


def worded(told: Told | None) -> State | None:
    """The state that a word of a maker stands for, or None where it says nothing (off, not present)."""
    return WORDS.get(str(told.value).lower()) if told is not None else None


def called(component: str, told: Mapping[str, Told]) -> str:
    """How people call a part: its name, else its component."""
    name = told.get("name")
    return text(str(name.value), 64) if name is not None and name.value != "" else text(component, 64)


# ------------------------------------------------------------------------------------------------ judging


class Judge(NamedTuple):
    """One file of this folder, as the frame sees it."""

    aspect: str
    judge: Callable[[Dossier], Iterable[Finding]]
    damped: bool


@cache
def judges() -> tuple[Judge, ...]:
    """Every aspect there is, in the order of ASPECTS; found once, at first use."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    modules = [importlib.import_module(f"{__name__}.{name}") for name in names]
    found = {module.ASPECT: Judge(module.ASPECT, module.judge, getattr(module, "DAMPED", True)) for module in modules}
    return tuple(found[aspect] for aspect in ASPECTS if aspect in found)


#: what became of devices of which nothing is expected, so nothing is wrong with them either
AWAY = frozenset({"retired", "disposed", "in store", "on loan", "expected"})


def judge(known: Dossier, files: Sequence[Judge] | None = None) -> tuple[Condition, ...]:
    """The conditions of a device: for each aspect one of the whole (component ""), and one of each part that is bad."""
    if known.life in AWAY:
        return ()
    found: list[Condition] = []
    for file in judges() if files is None else files:
        found += _folded(known, file, _heard(known, file))
    return tuple(found)


def _heard(known: Dossier, file: Judge) -> list[Finding]:
    try:
        return list(file.judge(known))
    except Exception as error:  # noqa: BLE001 - the one place that isolates aspects: one's failure silences no other
        return [Finding(State.UNKNOWN, f"this could not be judged: {type(error).__name__}")]


def _folded(known: Dossier, file: Judge, findings: list[Finding]) -> Iterator[Condition]:
    if not findings:
        return
    ranked = sorted(findings, key=lambda finding: (-RANK[finding.state], finding.component))
    worst = ranked[0]
    bad = [finding for finding in ranked if finding.state in BAD]
    sentence = worst.sentence if len(bad) < 2 else f"{worst.sentence} (and {len(bad) - 1} more)"
    yield _condition(known, file, replace(worst, component="", sentence=sentence))
    for finding in bad[:MOST_PARTS]:
        if finding.component:
            yield _condition(known, file, finding)


def _condition(known: Dossier, file: Judge, finding: Finding) -> Condition:
    since = finding.observed or known.observed or known.now
    return Condition(
        file.aspect, finding.component, finding.state, since, finding.sentence[:MOST_WORDS], finding.readings[:32],
        finding.at_once, file.damped,
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------ damping


@dataclass(frozen=True, slots=True)
class Kept:
    """A condition as it stands. `since`: when that began; `previous`: the state before, "" where there was none.

    `seen`: the evidence that was judged last. `leaning` and `leaned`: a state that was found once (or late) and must be
    found again in newer evidence, and when it was found first.
    """

    aspect: str
    component: str
    state: State
    since: datetime
    sentence: str
    readings: tuple[str, ...]
    previous: str
    seen: datetime
    leaning: str = ""
    leaned: datetime | None = None


def damp(kept: Kept | None, found: Condition, now: datetime) -> Kept:
    """The condition that stands after one more evaluation.

    A state must be found in two pieces of evidence before it worsens or improves. At once: a finding that is `at_once`
    worsens, anything becomes unknown, and what was unknown becomes ok. Evidence that comes late worsens nothing.
    """
    if kept is None:
        before = found.since - timedelta.resolution
        kept = Kept(found.aspect, found.component, State.UNKNOWN, found.since, "", (), "", before)
    if found.state is kept.state:
        seen = max(found.since, kept.seen)
        return replace(kept, sentence=found.sentence, readings=found.readings, seen=seen, leaning="", leaned=None)
    worse = _direction(kept, found.state) > 0
    if worse and found.since < now - LATE:
        again = kept.leaning == found.state.value and kept.leaned is not None and found.since >= kept.leaned
        return kept if again else replace(kept, leaning=found.state.value, leaned=found.since)
    if not found.damped or found.state is State.UNKNOWN or (worse and found.at_once):
        return _turned(kept, found, found.since)
    if kept.state is State.UNKNOWN and not worse:
        return _turned(kept, found, found.since)
    if kept.leaned is None or _direction(kept, State(kept.leaning)) * _direction(kept, found.state) < 0:
        return replace(kept, leaning=found.state.value, leaned=found.since, seen=max(found.since, kept.seen))
    return _turned(kept, found, kept.leaned) if found.since > kept.leaned else kept


def _direction(kept: Kept, state: State) -> int:
    """Above 0 where a state is worse than the one that stands, below where it is better; ok and unknown are one."""
    ranks = [max(RANK[each], RANK[State.OK]) for each in (state, kept.state)]
    return ranks[0] - ranks[1]


def _turned(kept: Kept, found: Condition, since: datetime) -> Kept:
    return Kept(
        kept.aspect, kept.component, found.state, since, found.sentence, found.readings, kept.state.value,
        max(found.since, kept.seen),
    )  # fmt: skip


def silent(kept: Kept, now: datetime) -> Kept:
    """The condition of an aspect of which nothing is told any more: it is unknown."""
    if kept.state is State.UNKNOWN:
        return kept
    told = f"nothing tells of it any more; it was {kept.state.value} when it was told last"
    return Kept(kept.aspect, kept.component, State.UNKNOWN, now, told, (), kept.state.value, kept.seen)
