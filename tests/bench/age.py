"""Every figure of how old things are: against dates from other sources, and how much of the corpus is dated at all.

Runs on `../shared/corpus`; where it is absent it says so and ends well. `tests/bench/_pairs.py` lists the pairs.
"""

from __future__ import annotations

import contextlib
import json
import lzma
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT / "tests" / "bench")]

from _dated import SEEN, Dated  # noqa: E402
from _figures import Figures  # noqa: E402 - the path comes first
from _pairs import Monitor, Pair, monitors, pairs  # noqa: E402
from _walks import CORPUS, there, walks  # noqa: E402

from collector.age import About, Says, Told, launches, of_week, of_year, serials  # noqa: E402
from collector.age.assess import abouts, clues, dossier  # noqa: E402
from collector.age.estimate import Estimate, estimate  # noqa: E402
from collector.facts import maker_key  # noqa: E402
from collector.interpret import read_file  # noqa: E402

MONTH = 30.44  # days


@dataclass(frozen=True, slots=True)
class Judged:
    """An estimate made without the date that it is judged by."""

    maker: str
    estimate: Estimate
    truth: date

    @property
    def dated(self) -> bool:
        """Whether there is a best date."""
        return self.estimate.best is not None

    @property
    def off_days(self) -> int:
        """How far the best date is from the truth."""
        return abs((self.estimate.best - self.truth).days) if self.estimate.best else 0

    @property
    def held(self) -> bool:
        """Whether the interval holds the truth."""
        return (self.estimate.earliest or date.min) <= self.truth <= (self.estimate.latest or date.max)


def main() -> None:
    """Print all figures."""
    figures = Figures()
    if not there():
        print("no corpus here: nothing is measured")
        figures.done()
    found = pairs()
    opened, apart = ([judged(p) for p in found if p.apart is half] for half in (False, True))
    screens = [watched(monitor) for monitor in monitors()]
    figures.beside("pairs of serial number and recorded date, looked at", len(opened), "pairs")
    figures.beside("pairs of serial number and recorded date, kept apart", len(apart), "pairs")
    figures.beside("monitors with an independent decoding", len(screens), "monitors")
    accuracy(figures, "all", [*opened, *apart, *screens])
    accuracy(figures, "kept apart", apart)
    by_maker([*opened, *apart])
    unverified([*opened, *apart])
    dated(figures)
    processors(figures)
    figures.done()


# ------------------------------------------------------------------------------------------------ against other sources


def judged(pair: Pair) -> Judged:
    """What is estimated of a pair from everything but dates that are told."""
    return Judged(maker_key(pair.about.maker), estimate(clues(pair.about)), pair.date)


def watched(monitor: Monitor) -> Judged:
    """What is estimated of a monitor from its EDID, against the middle of what the other decoder says."""
    reading = read_file("edid.bin", monitor.block)
    whole, _ = abouts(dossier("edid", reading, SEEN))
    truth = of_week(monitor.year, monitor.week) if monitor.week and monitor.week <= 53 else of_year(monitor.year)
    return Judged("monitors", estimate(clues(whole)), truth.middle)


def accuracy(figures: Figures, name: str, all_of: Iterable[Judged]) -> None:
    """The figures of the issue about dates."""
    everything = list(all_of)
    told = [item for item in everything if item.dated]
    if not told:
        print(f"{name}: nothing is dated")
        return
    months = [item.off_days / MONTH for item in told]
    figures.beside(f"{name}: dated", 100 * len(told) / len(everything), "%")
    figures.at_most(f"{name}: median error where dated", statistics.median(months), 3, "months")
    bounded = [item for item in everything if item.estimate.earliest]
    figures.at_least(f"{name}: intervals that hold the recorded date", _share(i.held for i in bounded), 90, "%")
    figures.at_most(f"{name}: wrong by over a year", _share(i.off_days > 365 for i in told), 2, "%")
    figures.exactly(f"{name}: dates outside the bounds", sum(outside(i.estimate) for i in told), 0, "dates")


def outside(found: Estimate) -> bool:
    """Whether the best date leaves a bound that stands."""
    bounds = [w.clue for w in found.case if w.clue.says in (Says.NOT_BEFORE, Says.NOT_AFTER) and not w.gap_days]
    return found.best is not None and any(
        not bound.spans[0].earliest <= found.best <= bound.spans[0].latest for bound in bounds
    )


def by_maker(all_of: Iterable[Judged]) -> None:
    """A line for each maker."""
    of: dict[str, list[Judged]] = defaultdict(list)
    for item in all_of:
        of[item.maker].append(item)
    for maker, items in sorted(of.items()):
        told = [item for item in items if item.dated]
        median = f"{statistics.median(i.off_days for i in told) / MONTH:.1f} months off" if told else "none dated"
        print(f"  {maker}: {len(items)} pairs, {len(told)} dated, {sum(i.held for i in told)} held, {median}")


def unverified(all_of: Iterable[Judged]) -> None:
    """The rules that no pair has verified."""
    verified = {w.clue.rule for item in all_of for w in item.estimate.case if item.dated and w.clue.says is Says.MADE}
    print("rule stated by its source, not verified by a recorded date:")
    for rule in serials.rules():
        if f"serial.{rule.name}" not in verified and rule.dates:
            print(f"  {rule.name}: {rule.source}")


# ------------------------------------------------------------------------------------------------ how much is dated


def dated(figures: Figures) -> None:
    """The share of recorded devices that are dated, and of those whose serial number has the form that tells it."""
    found = Dated()
    for name, content in walks():
        with contextlib.suppress(ValueError):  # a recording without a binding
            found.count(name, read_file(f"{name}.snmprec", content))
    for title, of in found.tables().items():
        print(f"{title}: {', '.join(f'{name} {sum(each)} of {len(each)}' for name, each in sorted(of.items()))}")
    figures.beside("recorded devices that are dated", _share(d for of in found.classes.values() for d in of), "%")
    figures.beside("recorded devices whose serial number has the form that its maker dates", len(found.form), "devices")
    figures.at_least("of those, dated", _share(found.form), 90, "%")
    figures.beside("… whose number is masked or of another form of such a maker", len(found.other_forms), "devices")


def processors(figures: Figures) -> None:
    """Recorded processors against the launch of their row: a bound must not be younger than their release quarter."""
    with lzma.open(CORPUS / "cpu.jsonl.xz", "rt", encoding="utf-8") as lines:
        brands = [row for row in map(json.loads, lines) if row["release"]]
    known = [(row["release"], day) for row in brands if (day := _launch(row["brand"]))]
    later = sum(day > _quarters_end(release) for release, day in known)
    figures.beside("processors with a recorded release quarter, of which a row is known", len(known), "processors")
    figures.exactly("of those, released before their row's launch", later, 0, "processors")


def _launch(brand: str) -> date | None:
    told = Told("processor", brand)
    return launches.processor(About("desktop", told={"processor": (told,)}))


def _quarters_end(release: str) -> date:
    quarter, year = int(release[1]), 2000 + int(release[3:])
    return date(year + quarter // 4, quarter * 3 % 12 + 1, 1) - timedelta(days=1)


def _share(found: Iterable[bool]) -> float:
    values = list(found)
    return 100 * sum(values) / max(len(values), 1)


if __name__ == "__main__":
    main()
