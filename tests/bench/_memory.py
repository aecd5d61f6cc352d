"""Proportional set size of process trees, from /proc/PID/smaps_rollup: shared pages count once, over all that share."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SAMPLE_SECONDS = 0.05


def tree(pid: int) -> list[int]:
    """A process and all its descendants."""
    found = [pid]
    for known in found:
        for task in Path(f"/proc/{known}/task").glob("*/children"):
            try:
                found += [int(child) for child in task.read_text().split()]
            except OSError:
                continue
    return found


def pss_mb(pid: int) -> float:
    """PSS of a process tree in MB (10^6); a process that ends meanwhile counts nothing."""
    total = 0
    for member in tree(pid):
        try:
            lines = Path(f"/proc/{member}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total * 1024 / 1e6


class Peak:
    """The largest PSS seen, and all samples."""

    def __init__(self) -> None:
        self.samples: list[float] = []

    @property
    def largest(self) -> float:
        return max(self.samples, default=0.0)

    @property
    def median(self) -> float:
        return sorted(self.samples)[len(self.samples) // 2] if self.samples else 0.0


@contextmanager
def watched(pid: int) -> Iterator[Peak]:
    """Sample a process tree as long as the context is open."""
    peak, stop = Peak(), threading.Event()

    def sample() -> None:
        while not stop.wait(SAMPLE_SECONDS):
            peak.samples.append(pss_mb(pid))

    thread = threading.Thread(target=sample, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        stop.set()
        thread.join()
