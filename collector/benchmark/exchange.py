"""The file by which trusts compare themselves: its form, how it is written, and how one that came is read. Pure.

The form is the types below; `docs/benchmark.schema.json`, which is published, is made of them, and a test holds the two
together. A file is of a trust's sums, or says that a trust left. It has a trust's random id, and its name only if the
owner gave one; it has no school, no device, and nothing that a device sends. Its digest tells whether it came whole; it
proves nobody: who a file is from is known by who brought it. What proves that a trust itself leaves is the secret whose
SHA-256 its sums bear as `seal`.
"""

from __future__ import annotations

import hashlib
import re
from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from collector.benchmark.measures import BY_KEY
from collector.benchmark.similar import GROUPS
from collector.errors import CollectorError
from collector.facts import text

FORMAT: Literal["stocktake-benchmark"] = "stocktake-benchmark"
VERSION: Literal[1] = 1
#: octets of a file, and characters of what people write in it
LARGEST, MOST_NAME, MOST_NOTE = 256 * 1024, 120, 2_000
MOST_CELLS = len(GROUPS) * len(BY_KEY)
MOST_HUNDREDTHS = 10_000_000

Id = Annotated[str, Meta(pattern="^[0-9a-hjkmnp-tv-z]{12,36}$", description="random, of a trust in this exchange")]
Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$", description="SHA-256")]
Hundredths = Annotated[int, Meta(ge=0, le=MOST_HUNDREDTHS, description="whole hundredths of the measure's unit")]
Group = Literal["nursery", "primary", "secondary", "all-through", "post-16", "special", "alternative provision"]
Key = Annotated[
    str, Meta(pattern="^[a-z_]{1,24}(:[a-z ]{1,24})?$", description="a measure, and a class where it has one")
]


class Cell(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One measure of the schools of one phase group. `unknown`: the median of the schools' shares that do not tell."""

    group: Group
    measure: Key
    schools: Annotated[int, Meta(ge=5, le=100_000)]
    quarter: Hundredths
    half: Hundredths
    three_quarters: Hundredths
    unknown: Annotated[int, Meta(ge=0, le=100)]
    as_of: date


class File(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="sums"):
    """A trust's sums. `name`, `note`: what its owner wrote: the trust's name, and what worked; both may be empty."""

    format: Literal["stocktake-benchmark"]
    version: Literal[1]
    trust: Id
    issued: date
    seal: Digest
    cells: Annotated[tuple[Cell, ...], Meta(max_length=MOST_CELLS)]
    digest: Digest
    name: Annotated[str, Meta(max_length=MOST_NAME)] = ""
    note: Annotated[str, Meta(max_length=MOST_NOTE)] = ""


class Leaving(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="left"):
    """A trust left: whoever has its sums deletes them. `secret`: its SHA-256 is the seal of the trust's sums."""

    format: Literal["stocktake-benchmark"]
    version: Literal[1]
    trust: Id
    issued: date
    secret: Annotated[str, Meta(pattern="^[0-9a-hjkmnp-tv-z]{24,64}$")]
    digest: Digest


class _Head(msgspec.Struct):
    format: Any = None
    version: Any = None


def seal(secret: str) -> str:
    """What sums bear of the secret by which their trust leaves."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def digest(said: File | Leaving) -> str:
    """SHA-256 of a file as JSON with an empty digest: keys sorted, no space, UTF-8."""
    return hashlib.sha256(msgspec.json.encode(msgspec.structs.replace(said, digest=""), order="sorted")).hexdigest()


def write(said: File | Leaving) -> bytes:
    """A file with its digest, as it leaves."""
    whole = msgspec.structs.replace(said, digest=digest(said))
    return msgspec.json.format(msgspec.json.encode(whole), indent=1) + b"\n"


def read(content: bytes) -> File | Leaving:
    """A file that somebody brought; CollectorError says what is wrong with it."""
    if len(content) > LARGEST:
        raise CollectorError(f"the file is larger than {LARGEST // 1024} kB, which no file of sums is")
    try:
        head = msgspec.json.decode(content, type=_Head)
        if head.format != FORMAT:
            raise CollectorError("it is no file of a benchmark: ask the trust for what its collector exports")
        if head.version != VERSION:
            said = text(str(head.version), 20)
            raise CollectorError(f"it has version {said} and this collector reads version {VERSION}")
        found: File | Leaving = msgspec.json.decode(content, type=File | Leaving)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise CollectorError(f"the file is not as its form has it: {text(str(error), 200)}") from None
    if digest(found) != found.digest:
        raise CollectorError("the file is not what was written: its digest is another; have it sent again")
    return _checked(found) if isinstance(found, File) else found


def _checked(found: File) -> File:
    """What the form cannot say: each cell once, quartiles in order, and no control characters in what people wrote."""
    if len({(cell.group, cell.measure) for cell in found.cells}) != len(found.cells):
        raise CollectorError("the file tells a measure of a group twice")
    if any(not cell.quarter <= cell.half <= cell.three_quarters for cell in found.cells):
        raise CollectorError("the file has quartiles that are not in order")
    return msgspec.structs.replace(found, name=text(found.name, MOST_NAME), note=note(found.note))


def note(said: str) -> str:
    """What people wrote, line by line without control characters."""
    lines = (text(line, MOST_NOTE) for line in said.replace("\r\n", "\n").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()[:MOST_NOTE]


def schema() -> dict[str, Any]:
    """The form as JSON Schema (2020-12)."""
    made = msgspec.json.schema(File | Leaving)
    about = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Stocktake benchmark file, version 1",
        "description": "Sums of a trust's schools by phase group, for comparison between trusts; see docs/benchmark.md",
    }
    return about | made
