"""The archive: what is known of a school that leaves, or of a whole trust, as one file that another collector takes in.

It knows the file: a ZIP of JSON lines with a manifest that counts and hashes them; docs/archive.md describes it, and a
test holds that against this module. Which rows leave is decided in `store.archive`. Nothing of a file is written before
all of it was checked.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Protocol

from collector import journal
from collector.errors import CollectorError
from collector.restate import restate
from collector.store import Transaction, ids, school_lives
from collector.store import archive as rows
from collector.store import journal as journal_rows
from collector.store import schema as t
from collector.store.archive import Numbers, Scope, Table, Values
from collector.store.school_lives import JOINED, Life

FORMAT, VERSION = "stocktake-archive", 1
MANIFEST, JOURNAL, CONTENTS, TABLES = "manifest.json", "journal.jsonl", "contents/", "tables/"
LARGEST_MANIFEST = 8 * 2**20  # octets
LARGEST_MEMBER = 16 * 2**30
LARGEST_LINE = 64 * 2**20
LARGEST_CONTENT = 64 * 2**20
MOST_MEMBERS = 5_000_000
CHUNK = 500  # rows that are put into a table at once
#: of these a row that is there already is named to the person
NAMED = (t.schools, t.sites, t.agents, t.devices)


@dataclass(frozen=True, slots=True)
class Done:
    """What was written or taken in: rows by table, pieces of evidence, entries of the journal."""

    archive_id: str
    counts: Mapping[str, int]
    contents: int
    entries: int
    screened: int = 0  # rows from which something was taken that had been erased here

    def sentence(self) -> str:
        """What a person is told."""
        told = ", ".join(f"{self.counts.get(name, 0):,} {word}" for name, word in _TOLD)
        whole = f"{told}, {self.contents:,} contents of evidence and {self.entries:,} entries of the journal"
        return whole + (
            f"; {self.screened:,} rows held what was erased here, and hold it no more" * bool(self.screened)
        )


_TOLD = (("school", "schools"), ("device", "devices"), ("fact", "facts"), ("evidence", "pieces of evidence"))


# ------------------------------------------------------------------------------------------------ writing


def write(
    connection: Transaction, trust_id: str, path: Path, *, exporter: str, school_ids: Iterable[str] = (), now: datetime
) -> Done:  # fmt: skip
    """Write what is known of some schools (or, with none named, of the trust) to a file that is not there yet.

    CollectorError where the file cannot be written; then nothing is left of it.
    """
    rows.snapshot(connection)
    leaving = rows.scope(connection, trust_id, frozenset(school_ids))
    with _new_file(path) as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        done, manifest = _pack(connection, trust_id, leaving, packed)
        manifest |= {
            "format": FORMAT, "version": VERSION, "archive": done.archive_id, "written": _time(now),
            "exporter": exporter, "whole_trust": leaving.keys is None, "withheld": sorted(rows.WITHHELD),
        }  # fmt: skip
        packed.writestr(MANIFEST, json.dumps(manifest, indent=1, ensure_ascii=True, sort_keys=True))
    return done


def _pack(
    connection: Transaction, trust_id: str, leaving: Scope, packed: zipfile.ZipFile
) -> tuple[Done, dict[str, Any]]:
    numbers, told, counts = Numbers(), {}, {}
    for table in rows.tables():
        if rows.takes(table, leaving):
            found = _noting(table, rows.rows(connection, trust_id, table, leaving), numbers)
            member = f"{TABLES}{table.name}.jsonl"
            told[table.name] = _lines(packed, member, (rows.told(values) for values in found))
            counts[table.name] = told[table.name]["rows"]
    entries = _lines(packed, JOURNAL, _entries(connection, trust_id, leaving))
    contents = octets = 0
    for digest, content in rows.contents(connection, trust_id, rows.digests(connection, trust_id, leaving)):
        packed.writestr(f"{CONTENTS}{digest.hex()}", content)
        contents, octets = contents + 1, octets + len(content)
    manifest = {
        "tables": told, "journal": entries, "contents": {"files": contents, "octets": octets}, "numbers": numbers.of,
        "schools": _schools(connection, trust_id, leaving),
    }  # fmt: skip
    return Done(ids.new(), counts, contents, entries["rows"]), manifest


def _noting(table: Table, found: Iterable[Values], numbers: Numbers) -> Iterator[Values]:
    families = rows.families(table)
    for values in found:
        numbers.note(values, families)
        yield values


def _lines(packed: zipfile.ZipFile, member: str, values: Iterable[object]) -> dict[str, Any]:
    """Write a member of JSON lines; its name, rows and SHA-256 for the manifest."""
    digest, count = hashlib.sha256(), 0
    with packed.open(member, "w", force_zip64=True) as written:
        for value in values:
            line = json.dumps(value, ensure_ascii=True, separators=(",", ":"), sort_keys=True).encode() + b"\n"
            digest.update(line)
            written.write(line)
            count += 1
    return {"file": member, "rows": count, "sha256": digest.hexdigest()}


def _time(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")


def _entries(connection: Transaction, trust_id: str, leaving: Scope) -> Iterator[dict[str, object]]:
    """The entries of the journal that name something that leaves."""
    names = leaving.names()
    for entry in journal_rows.entries(connection, trust_id):
        if leaving.keys is None or names & {str(value) for value in json.loads(entry.detail).values()}:
            yield {
                "position": entry.position, "time": _time(entry.time), "actor": entry.actor, "action": entry.action,
                "detail": entry.detail, "hash": entry.hash.hex(),
            }  # fmt: skip


def _schools(connection: Transaction, trust_id: str, leaving: Scope) -> list[dict[str, str]]:
    known = school_lives.schools(connection, trust_id)
    here = None if leaving.keys is None else leaving.keys["school_id"]
    return [
        {"school_id": school.school_id, "name": school.name, "urn": school.urn}
        for school in known
        if here is None or school.school_id in here
    ]


@contextlib.contextmanager
def _new_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that is made, readable by its owner alone; gone again where what follows fails."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise CollectorError(f"{path} is there already: name a file that is not") from None
    except OSError as error:
        raise CollectorError(f"{path} cannot be written: {error.strerror}") from None
    try:
        with os.fdopen(descriptor, "wb") as opened:
            yield opened
    except OSError as error:
        path.unlink(missing_ok=True)
        raise CollectorError(f"{path} cannot be written: {error.strerror}") from None
    except BaseException:
        path.unlink(missing_ok=True)
        raise


# ------------------------------------------------------------------------------------------------ reading


class Archive:
    """An archive that was opened and checked: form, bounds, counts and hashes. CollectorError where it is none."""

    def __init__(self, path: Path) -> None:
        """Open and check a file; close it again with `close`."""
        try:
            self._packed = zipfile.ZipFile(path)
        except OSError as error:
            raise CollectorError(f"{path} cannot be read: {error.strerror}") from None
        except zipfile.BadZipFile:
            raise CollectorError(f"{path} is no archive of Stocktake: it is no ZIP file") from None
        try:
            self.manifest = self._read_manifest()
            self.tables = self._known_tables()
            self._check()
        except CollectorError as error:
            self.close()
            raise CollectorError(f"{path}: {error}; nothing was changed") from None
        except (zipfile.BadZipFile, ValueError, KeyError, TypeError, OSError, EOFError) as error:
            self.close()
            raise CollectorError(f"{path} is damaged ({type(error).__name__}); nothing was changed") from None

    def close(self) -> None:
        """Close the file."""
        self._packed.close()

    def all_rows(self) -> Iterator[tuple[Table, Values]]:
        """Every row with its table."""
        return ((table, row) for table in self.tables for row in self.rows(table))

    def rows(self, table: Table) -> Iterator[Values]:
        """The rows of a table."""
        for line in self._read_lines(self.manifest["tables"][table.name]["file"]):
            yield rows.cells(table, json.loads(line))

    def entries(self) -> Iterator[Values]:
        """The entries of the journal that it brings."""
        for line in self._read_lines(JOURNAL):
            said = json.loads(line)
            row = {name: str(said[name]) for name in ("actor", "action", "detail", "hash")}
            yield row | {"position": int(said["position"]), "time": datetime.fromisoformat(said["time"])}

    def contents(self) -> Iterator[tuple[bytes, bytes]]:
        """Digest and content of each piece of evidence, which are held against each other."""
        for info in self._packed.infolist():
            if not info.filename.startswith(CONTENTS):
                continue
            if info.file_size > LARGEST_CONTENT:
                raise CollectorError(f"{info.filename} is larger than any evidence")
            content, digest = self._packed.read(info), bytes.fromhex(info.filename.removeprefix(CONTENTS))
            if hashlib.sha256(content).digest() != digest:
                raise CollectorError(f"{info.filename} is not what was written: its hash is another")
            yield digest, content

    def _read_manifest(self) -> dict[str, Any]:
        infos = {info.filename: info for info in self._packed.infolist()}
        if MANIFEST not in infos or infos[MANIFEST].file_size > LARGEST_MANIFEST or len(infos) > MOST_MEMBERS:
            raise CollectorError("it is no archive of Stocktake: it has no manifest")
        if any(info.file_size > LARGEST_MEMBER for info in infos.values()):
            raise CollectorError("a file in it is larger than any table")
        manifest = json.loads(self._packed.read(MANIFEST))
        if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
            raise CollectorError("it is no archive of Stocktake")
        if manifest.get("version") != VERSION:
            raise CollectorError(f"it has version {manifest.get('version')} and this collector reads version {VERSION}")
        return manifest

    def _known_tables(self) -> list[Table]:
        known = {table.name: table for table in rows.tables()}
        if strange := sorted(self.manifest["tables"].keys() - known.keys()):
            raise CollectorError(
                f"it has a table {strange[0]!r}, which this collector does not know: bring it up to date"
            )
        return [table for name, table in known.items() if name in self.manifest["tables"]]

    def _check(self) -> None:
        """Hold every line against the manifest, and every row against its table."""
        told = self.manifest["tables"]
        members = {MANIFEST, JOURNAL, *(f"{TABLES}{table.name}.jsonl" for table in self.tables)}
        for info in self._packed.infolist():
            if info.filename not in members and not info.filename.startswith(CONTENTS):
                raise CollectorError(f"it has a file {info.filename!r}, which the manifest does not name")
        self._check_member(self.manifest["journal"], JOURNAL)
        for table in self.tables:
            self._check_member(told[table.name], f"{TABLES}{table.name}.jsonl")
            families = rows.families(table)
            for row in self.rows(table):
                self._check_numbers(table, row, families)
        if sum(1 for _ in self.entries()) != self.manifest["journal"]["rows"]:
            raise CollectorError("its journal has another number of entries than its manifest says")
        if sum(1 for _ in self.contents()) != self.manifest["contents"]["files"]:
            raise CollectorError("it has another number of contents than its manifest says")

    def _check_member(self, said: Mapping[str, Any], member: str) -> None:
        digest, count = hashlib.sha256(), 0
        for line in self._read_lines(member):
            digest.update(line)
            count += 1
        if (member, count, digest.hexdigest()) != (said["file"], said["rows"], said["sha256"]):
            raise CollectorError(f"{member} is not what was written: its hash is another")

    def _check_numbers(self, table: Table, row: Values, families: Mapping[str, str]) -> None:
        for column, family in families.items():
            least, most = self.manifest["numbers"].get(family, (1, 0))
            number = row.get(column)
            if number and not 0 < least <= number <= most < 2**62:
                raise CollectorError(f"a row of {table.name} has a number that its manifest does not know")

    def _read_lines(self, member: str) -> Iterator[bytes]:
        with self._packed.open(member) as opened:
            while line := opened.readline(LARGEST_LINE):
                if not line.endswith(b"\n"):
                    raise CollectorError(f"{member} has a line that is too long, or ends in the midst of one")
                yield line


# ------------------------------------------------------------------------------------------------ taking in


class Screen(Protocol):
    """What takes out of an archive what was erased here: see `screening.Screen`."""

    touched: set[str]
    rows: int

    def row(self, table: Table, row: Values) -> Values | None:
        """A row as it may be kept; None where it may not."""

    def look_at(self, contents: Iterable[tuple[bytes, bytes]]) -> None:
        """Learn which contents change."""

    def content(self, digest: bytes, raw: bytes) -> tuple[bytes, bytes]:
        """Digest and bytes of a content as it may be kept."""

    def settle(self, connection: Transaction, trust_id: str) -> Mapping[str, int]:
        """Once the rows are there: forget devices that nothing identifies any more."""


def take_in(
    connection: Transaction, trust_id: str, archive: Archive, screen: Screen, *, actor: str, now: datetime
) -> Done:
    """Take in all of an archive, with its ids; CollectorError where one of them is there already.

    Its schools join the trust, its agents are shut out: they enrol anew. What was erased here is not brought back.
    """
    _refuse_known(connection, trust_id, archive)
    screen.look_at(archive.contents())
    offsets = rows.reserve(connection, trust_id, archive.manifest["numbers"])
    counts = {table.name: _fill(connection, trust_id, table, archive, screen, offsets) for table in archive.tables}
    kept = (screen.content(digest, raw) for digest, raw in archive.contents())
    contents = sum(rows.add_content(connection, trust_id, digest, raw) for digest, raw in kept)
    screen.settle(connection, trust_id)
    restate(connection, trust_id, screen.touched, "erase", now)
    agents = [row["agent_id"] for row in _of(archive, t.agents)]
    rows.shut_out(connection, trust_id, agents, now)
    schools = [row["school_id"] for row in _of(archive, t.schools)]
    for school_id in schools:
        school_lives.begin(connection, trust_id, Life(school_id, JOINED), now, now)
    archive_id = ids.new()
    about = {
        "archive_id": archive_id, "exporter": str(archive.manifest["exporter"]), "imported": now,
        "written": datetime.fromisoformat(archive.manifest["written"]), "manifest": json.dumps(archive.manifest),
    }  # fmt: skip
    rows.note(connection, trust_id, about, archive.entries())
    for school_id in schools:
        detail: dict[str, str | int] = {"archive": archive_id, "school": school_id, "screened": screen.rows}
        journal.append(connection, trust_id, actor=actor, action="archive_taken_in", detail=detail, now=now)
    return Done(archive_id, counts, contents, archive.manifest["journal"]["rows"], screen.rows)


def _of(archive: Archive, table: Table) -> Iterator[Values]:
    return archive.rows(table) if table in archive.tables else iter(())


def _refuse_known(connection: Transaction, trust_id: str, archive: Archive) -> None:
    for table in NAMED:
        column = f"{table.name}_id"
        if known := rows.existing(connection, trust_id, table, {str(row[column]) for row in _of(archive, table)}):
            more = f" and {len(known) - 1:,} more" if len(known) > 1 else ""
            raise CollectorError(
                f"the {table.name} {known[0]}{more} of this archive is here already: nothing was changed"
            )


def _fill(
    connection: Transaction, trust_id: str, table: Table, archive: Archive, screen: Screen, offsets: Mapping[str, int]
) -> int:
    chunk: list[Values] = []
    count = 0
    for row in filter(None, (screen.row(table, each) for each in archive.rows(table))):
        chunk.append(rows.moved(table, row, offsets))
        if len(chunk) == CHUNK:
            rows.add(connection, trust_id, table, chunk)
            count, chunk = count + CHUNK, []
    if chunk:
        rows.add(connection, trust_id, table, chunk)
    return count + len(chunk)
