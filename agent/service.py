"""The service: when the agent looks at its machine, sweeps, and talks to the collector.

Three loops that share nothing but the spool: host, sweep (with rounds of health between sweeps and in their midst),
talk; and two for people who wait: one hears the bell, one carries wishes down and answers up. Each goes on whatever
becomes of the others, and what fails is told in the agent's troubles. It knows the schedule; how things are done is
told in the modules it calls.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import logging
import os
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from agent import bell
from agent.attend import Attendant, Means
from agent.budget import Budget, Forbidden
from agent.clock import Clock
from agent.config import Config, load_credentials
from agent.erasing import Erasing
from agent.errands import Orders, Wish
from agent.errors import AgentError, SpoolError, UplinkError
from agent.examine import Extent
from agent.examiner import CountingLedger, Question
from agent.hand import Hand
from agent.link import Link, connected, push
from agent.metrics import Numbers, printable
from agent.own import examine_host
from agent.plan import followed
from agent.progress import Progress, credential_uses
from agent.roll import Roll
from agent.rounds import Rounds, go_round
from agent.scope import Schedule, Scope, schedule, scope
from agent.snmp import habits
from agent.spool import Spool
from agent.state import ORDERS, STATUS, StateDirectory
from agent.sweep import Tools, limits_of, sweep
from agent.timing import Backoff, Turns, doubt_of_clock, renewal_time, seconds_until_next, share
from agent.worker import Workers
from stocktake.redaction import Sought
from stocktake.values import Credential, Examination, WalkPlan
from stocktake.wire import digest

HABITS = "habits.json"
LINGER_SECONDS = 1.5
TRIAL_SECONDS = 12.0  # for which the line is kept open while somebody waits for an answer
SETTLE_SECONDS = 0.5
QUIET_SECONDS = 60.0
FIRST_TALK_SECONDS = 30.0
_SESSION_SECONDS = 300.0

_log = logging.getLogger(__name__)


class Service:
    """One enrolled agent at work. `run` goes on until it is cancelled."""

    def __init__(
        self,
        config: Config,
        state: StateDirectory,
        *,
        workers: Workers | None = None,
        clock: Clock | None = None,
        dice: Callable[[float, float], float] = random.uniform,
    ) -> None:
        self.config = config
        self.state = state
        self.identity = state.enrolled()
        self.workers = workers or Workers()
        self.clock = clock or Clock()
        self.numbers = Numbers()
        self.orders = Orders.stored(state.load(ORDERS))
        self.spool = Spool(
            state.spool_path,
            self.identity.agent_id,
            limit_bytes=config.spool_size,
            keep_seconds=config.spool_keep.total_seconds(),
            clock=self.clock,
        )
        self._dice = dice
        self._habits = habits.stored(state.load(HABITS), self.identity.agent_id)
        self._ledger = CountingLedger.to_file(state.path / "ledger.tsv")
        self._spooled = asyncio.Event()
        self._rescoped = asyncio.Event()
        self._synced = asyncio.Event()
        self._talked = asyncio.Event()  # once with the collector, with or without success
        self._sweeping = False
        self._roll = Roll.stored(state.load(HABITS), self.identity.agent_id)
        self._rounds = Rounds(share(self.identity.agent_id, "round"))
        self._progress = Progress(self._roll)
        self._turns = Turns()
        self._credential_uses: list[dict[str, Any]] = []
        self._hand = Hand()
        self._attendant = Attendant(self._hand, lambda: self._given(self._tool, Extent.WHOLE), self._objection)
        self._line = Workers()  # a gate of its own: while somebody waits, a sweep or a push may hold the other for long
        self._tool = Workers()
        self._keys: tuple[Credential, ...] | None = None  # opened on the line, for the trial that waits for them
        self._syncing = asyncio.Lock()
        self._belled = asyncio.Event()
        self._erasing = Erasing(self._redact, self.numbers.trouble, self._hand.stirred.set)
        self._rest = 0.0  # seconds that the collector wants to be left alone
        self._last: dict[str, str] = {"started": self.clock.wall().isoformat()}

    async def run(self) -> None:
        """Work until cancelled."""
        try:
            async with asyncio.TaskGroup() as loops:
                if self.config.report_host:
                    loops.create_task(self._host_loop())
                loops.create_task(self._sweep_loop())
                loops.create_task(self._talk_loop())
                loops.create_task(self._bell_loop())
                loops.create_task(self._hand_loop())
        finally:
            self.spool.close()

    # -------------------------------------------------------------------------------------------- this machine

    async def _host_loop(self) -> None:
        last_full = -1e12
        while True:
            plan = self.schedule()
            full = time.monotonic() - last_full >= plan.host.total_seconds() - plan.load.total_seconds() / 2
            await self._guarded("This machine could not be read", lambda: self._look_at_host(full=full))  # noqa: B023  # awaited at once
            last_full = time.monotonic() if full else last_full
            await self._guarded("The spool could not be pruned", self._prune)
            await asyncio.sleep(self._wait("host", plan.load))

    async def _look_at_host(self, *, full: bool) -> None:
        self._put(await examine_host(self.workers, volatile_only=not full), volatile=not full)

    async def _prune(self) -> None:
        self.spool.prune()
        self._tell_status()

    # -------------------------------------------------------------------------------------------- sweeps

    async def _sweep_loop(self) -> None:
        """Sweep now, then at every interval; what to sweep and how to ask is heard from the collector first."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._talked.wait(), FIRST_TALK_SECONDS)
        while True:
            self._rescoped.clear()
            await self._between_sweeps(time.monotonic() + await self._attendant.beside(self._sweep_now))

    async def _between_sweeps(self, until: float) -> None:
        while not self._rescoped.is_set() and time.monotonic() < until:
            await self._attendant.beside(lambda: self._rested(min(until, self._rounds.next)))
            await self._attendant.beside(self._round_if_due)

    async def _round_if_due(self) -> None:
        if self._rounds.begins() and not self._objection():
            await self._guarded("The round of health failed", self._go_round)

    async def _go_round(self) -> None:
        with self._sending():
            found = await go_round(self._roll, frozenset(self.orders.often), lambda: self._given(self.workers))
        if found:
            self.numbers.went_round(found.seconds, found.devices, found.silent)

    @contextlib.contextmanager
    def _sending(self) -> Iterator[None]:
        """While devices are asked: the children are wanted for that."""
        before, self._sweeping = self._sweeping, True
        try:
            yield
        finally:
            self._sweeping, self.numbers.packets_sent = before, self._ledger.packets

    async def _rested(self, until: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._rescoped.wait(), max(0.0, until - time.monotonic()))

    async def _sweep_now(self) -> float:
        """Sweep, if that may be now; seconds until the next time."""
        if self._objection():
            return min(self.orders.pause_left(self.clock.wall()), QUIET_SECONDS)
        try:
            await self._guarded("The sweep failed", self._sweep)
        except Forbidden as forbidden:
            _log.info("no sweep now: %s", forbidden)
            return QUIET_SECONDS
        return self._turns.wait(self._wait("sweep", self.schedule().sweep))

    async def _sweep(self) -> None:
        begun = time.monotonic()
        with self._sending():
            given = await self._given(self.workers)
            networks = self._progress.left(given.networks)
            if networks or not given.networks:
                watched = replace(given.tools, watcher=self._progress, interlude=self._round_if_due)
                await sweep(networks, given.question, watched)
        tally = self._progress.finish()
        self._keep_habits()
        self._turns.swept(credential.name for credential in given.question.credentials)
        took = time.monotonic() - begun
        self.numbers.swept(self.clock.wall(), took, tally.sightings, tally.examinations, tally.silent)
        self._tell_status()

    def _redact(self, sought: Sought) -> int:
        self._habits.forget_faces(sought.occurs)
        self._roll.forget(sought.occurs)
        self._keep_habits()
        return self.spool.redact(sought)

    def _keep_habits(self) -> None:
        kept = self._habits.to_json()
        self._credential_uses, self.numbers.snmp_refused = credential_uses(kept)
        self.state.save(HABITS, {"habits": kept, "agent": self.identity.agent_id, "roll": self._roll.to_json()})

    async def _given(self, workers: Workers, extent: Extent = Extent.DUE) -> Means:
        """What a sweep, a round or a wish that begins now works with."""
        scoped = self.scope()
        limits = limits_of(self.config, scoped)
        question = Question(self.plan(), await self._credentials(workers), limits, extent)
        tools = Tools(
            workers=workers,
            budget=Budget(limits, ledger=self._ledger),
            ledger=self._ledger,
            habits=self._habits,
            spool=lambda examination, volatile: self._put(examination, volatile=volatile),
            trouble=self.numbers.trouble,
            snmp_port=self.config.snmp_port,
        )
        return Means(scoped.networks, question, tools)

    async def _credentials(self, workers: Workers) -> tuple[Credential, ...]:
        """The technician's credentials, then the collector's; opened for this sweep and kept nowhere."""
        own: tuple[Credential, ...] = ()
        opened: tuple[Credential, ...] = ()
        try:
            own = load_credentials(self.config.credentials_file) if self.config.credentials_file else ()
            if self._keys is not None:
                opened, self._keys = self._keys, None
            elif self.orders.sealed:
                async with connected(workers, self.state, self.collector()) as link:
                    opened, left_out = await link.unseal(self.orders.sealed)
                if left_out:
                    self.numbers.trouble(f"{left_out} credentials were not sealed to this agent and are left out.")
        except AgentError as error:
            self.numbers.trouble(f"Some credentials cannot be used: {error}")
        return (*own, *opened)

    def plan(self) -> WalkPlan:
        """The collector's walk plan where it is a good one, else the built-in one."""
        return followed(self.orders.plan, self.numbers.trouble)

    def scope(self) -> Scope:
        """What may be swept now; what the collector named beyond the limits is told as a trouble."""
        found = scope(self.config, self.orders, self.identity.networks, self.identity.network_limits)
        for sentence in found.cut:
            self.numbers.trouble(sentence)
        return found

    def schedule(self) -> Schedule:
        """The intervals that are followed."""
        return schedule(self.config, self.orders)

    # -------------------------------------------------------------------------------------------- people who wait

    def _objection(self) -> str:
        """Why nothing may be sent to devices now, as far as that is a matter of a pause."""
        return self.orders.objection(self.clock.wall())

    async def _bell_loop(self) -> None:
        """Wait at the bell, where the collector has one; without it, wishes come with the next Sync."""
        await self._belled.wait()
        place = lambda: (self.collector(), self.identity.authority, self.orders.bell_key)  # noqa: E731
        await bell.listen(place, self._rung, Backoff(self._dice))

    def _rung(self, somebody_waits: bool) -> None:  # noqa: FBT001  # what the bell says
        self._last["bell"] = self.clock.wall().isoformat()
        if somebody_waits:
            self._hand.stirred.set()

    async def _hand_loop(self) -> None:
        """While somebody waits, ask the collector at once and tell it what came of wishes, over a line of its own."""
        backoff = Backoff(self._dice)
        while True:
            await self._hand.stirred.wait()
            if await self._guarded("The collector", self._hold_the_line) is None:
                backoff.worked()
            else:
                await asyncio.sleep(backoff.failed())

    async def _hold_the_line(self) -> None:
        async with connected(self._line, self.state, self.collector()) as link:
            while True:
                self._hand.stirred.clear()
                wishes = await self._sync(link)
                if any(wish.kind == "try" for wish in wishes) and self.orders.sealed:
                    self._keys, _ = await link.unseal(self.orders.sealed)
                self._hand.hear(wishes)
                with contextlib.suppress(TimeoutError):
                    patience = TRIAL_SECONDS if self._hand.is_awaited() else LINGER_SECONDS
                    await asyncio.wait_for(self._hand.stirred.wait(), patience)
                if not self._hand.stirred.is_set():
                    return

    # -------------------------------------------------------------------------------------------- the collector

    async def _talk_loop(self) -> None:
        backoff, sync_at = Backoff(self._dice), 0.0
        while True:
            sync = time.monotonic() >= sync_at
            failure = await self._guarded("The collector", lambda: self._talk(sync=sync))  # noqa: B023  # awaited at once
            self._talked.set()
            if failure is not None:
                if doubt := doubt_of_clock(self.clock.wall(), self.identity.starts, self.identity.ends):
                    self.numbers.trouble(doubt)  # it looks like other failures
                self._last["failure"] = printable(f"{self.clock.wall().isoformat()} {failure}")
                self._tell_status()
                await asyncio.sleep(backoff.failed(getattr(failure, "retry_after_seconds", None)))
                continue
            backoff.worked()
            if sync:
                sync_at = time.monotonic() + self._wait("sync", self.schedule().sync)
            self._tell_status()
            await asyncio.sleep(self._rest)
            await self._something_to_say(sync_at - time.monotonic())

    async def _something_to_say(self, longest_seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._spooled.wait(), max(0.0, longest_seconds))
            await asyncio.sleep(SETTLE_SECONDS)

    async def _talk(self, *, sync: bool) -> None:
        """One conversation: renew and sync where it is time, push what waits and what comes meanwhile."""
        begun = time.monotonic()
        async with connected(self.workers, self.state, self.collector()) as link:
            if self.clock.wall() >= renewal_time(self.identity.starts, self.identity.ends, self.identity.agent_id):
                await self._renew(link)
            if sync:
                self._hand.hear(await self._sync(link))
            while True:
                self._spooled.clear()
                sent, wish = await push(link, self.spool, self.state, self.clock, self.numbers.trouble)
                self._last |= {"push": self.clock.wall().isoformat()} if sent else {}
                self._rest = wish or 0.0
                if wish or time.monotonic() - begun > _SESSION_SECONDS or not await self._lingered():
                    return

    async def _lingered(self) -> bool:
        """Whether something came while the child was kept for it; not while a sweep wants its own children."""
        if self._sweeping:
            return False
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._spooled.wait(), LINGER_SECONDS)
        return self._spooled.is_set()

    async def _sync(self, link: Link) -> tuple[Wish, ...]:
        """Tell how the agent is, hear what to do from now on; the wishes of people, which are not heard yet."""
        async with self._syncing:
            results, told = self._hand.results(), self._erasing.untold()
            before = (self.scope().networks, self.orders.credentials_revision, self.orders.pause_until)
            found = await link.sync(self._sync_state(), self.orders)
            self._hand.told(results)
            self._erasing.hear(found.erasures, told)
            orders = replace(found, wishes=(), erasures=())
            if orders != self.orders:
                self.orders = orders
                self.state.save(ORDERS, orders.to_json())
        if (self.scope().networks, orders.credentials_revision, orders.pause_until) != before:
            self._rescoped.set()  # somebody waits for what they named: do not let them wait for the next interval
        if self._objection():
            self._hand.called.set()  # a pause: what is being sent ends now
        if orders.bell_key:
            self._belled.set()
        self._last["sync"] = self.clock.wall().isoformat()
        return found.wishes

    async def _renew(self, link: Link) -> None:
        try:
            await link.renew()
        except UplinkError as error:
            self.numbers.trouble(f"The certificate could not be renewed: {error}")
            return
        self.identity = self.state.enrolled()
        _log.info("the certificate was renewed; it ends %s", self.identity.ends.isoformat())

    def collector(self) -> str:
        """Where the collector is."""
        return self.config.collector or self.identity.collector

    def _sync_state(self) -> dict[str, Any]:
        """How the agent is, in the JSON form of SyncRequest."""
        spool = self.spool.numbers()
        numbers = self.numbers.to_wire(self.clock.wall()) | {
            "spool_pending_reports": spool.pending_reports,
            "spool_bytes": spool.file_bytes,
            "spool_dropped_reports": spool.dropped_reports,
        }
        if spool.oldest_seconds is not None:
            numbers["spool_oldest_seconds"] = spool.oldest_seconds
        if self._objection():
            numbers["pause_until"] = datetime.fromtimestamp(self.orders.pause_until or 0.0, UTC).isoformat()
        return {
            "plan_digest": base64.b64encode(digest(self.orders.plan)).decode() if self.orders.plan else "",
            "credentials_revision": self.orders.credentials_revision,
            "numbers": numbers,
            "troubles": self.numbers.recent_troubles(),
            "networks": list(self.scope().networks),
            "credential_uses": self._credential_uses,
            "wish_results": [result.to_wire() for result in self._hand.results()],
            "erased": list(self._erasing.untold()),
        }

    # -------------------------------------------------------------------------------------------- in common

    def _put(self, examination: Examination, *, volatile: bool) -> None:
        """Spool evidence; what cannot be kept is told, and a gap will say so."""
        try:
            self.spool.put(self.clock.report(examination), volatile=volatile)
        except SpoolError as error:
            self.numbers.trouble(str(error))
        self._spooled.set()

    async def _guarded(self, what: str, action: Callable[[], Awaitable[None]]) -> Exception | None:
        """Run one round of a loop: what fails is a trouble, and is returned; the loop goes on."""
        try:
            await action()
        except Forbidden:
            raise
        except AgentError as error:
            self.numbers.trouble(str(error))
            return error
        except Exception as error:  # noqa: BLE001  # the one place that keeps the loops apart: none ends another
            _log.warning("%s", what, exc_info=error)
            self.numbers.trouble(f"{what}: {type(error).__name__}: {error}")
            return error
        return None

    def _wait(self, what: str, interval: timedelta) -> float:
        seconds = interval.total_seconds()
        return seconds_until_next(time.time(), seconds, share(self.identity.agent_id, what))

    def _tell_status(self) -> None:
        """Write down for `stocktake-agent status` how the agent is."""
        content = self._last | {"process": os.getpid(), "sync_state": self._sync_state()}
        with contextlib.suppress(AgentError):
            self.state.save(STATUS, content)
