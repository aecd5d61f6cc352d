"""What changes all the time on a machine: load, memory in use, uptime, volumes."""

from __future__ import annotations

from collections.abc import Iterator

from collector.facts import text
from collector.knowledge import Statement, Witness
from stocktake.values import Load

READS = Load
MOST_VOLUMES = 128
SPANS = (1, 5, 15)  # minutes


def read(content: Load, witness: Witness) -> Iterator[Statement]:
    """Readings of the machine, and every volume as a component."""
    for minutes, average in zip(SPANS, content.averages, strict=False):
        yield from witness.fact(f"load_{minutes}_minutes", average, "averages")
    yield from witness.fact("processor_load", content.processor_percent, "processor", unit="percent")
    yield from witness.fact("memory_used", content.memory_used_bytes, "memory", unit="bytes")
    yield from witness.fact("uptime", content.uptime_seconds, "uptime", unit="seconds")
    for volume in content.volumes[:MOST_VOLUMES]:
        told = {
            "name": text(volume.mount),
            "file_system": text(volume.file_system, 32),
            "size [bytes]": volume.size_bytes,
            "used [bytes]": volume.used_bytes,
        }
        yield from witness.facts(told, volume.mount, component=f"volume/{text(volume.mount, 64)}")
