"""One sweep of the agent in the namespace it runs in: its own code for discovery, examination and the scan contract.

routed_sweep.py < {"networks", "communities", "plan"} > evidence    and on stderr what it cost, as JSON
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from agent.budget import Budget, Limits
from agent.clock import Clock
from agent.examiner import CountingLedger, Question
from agent.snmp.habits import Habits
from agent.sweep import Tools, sweep
from agent.worker import Workers
from stocktake.savefile import Writer
from stocktake.values import Credential, Examination, Secret
from stocktake.wire import decode_plan, encode_report


async def main(asked: dict[str, Any]) -> None:
    """Sweep, and write every examination as it comes."""
    limits, clock, writer = Limits(tuple(asked["networks"])), Clock(), Writer(sys.stdout.buffer)
    credentials = tuple(Credential(word, "2c", community=Secret(word)) for word in asked["communities"])
    troubles: list[str] = []

    def spool(examination: Examination, volatile: bool) -> None:
        writer.write(encode_report(clock.report(examination)))

    ledger = CountingLedger(lambda _: None)
    budget = Budget(limits, ledger=ledger)
    tools = Tools(Workers(), budget, ledger, Habits(), spool, troubles.append)
    question = Question(decode_plan(bytes.fromhex(asked["plan"])), credentials, limits)
    tally = await sweep(limits.networks, question, tools)
    said = {"seconds": tally.seconds, "sightings": tally.sightings, "examined": tally.examinations}
    print(json.dumps(said | {"packets": ledger.packets, "troubles": troubles}), file=sys.stderr)


if __name__ == "__main__":
    asyncio.run(main(json.load(sys.stdin)))
