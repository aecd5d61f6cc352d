"""Records: what people say of devices. Entered, imported and edited in bulk here; kept by `store.records`.

fields        the closed list of what a record says; days and money as people write them
sheets        CSV and XLSX files as rows of cells, within bounds
reading       which column is which field, what each row says, and what cannot be taken
planning      what a list or a bulk edit would change, without changing it
proposing     from a file or a bulk edit to a change: shown first, then carried out as shown
acting        carries an act out, and takes it back
placing       which device a record is of
files         photos, invoices and certificates

A scan never writes here, and a record never overwrites what a device says: where the two differ, both are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from collector import schools, tenure
from collector.errors import CollectorError
from collector.facts import maker_key, maker_name
from collector.records import acting, planning
from collector.records.acting import Undone, undo
from collector.records.fields import FIELDS, Field, Raw, Value, key, named, parse
from collector.records.planning import ALONE
from collector.store import Transaction, acts, ids
from collector.store import records as rows
from collector.store.acts import Change, Document
from collector.store.records import Act, FieldRow, Known, Record

__all__ = [
    "FIELDS", "Change", "Disagreement", "Document", "Field", "FieldRow", "Known", "Said", "Undone", "Value",
    "disagreements", "enter", "enter_unseen", "of_device", "read_said", "undo",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Where a record says otherwise than the device itself."""

    field: str
    record_says: str
    device_says: str


@dataclass(frozen=True, slots=True)
class Said:
    """One record: what is said in it now, its history (newest first), its files, and what the device disputes."""

    record: Record
    fields: Mapping[str, FieldRow]
    history: tuple[FieldRow, ...]
    documents: tuple[Document, ...]
    disagreements: tuple[Disagreement, ...]

    def value(self, name: str) -> Value | None:
        """What is said of a field, or None."""
        return self.fields[name].value if name in self.fields else None


def of_device(connection: Transaction, trust_id: str, device_id: str) -> list[Said]:
    """The records of a device, oldest first: one, or none, or several where devices became one."""
    found = rows.of_devices(connection, trust_id, [device_id]).get(device_id, [])
    current = rows.current(connection, trust_id, [record.record_id for record in found])
    kept = acts.documents(connection, trust_id, [record.record_id for record in found])
    known = rows.known(connection, trust_id, [device_id]).get(device_id) if found else None
    told = []
    for record in found:
        fields = current.get(record.record_id, {})
        history = tuple(rows.history(connection, trust_id, record.record_id))
        files = tuple(document for document in kept if document.record_id == record.record_id)
        differ = disagreements(acting.values(fields), known) if known else ()
        told.append(Said(record, fields, history, files, differ))
    return told


def disagreements(said: Mapping[str, Value], known: Known) -> tuple[Disagreement, ...]:
    """Where a record says otherwise than the device: serial number, maker, model. Spelling is no difference."""
    found = []
    for name, device_says in (("serial", known.serial), ("maker", known.maker), ("model", known.model)):
        record_says = str(said.get(name, ""))
        if record_says and device_says and known.seen and not _alike(name, record_says, device_says, known.maker):
            found.append(Disagreement(name, record_says, device_says))
    return tuple(found)


def _alike(name: str, ours: str, theirs: str, maker: str) -> bool:
    if name == "serial":
        return key(FIELDS["serial"], ours) == key(FIELDS["serial"], theirs)
    if name == "maker":
        return maker_key(maker_name(ours)) == maker_key(maker_name(theirs))
    a, b = (_bare(text, maker) for text in (ours, theirs))
    return a == b or (min(len(a), len(b)) >= 4 and (a in b or b in a))


def _bare(model: str, maker: str) -> str:
    """A model without its maker's name and without what is no letter or digit."""
    runs = "".join(c for c in model.casefold() if c.isalnum())
    return runs.removeprefix("".join(c for c in maker.casefold() if c.isalnum()))


def read_said(written: Mapping[str, Raw]) -> dict[str, Value | None]:
    """By field what was written, read; None for what is empty. CollectorError names the field that cannot be read."""
    found: dict[str, Value | None] = {}
    for name, raw in written.items():
        field = named(name)
        try:
            found[name] = parse(field, raw)
        except CollectorError as error:
            raise CollectorError(f"{field.label}: {error}") from None
    return found


def enter(  # noqa: PLR0913 - what is said of which device, by whom, how, when
    connection: Transaction, trust_id: str, device_id: str, said: Mapping[str, Value | None], *, actor: str,
    source: str, now: datetime, record_id: str = "",
) -> Change | None:  # fmt: skip
    """Say something of a device; what is not named stays. None where all of it is said already."""
    move = planning.of_record(connection, trust_id, device_id, said, record_id)
    return _enter(connection, trust_id, move, Act(ids.new(), actor, source, now)) if move.differences else None


def enter_unseen(
    connection: Transaction, trust_id: str, school: str, said: Mapping[str, Value | None], *, actor: str, source: str,
    now: datetime,
) -> str:  # fmt: skip
    """Say something of a device that nobody has seen; its id. CollectorError where it is there already."""
    told = {name: value for name, value in said.items() if value is not None}
    if not any(name in told for name in (*ALONE, "local_name", "model")):
        raise CollectorError("say what it is: an asset tag, a serial number, a MAC, a name or a model")
    place = schools.find(connection, trust_id, school)
    marks = planning.bearers(connection, trust_id, told)
    if marks:
        name, other = marks[0]
        label = FIELDS[name].label.lower()
        raise CollectorError(f"{planning.title_of(other)} ({other.device_id}) has this {label} already: enter it there")
    whole = {"status": "expected", **told}
    move = acting.Move(acting.differences({}, whole), "", "", "", place.school_name, place.site_id)
    change = _enter(connection, trust_id, move, Act(ids.new(), actor, source, now))
    return rows.made_by(connection, trust_id, change.change_id)[0].device_id


def record_of(connection: Transaction, trust_id: str, device_id: str, *, actor: str, now: datetime) -> str:
    """The id of a device's record, made, with nothing said in it, where it has none: a file needs one."""
    found = rows.of_devices(connection, trust_id, [device_id]).get(device_id)
    if found:
        return found[0].record_id
    if device_id not in rows.known(connection, trust_id, [device_id]):
        raise CollectorError(f"there is no device {device_id}")
    tenure.require_devices(connection, trust_id, [device_id])
    change = _enter(connection, trust_id, acting.Move((), "", device_id), Act(ids.new(), actor, "page", now))
    return rows.made_by(connection, trust_id, change.change_id)[0].record_id


def _enter(connection: Transaction, trust_id: str, move: acting.Move, act: Act) -> Change:
    counts = acting.carry_out(connection, trust_id, [move], act)
    what = ", ".join(FIELDS[difference.field].label.lower() for difference in move.differences) or "a file"
    made = Change(act.change_id, "entered", act.source, act.actor, what, act.time)
    made = replace(made, records=counts[0], cells=counts[1])
    acts.add(connection, trust_id, made)
    acting.note(connection, trust_id, made)
    return made
