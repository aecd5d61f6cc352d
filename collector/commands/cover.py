"""Commands about support cover: what there is, contracts, services, marks, lists of them, and what ends when."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from collector import cover_lists, covering, london
from collector.commands.desk import Desk
from collector.cover import State, calendar
from collector.cover.counting import Counts, count
from collector.cover.laying import order
from collector.cover_lists import CONTRACTS, MARKS, SERVICES, Names, Plan
from collector.cover_lists.fields import List, read
from collector.errors import CollectorError
from collector.records.days import said as day
from collector.records.fields import Value
from collector.records.money import pounds
from collector.store import Transaction, cases
from collector.store import cover as rows

ACTOR, SOURCE = "console", "console"
LINES = 200  # of one answer that are printed
WORDS = {
    State.NONE: "covered by none", State.ONE: "by one", State.SEVERAL: "by several",
    State.CONTENTION: "by two that do the same", State.SHORT: "covered, but not as long as they are to be kept",
    State.UNTOLD: "covered until a day, with no end of their own known",
}  # fmt: skip


def show(desk: Desk) -> str:
    """How the estate is covered today, and every contract."""
    today = london.day_of(desk.clock())
    with desk.store.reader() as connection:
        laid = cover_lists.look(connection, desk.trust_id, today)
    counts = count(laid.covers)
    lines = [f"{counts.whole.devices:,} devices stand"]
    lines += [f"{counts.whole.states[state]:,} {WORDS[state]}" for state in State]
    lines += [f"{number:,} by {name}" for name, number in sorted(counts.providers.items())]
    return "\n".join([*lines, *_contracts(laid, counts)])


def _contracts(laid: covering.Laid, counts: Counts) -> Iterator[str]:
    for one in sorted(laid.contracts, key=order):
        over = "over, " if one.is_over(laid.today) else ""
        cost = f", £{pounds(one.cost)} a year" if one.cost is not None else ""
        ends = f" to {day(one.ends.isoformat())}" if one.ends else ""
        yield (
            f"{one.contract_id} {one.provider}, {one.kind}, {covering.scope_words(one, laid.schools)}, {over}"
            f"{day(one.starts.isoformat())}{ends}{cost}: {counts.contracts.get(one.contract_id, 0):,} devices"
        )


def _said(of: List, values: Iterable[str]) -> dict[str, Value | None]:
    """What `field=value` pairs say; `field=` empties it."""
    said: dict[str, Value | None] = {}
    for pair in values:
        name, equals, value = pair.partition("=")
        if not equals or name not in of.columns:
            raise CollectorError(f"{pair!r} is no field=value; fields are: {', '.join(of.columns)}")
        try:
            said[name] = read(of.columns[name].field, value)
        except CollectorError as error:
            raise CollectorError(f"{of.columns[name].field.label}: {error}") from None
    return said


def add(desk: Desk, values: Iterable[str]) -> str:
    """Add a contract."""

    def work(connection: Transaction) -> str:
        wanted = cover_lists.contract(_said(CONTRACTS, values), Names(connection, desk.trust_id))
        return covering.put_contract(connection, desk.trust_id, wanted, actor=ACTOR, now=desk.clock())

    return f"contract {desk.store.write(work)} is added"


def change(desk: Desk, contract: str, values: Iterable[str]) -> str:
    """Change a contract."""

    def work(connection: Transaction) -> None:
        before = covering.get_contract(connection, desk.trust_id, contract)
        wanted = cover_lists.contract(_said(CONTRACTS, values), Names(connection, desk.trust_id), before)
        covering.put_contract(connection, desk.trust_id, wanted, actor=ACTOR, now=desk.clock())

    desk.store.write(work)
    return f"contract {contract} is changed"


def end(desk: Desk, contract: str, day: str = "", *, mistake: bool = False) -> str:
    """End a contract on a day (today where none is named), or take out one that was entered by mistake."""
    now = desk.clock()
    last = date.fromisoformat(day) if day else london.day_of(now)

    def work(connection: Transaction) -> None:
        if mistake:
            covering.withdraw_contract(connection, desk.trust_id, contract, actor=ACTOR, now=now)
        else:
            covering.end_contract(connection, desk.trust_id, contract, last, actor=ACTOR, now=now)

    desk.store.write(work)
    return f"contract {contract} is taken out" if mistake else f"contract {contract} ends on {last}"


# ------------------------------------------------------------------------------------------------ lists


def bring(desk: Desk, of: str, content: str, *, dry_run: bool) -> str:
    """Import a list (its content in base 64) whole or not at all, or say what it would change."""
    now = desk.clock()
    try:
        said = base64.b64decode(content, validate=True)
    except binascii.Error:
        raise CollectorError("the file did not arrive whole: try again") from None

    def work(connection: Transaction) -> str:
        found = cover_lists.plan(connection, desk.trust_id, of, said, now)
        told = list(_told(found))
        if found.troubles:
            raise CollectorError("\n".join(["nothing was taken", *told]))
        if dry_run or not found.steps:
            return "\n".join([*told, "nothing was changed"])
        cover_lists.take(connection, desk.trust_id, found, actor=ACTOR, source="import", now=now)
        return "\n".join([*told, "done"])

    return desk.store.write(work)


def _told(found: Plan) -> Iterator[str]:
    yield from (f"note: {note}" for note in found.reading.notes)
    for trouble in found.troubles[:LINES]:
        yield f"row {trouble.row}{f', {trouble.column}' if trouble.column else ''}: {trouble.sentence}"
    if (more := len(found.troubles) - LINES) > 0:
        yield f"and {more:,} more"
    yield (
        f"{len(found.reading.lines):,} rows: {found.new:,} new, {found.changed:,} changed, {found.same:,} as they are, "
        f"{len({one.row for one in found.troubles}):,} that cannot be taken"
    )


# ------------------------------------------------------------------------------------------------ renewals, services


def renewals(desk: Desk, days: int = 366) -> str:
    """What ends, and by when notice is to be given."""
    today = london.day_of(desk.clock())
    with desk.store.reader() as connection:
        contracts, provisions = rows.contracts(connection, desk.trust_id), rows.provisions(connection, desk.trust_id)
        names = cases.members(connection, desk.trust_id)
        services = {one.key: one.name for one in covering.services(connection, desk.trust_id)}
    found = calendar.dates(contracts, provisions, today, today + timedelta(days=days))
    lines = []
    for one in found:
        what = f"{one.contract.provider}, {one.contract.kind} ({one.contract.contract_id})" if one.contract else ""
        if one.provision:
            where = names.get(one.provision.school_id, "all schools")
            what = f"{one.provision.provider}, {services.get(one.provision.service, 'a service')} at {where}"
        lines.append(f"{one.day} {one.what}: {what}{', and is renewed' if one.renewed else ''}")
    return "\n".join(lines) or f"nothing ends in the next {days} days"


def services(desk: Desk, add: str = "", leave_out: str = "") -> str:
    """Who provides which service at each school; put a service on the list, or leave one out."""
    now = desk.clock()
    if add:
        desk.store.write(lambda c: covering.add_service(c, desk.trust_id, add, actor=ACTOR, now=now))
    if leave_out:
        desk.store.write(lambda c: covering.leave_out_service(c, desk.trust_id, leave_out, actor=ACTOR, now=now))
    with desk.store.reader() as connection:
        found = covering.provided(connection, desk.trust_id, london.day_of(now))
    lines = []
    for (school_id, _), cell in found.cells.items():
        marks = ", ".join(f"{by} {one.value:.1f} of {one.count:,}" for by, one in cell.marks.items())
        who = "; ".join(f"{one.provider} ({one.provision_id})" for one in cell.provisions) or "nobody"
        clash = " – two at a time" if cell.is_contention else ""
        lines.append(f"{found.schools[school_id]}, {cell.service.name}: {who}{clash}{f'; {marks}' if marks else ''}")
    return "\n".join(lines) or "there is no school or no service yet"


def service(desk: Desk, values: Iterable[str], entry: str = "", *, mistake: bool = False) -> str:
    """Say who provides a service to a school, change that, or take it out."""
    now = desk.clock()

    def work(connection: Transaction) -> str:
        if mistake:
            covering.withdraw_provision(connection, desk.trust_id, entry, actor=ACTOR, now=now)
            return entry
        before = covering.get_provision(connection, desk.trust_id, entry) if entry else None
        wanted = cover_lists.provision(_said(SERVICES, values), Names(connection, desk.trust_id), before)
        return covering.put_provision(connection, desk.trust_id, wanted, actor=ACTOR, now=now)

    done = desk.store.write(work)
    return f"{done} is {'taken out' if mistake else 'changed' if entry else 'added'}"


def mark(desk: Desk, values: Iterable[str]) -> str:
    """Give a mark to a service or to devices of a school; without a day it is today's."""
    now = desk.clock()
    said = {"day": london.day_of(now).isoformat(), **_said(MARKS, values)}

    def work(connection: Transaction) -> str:
        given = cover_lists.mark(said, Names(connection, desk.trust_id))
        return covering.give_marks(connection, desk.trust_id, [given], actor=ACTOR, source=SOURCE, now=now)[0]

    return f"mark {desk.store.write(work)} is kept"


def as_json(desk: Desk) -> str:
    """Every device with how it is covered, as JSON lines."""
    with desk.store.reader() as connection:
        laid = cover_lists.look(connection, desk.trust_id, london.day_of(desk.clock()))
    return "\n".join(
        json.dumps({
            "device": one.device.device_id, "school": one.device.school_id, "class": one.device.device_class,
            "state": str(one.state), "contracts": [c.contract_id for c in one.contracts], "warranty": one.warranty,
            "until": one.until.isoformat() if one.until else None,
            "ends": one.device.ends.isoformat() if one.device.ends else None,
        })
        for one in laid.covers
    )  # fmt: skip


COMMANDS: dict[str, Callable[..., str]] = {
    "cover_show": show, "cover_add": add, "cover_change": change, "cover_end": end, "cover_import": bring,
    "cover_renewals": renewals, "cover_services": services, "cover_service": service, "cover_mark": mark,
    "cover_json": as_json,
}  # fmt: skip
