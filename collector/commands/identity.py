"""Commands by which a person decides which device is which."""

from __future__ import annotations

from collections.abc import Callable

from collector import identity
from collector.commands.desk import Desk
from collector.store import Transaction

ACTOR = "console"


def merge(desk: Desk, one: str, other: str, reason: str) -> str:
    """Two devices are one."""
    now = desk.clock()

    def write(connection: Transaction) -> str:
        return identity.say_one(connection, desk.trust_id, one, other, reason, ACTOR, now)

    survivor = desk.store.write(write)
    return f"{one} and {other} are one device: {survivor}; the other id leads to it from now on"


def split(desk: Desk, device: str, claims: list[int], reason: str) -> str:
    """Some claims of a device are of another one."""
    now = desk.clock()

    def write(connection: Transaction) -> str:
        return identity.say_two(connection, desk.trust_id, device, claims, reason, ACTOR, now)

    return f"{desk.store.write(write)} is a device of its own, with {len(claims)} claims that {device} had"


def undo(desk: Desk, decision: int, reason: str) -> str:
    """Undo a merge or a split."""
    now = desk.clock()

    def write(connection: Transaction) -> str:
        return identity.undo(connection, desk.trust_id, decision, reason, ACTOR, now)

    return f"decision {decision} is undone; its claims are {desk.store.write(write)}'s now"


def take_back(desk: Desk, word: str) -> str:
    """Take back what a person said; the evidence decides again."""
    now = desk.clock()
    desk.store.write(lambda connection: identity.take_back(connection, desk.trust_id, word, ACTOR, now))
    return f"{word} is taken back; the evidence decides again"


COMMANDS: dict[str, Callable[..., str]] = {
    "merge": merge,
    "split": split,
    "undo_decision": undo,
    "take_back": take_back,
}
