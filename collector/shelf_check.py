"""Samples of the register for a check against the shelves, and of rooms for one against the register. Pure.

The methods are stated so that anybody can draw the same sample again with a few lines of any language. Everything is
ordered by SHA-256 of the seed, a colon and its key (`place`):

- simple random: the first n in that order.
- by class: each class has one, and the rest goes to classes by size (Sainte-Laguë); of each class the first in order.
- by value: monetary units. What costs the interval (sum / n) or more is always drawn; of the others, side by side in
  that order, whatever every interval's step falls upon, from a start that follows from the seed.

It knows no store, no clock and no chance: the seed is a parameter.
"""

from __future__ import annotations

import enum
import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from collector.errors import CollectorError

MOST, USUAL = 500, 25  # devices of one sample
Z = 1.959964  # of a standard normal: 95 % lie within, 2.5 % beyond on each side
_UNITS = 2**256  # of SHA-256
GONE = "disposed"  # the life of what nobody expects on a shelf


class Method(enum.StrEnum):
    """How devices are drawn."""

    SIMPLE = "simple random"
    BY_CLASS = "by class"
    BY_VALUE = "by value"


class Outcome(enum.StrEnum):
    """What was found of a device that the register has."""

    FOUND = "found"
    ELSEWHERE = "elsewhere"
    DAMAGED = "damaged"
    NOT_FOUND = "not found"


class Verdict(enum.StrEnum):
    """What the register has of a thing that stands in a room."""

    FOUND = "in the book"
    ELSEWHERE = "elsewhere in the book"
    TWICE = "twice in the book"
    DISPOSED = "disposed of in the book"
    MISSING = "not in the book"


@dataclass(frozen=True, slots=True)
class Item:
    """What may be drawn. `value`: pence; None where no cost is known."""

    key: str
    stratum: str = ""
    value: int | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn. `stands_for`: devices (by value: pence) that it speaks for.

    `certain`: it was bound to be drawn, and speaks for itself alone.
    """

    key: str
    stands_for: float
    certain: bool = False


# ------------------------------------------------------------------------------------------------ drawing


def place(seed: str, key: str) -> int:
    """Where a key stands under a seed: SHA-256 of `seed:key` as a number."""
    return int.from_bytes(hashlib.sha256(f"{seed}:{key}".encode("utf-8", "replace")).digest(), "big")


def first(keys: Iterable[str], size: int, seed: str) -> list[str]:
    """The first keys in the order of the seed."""
    return sorted(keys, key=lambda key: (place(seed, key), key))[:size]


def draw(items: Sequence[Item], method: Method, size: int, seed: str) -> list[Drawn]:
    """A sample in the order of the seed. CollectorError where none can be drawn so."""
    if not 1 <= size <= MOST:
        raise CollectorError(f"draw from 1 to {MOST} devices")
    if not items:
        raise CollectorError("there is nothing to draw from: the register has no device of this school")
    how = {Method.SIMPLE: _simple, Method.BY_CLASS: _by_class, Method.BY_VALUE: _by_value}[method]
    return sorted(how(items, size, seed), key=lambda drawn: (place(seed, drawn.key), drawn.key))


def _simple(items: Sequence[Item], size: int, seed: str) -> list[Drawn]:
    drawn = first((item.key for item in items), size, seed)
    return [Drawn(key, len(items) / len(drawn), len(items) == len(drawn)) for key in drawn]


def _by_class(items: Sequence[Item], size: int, seed: str) -> list[Drawn]:
    strata: dict[str, list[Item]] = {}
    for item in items:
        strata.setdefault(item.stratum, []).append(item)
    if size < len(strata):
        raise CollectorError(
            f"there are {len(strata)} classes, and each needs a device: draw {len(strata)} or more, or draw at random"
        )
    shares = allocate({name: len(those) for name, those in strata.items()}, size)
    return [drawn for name, those in strata.items() for drawn in _simple(those, shares[name], seed)]


def allocate(sizes: Mapping[str, int], size: int) -> dict[str, int]:
    """How many of each class: one each, then one by one to the class with the most devices for each place."""
    shares = dict.fromkeys(sizes, 1)
    for _ in range(min(size, sum(sizes.values())) - len(sizes)):
        open_ = sorted(name for name in sizes if shares[name] < sizes[name])
        shares[max(open_, key=lambda name: Fraction(sizes[name], 2 * shares[name] + 1))] += 1
    return shares


def _by_value(items: Sequence[Item], size: int, seed: str) -> list[Drawn]:
    values = {item.key: item.value for item in items if item.value}
    if not values:
        raise CollectorError("no device of this school has a cost on record: draw at random or by class")
    certain = _large(values, size)
    rest = {key: value for key, value in values.items() if key not in certain}
    sure = [Drawn(key, float(values[key]), certain=True) for key in certain]
    return sure + _stepping(rest, size - len(certain), seed)


def _large(values: Mapping[str, int], size: int) -> set[str]:
    """What costs the interval or more, looked at again until none of the others does."""
    certain: set[str] = set()
    while len(certain) < min(size, len(values)):
        rest = {key: value for key, value in values.items() if key not in certain}
        interval = Fraction(sum(rest.values()), size - len(certain))
        large = {key for key, value in rest.items() if value >= interval}
        if not large:
            break
        certain |= large
    return certain


def _stepping(values: Mapping[str, int], size: int, seed: str) -> list[Drawn]:
    """Each of which a step of an interval falls upon; all are smaller than the interval, so none is met twice."""
    if not values or size < 1:
        return []
    interval = Fraction(sum(values.values()), size)
    next_step = interval * Fraction(place(seed, "start"), _UNITS)
    drawn, passed = [], 0
    for key in first(values, len(values), seed):
        passed += values[key]
        if next_step < passed:
            drawn.append(Drawn(key, float(interval)))
            next_step += interval
    return drawn


# ------------------------------------------------------------------------------------------------ how sure


@dataclass(frozen=True, slots=True)
class Rate:
    """A share, from 0 to 1, with the bounds between which the truth lies in 95 of 100 such samples."""

    best: float
    low: float
    high: float


def rate(told: Iterable[tuple[Drawn, bool]]) -> Rate | None:
    """The share of all for which something holds; None where nothing was looked at.

    Wilson's interval (1927), over Kish's effective number (1965) where some speak for more than others. What was bound
    to be drawn is counted, not estimated. No account is taken of a small whole, so the bounds are rather too wide.
    """
    listed = list(told)
    sure = [(drawn.stands_for, holds) for drawn, holds in listed if drawn.certain]
    guessed = [(drawn.stands_for, holds) for drawn, holds in listed if not drawn.certain]
    known, known_all = _weigh(sure), sum(weight for weight, _ in sure)
    open_all = sum(weight for weight, _ in guessed)
    if known_all + open_all == 0:
        return None
    if not guessed:
        return Rate(known / known_all, known / known_all, known / known_all)
    share = _weigh(guessed) / open_all
    low, high = wilson(share, open_all**2 / sum(weight**2 for weight, _ in guessed))
    best, low, high = ((known + each * open_all) / (known_all + open_all) for each in (share, low, high))
    return Rate(best, low, high)


def _weigh(told: Iterable[tuple[float, bool]]) -> float:
    return sum(weight for weight, holds in told if holds)


def wilson(share: float, number: float) -> tuple[float, float]:
    """The bounds of a share that was found among so many (95 %, both sides)."""
    square = Z * Z
    middle = share + square / (2 * number)
    reach = Z * math.sqrt(share * (1 - share) / number + square / (4 * number * number))
    whole = 1 + square / number
    return max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole)


# ------------------------------------------------------------------------------------------------ the book


@dataclass(frozen=True, slots=True)
class Booked:
    """A device as the register had it."""

    device_id: str
    title: str
    device_class: str
    product: str
    asset_tag: str
    serials: tuple[str, ...]
    macs: tuple[str, ...]
    room: str
    school_id: str
    school: str
    cost: int | None
    life: str


def booked(device_id: str, cells: Mapping[str, str]) -> Booked:
    """A device from the cells of its row."""
    get = cells.get
    maker, model = get("maker") or get("record_maker", ""), get("model") or get("record_model", "")
    repeated = maker and model.casefold().startswith(maker.casefold())
    product = model if repeated else f"{maker} {model}".strip()
    serials, macs = (
        tuple(dict.fromkeys(filter(None, (get(f"record_{name}", ""), get(name, ""))))) for name in ("serial", "mac")
    )
    title = get("local_name") or get("name") or product or get("class", "") or device_id
    cost = get("cost", "")
    return Booked(
        device_id, title, get("class", ""), product, get("asset_tag", ""), serials, macs, get("room", ""),
        get("school_id", ""), get("school", ""), int(cost) if cost.isdigit() else None, get("life", ""),
    )  # fmt: skip


def folded(mark: str) -> str:
    """A mark as it is compared: letters and digits, in capitals. Of the address in a label's QR the device's id."""
    named = mark.rstrip("/").rpartition("/devices/")[2]
    return "".join(c for c in named.upper() if c.isalnum())


def bears(device: Booked, mark: str) -> bool:
    """Whether a mark that somebody read is this device's: asset tag, serial number, MAC, or id."""
    wanted = folded(mark)
    marks = (device.device_id, device.asset_tag, *device.serials, *device.macs)
    return bool(wanted) and wanted in {folded(each) for each in marks if each}


def judge(found: Sequence[Booked], school_id: str, room: str) -> Verdict:
    """What the register has of a thing that stands in a room; `found`: the devices of it that bear its mark."""
    if not found:
        return Verdict.MISSING
    if len(found) > 1:
        return Verdict.TWICE
    (device,) = found
    if device.life == GONE:
        return Verdict.DISPOSED
    other = bool(room and device.room) and folded(room) != folded(device.room)
    return Verdict.ELSEWHERE if device.school_id != school_id or other else Verdict.FOUND


def percent(share: float) -> str:
    """A share as people read it; what is not all is never called 100 %."""
    said = min(round(share * 1000), 999) if share < 1 else 1000
    return f"{said / 10:.1f} %".replace(".0 %", " %")
