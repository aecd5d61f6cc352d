"""`stocktake-agent enrol`: what the technician is asked, and the child that does it.

The token is read from a file, typed unseen, or read from standard input; never from the command line. It knows neither
keys nor gRPC: those are the child's (`agent.enrol`).
"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from agent import host
from agent.config import DEFAULT_COLLECTOR_PORT, Config, inside, networks_of
from agent.errands import Token, frame, parse
from agent.errors import ConfigurationError, EnrolmentFailed
from agent.state import StateDirectory
from agent.version import agent_version
from agent.worker import Workers
from stocktake import kinds

ENROL_SECONDS = 90.0
_TOKEN_BYTES = 4096

Ask = Callable[[str], str]


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
        "It reports while it runs. Run: systemctl enable --now stocktake-agent, or: stocktake-agent run",
    ]


def _collector(text: str) -> str:
    if not text:
        raise ConfigurationError("Which collector? Write --collector HOST:PORT, or collector in the configuration.")
    try:
        return str(kinds.endpoint(DEFAULT_COLLECTOR_PORT).read(text))
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


def _scope_sentence(networks: Sequence[str], limits: Sequence[str]) -> str:
    sweeps = f"It sweeps {', '.join(networks)}." if networks else "It sweeps nothing yet."
    may = f" The collector may name networks inside {', '.join(limits)}." if limits else " The collector may name none."
    return sweeps + may
