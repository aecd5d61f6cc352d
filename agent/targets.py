"""Who is on a network, and whom of them to examine: between discovery and examination.

It knows neither how hosts are found nor how they are asked, and sends nothing itself. What cannot be looked at is said:
in the evidence, and as a trouble for people.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from agent.budget import Budget
from agent.discovery import discover, ranges
from agent.errors import ConfigurationError, WorkerFailed
from agent.examine import Target
from agent.metrics import printable
from agent.worker import Workers
from stocktake.values import Examination, GroupResult, Method, Outcome, Sighting, Sightings, Subject, SubjectKind

SIGHTINGS_GROUP = "sightings"
FAR_NETWORK_LIMIT = 1024  # addresses of a network we do not stand on that are asked one by one


@dataclass(frozen=True, slots=True)
class Seen:
    """Who was seen on a network ("" is the neighbour table as it stands), and the evidence of it.

    `far`: this machine does not stand on the network (IPv4), so nobody could be seen there.
    """

    network: str
    evidence: Examination
    sightings: tuple[Sighting, ...] = ()
    far: bool = False


async def look(
    network: str,
    budget: Budget,
    workers: Workers,
    on_progress: Callable[[int, int], None],
    trouble: Callable[[str], object],
) -> Seen:
    """Look for hosts. Where that cannot be done, the evidence says why. Forbidden in the quiet hours."""
    try:
        method, found = await discover(network, budget, workers, on_progress=on_progress)
    except (ConfigurationError, WorkerFailed, OSError) as error:
        trouble(f"Nobody could be looked for on {network or 'this machine'}: {error}")
        refused = GroupResult(SIGHTINGS_GROUP, Outcome.REFUSED, detail=printable(str(error))[:200])
        return Seen(network, _evidence(network, Method.NEIGHBOUR_TABLE, refused))
    result = GroupResult(SIGHTINGS_GROUP, Outcome.COMPLETE, Sightings(found.sightings, found.swept))
    far = bool(network) and ":" not in network and method is Method.NEIGHBOUR_TABLE
    return Seen(network, _evidence(network, method, result), found.sightings, far)


def _evidence(network: str, method: Method, result: GroupResult) -> Examination:
    return Examination(Subject(SubjectKind.NETWORK, network=network), method, (result,))


def choose(seen: Seen, port: int, budget: Budget, trouble: Callable[[str], object]) -> list[Target]:
    """Whom to examine: who was seen and may be asked; none where there is no network."""
    if not seen.network:
        return []
    macs = {each.address: each.mac for each in reversed(seen.sightings)}
    seen_addresses = list(dict.fromkeys(each.address for each in seen.sightings))
    addresses = _far_addresses(seen.network, trouble) if seen.far else seen_addresses
    return [
        Target(address, macs.get(address, ""), seen.network, port)
        for address in addresses
        if budget.allows(address, macs.get(address, ""))
    ]


def _far_addresses(network: str, trouble: Callable[[str], object]) -> list[str]:
    """Every address of a network behind a router: who is there, only SNMP itself can tell."""
    addresses = list(ranges.hosts(ranges.parse(network)))
    if len(addresses) <= FAR_NETWORK_LIMIT:
        return addresses
    trouble(
        f"This machine does not stand on {network}, and asking all its {len(addresses)} addresses by SNMP is too much."
        f" Name the parts of it in which devices are, each with at most {FAR_NETWORK_LIMIT} addresses."
    )
    return []
