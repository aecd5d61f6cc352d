"""What of schools is compared, and the number of one school. Pure: devices come as lots of alike ones.

Beside each number stands the share of devices (of its classes) of which what it asks for is not known. Lives are those
that come with Stocktake (`book.USUAL`), never those of a trust: numbers of two trusts would not mean the same. It knows
no store and no clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from collector import book

DAYS_A_YEAR = 365.25
#: classes that are no kit of a school, or of which nobody knows yet what they are
NOT_COUNTED = frozenset({"virtual machine", "management controller", "sensor"})
UNSURE = frozenset({"unknown", "computer"})
PRINTERS = frozenset({"printer"})
FOR_PUPILS = ("desktop", "laptop", "tablet", "thin client")
WITH_MODELS = ("desktop", "laptop", "tablet", "server", "switch", "access point", "printer")
HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Lot:
    """Devices of a school that are alike. `model`: with its maker, "" where it is not known.

    `made`: None where nobody knows. `supported`, `well`: None where that is not known.
    """

    school_id: str
    device_class: str
    model: str
    made: date | None
    supported: bool | None
    well: bool | None
    devices: int


@dataclass(frozen=True, slots=True)
class Number:
    """A school's number; None where nothing tells it. `unknown`: the share of `of` devices that do not tell."""

    value: float | None
    unknown: float
    of: int


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that is compared. `unit`: years, share, per pupil, per 100 pupils or models.

    `step`: hundredths of the unit to which it is rounded before it leaves the trust. `device_class`: of which alone it
    is, "" for all.
    """

    key: str
    name: str
    unit: str
    step: int
    device_class: str = ""


@dataclass(frozen=True, slots=True)
class School:
    """What the numbers of a school are made of."""

    lots: Sequence[Lot]
    pupils: int | None
    today: date


def _all() -> tuple[Measure, ...]:
    return (
        Measure("median_age", "Median age", "years", 50),
        Measure("beyond_life", "Beyond its life", "share", 5),
        Measure("unsupported", "Unsupported", "share", 5),
        Measure("unwell", "Something wrong", "share", 5),
        *(Measure(f"per_pupil:{one}", f"{one.capitalize()}s per pupil", "per pupil", 5, one) for one in FOR_PUPILS),
        Measure("printers", "Printers per 100 pupils", "per 100 pupils", 50, "printer"),
        *(Measure(f"models:{one}", f"Models of {one}", "models", 100, one) for one in WITH_MODELS),
    )


MEASURES = _all()
BY_KEY = {measure.key: measure for measure in MEASURES}


def numbers(school: School) -> dict[str, Number]:
    """Every number of a school by its measure's key."""
    lots = [lot for lot in school.lots if lot.device_class not in NOT_COUNTED]
    found = {
        "median_age": _median_age(lots, school.today),
        "beyond_life": _share(lots, lambda lot: _is_beyond(lot, school.today)),
        "unsupported": _share(lots, lambda lot: None if lot.supported is None else not lot.supported),
        "unwell": _share(lots, lambda lot: None if lot.well is None else not lot.well),
        "printers": _per_pupil(lots, PRINTERS, school.pupils, HUNDRED),
    }
    found |= {f"per_pupil:{one}": _per_pupil(lots, {one}, school.pupils) for one in FOR_PUPILS}
    return found | {f"models:{one}": _models(lots, one) for one in WITH_MODELS}


def _count(lots: Iterable[Lot]) -> int:
    return sum(lot.devices for lot in lots)


def _number(value: float | None, unknown: int, of: int) -> Number:
    return Number(value, unknown / of if of else 0.0, of)


def age(made: date, today: date) -> float:
    """Years from one day to another; what is dated after today is new."""
    return max(0.0, (today - made).days / DAYS_A_YEAR)


def _median_age(lots: Sequence[Lot], today: date) -> Number:
    ages = sorted((age(lot.made, today), lot.devices) for lot in lots if lot.made)
    dated, of = sum(devices for _, devices in ages), _count(lots)
    return _number(_middle(ages, dated), of - dated, of)


def _middle(ages: Sequence[tuple[float, int]], dated: int) -> float | None:
    """The median where each value stands for a number of devices."""
    wanted, passed, found = ((dated - 1) // 2, dated // 2), 0, []
    for value, devices in ages:
        found += [value for place in wanted if passed <= place < passed + devices]
        passed += devices
    return sum(found) / 2 if dated else None


def _is_beyond(lot: Lot, today: date) -> bool | None:
    if lot.made is None:
        return None
    return age(lot.made, today) * 12 > book.USUAL.life(lot.device_class).months


def _share(lots: Sequence[Lot], is_so: Callable[[Lot], bool | None]) -> Number:
    told = [(answer, lot.devices) for lot in lots if (answer := is_so(lot)) is not None]
    known, of = sum(devices for _, devices in told), _count(lots)
    return _number(sum(devices for answer, devices in told if answer) / known if known else None, of - known, of)


def _per_pupil(lots: Sequence[Lot], classes: Iterable[str], pupils: int | None, times: int = 1) -> Number:
    """What is not known is which of the devices of an unsure class are of these."""
    wanted = set(classes)
    unsure, of = _count(lot for lot in lots if lot.device_class in UNSURE), _count(lots)
    have = _count(lot for lot in lots if lot.device_class in wanted)
    return _number(times * have / pupils if pupils and of else None, unsure, of)


def _models(lots: Sequence[Lot], device_class: str) -> Number:
    mine = [lot for lot in lots if lot.device_class == device_class]
    unnamed, of = _count(lot for lot in mine if not lot.model), _count(mine)
    models = len({lot.model for lot in mine if lot.model})
    return _number(None if not lots or (of and not models) else float(models), unnamed, of)


def by_school(lots: Iterable[Lot]) -> Mapping[str, list[Lot]]:
    """Lots by the school that they are at."""
    found: dict[str, list[Lot]] = {}
    for lot in lots:
        found.setdefault(lot.school_id, []).append(lot)
    return found


def percent(share: float) -> str:
    """A share as a whole number of hundredths."""
    return f"{100 * share:.0f} %"


def words(measure: Measure, value: float | None) -> str:
    """A number as people say it."""
    if value is None:
        return "not known"
    if measure.unit == "share":
        return percent(value)
    if measure.unit == "years":
        return f"{value:.1f} years"
    return f"{value:.2f}" if measure.unit == "per pupil" else f"{value:.1f}".removesuffix(".0")
