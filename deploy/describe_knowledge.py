"""Makes `docs/knowledge.md` from the knowledge files: what is recognised, what is asked, what is read.

    python deploy/describe_knowledge.py

What a file reads is what it said of the recorded devices in `tests/devices`. Nothing here depends on the day.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "proto")]

from collector import knowledge  # noqa: E402 - the path comes first
from collector.facts import CLASSES  # noqa: E402
from collector.interpret import read_file  # noqa: E402
from collector.knowledge import KnowledgeFile, Walk  # noqa: E402
from collector.knowledge.system import registered_maker  # noqa: E402
from collector.plan import compile_plan  # noqa: E402
from stocktake.values import Condition, PlanGroup  # noqa: E402

TARGET = ROOT / "docs" / "knowledge.md"
ENTERPRISES = "1.3.6.1.4.1."
MOST_NAMES = 6  # of one condition: a file for many small makers names dozens

HEAD = """# What the collector knows

`make generate` writes this page from `collector/knowledge/`; [add a device](add-a-device.md) tells how to add to it.

What a device answers is evidence, kept as it was sent. These files say what to ask and how to read the answers. Agents
get what is asked as a plan; they never have these files. Names, places and counters are asked; who is logged on, print
jobs, communities and keys never are.
"""


def page() -> str:
    """The whole page."""
    files, groups = knowledge.files(), compile_plan().groups
    said = _said()
    of_walks = [file for file in files if file.reads is Walk and file.read]
    lines = [
        HEAD,
        f"{len(files)} files, {len(groups)} groups of the walk plan, {sum(map(_size, groups)):,} objects.",
        "",
        "A device is one of: "
        + ", ".join(sorted(set(CLASSES) - {"unknown"}))
        + "; or unknown, where the evidence does not tell.",
        "",
        "## Read of what SNMP answers",
        "",
        "Facts are those that the file states of the recorded devices in `tests/devices`.",
        "",
        "| file | what | asked of | facts |",
        "|---|---|---|---|",
        *(f"| `{f.name}` | {_what(f)} | {_asked_of(f)} | {_facts(said.get(f.name, ()))} |" for f in of_walks),
        "",
        "## Read of other evidence, and concluded",
        "",
        "| file | what | reads |",
        "|---|---|---|",
        *(f"| `{f.name}` | {_what(f)} | {_reads(f)} |" for f in files if f not in of_walks),
        "",
        "## Asked",
        "",
        "In this order. A condition that is empty is met by every device.",
        "",
        "| | group | how often | asked of | single objects | columns |",
        "|---|---|---|---|---|---|",
        *(_group(group) for group in groups),
    ]
    return "\n".join(lines) + "\n"


def _said() -> dict[str, set[str]]:
    """Rule → facts it stated of a recorded device; a vote's rule carries its reason behind a dot."""
    said: dict[str, set[str]] = {}
    for path in sorted((ROOT / "tests" / "devices").glob("*/walk.snmprec")):
        for fact in read_file(path.parent.name, path.read_bytes()).facts:
            kind = fact.component.partition("/")[0]
            name = f"{kind}: {fact.name}" if kind else fact.name
            said.setdefault(fact.rule.partition(".")[0], set()).add(name)
    return said


def _facts(names: Iterable[str]) -> str:
    """Facts of the device, then by kind of component."""
    own = sorted(name for name in names if ": " not in name)
    kinds: dict[str, list[str]] = {}
    for name in sorted(name for name in names if ": " in name):
        kind, _, fact = name.partition(": ")
        kinds.setdefault(kind, []).append(fact)
    parts = [", ".join(own), *(f"{kind} ({', '.join(facts)})" for kind, facts in sorted(kinds.items()))]
    return "; ".join(part for part in parts if part) or "–"


def _what(file: KnowledgeFile) -> str:
    """The first paragraph of the file's docstring."""
    text = inspect.getdoc(importlib.import_module(f"collector.knowledge.{file.name}")) or ""
    return _cell(" ".join(text.split("\n\n")[0].split()))


def _reads(file: KnowledgeFile) -> str:
    return "what other files said" if file.read is None else f"`{file.reads.__name__}`"


def _asked_of(file: KnowledgeFile) -> str:
    return _cell(
        "; ".join(dict.fromkeys(_condition(ask.condition) for ask in file.asks)) or "(asks nothing of its own)"
    )


def _condition(condition: Condition) -> str:
    words = []
    if condition.object_id_prefixes:
        words.append(_names(condition.object_id_prefixes))
    if condition.answered:
        words.append(f"where {condition.answered} answered")
    if condition.value_oid:
        words.append(f"where {condition.value_oid} begins with {condition.value_prefix!r}")
    return ", ".join(words) or "every device"


def _names(prefixes: tuple[str, ...]) -> str:
    named = list(dict.fromkeys(_maker(prefix) for prefix in prefixes))
    more = f" and {len(named) - MOST_NAMES} more" if len(named) > MOST_NAMES else ""
    return ", ".join(named[:MOST_NAMES]) + more


def _maker(prefix: str) -> str:
    number = prefix.removeprefix(ENTERPRISES).partition(".")[0]
    name = registered_maker(number) if prefix.startswith(ENTERPRISES) else ""
    return f"{name or 'number'} ({prefix.removeprefix(ENTERPRISES)})"


def _size(group: PlanGroup) -> int:
    return len(group.scalars) + len(group.tables)


def _group(group: PlanGroup) -> str:
    condition = _cell(_condition(group.condition))
    return (
        f"| {group.number} | `{group.name}` | {group.cadence.name.lower()} | {condition} "
        f"| {len(group.scalars) or ''} | {len(group.tables) or ''} |"
    )


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> int:
    """Write the page."""
    TARGET.write_text(page(), "utf-8")
    print(f"{TARGET}: {len(TARGET.read_text('utf-8').splitlines())} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())
