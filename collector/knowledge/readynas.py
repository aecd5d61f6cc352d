"""NETGEAR ReadyNAS (READYNASOS-MIB of ReadyNAS OS 6, READYNAS-MIB of RAIDiator before): version, serial, volumes.

Model and disks are not read: the first is told nowhere but in the name, the second without a serial of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import LONGEST_INDEX, OBJECT_ID, Ask, Statement, Walk, as_integer
from stocktake.values import Condition

NEW, OLD = "1.3.6.1.4.1.4526.22", "1.3.6.1.4.1.4526.18"
SERIAL = f"{NEW}.2.0"  # the older generation has none
LINUX = "1.3.6.1.4.1.8072.3.2.10"
MOST_ROWS = 32

UNDER = ("4526",)
ASKS = (
    Ask("readynas", scalars=(f"{NEW}.1.0", SERIAL, f"{OLD}.1.0"),
        condition=Condition(object_id_prefixes=(NEW, OLD, LINUX))),
    *(Ask(f"readynas_{word}", tables=(f"{root}.5.1.2", f"{root}.7.1.2", f"{root}.7.1.4"),
          condition=Condition(answered=f"{root}.1.0")) for word, root in (("volumes", NEW), ("older", OLD))),
)  # fmt: skip


def read(walk: Walk) -> Iterator[Statement]:
    """Identity, temperatures and volumes of whichever generation answers."""
    for root in (NEW, OLD):
        if walk.is_of(root) or walk.has(f"{root}.1"):
            yield from walk.vote("nas", 100, "readynas", OBJECT_ID if walk.is_of(root) else root)
            yield from walk.fact("maker", "NETGEAR", root, weight=60)
            yield from walk.state("firmware", f"{root}.1.0", weight=65)
            yield from _health(walk, root)
    yield from walk.state("serial", SERIAL, weight=65)


def _health(walk: Walk, root: str) -> Iterator[Statement]:
    for index in list(walk.column(f"{root}.5.1.2"))[:MOST_ROWS]:
        yield from walk.state(
            "temperature", f"{root}.5.1.2.{index}", read=as_integer, component=_part("sensor", index), unit="celsius"
        )
    for index in list(walk.column(f"{root}.7.1.2"))[:MOST_ROWS]:
        yield from walk.state("name", f"{root}.7.1.2.{index}", component=_part("array", index))
        yield from walk.state("status", f"{root}.7.1.4.{index}", component=_part("array", index))


def _part(kind: str, index: str) -> str:
    return f"{kind}/{index[:LONGEST_INDEX]}"
