"""What a year past its replace-by date counts as a risk: weight of the class times weight of every exposure. Pure.

The figures are rows of `weights.tsv`, each with its source; a trust may set any of them. It knows no plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from collector.refresh import tables
from collector.refresh.values import Kit

LOW_MARK = 2.0  # of 5: people are not content
OTHERS = "other"
UPGRADE = ("action", "upgrade")


@dataclass(frozen=True, slots=True)
class Weight:
    """A row. `kind`: class, action or exposure. `classes`, `uses`: where an exposure applies, empty for all."""

    kind: str
    name: str
    weight: float
    classes: frozenset[str]
    uses: frozenset[str]
    source: str
    checked: str


@cache
def weight_rows() -> tuple[Weight, ...]:
    """Every row of weights.tsv."""
    return tuple(
        Weight(
            row["kind"],
            row["name"],
            float(row["weight"]),
            frozenset(tables.words(row["classes"])),
            frozenset(tables.words(row["uses"])),
            row["source"],
            row["checked"],
        )
        for row in tables.rows("weights")
    )


class Weights:
    """The table, with what a trust set instead: (kind, name) → weight."""

    def __init__(self, overrides: Mapping[tuple[str, str], float] | None = None) -> None:
        instead = overrides or {}
        rows = weight_rows()
        self._classes = {r.name: instead.get((r.kind, r.name), r.weight) for r in rows if r.kind == "class"}
        self._classes |= {name: weight for (kind, name), weight in instead.items() if kind == "class"}
        self._upgrade = next(instead.get((r.kind, r.name), r.weight) for r in rows if (r.kind, r.name) == UPGRADE)
        self._exposures = {r.name: (instead.get((r.kind, r.name), r.weight), r) for r in rows if r.kind == "exposure"}

    def of_class(self, device_class: str) -> float:
        """The weight of a class, else of all others."""
        found = self._classes.get(device_class)
        return self._classes[OTHERS] if found is None else found

    @property
    def of_upgrade(self) -> float:
        """What an upgrade that is past its date counts, as a part of replacing the same device."""
        return self._upgrade

    def exposures(self, kit: Kit, first_day: date, *, alone: bool) -> tuple[str, ...]:
        """The exposures of a device by the first day of a plan. `alone`: it is the only one of its class there."""
        return tuple(name for name, (_, row) in self._exposures.items() if _exposed(name, row, kit, first_day, alone))

    def weigh(self, weight: float, exposures: tuple[str, ...]) -> float:
        """A weight of class times those of exposures."""
        for name in exposures:
            weight *= self._exposures[name][0]
        return weight


def _exposed(name: str, row: Weight, kit: Kit, first_day: date, alone: bool) -> bool:  # noqa: FBT001, a row's cell
    fits = kit.device_class in row.classes or (bool(kit.use) and kit.use.casefold() in row.uses)
    if name == "unsupported":
        return kit.support_ends is not None and kit.support_ends < first_day
    if name == "alone":
        return alone and fits
    if name == "failing":
        return bool(kit.condition)
    if name == "minimum":
        return bool(kit.minimum)
    if name == "marks":
        return kit.marks is not None and kit.marks <= LOW_MARK
    return fits
