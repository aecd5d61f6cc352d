"""RMON2 (RFC 4502), probe configuration: the software and hardware revision that switches of many makers tell there.

A weak witness beside a maker's own objects: some agents answer here with the version of their RMON code.
"""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import Ask, Statement, Walk

FIRMWARE, HARDWARE = "1.3.6.1.2.1.16.19.2.0", "1.3.6.1.2.1.16.19.3.0"  # probeSoftwareRev, probeHardwareRev

ASKS = (Ask("rmon", scalars=(FIRMWARE, HARDWARE)),)


def read(walk: Walk) -> Iterator[Statement]:
    """The revisions, as weak statements."""
    yield from walk.state("firmware", FIRMWARE, weight=25)
    yield from walk.state("hardware", HARDWARE, weight=25)
