"""What pages of support cover are made of: the filter in an address, the chart of contracts, forms, the calendar file.

Costs are shown to those alone who edit cover or money.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from starlette.exceptions import HTTPException

from collector import covering
from collector.access import Right
from collector.cover import Contract, State, Wanted
from collector.cover.calendar import Date, lines
from collector.cover_lists.fields import List, read
from collector.errors import CollectorError
from collector.facts import CLASSES
from collector.records import days
from collector.records.fields import Field, Kind, Value
from collector.records.money import pounds
from collector.web import charts, words
from collector.web.visit import ID_LIMIT, Visit

#: what can be said of a device's cover, as figures and choices name it
STATES = {
    State.NONE: "covered by none", State.ONE: "covered by one", State.SEVERAL: "covered by several",
    State.CONTENTION: "in contention: two do the same", State.SHORT: "cover ends before the device does",
    State.UNTOLD: "own end not known",
}  # fmt: skip
BEFORE, AFTER = timedelta(days=365), timedelta(days=3 * 365)  # of today, in the chart
MOST_LANES = 60


@dataclass(frozen=True, slots=True)
class Input:
    """An input of a form, filled in. `shape`: text, date, long or choice."""

    field: Field
    shape: str
    value: str
    needed: bool


def sees_costs(visit: Visit) -> bool:
    """Whether costs are shown to whoever asks."""
    return visit.may(Right.EDIT_COVER) or visit.may(Right.EDIT_MONEY)


def wanted(visit: Visit) -> Wanted:
    """Which devices an address asks for: `state`, `provider`, `school`, `class`, `contract`."""
    state, school_id, device_class = visit.asked("state"), visit.asked("school")[:ID_LIMIT], visit.asked("class")
    if state and state not in list(State):
        raise HTTPException(400, f"“{state}” is no state of cover: {', '.join(State)}.")
    if school_id and not visit.sees(school_id):
        raise HTTPException(404)
    if device_class and device_class not in CLASSES:
        raise HTTPException(400, f"There is no class “{device_class}”.")
    return Wanted(
        State(state) if state else None, visit.asked("provider"), school_id, device_class,
        visit.asked("contract")[:ID_LIMIT],
    )  # fmt: skip


def query(asked: Wanted, **other: str) -> str:
    """The address's query, with something else in it; "" takes it out."""
    told = {
        "state": asked.state or "", "provider": asked.provider, "school": asked.school_id,
        "class": asked.device_class, "contract": asked.contract_id,
    } | other  # fmt: skip
    return urlencode({name: str(value) for name, value in told.items() if value})


# ------------------------------------------------------------------------------------------------ contracts over time


def chart(contracts: Iterable[Contract], schools: Mapping[str, str], today: date) -> charts.Chart | None:
    """Contracts of one kind and scope as a line, with gaps and overlaps; None where there is none."""
    window = charts.Window(today - BEFORE, today + AFTER, today)
    kept = [one for one in contracts if one.starts <= window.end and not one.is_over(window.start)]
    if not kept:
        return None
    providers = {name: place for place, name in enumerate(sorted({one.provider.casefold() for one in kept}))}
    lanes = [_lane(line, schools, providers) for line in lines(kept)]
    return charts.gantt("Contracts over time", lanes[:MOST_LANES], window)


def _lane(line: Sequence[Contract], schools: Mapping[str, str], providers: Mapping[str, int]) -> charts.Lane:
    stretches = tuple(
        charts.Stretch(
            one.starts, one.ends, one.provider, f"/cover/contracts?contract={one.contract_id}",
            providers[one.provider.casefold()] % 8,
        )
        for one in line
    )  # fmt: skip
    name = f"{words.sentence_case(line[0].kind)}, {covering.scope_words(line[0], schools)}"
    return charts.Lane(name, stretches, stretches[0].link, needed_from=line[0].starts)


# ------------------------------------------------------------------------------------------------ forms


def inputs(of: List, kept: object, left_out: Iterable[str] = ()) -> list[Input]:
    """The inputs of a form, filled in with what is kept (None: nothing yet)."""
    made = []
    for name, column in of.columns.items():
        if name not in left_out:
            value = getattr(kept, name, None) if kept is not None else None
            shape = {Kind.DAY: "date", Kind.LONG: "long", Kind.CHOICE: "choice"}.get(column.field.kind, "text")
            made.append(Input(column.field, shape, _typed(column.field, value), column.needed))
    return made


def _typed(field: Field, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, frozenset):
        return "\n".join(sorted(map(str, value)))
    if field.kind is Kind.MONEY and isinstance(value, int):
        return pounds(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def said(visit: Visit, of: List, left_out: Iterable[str] = ()) -> dict[str, Value | None]:
    """What a form says, by field; what it leaves empty is emptied. HTTP 400 says what cannot be read."""
    told: dict[str, Value | None] = {}
    for name, column in of.columns.items():
        if name in left_out or name not in visit.form:
            continue
        try:
            told[name] = read(column.field, visit.form[name]) if visit.form[name].strip() else None
        except CollectorError as error:
            raise HTTPException(400, f"{column.field.label}: {error}.") from None
    return told


def ticked(visit: Visit, prefix: str) -> str:
    """What is ticked in a form, as a list's cell says it."""
    return "; ".join(name.removeprefix(prefix) for name in visit.form if name.startswith(prefix))


def day_in(visit: Visit, name: str) -> date | None:
    """A day of a form; None where it is left empty."""
    typed = visit.form.get(name, "").strip()
    try:
        return days.read(typed) if typed else None
    except CollectorError as error:
        raise HTTPException(400, f"{words.sentence_case(str(error))}.") from None


# ------------------------------------------------------------------------------------------------ calendar


def as_calendar(dates: Iterable[tuple[Date, str]], now: datetime, host: str) -> str:
    """Dates with what they are called, as a calendar file (RFC 5545): whole days, each with an id that stays."""
    stamp = f"{now:%Y%m%dT%H%M%SZ}"
    out = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Stocktake//Support cover//EN"]
    for one, name in dates:
        kept = one.contract.contract_id if one.contract else one.provision.provision_id if one.provision else ""
        out += [
            "BEGIN:VEVENT", f"UID:{kept}-{one.what.name.lower()}@{host}", f"DTSTAMP:{stamp}",
            f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}", f"SUMMARY:{_escaped(f'{name}: {one.what}')}", "END:VEVENT",
        ]  # fmt: skip
    return "\r\n".join(_folded(line) for line in [*out, "END:VCALENDAR", ""])


def _escaped(text: str) -> str:
    plain = str(words.plain(text)).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return " ".join(plain.splitlines())


def _folded(line: str) -> str:
    """A line in pieces of at most 75 octets (RFC 5545, 3.1), never within a letter."""
    pieces, piece = [], ""
    for letter in line:
        if len((piece + letter).encode()) > 74:
            pieces.append(piece)
            piece = ""
        piece += letter
    return "\r\n ".join([*pieces, piece])
