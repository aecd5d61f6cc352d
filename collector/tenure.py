"""Whether a school may be changed: one that left, closed or was merged is read-only. Rules that all topics share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from collector import london
from collector.errors import CollectorError
from collector.store import Transaction, school_lives
from collector.store.school_lives import Life

_WENT = {
    school_lives.LEFT: "left the trust",
    school_lives.CLOSED: "closed",
    school_lives.MERGED: "was merged into another",
}


def require(connection: Transaction, trust_id: str, school_id: str) -> None:
    """Go on only where a school may be changed; CollectorError says why not, and what to do instead."""
    standing = school_lives.life(connection, trust_id, school_id)
    if not standing.is_member:
        name = next((s.name for s in school_lives.schools(connection, trust_id) if s.school_id == school_id), school_id)
        raise CollectorError(f"{name} {said(standing)}")


def require_devices(connection: Transaction, trust_id: str, device_ids: Iterable[str]) -> None:
    """Go on only where the schools of some devices may be changed; CollectorError says why not."""
    refused = objections(connection, trust_id)
    found = school_lives.schools_of(connection, trust_id, device_ids) if refused else {}
    for school_id in found.values():
        if school_id in refused:
            raise CollectorError(refused[school_id])


def objections(connection: Transaction, trust_id: str) -> dict[str, str]:
    """Why the schools that went may not be changed, by their ids; those that may are left out."""
    gone = {key: life for key, life in school_lives.lives(connection, trust_id).items() if not life.is_member}
    names = {s.school_id: s.name for s in school_lives.schools(connection, trust_id)} if gone else {}
    return {school_id: f"{names.get(school_id, school_id)} {said(life)}" for school_id, life in gone.items()}


def said(standing: Life) -> str:
    """What became of a school that is no member, in words that follow its name."""
    when = f" on {london.day_of(standing.since)}" if standing.since else ""
    until = f" and is kept until {standing.retention_until}" if standing.retention_until else ""
    instead = (
        "; change the school that it became part of"
        if standing.state == school_lives.MERGED
        else "; if it came back, let it join again"
    )
    return f"{_WENT[standing.state]}{when}: what is known of it can be read{until}, but not changed{instead}"


def is_over(standing: Life, now: datetime) -> bool:
    """Whether the last day on which what is known of a school is kept has passed, in London."""
    return standing.retention_until is not None and london.day_of(now) > standing.retention_until
