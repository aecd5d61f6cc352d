"""HOST-RESOURCES-MIB (RFC 2790): memory, storage and processors of computers, and of much else."""

from __future__ import annotations

from collections.abc import Iterator

from collector.knowledge import LONGEST_INDEX, Ask, Statement, Walk
from collector.readers import as_text

MEMORY = "1.3.6.1.2.1.25.2.2.0"  # hrMemorySize, in units of 1,024 bytes
STORAGE = "1.3.6.1.2.1.25.2.3.1"
TYPE, DESCRIPTION, UNIT, SIZE, USED = (f"{STORAGE}.{number}" for number in (2, 3, 4, 5, 6))
DEVICE_TYPE, DEVICE_DESCRIPTION = "1.3.6.1.2.1.25.3.2.1.2", "1.3.6.1.2.1.25.3.2.1.3"
TYPE_PROCESSOR = "1.3.6.1.2.1.25.3.1.3"

ASKS = (
    Ask(
        "host_resources",
        scalars=(MEMORY,),
        tables=(TYPE, DESCRIPTION, UNIT, SIZE, USED, DEVICE_TYPE, DEVICE_DESCRIPTION),
    ),
)

#: the last number of hrStorageType → word
TYPES = {"2": "ram", "3": "swap", "4": "fixed disk", "5": "removable disk", "6": "floppy", "7": "optical disc",
         "8": "ram disk", "9": "flash", "10": "network disk"}  # fmt: skip
MOST_VOLUMES = 128
MOST_PROCESSORS = 256


def read(walk: Walk) -> Iterator[Statement]:
    """Memory of the device, its volumes and processors as components, and a hint that it is a computer."""
    kilobytes = walk.integer(MEMORY)
    if kilobytes is not None and kilobytes > 0:
        yield from walk.fact("memory", kilobytes * 1024, MEMORY, unit="bytes")
    disks = 0
    for index in list(walk.column(DESCRIPTION))[:MOST_VOLUMES]:
        disks += _kind(walk, index) == "fixed disk"
        yield from _volume(walk, index[:LONGEST_INDEX])
    processors = [i for i in walk.column(DEVICE_TYPE) if walk.text(f"{DEVICE_TYPE}.{i}") == TYPE_PROCESSOR][
        :MOST_PROCESSORS
    ]
    for index in processors:
        yield from walk.state("name", f"{DEVICE_DESCRIPTION}.{index}", component=f"processor/{index[:LONGEST_INDEX]}")
    if disks and processors:
        yield from walk.vote("server", 15, "disks_and_processors", STORAGE)


def _kind(walk: Walk, index: str) -> str:
    return TYPES.get(walk.text(f"{TYPE}.{index}").rpartition(".")[2], "")


def _volume(walk: Walk, index: str) -> Iterator[Statement]:
    component = f"volume/{index}"
    yield from walk.state("name", f"{DESCRIPTION}.{index}", read=as_text, component=component)  # such as "/"
    yield from walk.fact("type", _kind(walk, index), f"{TYPE}.{index}", component=component)
    unit = walk.integer(f"{UNIT}.{index}")
    for name, column in (("size", SIZE), ("used", USED)):
        count = walk.integer(f"{column}.{index}")
        if count is not None and unit and unit > 0:
            # an Integer32 that a volume of many terabytes has run over
            octets = (count if count >= 0 else count + (1 << 32)) * unit
            yield from walk.fact(name, octets, f"{column}.{index}", component=component, unit="bytes")
