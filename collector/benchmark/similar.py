"""Similar schools, by the method of the DfE's Financial Benchmarking and Insights Tool. Pure: schools are parameters.

Within a phase group the distance of two schools is the root of the weighted sum of squared differences, each as a
share of the range that the group has (weights: `weights.tsv`). What a school does not tell is taken as the group's
median. Of the 60 nearest, 30 are the set, the school itself among them: for one that boards first those that board too,
then those of its region, then the nearest of the rest; each once. It does not know whether a school's building is
private finance, which GIAS does not say, nor floor areas and ages of buildings, by which the DfE makes other sets.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

#: phase groups: within one of these alone schools are alike
GROUPS = ("nursery", "primary", "secondary", "all-through", "post-16", "special", "alternative provision")
SPECIAL, ALTERNATIVE = "special", "alternative provision"
_PHASES = {
    "nursery": "nursery", "primary": "primary", "middle deemed primary": "primary", "secondary": "secondary",
    "middle deemed secondary": "secondary", "all-through": "all-through", "all through": "all-through",
    "16 plus": "post-16",
}  # fmt: skip
EVERY = "*"
#: of how many nearest a set is chosen, and how many it has with the school itself
NEAREST, CHOSEN = 60, 30


class Weight(NamedTuple):
    """A line of weights.tsv."""

    group: str
    figure: str
    weight: float
    part: str
    source: str
    checked: str


@dataclass(frozen=True, slots=True)
class School:
    """A school as GIAS has it. `figures`: pupils, and percentages by the names of weights.tsv; None: not told."""

    urn: str
    name: str
    group: str
    region: str
    figures: Mapping[str, float | None]
    boards: bool = False


@dataclass(frozen=True, slots=True)
class Peer:
    """A school of a set. `why`: by what it was chosen; `assumed`: the figures that were taken as the median."""

    school: School
    distance: float
    why: str
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scale:
    """What distances in a phase group are measured by."""

    weights: tuple[Weight, ...]
    medians: Mapping[str, float]
    ranges: Mapping[str, float]

    def distance(self, one: School, other: School) -> float:
        """How unlike two schools of the group are; 0 for alike."""
        parts: dict[str, float] = {}
        for row in self.weights:
            if spread := self.ranges[row.figure]:
                apart = abs(self._told(one, row.figure) - self._told(other, row.figure)) / spread
                parts[row.part] = parts.get(row.part, 0.0) + row.weight * apart**2
        return sum(math.sqrt(part) for part in parts.values())

    def assumed(self, school: School) -> tuple[str, ...]:
        """The figures that a school does not tell."""
        return tuple(row.figure for row in self.weights if school.figures.get(row.figure) is None)

    def _told(self, school: School, figure: str) -> float:
        told = school.figures.get(figure)
        return self.medians[figure] if told is None else told


def phase_group(phase: str, kind: str) -> str:
    """The group of a school by its phase and type of establishment, as GIAS names them; "" where it has none."""
    plain = kind.casefold()
    if "special" in plain:
        return SPECIAL
    if "alternative provision" in plain or "pupil referral" in plain:
        return ALTERNATIVE
    return _PHASES.get(phase.casefold().strip(), "")


@cache
def weight_rows() -> tuple[Weight, ...]:
    """Every line of weights.tsv; the table is data of the package, read at first use."""
    lines = Path(__file__).with_name("weights.tsv").read_text("utf-8").splitlines()
    split = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return tuple(Weight(group, figure, float(weight), *rest) for group, figure, weight, *rest in split)


def weights_of(group: str) -> tuple[Weight, ...]:
    """The weights of a phase group."""
    own = tuple(row for row in weight_rows() if row.group == group)
    return own or tuple(row for row in weight_rows() if row.group == EVERY)


def scale(group: str, schools: Iterable[School]) -> Scale:
    """What distances in a group are measured by: medians, and ranges after what is not told became the median."""
    weights = weights_of(group)
    told: dict[str, list[float]] = {row.figure: [] for row in weights}
    for school in schools:
        for figure, values in told.items():
            value = school.figures.get(figure)
            if value is not None:
                values.append(value)
    medians = {figure: statistics.median(values) if values else 0.0 for figure, values in told.items()}
    ranges = {figure: max(values) - min(values) if values else 0.0 for figure, values in told.items()}
    return Scale(weights, medians, ranges)


def similar(target: School, schools: Sequence[School]) -> list[Peer]:
    """The set of a school, itself first, among schools of which those of its group count; ties go by URN."""
    group = {one.urn: one for one in schools if one.group == target.group and one.urn != target.urn}
    by = scale(target.group, (target, *group.values()))
    near = nearest(target, list(group.values()), by)[:NEAREST]
    first = [Peer(target, 0.0, "the school itself", by.assumed(target))]
    reasons: list[tuple[str, list[Peer]]] = [
        ("boards too", [one for one in near if target.boards and one.school.boards]),
        ("same region", [one for one in near if target.region and one.school.region == target.region]),
        ("distance", near),
    ]
    chosen = {target.urn: first[0]}
    for why, peers in reasons:
        for one in peers:
            chosen.setdefault(one.school.urn, Peer(one.school, one.distance, why, one.assumed))
    return list(chosen.values())[:CHOSEN]


def nearest(target: School, others: Sequence[School], by: Scale) -> list[Peer]:
    """Other schools of the same group, the nearest first."""
    found = [
        Peer(one, by.distance(target, one), "distance", by.assumed(one))
        for one in others
        if one.group == target.group and one.urn != target.urn
    ]
    return sorted(found, key=lambda peer: (peer.distance, peer.school.urn))
