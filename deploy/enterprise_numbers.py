"""Makes `collector/knowledge/enterprise_numbers.tsv.gz` from IANA's registry of private enterprise numbers.

    python deploy/enterprise_numbers.py FILE

FILE is IANA's text (number, organisation, contact and mail address on lines of their own, indented) or lines of
number TAB organisation. Numbers and organisations alone are kept: contacts are people. It fetches nothing itself.
"""

from __future__ import annotations

import gzip
import html
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

TARGET = Path(__file__).parent.parent / "collector/knowledge/enterprise_numbers.tsv.gz"
NOBODY = re.compile(r"(?i)^(reserved|unassigned|none|n/?a|-+|)$")
LONGEST = 64  # characters of a name


def entries(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Number and organisation of each entry, of either form."""
    number = None
    for line in lines:
        bare = line.rstrip("\r\n")
        table = re.match(r"(\d+)\t([^\t]+)", bare)
        if table:
            yield int(table[1]), table[2]
        elif bare.isdigit():
            number = int(bare)
        elif number is not None and re.match(r" {2}\S", bare):
            yield number, bare
            number = None


def packed(lines: Iterable[str]) -> bytes:
    """The file: `number TAB organisation` lines by number, compressed, the same for the same entries."""
    kept = {number: " ".join(html.unescape(name).split())[:LONGEST] for number, name in entries(lines)}
    rows = (f"{number}\t{kept[number]}\n" for number in sorted(kept) if number and not NOBODY.match(kept[number]))
    return gzip.compress("".join(rows).encode(), compresslevel=9, mtime=0)


def main() -> int:
    """Write the file that the collector ships."""
    if len(sys.argv) != 2:
        print("usage: python deploy/enterprise_numbers.py FILE", file=sys.stderr)
        return 2
    with Path(sys.argv[1]).open(encoding="utf-8", errors="replace") as lines:
        TARGET.write_bytes(packed(lines))
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
