"""What an operating system says of itself: name, version, build, when it was installed, what the machine is called."""

from __future__ import annotations

from collections.abc import Iterator

from collector.facts import named_text, text
from collector.knowledge import Statement, Witness
from stocktake.values import OperatingSystem

READS = OperatingSystem
#: words of an edition that tell a server from a personal computer
SERVER_WORDS = ("server", "datacenter", "hyper-v")


def read(content: OperatingSystem, witness: Witness) -> Iterator[Statement]:
    """The facts `os.…`, the host's name, and a hint of the class."""
    for name in ("product", "name", "version", "edition", "build", "kernel", "architecture"):
        yield from witness.fact(f"os.{name}", text(getattr(content, name)), name, weight=60)
    if content.install_time is not None:
        yield from witness.fact("os.install_time", content.install_time.isoformat(), "install_time")
    yield from witness.fact("name", named_text(content.host_name), "host_name", weight=70)
    told = f"{content.name} {content.edition}".lower()
    if any(word in told for word in SERVER_WORDS):
        yield from witness.vote("server", 60, "edition", "edition")
    elif content.product or content.name:
        yield from witness.vote("computer", 30, "operating_system", "product")
