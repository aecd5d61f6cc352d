"""Commands that compare schools: bring the file of GIAS, consent, export and import sums, leave."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from pathlib import Path

from collector.commands.desk import Desk
from collector.comparing import club, measuring
from collector.errors import CollectorError
from collector.store import Transaction

ACTOR = "console"


def gias(desk: Desk, path: str) -> str:
    """Keep what similar schools are found by, from the file of all schools."""
    now = desk.clock()

    def write(connection: Transaction) -> list[str]:
        return measuring.bring_gias(connection, desk.trust_id, Path(path), actor=ACTOR, now=now)

    return "\n".join(desk.store.write(write))


def consent(desk: Desk, name: str = "", note: str = "") -> str:
    """The owner lets the trust's sums leave; the trust's random id."""
    now = desk.clock()
    member = desk.store.write(lambda c: club.consent(c, desk.trust_id, name, note, actor=ACTOR, now=now))
    return f"sums may leave as {member}{f' ({name})' if name else ', without the name of the trust'}"


def export(desk: Desk) -> str:
    """The trust's sums; JSON with the file's content."""
    now = desk.clock()
    told = measuring.kept(desk.store, desk.trust_id, now)  # before: others write meanwhile
    written = desk.store.write(lambda c: club.export(c, desk.trust_id, told, actor=ACTOR, now=now))
    return json.dumps({"content": written.decode()})


def leave(desk: Desk) -> str:
    """End the consent; JSON with the content of the file that says so to others."""
    now = desk.clock()
    written = desk.store.write(lambda c: club.leave(c, desk.trust_id, actor=ACTOR, now=now))
    return json.dumps({"content": written.decode()})


def remove(desk: Desk, member: str) -> str:
    """Delete another trust's file and its numbers."""
    now = desk.clock()
    return desk.store.write(lambda c: club.remove(c, desk.trust_id, member, actor=ACTOR, now=now))


def take_in(desk: Desk, content: str, invited: str = "") -> str:
    """Take in another trust's file (its content in base 64)."""
    now = desk.clock()
    try:
        said = base64.b64decode(content, validate=True)
    except binascii.Error:
        raise CollectorError("the file did not arrive whole: try again") from None
    return desk.store.write(lambda c: club.take_in(c, desk.trust_id, said, invited, actor=ACTOR, now=now))


COMMANDS: dict[str, Callable[..., str]] = {
    "benchmark_gias": gias,
    "benchmark_consent": consent,
    "benchmark_export": export,
    "benchmark_leave": leave,
    "benchmark_remove": remove,
    "benchmark_import": take_in,
}
