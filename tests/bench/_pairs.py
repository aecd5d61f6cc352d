"""Independent pairs for measuring age: a thing with a serial number, and a date of manufacture from another source.

Run as a program it lists every pair with its source. Half of the pairs, by the hash of the serial number, were looked
at while rules were written (`open`); the other half was kept apart until they were done (`apart`).
"""

from __future__ import annotations

import hashlib
import json
import lzma
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "proto"), str(ROOT / "tests" / "bench")]

from _dated import SEEN  # noqa: E402 - the path comes first
from _walks import CORPUS, walks  # noqa: E402

from collector.age import About  # noqa: E402
from collector.age.assess import Dossier, abouts, dossier  # noqa: E402
from collector.facts import Fact, Reading  # noqa: E402
from collector.interpret import read_file  # noqa: E402

TOLD = frozenset({"manufactured", "first_used", "installed", "bios_date", "manufacture_year", "manufacture_week"})
MOST_MONITORS = 50


@dataclass(frozen=True, slots=True)
class Pair:
    """A thing without the dates it tells, the date that another source tells, and where that source is."""

    about: About
    date: date
    source: str

    @property
    def apart(self) -> bool:
        """Whether it was kept apart."""
        return hashlib.sha256(self.about.serial.encode()).digest()[0] % 2 == 1


def pairs() -> list[Pair]:
    """Every pair of the recorded walks, each serial number once."""
    found: dict[str, Pair] = {}
    for name, content in walks():
        try:
            reading = read_file(f"{name}.snmprec", content)
        except ValueError:
            continue
        for pair in _of(name, reading, dossier(name, reading, SEEN)):
            found.setdefault(pair.about.serial, pair)
    return [found[serial] for serial in sorted(found)]


def _of(walk: str, reading: Reading, known: Dossier) -> Iterator[Pair]:
    """Pairs of one walk: serial number and date of the same row of the same table, so that they are of one thing."""
    blind = replace(known, facts=tuple(fact for fact in known.facts if fact.name not in TOLD))
    whole, parts = abouts(blind)
    things = {about.component: about for about in (whole, *parts)}
    serials = {(f.component, _row(f)): str(f.value) for f in reading.facts if f.name == "serial"}
    for fact in reading.facts:
        serial = serials.get((fact.component, _row(fact)), "") if fact.name == "manufactured" else ""
        about = things.get(fact.component)
        if serial and about:
            day = date.fromisoformat(str(fact.value))
            source = f"{walk} {about.component or 'device'}: {fact.rule} {fact.source.locator}"
            yield Pair(replace(about, serial=serial), day, source)


def _row(fact: Fact) -> tuple[str, ...]:
    """The table and the row that a fact stands in: its OID without the column."""
    *table, _column, index = fact.source.locator.split(".") if "." in fact.source.locator else ("", "", "")
    return (*table, index)


@dataclass(frozen=True, slots=True)
class Monitor:
    """A recorded EDID and what an independent decoder says of its date: a year, and a week where it is told."""

    block: bytes
    year: int
    week: int | None


def monitors() -> list[Monitor]:
    """At most 50 recorded monitors with a date, chosen by hash."""
    path = CORPUS / "edid.jsonl.xz"
    if not path.is_file():
        return []
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    dated = [row for row in rows if row["edid"]["year"] and row["edid"]["checksum_ok"]]
    dated.sort(key=lambda row: hashlib.sha256(row["hex"].encode()).digest())
    return [
        Monitor(bytes.fromhex(row["hex"]), row["edid"]["year"], row["edid"]["week"]) for row in dated[:MOST_MONITORS]
    ]


def main() -> None:
    """List the pairs."""
    for pair in pairs():
        about, half = pair.about, "apart" if pair.apart else "open"
        print(f"{half:5}  {about.serial:24} {pair.date}  {about.kind:14} {about.maker} {about.model}  [{pair.source}]")


if __name__ == "__main__":
    main()
