"""Dates that a device itself tells: of its manufacture, its first use, its parts, its firmware and its system.

What a date is worth depends on who wrote it: the factory (manufacture, batteries, monitors), a clock at first power-on
(first use, installation), or whoever updated it since (firmware, operating system). Placeholders of factories and of
clocks that were never set are refused with the reason, though the knowledge files refuse most of them already. It knows
no serial numbers, and of models only when their processors were launched (`launches`).

Sources: ENTITY-MIB (RFC 6933), HH3C-ENTITY-EXT-MIB, HP's printer MIB (install-date), PowerNet-MIB, VESA E-EDID 1.3 and
1.4, Smart Battery Data 1.1 (5.1.26), SMBIOS (DSP0134 7.1), and the recordings that show what devices make of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from collector.age import (
    About,
    Clue,
    Grade,
    Says,
    Span,
    Told,
    launches,
    made,
    not_after,
    not_before,
    nothing,
    of_day,
    of_month,
    of_week,
    of_year,
)
from collector.facts import Value

FIRST = date(1990, 1, 1)  # DateAndTime of anything older is a counter that started at zero
LAST_YEAR = 2100
HALF_YEAR = 183  # days: around the date of a part that came with a device

#: days that factories are known to leave behind, and whose they are
PLACEHOLDERS = {
    date(2009, 8, 6): "the same in seven products of different makers: it was left in by their software kit",
    date(1999, 12, 27): "what Rittal's units tell, whenever they were built",
    date(2000, 4, 26): "where the clock of Comware starts",
}
#: days that a told date of manufacture is off: boards are dated weeks before the whole, and serial numbers weeks after
FACTORY = 56
#: firmware older than this is not put into new machines; younger firmware says nothing, because it moves with updates
FIRMWARE_YEARS = 4
#: fact → words, days before it in which a thing was made, days before it that are the likeliest
IN_SERVICE = {
    "first_used": ("it was first used on this day", 548, 91),
    "installed": ("it was installed on this day", 548, 91),
}
REPLACED = ("replaced", "battery.replaced")
SHELF_DAYS, SHELF_BEST = 365, 91  # a battery is put in within a year of its manufacture
ORIGINAL = 913  # days after the launch of its processor in which a laptop still has the battery it was sold with
PERSONAL = frozenset({"laptop", "tablet", "desktop", "thin client", "computer"})
QUARTER = 91  # days
SCREENS = frozenset({"monitor", "display"})
MODEL_DAYS = 730  # for which a model of panel is built
BUILT_IN = re.compile(r"/(eDP|LVDS|DSI)\b", re.IGNORECASE)  # connectors of panels that nobody unplugs
#: an LG monitor writes the month into the place of the week: 48 of the 49 whose serial number tells the month do
MONTH_FOR_WEEK = frozenset({"GSM"})
ISO = re.compile(r"(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})(?!\d)")
US_ORDER = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})$")
PACKED = re.compile(r"\d{1,5}$")


def clues(about: About, parts: Sequence[About] = ()) -> Iterator[Clue]:
    """What a thing tells of its own age; `parts` are those of a device, of which some came with it."""
    if about.kind == "virtual machine":
        yield from _virtual(about)
        return
    yield from _manufactured(about)
    yield from _in_service(about)
    if about.kind == "battery":
        yield from _replaced(about)
    elif about.kind in SCREENS:
        yield from _monitor(about)
    elif about.kind == "disk":
        yield from _powered(about)
    elif not about.component:
        yield from _firmware(about)
        yield from _system(about)
        yield from _came_with(about, parts)


def _virtual(about: About) -> Iterator[Clue]:
    for name in ("manufactured", "bios_date"):
        if fact := about.first(name):
            yield nothing(f"told.{name}", str(fact.value), "a virtual machine is not manufactured", fact)


# ------------------------------------------------------------------------------------------------ reading a day


def read_day(value: Value) -> date | None:
    """The day in a text or number; None where nothing was filled in, ValueError where it is no date.

    Read are ISO 8601 (with or without dashes, a time may follow), mm/dd/yy and mm/dd/yyyy, and a Smart Battery's
    number: (year - 1980) * 512 + month * 32 + day.
    """
    text = str(value).strip()
    if not text.strip("0-/. "):
        return None
    if match := ISO.match(text):
        return _date(*map(int, match.groups()))
    if match := US_ORDER.match(text):
        month, day, year = map(int, match.groups())
        return _date(year if year > 99 else year + (1900 if year > 85 else 2000), month, day)
    if PACKED.match(text):
        number = int(text)
        return _date(1980 + (number >> 9), number >> 5 & 15, number & 31)
    raise ValueError(f"{text[:40]} is no date")


def _date(year: int, month: int, day: int) -> date:
    if year > LAST_YEAR:
        raise ValueError(f"year {year}")
    return date(year, month, day)


def _believed(about: About, fact: Told) -> date | str:
    """The day of a fact, or why it is not believed."""
    try:
        day = read_day(fact.value)
    except ValueError as error:
        return f"no date: {error}"
    if day is None:
        return "nothing is filled in"
    if day in PLACEHOLDERS:
        return PLACEHOLDERS[day]
    if (day.month, day.day) == (1, 1):
        return "1 January is where clocks start that nobody has set"
    if day < FIRST:
        return f"before {FIRST.year}, so its clock was never set"
    seen = (fact.since or about.first_seen) if about.component else (about.first_seen or fact.since)
    if seen and day > seen + timedelta(days=1):  # a day of grace: it may be tomorrow already where the clock is
        return f"later than {seen}, when it was there already"
    return day


def _days(about: About, name: str) -> Iterator[tuple[Told, date | str]]:
    if fact := about.first(name):
        yield fact, _believed(about, fact)


# ------------------------------------------------------------------------------------------------ the factory


def _manufactured(about: About) -> Iterator[Clue]:
    for fact, day in _days(about, "manufactured"):
        rule, raw = "told.manufactured", str(fact.value)
        if isinstance(day, str):
            yield nothing(rule, raw, day, fact)
        elif about.kind == "hypervisor" or day in set(_firmware_days(about)):
            words = "what it tells as its manufacture is the date of its firmware"
            yield _not_older_firmware(day, rule, raw, words, fact)
        elif about.kind == "battery":
            yield made([of_day(day, before=31, after=31)], Grade.TOLD, rule, raw, "the battery tells its day", fact)
        else:
            span = of_day(day, before=FACTORY, after=FACTORY)
            yield made([span], Grade.TOLD, rule, raw, "it tells its day of manufacture", fact)


def _monitor(about: About) -> Iterator[Clue]:
    """EDID octets 16 and 17. Without a serial number the block may be the same in every unit of the model."""
    model = about.first("model_year")
    if model and isinstance(model.value, int) and FIRST.year <= model.value <= LAST_YEAR:
        bound = date(model.value, 1, 1) - timedelta(days=launches.TOLERANCE)
        yield not_before(bound, Grade.LAUNCH, "told.model_year", str(model.value), "the year of its model", model)
    year, week = about.first("manufacture_year"), about.first("manufacture_week")
    if not year:
        return
    raw = f"{year.value} week {week.value}" if week else str(year.value)
    try:
        span, words = _edid_span(int(year.value), int(week.value) if week else 0, about.text("maker_id"))
    except ValueError as error:
        yield nothing("told.edid", raw, f"no date: {error}", year)
        return
    if about.serial:
        yield made([span], Grade.TOLD, "told.edid", raw, words, year)
    else:
        words = f"{words}, but has no serial number: it may tell when the first of its model was made"
        units = Span(span.earliest, span.latest + timedelta(days=MODEL_DAYS), span.middle)
        yield made([units], Grade.PART, "told.edid", raw, words, year)


def _edid_span(year: int, week: int, maker_id: str) -> tuple[Span, str]:
    """Week 0 is not specified; the last days of a year may be week 53 (EDID 1.3) or 54 (1.4) of it."""
    if not FIRST.year <= year <= LAST_YEAR:
        raise ValueError(f"year {year}")
    if week == 0:
        return of_year(year, after=31), "its EDID tells the year"
    if maker_id in MONTH_FOR_WEEK and week <= 12:
        return of_month(year, week, before=7, after=14), "its EDID tells year and month, as this maker counts"
    if week > 54:
        raise ValueError(f"week {week}")
    return of_week(year, min(week, 53), before=7, after=14), "its EDID tells year and week"


# ------------------------------------------------------------------------------------------------ in use


def _in_service(about: About) -> Iterator[Clue]:
    """First use bounds its manufacture; that it was made in the months before is likely, and no more than that."""
    for name, (words, shelf, best) in IN_SERVICE.items():
        for fact, day in _days(about, name):
            yield from _used(fact, day, words, shelf, best)


def _replaced(about: About) -> Iterator[Clue]:
    """A battery's replacement, as somebody entered it: the factory's date until then. It says nothing of the UPS."""
    for name in REPLACED:
        for fact, day in _days(about, name):
            yield from _used(fact, day, "the battery was put in on this day", SHELF_DAYS, SHELF_BEST)


def _used(fact: Told, day: date | str, words: str, shelf: int, best: int) -> Iterator[Clue]:
    rule, raw = f"told.{fact.name}", str(fact.value)
    if isinstance(day, str):
        yield nothing(rule, raw, day, fact)
        return
    yield not_after(day, Grade.IN_SERVICE, rule, raw, words, fact)
    span = Span(day - timedelta(days=shelf), day, day - timedelta(days=best))
    # weaker than any serial number: what lay on a shelf for three years is no contradiction
    yield made([span], Grade.PART, rule, raw, f"{words}, and few lie longer than {round(shelf / 30.4)} months", fact)


def _powered(about: About) -> Iterator[Clue]:
    """A disk is at least as old as the hours it ran; told by the quarter, so that no belief changes every day."""
    fact = about.first("power_on_time")
    if fact is None or fact.since is None or isinstance(fact.value, str | bool) or fact.value < 0:
        return
    ran = int(fact.value // 86400)
    if ran > (fact.since - FIRST).days:
        yield nothing("told.power_on_time", str(fact.value), "more hours than there have been since 1990", fact)
        return
    bound, quarters = _end_of_quarter(fact.since - timedelta(days=ran)), ran // QUARTER
    words = f"it has been running for {quarters / 4:g} years at least"
    steady = replace(fact, value=quarters * QUARTER * 86400, since=None)
    yield not_after(bound, Grade.PART, "told.power_on_time", f"{quarters * QUARTER * 24} hours", words, steady)


def _end_of_quarter(day: date) -> date:
    month = (day.month - 1) // 3 * 3 + 3
    return date(day.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


# ------------------------------------------------------------------------------------------------ soft


def _firmware(about: About) -> Iterator[Clue]:
    """Only the earliest firmware ever told counts, and only as a bound far above it."""
    days = sorted((day, fact) for fact in about.told.get("bios_date", ()) if (day := _firmware_day(fact)))
    if days:
        day, fact = days[0]
        words = f"the earliest firmware seen; machines are not sold with firmware over {FIRMWARE_YEARS} years old"
        yield _not_older_firmware(day, "told.bios_date", str(fact.value), words, fact)


def _not_older_firmware(day: date, rule: str, raw: str, words: str, fact: Told) -> Clue:
    return not_after(day + timedelta(days=FIRMWARE_YEARS * 365), Grade.HINT, rule, raw, words, fact)


def _firmware_day(fact: Told) -> date | None:
    try:
        day = read_day(fact.value)
    except ValueError:
        return None
    return day if day and day > FIRST else None


def _firmware_days(about: About) -> Iterator[date]:
    return (day for fact in about.told.get("bios_date", ()) if (day := _firmware_day(fact)))


def _system(about: About) -> Iterator[Clue]:
    """A system is installed on a machine that exists; a new image moves the day later, and it remains true.

    A hint, since a disk may have come from an older machine with its system on it.
    """
    for fact, day in _days(about, "os.install_time"):
        if isinstance(day, date):
            words = "its system was installed on this day"
            yield not_after(day, Grade.HINT, "told.os.install_time", str(fact.value), words, fact)


# ------------------------------------------------------------------------------------------------ parts of a device


def _came_with(about: About, parts: Sequence[About]) -> Iterator[Clue]:
    """The panel, memory and battery of a personal computer, which are made shortly before it.

    None is made long after the device except a replacement, so the oldest of them counts: newer ones were put in later.
    """
    if about.kind not in PERSONAL:
        return
    dated = [(part, _bound(clue)) for part in parts if _belongs(about, part) for clue in _of_part(part)]
    fixed = [clue.spans[0] for part, clue in dated if clue.says is Says.MADE and part.kind != "battery"]
    for part, clue in dated:
        words = f"its {'panel' if part.kind == 'monitor' else part.kind}: {clue.words}"
        clue = replace(clue, grade=Grade.PART, rule=f"{clue.rule}.{part.component}", words=words)  # noqa: PLW2901
        if clue.says is not Says.MADE:
            yield clue
        elif _is_original(part, clue.spans[0], fixed, about):
            yield replace(clue, spans=(_around(clue.spans[0]),))
        else:
            last = clue.spans[0].latest + timedelta(days=HALF_YEAR)
            yield not_after(last, Grade.PART, clue.rule, clue.raw, f"{words}; it may have been replaced", clue.told)


def _belongs(about: About, part: About) -> bool:
    if part.kind == "monitor":
        return bool(BUILT_IN.search(part.component))
    return part.kind == "memory" or (part.kind == "battery" and about.kind in ("laptop", "tablet", "computer"))


def _of_part(part: About) -> Iterable[Clue]:
    return (clue for clue in (*_manufactured(part), *_monitor(part)) if clue.says in (Says.MADE, Says.NOT_BEFORE))


def _bound(clue: Clue) -> Clue:
    """What a part says, where it tells no more than when its model was first made as a bound of the device."""
    if clue.says is not Says.MADE or clue.grade is not Grade.PART:
        return clue
    first = clue.spans[0].earliest - timedelta(days=HALF_YEAR)
    return not_before(first, Grade.PART, clue.rule, clue.raw, clue.words, clue.told)


def _is_original(part: About, span: Span, fixed: Sequence[Span], about: About) -> bool:
    """Whether a part can be the one that the device was sold with: no newer than the others, or than its processor."""
    others = [other for other in fixed if other is not span]
    if others:
        return span.earliest <= min(other.latest for other in others) + timedelta(days=HALF_YEAR)
    launched = launches.processor(about)
    return part.kind != "battery" or bool(launched and span.latest <= launched + timedelta(days=ORIGINAL))


def _around(span: Span) -> Span:
    half = timedelta(days=HALF_YEAR)
    return Span(span.earliest - half, span.latest + half, span.middle)
