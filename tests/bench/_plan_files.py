"""What the files of a plan cost: seconds, size and memory of each form. A part of `refresh`."""

from __future__ import annotations

import time
import tracemalloc
from dataclasses import dataclass
from typing import Any

from collector.plan_files import Content
from collector.plan_files.forms import FORMS


@dataclass(frozen=True)
class Cost:
    """What writing one form took. `peak`: MB that it took beside the plan, None where that was not measured."""

    form: str
    seconds: float
    size: int
    peak: float | None


class Counted:
    """A file that keeps nothing but its length. ZIP asks where it is."""

    def __init__(self) -> None:
        self.size = 0

    def write(self, octets: bytes) -> int:
        """Count it."""
        self.size += len(octets)
        return len(octets)

    def tell(self) -> int:
        """How much was written."""
        return self.size

    def flush(self) -> None:
        """Nothing is kept."""


def measure(content: Content, *, memory: bool = False) -> list[Cost]:
    """The cost of each form of a plan; measuring memory takes several times as long."""
    return [_cost(form, content, memory=memory) for form in FORMS]


def _cost(form: str, content: Content, *, memory: bool) -> Cost:
    out: Any = Counted()
    if memory:
        tracemalloc.start()
    started = time.perf_counter()
    FORMS[form].write(out, content)
    seconds = time.perf_counter() - started
    peak = tracemalloc.get_traced_memory()[1] / 2**20 if memory else None
    if memory:
        tracemalloc.stop()
    return Cost(form, seconds, out.size, peak)


def lines(content: Content) -> list[str]:
    """The costs as lines of a bench's report."""
    return [
        f"{cost.form}: {cost.seconds:.1f} s, {cost.size / 2**20:.1f} MB for {len(content.rows):,} rows"
        for cost in measure(content)
    ]
