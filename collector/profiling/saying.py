"""What people say: lines of the standard catalogue, facts of schools, thresholds. Checked, kept and journaled.

The journal names lines, schools, fields and measures, and never what was said. Of persons (`PERSONS`) only whoever is
named now is kept: once somebody else is, or nobody, the name before stands nowhere any more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from collector import journal, tenure
from collector.benchmark import consistency, profile
from collector.benchmark.consistency import Entry
from collector.errors import CollectorError
from collector.facts import CLASSES, text
from collector.store import Transaction
from collector.store import consistency as rows
from collector.store.consistency import WHOLE_TRUST, Said

LIMIT, NOTE_LIMIT = 64, 300  # characters
MOST_MODELS, MOST_ENTRIES = 12, 500
MOST_PUPILS, MOST_HOURS = 20_000, 2_000.0
_APART = re.compile(r"\s*[|;\n]\s*")


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is said of a school. `help`: how it is written. `person`: it names one."""

    name: str
    label: str
    help: str
    person: bool = False


FIELDS = {
    one.name: one
    for one in (
        Field("pupils", "Pupils", "a whole number"),
        Field("support_hours", "Hours of IT support a week", "a number, as 17.5"),
        Field("digital_lead", "Digital lead (SLT)", "name and role", person=True),
        Field("technician", "Technician", "name", person=True),
        Field("provider", "Provider of IT support", "name of the firm or team"),
        Field("shared", "Shared through the trust", "parted by semicolons: broadband; filtering; backup"),
    )
}
NUMBERS = frozenset({"pupils", "support_hours"})
PERSONS = frozenset(name for name, one in FIELDS.items() if one.person)


# ------------------------------------------------------------------------------------------------ the catalogue


def entry(said: Mapping[str, str], starts: date | None, ends: date | None) -> Entry:
    """A line of the catalogue from what was written; CollectorError says everything that is wrong with it."""
    told = {name: text(said.get(name, ""), NOTE_LIMIT) for name in ("class", "use", "maker", "successor", "note")}
    models = tuple(m for m in (text(one, LIMIT) for one in _APART.split(said.get("models", "")[:2_000])) if m)
    made = Entry(
        "", told["class"].casefold(), told["maker"][:LIMIT], models, told["use"][:LIMIT], starts, ends,
        told["successor"], told["note"],
    )  # fmt: skip
    wrong = list(_wrong(made))
    if wrong:
        raise CollectorError("; ".join(wrong))
    return made


def _wrong(made: Entry) -> list[str]:
    wrong = []
    if made.device_class not in CLASSES or made.device_class == "unknown":
        given = f"there is no class “{made.device_class}”" if made.device_class else "the class is missing"
        wrong.append(f"{given}: write one of the classes of the register, as laptop")
    if not made.maker:
        wrong.append("the maker is missing")
    if not made.models:
        wrong.append("the models are missing: write one, or several parted by semicolons")
    if len(made.models) > MOST_MODELS:
        wrong.append(f"a line holds at most {MOST_MODELS} models: make several lines")
    wrong += filter(None, (consistency.problem(made.maker, model) for model in made.models[:MOST_MODELS]))
    if made.starts and made.ends and made.ends < made.starts:
        wrong.append("it would end before it begins")
    return wrong


def alike(one: Entry, other: Entry) -> bool:
    """Whether two lines are about the same."""
    return about(one) == about(other)


def about(one: Entry) -> tuple[object, ...]:
    """What a line is about, however it is spelt: class, use, maker, models and its beginning."""
    models = frozenset((consistency.fold(one.maker, m), m.rstrip().endswith("*")) for m in one.models)
    return one.device_class, one.use.casefold(), consistency.fold_maker(one.maker), models, one.starts


def add(connection: Transaction, trust_id: str, made: Entry, *, actor: str, now: datetime) -> str:
    """Add a line to the catalogue, in place of one about the same; its id. CollectorError where it is there already."""
    standing = rows.entries(connection, trust_id)
    before = next((one for one in standing if alike(one, made)), None)
    if before and replace(before, entry_id="") == made:
        raise CollectorError(f"{made.label} is in the catalogue already")
    if before is None and len(standing) >= MOST_ENTRIES:
        raise CollectorError(f"a catalogue holds at most {MOST_ENTRIES} lines: take out those that ended")
    if before:
        rows.end_entry(connection, trust_id, before.entry_id, now)
    entry_id = rows.add_entry(connection, trust_id, made, now)
    detail = {"entry": entry_id, "before": before.entry_id if before else ""}
    journal.append(connection, trust_id, actor=actor, action="catalogue_entry_set", detail=detail, now=now)
    return entry_id


def take_out(connection: Transaction, trust_id: str, entry_id: str, *, actor: str, now: datetime) -> None:
    """Take a line out of the catalogue, as if it had been wrong; one that ends has a last day instead."""
    if not rows.end_entry(connection, trust_id, entry_id, now):
        raise CollectorError("this line is not in the catalogue any more")
    detail = {"entry": text(entry_id, 36)}
    journal.append(connection, trust_id, actor=actor, action="catalogue_entry_removed", detail=detail, now=now)


# ------------------------------------------------------------------------------------------------ facts of schools


def value(name: str, written: str) -> str:
    """What was written of a field, as it is kept; "" where it is empty. CollectorError says how to write it."""
    said = text(written, NOTE_LIMIT)
    if name not in FIELDS:
        raise CollectorError(f"nothing is said of {text(name, 24)!r}; fields are: {', '.join(FIELDS)}")
    if not said:
        return ""
    read = {"pupils": _pupils, "support_hours": _hours, "shared": _shared}.get(name)
    return read(said) if read else said[: 2 * LIMIT]


def _pupils(said: str) -> str:
    bare = said.replace(",", "").removesuffix(".0")
    if not (bare.isascii() and bare.isdigit() and len(bare) < 9 and 0 < int(bare) <= MOST_PUPILS):
        raise CollectorError(f"“{said[:40]}” is no number of pupils: write a whole number from 1 to {MOST_PUPILS:,}")
    return str(int(bare))


def _shared(said: str) -> str:
    return "; ".join(dict.fromkeys(part for part in _APART.split(said) if part))


def _hours(said: str) -> str:
    match = re.fullmatch(r"(\d{1,4}(?:\.\d{1,2})?)(?: ?(?:h|hours?))?", said, re.ASCII | re.IGNORECASE)
    if match is None or float(match[1]) > MOST_HOURS:
        raise CollectorError(f"“{said[:40]}” is no number of hours a week: write it as 17.5")
    return f"{float(match[1]):g}"


def say(  # noqa: PLR0913 - what is said of which school, of which day, from where, by whom
    connection: Transaction, trust_id: str, school_id: str, said: Mapping[str, str], *, as_of: date | None = None,
    source: str = "", actor: str, now: datetime,
) -> int:  # fmt: skip
    """Say something of a school, or (empty `school_id`) of all; what is not named stays. How many fields changed.

    `as_of` and `source` are of the numbers among it. CollectorError, with nothing said, where a value cannot be read or
    the school is none of the trust any more.
    """
    if school_id:
        tenure.require(connection, trust_id, school_id)
    told = {name: value(name, written) for name, written in said.items()}
    if not school_id and any(told.get(name) for name in FIELDS if name not in ("shared", "provider")):
        raise CollectorError("of all schools at once only what is shared and who supports them can be said")
    before = rows.facts(connection, trust_id, frozenset({school_id})).get(school_id, {})
    told_now = [_said(name, new, as_of, source, now) for name, new in told.items()]
    changed = [fresh.field for fresh in told_now if _differs(before.get(fresh.field), fresh)]
    for fresh in told_now:
        if fresh.field in changed:
            rows.say(connection, trust_id, school_id, fresh, forgetting=fresh.field in PERSONS)
    if changed:
        detail = {"school": school_id, "fields": ",".join(changed)}
        journal.append(connection, trust_id, actor=actor, action="school_facts_said", detail=detail, now=now)
    return len(changed)


def _said(name: str, new: str, as_of: date | None, source: str, now: datetime) -> Said:
    dated = name in NUMBERS
    return Said(name, new, as_of if dated else None, text(source, NOTE_LIMIT) if dated else "", now)


def _differs(before: Said | None, new: Said) -> bool:
    """Whether something new is said. The same number without a day or source says nothing new of either."""
    if before is None:
        return bool(new.value)
    if before.value != new.value:
        return True
    return (new.as_of or before.as_of, new.source or before.source) != (before.as_of, before.source)


# ------------------------------------------------------------------------------------------------ thresholds


def number(measure: str, written: str) -> float:
    """A threshold as people write it: shares in percent (20 or 20 %), all others as they are."""
    shares = {one.measure for one in profile.shipped() if one.share}
    match = re.fullmatch(r"(\d{1,6}(?:\.\d{1,4})?)\s*%?", text(written, 40), re.ASCII)
    if match is None:
        raise CollectorError(f"“{text(written, 40)}” is no number: write it as 20 or 0.5")
    return float(match[1]) / (100 if measure in shares else 1)


def set_threshold(
    connection: Transaction, trust_id: str, measure: str, number: float, reason: str, *, actor: str, now: datetime
) -> None:  # fmt: skip
    """Set a threshold of the trust's own; shares are parts of 1. CollectorError for what is no threshold, or no why."""
    known = {one.measure: one for one in profile.shipped()}
    if measure not in known:
        raise CollectorError(f"there is no measure {text(measure, 40)!r}; there are: {', '.join(known)}")
    why = text(reason, NOTE_LIMIT)
    if not why:
        raise CollectorError("say why: a threshold of one's own needs a reason")
    most = 1.0 if known[measure].share or measure == "digital_lead" else 10_000.0
    if not 0 <= number <= most:
        raise CollectorError(f"{known[measure].label}: a threshold lies between 0 and {most:g}")
    row = {"value": number, "reason": why, "made": now, "made_by": actor}
    rows.set_threshold(connection, trust_id, measure, row)
    journal.append(
        connection, trust_id, actor=actor, action="profile_threshold_set", detail={"measure": measure}, now=now
    )


def unset_threshold(connection: Transaction, trust_id: str, measure: str, *, actor: str, now: datetime) -> None:
    """Go back to what comes with Stocktake. CollectorError where the trust has set nothing."""
    if not rows.unset_threshold(connection, trust_id, measure):
        raise CollectorError("the trust has set nothing there")
    detail = {"measure": text(measure, 40)}
    journal.append(connection, trust_id, actor=actor, action="profile_threshold_unset", detail=detail, now=now)


__all__ = ["FIELDS", "PERSONS", "WHOLE_TRUST", "Entry", "Field"]  # and every function above
