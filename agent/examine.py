"""Examines one device by SNMP: finds the credential that it takes, asks what the walk plan says, brings the answers.

    examine: limits → credential → for each group of the plan: does it apply? ask → Examination

It does not know what the answers mean, how sessions reach the device, or where the evidence goes. What the device does
wrong becomes part of the evidence (a group is cut or refused, with a reason); only the scan contract (`Forbidden`)
interrupts. All inputs are plain values, so that an examination can run in a worker process.
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from agent.budget import Budget, Forbidden
from agent.plan import SYS_DESCR, SYS_OBJECT_ID, Answers, applies, indexes
from agent.snmp.habits import Habit, Habits
from agent.snmp.session import Opener, Refused, Session, Silent, SnmpError
from agent.snmp.walk import Fetched, Meter, Walked, fetch, walk
from stocktake import ber
from stocktake.values import (
    Binding,
    Credential,
    Examination,
    GroupResult,
    Method,
    Outcome,
    PlanGroup,
    Secret,
    SnmpBindings,
    Subject,
    SubjectKind,
    TableWalk,
    WalkPlan,
)

SNMP_PORT = 161
EXPANSIONS_LIMIT = 512  # contexts of one expanded group
_METHODS = {"1": Method.SNMP_V1, "2c": Method.SNMP_V2C, "3": Method.SNMP_V3}
_DETAIL_LIMIT = 200  # characters


@dataclass(frozen=True, slots=True)
class Target:
    """Whom to examine: an IPv4 or IPv6 address on a network (CIDR), with the MAC that the neighbour table has of it."""

    address: str
    mac: str = ""
    network: str = ""
    port: int = SNMP_PORT


@dataclass(frozen=True, slots=True)
class _Opened:
    """A session with a device that answers, and by which credential."""

    session: Session
    credential: Credential
    probe: tuple[Binding, ...]


async def examine(  # noqa: PLR0913  the five things an examination needs, and the outside world
    target: Target,
    credentials: Sequence[Credential],
    plan: WalkPlan,
    budget: Budget,
    *,
    sessions: Opener,
    habits: Habits,
    clock: Callable[[], float] = time.monotonic,
    today: Callable[[], str] = lambda: datetime.now().astimezone().date().isoformat(),
) -> Examination | None:
    """What one device answers to a plan; None where it answers no credential.

    `habits` is read and changed: the credential that worked, how much the device answers at once. Forbidden where the
    scan contract does not let the device be asked; where it stops an examination in the middle, what came stays.
    """
    budget.refuse(target.address, target.port, target.mac)
    habit = habits.of(target.address, target.network)
    try:
        opened = await _open(target, credentials, sessions, habit, today())
        if opened is None:
            return None
        try:
            asking = _Asking(target, opened, sessions, habit, Meter(clock))
            groups = await asking.ask(plan)
        finally:
            await opened.session.close()
    finally:
        budget.flush()
    subject = Subject(SubjectKind.ADDRESS, target.address, target.mac, target.network)
    return Examination(subject, _METHODS[opened.credential.version], groups, plan.digest)


# ------------------------------------------------------------------------------------------------ the credential


def candidates(target: Target, credentials: Sequence[Credential], habit: Habit, day: str) -> Iterator[Credential]:
    """The credentials to try, in order: the one that last worked, then the others; each if it may be tried today."""
    suited = [credential for credential in credentials if _in_networks(target.address, credential.networks)]
    for credential in sorted(suited, key=lambda credential: credential.name != habit.credential):
        if habit.may_try(credential.name, day):
            yield credential


def _in_networks(address: str, networks: Sequence[str]) -> bool:
    parsed = ipaddress.ip_address(address)
    return not networks or any(parsed in ipaddress.ip_network(network, strict=False) for network in networks)


async def _open(
    target: Target, credentials: Sequence[Credential], sessions: Opener, habit: Habit, day: str
) -> _Opened | None:
    """A session by the first credential that the device answers.

    A credential costs one probe and one retry (inside the session), a device where nothing listens costs one probe.
    """
    for credential in candidates(target, credentials, habit, day):
        try:
            opened = await _try(target, credential, sessions)
        except SnmpError as error:
            habit.failed(credential.name, day, refused=isinstance(error, Refused))
            if isinstance(error, Silent) and error.closed:
                return None
            continue
        habit.worked(credential.name)
        return opened
    return None


async def _try(target: Target, credential: Credential, sessions: Opener) -> _Opened:
    """A session that answered a probe; raises SnmpError where it does not."""
    session = await sessions(target.address, target.port, credential, "")
    try:
        probe = await session.get([SYS_OBJECT_ID, SYS_DESCR])
    except BaseException:
        await session.close()
        raise
    return _Opened(session, credential, probe)


# ------------------------------------------------------------------------------------------------ the plan


class _Asking:
    """Asks one device for the groups of a plan, in order."""

    def __init__(self, target: Target, opened: _Opened, sessions: Opener, habit: Habit, meter: Meter) -> None:
        self._target = target
        self._opened = opened
        self._sessions = sessions
        self._habit = habit
        self._meter = meter
        self._answers = Answers()
        self._answers.add(binding for binding in opened.probe if binding.tag not in ber.EXCEPTIONS)

    async def ask(self, plan: WalkPlan) -> tuple[GroupResult, ...]:
        """A result for each group that was asked.

        One that is not listed was not asked: it does not apply, or the device or the contract ended it all before.
        """
        results: list[GroupResult] = []
        for group in plan.groups:
            if not applies(group, self._answers):
                continue
            results += await self._ask_group(group)
            if self._meter.exhausted():
                break
        return tuple(results)

    async def _ask_group(self, group: PlanGroup) -> list[GroupResult]:
        if group.expansion is None:
            return [await self._ask_in(self._opened.session, group, group.name)]
        results: list[GroupResult] = []
        views = indexes(group.expansion, self._answers)
        for index in views[:EXPANSIONS_LIMIT]:
            if self._meter.exhausted():
                break
            results += await self._ask_view(group, index)
        return results

    async def _ask_view(self, group: PlanGroup, index: str) -> list[GroupResult]:
        """An expanded group in one view of the device, named `group@index`."""
        view = _view(self._opened.credential, group, index)
        if view is None:
            return []
        name = f"{group.name}@{index}"
        try:
            session = await self._sessions(self._target.address, self._target.port, *view)
        except (SnmpError, Forbidden) as error:
            return [GroupResult(name, Outcome.REFUSED, detail=str(error)[:_DETAIL_LIMIT])]
        try:
            return [await self._ask_in(session, group, name)]
        finally:
            await session.close()

    async def _ask_in(self, session: Session, group: PlanGroup, name: str) -> GroupResult:
        """One group over one session. Answers of views do not decide conditions: their OIDs repeat."""
        scalars = await fetch(session, group.scalars, self._meter)
        tables = await walk(session, group.tables, self._meter, self._habit)
        result = _result(name, scalars, tables)
        if group.expansion is None and isinstance(result.content, SnmpBindings):
            self._answers.add(result.content.bindings)
        return result


def _view(credential: Credential, group: PlanGroup, index: str) -> tuple[Credential, str] | None:
    """Credential and v3 context for one index of an expanded group; None where the plan has none for this version."""
    expansion = group.expansion
    if expansion is None:
        return None
    if credential.version == "3":
        return (credential, expansion.context_prefix + index) if expansion.context_prefix else None
    if not expansion.community_suffix:
        return None
    community = Secret(credential.community.reveal() + expansion.community_suffix + index)
    return replace(credential, community=community), ""


def _result(name: str, scalars: Fetched, tables: Sequence[Walked]) -> GroupResult:
    """COMPLETE where all was read to its end, REFUSED where something failed and nothing came, else CUT."""
    bindings = (*scalars.bindings, *(binding for table in tables for binding in table.bindings))
    parts: tuple[Fetched | Walked, ...] = (scalars, *tables)
    reasons = dict.fromkeys(part.reason for part in parts if not part.complete)
    if not reasons:
        outcome = Outcome.COMPLETE
    else:
        outcome = Outcome.CUT if bindings or any(table.complete for table in tables) else Outcome.REFUSED
    if outcome is Outcome.REFUSED:
        return GroupResult(name, outcome, detail="; ".join(reasons)[:_DETAIL_LIMIT])
    content = SnmpBindings(bindings, tuple(TableWalk(table.root, table.complete) for table in tables))
    return GroupResult(name, outcome, content, detail="; ".join(reasons)[:_DETAIL_LIMIT])
