"""Asks devices everything once and then their health, as the agent does, and prints what came: _exporter.py starts it.

Its one argument is JSON: `targets` (addresses), `port`, `rounds` (of health). It prints the reports of each asking, as
the agent sends them, in Base64, as if they were five minutes apart; and the processor time of the last.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

from agent.budget import Budget, Limits
from agent.contents import pieces
from agent.examine import Extent, Target, examine
from agent.examiner import CountingLedger
from agent.snmp.habits import Habits
from agent.snmp.wire import over_wire
from agent.sweep import REPORT_BYTES
from agent.worker import collect_seldom
from collector.plan import compile_plan
from stocktake import wire
from stocktake.values import Credential, Examination, Report, Secret, WalkPlan

PUBLIC = Credential("public", "2c", community=Secret("public"))
NETWORK, FIVE_MINUTES = "127.0.0.0/8", timedelta(minutes=5)
LIFTED = Limits((NETWORK,), packets_per_second=1_000_000, packets_per_second_per_host=100_000)


async def main(asked: dict[str, Any]) -> None:
    """Ask, and print."""
    collect_seldom()
    plan, habits, budget = compile_plan(), Habits(), Budget(LIFTED, ledger=CountingLedger(lambda _: None))
    targets = [Target(address, network=NETWORK, port=asked["port"], often=True) for address in asked["targets"]]
    began, took = datetime.now(UTC) - asked["rounds"] * FIVE_MINUTES, 0.0
    rounds = [_sent(await _ask(targets, plan, budget, habits, Extent.WHOLE), began)]
    for number in range(1, asked["rounds"] + 1):
        before = _cpu_seconds()
        found = await _ask(targets, plan, budget, habits, Extent.HEALTH)
        rounds.append(_sent(found, began + number * FIVE_MINUTES))
        took = _cpu_seconds() - before
    print(json.dumps({"rounds": rounds, "cpu_seconds": took}))


async def _ask(
    targets: list[Target], plan: WalkPlan, budget: Budget, habits: Habits, extent: Extent
) -> list[Examination | None]:
    sessions = over_wire(budget)
    asking = (
        examine(target, [PUBLIC], plan, budget, sessions=sessions, habits=habits, extent=extent) for target in targets
    )
    return list(await asyncio.gather(*asking))


def _sent(found: list[Examination | None], when: datetime) -> list[str]:
    """The reports that the agent makes of examinations."""
    parts = [part for each in found if each and each.groups for part in pieces(each, REPORT_BYTES)]
    return [
        b64encode(wire.encode_report(Report(when, 10.0 + number, "boot", part))).decode()
        for number, part in enumerate(parts)
    ]


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
