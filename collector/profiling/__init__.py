"""Reads what consistency and school profiles are made of, and has the pure rules of `benchmark` count it.

saying        what people change: the catalogue, what is said of a school, thresholds; journaled
bringing      the same from a table (CSV or XLSX): all of it, or nothing and a sentence for every bad row

It knows no page. What is retired or disposed of is left out everywhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from collector import judging, london
from collector.audit import Outcome, rule_sets
from collector.auditing import ACCEPTED
from collector.benchmark import consistency, profile
from collector.benchmark.consistency import Catalogue, Standing, Tally, Thing
from collector.benchmark.profile import PERSONAL, Figures, Measure, Part
from collector.planning.gather import overrides
from collector.refresh.policies import Policies
from collector.store import Transaction, cases, conditions, coverage, register
from collector.store import consistency as rows
from collector.store import planning as planned
from collector.store.consistency import WHOLE_TRUST, Said
from collector.store.rows import Coverage

__all__ = ["WHOLE_TRUST", "Kit", "Profile", "Said", "kit", "one", "price", "profiles"]

FIVE_YEARS = 5 * 365.25  # days
Schools = frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Kit:
    """The devices of some schools, ready to be held against the catalogue. `schools`: names by id, in their order."""

    things: Sequence[Thing]
    catalogue: Catalogue
    schools: Mapping[str, str]

    def chosen(
        self, *, school: str = "", device_class: str = "", model: str | None = None, standing: str = "",
        firmware: str | None = None,
    ) -> list[Thing]:  # fmt: skip
        """The devices that answer to a filter: what every count on a page leads to.

        `model`: a key of `consistency.key_of`, "" for those whose model nobody knows; None for any.
        """
        return [
            thing
            for thing in self.things
            if (not school or thing.school_id == school)
            and (not device_class or thing.device_class == device_class)
            and (model is None or consistency.key_of(thing) == model)
            and (firmware is None or thing.firmware.strip() == firmware)
            and (not standing or self.catalogue.verdict(thing).standing == standing)
        ]


def kit(connection: Transaction, trust_id: str, now: datetime, schools: Schools = None) -> Kit:
    """What is there at some schools, or at all that belong to the trust."""
    names = cases.members(connection, trust_id, schools)
    found = [one for one in rows.things(connection, trust_id, schools) if one.school_id in names]
    return Kit(found, Catalogue(rows.entries(connection, trust_id), london.day_of(now)), names)


# ------------------------------------------------------------------------------------------------ profiles


@dataclass(frozen=True, slots=True)
class Profile:
    """What one school's page says. `said`: by field, of the school; `shared`: what is said of all schools.

    `bands`: by band of age, personal devices and all others. `audit`: findings of the DfE's standards by outcome.
    `judged`: when they were found, None where the school was not audited yet. `tally`: how devices stand.
    """

    figures: Figures
    measures: Sequence[Measure]
    said: Mapping[str, Said]
    shared: Mapping[str, Said]
    bands: Sequence[tuple[str, int, int]]
    covered: Coverage
    audit: Mapping[str, int]
    judged: datetime | None
    tally: Tally = field(default_factory=Tally)

    @property
    def school_id(self) -> str:
        """Whose profile it is."""
        return self.figures.school_id

    def value(self, name: str) -> str:
        """What is said of a field, of the school, else of all schools; "" where nobody said."""
        said = self.said.get(name) or self.shared.get(name)
        return said.value if said else ""


def one(connection: Transaction, trust_id: str, school_id: str, now: datetime) -> Profile | None:
    """The profile of one school; None where it is no school of the trust."""
    return next(iter(profiles(connection, trust_id, now, frozenset({school_id}))), None)


def profiles(connection: Transaction, trust_id: str, now: datetime, schools: Schools = None) -> list[Profile]:
    """The profiles of some schools, or of all that belong to the trust, by name."""
    read = _read(connection, trust_id, now, schools)
    held = profile.thresholds(rows.thresholds(connection, trust_id))
    return [_profile(read, held, school_id) for school_id in read.kit.schools]


@dataclass(frozen=True, slots=True)
class _Read:
    """Everything that profiles are made of, read once for all schools."""

    kit: Kit
    tallies: Mapping[str, Tally]
    models: Mapping[str, int]
    dated: Mapping[str, Sequence[rows.Dated]]
    supported: Mapping[str, rows.Support]
    unwell: Mapping[str, int]
    told: Mapping[str, int]
    covered: Mapping[str, Coverage]
    said: Mapping[str, Mapping[str, Said]]
    kept: judging.Kept
    today: date


def _read(connection: Transaction, trust_id: str, now: datetime, schools: Schools) -> _Read:
    today = london.day_of(now)
    found = kit(connection, trust_id, now, schools)
    by_school: dict[str, list[rows.Dated]] = {}
    for each in rows.dated(connection, trust_id, schools):
        by_school.setdefault(each.school_id, []).append(each)
    troubles = conditions.troubles(connection, trust_id, today, schools)
    bad = {one.device_id: one.school_id for one in troubles if not one.acknowledged}
    there = rows.present(connection, trust_id, bad)
    return _Read(
        kit=found,
        tallies=consistency.tallies(found.things, found.catalogue, lambda thing: thing.school_id),
        models=_most_models(found.things),
        dated=by_school,
        supported={each.school_id: each for each in rows.supported(connection, trust_id, today, schools)},
        unwell=Counter(school_id for device_id, school_id in bad.items() if device_id in there),
        told=rows.told(connection, trust_id, schools),
        covered=coverage.coverage(connection, trust_id, schools),
        said=_with_gias(connection, trust_id, rows.facts(connection, trust_id, schools), now),
        kept=judging.kept(connection, trust_id, rule_sets.shipped(rule_sets.DEFAULT), now, schools),
        today=today,
    )


def _with_gias(
    connection: Transaction, trust_id: str, said: Mapping[str, Mapping[str, Said]], now: datetime
) -> dict[str, dict[str, Said]]:
    """What is said of schools; where nobody said how many pupils there are, what GIAS says."""
    found = {school_id: dict(fields) for school_id, fields in said.items()}
    for school_id, (pupils, brought) in rows.gias_pupils(connection, trust_id).items():
        source = f"GIAS, file taken in on {brought.isoformat()}"
        found.setdefault(school_id, {}).setdefault("pupils", Said("pupils", str(pupils), None, source, now))
    return found


def _most_models(things: Sequence[Thing]) -> dict[str, int]:
    """By school the known models of the class of computers that has most."""
    found: dict[str, dict[str, set[str]]] = {}
    for thing in things:
        key = consistency.key_of(thing)
        if key and thing.device_class in PERSONAL:
            found.setdefault(thing.school_id, {}).setdefault(thing.device_class, set()).add(key)
    return {school_id: max(map(len, classes.values())) for school_id, classes in found.items()}


def _profile(read: _Read, held: Mapping[str, profile.Threshold], school_id: str) -> Profile:
    said, shared = read.said.get(school_id, {}), read.said.get(WHOLE_TRUST, {})
    audit = _audit(read.kept, school_id)
    covered = read.covered.get(school_id, Coverage())
    counted = _figures(read, school_id, said, audit, covered)
    return Profile(
        figures=counted, measures=profile.measures(counted, held), said=said, shared=shared,
        bands=_bands(read.dated.get(school_id, ()), read.today), covered=covered, audit=audit,
        judged=read.kept.when.times.get(school_id), tally=read.tallies.get(school_id, Tally()),
    )  # fmt: skip


def _figures(
    read: _Read, school_id: str, said: Mapping[str, Said], audit: Mapping[str, int], covered: Coverage
) -> Figures:
    support = read.supported.get(school_id, rows.Support(school_id, 0, 0, 0))
    tally, told = read.tallies.get(school_id, Tally()), read.told.get(school_id, 0)
    dated = read.dated.get(school_id, ())
    personal = sum(each.devices for each in dated if each.device_class in PERSONAL)
    known = sum(each.devices for each in dated if each.made is not None)
    pupils, hours = said.get("pupils"), said.get("support_hours")
    asked = audit.get(Outcome.FAIL.value, 0) + audit.get(ACCEPTED, 0)
    return Figures(
        school_id=school_id, name=read.kit.schools[school_id], devices=support.devices, personal=personal,
        pupils=int(pupils.value) if pupils else None,
        old=_old(dated, read.today), dated=Part(known, support.devices),
        unsupported=Part(support.ended, support.known, support.devices - support.known),
        unwell=Part(read.unwell.get(school_id, 0), told, support.devices - told),
        standard=Part(tally.count(Standing.ON), tally.known, tally.count(Standing.UNKNOWN)),
        unseen=Part(covered.unidentified, support.devices),
        asked=Part(asked, asked + audit.get(Outcome.PASS.value, 0), audit.get(Outcome.UNTOLD.value, 0)),
        models=read.models.get(school_id), hours=float(hours.value) if hours else None,
        lead=True if said.get("digital_lead") else None,
    )  # fmt: skip


def _old(dated: Sequence[rows.Dated], today: date) -> Part:
    """Personal devices older than five years, of those whose age is known."""
    since = today - timedelta(days=round(FIVE_YEARS))
    mine = [each for each in dated if each.device_class in PERSONAL]
    known = [each for each in mine if each.made is not None]
    old = sum(each.devices for each in known if each.made is not None and each.made < since)
    whole = sum(each.devices for each in known)
    return Part(old, whole, sum(each.devices for each in mine) - whole)


def _bands(dated: Sequence[rows.Dated], today: date) -> list[tuple[str, int, int]]:
    """By band of age, personal devices and all others; the bands are those of the register's pages."""
    counts = {band: [0, 0] for band in (*(band for band, _ in register.AGE_BANDS), register.OLDEST_BAND,
                                        register.NO_BAND)}  # fmt: skip
    edges = [(band, today - timedelta(days=round(years * register.DAYS_A_YEAR))) for band, years in register.AGE_BANDS]
    for each in dated:
        counts[_band(each.made, edges)][each.device_class not in PERSONAL] += each.devices
    return [(band, personal, others) for band, (personal, others) in counts.items()]


def _band(made: date | None, edges: Sequence[tuple[str, date]]) -> str:
    if made is None:
        return register.NO_BAND
    return next((band for band, since in edges if made > since), register.OLDEST_BAND)


def _audit(kept: judging.Kept, school_id: str) -> dict[str, int]:
    """Findings of all rules of the set by outcome; empty where the school was not audited yet."""
    if school_id not in kept.when.times:
        return {}
    found: Counter[str] = Counter()
    for line in kept.rule_set.lines:
        found.update(kept.counts.get((line.rule.name, school_id), {}))
    return dict(found)


# ------------------------------------------------------------------------------------------------ money


def price(connection: Transaction, trust_id: str) -> consistency.Price:
    """What a device in place of another costs by the policies of the plan: pence without VAT at their own prices."""
    policies = Policies(overrides(planned.standing(connection, trust_id, planned.Kind.POLICY)))

    def of(school_id: str, device_class: str, instead: str) -> int | None:
        return policies.find(school_id, device_class, "", instead).policy.cost or None

    return of
