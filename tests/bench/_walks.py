"""Recorded walks to measure on: those of `../shared/corpus` where it is there, else those of `tests/devices`."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
CORPUS = ROOT.parent / "shared" / "corpus"
SCORE = ROOT.parent / "shared" / "tools" / "score.py"
TRUTH = CORPUS / "truth.jsonl.xz"


def there() -> bool:
    """Whether the corpus is on this machine."""
    return (CORPUS / "walks.tar.xz").is_file() and TRUTH.is_file() and SCORE.is_file()


def walks() -> Iterator[tuple[str, bytes]]:
    """Name and content of each recording; of the corpus without the per-VLAN contexts, which are parts of others."""
    if not there():
        for path in sorted((ROOT / "tests" / "devices").glob("*/walk.snmprec")):
            yield path.parent.name, path.read_bytes()
        return
    with tarfile.open(CORPUS / "walks.tar.xz") as packed:
        for member in packed:
            content = packed.extractfile(member) if member.name.endswith(".snmprec") else None
            if content is not None and "@" not in member.name:
                yield Path(member.name).name.removesuffix(".snmprec"), content.read()
