"""What pages and API need of records: what is shown to whom, the inputs of a form, the tokens of forms.

Whom a device is assigned to is shown to those alone who may see it, in values, histories and previews.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from starlette.exceptions import HTTPException

from collector import records
from collector.access import Right
from collector.errors import CollectorError
from collector.records.acting import Difference
from collector.records.fields import FIELDS, Field, Kind, Value, shown, written
from collector.records.files import KINDS, PICTURES
from collector.store import Transaction, people
from collector.store.records import FieldRow
from collector.web import forms
from collector.web.visit import Visit

HIDDEN = "not shown to you"
SOURCES = {"page": "on these pages", "import": "from a list", "api": "by a program", "console": "at the command line"}
INPUTS = {Kind.DAY: "date", Kind.LONG: "long", Kind.CHOICE: "choice"}
#: what is about money
MONEY = frozenset({"purchased", "cost", "supplier", "funding", "grant"})
FORM = forms.Takes(most=32_768, fields=80)
FILE = forms.Takes(forms.Kind.FILES, 5 * 2**20 + 32_768, 80)
JSON = forms.Takes(forms.Kind.JSON, 32_768)

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Past:
    """One entry of a field's history. `until`: when it ended; `taken_back`: it is not believed to have been so."""

    text: str
    since: datetime
    until: datetime | None
    who: str
    how: str
    change_id: str
    taken_back: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A field with what is said now ("" for nothing), and all that was said."""

    field: Field
    text: str
    past: tuple[Past, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A record as its page shows it: lines that say something now, and those that once did."""

    said: records.Said
    lines: tuple[Line, ...]
    once: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The records of a device. `may`: who looks may edit them, `may_edit`: something of them; `token`: of the forms."""

    records: tuple[Shown, ...]
    may: bool
    may_edit: bool
    token: str
    kinds: tuple[str, ...]
    pictures: frozenset[str]


@dataclass(frozen=True, slots=True)
class File:
    """A file of a record."""

    id: str
    kind: str
    name: str
    media_type: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A field of which a record says otherwise than the device."""

    field: str
    record: str
    device: str


@dataclass(frozen=True, slots=True)
class Told:
    """A record as the API says it. `fields`: days as ISO text, `cost` in pence, `tags` a list."""

    record_id: str
    fields: dict[str, Value]
    files: tuple[File, ...]
    disagreements: tuple[Disagreement, ...]


@dataclass(frozen=True, slots=True)
class Input:
    """An input of a form, filled in."""

    field: Field
    kind: str
    value: str


def section(visit: Visit, connection: Transaction, device_id: str) -> Section:
    """What the page of a device shows of its records."""
    names = {account.account_id: account.name for account in people.all_accounts(connection, visit.site.trust_id)}
    found = records.of_device(connection, visit.site.trust_id, device_id)
    return Section(
        tuple(_shown(visit, said, names) for said in found),
        visit.may(Right.EDIT_RECORDS),
        visit.may(Right.EDIT_MONEY),
        token(visit),
        KINDS,
        PICTURES,
    )


def _shown(visit: Visit, said: records.Said, names: Mapping[str, str]) -> Shown:
    past: dict[str, list[FieldRow]] = {}
    for entry in said.history:
        past.setdefault(entry.field, []).append(entry)
    lines: list[Line] = []
    once: list[Line] = []
    for name, found in FIELDS.items():
        if name not in past:
            continue
        value = said.value(name)
        told = tuple(_past(visit, found, each, names) for each in _apart(past[name]))
        (once if value is None else lines).append(Line(found, say(visit, found, value), told))
    return Shown(said, tuple(lines), tuple(once))


def _apart(rows: Iterable[FieldRow]) -> list[FieldRow]:
    """Each value once: of a value that ended, the row that says until when; the belief that it went on is no entry."""
    kept: list[FieldRow] = []
    ended = {(r.change_id, r.observed_from, str(r.value)) for r in rows if r.observed_to and not r.recorded_to}
    for row in rows:
        continued = row.observed_to is None and row.recorded_to is not None
        if not (continued and (row.change_id, row.observed_from, str(row.value)) in ended):
            kept.append(row)
    return kept


def _past(visit: Visit, found: Field, row: FieldRow, names: Mapping[str, str]) -> Past:
    return Past(
        say(visit, found, row.value), row.recorded_from if row.observed_to is None else row.observed_from,
        row.observed_to, names.get(row.actor, row.actor), SOURCES.get(row.source, row.source), row.change_id,
        row.recorded_to is not None,
    )  # fmt: skip


def hidden(visit: Visit, found: Field) -> bool:
    """Whether what a field says is not for whoever asks."""
    return found.personal and not visit.may(Right.SEE_ASSIGNEES)


def may_say(visit: Visit, found: Field) -> bool:
    """Whether whoever asks may say something of a field."""
    return visit.may(Right.EDIT_RECORDS) or (found.name in MONEY and visit.may(Right.EDIT_MONEY))


def say(visit: Visit, found: Field, value: Value | None) -> str:
    """A value in words, as far as whoever asks may see it; "" for none."""
    if value is None:
        return ""
    return HIDDEN if hidden(visit, found) else shown(found, value)


def difference(visit: Visit, name: str, before: Value | None, after: Value | None) -> tuple[str, str, str]:
    """Label, before and after of one field that changes."""
    found = FIELDS[name]
    return found.label, say(visit, found, before), say(visit, found, after)


def differences(visit: Visit, found: Iterable[Difference]) -> list[tuple[str, str, str]]:
    """Label, before and after of all that changes."""
    return [difference(visit, each.field, each.before, each.after) for each in found]


def inputs(visit: Visit, values: Mapping[str, Value], typed: Mapping[str, str] | None = None) -> list[Input]:
    """The inputs of a form, filled in with what is kept, or with what was typed and could not be taken."""
    made = []
    for name, found in FIELDS.items():
        if hidden(visit, found) or not may_say(visit, found):
            continue
        kind = INPUTS.get(found.kind, "text")
        value = values.get(name)
        kept = "" if value is None else str(value) if kind == "date" else written(found, value)
        made.append(Input(found, kind, (typed or {}).get(name, kept)))
    return made


def typed(visit: Visit) -> dict[str, str]:
    """The fields that a form brought."""
    return {
        name: visit.form[name] for name, found in FIELDS.items()
        if name in visit.form and may_say(visit, found) and not hidden(visit, found)
    }  # fmt: skip


def told(visit: Visit, said: records.Said) -> Told:
    """A record as the API says it."""
    return Told(
        said.record.record_id,
        {name: row.value for name, row in said.fields.items() if not hidden(visit, FIELDS[name])},
        tuple(File(d.document_id, d.kind, d.name, d.media_type, d.size_bytes) for d in said.documents),
        tuple(Disagreement(d.field, d.record_says, d.device_says) for d in said.disagreements),
    )


# ------------------------------------------------------------------------------------------------ forms


def token(visit: Visit) -> str:
    """The token of the forms that change records; "" for who may not."""
    return forms.token(visit.secret, "records") if visit.secret and visit.may(Right.EDIT_MONEY) else ""


def check(visit: Visit) -> None:
    """Refuse a form that is not of our page."""
    if not forms.holds(visit.form.get(forms.TOKEN_FIELD, ""), visit.secret, "records"):
        raise HTTPException(403, "This form is not of the page that it should come from.")


def actor(visit: Visit) -> str:
    """Who does it, for the journal."""
    return visit.visitor.account_id if visit.visitor else ""


def sentence(error: CollectorError) -> str:
    """What went wrong, as a page says it."""
    said = str(error)
    return f"{said[:1].upper()}{said[1:]}."


def write(visit: Visit, work: Callable[[Transaction], Result]) -> Result:
    """Write what a form asks for; what cannot be done is answered with its sentence."""
    try:
        return visit.site.store.write(work)
    except CollectorError as error:
        raise HTTPException(400, sentence(error)) from None
