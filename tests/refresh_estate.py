"""A trust's estate for tests and trials of planning: schools of both phases, bought in waves, half of it well recorded.

Scale and mix are those of English schools: a primary has one server or none, a secondary suites of thirty desktops,
and what came with the closures of 2020 is old by now. The same seed gives the same estate.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate

from collector.refresh.values import Action, Decision, Estate, Kit, Made, Need, Spending, Terms

TODAY = date(2026, 11, 22)
WINDOWS_10 = date(2025, 10, 14)
SUITE = 30

#: class → share of a school's devices in thousandths, makers with models
_PRIMARY = {"server": 8, "switch": 30, "access point": 110, "printer": 25, "display": 100, "tablet": 330,
            "laptop": 330, "desktop": 30, "ups": 7, "nas": 5, "phone": 20, "camera": 5}  # fmt: skip
_SECONDARY = {"server": 4, "hypervisor": 3, "firewall": 1, "switch": 35, "access point": 90, "printer": 30,
              "display": 70, "tablet": 50, "laptop": 320, "desktop": 300, "ups": 8, "nas": 4, "phone": 50,
              "camera": 30, "wireless controller": 1, "projector": 4}  # fmt: skip
_MODELS = {
    "laptop": (
        ("HP", "ProBook 450 G8"),
        ("Lenovo", "ThinkPad L14"),
        ("Dell", "Latitude 3420"),
        ("Acer", "Chromebook 314"),
    ),
    "desktop": (("HP", "ProDesk 400 G6"), ("Dell", "OptiPlex 3080"), ("Lenovo", "ThinkCentre M70q")),
    "tablet": (("Apple", "iPad 8th generation"), ("Apple", "iPad 9th generation")),
    "switch": (("HPE", "Aruba 2530-48G"), ("HPE", "Aruba 6100"), ("Netgear", "GS752TP")),
    "access point": (("HPE", "Aruba AP-505"), ("Ruckus", "R550")),
    "server": (("HPE", "ProLiant ML350 Gen10"), ("Dell", "PowerEdge T340")),
    "hypervisor": (("HPE", "ProLiant DL380 Gen10"), ("Dell", "PowerEdge R650")),
}
_USES = ("", "", "", "", "", "office", "curriculum")


def estate(devices: int, schools: int, seed: int = 1, *, years: int = 5, mixed: bool = False) -> Estate:
    """An estate of so many devices; `mixed`: a quarter of the schools begins its year in April."""
    dice = random.Random(seed)  # noqa: S311, it is an example, and the same each time
    phases = ["secondary" if place % 10 in (3, 6, 9) else "primary" for place in range(schools)]
    names = [f"school-{place:03d}" for place in range(schools)]
    sizes = _sizes(devices, phases, dice)
    kit: list[Kit] = []
    for name, phase, size in zip(names, phases, sizes, strict=True):
        kit += _school(name, phase, size, dice)
    terms = {"": Terms(9)}
    if mixed:
        terms |= {name: Terms(4) for name in names[::4]}
    return Estate(
        today=TODAY,
        first=2026,
        years=years,
        kit=tuple(kit),
        needs=tuple(_needs(names, dice)),
        spending=tuple(_spending(names, phases)),
        decisions=tuple(_decisions(kit, dice)),
        terms=terms,
    )


def _sizes(devices: int, phases: list[str], dice: random.Random) -> list[int]:
    shares = [dice.uniform(0.6, 1.4) * (7 if phase == "secondary" else 1) for phase in phases]
    edges = [round(devices * sofar / sum(shares)) for sofar in accumulate(shares)]
    return [edge - before for before, edge in zip([0, *edges[:-1]], edges, strict=True)]


def _school(name: str, phase: str, size: int, dice: random.Random) -> Iterator[Kit]:
    """A school keeps few models of each class, and bought them in three or four waves."""
    mix = _SECONDARY if phase == "secondary" else _PRIMARY
    classes = sorted(dice.choices(list(mix), list(mix.values()), k=size))
    waves = {kind: [_wave(dice, kind) for _ in range(dice.randint(2, 4))] for kind in mix}
    seen: dict[str, int] = {}
    for place, kind in enumerate(classes):
        number = seen[kind] = seen.get(kind, -1) + 1
        wave = waves[kind][number // SUITE % len(waves[kind])]
        yield _device(f"{name}-{place:05d}", name, kind, number, wave, dice)


def _wave(dice: random.Random, kind: str) -> tuple[tuple[str, str], date]:
    """What was bought, and when: in the summer or before the end of March, as budgets have it."""
    year = dice.choices(range(2014, 2027), (1, 1, 2, 2, 4, 6, 9, 9, 7, 7, 6, 6, 5))[0]
    month = dice.choice((3, 8, 8, 9) if year < 2026 else (3, 8))
    return dice.choice(_MODELS.get(kind, (("Maker", f"{kind} one"), ("Other", f"{kind} two")))), date(
        year, month, dice.randint(1, 28)
    )


def _device(
    device_id: str, school: str, kind: str, number: int, wave: tuple[tuple[str, str], date], dice: random.Random
) -> Kit:
    (maker, model), bought = wave
    known = dice.random()
    made = None if known >= 0.85 else _made(bought, known < 0.5, dice)
    old_windows = kind in ("desktop", "laptop") and bought.year < 2019 and maker != "Acer"
    failing = dice.random() < 0.03
    return Kit(
        device_id=device_id,
        name=f"{kind} {number + 1}",
        school_id=school,
        device_class=kind,
        maker=maker,
        model=model,
        suite=f"ICT {number // SUITE + 1}" if kind == "desktop" else "",
        use=dice.choice(_USES),
        made=made,
        bought=bought if known < 0.5 else None,
        warranty_ends=bought + timedelta(days=3 * 365) if known < 0.3 else None,
        support_ends=WINDOWS_10 if old_windows else None,
        support_words="Windows 10" if old_windows else "",
        condition="its disk is failing" if failing else "",
        condition_since=TODAY - timedelta(days=dice.randint(14, 200)) if failing else None,
        lease_ends=date(2028, 8, 31) if kind == "printer" and number % 3 == 0 else None,
        memory_bytes=dice.choice((4, 8, 8, 16)) * 1024**3 if kind in ("desktop", "laptop") else None,
        marks=float(dice.randint(1, 5)) if dice.random() < 0.05 else None,
    )


def _made(bought: date, exact: bool, dice: random.Random) -> Made:
    best = bought - timedelta(days=dice.randint(0, 120))
    if exact:
        return Made(bought, bought, bought, exact=True)
    return Made(best - timedelta(days=dice.randint(0, 300)), best, best + timedelta(days=dice.randint(0, 300)))


def _needs(names: list[str], dice: random.Random) -> Iterator[Need]:
    for place, name in enumerate(names[::3]):
        yield Need(
            need_id=f"need-{place:03d}",
            school_id=name,
            what="Chromebooks for Year 7",
            device_class="laptop",
            number=dice.randint(5, 60),
            start=date(2027, 9, 1),
            aim="every pupil of Year 7 has a device",
            cost=250_00,
        )


def _spending(names: list[str], phases: list[str]) -> Iterator[Spending]:
    for name, phase in zip(names, phases, strict=True):
        large = phase == "secondary"
        yield Spending(
            line_id=f"broadband-{name}", school_id=name, what="Broadband", line="connectivity",
            cost=6_000_00 if large else 2_400_00, starts=date(2025, 4, 1), ends=date(2028, 3, 31), inflation=300,
        )  # fmt: skip
        yield Spending(
            line_id=f"support-{name}", school_id=name, what="Support contract", line="support",
            cost=18_000_00 if large else 4_800_00, starts=date(2024, 9, 1), inflation=400,
        )  # fmt: skip
    yield Spending("mis", "", "Management information system", "administration", 30_000_00, date(2025, 9, 1))


def _decisions(kit: list[Kit], dice: random.Random) -> Iterator[Decision]:
    """One in a hundred devices is decided upon, and one suite in twenty is pinned."""
    for one in dice.sample(kit, len(kit) // 100):
        kind = dice.random()
        if kind < 0.4:
            yield Decision(Action.REPLACE, "before the inspection", one.device_id, year=dice.choice((2026, 2027, 2028)))
        elif kind < 0.8:
            yield Decision(Action.EXTEND, "the budget is spent", one.device_id, until=date(2028, 8, 31))
        else:
            yield Decision(Action.RETIRE, "nobody uses it", one.device_id)
    suites = sorted({(one.school_id, one.suite) for one in kit if one.suite})
    for school, suite in dice.sample(suites, len(suites) // 20):
        yield Decision(Action.REPLACE, "the room is rebuilt", school_id=school, suite=suite, year=2027)
