"""One plan read from a store in a process of its own: prints its figures as JSON. The argument: the store's address."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from typing import TypeVar

from _plan_files import Counted
from _register_estate import NOW

from collector.plan_content import content
from collector.plan_files.forms import FORMS
from collector.planning.gather import gather
from collector.planning.shelf import HORIZONS, Plans
from collector.store import Store, places

Result = TypeVar("Result")


def main() -> None:
    """Gather, plan for both horizons, ask again, and write the workbook."""
    store = Store.open(sys.argv[1])
    with store.reader() as connection:
        trust_id, name = places.trust_ids(connection)[0]
        _, gathered = _timed(lambda: gather(connection, trust_id, NOW, HORIZONS[0]))
    plans = Plans()
    _, first = _timed(lambda: plans.take(store, trust_id, NOW, HORIZONS[0]))
    made, other = _timed(lambda: plans.take(store, trust_id, NOW, HORIZONS[-1]))
    _, kept = _timed(lambda: plans.take(store, trust_id, NOW, HORIZONS[0]))
    memory = _memory()
    out = Counted()
    began = time.perf_counter()
    FORMS["xlsx"].write(out, content(made.gathered, made.plan.rows, name, NOW, None))  # type: ignore[arg-type]  # it is written to, and told where it is
    told = {
        "gathered": gathered, "first": first, "other": other, "kept": kept, "memory": memory,
        "rows": len(made.plan.rows), "xlsx": time.perf_counter() - began, "xlsx_mb": out.size / 1e6,
        "memory_xlsx": _memory(),
    }  # fmt: skip
    store.close()
    print(json.dumps(told), flush=True)


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def _timed(work: Callable[[], Result]) -> tuple[Result, float]:
    began = time.process_time()
    made = work()
    return made, time.process_time() - began


if __name__ == "__main__":
    main()
