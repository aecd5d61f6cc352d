"""The plain rule over what was gathered, with what is used up in the devices that stay. It reads no store.

A battery goes with its laptop. A printer that is replaced goes on printing: what follows it needs as much, so its
toner ends with it alone where nothing takes its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from collector.planning.gather import Gathered
from collector.refresh import consumables
from collector.refresh.plan import Plan, plan, with_rows
from collector.refresh.policies import Policies
from collector.refresh.values import Action, Row

_GOES = frozenset({Action.REPLACE, Action.EXTEND, Action.RETIRE})


def make(gathered: Gathered, policies: Policies | None = None) -> Plan:
    """The plan of the plain rule. `policies`: other ones than those that stand."""
    made = plan(gathered.estate, policies or gathered.policies)
    return with_rows(made, consumables.rows(_demands(gathered, made)))


def _demands(gathered: Gathered, made: Plan) -> Iterator[consumables.Demand]:
    wear = gathered.wear
    if not wear.printers and not wear.batteries:
        return
    window = consumables.Window(gathered.estate.today, made.first, made.last, made.terms)
    goes = _goes(made, {p.device_id for p in wear.printers} | {b.device_id for b in wear.batteries})
    printers = (
        replace(one, goes=row_day) if (row_day := goes.get((one.device_id, True))) else one for one in wear.printers
    )  # fmt: skip
    packs = (
        replace(one, goes=row_day) if (row_day := goes.get((one.device_id, True)) or goes.get((one.device_id, False)))
        else one for one in wear.batteries
    )  # fmt: skip
    yield from consumables.printing(printers, window)
    yield from consumables.batteries(packs, window)


def _goes(made: Plan, wanted: set[str]) -> dict[tuple[str, bool], date]:
    """When devices go within the plan, by id and whether nothing takes their place."""
    return {
        (row.row_id, row.action is Action.RETIRE): _day(made, row)
        for row in made.rows
        if row.row_id in wanted and row.action in _GOES and not row.again and row.year is not None
    }


def _day(made: Plan, row: Row) -> date:
    return row.day or made.reckoned(row.school_id).first_day(row.year or made.first)
