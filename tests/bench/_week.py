"""A week without a link, then everything at once: what broke in it and is well again alerts nobody, and is history.

    _week.figures(figures)

The estate of `tests/health_estate.py` is asked every hour for a week; in its third day all of FAILURES break, and are
mended half a day later. The collector gets the week's answers in one go. What alerts is what a school's page shows as
warning or critical; what did so before the week is left out.
"""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from _figures import Figures

from collector import understand, watching
from collector.store import Store, conditions
from collector.store.conditions import ChangeRow
from health_estate import FAILURES, URNS, World, set_up

HOUR = timedelta(hours=1)
HOURS, BROKEN, MENDED = 7 * 24, 60, 72
MOST_OFF = HOUR  # by which history may tell the beginning of a failure later than it was: the devices are asked hourly


def figures(figures: Figures) -> None:
    """Print them."""
    with tempfile.TemporaryDirectory(prefix="stweek-") as folder:
        store = Store.open(f"sqlite:///{Path(folder) / 'store.db'}")
        try:
            new, remembered = _replay(set_up(store))
        finally:
            store.close()
    figures.exactly("a week replayed: alerts that it raises", new, 0, "alerts")
    figures.exactly("a week replayed: failures in history at their true times", remembered, len(FAILURES), "failures")


def _replay(world: World) -> tuple[int, int]:
    """How many aspects are bad that were not, and how many failures history tells of at their times."""
    world.now -= HOURS * HOUR
    world.cycle(3)
    before, begun = _bad(world), world.now
    for hour in range(1, HOURS + 1):
        if hour == BROKEN:
            for failure in FAILURES:
                world.fail(failure)
        if hour == MENDED:
            for failure in FAILURES:
                world.mend(failure)
        world.now = begun + hour * HOUR
        world.bring()
    while understand.understand_pending(world.store, world.trust_id, world.now):
        pass
    watching.watch(world.store, world.trust_id, world.now)
    times = (begun + BROKEN * HOUR, begun + MENDED * HOUR)
    told = sum(_is_told(world, failure.device, failure.aspect, times) for failure in FAILURES)
    return len(_bad(world) - before), told


def _bad(world: World) -> set[tuple[str, str]]:
    with world.store.reader() as connection:
        rows = [
            row
            for school in URNS
            for row in conditions.of_school(connection, world.trust_id, world.school_ids[school], world.now.date())
        ]
    return {(row.device_id, row.aspect) for row in rows if row.state in conditions.BAD}


def _is_told(world: World, device: str, aspect: str, times: tuple[datetime, datetime]) -> bool:
    """Whether history has it of the device or of a part: the device may have had something else before."""
    with world.store.reader() as connection:
        rows = conditions.history(connection, world.trust_id, world.device_id(device))
    return any(row.aspect == aspect and row.state in conditions.BAD and _was(row, times) for row in rows)


def _was(row: ChangeRow, times: tuple[datetime, datetime]) -> bool:
    begun, ended = times
    return row.until is not None and abs(row.since - begun) <= MOST_OFF and abs(row.until - ended) <= 2 * MOST_OFF
