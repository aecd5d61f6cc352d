"""What people decide about conditions: to know of one until a day, to take that back, to set a limit of their own.

A condition that is acknowledged notifies nobody, is counted apart and never hidden, and returns by itself when the day
has passed. Each decision is journaled. It knows no page; rows are `store.conditions`'s.
"""

from __future__ import annotations

import math
from datetime import date, datetime

from collector import health, journal, london, undertakings
from collector.errors import CollectorError
from collector.facts import CLASSES, text
from collector.store import Transaction, conditions
from collector.store import devices as device_rows
from collector.undertakings import OWNER_LIMIT, REASON_LIMIT

LONGEST = undertakings.LONGEST  # for which a condition can be known of


def problems(reason: str, owner: str, until: date | None, today: date) -> dict[str, str]:
    """By field (`reason`, `owner`, `until`) what is wrong with what a person filled in; empty: nothing."""
    return undertakings.problems(reason, owner, until, today)


def acknowledge(  # noqa: PLR0913 - what a person fills in, and who does
    connection: Transaction, trust_id: str, device_id: str, aspect: str, component: str, *, reason: str, owner: str,
    until: date, actor: str, now: datetime,
) -> str:  # fmt: skip
    """Note that a person knows of a condition to the end of a day; the id of that.

    CollectorError, with a sentence, where there is no such condition, or reason, owner or day are missing.
    """
    today = london.day_of(now)
    said = (text(reason, REASON_LIMIT), text(owner, OWNER_LIMIT))
    if wrong := problems(*said, until, today):
        raise CollectorError("; ".join(wrong.values()))
    device_id = device_rows.surviving(connection, trust_id, device_id)
    standing = conditions.of_device(connection, trust_id, device_id, today)
    if not any((row.aspect, row.component) == (aspect, component) for row in standing):
        raise CollectorError("the device has no such condition now: look at its page again")
    mark = (device_id, aspect, component)
    made = conditions.acknowledge(connection, trust_id, mark, *said, until, actor=actor, now=now)
    detail = {"acknowledgement": made, "device": device_id, "aspect": aspect}
    journal.append(connection, trust_id, actor=actor, action="condition_acknowledged", detail=detail, now=now)
    return made


def take_back(connection: Transaction, trust_id: str, acknowledgement_id: str, *, actor: str, now: datetime) -> None:
    """Take an acknowledgement back before its day: the condition notifies again. CollectorError where it has ended."""
    if not conditions.end(connection, trust_id, acknowledgement_id, actor=actor, now=now):
        raise CollectorError("this acknowledgement is not there any more, or was taken back already")
    detail = {"acknowledgement": text(acknowledgement_id, 36)}
    journal.append(connection, trust_id, actor=actor, action="acknowledgement_ended", detail=detail, now=now)


def set_limit(  # noqa: PLR0913 - what a person fills in, and who does
    connection: Transaction, trust_id: str, aspect: str, name: str, device_class: str, value: float, *, reason: str,
    actor: str, now: datetime,
) -> None:  # fmt: skip
    """Decide a limit for the trust, instead of the one that comes with Stocktake; it holds from the next evaluation."""
    if (aspect, name) not in {(row.aspect, row.name) for row in health.threshold_rows()}:
        raise CollectorError(f"there is no limit {name!r} of {aspect!r}: see collector/health/thresholds.tsv")
    if device_class not in (*CLASSES, health.EVERY) or not math.isfinite(value):
        raise CollectorError("a limit is a number, for a class of devices or for every class (*)")
    row = conditions.OverrideRow(aspect, name, device_class, value, text(reason, REASON_LIMIT), now, actor)
    conditions.set_limit(connection, trust_id, row)
    detail = {"aspect": aspect, "name": name, "class": device_class}
    journal.append(connection, trust_id, actor=actor, action="health_limit_set", detail=detail, now=now)


def unset_limit(
    connection: Transaction, trust_id: str, aspect: str, name: str, device_class: str, *, actor: str, now: datetime
) -> None:
    """Go back to the limit that comes with Stocktake. CollectorError where the trust decided none."""
    if not conditions.unset_limit(connection, trust_id, aspect, name, device_class):
        raise CollectorError("the trust has no limit of its own there")
    detail = {"aspect": aspect, "name": name, "class": device_class}
    journal.append(connection, trust_id, actor=actor, action="health_limit_unset", detail=detail, now=now)
