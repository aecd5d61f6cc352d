"""A person's hand: try a credential on a device, look again now, pause a school; asked of agents and journaled.

A wish names what is wanted and of which agent; it travels as data with Sync and the agent carries it out inside its own
limits or refuses it in words. This module knows neither pages nor the wire. A wish that nobody fetched in time is void:
nothing happens hours later that somebody wanted now.
"""

from __future__ import annotations

import dataclasses
import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from collector import journal, tenure
from collector.errors import CollectorError
from collector.facts import Value, text
from collector.store import Transaction, ids, register
from collector.store import wishes as rows
from collector.store.register import AgentRow
from collector.store.wishes import Changed, Pause, Wish

__all__ = ["Pause", "Standing", "Told", "Wish"]

LIFE = timedelta(minutes=5)  # for which a wish waits for its agent
PATIENCE = timedelta(hours=1)  # for which one that was begun may go on
LONGEST_PAUSE = timedelta(days=31)
KEPT = timedelta(days=31)
MOST_OPEN = 16  # of one agent
NAME_LIMIT, SENTENCE_LIMIT = 64, 300  # characters


@dataclass(frozen=True, slots=True)
class Standing:
    """How a wish stands, in words; `open`: something may still come."""

    sentence: str
    open: bool


@dataclass(frozen=True, slots=True)
class Heard:
    """What an agent says of a wish: a state of the store, a sentence, and whether the device answered."""

    wish_id: str
    state: str
    sentence: str
    answered: bool


# ------------------------------------------------------------------------------------------------ wishing


def try_credential(  # noqa: PLR0913  what is wished, by whom, when
    connection: Transaction, trust_id: str, school_id: str, address: str, credential: str, *, actor: str, now: datetime,
    device_id: str = "",
) -> Wish:  # fmt: skip
    """Wish that one credential be tried on one device. CollectorError where no agent of the school may ask it."""
    tenure.require(connection, trust_id, school_id)
    place = _address(address)
    if not text(credential, NAME_LIMIT):
        raise CollectorError("name the credential that is to be tried")
    agent = _agent_around(connection, trust_id, school_id, place)
    made = _new(agent, "try", actor, now)
    wish = dataclasses.replace(made, address=place, credential=text(credential, NAME_LIMIT), device_id=device_id)
    return _make(connection, trust_id, wish, now)


def look_at_device(
    connection: Transaction, trust_id: str, school_id: str, address: str, device_id: str, *, actor: str, now: datetime
) -> Wish:
    """Wish that a device be examined now."""
    tenure.require(connection, trust_id, school_id)
    place = _address(address)
    agent = _agent_around(connection, trust_id, school_id, place)
    wish = dataclasses.replace(_new(agent, "look", actor, now), address=place, device_id=device_id)
    return _make(connection, trust_id, wish, now)


def look_at_network(
    connection: Transaction, trust_id: str, school_id: str, network: str, *, actor: str, now: datetime
) -> Wish:
    """Wish that a network be swept now; an empty school means the one that has it, where only one has."""
    if school_id:
        tenure.require(connection, trust_id, school_id)
    wanted = _network(network)
    agents = [each for each in _active(connection, trust_id, school_id) if wanted in each.networks]
    if not agents:
        swept = sorted({each for agent in _active(connection, trust_id, school_id) for each in agent.networks})
        raise CollectorError(f"no agent sweeps {wanted}; swept are: {', '.join(swept[:20]) or 'none'}")
    if len({agent.school_id for agent in agents}) > 1:
        names = ", ".join(sorted({agent.school_name for agent in agents}))
        raise CollectorError(f"several schools have a network {wanted}: say which with --school ({names})")
    wish = dataclasses.replace(_new(_latest(agents), "look", actor, now), network=wanted)
    return _make(connection, trust_id, wish, now)


def pause(
    connection: Transaction, trust_id: str, school_id: str, until: datetime, *, actor: str, now: datetime
) -> list[Wish]:
    """Have nothing sent to a school's devices until a time; the wish of each agent that it hears so."""
    tenure.require(connection, trust_id, school_id)
    if not now < until <= now + LONGEST_PAUSE:
        raise CollectorError(f"a pause ends in the future, within {LONGEST_PAUSE.days} days")
    rows.pause(connection, trust_id, Pause(school_id, until, now, actor))
    detail = {"school": school_id, "until": until.isoformat(timespec="seconds")}
    journal.append(connection, trust_id, actor=actor, action="school_paused", detail=detail, now=now)
    return _tell_all(connection, trust_id, school_id, "pause", actor, now)


def resume(connection: Transaction, trust_id: str, school_id: str, *, actor: str, now: datetime) -> list[Wish]:
    """End the pause of a school. CollectorError where it is not paused."""
    tenure.require(connection, trust_id, school_id)
    if rows.pause_of(connection, trust_id, school_id, now) is None:
        raise CollectorError("this school is not paused")
    rows.resume(connection, trust_id, school_id)
    journal.append(connection, trust_id, actor=actor, action="school_resumed", detail={"school": school_id}, now=now)
    return _tell_all(connection, trust_id, school_id, "resume", actor, now)


def _tell_all(
    connection: Transaction, trust_id: str, school_id: str, kind: str, actor: str, now: datetime
) -> list[Wish]:
    agents = _active(connection, trust_id, school_id)
    return [_make(connection, trust_id, _new(agent, kind, actor, now), now) for agent in agents]


def _new(agent: AgentRow, kind: str, actor: str, now: datetime) -> Wish:
    return Wish(ids.new(), agent.agent_id, agent.school_id, kind, now, actor, now + LIFE)


def _make(connection: Transaction, trust_id: str, wish: Wish, now: datetime) -> Wish:
    if wish.kind in ("try", "look"):
        if len(rows.open_for(connection, trust_id, wish.agent_id, now)) >= MOST_OPEN:
            raise CollectorError(f"{MOST_OPEN} wishes wait for this agent already: see what becomes of them first")
        if paused := rows.pause_of(connection, trust_id, wish.school_id, now):
            raise CollectorError(f"this school is paused until {paused.until:%Y-%m-%d %H:%M} UTC: resume it first")
    rows.forget(connection, trust_id, now - KEPT)
    rows.add(connection, trust_id, wish)
    detail = {"wish": wish.wish_id, "kind": wish.kind, "agent": wish.agent_id}
    detail |= {"device": wish.device_id} if wish.device_id else {}
    journal.append(connection, trust_id, actor=wish.made_by, action="wish_made", detail=detail, now=now)
    return wish


def _active(connection: Transaction, trust_id: str, school_id: str) -> list[AgentRow]:
    return [row for row in register.agents(connection, trust_id, school_id=school_id) if row.revoked is None]


def _agent_around(connection: Transaction, trust_id: str, school_id: str, address: str) -> AgentRow:
    """The agent that sweeps the network around an address; of several the one that was last heard."""
    agents = [row for row in _active(connection, trust_id, school_id) if _lies_in(address, row.networks)]
    if not agents:
        raise CollectorError(f"no agent of this school sweeps a network with {address} in it, so none may ask it")
    return _latest(agents)


def _latest(agents: Sequence[AgentRow]) -> AgentRow:
    return max(agents, key=lambda row: row.last_sync or row.enrolled)


def _address(written: str) -> str:
    try:
        return str(ipaddress.ip_address(written.strip()))
    except ValueError:
        raise CollectorError(f"{text(written, NAME_LIMIT)!r} is no address of a device") from None


def _network(written: str) -> str:
    try:
        return str(ipaddress.ip_network(written.strip(), strict=False))
    except ValueError:
        raise CollectorError(f"{text(written, NAME_LIMIT)!r} is no network: write it as 10.1.0.0/22") from None


def _lies_in(address: str, networks: Iterable[str]) -> bool:
    parsed = ipaddress.ip_address(address)
    return any(parsed in ipaddress.ip_network(network, strict=False) for network in networks)


# ------------------------------------------------------------------------------------------------ agents


def hand_down(
    connection: Transaction, trust_id: str, agent_id: str, school_id: str, now: datetime
) -> tuple[list[Wish], datetime | None]:
    """What an agent is to do now, and until when it is paused; noted as handed. It may be handed again."""
    wanted = rows.open_for(connection, trust_id, agent_id, now)
    for wish in wanted:
        if wish.kind in ("pause", "resume"):
            done = dataclasses.replace(wish, state=rows.DONE, sentence="The agent has heard it.", handed=now, ended=now)
            rows.note(connection, trust_id, done)
        elif wish.state == rows.WAITING:
            rows.note(connection, trust_id, dataclasses.replace(wish, state=rows.HANDED, handed=now))
    paused = rows.pause_of(connection, trust_id, school_id, now)
    tasks = [wish for wish in wanted if wish.kind in ("try", "look")]
    return tasks[:MOST_OPEN], paused.until if paused else None


def hear(connection: Transaction, trust_id: str, agent_id: str, told: Iterable[Heard], now: datetime) -> None:
    """Keep what an agent says of its wishes; what it says of others, or of ended ones, is left out."""
    for heard in told:
        wish = rows.get(connection, trust_id, text(heard.wish_id, 36))
        if wish is None or wish.agent_id != agent_id or wish.state not in rows.OPEN:
            continue
        if heard.state == rows.BEGUN:
            rows.note(connection, trust_id, dataclasses.replace(wish, state=rows.BEGUN, begun=wish.begun or now))
            continue
        sentence = text(heard.sentence, SENTENCE_LIMIT)
        ended = dataclasses.replace(
            wish, state=heard.state, sentence=sentence, answered=heard.answered, begun=wish.begun or now, ended=now
        )
        rows.note(connection, trust_id, ended)
        detail = {"wish": wish.wish_id, "state": heard.state}
        journal.append(connection, trust_id, actor=f"agent:{agent_id}", action="wish_answered", detail=detail, now=now)


# ------------------------------------------------------------------------------------------------ showing


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that is to be said of a wish: how it stands, and line by line what is known now and was not before."""

    wish: Wish
    agent_name: str
    standing: Standing
    changes: tuple[str, ...]


def get(connection: Transaction, trust_id: str, wish_id: str) -> Wish | None:
    """One wish, or None."""
    return rows.get(connection, trust_id, wish_id)


def told(connection: Transaction, trust_id: str, wish: Wish, now: datetime) -> Told:
    """What is to be said of a wish now."""
    known = register.agents(connection, trust_id, school_id=wish.school_id)
    agent = next((row for row in known if row.agent_id == wish.agent_id), None)
    name = (agent.name if agent else "") or "The agent"
    found = standing(wish, name, agent.last_sync if agent else None, now)
    changed = rows.changes(connection, trust_id, wish, wish.begun) if wish.kind == "look" and wish.begun else []
    return Told(wish, name, found, tuple(_changes(changed, about_one=bool(wish.device_id))))


def _changes(changed: Iterable[Changed], *, about_one: bool) -> Iterable[str]:
    for each in changed:
        what = " ".join(part for part in (each.component, each.name.replace("_", " ")) if part)
        before, after = (_value(value, each.unit) for value in (each.before, each.after))
        yield f"{'' if about_one else each.device_id + '  '}{what}: {before} → {after}"


def _value(value: Value | None, unit: str) -> str:
    return "unknown" if value is None else f"{text(str(value), NAME_LIMIT)} {unit.replace('_', ' ')}".strip()


def standing(wish: Wish, agent_name: str, last_sync: datetime | None, now: datetime) -> Standing:
    """How a wish stands, in words for the person who made it."""
    if wish.state == rows.DONE:
        return Standing(wish.sentence, open=False)
    if wish.state == rows.REFUSED:
        return Standing(f"The agent does not do it. {wish.sentence}", open=False)
    asked = f"it last asked {_ago(last_sync, now)}" if last_sync else "it has never asked"
    if wish.state == rows.BEGUN:
        since = wish.begun or wish.made
        if now - since > PATIENCE:
            return Standing(f"{agent_name} began {_ago(since, now)} and was not heard of again.", open=False)
        return Standing(f"{agent_name} began {_ago(since, now)} and is at it.", open=True)
    if now >= wish.expires:
        fetched = "fetched it and did not answer" if wish.state == rows.HANDED else "did not fetch it in time"
        return Standing(f"{agent_name} {fetched}; {asked}. It is not done any more: wish again.", open=False)
    if wish.state == rows.HANDED:
        return Standing(f"{agent_name} has it and will begin at once.", open=True)
    return Standing(f"{agent_name} has not fetched it yet; {asked}. It comes at once while it is connected.", open=True)


def _ago(time: datetime, now: datetime) -> str:
    seconds = max(0, int((now - time).total_seconds()))
    return f"{seconds} s ago" if seconds < 120 else f"{seconds // 60} min ago"
