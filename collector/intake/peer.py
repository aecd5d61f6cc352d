"""Who is calling: taken from the verified certificate of the connection, never from a message."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, NoReturn

import grpc
from cryptography import x509

from collector.errors import CallerRefused, StoreError
from collector.intake.certificates import Identity, identity
from collector.store import Store, agents
from collector.store.agents import Agent

Clock = Callable[[], datetime]
Context = grpc.aio.ServicerContext[Any, Any]

log = logging.getLogger(__name__)


async def caller(context: Context, store: Store) -> tuple[Identity, Agent]:
    """The agent that holds the connection's certificate; ends the call where it is none of ours or was shut out."""
    certificates = list(context.auth_context().get("x509_pem_cert", []))
    try:
        if not certificates:
            raise CallerRefused("an agent's certificate is needed here")
        who = identity(x509.load_pem_x509_certificate(certificates[0]))
    except CallerRefused as error:
        await refuse(context, grpc.StatusCode.UNAUTHENTICATED, str(error))
    with store.reader() as connection:
        agent = agents.get(connection, who.trust_id, who.agent_id)
    if agent is None:
        await refuse(
            context, grpc.StatusCode.PERMISSION_DENIED, f"this collector does not know the agent {who.agent_id}"
        )
    if agent.revoked:
        when = agent.revoked.date().isoformat()
        await refuse(context, grpc.StatusCode.PERMISSION_DENIED, f"the agent {who.agent_id} was revoked on {when}")
    return who, agent


async def refuse(context: Context, code: grpc.StatusCode, sentence: str) -> NoReturn:
    """End a call with a reason that the agent shows its technician, and note it here."""
    log.warning("refused %s: %s", context.peer(), sentence)
    await context.abort(code, sentence)


async def unavailable(context: Context, error: StoreError) -> NoReturn:
    """End a call because the store cannot take it now: the agent keeps what it has and tries again."""
    await refuse(context, grpc.StatusCode.UNAVAILABLE, str(error))
