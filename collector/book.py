"""The book: what devices cost, what of that is written off by a day, and which of them are capitalised. Pure.

It knows no store and no clock: rules and days are parameters, money is in whole pence. The rules are data of a trust;
`USUAL` is what is assumed until it says its own, each figure with its source:

* capitalised from £1,000, ICT bought together counted as one: Codsall MAT and Equitas fixed asset policies (GOV.UK,
  *How to manage your fixed assets*, leaves the threshold to the trust; DCAT has £2,000, Dove House £5,000);
* written off straight line: DCAT (equipment 20 % a year) and Treloar's (IT two to four years) academy accounts;
* laptops, tablets and servers over 4 years, desktops over 5: the replacement programme that trusts plan by; all else
  over 5 years, which is DCAT's 20 %.

Computers below the threshold that are easily carried away stand in an inventory of their own (same policies).
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from collector.errors import CollectorError
from collector.facts import CLASSES

MOST_MONTHS = 50 * 12
OTHERS = "other"  # stands for every class that has no life of its own
EVERYTHING = 10_000  # hundredths of a percent


class Shelf(enum.StrEnum):
    """In which register a device stands."""

    CAPITALISED = "capitalised"
    PORTABLE = "portable inventory"
    NEITHER = "neither"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Life:
    """For how many months a class is written off, and what stays at the end, in hundredths of a percent of its cost."""

    months: int
    residual: int = 0


@dataclass(frozen=True, slots=True)
class Rules:
    """How a trust keeps its book. `threshold`: pence from which a device is capitalised.

    `grouped`: like devices bought together (day, supplier, model) are measured by what they cost together.
    `from_month_bought`: the month of purchase is written off too; else the first is the month after.
    """

    threshold: int
    grouped: bool
    lives: Mapping[str, Life]
    portable: frozenset[str]
    from_month_bought: bool = True

    def life(self, device_class: str) -> Life:
        """The life of a class."""
        return self.lives.get(device_class) or self.lives[OTHERS]


USUAL = Rules(
    threshold=1_000_00,
    grouped=True,
    lives={
        "laptop": Life(48), "tablet": Life(48), "server": Life(48), "hypervisor": Life(48), "desktop": Life(60),
        OTHERS: Life(60),
    },
    portable=frozenset({"laptop", "tablet", "phone", "camera", "projector", "video conference"}),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asset:
    """What the book asks of a device; None where nobody said. `together`: pence of all that was bought with it.

    `owned`: False for what is leased. `gone`: the day of disposal.
    """

    device_class: str
    cost: int | None = None
    purchased: date | None = None
    together: int | None = None
    owned: bool = True
    gone: date | None = None


@dataclass(frozen=True, slots=True)
class Worth:
    """A device in the book by a day, in pence; None where it cannot be told or is not in it, and `why` says why."""

    shelf: Shelf
    cost: int | None = None
    written_off: int | None = None
    months: int | None = None
    why: str = ""

    @property
    def value(self) -> int | None:
        """What it still stands for."""
        return None if self.cost is None or self.written_off is None else self.cost - self.written_off


def worth(asset: Asset, rules: Rules, day: date) -> Worth:
    """What a device stands for in the book at the end of a day."""
    shelf, why = _shelf(asset, rules, day)
    if shelf is not Shelf.CAPITALISED or asset.cost is None:
        return Worth(shelf, why=why)
    if asset.purchased is None:
        return Worth(shelf, asset.cost, why="when it was purchased is not known")
    life = rules.life(asset.device_class)
    months = months_charged(asset.purchased, day, life.months, from_month_bought=rules.from_month_bought)
    return Worth(shelf, asset.cost, written_off(asset.cost, life, months), months)


def _shelf(asset: Asset, rules: Rules, day: date) -> tuple[Shelf, str]:
    if asset.gone is not None and asset.gone <= day:
        return Shelf.NEITHER, "it was disposed of"
    portable = asset.device_class in rules.portable
    if not asset.owned:
        return (Shelf.PORTABLE if portable else Shelf.NEITHER), "it is leased, not owned"
    if asset.cost is None:
        return (Shelf.PORTABLE if portable else Shelf.UNKNOWN), "what it cost is not known"
    counted = max(asset.cost, asset.together or 0) if rules.grouped else asset.cost
    if counted >= rules.threshold:
        return Shelf.CAPITALISED, ""
    return (Shelf.PORTABLE if portable else Shelf.NEITHER), "it cost less than is capitalised"


def months_charged(purchased: date, day: date, most: int, *, from_month_bought: bool = True) -> int:
    """How many months are written off by the end of a day: each is charged on its last day, and `most` in all."""
    over = (day.year - purchased.year) * 12 + day.month - purchased.month
    over += (day + timedelta(days=1)).month != day.month
    return max(0, min(over - (not from_month_bought), most))


def written_off(cost: int, life: Life, months: int) -> int:
    """Straight line: the same each month, half a penny rounded up, until only the residual is left."""
    lost = cost - cost * life.residual // EVERYTHING
    return lost if months >= life.months else (2 * lost * months + life.months) // (2 * life.months)


# ------------------------------------------------------------------------------------------------ rules as data


@dataclass(frozen=True, slots=True)
class _Read:
    """What was wrong in rules that somebody wrote."""

    wrong: list[str] = field(default_factory=list)

    def whole(self, what: str, value: object, least: int, most: int) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.wrong.append(f"{what} is a whole number from {least} to {most}")
        return least

    def known(self, what: str, names: object) -> list[str]:
        listed = [str(name) for name in names] if isinstance(names, list | tuple | dict) else []
        if strange := [name for name in listed if name not in CLASSES and name != OTHERS]:
            self.wrong.append(f"{what} names no class that there is: {', '.join(sorted(strange))[:80]}")
        return [name for name in listed if name not in strange]


def written(rules: Rules) -> dict[str, object]:
    """Rules as JSON keeps them: `parse` of it is the same."""
    return {
        "threshold": rules.threshold, "grouped": rules.grouped, "from_month_bought": rules.from_month_bought,
        "lives": {name: [life.months, life.residual] for name, life in sorted(rules.lives.items())},
        "portable": sorted(rules.portable),
    }  # fmt: skip


def parse(said: Mapping[str, object]) -> Rules:
    """Rules from JSON; CollectorError says all that is wrong with them."""
    read = _Read()
    threshold = read.whole("the threshold in pence", said.get("threshold"), 0, 10**9)
    given = said.get("lives")
    lives: dict[str, Life] = {}
    for name in read.known("lives", given):
        pair = given[name] if isinstance(given, dict) else None
        months, residual = pair if isinstance(pair, list | tuple) and len(pair) == 2 else (None, None)
        lives[name] = Life(
            read.whole(f"the life of {name} in months", months, 1, MOST_MONTHS),
            read.whole(f"the residual of {name} in hundredths of a percent", residual, 0, EVERYTHING),
        )
    if OTHERS not in lives:
        read.wrong.append(f"lives must say one for “{OTHERS}”, which stands for all classes that are not named")
    portable = frozenset(read.known("portable", said.get("portable", [])))
    if read.wrong:
        raise CollectorError("; ".join(read.wrong))
    flags = {name: bool(said.get(name, True)) for name in ("grouped", "from_month_bought")}
    return Rules(threshold, flags["grouped"], lives, portable, flags["from_month_bought"])
