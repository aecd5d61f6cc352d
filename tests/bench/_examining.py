"""Asks many SNMP devices as the agent does, in a process of its own, and prints what it cost: reach.py starts it.

Its one argument is JSON: `targets` (addresses), `port`, `networks`, `rate` (packets a second, to the site and to one
device), `table` (an OID: one group with that table), `full` (the collector's plan; else the built-in one), `engine`
(True: in this process, as the engine alone; else by worker processes, as a sweep does it) and `secure` (SNMPv3).
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from typing import Any

from agent.budget import Budget, Limits
from agent.examine import Target, examine
from agent.examiner import Answer, CountingLedger, Question, examine_all
from agent.plan import BASELINE
from agent.snmp.habits import Habits
from agent.snmp.wire import over_wire
from agent.worker import Workers, collect_seldom
from stocktake.values import Cadence, Credential, Examination, Outcome, PlanGroup, Secret, SnmpBindings, WalkPlan

PUBLIC = Credential("public", "2c", community=Secret("public"))
#: the user of the snmpd that tests/bench/_devices.py starts
SECURE = Credential(
    "reader",
    "3",
    user="reader",
    auth_protocol="SHA",
    auth_key=Secret("authpass12"),
    privacy_protocol="AES",
    privacy_key=Secret("privpass12"),
)


async def main(asked: dict[str, Any]) -> None:
    """Ask, and print."""
    limits = Limits(
        tuple(asked["networks"]), packets_per_second=asked["rate"][0], packets_per_second_per_host=asked["rate"][1]
    )
    table = PlanGroup(1, "table", Cadence.INVENTORY, tables=(asked["table"],))
    plan = full_plan() if asked["full"] else WalkPlan((table,)) if asked["table"] else BASELINE
    credential = SECURE if asked["secure"] else PUBLIC
    targets = [Target(address, network=limits.networks[0], port=asked["port"]) for address in asked["targets"]]
    ledger = CountingLedger(lambda _: None)
    begun, before = time.monotonic(), cpu_seconds()
    if asked["engine"]:
        found = await engine(targets, credential, plan, Budget(limits, ledger=ledger))
    else:
        found = await sweep(targets, Question(plan, (credential,), limits), ledger)
    seconds = time.monotonic() - begun
    print(
        json.dumps(
            {
                "seconds": seconds,
                "cpu_seconds": cpu_seconds() - before,
                "packets": ledger.packets,
                "devices": {address: measured(examination) for address, examination in found.items()},
            }
        )
    )


def full_plan() -> WalkPlan:
    """What a collector has asked."""
    from collector.plan import compile_plan  # noqa: PLC0415  it reads all of the knowledge, which takes a second

    return compile_plan()


async def engine(
    targets: list[Target], credential: Credential, plan: WalkPlan, budget: Budget
) -> dict[str, Examination | None]:
    """All at once, in this process, which collects garbage as a worker process does."""
    collect_seldom()
    sessions, habits = over_wire(budget), Habits()
    asking = (examine(target, [credential], plan, budget, sessions=sessions, habits=habits) for target in targets)
    return dict(zip((target.address for target in targets), await asyncio.gather(*asking), strict=True))


async def sweep(targets: list[Target], question: Question, ledger: CountingLedger) -> dict[str, Examination | None]:
    """As a sweep does it."""
    found: dict[str, Examination | None] = {}

    def answered(answer: Answer) -> None:
        found[answer.target.address] = answer.examination

    await examine_all(targets, question, Workers(), Habits(), ledger, answered)
    return found


def measured(examination: Examination | None) -> list[int]:
    """How many bindings came, and whether all of it is complete."""
    groups = examination.groups if examination else ()
    bindings = sum(len(group.content.bindings) for group in groups if isinstance(group.content, SnmpBindings))
    return [bindings, int(bool(groups) and all(group.outcome is Outcome.COMPLETE for group in groups))]


def cpu_seconds() -> float:
    """What this process and the children that have ended took of the processor."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
