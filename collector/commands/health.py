"""Commands by which a person says that a condition is known, and by which a trust sets limits of its own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from collector import acknowledging, health, watching
from collector.commands.desk import Desk

ACTOR = "console"


def acknowledge(desk: Desk, device: str, aspect: str, reason: str, owner: str, until: str, part: str = "") -> str:
    """Note that a person knows of a condition to the end of a day (as 2026-08-31)."""
    day, now = date.fromisoformat(until), desk.clock()
    made = desk.store.write(
        lambda connection: acknowledging.acknowledge(
            connection, desk.trust_id, device, aspect, part, reason=reason, owner=owner, until=day, actor=ACTOR,
            now=now,
        )
    )  # fmt: skip
    return f"{aspect} of {device} is acknowledged to the end of {until} (acknowledgement {made})"


def end(desk: Desk, acknowledgement: str) -> str:
    """Take an acknowledgement back before its day."""
    now = desk.clock()
    desk.store.write(
        lambda connection: acknowledging.take_back(connection, desk.trust_id, acknowledgement, actor=ACTOR, now=now)
    )
    return f"acknowledgement {acknowledgement} has ended: the condition notifies again"


def set_limit(desk: Desk, aspect: str, name: str, value: float, device_class: str, reason: str) -> str:
    """Decide a limit for the trust, and judge by it."""
    now = desk.clock()
    desk.store.write(
        lambda connection: acknowledging.set_limit(
            connection, desk.trust_id, aspect, name, device_class, value, reason=reason, actor=ACTOR, now=now
        )
    )
    return f"{_limit(aspect, name, device_class)} is {value:g} now; {_judged(desk, aspect, device_class)}"


def unset_limit(desk: Desk, aspect: str, name: str, device_class: str) -> str:
    """Go back to the limit that comes with Stocktake, and judge by it."""
    now = desk.clock()
    desk.store.write(
        lambda connection: acknowledging.unset_limit(
            connection, desk.trust_id, aspect, name, device_class, actor=ACTOR, now=now
        )
    )
    judged = _judged(desk, aspect, device_class)
    return f"{_limit(aspect, name, device_class)} is what comes with Stocktake again; {judged}"


def _limit(aspect: str, name: str, device_class: str) -> str:
    return f"{name} of {aspect}, for {'every class' if device_class == health.EVERY else device_class},"


def _judged(desk: Desk, aspect: str, device_class: str) -> str:
    """Judge anew what the limit is about, and say what came of it."""
    of = "" if device_class == health.EVERY else device_class
    concerned, changed = watching.judge_again(desk.store, desk.trust_id, aspect, of, desk.clock())
    devices = f"{concerned:,} device{'' if concerned == 1 else 's'}"
    return f"{devices} judged anew, {changed:,} changed at once, and others follow with their next health walk"


COMMANDS: dict[str, Callable[..., str]] = {
    "acknowledge": acknowledge,
    "acknowledgement_end": end,
    "limit_set": set_limit,
    "limit_unset": unset_limit,
}
