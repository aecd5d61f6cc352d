"""From what a device tells to how old it is: the order of the steps, for the device and for each of its parts.

facts → what each thing is (`About`) → clues (sightings and records, dates that are told, serial numbers, launches) →
`estimate`; beside it, until when its makers support it, and whether it can run Windows 11. It knows no rule of any
maker, and nothing of the store: a `Dossier` is all it gets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from collector.age import (
    NO_RECORDS,
    About,
    Clue,
    Grade,
    Records,
    Told,
    launches,
    made,
    not_after,
    readiness,
    serials,
    support,
    told,
    written_span,
)
from collector.age.estimate import Estimate, estimate
from collector.age.readiness import Readiness
from collector.age.support import Support
from collector.age.support_rows import Rows
from collector.facts import Reading

#: names of the facts that are looked at, here and in the steps below
FACTS = frozenset({
    "class", "maker", "model", "serial", "firmware", "hardware", "name", "product_number", "part_number", "sku",
    "family", "type", "maker_id", "manufactured", "first_used", "installed", "battery.replaced", "replaced",
    "bios_date", "manufacture_year", "manufacture_week", "model_year", "power_on_time", "processor", "memory",
    "size", "hypervisor", "tpm", "tpm_version", "secure_boot", "firmware_mode", "os.product", "os.name",
    "os.version", "os.edition", "os.build", "os.install_time",
})  # fmt: skip
PAST_FACTS = frozenset({"bios_date"})  # of which the earliest ever told counts
CORRECTABLE = ("class", "maker", "model", "name")  # cells that a person may correct, beside the age itself
PLACES = {"battery.replaced": "battery/ups"}  # facts that a device tells, and that are of a part


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything that is known of one device when its age is assessed.

    `facts` are the current ones, of each name what stands first; of `bios_date` also the past ones.
    """

    device_id: str
    facts: tuple[Told, ...]
    first_seen: date | None  # None: nobody has seen it yet, a record alone tells of it
    records: Records = NO_RECORDS


@dataclass(frozen=True, slots=True)
class Assessment:
    """How old a device is, and its parts that have an age of their own (by component), and how long it is supported.

    `bought` is where the finance age starts: another number, never mixed with `estimate`.
    """

    estimate: Estimate
    parts: dict[str, Estimate] = field(default_factory=dict)
    support: tuple[Support, ...] = ()
    readiness: Readiness | None = None
    bought: date | None = None


def assess(dossier: Dossier, rows: Rows | None = None) -> Assessment:
    """The assessment of a device and its parts; `rows` are the ends of support, those that came with Stocktake if None.

    Windows 11 asks for the size of one disk: of several the largest counts, of none nothing is known.
    """
    whole, parts = abouts(dossier)
    return Assessment(
        estimate=estimate(clues(whole, parts)),
        parts={part.component: found for part in parts if (found := estimate(clues(part))).case},
        support=support.of(whole, rows),
        readiness=readiness.of(whole, max(_disk_sizes(parts), default=None)),
        bought=dossier.records.purchased,
    )


def clues(about: About, parts: tuple[About, ...] = ()) -> Iterator[Clue]:
    """All evidence of age of one thing; the parts of a device are evidence, too."""
    yield from _bounds(about)
    yield from told.clues(about, parts)
    yield from serials.clues(about)
    yield from launches.clues(about, parts)


def _disk_sizes(parts: Iterable[About]) -> Iterator[int]:
    """Octets of each disk that tells its size; an empty card reader is a disk of none."""
    sizes = (size.value for part in parts if part.kind == "disk" and (size := part.first("size")))
    yield from (size for size in sizes if isinstance(size, int) and size > 0)


def _bounds(about: About) -> Iterator[Clue]:
    if about.records.made:
        rule, written = f"correction.{about.records.made_by}", about.records.made
        yield made([written_span(written)], Grade.PERSON, rule, written, "a person said when it was made")
    if about.first_seen:
        day = about.first_seen
        yield not_after(day, Grade.SEEN, "first sighting", day.isoformat(), "an agent saw it for the first time")
    for name, start in (("purchase", about.records.purchased), ("warranty start", about.records.warranty_start)):
        if start is not None:
            yield not_after(start, Grade.RECORD, name, start.isoformat(), f"the record tells its {name}")


# ------------------------------------------------------------------------------------------------ what is what


def dossier(device_id: str, reading: Reading, seen: date) -> Dossier:
    """The dossier of a device of which one reading is all that is known, seen for the first time on a day."""
    told = (
        Told(f.name, f.value, f.rule, f.source.group, f.source.locator, f.component, seen)
        for f in reading.chosen
        if f.name in FACTS
    )
    return Dossier(device_id, tuple(told), seen)


def as_told(dossier: Dossier) -> dict[str, str]:
    """What the evidence says of the cells that a person may correct; what it does not say is left out."""
    found: dict[str, str] = {}
    for fact in dossier.facts:
        if not fact.component and fact.name in CORRECTABLE:
            found.setdefault(fact.name, str(fact.value))
    return found


def heed(dossier: Dossier, corrected: Mapping[str, tuple[str, str]]) -> Dossier:
    """The dossier with what a person says in front: of a cell its value, and the id of the correction."""
    said = [
        Told(cell, value, rule=f"correction.{correction_id}")
        for cell, (value, correction_id) in corrected.items()
        if cell in CORRECTABLE
    ]
    records = dossier.records
    if "made" in corrected:
        written, correction_id = corrected["made"]
        records = replace(records, made=written, made_by=correction_id)
    return replace(dossier, facts=(*said, *dossier.facts), records=records)


def abouts(dossier: Dossier) -> tuple[About, tuple[About, ...]]:
    """The device and its parts as age sees them; a part lacks what the device tells of itself, but not its maker."""
    of: dict[str, list[Told]] = {"": []}
    for fact in dossier.facts:
        of.setdefault(fact.component or PLACES.get(fact.name, ""), []).append(fact)
    whole = _about("", of.pop(""), dossier)
    return whole, tuple(_about(component, of[component], dossier, whole) for component in sorted(of))


def _about(component: str, facts: Iterable[Told], dossier: Dossier, whole: About | None = None) -> About:
    by_name: dict[str, list[Told]] = {}
    for fact in facts:
        by_name.setdefault(fact.name, []).append(fact)
    first = {name: str(said[0].value) for name, said in by_name.items()}
    return About(
        kind=component.partition("/")[0] if component else first.get("class", "unknown"),
        maker=first.get("maker", whole.maker if whole else ""),
        model=first.get("model", ""),
        serial=first.get("serial", ""),
        component=component,
        told={name: tuple(said) for name, said in by_name.items()},
        first_seen=_since(by_name) if component else dossier.first_seen,
        records=NO_RECORDS if component else dossier.records,
    )


def _since(told: dict[str, list[Told]]) -> date | None:
    """When a part was first seen: it may be newer than the device, so only its own serial number tells."""
    return min((fact.since for fact in told.get("serial", ()) if fact.since), default=None)
