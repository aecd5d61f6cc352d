"""Exact afterwards: what the solver's tolerances overspent is taken out, and what room it left is used. Pure.

The solver reckons in floating point and stops near the optimum; money is whole pence. After `mend` every budget holds
to the penny. After `fill` nothing could be done earlier, or at all, with the rest as it is, so that "no room" is true.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.refresh.groups import Choice, Group

PASSES = 3  # a move may make room for another; the second pass seldom finds one


def mend(choice: Choice) -> None:
    """Take out what carries the least risk for its money where a budget does not hold."""
    for place, budget in enumerate(choice.budgets):
        lacking = budget.lacking(choice.spent[place])
        while lacking is not None:
            _, _, group, option = min(_movable(choice, place, lacking), key=lambda found: found[:2])
            choice.move(group, option, -1)
            lacking = budget.lacking(choice.spent[place])


def fill(choice: Choice) -> None:
    """Use what room there is, for what carries the most risk for its money first."""
    free = [group for group in choice.groups if not group.pinned]
    free.sort(key=lambda group: -group.gains[0] / max(group.costs[0], 1))
    for _ in range(PASSES):
        if not sum(_better(choice, group) for group in free):
            break


def _movable(choice: Choice, place: int, lacking: int) -> Iterator[tuple[float, int, Group, int]]:
    """What is spent up to a year from a budget and is nobody's pin, with the risk that it spares for its money."""
    for number, group in enumerate(choice.groups):
        if group.pinned or place not in group.budgets:
            continue
        for option, year in enumerate(group.options):
            if year <= lacking and group.counts[option] and group.costs[option]:
                yield group.gains[option] / group.costs[option], number, group, option


def _better(choice: Choice, group: Group) -> bool:
    """Move jobs of a group to where they spare more; whether any moved."""
    moved = False
    order = sorted(range(len(group.options)), key=lambda option: -group.gains[option])
    for rank, option in enumerate(order):
        if group.gains[option] <= 0:
            break
        if group.undone:
            number = choice.room(group, option, group.undone)
            choice.move(group, option, number)
            moved = moved or number > 0
        for worse in reversed(order[rank + 1 :]):
            if group.counts[worse] and group.gains[worse] < group.gains[option]:
                moved = _shift(choice, group, worse, option) or moved
    return moved


def _shift(choice: Choice, group: Group, worse: int, option: int) -> bool:
    """As many as fit from one option to another: all at once, else ever fewer; whether any did."""
    number, moved = group.counts[worse], False
    while number:
        choice.move(group, worse, -number)
        if choice.room(group, option, number) == number:
            choice.move(group, option, number)
            moved, number = True, min(number, group.counts[worse])
        else:
            choice.move(group, worse, number)
            number //= 2
    return moved
