"""What the commands do that need no watching: run, enrol, status, check-config.

Questions are asked on the terminal, answers come as sentences; what they set in motion is told in the modules they
call. Nothing here imports gRPC, cryptography or rich: this process is the one that stays.
"""

from __future__ import annotations

import asyncio
import getpass
import logging
import signal
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent import host
from agent.config import Config, described, inside, load_credentials
from agent.errands import Token, frame, parse
from agent.errors import ConfigurationError, EnrolmentFailed
from agent.metrics import agent_version
from agent.scope import scope
from agent.service import Service, orders_of
from agent.state import ORDERS, STATUS, Identity, StateDirectory
from agent.worker import Workers
from stocktake import kinds

ENROL_SECONDS = 90.0
POLL_SECONDS = 5.0
_TOKEN_BYTES = 4096
_HOW_TO_RUN = "Run: systemctl enable --now stocktake-agent, or: stocktake-agent run"

_log = logging.getLogger(__name__)
Ask = Callable[[str], str]


# ------------------------------------------------------------------------------------------------ run


async def run(config: Config) -> None:
    """Work until a signal ends it. A machine that is not enrolled waits for that."""
    state = StateDirectory(config.state_directory)
    state.prepare()
    if config.credentials_file:
        load_credentials(config.credentials_file)
    work = asyncio.ensure_future(_work(config, state))
    for number in (signal.SIGTERM, signal.SIGINT):
        if sys.platform != "win32":
            asyncio.get_running_loop().add_signal_handler(number, work.cancel)
    try:
        await work
    except asyncio.CancelledError:
        _log.info("ended")


async def _work(config: Config, state: StateDirectory) -> None:
    if state.identity() is None:
        _log.warning("this machine is not enrolled; waiting for: stocktake-agent enrol")
    while state.identity() is None:  # noqa: ASYNC110  # another process makes the file: there is nothing to wait for
        await asyncio.sleep(POLL_SECONDS)
    service = Service(config, state)
    _log.info("agent %s of %s, version %s", service.identity.agent_id, service.identity.trust_name, agent_version())
    await service.run()


# ------------------------------------------------------------------------------------------------ enrol


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What the command line said; None or empty where it is to be asked."""

    collector: str = ""
    token_file: Path | None = None
    sweep: tuple[str, ...] | None = None
    limit: tuple[str, ...] | None = None
    again: bool = False


async def enrol(
    config: Config, wanted: Enrolment, *, ask: Ask | None = None, world: host.World = host.HERE
) -> list[str]:
    """Make this machine an agent; the sentences that say so. `ask` is None where nobody is there to answer."""
    state = StateDirectory(config.state_directory)
    state.prepare()
    if state.identity() is not None and not wanted.again:
        raise EnrolmentFailed("This machine is enrolled already. To enrol it anew, with a new token, say --again.")
    collector = _collector(wanted.collector or config.collector)
    token = _token(wanted.token_file)
    Token.parse(token)
    networks = _networks_to_sweep(wanted, ask, world)
    limits = _limits(wanted, ask, networks)
    header = {
        "state_directory": str(config.state_directory),
        "collector": collector,
        "networks": networks,
        "network_limits": limits,
        "host_name": config.name,
        "version": agent_version(),
    }
    frames = await Workers().run("agent.enrol:main", frame(header, token.encode()), deadline_seconds=ENROL_SECONDS)
    answer, _ = parse(frames[0] if frames else b"")
    if "failed" in answer:
        raise EnrolmentFailed(str(answer["failed"]))
    return [
        f"This machine is now an agent of {answer['school_name'] or answer['trust_name']} ({answer['site_name']}).",
        _scope_sentence(networks, limits),
        f"It reports while it runs. {_HOW_TO_RUN}",
    ]


def _collector(text: str) -> str:
    if not text:
        raise ConfigurationError("Which collector? Write --collector HOST:PORT, or collector in the configuration.")
    try:
        return str(kinds.endpoint(443).read(text))
    except kinds.Unfit as unfit:
        raise ConfigurationError(f"--collector: {unfit}; write a host with its port.") from None


def _token(file: Path | None) -> str:
    """The token: from a file, from somebody who types it unseen, or from standard input."""
    if file is not None:
        try:
            with file.open("rb") as opened:
                return opened.read(_TOKEN_BYTES).decode("ascii", "replace").strip()
        except OSError as error:
            raise ConfigurationError(f"{file} cannot be read: {error.strerror}.") from None
    if sys.stdin.isatty():
        return getpass.getpass("Enrolment token (it is not shown): ").strip()
    return sys.stdin.readline(_TOKEN_BYTES).strip()


def _networks_to_sweep(wanted: Enrolment, ask: Ask | None, world: host.World) -> tuple[str, ...]:
    if wanted.sweep is not None:
        return networks_of(wanted.sweep)
    if ask is None:
        raise ConfigurationError("Which networks may be swept? Write --sweep CIDR…, or --sweep-none.")
    own = list(dict.fromkeys(each.network for each in host.own_networks(world)))
    listed = ", ".join(own) or "none that can be swept"
    answer = ask(f"This machine stands on: {listed}.\nWhich networks shall be swept now? [all, none, or CIDRs] ")
    return _answered(answer, own)


def _limits(wanted: Enrolment, ask: Ask | None, networks: tuple[str, ...]) -> tuple[str, ...]:
    if wanted.limit is not None:
        limits = networks_of(wanted.limit)
    elif ask is None:
        limits = networks
    else:
        same = ", ".join(networks) or "none"
        question = (
            f"The collector may later name networks to sweep, inside an outer limit.\nWhich limit? [{same}, or CIDRs] "
        )
        limits = _answered(ask(question), list(networks))
    for network in networks:
        if limits and not inside(network, limits):
            raise ConfigurationError(f"{network} is outside the outer limit {', '.join(limits)}; widen the limit.")
    return limits


def _answered(answer: str, offered: Sequence[str]) -> tuple[str, ...]:
    words = answer.replace(",", " ").split()
    if words in ([], ["all"], ["yes"], ["y"]):
        return tuple(offered)
    return () if words in (["none"], ["no"], ["n"]) else networks_of(words)


def networks_of(words: Sequence[str]) -> tuple[str, ...]:
    """Networks as written on a command line, canonical; ConfigurationError that says what to write instead."""
    kind = kinds.network()
    found = []
    for word in words:
        try:
            found.append(kind.read(word))
        except kinds.Unfit as unfit:
            raise ConfigurationError(f"{unfit}; write {unfit.instead or kind.expects}.") from None
    return tuple(dict.fromkeys(found))


def _scope_sentence(networks: Sequence[str], limits: Sequence[str]) -> str:
    sweeps = f"It sweeps {', '.join(networks)}." if networks else "It sweeps nothing yet."
    may = f" The collector may name networks inside {', '.join(limits)}." if limits else " The collector may name none."
    return sweeps + may


# ------------------------------------------------------------------------------------------------ status, check-config


def status(config: Config, now: datetime | None = None) -> tuple[list[str], bool]:
    """How the agent is, in sentences, and whether it is enrolled."""
    state = StateDirectory(config.state_directory)
    identity = state.identity()
    if identity is None:
        return ["This machine is not enrolled. Run: stocktake-agent enrol"], False
    now = now or datetime.now(UTC)
    told = state.load(STATUS) or {}
    lines = [
        f"agent        {identity.agent_id}, of {identity.school_name or identity.trust_name} ({identity.site_name})",
        f"collector    {config.collector or identity.collector}",
        f"certificate  {_certificate(identity, now)}",
        f"networks     {', '.join(_networks(config, state, identity)) or 'none: nothing is swept'}",
    ]
    if not told:
        return [
            *lines,
            "It has not run yet. Run: systemctl enable --now stocktake-agent, or: stocktake-agent run",
        ], True
    return lines + _activity(told, now), True


def _networks(config: Config, state: StateDirectory, identity: Identity) -> tuple[str, ...]:
    return scope(config, orders_of(state.load(ORDERS)), identity.networks, identity.network_limits).networks


def _activity(told: dict[str, Any], now: datetime) -> list[str]:
    sync_state = told.get("sync_state", {})
    numbers = sync_state.get("numbers", {})
    sweep = numbers.get("last_sweep_time")
    found = f"{numbers.get('last_sweep_sightings', 0)} addresses, {numbers.get('last_sweep_examinations', 0)} by SNMP"
    waiting = f"{numbers.get('spool_pending_reports', 0)} reports wait, {numbers.get('spool_dropped_reports', 0)} lost"
    lines = [
        f"last sweep   {_ago(sweep, now)}" + (f": {found}" if sweep else ""),
        f"last sync    {_ago(told.get('sync'), now)}",
        f"last push    {_ago(told.get('push'), now)}",
        f"spool        {waiting}, {numbers.get('spool_bytes', 0) / 1e6:.1f} MB",
    ]
    return lines + [f"trouble      {trouble}" for trouble in sync_state.get("troubles", [])]


def _certificate(identity: Identity, now: datetime) -> str:
    days = (identity.ends - now).days
    if identity.ends <= now:
        return f"ended on {identity.ends:%Y-%m-%d}; enrol this machine again with a new token"
    return f"good until {identity.ends:%Y-%m-%d} ({days} days)"


def _ago(text: object, now: datetime) -> str:
    if not isinstance(text, str):
        return "never"
    seconds = max(0, int((now - datetime.fromisoformat(text)).total_seconds()))
    for unit, length in (("days", 86400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit} ago"
    return f"{seconds} seconds ago"


def check_config(config: Config) -> list[str]:
    """What the configuration says, after it and the credentials were read without a complaint."""
    lines = described(config)
    if config.credentials_file:
        found = load_credentials(config.credentials_file)
        lines.append(f"# {len(found)} credentials: {', '.join(each.name for each in found)}")
    return [*lines, "# The configuration is good."]
