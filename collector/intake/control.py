"""ControlService: notes what an agent tells of itself, and hands down plan, scope, schedule and sealed credentials."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import grpc
from cryptography.hazmat.primitives import serialization

from collector import journal, wishes
from collector.errors import CallerRefused, StoreError
from collector.facts import text
from collector.intake import vault
from collector.intake.bell import Bell
from collector.intake.certificates import Authority, Identity
from collector.intake.peer import Clock, Context, caller, refuse, unavailable
from collector.schools import networks_within
from collector.store import Store, Transaction, agents, places, rounds, tombstones
from collector.store import wishes as rows
from collector.store.agents import Agent
from stocktake import wire
from stocktake.v1 import control_service_pb2 as pb
from stocktake.v1 import control_service_pb2_grpc, plan_pb2
from stocktake.values import WalkPlan

TROUBLES = 20
NETWORKS = 1_000
RESULTS = 32
CREDENTIALS = 64
ERASURES = 16
ACKNOWLEDGED = 32
COUNT_LIMIT = 10**9


@dataclass(frozen=True, slots=True)
class Schedule:
    """How often agents look: the trust's wish, inside each agent's own limits."""

    sweep: timedelta = timedelta(hours=1)
    host: timedelta = timedelta(days=1)
    sync: timedelta = timedelta(minutes=1)


class ControlService(control_service_pb2_grpc.ControlServiceServicer):
    """Steers agents."""

    def __init__(
        self, store: Store, authority: Authority, credentials: vault.Vault, plan: WalkPlan, clock: Clock,
        schedule: Schedule | None = None, bell: Bell | None = None,
    ) -> None:  # fmt: skip
        """`plan` is the compiled walk plan with its digest; without a bell, wishes wait for the next Sync."""
        self._store = store
        self._authority = authority
        self._vault = credentials
        self._plan = plan
        self._clock = clock
        self._schedule = schedule or Schedule()
        self._bell = bell

    async def Sync(self, request: pb.SyncRequest, context: Context) -> pb.SyncResponse:
        """See control_service.proto."""
        who, agent = await caller(context, self._store)
        now = self._clock()
        try:
            return await self._store.awrite(lambda connection: self._sync(connection, who, agent, request, now))
        except CallerRefused as error:
            await refuse(context, grpc.StatusCode.INVALID_ARGUMENT, str(error))
        except StoreError as error:
            await unavailable(context, error)

    async def RenewCertificate(
        self, request: pb.RenewCertificateRequest, context: Context
    ) -> pb.RenewCertificateResponse:
        """See control_service.proto."""
        who, _ = await caller(context, self._store)
        now = self._clock()
        try:
            return await self._store.awrite(lambda connection: self._renew(connection, who, request, now))
        except CallerRefused as error:
            await refuse(context, grpc.StatusCode.INVALID_ARGUMENT, str(error))
        except StoreError as error:
            await unavailable(context, error)

    def _sync(
        self, connection: Transaction, who: Identity, agent: Agent, request: pb.SyncRequest, now: datetime
    ) -> pb.SyncResponse:
        told = agents.Told(
            version=text(request.version, 32),
            numbers=json.dumps(_numbers(request.numbers, now)),
            troubles=json.dumps([text(item) for item in request.troubles[-TROUBLES:]]),
            networks=json.dumps(networks_within(request.networks[:NETWORKS])),
            credentials=json.dumps([_use(use) for use in request.credential_uses[:CREDENTIALS]]),
        )
        agents.note_sync(connection, who.trust_id, agent.agent_id, told, now)
        answer = pb.SyncResponse()
        if request.plan_digest != self._plan.digest:
            answer.plan.CopyFrom(plan_pb2.WalkPlan.FromString(wire.encode_plan(self._plan)))
        named = places.site_networks(connection, who.trust_id, agent.site_id)
        answer.scope.networks.extend(networks_within(named, agent.network_limits))
        answer.schedule.sweep_interval.FromTimedelta(self._schedule.sweep)
        answer.schedule.host_interval.FromTimedelta(self._schedule.host)
        answer.schedule.sync_interval.FromTimedelta(self._schedule.sync)
        answer.collector_time.FromDatetime(now)
        self._hand_down(answer, agents.credentials_for(connection, who.trust_id, agent.school_id), agent, request)
        wishes.hear(connection, who.trust_id, agent.agent_id, _heard(request), now)
        wanted, paused = wishes.hand_down(connection, who.trust_id, agent.agent_id, agent.school_id, now)
        answer.wishes.extend(_wish(wish) for wish in wanted)
        if paused:
            answer.pause_until.FromDatetime(paused)
        _erasures(connection, who.trust_id, agent.agent_id, request, answer, now)
        addresses = rounds.often(connection, who.trust_id, agent.site_id)
        answer.often.extend(ipaddress.ip_address(address).packed for address in addresses)
        if self._bell:
            answer.bell_key = self._bell.key(who.trust_id, agent.agent_id)
        return answer

    def _hand_down(
        self, answer: pb.SyncResponse, stored: Sequence[agents.StoredCredential], agent: Agent, request: pb.SyncRequest
    ) -> None:
        """Seal the credentials in the agent's scope to it, where it does not hold this very set."""
        revision = vault.revision(stored)
        if request.credentials_revision != revision:
            answer.credentials.revision = revision
            answer.credentials.sealed.extend(self._vault.seal(item, agent.sealing_key) for item in stored)

    def _renew(
        self, connection: Transaction, who: Identity, request: pb.RenewCertificateRequest, now: datetime
    ) -> pb.RenewCertificateResponse:
        certificate = self._authority.agent(request.certificate_signing_request, who.trust_id, who.agent_id, now)
        serial = format(certificate.serial_number, "x")
        agents.renew(connection, who.trust_id, who.agent_id, serial=serial, expires=certificate.not_valid_after_utc)
        journal.append(
            connection,
            who.trust_id,
            actor=f"agent:{who.agent_id}",
            action="agent_renewed",
            detail={"serial": serial},
            now=now,
        )
        der = certificate.public_bytes(serialization.Encoding.DER)
        return pb.RenewCertificateResponse(certificate=der, certificate_authority=self._authority.der)


_STATES = {pb.WISH_STATE_BEGUN: rows.BEGUN, pb.WISH_STATE_DONE: rows.DONE, pb.WISH_STATE_REFUSED: rows.REFUSED}
_KINDS = {"try": pb.WISH_KIND_TRY_CREDENTIAL, "look": pb.WISH_KIND_LOOK_AGAIN}


def _heard(request: pb.SyncRequest) -> list[wishes.Heard]:
    """What the agent says of its wishes; a state that is not known says nothing."""
    told = request.wish_results[:RESULTS]
    return [wishes.Heard(r.id, _STATES[r.state], r.sentence, r.answered) for r in told if r.state in _STATES]


def _wish(wish: wishes.Wish) -> pb.Wish:
    address = ipaddress.ip_address(wish.address).packed if wish.address else b""
    return pb.Wish(
        id=wish.wish_id, kind=_KINDS[wish.kind], address=address, network=wish.network, credential=wish.credential
    )


def _erasures(
    connection: Transaction, trust_id: str, agent_id: str, request: pb.SyncRequest, answer: pb.SyncResponse,
    now: datetime,
) -> None:  # fmt: skip
    """Note what the agent has erased, and hand down what it has yet to erase."""
    actor = f"agent:{agent_id}"
    for erasure_id in request.erased[:ACKNOWLEDGED]:
        if tombstones.acknowledge(connection, trust_id, agent_id, text(erasure_id, 36), now):
            detail = {"erasure": text(erasure_id, 36)}
            journal.append(connection, trust_id, actor=actor, action="spool_erased", detail=detail, now=now)
    for order in tombstones.orders(connection, trust_id, agent_id, ERASURES):
        answer.erase_orders.add(id=order.erasure_id, sealed=order.sealed)


def _use(use: pb.CredentialUse) -> dict[str, str | int]:
    counts = {name: min(getattr(use, name), COUNT_LIMIT) for name in ("devices", "refused", "silent")}
    return {"name": text(use.name, 64)} | counts


def _numbers(numbers: pb.AgentNumbers, now: datetime) -> dict[str, float]:
    """The agent's numbers by field name; times become seconds since the epoch. What was not told is left out."""
    found: dict[str, float] = {}
    for field in numbers.DESCRIPTOR.fields:
        if field.has_presence and not numbers.HasField(field.name):
            continue
        value = getattr(numbers, field.name)
        found[field.name] = value.ToNanoseconds() / 1e9 if field.message_type else float(value)
    if "agent_time" in found:
        found["clock_skew_seconds"] = found["agent_time"] - now.timestamp()
    return found
