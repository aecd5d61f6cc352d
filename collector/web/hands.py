"""What pages need to offer a person's hand: the tokens of its forms, the credentials there are, pauses, latest wishes.

Who may not ask agents for anything is offered nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from starlette.exceptions import HTTPException

from collector import wishes
from collector.access import Right
from collector.errors import CollectorError
from collector.store import Transaction, agents
from collector.store import wishes as rows
from collector.store.register import AgentRow
from collector.web import forms
from collector.web.visit import Visit

Value = TypeVar("Value")
Work = Callable[[Transaction], Value]

_TITLES = {"try": "Try a credential", "look": "Look again", "pause": "Pause", "resume": "End of the pause"}


@dataclass(frozen=True, slots=True)
class Latest:
    """A wish as a list shows it."""

    wish: wishes.Wish
    title: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Hand:
    """What is offered. `tokens` by purpose; `until` is what the form of the pause suggests, local."""

    tokens: dict[str, str]
    credentials: tuple[str, ...]
    networks: tuple[str, ...]
    pause: wishes.Pause | None
    until: str
    latest: tuple[Latest, ...]


def offered(visit: Visit, connection: Transaction, school_id: str, found: list[AgentRow]) -> Hand | None:
    """A hand for a school with these agents; None for who may not, and where no agent could do anything."""
    active = {agent.agent_id: agent for agent in found if agent.revoked is None}
    if visit.visitor is None or not visit.visitor.may(Right.ASK_AGENTS) or not active:
        return None
    trust_id = visit.site.trust_id
    kept = agents.credentials_for(connection, trust_id, school_id)
    local = (visit.now + timedelta(hours=2)).astimezone(visit.site.settings.time_zone)
    latest = []
    for wish in rows.of_school(connection, trust_id, school_id, 8):
        agent = active.get(wish.agent_id)
        standing = wishes.standing(
            wish, agent.name if agent else "The agent", agent.last_sync if agent else None, visit.now
        )
        latest.append(Latest(wish, title(wish), standing.sentence))
    return Hand(
        tokens={purpose: forms.token(visit.secret, purpose) for purpose in _TITLES},
        credentials=tuple(dict.fromkeys(credential.name for credential in kept)),
        networks=tuple(sorted({network for agent in active.values() for network in agent.networks})),
        pause=rows.pause_of(connection, trust_id, school_id, visit.now),
        until=local.strftime("%Y-%m-%dT%H:00"),
        latest=tuple(latest),
    )


def title(wish: wishes.Wish) -> str:
    """What a wish is called."""
    what = wish.address or wish.network
    named = f" “{wish.credential}”" if wish.credential else ""
    return f"{_TITLES.get(wish.kind, wish.kind)}{named}{' at ' if what else ''}{what}"


def carry_out(visit: Visit, purpose: str, work: Work[Value]) -> Value:
    """Write what a form asks for, if the form is ours; what cannot be done is answered with its sentence."""
    require_token(visit, purpose)
    try:
        return visit.site.store.write(work)
    except CollectorError as error:
        raise HTTPException(400, sentence(error)) from None


def require_token(visit: Visit, purpose: str) -> None:
    """Refuse a form that is not of the page that it should come from."""
    if not forms.holds(visit.form.get(forms.TOKEN_FIELD, ""), visit.secret, purpose):
        raise HTTPException(403, "This form is not of the page that it should come from.")


def sentence(error: CollectorError) -> str:
    """What could not be done, as a page says it."""
    said = str(error)
    return f"{said[:1].upper()}{said[1:]}."
