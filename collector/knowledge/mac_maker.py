"""The maker by a MAC's first octets, from the IEEE registry that netaddr carries: a hint where nothing else speaks.

It never outranks another statement of the maker. Blocks that IEEE has cut up (`IEEE Registration Authority`), private
ones, and addresses made up locally tell nothing; nor do those that hypervisors give to virtual machines.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import netaddr
from netaddr.eui import ieee

from collector.facts import Fact, locally_administered, maker_name

WEIGHT = 5
NOBODY = ("ieee registration authority", "private")
#: VMware, Hyper-V, VirtualBox, Xen, Parallels, Nutanix, Proxmox
VIRTUAL = {"00:05:69", "00:0c:29", "00:1c:14", "00:50:56", "00:15:5d", "08:00:27", "00:16:3e", "00:1c:42", "50:6b:8d",
           "bc:24:11"}  # fmt: skip


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
    if address[:8] in VIRTUAL or locally_administered(address):
        return ""
    return _holder(address[:8].replace(":", ""))


@lru_cache(maxsize=4096)
def _holder(block: str) -> str:
    number = int(block, 16)
    if number not in ieee.OUI_INDEX:
        return ""
    holder = netaddr.OUI(number).registration().org
    return "" if holder.lower() in NOBODY else maker_name(holder)
