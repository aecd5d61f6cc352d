"""Waits for what happens in another thread or process: as long as it takes, and not for ever."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")


def eventually(look: Callable[[], Found], seconds: float = 10.0) -> Found:
    """What is found as soon as something is; fails where nothing is until then."""
    until = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < until, f"nothing came within {seconds:g} s"
        time.sleep(0.01)
    return found
