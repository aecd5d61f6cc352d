"""Commands that write: each takes the store and plain arguments, and returns what to print.

They run where the store is open for writing: in the command line's own process, or inside a running collector that was
asked through its console. A module per topic; each names its commands in `COMMANDS`, and they take a `Desk` first.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from collector.commands import (
    audit,
    benchmark,
    check,
    consistency,
    corrections,
    cover,
    erasing,
    estate,
    evidence,
    exports,
    hand,
    health,
    history,
    identity,
    people,
    places,
    reconcile,
    records,
    refresh,
)
from collector.commands.desk import Desk, open_desk
from collector.errors import CollectorError

__all__ = ["COMMANDS", "Desk", "execute", "open_desk"]

COMMANDS: dict[str, Callable[..., str]] = {
    **audit.COMMANDS,
    **benchmark.COMMANDS,
    **check.COMMANDS,
    **consistency.COMMANDS,
    **corrections.COMMANDS,
    **cover.COMMANDS,
    **erasing.COMMANDS,
    **estate.COMMANDS,
    **evidence.COMMANDS,
    **exports.COMMANDS,
    **hand.COMMANDS,
    **health.COMMANDS,
    **history.COMMANDS,
    **identity.COMMANDS,
    **people.COMMANDS,
    **places.COMMANDS,
    **reconcile.COMMANDS,
    **records.COMMANDS,
    **refresh.COMMANDS,
}


def execute(desk: Desk, command: str, arguments: dict[str, Any]) -> str:
    """Run a command by its name; CollectorError where there is none of that name."""
    if command not in COMMANDS:
        raise CollectorError(f"there is no command {command!r}")
    if not desk.trust_id and command != "init":
        raise CollectorError("this collector has no trust yet: run 'stocktake-collector init' first")
    return COMMANDS[command](desk, **arguments)
