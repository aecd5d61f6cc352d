"""A file that raises as it is read."""

from __future__ import annotations

raise RuntimeError("broken")
