"""Who is on a network: the frame that chooses one of four ways, by what this machine may do.

- no network named: the kernel's neighbour table as it stands; nothing is sent (`neighbours`)
- with CAP_NET_RAW: an ARP sweep with raw frames, in a worker process (`arp_orders`, `arp`)
- an IPv6 network: one echo to all nodes of the link, and the neighbour table (`echo`)
- else: an empty UDP datagram to each address and the neighbour table (`touch`); on Windows `SendARP` (`sendarp`)

Only networks that this machine stands on can be asked this way; of others a sweep finds nothing and sends nothing. The
frame does not know what becomes of the sightings. Nothing is sent around the budget.
"""

from __future__ import annotations

import functools
import ipaddress
import logging
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from agent.budget import Budget
from agent.discovery import arp_orders, attached, echo, neighbours, ranges, sendarp, touch
from agent.discovery.arp_orders import Workers
from agent.discovery.attached import Attachment
from agent.discovery.touch import Progress
from agent.errors import WorkerFailed
from stocktake.values import Method, Sighting, Sightings

_CAP_NET_RAW = 1 << 13  # linux/capability.h

#: one way of asking addresses on one of our networks: who was asked, and who answered
_Way = Callable[[Sequence[str], Attachment], Awaitable[tuple[set[str], list[Sighting]]]]

_log = logging.getLogger(__name__)


async def discover(
    network: str,
    budget: Budget,
    workers: Workers,
    *,
    on_progress: Progress = lambda asked, total: None,
    table: neighbours.Table = neighbours.kernel,
    root: Path = Path("/"),
) -> tuple[Method, Sightings]:
    """Who is on a network ("10.1.0.0/22"), and how that was found out; "" means whoever the kernel knows already.

    `swept` is true only where every address but our own was asked, so never where one is excluded. Raises
    ConfigurationError for what is no network that could be swept, OSError where the kernel tells nothing at all.
    """
    if not network:
        return Method.NEIGHBOUR_TABLE, Sightings(tuple(neighbours.read(table)))
    if (sixth := ranges.parse_ipv6(network)) is not None:
        method, heard = await echo.ask(sixth, budget, table)
        return method, Sightings(tuple(heard))
    wanted = ranges.parse(network)
    places = _places(wanted)
    targets = {place: found for place in places if (found := _targets(wanted, place, places, budget, table))}
    if not targets:
        _log.warning("nobody on %s can be asked: it is no network of this machine, or nothing in it is allowed", wanted)
        return Method.NEIGHBOUR_TABLE, Sightings(())
    method, asked, seen = await _ask(targets, _ways(budget, workers, on_progress, table, root))
    asked |= {place.address for place in places}
    swept = not budget.dry_run and all(address in asked for address in ranges.hosts(wanted))
    return method, Sightings(tuple(seen), swept)


def holds_net_raw(root: Path = Path("/")) -> bool:
    """Whether this process may open raw sockets (CapEff in /proc/self/status, capabilities(7))."""
    try:
        lines = (root / "proc/self/status").read_text("ascii", "replace").splitlines()
        held = next((line.split()[1] for line in lines if line.startswith("CapEff:")), "0")
        return bool(int(held, 16) & _CAP_NET_RAW)
    except (OSError, ValueError, IndexError):
        return False


def _places(wanted: ipaddress.IPv4Network) -> tuple[Attachment, ...]:
    """Where we stand on the wanted network, narrowest first. Windows finds its way from an address by itself."""
    if sys.platform == "win32":
        return (Attachment("", "", "", wanted),)
    return tuple(place for place in attached.attachments() if place.network.overlaps(wanted))


def _targets(
    wanted: ipaddress.IPv4Network,
    here: Attachment,
    places: Sequence[Attachment],
    budget: Budget,
    table: neighbours.Table,
) -> list[str]:
    """The addresses to ask from one place: on its network, not ours, and allowed by address and by known maker."""
    known = {entry.address: entry.mac for entry in table()}
    own = {place.address for place in places}
    narrower = [place.network for place in places[: places.index(here)]]

    def is_target(address: str) -> bool:
        parsed = ipaddress.IPv4Address(address)
        elsewhere = parsed not in here.network or any(parsed in network for network in narrower)
        return not elsewhere and address not in own and budget.allows(address, known.get(address, ""))

    return [address for address in ranges.hosts(wanted) if is_target(address)]


def _ways(
    budget: Budget, workers: Workers, on_progress: Progress, table: neighbours.Table, root: Path
) -> list[tuple[Method, _Way]]:
    """The ways open to this process, best first."""
    if sys.platform == "win32":
        return [(Method.TOUCH, functools.partial(sendarp.ask, budget=budget, on_progress=on_progress))]
    ways: list[tuple[Method, _Way]] = []
    if holds_net_raw(root):
        arp = functools.partial(arp_orders.ask, budget=budget, workers=workers, on_progress=on_progress)
        ways.append((Method.ARP, arp))
    ways.append((Method.TOUCH, functools.partial(touch.ask, budget=budget, table=table, on_progress=on_progress)))
    return ways


async def _ask(
    targets: dict[Attachment, list[str]], ways: list[tuple[Method, _Way]]
) -> tuple[Method, set[str], list[Sighting]]:
    """Ask all targets in the best way that works. Raises WorkerFailed where none does."""
    for method, way in ways[:-1]:
        try:
            return method, *await _ask_all(targets, way)
        except WorkerFailed as failure:
            _log.warning("falling back from %s: %s", method.name, failure)
    method, way = ways[-1]
    return method, *await _ask_all(targets, way)


async def _ask_all(targets: dict[Attachment, list[str]], way: _Way) -> tuple[set[str], list[Sighting]]:
    asked: set[str] = set()
    seen: list[Sighting] = []
    for place, addresses in targets.items():
        who, answers = await way(addresses, place)
        asked |= who
        seen += answers
    return asked, seen
