"""What is used up in an estate: printers with their counts and levels, laptops and batteries, as a plan takes them.

It reads the store and reckons nothing: how much is needed in which year is `refresh.consumables`'s. Printers of ink are
left out, as nothing here knows what a cartridge of ink yields.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from collector.refresh.consumables import Battery, Count, Printer
from collector.refresh.values import Kit
from collector.store import Transaction, plan_wear

DAYS = 365  # of counts that are looked at
PARTS = ("toner", "drum")  # types of supplies that a plan buys
COLOURS = ("cyan", "magenta", "yellow")


@dataclass(frozen=True, slots=True)
class Wear:
    """The printers and batteries that tell something."""

    printers: tuple[Printer, ...] = ()
    batteries: tuple[Battery, ...] = ()


NO_WEAR = Wear()


def wear(connection: Transaction, trust_id: str, found: Sequence[Kit], today: date) -> Wear:
    """What is used up in some devices."""
    printers = {one.device_id: one for one in found if one.device_class == "printer"}
    laptops = {one.device_id: one for one in found if one.device_class == "laptop"}
    counts = plan_wear.pages(connection, trust_id, printers, today - timedelta(days=DAYS), today)
    levels = plan_wear.levels(connection, trust_id, counts)
    supplies = plan_wear.supplies(connection, trust_id, counts)
    healths = plan_wear.healths(connection, trust_id, laptops)
    told = plan_wear.replaced(connection, trust_id, healths)
    return Wear(
        tuple(
            _printer(printers[key], counts[key], supplies.get(key, {}), levels.get(key, {}))
            for key in sorted(counts) if not _of_ink(supplies.get(key, {}))
        ),
        tuple(
            Battery(key, one.name, one.school_id, since, min(healths[key].values()))
            for key in sorted(healths) if (since := _since((one := laptops[key]), told.get(key, "")))
        ),
    )  # fmt: skip


def _printer(
    one: Kit, counts: Iterable[list[tuple[date, int]]], supplies: Mapping[str, Mapping[str, str]],
    levels: Mapping[str, float],
) -> Printer:  # fmt: skip
    longest = max(counts, key=lambda told: max(told)[0] - min(told)[0])  # claims may count differently
    left: dict[str, int] = {}
    for component, percent in levels.items():
        part = supplies.get(component, {}).get("type", "")
        if part in PARTS:
            left[part] = min(left.get(part, 100), int(percent))
    return Printer(
        one.device_id, one.name, one.school_id, f"{one.maker} {one.model}".strip(),
        tuple(Count(day, pages) for day, pages in sorted(longest)), _is_colour(supplies),
        left=tuple(sorted(left.items())),
    )  # fmt: skip


def _is_colour(supplies: Mapping[str, Mapping[str, str]]) -> bool:
    words = " ".join(f"{one.get('colour', '')} {one.get('name', '')}" for one in supplies.values()).casefold()
    return any(colour in words for colour in COLOURS)


def _of_ink(supplies: Mapping[str, Mapping[str, str]]) -> bool:
    types = {one.get("type", "") for one in supplies.values()}
    return "ink" in types and "toner" not in types


def _since(one: Kit, told: str) -> date | None:
    """From when a battery is: as it tells, else as old as its laptop; None where nobody knows."""
    try:
        return date.fromisoformat(told[:10])
    except ValueError:
        return one.bought or (one.made.best if one.made else None)
