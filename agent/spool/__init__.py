"""The spool: one SQLite file in which reports wait until the collector has them.

It does not know who sends the reports or when, and nothing of what they mean but whether a content is as it was before.
One connection, one thread, one file. Invariants, in the order in which they matter:

1.  `put` returns after its commit is on disk (WAL, synchronous=FULL). What was put is sent, or a gap says that it is
    not.
2.  A sequence number is used once in a stream, and its bytes never change: the collector tells repetitions by it.
    Only what people had erased is taken out of them, in place: the number stays, and whatever else the report says.
    Numbers run from 1 without holes; what is lost is named by a gap, which takes a number of its own at the end.
3.  A file made anew is a new stream with a new random name. So is a file that is damaged, belongs to another agent, or
    is an old copy of itself (`spool.mark` beside it tells, and so does a receipt for numbers never given out).
4.  A damaged file is set aside as `spool.corrupt.<time>`, what can be read of it is saved into the new stream, and a
    gap says so. Every row has a checksum: one bad row costs one row. The agent always starts.
5.  What is acknowledged is kept for a while, so that the collector can ask for it again, and is else never sent again.
6.  The file never grows beyond its quota. First what is acknowledged goes, then the oldest volatile reports, then the
    oldest. A full disk is met with a ballast file, so that there is room to get rid of things.
7.  A content that the collector holds travels as its digest; it is forgotten when the report that carried it is lost.
"""

from __future__ import annotations

import itertools
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from agent.clock import Clock
from agent.contents import Key, holds, slimmed, unchanged_keys
from agent.errors import SpoolFull
from agent.spool.file import GAP, LASTING, PAGE_BYTES, VOLATILE, SpoolFile, check_sqlite, checksum
from stocktake.redaction import Sought
from stocktake.values import Examination, Gap, Report
from stocktake.wire import WireError, decode_report, encode_report

__all__ = ["Spool", "SpoolNumbers", "check_sqlite"]

_KNOWN_CONTENTS_LIMIT = 50_000
_AT_ONCE = 16  # rows of one transaction: on a full disk the log has no more room than the ballast gave it

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SpoolNumbers:
    """How the spool is: reports waiting, its file's size, reports lost since it was made, age of the oldest waiting."""

    pending_reports: int
    file_bytes: int
    dropped_reports: int
    oldest_seconds: float | None


class Spool:
    """The reports of one agent that wait, and those kept for a replay. Close it, or just die: both are safe.

    `owner` is the agent's id. `limit_bytes` bounds the file with its log, `keep_seconds` what is acknowledged.
    """

    def __init__(
        self,
        path: Path,
        owner: str,
        *,
        limit_bytes: int = 64 * 10**6,
        keep_seconds: float = 48 * 3600,
        clock: Clock | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        # a part of the limit is the write-ahead log's
        page_limit = max(64, (limit_bytes - min(2 * 10**6, limit_bytes // 4)) // PAGE_BYTES)
        self._keep_seconds = keep_seconds
        self._now = now
        self._unkept = 0
        self._delivered: set[tuple[str, int]] = set()  # gaps, by stream and sequence, that this process has sent
        self._file = SpoolFile(path, owner, page_limit, clock or Clock(), now)
        self._file.safely(self._drop_damaged)

    @property
    def stream_id(self) -> str:
        """The random name of this file's stream. A new one may begin at any call."""
        return self._file.meta.stream_id

    @property
    def acknowledged(self) -> int:
        """The highest sequence up to which all is done with."""
        return self._file.meta.acknowledged

    @property
    def renewals(self) -> int:
        """How often this process had to begin a new stream."""
        return self._file.renewals

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    # -------------------------------------------------------------------------------------------- reports in

    def put(self, report: Report, *, volatile: bool = False) -> int:
        """Store a report durably and return its sequence. `volatile` ones go first where there is no room.

        Raises:
            SpoolFull: there is no room; the loss is counted and becomes a gap as soon as there is.
        """
        try:
            return self._file.safely(lambda: self._put(report, VOLATILE if volatile else LASTING))
        except SpoolFull:
            self._unkept += 1
            raise

    def _put(self, report: Report, rank: int) -> int:
        fresh: dict[Key, bytes] = {}
        if isinstance(report.body, Examination):
            slim, fresh = slimmed(report.body, self._known)
            report = replace(report, body=slim)
        raw = encode_report(report)
        with self._file.transaction():
            self._make_room(len(raw))
            self._admit_unkept()
            sequence = self._file.insert(rank, raw)
            self._file.db.executemany(
                "INSERT OR REPLACE INTO content VALUES (?, ?, ?)",
                [(key, found, sequence) for key, found in fresh.items()],
            )
        self._unkept = 0
        return sequence

    def _known(self, key: Key) -> bytes | None:
        row = self._file.row("SELECT digest FROM content WHERE key = ?", key)
        return row[0] if row else None

    def _admit_unkept(self) -> None:
        if self._unkept:
            self._file.insert_gap(0, 0, f"{self._unkept} reports could not be kept because there was no room")
            self._file.meta = replace(self._file.meta, dropped=self._file.meta.dropped + self._unkept)

    # -------------------------------------------------------------------------------------------- reports out

    def pending(self, limit_bytes: int = 256 * 1024, limit_reports: int = 500) -> list[tuple[int, bytes]]:
        """What should be sent next, in order of sequence; gaps come before all else. At least one, if any waits."""
        return self._file.safely(lambda: self._pending(limit_bytes, limit_reports))

    def _pending(self, limit_bytes: int, limit_reports: int) -> list[tuple[int, bytes]]:
        batch: list[tuple[int, bytes]] = []
        damaged: list[int] = []
        size = 0
        for sequence, expected, raw in itertools.chain(self._waiting("rank = 0"), self._waiting("rank <> 0")):
            if (self.stream_id, sequence) in self._delivered:
                continue
            if expected != checksum(sequence, raw):
                damaged.append(sequence)
                continue
            size += len(raw)
            if batch and (size > limit_bytes or len(batch) >= limit_reports):
                break
            batch.append((sequence, raw))
        self._lose(damaged, "the report was damaged on disk")
        return sorted(batch)

    def _waiting(self, condition: str) -> Iterator[tuple[int, int, bytes]]:
        query = f"SELECT sequence, checksum, body FROM report WHERE sequence > ? AND {condition} ORDER BY sequence"  # noqa: S608  # two fixed texts
        yield from self._file.db.execute(query, (self._file.meta.acknowledged,))

    def acknowledge(self, highest_contiguous: int, delivered: Iterable[int] = ()) -> None:
        """Note a receipt: all up to `highest_contiguous` is done; gaps among `delivered` need not come first again."""
        self._delivered |= self._gaps_among(delivered)
        self._file.safely(lambda: self._acknowledge(highest_contiguous))

    def _acknowledge(self, highest: int) -> None:
        meta = self._file.meta
        if highest > meta.last:
            reason = (
                f"the collector has {highest} reports of this stream, the file only {meta.last}: it was an old copy"
            )
            self._file.renew(reason, keep=False)
        elif highest > meta.acknowledged:
            with self._file.transaction():
                self._file.meta = replace(meta, acknowledged=highest)
                self._file.db.execute("INSERT OR REPLACE INTO receipt VALUES (?, ?)", (highest, self._now()))
            self._file.note_mark()
            self._delivered = {each for each in self._delivered if each[0] == self.stream_id and each[1] > highest}

    def _gaps_among(self, sequences: Iterable[int]) -> set[tuple[str, int]]:
        gaps = self._chosen("rank = 0 AND sequence > ?", self._file.meta.acknowledged)
        return {(self.stream_id, sequence) for sequence in set(gaps) & set(sequences)}

    def refuse(self, sequence: int, *, content_unknown: bool = False) -> None:
        """Drop a report that the collector did not accept; with `content_unknown` its contents go in full next time."""
        self._file.safely(lambda: self._refuse(sequence, content_unknown=content_unknown))

    def _refuse(self, sequence: int, *, content_unknown: bool) -> None:
        row = self._file.row("SELECT body FROM report WHERE sequence = ?", sequence)
        if row is None:
            return
        body = _body(row[0])
        with self._file.transaction():
            if content_unknown and isinstance(body, Examination):
                keys = [(key,) for key in unchanged_keys(body)]
                self._file.db.executemany("DELETE FROM content WHERE key = ?", keys)
            self._file.db.execute("DELETE FROM content WHERE sequence = ?", (sequence,))
            self._file.delete(sequence)

    def give_up(self, sequence: int, reason: str) -> bool:
        """Replace a report that can never be sent by a gap; False for a gap, which nothing can stand for."""
        return self._file.safely(lambda: self._give_up(sequence, reason))

    def _give_up(self, sequence: int, reason: str) -> bool:
        if self._file.row("SELECT 1 FROM report WHERE sequence = ? AND rank = ?", sequence, GAP):
            return False
        self._lose([sequence], reason)
        return True

    def replay_from(self, sequence: int) -> None:
        """Send again from here what is still kept; a gap stands for what is not."""
        self._file.safely(lambda: self._replay_from(sequence))

    def _replay_from(self, sequence: int) -> None:
        meta = self._file.meta
        if not 0 < sequence <= meta.last:
            return
        with self._file.transaction():
            self._file.meta = replace(meta, acknowledged=min(meta.acknowledged, sequence - 1))
            self._file.db.execute("DELETE FROM receipt WHERE sequence >= ?", (sequence,))
            self._cover_holes("it was asked for again, but is no longer kept")
        self._delivered.clear()

    def erase(self, digests: Iterable[bytes]) -> int:
        """Forget contents that people had erased, with the reports that hold one; how many reports that were."""
        return self._file.safely(lambda: self._erase(frozenset(digests)))

    def _erase(self, digests: frozenset[bytes]) -> int:
        if not digests:
            return 0
        rows = self._file.db.execute("SELECT sequence, body FROM report WHERE rank <> ?", (GAP,))
        found = [n for n, raw in rows if isinstance(body := _body(raw), Examination) and holds(body, digests)]
        with self._file.transaction():
            self._lose(found, "it was erased at the collector")
            self._file.db.executemany("DELETE FROM content WHERE digest = ?", [(each,) for each in digests])
        return len(found)

    def redact(self, sought: Sought) -> int:
        """Take values out of every report that is kept, and out of the file; how many reports that were.

        What the collector holds is forgotten as well, for a digest could be guessed from: all travels in full again.
        """
        return self._file.safely(lambda: self._redact(sought))

    def _redact(self, sought: Sought) -> int:
        rows = self._file.db.execute("SELECT sequence, body FROM report WHERE rank <> ?", (GAP,))
        found = [n for n, raw in rows if sought.redact_report(raw).places]
        for chunk in (found[start : start + _AT_ONCE] for start in range(0, len(found), _AT_ONCE)):
            with self._file.transaction():
                for sequence in chunk:
                    self._redact_one(sequence, sought)
        with self._file.transaction():
            self._file.db.execute("DELETE FROM content")
        self._file.leave_no_trace()
        return len(found)

    def _redact_one(self, sequence: int, sought: Sought) -> None:
        row = self._file.row("SELECT body FROM report WHERE sequence = ?", sequence)
        if row is None:
            return
        redacted = sought.redact_report(row[0]).raw
        if redacted:
            self._file.rewrite(sequence, redacted)
        else:
            self._lose([sequence], "what could be read of it was erased")

    # -------------------------------------------------------------------------------------------- room

    def prune(self) -> None:
        """Delete what was acknowledged long ago, and bring back the ballast. Call it now and then."""
        self._file.safely(self._prune)
        self._file.lay_ballast()

    def _prune(self) -> None:
        old = "SELECT max(sequence) FROM receipt WHERE receive_time < ? AND sequence <= ?"
        (through,) = self._file.row(old, self._now() - self._keep_seconds, self._file.meta.acknowledged) or (None,)
        sequences = self._chosen("sequence <= ?", through or 0)
        for chunk in (sequences[start : start + _AT_ONCE] for start in range(0, len(sequences), _AT_ONCE)):
            with self._file.transaction():
                for sequence in chunk:
                    self._file.delete(sequence)
        with self._file.transaction():
            self._file.db.execute("DELETE FROM receipt WHERE sequence <= ?", (through or 0,))
            self._file.db.execute(
                "DELETE FROM content WHERE key IN (SELECT key FROM content ORDER BY sequence DESC LIMIT -1 OFFSET ?)",
                (_KNOWN_CONTENTS_LIMIT,),
            )

    def numbers(self) -> SpoolNumbers:
        """How the spool is, for Sync and for `status`."""
        query = "SELECT count(*), min(put_time) FROM report WHERE sequence > ?"
        count, oldest = self._file.safely(lambda: self._file.row(query, self._file.meta.acknowledged)) or (0, None)
        path = self._file.path
        files = (path, path.with_name(path.name + "-wal"))
        size = sum(file.stat().st_size for file in files if file.exists())
        age = None if oldest is None else max(0.0, self._now() - oldest)
        return SpoolNumbers(count, size, self._file.meta.dropped + self._unkept, age)

    def _make_room(self, need_bytes: int) -> None:
        # rows spill into whole pages; the indexes and gaps that come with them need a few more
        need = need_bytes // (PAGE_BYTES - 64) + 16
        target = (need + 64) * PAGE_BYTES
        if self._file.free_pages() < need:
            for sequence in self._oldest("sequence <= ?", "sequence", target):
                self._file.delete(sequence)
        while self._file.free_pages() < need:
            # what shares a page with what stays frees none, so this may take several rounds
            victims = self._oldest("sequence > ? AND rank > 0", "rank DESC, sequence", target)
            if not victims:
                raise SpoolFull(f"A report of {need_bytes} bytes does not fit into the spool.")
            self._lose(victims, "the spool was full")

    def _oldest(self, condition: str, order: str, target_bytes: int) -> list[int]:
        query = f"SELECT sequence, length(body) + 64 FROM report WHERE {condition} ORDER BY {order}"  # noqa: S608  # fixed texts
        found: list[int] = []
        for sequence, size in self._file.db.execute(query, (self._file.meta.acknowledged,)):
            if target_bytes <= 0:
                break
            found.append(sequence)
            target_bytes -= size
        return found

    def _chosen(self, condition: str, value: int) -> list[int]:
        query = f"SELECT sequence FROM report WHERE {condition} ORDER BY sequence"  # noqa: S608  # fixed texts
        return [sequence for (sequence,) in self._file.db.execute(query, (value,))]

    # -------------------------------------------------------------------------------------------- losses

    def _lose(self, sequences: Iterable[int], reason: str) -> None:
        """Delete rows for good; for what was not acknowledged yet, a gap is put."""
        sequences = list(sequences)
        if sequences:
            with self._file.transaction():
                for sequence in sequences:
                    self._file.delete(sequence)
                self._cover_holes(reason)

    def _cover_holes(self, reason: str) -> None:
        """Put a gap for every number after the acknowledged ones that has neither row nor gap."""
        meta = self._file.meta
        rows = [(n, n) for n in self._chosen("sequence > ?", meta.acknowledged)]
        query = "SELECT gap_first, gap_last FROM report WHERE sequence > ? AND rank = 0"
        gaps = [(first, last) for first, last in self._file.db.execute(query, (meta.acknowledged,))]
        position = meta.acknowledged + 1
        dropped = 0
        for first, last in [*sorted(rows + gaps), (meta.last + 1, meta.last + 1)]:
            if first > position:
                self._file.insert_gap(position, first - 1, reason)
                dropped += first - position
            position = max(position, last + 1)
        if not dropped:
            return
        self._file.meta = replace(self._file.meta, dropped=self._file.meta.dropped + dropped)
        _log.warning("spool: %d reports will never be sent: %s", dropped, reason)

    def _drop_damaged(self) -> None:
        rows = self._file.db.execute("SELECT sequence, checksum, body FROM report")
        self._lose([n for n, expected, raw in rows if expected != checksum(n, raw)], "the report was damaged on disk")


def _body(raw: bytes) -> Examination | Gap | None:
    try:
        return decode_report(raw).body
    except WireError:
        return None
