"""EnrolmentService: a one-time token becomes a certificate."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

import grpc
from cryptography.hazmat.primitives import serialization

from collector import journal
from collector.errors import CallerRefused, StoreError, TokenRefused
from collector.facts import text
from collector.intake.certificates import Authority
from collector.intake.peer import Clock, Context, refuse, unavailable
from collector.schools import networks_within
from collector.store import Store, Transaction, agents, ids, places
from stocktake import tokens
from stocktake.v1 import enrolment_service_pb2 as pb
from stocktake.v1 import enrolment_service_pb2_grpc

ENROLMENTS_PER_SECOND = 10  # guessing 128 bits is hopeless; this keeps it cheap as well


class EnrolmentService(enrolment_service_pb2_grpc.EnrolmentServiceServicer):
    """Exchanges tokens for certificates."""

    def __init__(self, store: Store, authority: Authority, clock: Clock) -> None:
        """Takes the store, the CA that signs, and the time."""
        self._store = store
        self._authority = authority
        self._clock = clock
        self._recent: list[datetime] = []

    async def Enrol(self, request: pb.EnrolRequest, context: Context) -> pb.EnrolResponse:
        """See enrolment_service.proto."""
        now = self._clock()
        if self._too_many(now):
            await refuse(
                context, grpc.StatusCode.RESOURCE_EXHAUSTED, "too many enrolments at once: try again in a minute"
            )
        try:
            return await self._store.awrite(lambda connection: self._enrol(connection, request, now))
        except TokenRefused as error:
            await refuse(context, grpc.StatusCode.UNAUTHENTICATED, str(error))
        except CallerRefused as error:
            await refuse(context, grpc.StatusCode.INVALID_ARGUMENT, str(error))
        except StoreError as error:
            await unavailable(context, error)

    def _too_many(self, now: datetime) -> bool:
        self._recent = [time for time in self._recent if (now - time).total_seconds() < 1] + [now]
        return len(self._recent) > ENROLMENTS_PER_SECOND

    def _enrol(self, connection: Transaction, request: pb.EnrolRequest, now: datetime) -> pb.EnrolResponse:
        token_hash = tokens.secret_hash(request.token)
        trust_id, site_id = _open_token(connection, token_hash, now)
        if len(request.sealing_key) != 32:
            raise CallerRefused("the sealing key must be an X25519 public key of 32 octets")
        limits, named = (
            networks_within(request.network_limits),
            networks_within(request.networks, request.network_limits),
        )
        agent_id = ids.new()
        certificate = self._authority.agent(request.certificate_signing_request, trust_id, agent_id, now)
        agent = agents.Agent(
            agent_id=agent_id,
            site_id=site_id,
            school_id="",
            name=text(request.host_name, 64) or agent_id,
            sealing_key=request.sealing_key,
            network_limits=tuple(limits),
            certificate_serial=format(certificate.serial_number, "x"),
            revoked=None,
        )
        agents.add(
            connection,
            trust_id,
            agent,
            version=text(request.version, 32),
            expires=certificate.not_valid_after_utc,
            now=now,
        )
        agents.use_token(connection, trust_id, token_hash, agent_id, now)
        places.add_networks(connection, trust_id, site_id, named, now)
        self._journal(connection, trust_id, agent, named, now)
        return self._response(connection, trust_id, agent, certificate.public_bytes(serialization.Encoding.DER))

    def _journal(
        self, connection: Transaction, trust_id: str, agent: agents.Agent, named: Sequence[str], now: datetime
    ) -> None:
        detail = {"agent": agent.agent_id, "site": agent.site_id, "networks": json.dumps(list(named))}
        journal.append(
            connection, trust_id, actor=f"agent:{agent.agent_id}", action="agent_enrolled", detail=detail, now=now
        )

    def _response(
        self, connection: Transaction, trust_id: str, agent: agents.Agent, certificate: bytes
    ) -> pb.EnrolResponse:
        school_name, site_name = agents.place_names(connection, trust_id, agent.site_id)
        return pb.EnrolResponse(
            certificate=certificate,
            certificate_authority=self._authority.der,
            agent_id=agent.agent_id,
            trust_name=dict(places.trust_ids(connection))[trust_id],
            school_name=school_name,
            site_name=site_name,
        )


def _open_token(connection: Transaction, token_hash: bytes, now: datetime) -> tuple[str, str]:
    """Trust and site that a token opens; TokenRefused says why it does not."""
    found = agents.token(connection, token_hash)
    if found is None:
        raise TokenRefused("this token is not known here: make one with 'stocktake-collector token'")
    trust_id, token = found
    if token.used:
        raise TokenRefused(
            f"this token was used on {token.used:%d %B %Y at %H:%M} UTC: a token opens once, make another"
        )
    if token.expires < now:
        raise TokenRefused(f"this token expired on {token.expires:%d %B %Y at %H:%M} UTC: make another")
    return trust_id, token.site_id
