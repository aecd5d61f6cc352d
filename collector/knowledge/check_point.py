"""Check Point (CHECKPOINT-MIB, branch svn): gateways and management servers with appliance, serial and version.

Small gateways and many open servers answer the sysObjectID of net-snmp; the branch tells them all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

CHECK_POINT = "1.3.6.1.4.1.2620"
SVN = f"{CHECK_POINT}.1.6"
VERSION, OS_NAME, BUILD = f"{SVN}.4.1.0", f"{SVN}.5.1.0", f"{SVN}.4.2.0"
SERIAL, MODEL, MAKER = f"{SVN}.16.3.0", f"{SVN}.16.7.0", f"{SVN}.16.9.0"
KERNEL = re.compile(r"^Linux \S+ \S+cp(x86_64|i386|smp)\b")
SENSORS = f"{CHECK_POINT}.1.6.7.8.1.1"  # temperatures: .2 name, .3 value as text

ASKS = (
    Ask(
        "check_point",
        scalars=(VERSION, BUILD, OS_NAME, SERIAL, MODEL, MAKER),
        tables=(f"{SENSORS}.2", f"{SENSORS}.3"),
        condition=Condition(object_id_prefixes=(CHECK_POINT, "1.3.6.1.4.1.8072.3.2.10")),
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Identity of whatever has the maker's system branch, sysObjectID or kernel."""
    by_object = walk.is_of(CHECK_POINT)
    if not by_object and not walk.has(SVN) and not KERNEL.match(walk.description):
        return
    yield from walk.vote("firewall", 100, "check_point", OBJECT_ID if by_object else DESCRIPTION)
    yield from walk.fact("maker", "Check Point", OBJECT_ID, weight=40)
    yield from walk.states({"maker": MAKER, "model": MODEL, "serial": SERIAL, "firmware": VERSION}, weight=70)
    yield from walk.states({"os.name": OS_NAME, "os.build": BUILD}, weight=60)
    for index in walk.column(f"{SENSORS}.2"):
        value = walk.text(f"{SENSORS}.3.{index}")
        if re.fullmatch(r"\d{1,3}(\.\d+)?", value):
            component = f"sensor/{index[:64]}"
            yield from walk.state("name", f"{SENSORS}.2.{index}", component=component)
            yield from walk.fact(
                "temperature", float(value), f"{SENSORS}.3.{index}", component=component, unit="celsius"
            )
