"""Commands that decide the rules of the trust's own set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from collector import auditing
from collector.commands.desk import Desk


def decide(desk: Desk, rule: str, name: str, value: Any, reason: str) -> str:
    """Decide a parameter of a rule, its severity, or whether it is included."""
    now = desk.clock()
    desk.store.write(
        lambda connection: auditing.decide(
            connection, desk.trust_id, rule, name, value, reason=reason, actor="console", now=now
        )
    )
    return f"{name} of {rule} is {value} in the trust's own rule set"


def undecide(desk: Desk, rule: str, name: str) -> str:
    """Go back to what comes with Stocktake."""
    now = desk.clock()
    desk.store.write(
        lambda connection: auditing.undecide(connection, desk.trust_id, rule, name, actor="console", now=now)
    )
    return f"{name} of {rule} is as it comes with Stocktake again"


COMMANDS: dict[str, Callable[..., str]] = {"audit_decide": decide, "audit_undecide": undecide}
