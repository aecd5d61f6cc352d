"""The maker by a MAC's first octets, from the IEEE registry that netaddr carries: a hint where nothing else speaks.

It never outranks another statement of the maker. Blocks that IEEE has cut up (`IEEE Registration Authority`), private
ones, and addresses made up locally tell nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import netaddr
from netaddr.eui import ieee

from collector.facts import Fact, locally_administered, maker_name

WEIGHT = 5
NOBODY = ("ieee registration authority", "private")


def conclude(facts: Sequence[Fact]) -> Iterator[Fact]:
    """The maker that most of the device's own MACs name."""
    addresses = {str(fact.value): fact for fact in facts if fact.name == "mac" and not fact.component}
    named = {address: maker for address in sorted(addresses) if (maker := maker_of(address))}
    makers = list(named.values())
    if makers:
        most = max(sorted(set(makers)), key=makers.count)
        first = next(address for address, maker in named.items() if maker == most)
        yield addresses[first]._replace(name="maker", value=most, weight=WEIGHT)


def maker_of(address: str) -> str:
    """The maker of a MAC's block as people say it, or "" where the registry tells nobody."""
    return "" if locally_administered(address) else _holder(address[:8].replace(":", ""))


@lru_cache(maxsize=4096)
def _holder(block: str) -> str:
    number = int(block, 16)
    if number not in ieee.OUI_INDEX:
        return ""
    holder = netaddr.OUI(number).registration().org
    return "" if holder.lower() in NOBODY else maker_name(holder)
