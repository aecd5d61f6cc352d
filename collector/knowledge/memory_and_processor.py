"""Memory and processor as the operating system sees them."""

from __future__ import annotations

from collections.abc import Iterator

from collector.facts import named_text, text
from collector.knowledge import Statement, Witness
from stocktake.values import MemoryAndProcessor

READS = MemoryAndProcessor


def read(content: MemoryAndProcessor, witness: Witness) -> Iterator[Statement]:
    """Size of the memory, brand and counts of the processor, and whether a hypervisor is below."""
    counts = {
        "processor.sockets": content.sockets,
        "processor.cores": content.cores,
        "processor.threads": content.threads,
    }
    yield from witness.fact("memory", content.memory_bytes, "memory", unit="bytes", weight=40)
    yield from witness.fact("processor", named_text(content.processor), "processor", weight=60)
    yield from witness.fact("processor.maker", text(content.processor_vendor), "processor_vendor")
    yield from witness.facts(counts, "processor")
    if content.hypervisor:
        yield from witness.fact("hypervisor", text(content.hypervisor), "hypervisor")
        # a hint only: Windows 11 runs above its own hypervisor on bare metal, too
        yield from witness.vote("virtual machine", 45, "hypervisor", "hypervisor")
