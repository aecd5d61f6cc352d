"""Which volumes a device has to keep room on: what it lists beside them, memory and images of discs, is full by design.

HOST-RESOURCES-MIB (RFC 2790) lists memory among storage, and agents list every mount. It is told words and knows no
device and no limit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

WORDS = ("name", "type", "file_system")  # that tell a volume from memory
#: what is full by design, or nobody's to empty: words of hrStorageType, and file systems of images and of memory
NOT_COUNTED = frozenset({
    "ram", "swap", "removable disk", "optical disc", "floppy", "ram disk", "flash", "squashfs", "iso9660", "udf",
    "tmpfs", "devtmpfs", "ramfs", "overlay", "cdfs", "cramfs", "erofs",
})  # fmt: skip
#: the same by name, where the type is of another kind: net-snmp tells buffers as `other` and tmpfs as a fixed disk
MEMORY = re.compile(
    r"\b(memory|swap|ram|tmpfs|devfs|procfs)\b|^/dev(/shm|/mqueue)?$"
    r"|^/(run|proc|sys|snap|rom|var/volatile)(/|$)|mounted on: /(dev|proc|packages)(/|$)",
    re.IGNORECASE,
)


def is_counted(words: Mapping[str, Any]) -> bool:
    """Whether it matters how full a volume of these WORDS is: memory and images of discs are full by design."""
    said = {str(words.get(name, "")).lower() for name in ("type", "file_system")}
    return not said & NOT_COUNTED and not MEMORY.search(str(words.get("name", "")))
