"""The spool's file: how it is opened, checked, written in whole transactions, set aside and made anew.

This module knows rows, numbers and checksums, and neither when a report is sent nor which one goes first. It keeps the
invariants 1 to 4 of the spool.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import secrets
import shutil
import zlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import apsw

from agent.clock import Clock
from agent.errors import SpoolBusy, SpoolError, SpoolFull, SpoolUnsafe
from agent.state import sync_directory, write_atomically
from stocktake.values import Gap
from stocktake.wire import encode_report

GAP, LASTING, VOLATILE = 0, 1, 2  # ranks: where there is no room, the highest goes first and a gap never

PAGE_BYTES = 4096
_BALLAST_BYTES = 1024 * 1024  # more than the log between two checkpoints, which must have room even on a full disk
_QUARANTINED_FILES_LIMIT = 2

_SCHEMA = """
PRAGMA user_version = 1;
CREATE TABLE meta (one INTEGER PRIMARY KEY CHECK (one = 1), body TEXT NOT NULL, checksum INTEGER NOT NULL) STRICT;
CREATE TABLE report (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT, put_time REAL NOT NULL, rank INTEGER NOT NULL,
    gap_first INTEGER, gap_last INTEGER, checksum INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
CREATE INDEX report_gap ON report (sequence) WHERE rank = 0;
CREATE TABLE receipt (sequence INTEGER PRIMARY KEY, receive_time REAL NOT NULL) STRICT;
CREATE TABLE content (key BLOB PRIMARY KEY, digest BLOB NOT NULL, sequence INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX content_sequence ON content (sequence);
"""

_DAMAGE = (apsw.CorruptError, apsw.NotADBError, apsw.SQLError, ValueError, TypeError)

_log = logging.getLogger(__name__)
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Meta:
    """What a stream is besides its rows. `rows` and `last` are there to notice when rows vanish."""

    stream_id: str
    owner: str
    last: int = 0
    rows: int = 0
    acknowledged: int = 0
    dropped: int = 0


def check_sqlite(version: str | None = None) -> None:
    """Raise SpoolUnsafe for a SQLite that can lose commits: the WAL-reset bug of 3.7.0 to 3.51.2, backports apart."""
    found = version or apsw.sqlite_lib_version()
    major, minor, patch = [*(int(part) for part in found.split(".")), 0, 0][:3]
    backport = {(3, 50): 7, (3, 44): 6}.get((major, minor))
    if (major, minor, patch) < (3, 51, 3) and (backport is None or patch < backport):
        raise SpoolUnsafe(f"SQLite {found} can lose what was stored; install apsw 3.51.3 or newer.")


def checksum(sequence: int, raw: bytes) -> int:
    """What a row must match: its bytes, at its place."""
    return zlib.crc32(raw, sequence & 0xFFFFFFFF)


class SpoolFile:
    """One open file. `db` and `meta` are for `agent.spool` alone; `meta` changes only inside `transaction`."""

    def __init__(self, path: Path, owner: str, page_limit: int, clock: Clock, now: Callable[[], float]) -> None:
        check_sqlite()
        self.path = path
        self.page_limit = page_limit
        self.meta = Meta("", owner)
        self.renewals = 0
        self._owner = owner
        self._clock = clock
        self._now = now
        self._mark = path.with_name("spool.mark")
        self._ballast = path.with_name("spool.ballast")
        self._laid = self._ballast.exists()
        self._connection: apsw.Connection | None = None
        self._start()

    @property
    def db(self) -> apsw.Connection:
        """The one connection."""
        if self._connection is None:
            raise SpoolError(f"The spool {self.path} is closed.")
        return self._connection

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close(True)  # noqa: FBT003  # apsw's own parameter: close it in any case
            self._connection = None

    def row(self, query: str, *values: Any) -> tuple[Any, ...] | None:
        """The first row of a query, or None."""
        found: tuple[Any, ...] | None = self.db.execute(query, values).fetchone()
        return found

    # -------------------------------------------------------------------------------------------- writing

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, on disk when left; inside another one it is a part of that."""
        db = self.db
        if db.in_transaction:
            yield
            return
        before = self.meta
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
            if self.meta != before:
                self._write_meta(db)
            db.execute("COMMIT")
        except BaseException:
            self.meta = before
            with contextlib.suppress(apsw.Error):
                db.execute("ROLLBACK")
            # a COMMIT that failed may have been one all the same
            with contextlib.suppress(apsw.Error, *_DAMAGE):
                self.meta = _read_meta(db)
            raise

    def safely(self, action: Callable[[], Result]) -> Result:
        """Run an action. For a damaged file or a full disk the remedy is taken, and the action tried once more."""
        try:
            return action()
        except (apsw.CorruptError, apsw.NotADBError) as error:
            self.renew(f"the spool file was damaged ({error})", keep=True)
        except (apsw.FullError, apsw.IOError) as error:
            self._lift_ballast(str(error))
        try:
            return action()
        except (apsw.FullError, apsw.IOError) as error:
            raise SpoolFull(f"The disk of {self.path} is full or fails: {error}.") from None
        except apsw.Error as error:
            raise SpoolError(f"The spool {self.path} fails: {error}.") from None

    def insert(
        self, rank: int, raw: bytes, gap: tuple[int | None, int | None] = (None, None), when: float | None = None
    ) -> int:
        """Add a row under the next number."""
        sequence = self.meta.last + 1
        put_time = self._now() if when is None else when
        self.db.execute(
            "INSERT INTO report VALUES (?, ?, ?, ?, ?, ?, ?)",
            (sequence, put_time, rank, *gap, checksum(sequence, raw), raw),
        )
        self.meta = replace(self.meta, last=sequence, rows=self.meta.rows + 1)
        return sequence

    def insert_gap(self, first: int, last: int, reason: str) -> None:
        """Say that reports will never come. 0 and 0: they never had a number here, so the gap names its own."""
        own = self.meta.last + 1
        gap = Gap(first or own, last or own, reason)
        self.insert(GAP, encode_report(self._clock.report(gap)), (gap.first, gap.last))
        self.db.execute("DELETE FROM content WHERE sequence BETWEEN ? AND ?", (gap.first, gap.last))

    def rewrite(self, sequence: int, raw: bytes) -> None:
        """Put other bytes under a number, in place."""
        self.db.execute(
            "UPDATE report SET body = ?, checksum = ? WHERE sequence = ?", (raw, checksum(sequence, raw), sequence)
        )

    def leave_no_trace(self) -> None:
        """Have nothing deleted or replaced left in the file, in its log, or in damaged files that were set aside."""
        self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # freed pages are zeros already: secure_delete
        for old in self.path.parent.glob("spool.corrupt.*"):
            old.unlink(missing_ok=True)

    def delete(self, sequence: int) -> None:
        """Remove a row, if it is there."""
        self.db.execute("DELETE FROM report WHERE sequence = ?", (sequence,))
        self.meta = replace(self.meta, rows=self.meta.rows - self.db.changes())

    def _write_meta(self, db: apsw.Connection) -> None:
        body = json.dumps(asdict(self.meta))
        db.execute("INSERT OR REPLACE INTO meta VALUES (1, ?, ?)", (body, checksum(1, body.encode())))

    def note_mark(self) -> None:
        """Write beside the file how far its stream is, so that an old copy of it is known as one."""
        try:
            write_atomically(self._mark, f"{self.meta.stream_id} {self.meta.last}".encode())
        except OSError as error:
            _log.warning("spool: %s cannot be written: %s", self._mark, error.strerror)

    def free_pages(self) -> int:
        """How many pages may still be filled. While the ballast is lifted the file does not grow."""
        (used,) = self.row("PRAGMA page_count") or (0,)
        (free,) = self.row("PRAGMA freelist_count") or (0,)
        limit = self.page_limit if self.lay_ballast() else used
        return int(limit - used + free)

    def lay_ballast(self) -> bool:
        """Occupy some disk that can be given back when the disk is full; whether it is laid."""
        if self._laid:
            return True
        with contextlib.suppress(OSError):
            if shutil.disk_usage(self.path.parent).free > 2 * _BALLAST_BYTES:
                write_atomically(self._ballast, bytes(_BALLAST_BYTES))
                self._laid = True
        return self._laid

    def _lift_ballast(self, why: str) -> None:
        if self._laid:
            _log.warning("spool: there is no room on the disk (%s); the spool stops growing", why)
        self._ballast.unlink(missing_ok=True)
        self._laid = False

    # -------------------------------------------------------------------------------------------- opening

    def _start(self) -> None:
        try:
            self._finish_renewal()
            problem, damaged = self._open()
            if problem:
                self.renew(problem, keep=damaged)
            self.safely(self.note_mark)
        except apsw.BusyError:
            raise SpoolBusy(f"Another process uses the spool {self.path}; only one agent may run on it.") from None
        except (OSError, apsw.CantOpenError, apsw.ReadOnlyError, apsw.PermissionsError) as error:
            raise SpoolError(f"The spool {self.path} cannot be opened: {error}.") from None
        self.lay_ballast()

    def _open(self) -> tuple[str, bool]:
        """Open the file, or make it. Why a new stream must begin, or an empty text; and whether that is damage."""
        new = not self.path.exists()
        try:
            self._connection = self._connect(self.path)
            if not new:
                return self._check()
            self._create()
        except _DAMAGE as error:
            return f"the spool file was damaged ({error})", True
        return ("the spool file had vanished" if self._mark.exists() else ""), False

    def _connect(self, path: Path) -> apsw.Connection:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # for the owner alone from the first moment
        db = apsw.Connection(str(path))
        for pragma in (
            f"page_size = {PAGE_BYTES}", "locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = FULL",
            "fullfsync = 1", "secure_delete = ON", "wal_autocheckpoint = 64", "journal_size_limit = 524288",
            "cache_size = -512", "temp_store = MEMORY", f"max_page_count = {self.page_limit}",
        ):  # fmt: skip
            db.execute(f"PRAGMA {pragma}")
        return db

    def _create(self) -> None:
        self.meta = Meta(secrets.token_hex(16), self._owner)
        with self.transaction():
            self.db.execute(_SCHEMA)
            self._write_meta(self.db)

    def _check(self) -> tuple[str, bool]:
        state = self.row("PRAGMA quick_check(1)")
        if state != ("ok",):
            return f"the spool file was damaged ({state})", True
        self.meta = _read_meta(self.db)
        last = "ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'report'), 0)"
        found = self.row(f"SELECT count(*), {last} FROM report")  # noqa: S608  # a fixed text
        if found != (self.meta.rows, self.meta.last):
            return f"the spool file has lost rows ({found} of {self.meta.rows}, {self.meta.last})", True
        if self.meta.owner != self._owner:
            return "the spool belonged to another agent", False
        return ("the spool file was an old copy" if self._is_old_copy() else ""), False

    def _is_old_copy(self) -> bool:
        try:
            stream_id, last = self._mark.read_text("ascii").split()
            return stream_id != self.meta.stream_id or int(last) > self.meta.last
        except (OSError, ValueError):
            return False

    # -------------------------------------------------------------------------------------------- renewal

    def renew(self, reason: str, *, keep: bool) -> None:
        """Begin a new stream with what can be saved of this file; with `keep` the old one is set aside."""
        _log.error("spool: a new stream begins: %s", reason)
        self.close()
        if keep:
            self._set_aside()
        draft = self._beside(".new")
        _remove(draft)
        self._connection = self._connect(draft)
        self._create()
        with self.transaction():
            saved = self._take_over(self._salvaged())
            self.insert_gap(0, 0, f"{reason}; {saved} waiting reports were saved, others may be lost")
        self.close()
        self._finish_renewal()
        self._connection = self._connect(self.path)
        self.renewals += 1
        self.note_mark()

    def _take_over(self, rows: Iterator[tuple[int, float, bytes]]) -> int:
        room = self.page_limit * PAGE_BYTES * 9 // 10
        saved = 0
        for rank, put_time, raw in rows:
            room -= len(raw)
            if room > 0:
                self.insert(rank, raw, when=put_time)
                saved += 1
        return saved

    def _salvaged(self) -> Iterator[tuple[int, float, bytes]]:
        """Rank, time and bytes of every waiting report of the old file that can still be read, in order."""
        try:
            db = self._connect(self.path)
        except apsw.Error:
            return
        try:
            yield from _readable(db)
        finally:
            with contextlib.suppress(apsw.Error):
                db.close()

    def _finish_renewal(self) -> None:
        """Put a finished draft in the file's place. Safe to repeat: a crash in here loses nothing."""
        draft = self._beside(".new")
        if draft.exists() and self._is_finished(draft):
            # a write-ahead log of the old file must not be taken for one of the new
            self._beside("-wal").unlink(missing_ok=True)
            draft.replace(self.path)
            sync_directory(self.path.parent)
        _remove(draft)

    def _is_finished(self, draft: Path) -> bool:
        try:
            db = self._connect(draft)
            try:
                return _read_meta(db).rows > 0
            finally:
                db.close()
        except (apsw.Error, *_DAMAGE):
            return False

    def _set_aside(self) -> None:
        target = self.path.with_name(f"spool.corrupt.{self._now():.0f}")
        with contextlib.suppress(OSError):
            target.unlink(missing_ok=True)
            try:
                os.link(self.path, target)
            except OSError:
                shutil.copyfile(self.path, target)
        for old in sorted(self.path.parent.glob("spool.corrupt.*"))[:-_QUARANTINED_FILES_LIMIT]:
            old.unlink(missing_ok=True)

    def _beside(self, suffix: str) -> Path:
        return self.path.with_name(self.path.name + suffix)


def _read_meta(db: apsw.Connection) -> Meta:
    for body, found in db.execute("SELECT body, checksum FROM meta"):
        if checksum(1, body.encode()) == found:
            return Meta(**json.loads(body))
    raise ValueError("its description does not match its checksum")


def _readable(db: apsw.Connection) -> Iterator[tuple[int, float, bytes]]:
    """The waiting rows, one look-up each: damage to one page hides only what stands on it."""
    try:
        meta = _read_meta(db)
    except (apsw.Error, *_DAMAGE):
        meta = Meta("", "", last=_highest(db))
    query = "SELECT rank, put_time, checksum, body FROM report WHERE sequence = ?"
    for sequence in range(meta.acknowledged + 1, meta.last + 1):
        found: list[tuple[Any, ...]] = []
        with contextlib.suppress(apsw.Error):
            found = list(db.execute(query, (sequence,)))
        for rank, put_time, expected, raw in found:
            if rank != GAP and isinstance(raw, bytes) and expected == checksum(sequence, raw):
                yield rank, put_time, raw


def _highest(db: apsw.Connection) -> int:
    for query in ("SELECT max(sequence) FROM report", "SELECT seq FROM sqlite_sequence WHERE name = 'report'"):
        with contextlib.suppress(apsw.Error, TypeError):
            return min(max(int(n) for (n,) in db.execute(query)), 10**6)
    return 0


def _remove(database: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
