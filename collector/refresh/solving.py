"""How many of each group are done in which year, so that the least risk remains: a whole-number programme for HiGHS.

It is the one place that knows the solver. HiGHS (MIT) is chosen over OR-tools because it is one wheel of five megabytes
beside numpy, where OR-tools brings pandas and holds protobuf below the version that our wire needs, and because the
problem suits it: a knapsack of each budget and year, over counts, whose relaxation is near the optimum. One thread and
a fixed seed give the same answer again.

    least    risk left undone − Σ gain × count
    so that  counts of a group            ≤ its jobs
             cost of a budget and year    ≤ what is drawn for it from the budget's purses
             what is drawn from a purse   ≤ what it holds
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from collector.refresh.groups import Choice, Group, left, parts
from collector.refresh.jobs import Effort

MONEY = 100_000  # pence to a unit: thousands of pounds keep the numbers near one, as the solver's tolerances ask
NODES = 200  # of the search: more gain next to nothing, and unlike a clock they stop it at the same place each time


@dataclass(frozen=True, slots=True)
class Proof:
    """`least`: no choice leaves less than this. `timed_out`: the time ran out before it was as near as wanted."""

    least: float
    timed_out: bool


@dataclass(slots=True)
class _Model:
    """A programme while it is put together: columns one after another, each with its entries in rows."""

    risk: float  # what is left if nothing but the pins is done
    gains: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    entries: list[float] = field(default_factory=list)
    limits: list[float] = field(default_factory=list)

    def row(self, limit: float) -> int:
        """A new row whose sum is at most the limit."""
        self.limits.append(limit)
        return len(self.limits) - 1

    def column(self, gain: float, most: float, entries: Iterable[tuple[int, float]]) -> None:
        """A new variable from 0 to `most`, with its entries."""
        self.gains.append(gain)
        self.most.append(most)
        self.starts.append(len(self.rows))
        for row, entry in entries:
            self.rows.append(row)
            self.entries.append(entry)


def solve(choice: Choice, effort: Effort) -> Proof:
    """Put all groups that are not pinned into their best years, beside what the pins spend; and how good that is.

    The budgets hold to the solver's tolerances only: see `filling`.
    """
    apart = parts(choice)
    share = replace(effort, seconds=effort.seconds / max(len(apart), 1))
    proofs = [_part(choice, groups, share) for groups in apart]
    return Proof(sum(proof.least for proof in proofs), any(proof.timed_out for proof in proofs))


def _part(choice: Choice, groups: list[Group], effort: Effort) -> Proof:
    """Solve what has budgets in common."""
    model = _Model(left(groups))
    free = [group for group in groups if not group.pinned]
    years = _budget_rows(model, choice, sorted({place for group in free for place in group.budgets}))
    for group in free:
        whole = [(model.row(len(group.jobs)), 1.0)] if len(group.options) > 1 else []
        for year, cost, gain in zip(group.options, group.costs, group.gains, strict=True):
            spends = [(years[place, year], cost / MONEY) for place in group.budgets]
            model.column(gain, len(group.jobs), [*whole, *spends])
    counted = len(model.gains)
    _draws(model, choice, years)
    values, proof = _run(model, counted, effort)
    for group in free:
        for option in range(len(group.options)):
            choice.move(group, option, next(values))
    return proof


def _budget_rows(model: _Model, choice: Choice, places: list[int]) -> dict[tuple[int, int], int]:
    """The row of each budget and year: what is spent there, less what is drawn for it, is at most 0."""
    return {
        (place, year): model.row(-spent / MONEY) for place in places for year, spent in enumerate(choice.spent[place])
    }


def _draws(model: _Model, choice: Choice, years: dict[tuple[int, int], int]) -> None:
    """A variable for what is drawn from each purse in each year that it may be spent in."""
    for place in dict.fromkeys(place for place, _ in years):
        for purse in choice.budgets[place].purses:
            holds = model.row(purse.amount / MONEY)
            for year in range(purse.first, min(purse.last + 1, len(choice.spent[place]))):
                model.column(0.0, purse.amount / MONEY, [(holds, 1.0), (years[place, year], -1.0)])


def _run(model: _Model, counted: int, effort: Effort) -> tuple[Iterator[int], Proof]:
    """Whole numbers of the first columns, one after another, and the proof."""
    if not counted:
        return iter(()), Proof(model.risk, timed_out=False)
    import highspy  # noqa: PLC0415 - a solver and numpy: a fifth of a second and 40 MB, needed here alone
    import numpy as np  # noqa: PLC0415 - as above

    columns, rows = len(model.gains), len(model.limits)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_, lp.offset_ = columns, rows, model.risk
    lp.col_cost_ = -np.array(model.gains)
    lp.col_lower_, lp.col_upper_ = np.zeros(columns), np.array(model.most)
    lp.row_lower_, lp.row_upper_ = np.full(rows, -highspy.kHighsInf), np.array(model.limits)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = np.array([*model.starts, len(model.rows)], dtype=np.int32)
    lp.a_matrix_.index_ = np.array(model.rows, dtype=np.int32)
    lp.a_matrix_.value_ = np.array(model.entries)
    whole, real = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
    lp.integrality_ = [whole] * counted + [real] * (columns - counted)
    solver = highspy.Highs()  # type: ignore[no-untyped-call]  # its constructor alone is not annotated
    for option, value in _options(effort).items():
        solver.setOptionValue(option, value)
    solver.passModel(lp)
    solver.run()
    info, found = solver.getInfo(), solver.getSolution()
    values = (round(value) for value in found.col_value[:counted]) if found.value_valid else iter([0] * counted)
    late = solver.getModelStatus() == highspy.HighsModelStatus.kTimeLimit
    return values, Proof(max(float(info.mip_dual_bound), 0.0), timed_out=late)


def _options(effort: Effort) -> dict[str, bool | int | float]:
    return {
        "output_flag": False,
        "threads": 1,
        "random_seed": 0,
        "mip_rel_gap": effort.gap,
        "mip_abs_gap": 1e-6,
        "time_limit": effort.seconds,
        "mip_max_nodes": NODES,
    }
