"""Runs every walk of `../shared/corpus` through interpretation, scores the answers, and writes `tests/bench/corpus.md`.

Where the folder is absent it says so and ends well: the corpus is not part of the product.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT / "tests" / "bench")]

from _dated import Dated  # noqa: E402 - the path comes first
from _walks import CORPUS, SCORE, TRUTH, there, walks  # noqa: E402

from collector.interpret import ANSWERS, read_file  # noqa: E402

TABLE = ROOT / "tests" / "bench" / "corpus.md"
FIELDS = ("class", "maker", "model", "serial", "firmware")
Counts = Mapping[str, list[int]]  # field → right, wrong, unknown


def main() -> int:
    """Read, score, write."""
    if not there():
        print(f"no corpus in {CORPUS}: nothing is measured")
        return 0
    ages = Dated()
    written = page(score(answers(ages))) + dated_page(ages)
    TABLE.write_text(written, "utf-8")
    print(written)
    return 0


def answers(ages: Dated) -> Iterable[dict[str, Any]]:
    """What is said of each walk; nothing where a file holds no binding. `ages` takes in whether each is dated."""
    for name, content in walks():
        try:
            reading = read_file(f"{name}.snmprec", content)
        except ValueError:
            continue
        ages.count(name, reading)
        yield {"walk": name, **{answer: reading.value(answer) for answer in ANSWERS}}


def score(told: Iterable[dict[str, Any]]) -> dict[str, Mapping[str, Counts]]:
    """The tables of `score.py`: of schools by class and by family, and of all by class."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in told)
        lines.flush()
        return {
            "What schools own, by class": _scored(lines.name, "--school"),
            "What schools own, by family": _scored(lines.name, "--school", "--by", "family"),
            "All recorded devices, by class": _scored(lines.name),
        }


def _scored(path: str, *options: str) -> Mapping[str, Counts]:
    command = [sys.executable, str(SCORE), str(TRUTH), path, "--json", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    table: Mapping[str, Counts] = json.loads(done.stdout)
    return table


def share(counts: list[int]) -> float:
    """Percent that are right."""
    return 100 * counts[0] / max(sum(counts), 1)


def page(tables: Mapping[str, Mapping[str, Counts]]) -> str:
    """The tables as a page; each cell: percent right, of how many, how many wrong."""
    lines = ["# Recorded devices, scored", "", "`make corpus` wrote this. A cell is: percent right of how many"
             " (wrong answers; the rest said unknown)."]  # fmt: skip
    for title, table in tables.items():
        lines += ["", f"## {title}", "", "| | " + " | ".join(FIELDS) + " |", "|---" * (len(FIELDS) + 1) + "|"]
        for name in sorted(table, key=lambda key: (key == "ALL", key)):
            lines.append(
                f"| {name} | " + " | ".join(_cell(table[name].get(field, [0, 0, 0])) for field in FIELDS) + " |"
            )
    return "\n".join(lines) + "\n"


def dated_page(ages: Dated) -> str:
    """How many are dated, as tables."""
    lines = []
    for title, table in ages.tables().items():
        lines += ["", f"## {title}", "", "| | dated | of |", "|---|---|---|"]
        lines += [f"| {name} | {sum(found)} | {len(found)} |" for name, found in sorted(table.items())]
    return "\n".join(lines) + "\n"


def _cell(counts: list[int]) -> str:
    return f"{share(counts):.1f} of {sum(counts)} ({counts[1]})" if sum(counts) else "–"


if __name__ == "__main__":
    sys.exit(main())
