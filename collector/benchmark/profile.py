"""What one school looks like on one page: measures, each held against a threshold of its trust. Pure.

A measure is a number with what it is made of. A threshold says where it should be, how near counts as at it, and which
way is better; `profile_thresholds.tsv` has those that come with Stocktake, each with its source, and a trust may set
its own. What is not known is None, is sorted nowhere and is listed as such. It knows no store and no day.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path

PERSONAL = ("desktop", "laptop", "tablet", "thin client")  # what a pupil can sit at


class Sorted(enum.StrEnum):
    """Where a measure stands. Below falls short of the threshold, whichever way is better."""

    BELOW = "below"
    AT = "at"
    ABOVE = "above"
    UNKNOWN = "not known"


class Better(enum.StrEnum):
    """Which way is better."""

    MORE = "more"
    LESS = "less"


@dataclass(frozen=True, slots=True)
class Threshold:
    """Where a measure should be. `near`: how far from it still counts as at it. `own`: the trust has set it.

    `share`: it is a part of 1, said in percent. `checked`: when the row was compared with its source, None of own ones.
    """

    measure: str
    label: str
    value: float
    near: float
    better: Better
    share: bool
    source: str
    checked: date | None
    own: bool = False

    def sort(self, value: float | None) -> Sorted:
        """Where a value stands."""
        if value is None:
            return Sorted.UNKNOWN
        ahead = (value - self.value) * (1 if self.better is Better.MORE else -1)
        if abs(ahead) <= self.near + 1e-9:
            return Sorted.AT
        return Sorted.ABOVE if ahead > 0 else Sorted.BELOW


@cache
def shipped() -> tuple[Threshold, ...]:
    """The thresholds that come with Stocktake; the table is data of the package, read at first use."""
    lines = Path(__file__).with_name("profile_thresholds.tsv").read_text("utf-8").splitlines()
    return tuple(_threshold(line.split("\t")) for line in lines if line and not line.startswith("#"))


def _threshold(cells: Sequence[str]) -> Threshold:
    measure, label, value, near, better, unit, source, checked = cells
    day = date.fromisoformat(checked)
    return Threshold(measure, label, float(value), float(near), Better(better), unit == "share", source, day)


def thresholds(own: Mapping[str, tuple[float, str]]) -> dict[str, Threshold]:
    """Those of a trust, by measure. `own`: value and reason by measure; what is of no measure is left out."""
    found = {one.measure: one for one in shipped()}
    for measure, (value, reason) in own.items():
        if measure in found and math.isfinite(value):
            found[measure] = replace(found[measure], value=value, source=reason, checked=None, own=True)
    return found


# ------------------------------------------------------------------------------------------------ measuring


@dataclass(frozen=True, slots=True)
class Part:
    """Some of a whole, of which `unknown` more could not be told."""

    some: int = 0
    whole: int = 0
    unknown: int = 0

    @property
    def share(self) -> float | None:
        """Part of 1; None of nothing."""
        return self.some / self.whole if self.whole else None


@dataclass(frozen=True, slots=True)
class Figures:
    """What was counted of one school.

    `devices`: all that are there. `personal`: desktops, laptops, tablets and thin clients. `old`: personal ones beyond
    five years, of those whose age is known. `dated`: of all devices. `unsupported`, `unwell`, `standard`: of those of
    which it can be told. `unseen`: devices of which nothing but an address is known. `asked`: findings of the DfE's
    standards that fail. `models`: of the class of computers that has most. `lead`: whether a digital lead is named;
    None: nobody said. Pupils and hours are None where nobody said.
    """

    school_id: str
    name: str
    devices: int = 0
    personal: int = 0
    pupils: int | None = None
    old: Part = field(default_factory=Part)
    dated: Part = field(default_factory=Part)
    unsupported: Part = field(default_factory=Part)
    unwell: Part = field(default_factory=Part)
    standard: Part = field(default_factory=Part)
    unseen: Part = field(default_factory=Part)
    asked: Part = field(default_factory=Part)
    models: int | None = None
    hours: float | None = None
    lead: bool | None = None


def values(of: Figures) -> dict[str, float | None]:
    """Every measure of a school."""
    return {
        "devices_per_pupil": of.personal / of.pupils if of.pupils else None,
        "old_share": of.old.share,
        "dated_share": of.dated.share,
        "unsupported_share": of.unsupported.share,
        "unwell_share": of.unwell.share,
        "standard_share": of.standard.share,
        "models_per_class": None if of.models is None else float(of.models),
        "unseen_share": of.unseen.share,
        "standards_failed_share": of.asked.share,
        "support_hours_per_100_devices": 100 * of.hours / of.devices if of.hours is not None and of.devices else None,
        "digital_lead": None if of.lead is None else float(of.lead),
    }


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure as a page shows it."""

    threshold: Threshold
    value: float | None

    @property
    def name(self) -> str:
        """What tells it from others."""
        return self.threshold.measure

    @property
    def sorted(self) -> Sorted:
        """Where it stands."""
        return self.threshold.sort(self.value)

    @property
    def words(self) -> str:
        """The value as people read it."""
        return "not known" if self.value is None else _say(self.threshold, self.value)

    @property
    def wanted(self) -> str:
        """The threshold as people read it."""
        at = _say(self.threshold, self.threshold.value)
        if self.name == "digital_lead":
            return at
        return f"{'at least' if self.threshold.better is Better.MORE else 'at most'} {at}"


def _say(threshold: Threshold, value: float) -> str:
    if threshold.measure == "digital_lead":
        return "named" if value else "nobody"
    if threshold.share:
        percent = 100 * value
        return f"{percent:.0f} %" if percent in (0.0, 100.0) or 1 <= percent <= 99 else f"{percent:.1f} %"
    return f"{value:.2f}".rstrip("0").rstrip(".")


def measures(of: Figures, held: Mapping[str, Threshold]) -> list[Measure]:
    """The measures of a school in the order of the table."""
    told = values(of)
    return [Measure(threshold, told[name]) for name, threshold in held.items() if name in told]


def sort(found: Iterable[Measure]) -> dict[Sorted, list[Measure]]:
    """Measures below, at and above their threshold, and those that are not known."""
    by: dict[Sorted, list[Measure]] = {word: [] for word in Sorted}
    for one in found:
        by[one.sorted].append(one)
    return by
