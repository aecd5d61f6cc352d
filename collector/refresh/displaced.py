"""Why a job is not done when it falls due, or why what is pinned cannot be, in sentences for people. Pure.

It reads what was chosen and asks the budgets again whether the job would have fitted: it does not guess.
"""

from __future__ import annotations

from collector.refresh.groups import Choice
from collector.refresh.jobs import Job, Scenario
from collector.refresh.purses import Budget
from collector.refresh.wording import money
from collector.refresh.years import label


class Words:
    """Sentences on the jobs of one choice."""

    def __init__(self, choice: Choice, scenario: Scenario) -> None:
        self._choice = choice
        self._scenario = scenario
        self._said: dict[object, str] = {}

    def of(self, job: Job, year: int | None) -> str:
        """Why a job is done in this year or left undone; "" where it is done when it falls due, or later was pinned."""
        key = (job.school_id, job.wanted, job.earliest, job.pinned, job.costs, year)
        if key not in self._said:
            self._said[key] = self._pinned(job) if job.pinned is not None else self._free(job, year)
        return self._said[key]

    def _pinned(self, job: Job) -> str:
        if job.pinned is None or job.pinned >= job.earliest:
            return ""
        return (
            f"Pinned to {label(job.pinned)}, although what is ordered now can be installed "
            f"in {label(job.earliest)} at the earliest."
        )

    def _free(self, job: Job, year: int | None) -> str:
        first, end = self._scenario.first, self._scenario.first + self._scenario.years
        due = max(job.wanted, first)
        if due >= end or (year == due):
            return ""
        said = f"Due {label(job.wanted)}"
        if year is not None and year < due:
            return f"{said}: brought forward, because {self._blocked(job, due, year)}."
        begins = max(due, job.earliest)
        if begins > due:
            said += f", cannot be installed before {label(begins)}"
        if begins >= end:
            return f"{said}: after the planned years."
        if year == begins:
            return f"{said}."
        if year is None:
            return f"{said}: {self._blocked(job, begins, None)}; no year to {label(end - 1)} has room."
        return f"{said}: {self._blocked(job, begins, year)}; {label(year)} is the first year with room."

    def _blocked(self, job: Job, wished: int, year: int | None) -> str:
        """Which budget has no room for a job in the year that it asks for, were it not done in its own."""
        place = self._place(job, wished, year)
        if place is None:
            return f"{label(wished)} asks for more than can be paid"
        budget = self._choice.budgets[place]
        cost, most = job.costs[wished - self._scenario.first], budget.reach(wished - self._scenario.first)
        cap = cap_words(budget, label(wished), self._scenario)
        if cost > most:
            return f"it costs {money(cost)}, more than {cap} could ever bear, {money(most)}"
        kept = any(purse.last > purse.first for purse in budget.purses)
        spent = "is spent, then or later," if kept else "is spent"
        return f"{cap} {spent} on what carries more risk for its money"

    def _place(self, job: Job, wished: int, year: int | None) -> int | None:
        first = self._scenario.first
        for place, budget in enumerate(self._choice.budgets):
            if budget.school_id not in {"", job.school_id}:
                continue
            spent = list(self._choice.spent[place])
            spent[wished - first] += job.costs[wished - first]
            if year is not None:
                spent[year - first] -= job.costs[year - first]
            if not budget.fits(spent):
                return place
        return None


def refusal(choice: Choice, place: int, year: int, scenario: Scenario) -> str:
    """The sentence for pins that a cap cannot bear: which, where, by how much, and what to do."""
    budget, spent = choice.budgets[place], list(choice.spent[place])
    asked, spent[year] = spent[year], 0
    pins = [
        (-group.costs[0], job.name)
        for group in choice.groups
        if group.pinned and place in group.budgets and group.options[0] == year
        for job in group.jobs
    ]
    dearest = min(pins)[1]
    more = f" and {len(pins) - 1} more are" if len(pins) > 1 else " is"
    calendar = label(scenario.first + year)
    cap = cap_words(budget, calendar, scenario)
    costs = "together cost" if len(pins) > 1 else "costs"
    return (
        f"“{dearest}”{more} pinned to {calendar} and {costs} {money(asked)}, but {cap} "
        f"leaves {money(budget.room(spent, year))} for it: raise the cap, or pin to another year"
    )


def cap_words(budget: Budget, year: str, scenario: Scenario) -> str:
    """A budget in a year, as the subject of a sentence."""
    if budget.levels:
        return f"the bound of {year} that levels spending"
    if not budget.school_id:
        return f"the trust's cap of {year}"
    return f"the cap of {year} at {scenario.names.get(budget.school_id, budget.school_id)}"
