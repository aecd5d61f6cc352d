"""How long each class is kept and what it costs: the table of defaults, and what trust and schools set instead. Pure.

`policies.tsv` has a row for each class, and for models that differ within one; "other" stands for all else. An override
sets one figure for a model, a use or a class, of a school or of the trust. What fits a device best is found figure by
figure: what a school set stands before what the trust set, and of either a model before a use before a class before
what is set for everything. A model fits where all words of the override follow each other in maker and model
("chromebook", "EliteBook 840"); of two that fit, the longer. It knows no plan, and no prices but those of the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cache

from collector.errors import CollectorError
from collector.refresh import tables
from collector.refresh.lines import Category
from collector.refresh.values import Kit, Policy
from collector.refresh.weights import Weights

OTHERS = "other"
GIBIBYTE = 1024**3

Setting = int | float | str | date | None


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a figure of a policy may be. `unit`: as it is kept. `may_be_none`: nothing is an answer."""

    unit: str
    least: float = 0
    most: float = 0
    may_be_none: bool = False


_MOST_COST = 1_000_000_00  # pence of one device
#: the figures of a policy that may be set, with their units and bounds
SETTABLE: Mapping[str, Bounds] = {
    "life": Bounds("months", 1, 300),
    "warranty": Bounds("months", 0, 300),
    "minimum": Bounds("months", 1, 300, may_be_none=True),
    "upgrade_after": Bounds("months", 1, 300, may_be_none=True),
    "upgrade_cost": Bounds("pence", 0, _MOST_COST),
    "enough_memory": Bounds("bytes", 0, 2**50, may_be_none=True),
    "cost": Bounds("pence", 0, _MOST_COST),
    "cost_on": Bounds("day"),
    "inflation": Bounds("hundredths of a percent a year", -5_000, 10_000),
    "residual": Bounds("hundredths of a percent", 0, 10_000),
    "kwh": Bounds("kWh a year", 0, 1_000_000),
    "lead_weeks": Bounds("weeks", 0, 104),
    "weight": Bounds("weight", 0, 1_000),
    "line": Bounds("category"),
}


@dataclass(frozen=True, slots=True)
class Override:
    """One figure that stands instead of the table's. `school_id` "": of the trust; what is "" below it fits all.

    Raises CollectorError, in a sentence for who set it, where the figure cannot be.
    """

    setting: str
    value: Setting
    school_id: str = ""
    device_class: str = ""
    model: str = ""
    use: str = ""

    def __post_init__(self) -> None:
        check(self.setting, self.value)


def check(setting: str, value: Setting) -> None:
    """Refuse a figure that no policy can have."""
    bounds = SETTABLE.get(setting)
    if bounds is None:
        raise CollectorError(f"a policy has no {setting!r}: set one of {', '.join(SETTABLE)}")
    if value is None and bounds.may_be_none:
        return
    if setting == "cost_on":
        if not isinstance(value, date):
            raise CollectorError("the day of a price is a day: write it as 2026-11-01")
    elif setting == "line":
        if value not in tuple(Category):
            raise CollectorError(f"{value!r} is no category of DfE's: write one of {', '.join(Category)}")
    elif not _is_number(value, whole=setting != "weight") or not bounds.least <= value <= bounds.most:  # type: ignore[operator]  # a number by now
        raise CollectorError(f"{setting} is from {bounds.least:,} to {bounds.most:,} ({bounds.unit}), not {value!r}")


def _is_number(value: Setting, *, whole: bool) -> bool:
    return isinstance(value, int if whole else int | float) and not isinstance(value, bool)


@dataclass(frozen=True, slots=True)
class Found:
    """A policy as it stands for a device. `instead`: the overrides that made it, by setting."""

    policy: Policy
    instead: Mapping[str, Override]


@dataclass(frozen=True, slots=True)
class Default:
    """A row of the table: what a class costs and how long it is kept; `model` "": whatever its model."""

    device_class: str
    model: str
    policy: Policy


class Policies:
    """The policies of a trust: the table, what trust and schools set instead, and the weights of risk."""

    def __init__(
        self,
        overrides: Iterable[Override] = (),
        *,
        weights: Weights | None = None,
        table: Iterable[Default] | None = None,
    ) -> None:
        self.weights = weights or Weights()
        self._defaults: dict[str, list[Default]] = {}
        for default in defaults() if table is None else table:
            self._defaults.setdefault(default.device_class, []).append(default)
        self._overrides = tuple(sorted(overrides, key=_rank))
        self._found: dict[tuple[str, str, str, str, str], Found] = {}

    def of(self, kit: Kit) -> Policy:
        """The policy of a device."""
        return self.find(kit.school_id, kit.device_class, kit.maker, kit.model, kit.use).policy

    def find(self, school_id: str, device_class: str, maker: str = "", model: str = "", use: str = "") -> Found:
        """The policy of a class in a school, with what was set for it, its model or its use."""
        key = (school_id, device_class, maker, model, use)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._make(*key)
        return found

    def _make(self, school_id: str, device_class: str, maker: str, model: str, use: str) -> Found:
        named = _padded(f"{maker} {model}")
        base = self._default(device_class, named)
        if base.weight < 0:  # the table of policies has none: the table of weights does
            base = replace(base, weight=self.weights.of_class(device_class))
        instead: dict[str, Override] = {}
        for override in self._overrides:  # the most specific last
            if (
                override.school_id in ("", school_id)
                and override.device_class in ("", device_class)
                and override.use.casefold() in ("", use.casefold())
                and (not override.model or _padded(override.model) in named)
            ):
                instead[override.setting] = override
        settings = {name: override.value for name, override in instead.items()}
        return Found(replace(base, **settings) if settings else base, instead)  # type: ignore[arg-type]  # checked when set

    def _default(self, device_class: str, named: str) -> Policy:
        rows = self._defaults.get(device_class) or self._defaults[OTHERS]
        fitting = [row for row in rows if not row.model or _padded(row.model) in named]
        return max(fitting, key=lambda row: len(row.model)).policy


def _rank(override: Override) -> tuple[bool, bool, bool, bool, int, str, str]:
    """The most specific last; what is alike by the words alone, so that the order of setting never tells."""
    o = override
    return (bool(o.school_id), bool(o.model), bool(o.use), bool(o.device_class), len(o.model), o.model, str(o.value))


def _padded(words: str) -> str:
    return f" {' '.join(words.casefold().split())} "


@cache
def defaults() -> tuple[Default, ...]:
    """Every row of policies.tsv. Their weight is -1: that of the table of weights stands."""
    return tuple(
        Default(row["class"], "" if row["model"] == tables.NOTHING else row["model"], _policy(row))
        for row in tables.rows("policies")
    )


def _policy(row: dict[str, str]) -> Policy:
    gibibytes = tables.number(row["enough_memory"])
    return Policy(
        life=int(row["life"]),
        warranty=int(row["warranty"]),
        minimum=tables.number(row["minimum"]),
        upgrade_after=tables.number(row["upgrade_after"]),
        upgrade_cost=tables.hundredths(row["upgrade_cost"]),
        cost=tables.hundredths(row["cost"]),
        cost_on=date.fromisoformat(row["cost_on"]),
        inflation=tables.hundredths(row["inflation"]),
        residual=tables.hundredths(row["residual"]),
        kwh=int(row["kwh"]),
        lead_weeks=int(row["lead_weeks"]),
        weight=-1.0,
        line=row["line"],
        source=row["source"],
        checked=row["checked"],
        enough_memory=None if gibibytes is None else gibibytes * GIBIBYTE,
    )


_UNSETTABLE = frozenset({"source", "checked"})
if frozenset(field.name for field in fields(Policy)) - _UNSETTABLE != frozenset(SETTABLE):
    raise AssertionError("every figure of a policy has its bounds")
