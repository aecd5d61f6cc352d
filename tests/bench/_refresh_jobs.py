"""Jobs of a made-up trust for the bench, the same each time: suites, overdue kit, prices that rise, exposure."""

from __future__ import annotations

import random
from datetime import date

from collector.refresh.jobs import Job, Scenario, risks_of, together, yearly
from collector.refresh.values import Fund
from collector.refresh.years import Years

FIRST, YEARS = 2026, Years(9)
# class: share of the estate, life in years, pence, weight, earliest year, kept in suites
CLASSES = {
    "laptop": (0.38, 4, 52_500, 1.0, 2026),
    "desktop": (0.30, 5, 57_500, 1.0, 2026),
    "tablet": (0.10, 4, 33_000, 0.8, 2026),
    "access-point": (0.08, 6, 52_500, 1.5, 2027),
    "panel": (0.05, 7, 185_000, 1.2, 2027),
    "printer": (0.04, 6, 20_000, 0.5, 2026),
    "switch": (0.03, 7, 185_000, 3.0, 2027),
    "ups": (0.01, 4, 60_000, 2.0, 2026),
    "server": (0.01, 5, 650_000, 5.0, 2026),
}
EXPOSURES = (1.0, 1.0, 1.0, 1.5)
RISES = {"laptop": 1.05, "desktop": 1.05, "tablet": 1.04}


def jobs(schools: int, devices: int, years: int, seed: int = 9) -> tuple[Job, ...]:
    """The jobs of schools with so many devices each; a third of the desktops stand in suites of thirty."""
    chance = random.Random(seed)  # noqa: S311 - an estate, not a secret
    made: list[Job] = []
    for school in range(schools):
        suited = 0
        for number in range(devices):
            kind = chance.choices([*CLASSES], [share for share, *_ in CLASSES.values()])[0]
            suited += kind == "desktop"
            suite = f"suite {suited // 30}" if kind == "desktop" and suited // 30 < devices // 300 else ""
            made.append(_job(chance, f"s{school:03}", f"d{number:05}", kind, years, suite))
    return together(made)


def _job(chance: random.Random, school: str, name: str, kind: str, years: int, suite: str) -> Job:
    _, life, price, weight, earliest = CLASSES[kind]
    wanted = FIRST - 2 + chance.randrange(life + 2) if not suite else FIRST - 2 + (hash_of(suite) + int(school[1:])) % 7
    costs = tuple(round(price * RISES.get(kind, 1.03) ** year) for year in range(years))
    weight *= chance.choice(EXPOSURES)
    return Job(
        job_id=f"{school}/{name}",
        name=name,
        school_id=school,
        device_class=kind,
        wanted=wanted,
        costs=costs,
        risks=risks_of(wanted, weight, FIRST, years),
        earliest=earliest,
        due=date(wanted, 1 + chance.randrange(12), 1),
        suite=suite,
    )


def hash_of(text: str) -> int:
    """A number of a text that is the same each time."""
    return sum(text.encode())


def scenario(made: tuple[Job, ...], years: int, share: float, *, schools: bool, trust: bool) -> Scenario:
    """Caps that bear so much of what falls due, even by year: of each school without carry-over, of the trust with."""
    due: dict[str, int] = {}
    for job in made:
        if job.wanted < FIRST + years:
            due[job.school_id] = due.get(job.school_id, 0) + job.costs[max(job.wanted - FIRST, 0)]
    funds: list[Fund] = []
    for school_id, money in sorted(due.items()) if schools else ():
        funds += yearly(school_id, [round(money * share / years)] * years, FIRST, YEARS, carry=False)
    if trust:
        funds += yearly("", [round(sum(due.values()) * share * 0.95 / years)] * years, FIRST, YEARS, carry=True)
    return Scenario(FIRST, years, tuple(funds))
