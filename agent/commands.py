"""What the commands do that need no watching: run, status, check-config.

What they set in motion is told in the modules they call. Nothing here imports gRPC, cryptography, psutil or rich: this
process is the one that stays.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from datetime import UTC, datetime
from typing import Any

from agent.config import Config, described, load_credentials
from agent.errands import Orders
from agent.scope import scope
from agent.service import Service
from agent.state import ORDERS, STATUS, Identity, StateDirectory

POLL_SECONDS = 5.0
HOW_TO_RUN = "Run: systemctl enable --now stocktake-agent, or: stocktake-agent run"

_log = logging.getLogger(__name__)


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
    _log.info("this is agent %s of %s", service.identity.agent_id, service.identity.trust_name)
    await service.run()


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
    return scope(config, Orders.stored(state.load(ORDERS)), identity.networks, identity.network_limits).networks


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
