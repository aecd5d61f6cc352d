"""Opens sessions over the network: by community, or by SNMPv3. It knows neither what is asked nor of whom."""

from __future__ import annotations

from weakref import WeakValueDictionary

from agent.budget import Budget
from agent.snmp import community
from agent.snmp.session import Opener, Session
from agent.snmp.turns import Turns
from stocktake.values import Credential


def over_wire(budget: Budget) -> Opener:
    """An opener of real sessions under a budget. The first v3 credential imports pysnmp (25 MB): use a worker there."""
    v3: Opener | None = None
    turns = Turns()
    # the session that is open with a device: those for its views begin with what it knows
    first: WeakValueDictionary[tuple[str, int], community.CommunitySession] = WeakValueDictionary()

    async def open_session(address: str, port: int, credential: Credential, context: str) -> Session:
        nonlocal v3
        if credential.version != "3":
            other = first.get((address, port))
            waits = other.waits if other else community.NO_WAITS
            session = await community.open_session(budget, address, port, credential, turns, waits)
            first.setdefault((address, port), session)
            return session
        v3 = v3 or _usm(budget)
        return await v3(address, port, credential, context)

    return open_session


def _usm(budget: Budget) -> Opener:
    from agent.snmp import usm  # noqa: PLC0415  pysnmp is heavy, and most processes never speak v3

    engines = usm.Engines()

    async def open_session(address: str, port: int, credential: Credential, context: str) -> Session:
        return await usm.open_session(budget, address, port, credential, context, engines)

    return open_session
