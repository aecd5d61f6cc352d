"""Examines one device by SNMP: finds the credential that it takes, asks what the walk plan says, brings the answers.

    examine: limits → credential → for each group of the plan that is due: does it apply? ask → Examination

It does not know what the answers mean, how sessions reach the device, or where the evidence goes. What the device does
wrong becomes part of the evidence (a group is cut or refused, with a reason); only the scan contract (`Forbidden`)
interrupts. All inputs are plain values, so that an examination can run in a worker process.
"""

from __future__ import annotations

import enum
import hashlib
import ipaddress
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from agent.budget import Budget, Forbidden
from agent.plan import (
    DOES_NOT_APPLY,
    SYS_DESCR,
    SYS_OBJECT_ID,
    SYS_UPTIME,
    Answers,
    Due,
    applies,
    due,
    health_due,
    indexes,
    key_of,
    pace,
    silent,
)
from agent.snmp.habits import Habit, Habits
from agent.snmp.knock import Knock
from agent.snmp.session import Opener, Refused, Session, Silent, SnmpError
from agent.snmp.walk import Fetched, Meter, Walked, fetch, walk
from stocktake import ber
from stocktake.values import (
    Binding,
    Cadence,
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
SILENT_VIEWS = 8  # contexts in a row that do not answer: Cisco lists VLANs 1002 to 1005, and answers for none of them
#: SNMP version of a credential → method of the evidence
METHODS = {"1": Method.SNMP_V1, "2c": Method.SNMP_V2C, "3": Method.SNMP_V3}
_DETAIL_LIMIT = 200  # characters


@dataclass(frozen=True, slots=True)
class Target:
    """Whom to examine: an IPv4 or IPv6 address on a network (CIDR), with the MAC that the neighbour table has of it.

    `often`: its health is due whenever it is asked.
    """

    address: str
    mac: str = ""
    network: str = ""
    port: int = SNMP_PORT
    often: bool = False


class Extent(enum.StrEnum):
    """What of a plan is asked: what is due, of health what is due and nothing else, or every group, due or not."""

    DUE = "due"
    HEALTH = "health"
    WHOLE = "whole"


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
    knock: Knock | None = None,
    extent: Extent = Extent.DUE,
    clock: Callable[[], float] = time.monotonic,
    now: Callable[[], datetime] = lambda: datetime.now().astimezone(),
) -> Examination | None:
    """What one device answers to a plan; None where it answers no credential.

    `habits` is read and changed: the credential that worked, how much the device answers at once, when it was asked for
    what. `knock` tells whether an address that never answered speaks SNMP at all; without it every credential is tried.
    Of health alone a device is asked by the credential that it took last; where somebody else answers now, nothing is
    asked, and no group is listed. Forbidden where the scan contract does not let the device be asked; where it stops an
    examination in the middle, what came stays.
    """
    budget.refuse(target.address, target.port, target.mac)
    habit = habits.of(target.address, target.network)
    begun = now()
    if extent is Extent.HEALTH:
        credentials, knock = [each for each in credentials if each.name == habit.credential], None
    try:
        opened = await _open(target, credentials, sessions, habit, knock, begun.date().isoformat())
        if opened is None:
            return None
        try:
            asking = _Asking(target, opened, sessions, habit, Meter(clock))
            groups = await asking.ask(plan, begun.timestamp(), extent)
        finally:
            await opened.session.close()
    finally:
        budget.flush()
    subject = Subject(SubjectKind.ADDRESS, target.address, target.mac, target.network)
    return Examination(subject, METHODS[opened.credential.version], groups, plan.digest)


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
    target: Target,
    credentials: Sequence[Credential],
    sessions: Opener,
    habit: Habit,
    knock: Knock | None,
    day: str,
) -> _Opened | None:
    """A session by the first credential that the device answers.

    A credential costs one probe and one retry (inside the session), a device where nothing listens costs one probe. So
    does one that nobody ever heard: it is knocked at first, and where it stays silent the next credential waits for the
    next examination.
    """
    trying = list(candidates(target, credentials, habit, day))
    known = bool(trying) and trying[0].name == habit.credential and habit.unheard != habit.credential
    if knock is not None and not known and len(trying) > 1:
        trying = await _knocked(target, trying, habit, knock, day)
    for credential in trying:
        if not habit.may_try(credential.name, day):
            continue
        try:
            opened = await _try(target, credential, sessions)
        except SnmpError as error:
            habit.failed(credential.name, day, refused=isinstance(error, Refused))
            if isinstance(error, Silent):
                habit.unheard = credential.name
                if error.closed or (known and knock is not None):
                    return None  # it is off, or it takes another one now: the next time it is knocked at
            continue
        habit.worked(credential.name)
        return opened
    return None


async def _knocked(target: Target, trying: list[Credential], habit: Habit, knock: Knock, day: str) -> list[Credential]:
    """The credentials to try where somebody answers a knock, the one that was heard first; none where nobody does.

    The knock is by the credential that comes after the one that was last not heard, by community where there is one:
    what takes SNMPv3 answers a knock without any.
    """
    turns = [each for each in trying if each.version != "3"] or trying
    names = [each.name for each in turns]
    turn = turns[(names.index(habit.unheard) + 1) % len(turns) if habit.unheard in names else 0]
    try:
        heard = await knock(target.address, target.port, turn)
    except Silent:
        return []
    if heard is None:
        habit.unheard = turn.name
        habit.failed(turn.name, day, refused=False)
        return []
    return sorted(trying, key=lambda credential: credential.name != heard)


async def _try(target: Target, credential: Credential, sessions: Opener) -> _Opened:
    """A session that answered a probe; raises SnmpError where it does not."""
    session = await sessions(target.address, target.port, credential, "")
    try:
        probe = await session.get([SYS_OBJECT_ID, SYS_DESCR, SYS_UPTIME])
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

    async def ask(self, plan: WalkPlan, now: float, extent: Extent) -> tuple[GroupResult, ...]:
        """A result for each group that was asked.

        One that is not listed was not asked: it is not due or does not apply, or the device or the contract ended it
        all before. What came to its end is remembered as asked `now` (seconds since the epoch).
        """
        face = self._face()
        if extent is Extent.HEALTH and face != self._habit.face:
            return ()
        self._habit.meet(face)
        self._habit.restarted(now - _uptime(self._answers))
        todo = self._todo(plan, now, extent)
        results: list[GroupResult] = []
        cut: set[int] = set()  # what did not come to its end decides nothing: what is missing may still be there
        for group in todo.groups:
            if group.number not in todo.applying and not applies(group, self._answers):
                if not cut & todo.rests_on[group.number]:
                    self._habit.asked[key_of(group)] = DOES_NOT_APPLY
                continue
            found = await self._ask_group(group)
            if _came_to_its_end(group, found):
                self._came(group, found, int(now))
            else:
                if extent is not Extent.HEALTH:  # there it stays known that the group applies
                    self._habit.asked.pop(key_of(group), None)
                cut.add(group.number)
            results += found
            if self._meter.exhausted():
                break
        self._forget(todo)
        return tuple(results)

    def _todo(self, plan: WalkPlan, now: float, extent: Extent) -> Due:
        place = pace(self._target.address, self._target.network)
        asked = {} if extent is Extent.WHOLE else self._habit.asked
        find = health_due if extent is Extent.HEALTH else due
        found = find(plan, self._answers, asked, now, place, often=self._target.often)
        if extent is Extent.WHOLE:
            return found
        left = silent(plan, self._habit.empty, now, place)
        return replace(found, groups=tuple(group for group in found.groups if group.number not in left))

    def _came(self, group: PlanGroup, found: Sequence[GroupResult], now: int) -> None:
        """Remember that a group was asked to its end, and of one of health whether there was anything."""
        anything = group.cadence is not Cadence.HEALTH or any(_has_told(each) for each in found)
        self._habit.told(key_of(group), now, anything=anything)

    def _face(self) -> str:
        """Who answers: where it differs from the last time, nothing of what was asked holds."""
        parts = (self._target.mac.encode(), self._opened.credential.version.encode())
        said = (self._answers.value(SYS_OBJECT_ID), self._answers.value(SYS_DESCR))
        return hashlib.sha256(b"\0".join((*parts, *said))).hexdigest()[:16]

    def _forget(self, todo: Due) -> None:
        for key in self._habit.asked.keys() - todo.suiting:
            del self._habit.asked[key]
            self._habit.empty.pop(key, None)

    async def _ask_group(self, group: PlanGroup) -> list[GroupResult]:
        if group.expansion is None:
            return [await self._ask_in(self._opened.session, group, group.name)]
        results: list[GroupResult] = []
        views = indexes(group.expansion, self._answers)
        silent = 0
        for index in views[:EXPANSIONS_LIMIT]:
            if self._meter.exhausted() or silent >= SILENT_VIEWS:
                break
            found = await self._ask_view(group, index)
            silent = silent + 1 if any(each.outcome is Outcome.REFUSED for each in found) else 0
            results += found
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
            await session.get([SYS_OBJECT_ID])  # a view that is listed may be silent: not for the device's account
            return [await self._ask_in(session, group, name)]
        except (SnmpError, Forbidden) as error:
            self._meter.excuse()
            return [GroupResult(name, Outcome.REFUSED, detail=str(error)[:_DETAIL_LIMIT])]
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


def _uptime(answers: Answers) -> float:
    """Seconds since a device began to answer (sysUpTime, RFC 3418, hundredths); 0 where it does not say."""
    return int.from_bytes(answers.value(SYS_UPTIME)[-5:], "big") / 100


def _has_told(result: GroupResult) -> bool:
    content = result.content
    return not isinstance(content, SnmpBindings) or any(b.tag not in ber.EXCEPTIONS for b in content.bindings)


def _came_to_its_end(group: PlanGroup, found: Sequence[GroupResult]) -> bool:
    """Whether a group need not be asked again soon.

    Of several views, devices refuse some for good; of those that have a name all, where nobody may ask in them.
    """
    complete = [each.outcome is Outcome.COMPLETE for each in found]
    if group.expansion is None:
        return all(complete)
    return any(complete) or not complete or group.expansion.spelled


def _view(credential: Credential, group: PlanGroup, index: str) -> tuple[Credential, str] | None:
    """Credential and v3 context for one index of an expanded group; None where the plan has none for this version."""
    expansion = group.expansion
    if expansion is None:
        return None
    if credential.version == "3":
        named = expansion.spelled or expansion.context_prefix
        return (credential, expansion.context_prefix + index) if named else None
    between = expansion.name_separator if expansion.spelled else expansion.community_suffix
    if not between:
        return None
    return replace(credential, community=Secret(credential.community.reveal() + between + index)), ""


def _result(name: str, scalars: Fetched, tables: Sequence[Walked]) -> GroupResult:
    """COMPLETE where all was read to its end, REFUSED where something failed and nothing came, else CUT."""
    bindings = tuple(chain(scalars.bindings, *(table.bindings for table in tables)))
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
