"""Every figure of planning: how long a plan takes, with and without caps, how good it is, and what it needs.

Parts may be named as arguments; without any, all are run: `PYTHONPATH=.:proto python tests/bench/refresh.py capped`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("", "proto", "tests", "tests/collector", "tests/bench")]

import _refresh_capped  # noqa: E402 - the path comes first
import _refresh_gathered  # noqa: E402 - the same
import _refresh_pages  # noqa: E402
from _figures import Figures  # noqa: E402

#: what is measured, each by a function that prints its figures
PARTS: Mapping[str, Callable[[Figures], None]] = {
    "capped": _refresh_capped.figures,
    "gathered": _refresh_gathered.figures,
    "recomputed": _refresh_gathered.recomputed,
    "pages": _refresh_pages.figures,
}


def main(named: list[str]) -> None:
    """Print the figures of the parts that are named, or of all."""
    unknown = sorted(set(named) - set(PARTS))
    if unknown:
        sys.exit(f"there is no part {', '.join(unknown)}: name some of {', '.join(PARTS)}")
    figures = Figures()
    for name, part in PARTS.items():
        if not named or name in named:
            part(figures)
    figures.done()


if __name__ == "__main__":
    main(sys.argv[1:])
