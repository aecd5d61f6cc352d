"""Lists and forms of support cover: contracts, services and marks as people write them, in a file or on a page.

Nothing of a file is taken where one row of it cannot be; every such row is told with its column and what to do.
"""

from __future__ import annotations

from collector.cover_lists.bringing import Plan, plan, take
from collector.cover_lists.fields import CONTRACTS, LISTS, MARKS, SERVICES
from collector.cover_lists.keeping import kept, look, of_device
from collector.cover_lists.placing import Names, contract, mark, provision

__all__ = [
    "CONTRACTS",
    "LISTS",
    "MARKS",
    "SERVICES",
    "Names",
    "Plan",
    "contract",
    "kept",
    "look",
    "mark",
    "of_device",
    "plan",
    "provision",
    "take",
]
