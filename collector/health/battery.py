"""Battery: of UPS by its age, its own word and its replace flag; of laptops by what is left of its capacity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from collector.health import Dossier, Finding, State, Told, above, below, called, number, worded

ASPECT = "battery"
DAMPED = False  # a battery gets no younger
UPS = "battery/ups"
DAYS_A_YEAR = 365.25
DATES = ("replaced", "manufactured")


def judge(known: Dossier) -> Iterator[Finding]:
    """One finding for each thing that is told of a battery."""
    found = [finding for component, told in known.parts("battery") for finding in _battery(known, component, told)]
    yield from found
    if not found and known.device_class == "ups":
        yield Finding(State.UNKNOWN, "it tells nothing of its battery's age or state")


def _battery(known: Dossier, component: str, told: Mapping[str, Told]) -> Iterator[Finding]:
    name = "its battery" if component == UPS else f"battery {called(component, told)}"
    replace = told.get("to_be_replaced")
    if replace is not None:
        state = State.CRITICAL if replace.value is True else State.OK
        sentence = f"{name} says that it must be replaced" if replace.value is True else f"{name} is not to be replaced"
        yield Finding(state, sentence, component, (f"{component} to_be_replaced",), replace.observed)
    if (state_told := worded(told.get("status"))) is not None:
        sentence = f"{name} is {told['status'].value}"
        yield Finding(state_told, sentence, component, (f"{component} status",), told["status"].observed)
    if (bad := number(told.get("packs_bad"))) is not None:
        state = State.CRITICAL if bad > 0 else State.OK
        yield Finding(state, f"{bad:.0f} of its packs are bad", component, (f"{component} packs_bad",))
    if (health := number(told.get("health"))) is not None:
        state = below(health, known.limit(ASPECT, "health_warning"), known.limit(ASPECT, "health_critical"))
        sentence = f"{name} holds {health:.0f} % of what it held when it was new"
        yield Finding(state, sentence, component, (f"{component} health",), told["health"].observed)
    if component == UPS:
        yield from _age(known, told)


def _age(known: Dossier, told: Mapping[str, Told]) -> Iterator[Finding]:
    for name in DATES:
        made = _day(told.get(name))
        if made is not None and made <= known.now.date():
            years = (known.now.date() - made).days / DAYS_A_YEAR
            state = above(years, known.limit(ASPECT, "years_warning"), known.limit(ASPECT, "years_critical"))
            yield Finding(state, f"its battery is {years:.1f} years old", UPS, (f"{UPS} {name}",), told[name].observed)
            return


def _day(told: Told | None) -> date | None:
    try:
        return date.fromisoformat(str(told.value)[:10]) if told is not None else None
    except ValueError:
        return None
