"""Prints the figures of a benchmark, one a line: `figure value unit (must be …) HOLDS` or `SHORT`."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field


@dataclass
class Figures:
    """Collects figures; `done` ends the program with 1 where one is short."""

    short: list[str] = field(default_factory=list)

    def at_most(self, name: str, value: float, limit: float, unit: str) -> None:
        """A figure that must not be larger."""
        self._show(name, value, unit, f"must be at most {limit:g}", holds=value <= limit)

    def at_least(self, name: str, value: float, limit: float, unit: str) -> None:
        """A figure that must not be smaller."""
        self._show(name, value, unit, f"must be at least {limit:g}", holds=value >= limit)

    def exactly(self, name: str, value: float, wanted: float, unit: str) -> None:
        """A figure that must be this one."""
        self._show(name, value, unit, f"must be {wanted:g}", holds=value == wanted)

    def beside(self, name: str, value: float, unit: str) -> None:
        """A figure of a peer, or one that only informs."""
        print(f"{name} {_text(value)} {unit}", flush=True)

    def done(self) -> None:
        """Say which are short, and exit."""
        if self.short:
            print(f"SHORT: {', '.join(self.short)}", flush=True)
        sys.exit(1 if self.short else 0)

    def _show(self, name: str, value: float, unit: str, must: str, *, holds: bool) -> None:
        if not holds:
            self.short.append(name)
        print(f"{name} {_text(value)} {unit} ({must}) {'HOLDS' if holds else 'SHORT'}", flush=True)


def _text(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.{2 if abs(value) < 10 else 1}f}"
