"""From a file or a bulk edit to a change: proposed, shown, carried out exactly as shown, or forgotten after a day.

A proposal keeps what it was made from (the file, the devices), not what it would do: that is found out each time it is
shown, and carried out only if it is still what was shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from collector.errors import CollectorError
from collector.facts import text
from collector.records import acting, planning, reading, sheets
from collector.records.fields import FIELDS, Value
from collector.records.planning import Plan
from collector.records.reading import Reading
from collector.store import Transaction, acts, ids
from collector.store.records import PROPOSED, Act

LIFE = timedelta(days=1)  # of a proposal
MOST_DEVICES = 5_000  # of one bulk edit


@dataclass(frozen=True, slots=True)
class Preview:
    """What a proposal would do. `reading` is how the file was read, None for a bulk edit."""

    change: acts.Change
    plan: Plan
    reading: Reading | None


class Stale(CollectorError):
    """What a proposal would do is not what was shown: somebody changed something since. It is to be shown again."""


def of_file(  # noqa: PLR0913 - a file, how it is read, who brings it, when
    connection: Transaction, trust_id: str, content: bytes, name: str, *, school: str = "",
    mapping: Mapping[str, str] | None = None, actor: str, source: str, now: datetime,
) -> Preview:  # fmt: skip
    """Propose what a list says. CollectorError where it is no list."""
    asked = {"school": school, "mapping": dict(mapping or {})}
    made = acts.Change(
        ids.new(), "import", source, actor, text(name, 120) or "a list", now, PROPOSED, asked=asked, content=content
    )
    return _propose(connection, trust_id, made, now)


def of_devices(
    connection: Transaction, trust_id: str, device_ids: Sequence[str], said: Mapping[str, Value | None], *, actor: str,
    source: str, now: datetime,
) -> Preview:  # fmt: skip
    """Propose to say the same of many devices. CollectorError for what is of one device alone."""
    if not said:
        raise CollectorError("nothing is to be changed: fill in a field, or tick that it is to be emptied")
    if alone := next((name for name in said if FIELDS[name].alone), None):
        raise CollectorError(f"the {FIELDS[alone].label.lower()} is of one device alone: enter it there")
    if not device_ids or len(device_ids) > MOST_DEVICES:
        raise CollectorError(f"one edit is of 1 to {MOST_DEVICES:,} devices, not {len(device_ids):,}: filter the list")
    what = ", ".join(FIELDS[name].label.lower() for name in FIELDS if name in said)
    asked = {"devices": list(device_ids), "said": dict(said)}
    made = acts.Change(ids.new(), "bulk", source, actor, what, now, PROPOSED, asked=asked)
    return _propose(connection, trust_id, made, now)


def _propose(connection: Transaction, trust_id: str, made: acts.Change, now: datetime) -> Preview:
    acts.forget_proposals(connection, trust_id, now - LIFE)
    found = preview(connection, trust_id, made)
    acts.add(connection, trust_id, made)
    return found


def proposal(connection: Transaction, trust_id: str, change_id: str, actor: str) -> acts.Change:
    """A proposal of somebody's own; CollectorError where there is none that waits."""
    found = acts.get(connection, trust_id, change_id)
    if found is None or found.state != PROPOSED or found.actor != actor:
        raise CollectorError("this proposal does not wait any more: it was carried out, or forgotten after a day")
    return found


def preview(connection: Transaction, trust_id: str, change: acts.Change) -> Preview:
    """What a proposal would do now."""
    if change.kind == "bulk":
        asked = change.asked
        return Preview(change, planning.of_devices(connection, trust_id, asked["devices"], asked["said"]), None)
    found = reading.read(sheets.read(change.content or b""), change.asked["mapping"])
    plan = planning.of_list(connection, trust_id, found.items, change.asked["school"])
    troubles = sorted((*found.troubles, *plan.troubles), key=lambda trouble: (trouble.row, trouble.column))
    return Preview(change, replace(plan, troubles=tuple(troubles)), found)


def forget(connection: Transaction, trust_id: str, change: acts.Change) -> None:
    """Forget a proposal."""
    acts.drop(connection, trust_id, change.change_id)


def read_otherwise(
    connection: Transaction, trust_id: str, change: acts.Change, mapping: Mapping[str, str], school: str
) -> Preview:
    """Read the file of a proposal with other columns or for another school."""
    asked = {"school": school, "mapping": dict(mapping)}
    found = preview(connection, trust_id, replace(change, asked=asked))
    acts.ask(connection, trust_id, change.change_id, asked)
    return found


def confirm(connection: Transaction, trust_id: str, change: acts.Change, digest: str, now: datetime) -> acts.Change:
    """Carry a proposal out. Stale where it would do something else than what was shown."""
    found = preview(connection, trust_id, change)
    if found.plan.digest() != digest:
        raise Stale("something changed since this was shown: look at it again")
    act = Act(change.change_id, change.actor, change.source, now)
    counts = acting.carry_out(connection, trust_id, found.plan.moves, act)
    acts.finish(connection, trust_id, change.change_id, now, counts)
    done = replace(change, made=now, records=counts[0], cells=counts[1])
    acting.note(connection, trust_id, done)
    return done
