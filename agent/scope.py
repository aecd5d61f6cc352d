"""What this agent may look at, and when: the collector's orders inside the technician's limits.

Pure. The technician's word always wins: what the collector names outside the outer limit is cut off and told, and its
wishes for the schedule are kept within bounds. It knows neither who asks nor what is done with the answer.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from agent.config import DAY, HOUR, MINUTE, Config, clip
from agent.errands import Orders

NETWORKS_LIMIT = 256


@dataclass(frozen=True, slots=True)
class Scope:
    """The networks to sweep, and what never gets a packet, canonical CIDR. `cut`: sentences on what was not taken."""

    networks: tuple[str, ...]
    exclusions: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Schedule:
    """The intervals that are followed."""

    sweep: timedelta
    host: timedelta
    load: timedelta
    sync: timedelta


def scope(config: Config, orders: Orders, named: tuple[str, ...] = (), limits: tuple[str, ...] = ()) -> Scope:
    """What may be swept: the technician's networks as they are, the collector's inside the outer limit.

    `named` and `limits` were answered when enrolling; the configuration comes before both. The networks named then hold
    until the collector names some. Without a limit the collector may name nothing.
    """
    outer = config.network_limits or limits
    own = config.networks or (named if orders.networks is None else ())
    wanted: list[tuple[str, tuple[str, ...]]] = [(network, (network,)) for network in own]
    wanted += [(network, outer) for network in (orders.networks or ())[:NETWORKS_LIMIT]]
    found: dict[str, None] = {}
    cut: list[str] = []
    for network, allowed in wanted:
        parts = _clipped(network, allowed)
        found |= dict.fromkeys(parts)
        if parts != (network,):
            cut.append(_cut_sentence(network, parts))
    exclusions = dict.fromkeys((*config.exclude, *_readable(orders.exclusions)))
    return Scope(_without_inner(found), tuple(exclusions), tuple(cut))


def _clipped(network: str, limits: Iterable[str]) -> tuple[str, ...]:
    try:
        return clip(str(ipaddress.ip_network(network, strict=False)), limits)
    except ValueError:
        return ()


def _cut_sentence(network: str, parts: tuple[str, ...]) -> str:
    rest = f"only {', '.join(parts)} of it is swept" if parts else "nothing of it is swept"
    return f"The network {network[:64]} is not inside this agent's outer limit: {rest}."


def _readable(networks: Iterable[str]) -> list[str]:
    return [part for network in networks for part in _clipped(network, ("0.0.0.0/0", "::/0"))]


def _without_inner(networks: Iterable[str]) -> tuple[str, ...]:
    """The networks without those that lie inside another one, in order: no address is swept twice."""
    listed = list(networks)

    def is_inner(network: str) -> bool:
        return any(other != network and clip(network, [other]) == (network,) for other in listed)

    return tuple(network for network in listed if not is_inner(network))


def schedule(config: Config, orders: Orders) -> Schedule:
    """When to look: the collector's wishes within the bounds that the configuration has, else what is configured."""
    return Schedule(
        sweep=_within(orders.sweep_seconds, config.sweep_interval, 5 * MINUTE, 30 * DAY),
        host=_within(orders.host_seconds, config.host_interval, HOUR, 30 * DAY),
        load=config.load_interval,
        sync=_within(orders.sync_seconds, config.sync_interval, timedelta(seconds=30), DAY),
    )


def _within(wish_seconds: float | None, configured: timedelta, low: timedelta, high: timedelta) -> timedelta:
    if not wish_seconds or not wish_seconds > 0:
        return configured
    return min(max(timedelta(seconds=min(wish_seconds, high.total_seconds())), low), high)
