"""One planned trust in a process of its own, so that its memory is its own: prints its figures as JSON.

Arguments: devices, schools, and which caps there are: "both", "schools" or "trust".
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from typing import TypeVar

from _refresh_greedy import oldest_first
from _refresh_jobs import scenario

from collector.refresh.offers import as_rows, jobs_of
from collector.refresh.optimise import optimise
from collector.refresh.plan import plan
from collector.refresh.policies import Policies
from refresh_estate import estate

SHARE = 0.7  # of what falls due within the plan: what the caps bear
YEARS = 5
Result = TypeVar("Result")


def main() -> None:
    """Plan, choose within caps, and compare with the oldest first."""
    devices, schools, caps = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    trust, policies = estate(devices, schools, years=YEARS), Policies()
    plain, plan_seconds, _ = _timed(lambda: plan(trust, policies))
    offers, jobs_seconds, _ = _timed(lambda: jobs_of(plain, trust, policies))
    budgets = scenario(offers.jobs, YEARS, SHARE, schools=caps != "trust", trust=caps != "schools")
    outcome, seconds, wall = _timed(lambda: optimise(offers.jobs, budgets))
    rows, rows_seconds, _ = _timed(lambda: as_rows(plain, offers, outcome))
    greedy, _ = oldest_first(offers.jobs, budgets)
    years = {one.job_id: one.year for one in outcome.chosen}
    # both counted as offered: what falls away because it follows something late counts as undone here, against us
    risk = sum(job.risks[-1 if (year := years[job.job_id]) is None else year - budgets.first] for job in offers.jobs)
    print(
        json.dumps(
            {
                "plan": plan_seconds,
                "capped": jobs_seconds + seconds + rows_seconds,
                "solving": seconds,
                "wall": wall,
                "gap": outcome.gap,
                "timed_out": outcome.timed_out,
                "risk": risk,
                "greedy": greedy,
                "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6,
                "rows": len(rows),
                "jobs": len(offers.jobs),
            }
        ),
        flush=True,
    )


def _timed(work: Callable[[], Result]) -> tuple[Result, float, float]:
    """What comes of it, and the seconds of the processor and of the clock that it took: one thread does all."""
    began, clock = time.process_time(), time.perf_counter()
    made = work()
    return made, time.process_time() - began, time.perf_counter() - clock


if __name__ == "__main__":
    main()
