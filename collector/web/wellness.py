"""What pages show of a device's health: its conditions, the readings behind them, and who knows of what.

Worst first; what is acknowledged stands where it would stand otherwise, marked with who knows, why and until when.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from collector import london
from collector.access import Right
from collector.health import ASPECTS, BAD, RANK, State
from collector.store import Transaction, conditions, people, readings
from collector.store.conditions import Acknowledgement, ChangeRow, ConditionRow
from collector.store.readings import DayRow, ReadingRow
from collector.store.rows import DeviceDetail, FactRow
from collector.web import forms, parts, sparklines, words
from collector.web.sparklines import Sparkline
from collector.web.visit import Visit

ACKNOWLEDGED = "acknowledged"
ACKNOWLEDGE, END = "acknowledge", "acknowledgement_end"  # purposes of forms
MOST_CHANGES = 50  # of the past, on one page
NOT_READ = {"last_seen": "Last seen"}  # what conditions rest on that the register keeps itself


@dataclass(frozen=True, slots=True)
class Known:
    """An acknowledgement, and who said so."""

    said: Acknowledgement
    by: str


@dataclass(frozen=True, slots=True)
class Seen:
    """One reading behind a condition. `before` and `earlier`: what it was before, and when; `drawn`: its days."""

    title: str
    part: str
    value: str
    observed: datetime
    before: str
    earlier: datetime | None
    fact: FactRow | None
    drawn: Sparkline | None


@dataclass(frozen=True, slots=True)
class Aspect:
    """One aspect: the condition of the whole, of its parts, what they rest on, and who knows."""

    whole: ConditionRow
    parts: tuple[ConditionRow, ...]
    seen: tuple[Seen, ...]
    known: tuple[Known, ...]

    @property
    def bad(self) -> bool:
        """Whether it is a warning or critical, acknowledged or not."""
        return self.whole.state in BAD


@dataclass(frozen=True, slots=True)
class Wellness:
    """All of a device. `tokens` of the forms by purpose, empty for who may not acknowledge."""

    aspects: tuple[Aspect, ...]
    changes: tuple[ChangeRow, ...]
    past: tuple[Known, ...]
    tokens: Mapping[str, str]

    @property
    def bad(self) -> tuple[Aspect, ...]:
        """What is wrong, worst first."""
        return tuple(each for each in self.aspects if each.bad)

    @property
    def head(self) -> str:
        """How the device is, in a sentence."""
        if not self.aspects:
            return "It tells nothing of how it is."
        kinds = [ACKNOWLEDGED if each.whole.acknowledged else each.whole.state for each in self.aspects]
        order = (State.CRITICAL.value, State.WARNING.value, ACKNOWLEDGED, State.UNKNOWN.value, State.OK.value)
        said = [f"{kinds.count(kind)} {kind}" for kind in order if kind in kinds]
        return f"{words.plural(len(kinds), 'aspect')}: {', '.join(said)}."


def brief(visit: Visit, connection: Transaction, device_id: str) -> Wellness:
    """What the page of a device itself shows: conditions and who knows, without what they rest on."""
    today, trust_id = london.day_of(visit.now), visit.site.trust_id
    found = conditions.of_device(connection, trust_id, device_id, today)
    standing, past = _known(visit, connection, device_id)
    return Wellness(_aspects(found, standing, {}), (), past, {})


def whole(visit: Visit, connection: Transaction, detail: DeviceDetail) -> Wellness:
    """Everything of one device."""
    today, trust_id, device_id = london.day_of(visit.now), visit.site.trust_id, detail.row.device_id
    found = conditions.of_device(connection, trust_id, device_id, today)
    standing, past = _known(visit, connection, device_id)
    behind = _behind(visit, connection, detail, {name for row in found for name in row.readings})
    changes = conditions.history(connection, trust_id, device_id)[:MOST_CHANGES]
    return Wellness(_aspects(found, standing, behind), tuple(changes), past, _tokens(visit))


def _tokens(visit: Visit) -> dict[str, str]:
    if not visit.may(Right.ACKNOWLEDGE) or not visit.secret:
        return {}
    return {purpose: forms.token(visit.secret, purpose) for purpose in (ACKNOWLEDGE, END)}


def _known(visit: Visit, connection: Transaction, device_id: str) -> tuple[list[Known], tuple[Known, ...]]:
    """What stands of what people said, and what does not any more."""
    names = {account.account_id: account.name for account in people.all_accounts(connection, visit.site.trust_id)}
    today = london.day_of(visit.now)
    said = [
        Known(each, names.get(each.made_by, each.made_by))
        for each in conditions.acknowledgements(connection, visit.site.trust_id, device_id)
    ]
    return (
        [each for each in said if each.said.stands(today)],
        tuple(each for each in said if not each.said.stands(today)),
    )


def _aspects(found: Iterable[ConditionRow], known: Sequence[Known], behind: Mapping[str, Seen]) -> tuple[Aspect, ...]:
    rows: dict[str, list[ConditionRow]] = {}
    for row in found:
        rows.setdefault(row.aspect, []).append(row)
    made = []
    for aspect, listed in rows.items():
        of_it = [row for row in listed if not row.component]
        if not of_it:
            continue
        names = dict.fromkeys(name for row in listed for name in row.readings)
        pieces = sorted((row for row in listed if row.component), key=lambda row: -RANK[State(row.state)])
        seen = tuple(behind[name] for name in names if name in behind)
        mine = tuple(each for each in known if each.said.aspect == aspect)
        made.append(Aspect(of_it[0], tuple(pieces), seen, mine))
    return tuple(sorted(made, key=_order))


def _order(aspect: Aspect) -> tuple[int, int]:
    """Worst first; what is unknown stands before what is well."""
    ranks = (State.CRITICAL, State.WARNING, State.UNKNOWN, State.OK)
    return ranks.index(State(aspect.whole.state)), ASPECTS.index(aspect.whole.aspect)


# ------------------------------------------------------------------------------------------------ readings


def _behind(visit: Visit, connection: Transaction, detail: DeviceDetail, wanted: Iterable[str]) -> dict[str, Seen]:
    """By name (`component name`) what conditions rest on."""
    trust_id, device_id, today = visit.site.trust_id, detail.row.device_id, london.day_of(visit.now)
    keys = {name: _key(name) for name in wanted}
    stands = parts.standing(detail.facts)
    latest = {
        (row.component, row.name): row for row in readings.latest(connection, trust_id, [device_id]).get(device_id, [])
    }
    since = today - timedelta(days=sparklines.DAYS)
    days: dict[tuple[str, str], list[DayRow]] = {}
    for row in readings.days(connection, trust_id, device_id, since, sorted({key[1] for key in keys.values()})):
        days.setdefault((row.component, row.name), []).append(row)
    found: dict[str, Seen] = {}
    for name, key in keys.items():
        if key in stands:
            drawn = sparklines.draw(days.get(key, ()), today, stands[key].unit, name)
            found[name] = _seen(stands, stands[key], latest.get(key), drawn)
        elif name in NOT_READ:
            at = detail.row.last_seen
            found[name] = Seen(NOT_READ[name], "", words.ago(at, visit.now), at, "", None, None, None)
    return found


def _key(name: str) -> tuple[str, str]:
    """Component and name of what a condition calls `component name`."""
    component, _, last = name.rpartition(" ")
    return component, last


def _seen(stands: parts.Standing, fact: FactRow, reading: ReadingRow | None, drawn: Sparkline | None) -> Seen:
    about = f"{fact.component} {fact.name}"
    named = stands.get((fact.component, "name"))
    before = reading is not None and reading.previous is not None
    return Seen(
        words.fact_name(fact.name),
        _part(fact.component, named),
        words.stated(fact.value, fact.unit, about),
        reading.observed if reading else fact.last_observed,
        words.stated(reading.previous, fact.unit, about) if reading and reading.previous is not None else "",
        reading.earlier if reading and before else None,
        fact,
        drawn,
    )


def _part(component: str, named: FactRow | None) -> str:
    """What a part is called: its name, with its kind before a bare number."""
    name = str(named.value) if named and component else component
    return f"{component.partition('/')[0]} {name}" if name.isdigit() else name
