"""From a lane's evidence to what it says: its contents decoded, interpreted by all knowledge. It writes nothing."""

from __future__ import annotations

from collections.abc import Mapping

from collector import interpret
from collector.facts import Reading, Source, Unread
from collector.store.evidence import Lane
from stocktake import wire
from stocktake.values import Content, Outcome


def read(lane: Lane) -> tuple[tuple[Reading, ...], tuple[Unread, ...]]:
    """What a lane's evidence says, and what of it could not be read."""
    contents, unreadable = decode(lane)
    readings = interpret.read(observation(lane, contents))
    return readings, (*unreadable, *(item for reading in readings for item in reading.unread))


def decode(lane: Lane) -> tuple[dict[str, Content], tuple[Unread, ...]]:
    """The contents of a lane's groups, and which of them are no evidence this version can read."""
    contents: dict[str, Content] = {}
    unreadable = []
    for name, group in lane.groups.items():
        try:
            contents[name] = wire.decode_content(group.content)
        except wire.WireError as error:
            unreadable.append(Unread("wire", Source(name), str(error)))
    return contents, tuple(unreadable)


def observation(lane: Lane, contents: Mapping[str, Content]) -> interpret.Observation:
    """What interpretation needs to know of a lane."""
    outcomes = {name: Outcome.COMPLETE if group.complete else Outcome.CUT for name, group in lane.groups.items()}
    return interpret.Observation(
        subject=lane.subject,
        method=lane.method,
        contents=contents,
        outcomes=outcomes,
        site=lane.site_id,
        agent=lane.agent_id,
    )
