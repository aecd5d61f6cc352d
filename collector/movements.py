"""What happened to the register between two days: every device that came, went, moved or stayed, in number and pence.

Pure, over what was believed at both days: it knows no store and no page. Each device yields steps; whatever is added up
of them balances, since the steps of one device lead from how it stood to how it stands:

    opening + bought + found ± moved ± reclassified ± cost corrected − disposed − left = closing

Written off likewise: opening, what went and came with devices, and the charge of the time between.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date


class Step(enum.StrEnum):
    """One line of the statement."""

    OPENING = "opening"
    BOUGHT = "bought"
    FOUND = "found"
    MOVED_IN = "moved in"
    MOVED_OUT = "moved out"
    RECLASSIFIED = "reclassified"
    CORRECTED = "cost corrected"
    CHARGE = "depreciation charge"
    DISPOSED = "disposed"
    LEFT = "left"
    CLOSING = "closing"


#: what leads from opening to closing
BETWEEN = tuple(step for step in Step if step not in (Step.OPENING, Step.CLOSING))


@dataclass(frozen=True, slots=True)
class Figures:
    """Devices, and pence of what they cost and of what is written off."""

    devices: int = 0
    cost: int = 0
    written_off: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.devices + other.devices, self.cost + other.cost, self.written_off + other.written_off
        )  # fmt: skip

    def __neg__(self) -> Figures:
        return Figures(-self.devices, -self.cost, -self.written_off)

    @property
    def value(self) -> int:
        """What is not written off."""
        return self.cost - self.written_off


@dataclass(frozen=True, slots=True)
class Standing:
    """A device at one of the days. `group`: of the school, class or fund that it is counted under; None: of none seen.

    `counted`: whether it is in the register that is asked of (one that is gone, or not capitalised, may not be).
    `gone`: a record says that it was disposed of. `figures`: of those that are counted.
    """

    group: str | None
    counted: bool
    gone: bool = False
    purchased: date | None = None
    figures: Figures = Figures()


@dataclass(frozen=True, slots=True)
class Movement:
    """One step of one device under a group."""

    device_id: str
    group: str
    step: Step
    figures: Figures


@dataclass(frozen=True, slots=True)
class Pair:
    """A device as it stood and as it stands; None: it was not in the register at all.

    `brought`: what was written off by the first day of one that came without being bought since; `at_end`: what was
    written off of one that went by the day it went.
    """

    device_id: str
    before: Standing | None
    after: Standing | None
    brought: int = 0
    at_end: int = 0


def of_device(pair: Pair, since: date) -> Iterator[Movement]:
    """The steps of one device since the end of a day, opening and closing among them."""
    before, after = _seen(pair.before), _seen(pair.after)
    if before is not None and before.group is not None:
        yield Movement(pair.device_id, before.group, Step.OPENING, before.figures)
    if before is not None and after is not None:
        yield from _stays(pair.device_id, before, after)
    elif after is not None:
        yield from _comes(pair, after, since)
    elif before is not None:
        yield from _goes(pair, before)
    if after is not None and after.group is not None:
        yield Movement(pair.device_id, after.group, Step.CLOSING, after.figures)


def _seen(standing: Standing | None) -> Standing | None:
    return standing if standing is not None and standing.counted else None


def _stays(device_id: str, before: Standing, after: Standing) -> Iterator[Movement]:
    """It moves as it stood; what became of it since is said where it is."""
    if before.group != after.group:
        if before.group is not None:
            yield Movement(device_id, before.group, Step.MOVED_OUT, -before.figures)
        if after.group is not None:
            yield Movement(device_id, after.group, Step.MOVED_IN, before.figures)
    if after.group is not None:
        yield from _changes(device_id, after.group, before.figures, after.figures)


def _comes(pair: Pair, after: Standing, since: date) -> Iterator[Movement]:
    if after.group is None:
        return
    step = Step.FOUND
    if pair.before is not None:
        step = Step.RECLASSIFIED
    elif after.purchased is not None and after.purchased > since:
        step = Step.BOUGHT
    brought = 0 if step is Step.BOUGHT else min(pair.brought, after.figures.cost)
    came = Figures(after.figures.devices, after.figures.cost, brought)
    yield Movement(pair.device_id, after.group, step, came)
    yield from _changes(pair.device_id, after.group, came, after.figures)


def _goes(pair: Pair, before: Standing) -> Iterator[Movement]:
    if before.group is None:
        return
    step = Step.RECLASSIFIED
    if pair.after is None:
        step = Step.LEFT
    elif pair.after.gone:
        step = Step.DISPOSED
    had = before.figures
    last = Figures(had.devices, had.cost, max(had.written_off, min(pair.at_end, had.cost)))
    yield from _changes(pair.device_id, before.group, had, last)
    yield Movement(pair.device_id, before.group, step, -last)


def _changes(device_id: str, group: str, had: Figures, has: Figures) -> Iterator[Movement]:
    """What it cost was corrected, what was written off grew."""
    if has.cost != had.cost:
        yield Movement(device_id, group, Step.CORRECTED, Figures(0, has.cost - had.cost))
    if has.written_off != had.written_off:
        yield Movement(device_id, group, Step.CHARGE, Figures(0, 0, has.written_off - had.written_off))


# ------------------------------------------------------------------------------------------------ adding up


@dataclass(slots=True)
class Statement:
    """The steps of many devices added up by group; `total` is of all groups, where moves between them cancel."""

    groups: dict[str, dict[Step, Figures]]

    @property
    def total(self) -> dict[Step, Figures]:
        """All groups together."""
        return {step: sum((lines[step] for lines in self.groups.values()), Figures()) for step in Step}

    def unbalanced(self) -> list[str]:
        """The groups whose steps do not lead from opening to closing: there are none."""
        return [
            group
            for group, lines in self.groups.items()
            if sum((lines[step] for step in BETWEEN), lines[Step.OPENING]) != lines[Step.CLOSING]
        ]


def add_up(movements: Iterable[Movement]) -> Statement:
    """The statement of all steps, groups by name."""
    groups: dict[str, dict[Step, Figures]] = {}
    for movement in movements:
        lines = groups.setdefault(movement.group, dict.fromkeys(Step, Figures()))
        lines[movement.step] += movement.figures
    return Statement(dict(sorted(groups.items())))
