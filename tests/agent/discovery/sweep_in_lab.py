"""Runs discovery in the agent's namespace of a lab, and prints what it found: test_discovery_lab.py starts it.

Its one argument is JSON: `network`, and `limits` and `dry_run` for the budget; `root` stands in for "/".
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from pathlib import Path

from agent.budget import Budget, Limits
from agent.discovery import discover
from agent.worker import Workers


def cpu_seconds() -> float:
    """What this process and the children that have ended took of the processor."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


async def main(asked: dict[str, object]) -> None:
    budget = Budget(Limits(**asked["limits"]), dry_run=bool(asked.get("dry_run")))
    progress: list[tuple[int, int]] = []
    began, cpu_before = time.monotonic(), cpu_seconds()
    method, found = await discover(
        asked["network"], budget, Workers(), on_progress=lambda *at: progress.append(at), root=Path(asked["root"])
    )
    print(
        json.dumps(
            {
                "method": method.name,
                "swept": found.swept,
                "macs": {s.address: s.mac for s in found.sightings},
                "interfaces": sorted({s.interface for s in found.sightings}),
                "progress": progress[-1] if progress else None,
                "seconds": time.monotonic() - began,
                "cpu_seconds": cpu_seconds() - cpu_before,
                "rss_kilobytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
                "worker_rss_kilobytes": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss,
            }
        )
    )


asyncio.run(main(json.loads(sys.argv[1])))
