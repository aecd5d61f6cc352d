"""Commands that ask agents for something now: a person's hand at the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from collector import schools, wishes
from collector.commands.desk import Desk
from collector.errors import CollectorError
from collector.store import Transaction, register


def try_credential(desk: Desk, name: str, address: str, school: str) -> str:
    """Have an agent of a school ask one device by one credential."""
    now = desk.clock()

    def write(connection: Transaction) -> wishes.Wish:
        place = schools.find(connection, desk.trust_id, school)
        return wishes.try_credential(
            connection, desk.trust_id, place.school_id, address, name, actor="console", now=now
        )

    return desk.store.write(write).wish_id


def look(desk: Desk, what: str, school: str = "") -> str:
    """Have a device (by its id) or a network looked at now."""
    now = desk.clock()

    def write(connection: Transaction) -> wishes.Wish:
        if "/" in what:
            place = schools.find(connection, desk.trust_id, school).school_id if school else ""
            return wishes.look_at_network(connection, desk.trust_id, place, what, actor="console", now=now)
        found = register.device(connection, desk.trust_id, what)
        if found is None:
            raise CollectorError(f"{what!r} is neither a network nor the id of a device")
        row = found.row
        return wishes.look_at_device(
            connection, desk.trust_id, row.school_id, row.address, row.device_id, actor="console", now=now
        )

    return desk.store.write(write).wish_id


def pause(desk: Desk, school: str, until: str) -> str:
    """Have nothing sent to a school's devices until a time (ISO 8601)."""
    now, end = desk.clock(), datetime.fromisoformat(until).astimezone(UTC)

    def write(connection: Transaction) -> str:
        place = schools.find(connection, desk.trust_id, school)
        told = wishes.pause(connection, desk.trust_id, place.school_id, end, actor="console", now=now)
        return f"{place.school_name} is paused until {end:%Y-%m-%d %H:%M} UTC; {_agents_hear(told)}"

    return desk.store.write(write)


def resume(desk: Desk, school: str) -> str:
    """End the pause of a school."""
    now = desk.clock()

    def write(connection: Transaction) -> str:
        place = schools.find(connection, desk.trust_id, school)
        told = wishes.resume(connection, desk.trust_id, place.school_id, actor="console", now=now)
        return f"{place.school_name} is no longer paused; {_agents_hear(told)}"

    return desk.store.write(write)


def _agents_hear(told: Sequence[wishes.Wish]) -> str:
    return f"its {len(told)} agents hear it at once where they are connected, else at their next Sync"


def wish(desk: Desk, wish_id: str) -> str:
    """How a wish stands: `open` or `done`, and on the lines after it what is to be said of it."""
    now = desk.clock()
    with desk.store.reader() as connection:
        found = wishes.get(connection, desk.trust_id, wish_id)
        if found is None:
            raise CollectorError(f"there is no wish {wish_id}")
        told = wishes.told(connection, desk.trust_id, found, now)
    return "\n".join(["open" if told.standing.open else "done", told.standing.sentence, *told.changes])


COMMANDS: dict[str, Callable[..., str]] = {
    "try_credential": try_credential,
    "look": look,
    "pause": pause,
    "resume": resume,
    "wish": wish,
}
