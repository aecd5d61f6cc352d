"""Commands that correct the register, and take corrections back."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from collector import corrections
from collector.commands.desk import Desk
from collector.corrections import Made


def correct(desk: Desk, device: str, cells: Mapping[str, str], reason: str, alike: bool = False) -> str:  # noqa: FBT001, FBT002 - comes by name
    """Say what cells of a device, or of all alike, are to say."""
    now = desk.clock()
    made = desk.store.write(
        lambda connection: corrections.correct(
            connection, desk.trust_id, device, cells, reason, actor="console", now=now, alike=alike
        )
    )
    lines = [f"{one.cell} is {one.value} now (correction {one.correction_id})" for one in made.corrections]
    return "\n".join([*lines, _of(made)])


def undo(desk: Desk, correction: str) -> str:
    """Take a correction back."""
    now = desk.clock()
    made = desk.store.write(
        lambda connection: corrections.undo(connection, desk.trust_id, correction, actor="console", now=now)
    )
    return f"correction {correction} is undone; {_of(made)}"


def _of(made: Made) -> str:
    count = len(made.device_ids)
    return f"of {count:,} device{'' if count == 1 else 's'}"


COMMANDS: dict[str, Callable[..., str]] = {"correct": correct, "correction_undo": undo}
