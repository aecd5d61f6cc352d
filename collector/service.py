"""The collector as it runs: intake, interpretation, pages and console, started and stopped together.

It wires the parts and knows no more of them than how they begin and end. What has to survive is committed before it is
answered, so a stop may come at any moment, and starting again is the only recovery there is.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import signal
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import uvicorn

from collector import commands, console, judging, lives, map_network, passing, plan, tidying, understand, watching
from collector.access import oidc
from collector.access.passwords import Seal
from collector.commands import erasing
from collector.config import Config
from collector.errors import CollectorError, StoreError
from collector.intake import servers
from collector.intake.bell import Bell
from collector.intake.certificates import Authority, Pair
from collector.intake.control import ControlService, Schedule
from collector.intake.enrolment import EnrolmentService
from collector.intake.reports import ReportService, Tally
from collector.intake.vault import Vault
from collector.metrics import Counts
from collector.planning import shelf
from collector.store import Store, Transaction, evidence, readings, tombstones
from collector.web.application import application
from collector.web.visit import Settings, Ways
from stocktake import wire
from stocktake.values import Cadence, WalkPlan

log = logging.getLogger(__name__)

#: neighbour tables, counters and load say nothing after a while; their latest stays, what it superseded goes
VOLATILE_GROUPS = frozenset({"sightings", "load"})
PRUNE_SECONDS = 24 * 3600.0
TIDY_SECONDS = 3600.0

#: how often conditions are judged that change as time passes
WATCH_SECONDS = 300.0

#: how often it is looked for schools that are due to be audited; and of each second the part that audits may take
JUDGE_SECONDS = 30.0
JUDGE_SHARE = 0.1

#: how long after the start, and how often, refresh plans are made before somebody asks for one
FIRST_PLAN_SECONDS, PLAN_SECONDS = 10.0, 1800.0

#: even without a nudge, look for what waits: a mark that was left by a process that died
LOOK_AGAIN_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Running:
    """Where a running collector is reached."""

    agents_port: int
    web_port: int


@functools.cache
def compiled_plan() -> WalkPlan:
    """The walk plan of all knowledge, with the digest that names it; the same as long as the process lives."""
    groups = plan.compile_plan()
    return WalkPlan(groups.groups, wire.plan_digest(groups))


async def serve(config: Config, ready: Callable[[Running], None] = lambda _running: None) -> None:
    """Run until SIGTERM or SIGINT. `ready` is told the ports once everything answers."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C ends asyncio.run by itself
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with running(config) as where:
        ready(where)
        await stop.wait()
        log.info("stopping")


@contextlib.asynccontextmanager
async def running(config: Config) -> AsyncIterator[Running]:
    """A collector that runs as long as the context is open."""
    store = await asyncio.to_thread(Store.open, config.store_url)
    try:
        desk = commands.open_desk(config, store)
        authority = Authority.open(config.authority_folder, _now())
        host, _, _ = config.web_listen.rpartition(":")
        names = sorted({*config.names, "localhost", "127.0.0.1", "::1", host.strip("[]")} - {"0.0.0.0", "::"})  # noqa: S104 - taken out
        pair = authority.server(config.authority_folder, names, _now())
        async with _parts(config, store, desk, authority, pair, names) as where:
            yield where
    finally:
        await asyncio.to_thread(store.close)


@contextlib.asynccontextmanager
async def _parts(
    config: Config, store: Store, desk: commands.Desk, authority: Authority, pair: Pair, names: list[str]
) -> AsyncIterator[Running]:
    arrived = asyncio.Event()
    tally = Tally()
    intake = await _intake(config, store, authority, pair, arrived, tally)
    working = [
        asyncio.create_task(_interpret(store, desk.trust_id, arrived)),
        asyncio.create_task(_prune(store, desk.trust_id, config)),
        asyncio.create_task(_tidy(store, desk.trust_id)),
        asyncio.create_task(_live(store, desk.trust_id)),
        asyncio.create_task(_watch(store, desk.trust_id)),
        asyncio.create_task(_judge(store, desk.trust_id)),
        asyncio.create_task(_plan_ahead(store, desk.trust_id)),
    ]
    counts = lambda: Counts(tally.accepted, dict(tally.refused), tally.repeated)  # noqa: E731 - one line of wiring
    settings = Settings(allowed_hosts=tuple(names), trust_name=desk.trust_name)
    means = erasing.means(desk)
    pages = application(
        store, desk.trust_id, settings=settings, counts=counts, erasing=means, ways=_ways(config), sign=authority.sign
    )
    site, serving = await _site(config, pages, desk)
    listening = await console.open_console(config.console, lambda name, said: _obey(desk, arrived, name, said))
    try:
        yield Running(intake.port, site.servers[0].sockets[0].getsockname()[1])
    finally:
        listening.close()
        site.should_exit = True
        await serving
        await intake.close(1.0)
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)


def _ways(config: Config) -> Ways:
    """By what people come in, beside links: passwords always, an identity provider where one is configured."""
    seal = Seal(Vault(config.key_file).secret("second factors"))
    if not config.sign_in_with:
        return Ways(seal)
    try:
        secret = config.sign_in_secret_file.read_text().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CollectorError(f"sign_in_secret_file: {config.sign_in_secret_file} cannot be read: {error}") from None
    wanted = oidc.Settings(
        config.sign_in_with, config.sign_in_issuer, config.sign_in_client, secret, config.sign_in_allowed,
        f"{config.sign_in_address}/oidc/back",
    )  # fmt: skip
    return Ways(seal, oidc.Provider(wanted))


async def _intake(
    config: Config, store: Store, authority: Authority, pair: Pair, arrived: asyncio.Event, tally: Tally
) -> servers.Intake:
    host, _, port = config.agents_listen.rpartition(":")
    schedule = Schedule(config.sweep_interval, config.host_interval, config.sync_interval)
    vault = Vault(config.key_file)
    chain = (config.authority_folder / "server.crt", config.authority_folder / "server.key")
    bell = Bell(store, vault.secret("bell"), chain, _now)
    return await servers.start(
        (host.strip("[]"), int(port)),
        authority,
        pair,
        EnrolmentService(store, authority, _now),
        ReportService(store, authority, _now, arrived=arrived.set, tally=tally, keys=vault),
        ControlService(store, authority, vault, compiled_plan(), _now, schedule, bell),
        bell,
    )


async def _interpret(store: Store, trust_id: str, arrived: asyncio.Event) -> None:
    """Understand what intake leaves, as soon as it is there; off the event loop, so that intake goes on."""
    while True:
        arrived.clear()
        try:
            done = await asyncio.to_thread(understand.understand_pending, store, trust_id, _now())
            await asyncio.to_thread(map_network.map_changed, store, trust_id, _now())
        except Exception:  # the store may be full or away for a while: what waits keeps its mark
            log.exception("interpretation will try again")
            done = 0
        if not done:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(arrived.wait(), LOOK_AGAIN_SECONDS)


async def _prune(store: Store, trust_id: str, config: Config) -> None:
    """Once a day, forget what is kept for a time only: see the configuration's `keep_…`."""
    walked = {group.name for group in compiled_plan().groups if group.cadence is not Cadence.INVENTORY}

    def forget(connection: Transaction) -> int:
        now, groups = _now(), VOLATILE_GROUPS | walked
        passing.forget_strangers(connection, trust_id, now - config.keep_strangers, now)
        readings.prune(connection, trust_id, (now - timedelta(days=readings.KEEP_DAYS)).date())
        tombstones.forget_counts(connection, trust_id, (now - config.keep_counts).date())
        gone = evidence.prune(connection, trust_id, groups, now - config.keep_tables)
        passing.fade(connection, trust_id, groups, now - config.keep_tables)
        return gone

    while True:
        try:
            gone = await store.awrite(forget)
            log.info("%s superseded rows of volatile evidence forgotten", gone)
        except StoreError:
            log.exception("pruning will try again tomorrow")
        await asyncio.sleep(PRUNE_SECONDS)


async def _tidy(store: Store, trust_id: str) -> None:
    """Once an hour, forget what rounds of health left behind; some at a time, so that intake goes on."""
    while True:
        with contextlib.suppress(StoreError):  # it will be tried again
            await asyncio.to_thread(tidying.tidy, store, trust_id, compiled_plan(), _now())
        await asyncio.sleep(TIDY_SECONDS)


async def _live(store: Store, trust_id: str) -> None:
    """Once a day, say what became of every device."""
    while True:
        try:
            changed = await asyncio.to_thread(lives.live, store, trust_id, _now())
            log.info("%s rows of the register changed with the day", changed)
        except StoreError:
            log.exception("what became of devices will be looked at again tomorrow")
        await asyncio.sleep(PRUNE_SECONDS)


async def _watch(store: Store, trust_id: str) -> None:
    """Every few minutes, judge by time what changes without evidence; once a day, everything."""
    judged = ""
    while True:
        now = _now()
        whole = judged != now.date().isoformat()
        try:
            await asyncio.to_thread(watching.watch, store, trust_id, now, whole=whole)
            judged = now.date().isoformat()
        except StoreError:
            log.exception("conditions will be judged again")
        await asyncio.sleep(WATCH_SECONDS)


async def _plan_ahead(store: Store, trust_id: str) -> None:
    """Every half hour, make the refresh plans that are not kept or too old: of a large trust it takes seconds."""
    await asyncio.sleep(FIRST_PLAN_SECONDS)
    while True:
        try:
            await asyncio.to_thread(shelf.plans.ahead, store, trust_id, _now())
        except Exception:  # a plan that cannot be made must not end the service; who asks for it is told
            log.exception("plans will be made when somebody asks")
        await asyncio.sleep(PLAN_SECONDS)


async def _judge(store: Store, trust_id: str) -> None:
    """Audit one school after another, those first that people changed; off the event loop, a part of the time."""
    judge = judging.Judge(store, trust_id)
    while True:
        began = time.monotonic()
        more = await asyncio.to_thread(judge.step, _now())
        took = time.monotonic() - began
        await asyncio.sleep(max(took / JUDGE_SHARE - took, 0.0 if more else JUDGE_SECONDS))


class _Site(uvicorn.Server):
    """uvicorn without its own signal handlers: the service stops everything in order."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to `serve`."""
        yield


async def _site(config: Config, pages: object, desk: commands.Desk) -> tuple[_Site, asyncio.Task[None]]:
    host, _, port = config.web_listen.rpartition(":")
    folder = config.authority_folder
    settings = uvicorn.Config(
        pages,  # type: ignore[arg-type]  # an ASGI application, whatever its framework
        host=host.strip("[]"),
        port=int(port),
        ssl_keyfile=folder / "server.key",
        ssl_certfile=folder / "server.crt",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        timeout_keep_alive=30,
        h11_max_incomplete_event_size=16_384,
    )
    site = _Site(settings)
    serving = asyncio.create_task(site.serve())
    while not site.started:
        if serving.done():
            await serving
            raise CollectorError(f"the pages cannot be served at {config.web_listen}: is the address in use?")
        await asyncio.sleep(0.01)
    return site, serving


def _obey(desk: commands.Desk, arrived: asyncio.Event, name: str, said: dict[str, object]) -> str:
    """Run a command that came through the console."""
    output = commands.execute(desk, name, said)
    if name == "import":
        arrived.set()
    return output


def _now() -> datetime:
    return datetime.now(UTC)
