"""Every figure of the register that an auditor pulls, part by part."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT / "tests" / "bench")]

import _register_pull  # noqa: E402 - the path comes first
from _figures import Figures  # noqa: E402

PARTS = (_register_pull.figures,)


def main() -> None:
    """Print all figures."""
    figures = Figures()
    for part in PARTS:
        part(figures)
    figures.done()


if __name__ == "__main__":
    main()
