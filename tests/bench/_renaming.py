"""A hostile day: every device gives itself another name every minute. How many series does a school's page get of it?

    _renaming.figures(figures)

The day begins and ends in the morning, so that it has the midnight at which a name may change.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from _figures import Figures
from trusts import START, Trust, asked, system

from collector import london, understand
from collector.metrics import school
from collector.store import Store, register

DEVICES, MINUTES, SCRAPED_MINUTES = 2, 24 * 60, 15
MINUTE = timedelta(minutes=1)


def figures(figures: Figures) -> None:
    """Print them."""
    with TemporaryDirectory(prefix="strenaming-") as folder:
        store = Store.open(f"sqlite:///{Path(folder) / 'store.db'}")
        try:
            first, later = _day(Trust(store))
        finally:
            store.close()
    figures.beside("hostile day: names that each device gave itself", MINUTES, "names")
    figures.beside("hostile day: series at its beginning", len(first), "series")
    figures.at_most("hostile day: new series a device", len(later - first) / DEVICES, 1, "series")


def _day(trust: Trust) -> tuple[set[str], set[str]]:
    """The series of the first scrape, and all of the day."""
    first: set[str] = set()
    seen: set[str] = set()
    for minute in range(MINUTES):
        when = START + minute * MINUTE
        for device in range(DEVICES):
            said = system(f"name-{minute}-{device}", description=f"a switch of minute {minute}")
            address, mac = f"10.1.0.{device + 5}", f"00:1b:21:00:00:{device + 1:02x}"
            trust.keep(asked(said, address=address, mac=mac), when)
        while understand.understand_pending(trust.store, trust.id, when):
            pass
        if minute % SCRAPED_MINUTES == 0 or minute == MINUTES - 1:
            found = _series(trust, london.day_of(when))
            first = first or found
            seen |= found
    return first, seen


def _series(trust: Trust, today: date) -> set[str]:
    """Name and labels of every series of the school's page."""
    with trust.store.reader() as connection:
        (row,) = register.schools(connection, trust.id)
    page = school.exposition(trust.store, trust.id, row.school_id, today)
    assert page is not None
    return {line.rpartition(" ")[0] for line in page.decode().splitlines() if not line.startswith("#")}
