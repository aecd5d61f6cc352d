"""Recognises what was erased by its keyed hash, and takes it out of what arrives before any of it is kept.

Reports come past a `Watch`, archives past a `Screen`. A value is remembered as HMAC-SHA-256 under a key from the key
file: a MAC has 48 bits and could be guessed from a digest without a key. It knows no journal and decides nothing.
"""

from __future__ import annotations

import hmac
import itertools
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from collector.store import Transaction, erasure, forgetting, tombstones
from collector.store.archive import Table
from collector.store.evidence import IncomingExamination, IncomingReport
from stocktake import wire
from stocktake.notations import Item, candidates, written
from stocktake.redaction import Redacted, Sought

SAID = "redacted: something of it was erased here on request"


class Keys(Protocol):
    """What the key file is for: see `intake.vault.Vault`."""

    def secret(self, purpose: str) -> bytes:
        """A secret for one purpose."""


def secret_of(keys: Keys, trust_id: str) -> bytes:
    """The key under which what a trust erased is remembered."""
    return keys.secret(f"erasure:{trust_id}")


def hashed(secret: bytes, value: Item) -> bytes:
    """What is remembered of one value."""
    return hmac.digest(secret, value.kind.encode() + b"\0" + value.octets, "sha256")


def keyed(keys: Keys, trust_id: str, items: Iterable[Item]) -> frozenset[bytes]:
    """What is remembered of values."""
    secret = secret_of(keys, trust_id)
    return frozenset(hashed(secret, each) for each in items)


# ------------------------------------------------------------------------------------------------ reports


class Watch:
    """Redacts what people wanted kept away, and in reports of the time before an erasure all that was erased.

    An agent may bring what it saw before it hears of the erasure. Empty, a watch costs nothing.
    """

    def __init__(self, secret: bytes, watched: Mapping[bytes, datetime | None]) -> None:
        """`watched`: keyed hash → when it was erased; None: to be kept away whenever it comes."""
        self._secret = secret
        self._always = frozenset(each for each, until in watched.items() if until is None)
        self._until = {each: until for each, until in watched.items() if until is not None}
        self._latest = max(self._until.values(), default=None)

    @classmethod
    def of(cls, connection: Transaction, trust_id: str, keys: Keys) -> Watch:
        """The watch of a trust as it stands."""
        return cls(secret_of(keys, trust_id), tombstones.watched(connection, trust_id))

    def __bool__(self) -> bool:
        return bool(self._always or self._until)

    def screen(self, reports: Sequence[IncomingReport]) -> list[IncomingReport]:
        """Reports without what must not be kept; the contents that change have another digest."""
        return [self._screened(each) for each in reports]

    def _screened(self, report: IncomingReport) -> IncomingReport:
        body, hashes = report.body, self._hashes(report.observe_time)
        if not isinstance(body, IncomingExamination) or not hashes:
            return report
        groups = []
        for group in body.groups:
            done = self._content(group.content, hashes)
            groups.append(replace(group, content=done.raw, digest=wire.digest(done.raw)) if done.places else group)
        sought = Sought(self._wanted(written(body.subject.mac), hashes))
        subject = replace(body.subject, mac="") if sought.items else body.subject
        return replace(report, body=replace(body, subject=subject, groups=tuple(groups)))

    def _hashes(self, observed: datetime) -> frozenset[bytes]:
        """What must not be kept of a time."""
        if self._latest is None or observed > self._latest:
            return self._always
        return self._always | {each for each, until in self._until.items() if observed <= until}

    def _content(self, raw: bytes, hashes: Collection[bytes]) -> Redacted:
        try:
            found = self._wanted(candidates(wire.decode_content(raw)), hashes) if raw else frozenset()
        except wire.WireError:
            found = frozenset()
        return Sought(found).redact(raw) if found else Redacted(raw, 0)

    def _wanted(self, items: Iterable[Item], hashes: Collection[bytes]) -> frozenset[Item]:
        return frozenset(each for each in items if hashed(self._secret, each) in hashes)


# ------------------------------------------------------------------------------------------------ archives

Cells = dict[str, Any]


@dataclass
class Screen:
    """Takes what was erased here out of the rows and contents of an archive, before they are put into the store."""

    sought: Sought
    touched: set[str] = field(default_factory=set)  # devices that a mark was taken from
    rows: int = 0
    _became: dict[bytes, bytes] = field(default_factory=dict)

    @classmethod
    def of(
        cls, connection: Transaction, trust_id: str, keys: Keys, rows: Iterable[tuple[Table, Cells]],
        contents: Iterable[tuple[bytes, bytes]],
    ) -> Screen:  # fmt: skip
        """A screen for these rows and contents (digest, bytes), all of which it looks through for what was erased."""
        erased = tombstones.hashes(connection, trust_id)
        if not erased:
            return cls(Sought(()))
        secret, found, seen = secret_of(keys, trust_id), set[Item](), set[Item]()
        of_rows = (erasure.values_in(table, row) for table, row in rows)
        for items in itertools.chain(of_rows, (erasure.content_items(raw) for _, raw in contents)):
            found |= {each for each in items - seen if hashed(secret, each) in erased}
            seen |= items
        return cls(Sought(found))

    def __bool__(self) -> bool:
        return bool(self.sought.items)

    def row(self, table: Table, row: Cells) -> Cells | None:
        """A row without what was erased; None where it is left out."""
        if not self:
            return row
        left = erasure.cleaned(table, row, self.sought)
        if table.name == "evidence" and left is not None and row["digest"] in self._became:
            left |= {"digest": self._became[row["digest"]], "detail": SAID}
        if left != row:
            self.rows += 1
            if table.name in ("claim", "identifier", "device"):
                self.touched.add(row["device_id"])
        return left

    def look_at(self, contents: Iterable[tuple[bytes, bytes]]) -> None:
        """Learn which contents (digest, bytes) change, so that rows of evidence can name the new ones."""
        for digest, raw in contents if self else ():
            new = wire.digest(self.sought.redact(raw).raw) if self.sought.may_hold(raw) else digest
            if new != digest:
                self._became[digest] = new

    def content(self, digest: bytes, raw: bytes) -> tuple[bytes, bytes]:
        """Digest and bytes of a content without what was erased."""
        return (self._became[digest], self.sought.redact(raw).raw) if digest in self._became else (digest, raw)

    def settle(self, connection: Transaction, trust_id: str) -> Counter[str]:
        """Once the rows are in the store: forget the devices that nothing else identifies; how many rows that were."""
        gone: Counter[str] = Counter()
        for device_id in sorted(self.touched):
            marks = erasure.marks_of(connection, trust_id, device_id)
            if not [1 for kind, _ in marks if kind != "LOCAL_MAC"]:
                gone += forgetting.forget_device(connection, trust_id, device_id)
        return gone


def recognised(connection: Transaction, trust_id: str, keys: Keys, wanted: Mapping[bytes, str]) -> dict[str, set[Item]]:
    """Erasure → the values of it that stand somewhere in the store; `wanted`: keyed hash → erasure."""
    secret = secret_of(keys, trust_id)
    found: dict[str, set[Item]] = {}
    seen: set[Item] = set()
    for items in _standing(connection, trust_id):
        for each in items - seen:
            seen.add(each)
            if owner := wanted.get(hashed(secret, each)):
                found.setdefault(owner, set()).add(each)
    return found


def _standing(connection: Transaction, trust_id: str) -> Iterator[frozenset[Item]]:
    yield from erasure.written_values(connection, trust_id)
    yield from erasure.content_values(connection, trust_id)
