"""Commands about evidence and tables: read all of it again, take in files that were brought by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from collector import journal, reinterpret
from collector.age import snapshot, support_rows
from collector.commands.desk import Desk
from collector.errors import CollectorError
from collector.intake import relay
from collector.intake.vault import Vault
from collector.reinterpret import Moved
from collector.store import Transaction, references

DAY = timedelta(days=1)
MOST_SENTENCES = 50  # of what a snapshot changes, printed


def reinterpretation(desk: Desk) -> str:
    """Read all kept evidence again with today's rules; one line for each cell of the register that changed."""
    moved = reinterpret.reinterpret(desk.store, desk.trust_id, desk.clock())
    return "\n".join([*_cells(moved), f"{len(moved):,} cells of the register changed"])


def _cells(moved: Iterable[Moved]) -> Iterator[str]:
    return (f"{m.device_id}  {m.column}: {m.before or 'unknown'} → {m.after or 'unknown'}" for m in moved)


def import_file(desk: Desk, path: str, school: str) -> str:
    """Take in evidence that an agent saved to a file; it is marked as relayed."""
    taken = relay.take_in(desk.store, desk.trust_id, Path(path), school, desk.clock(), keys=Vault(desk.config.key_file))
    return f"{taken:,} reports were new in {path}" if taken else f"nothing in {path} was new"


def import_support(desk: Desk, path: str) -> str:
    """Take in a newer snapshot of endoflife.date and assess every device by it; what changed in table and register."""
    text, now = _text(Path(path)), desk.clock()

    def write(connection: Transaction) -> tuple[str, ...]:
        known = references.support(connection, desk.trust_id)
        latest = now.date() + DAY  # it may be tomorrow already where the snapshot was taken
        rows, changes = snapshot.import_snapshot(text, known, latest)
        fresh = snapshot.brought(rows)
        kept = references.Reference(support_rows.to_text(fresh), now)
        references.keep(connection, desk.trust_id, references.SUPPORT, kept)
        detail = {"rows": len(fresh), "changes": len(changes)}
        journal.append(connection, desk.trust_id, actor="console", action="support_imported", detail=detail, now=now)
        return changes

    try:
        changes = desk.store.write(write)
    except snapshot.SnapshotError as error:
        raise CollectorError(f"{path}: {error}; nothing was changed") from None
    return "\n".join(_supported(changes, reinterpret.reassess(desk.store, desk.trust_id, now)))


def _text(path: Path) -> str:
    """The text of a file that may be a snapshot; CollectorError where it is none."""
    try:
        if not path.is_file():
            raise CollectorError(f"{path} is no file that the collector can see")
        if path.stat().st_size > snapshot.LONGEST:
            raise CollectorError(f"{path} is larger than any snapshot of endoflife.date")
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise CollectorError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CollectorError(f"{path} is no text in UTF-8: if it is compressed, unpack it first") from None


def _supported(changes: Sequence[str], moved: Sequence[Moved]) -> Iterator[str]:
    yield from changes[:MOST_SENTENCES]
    if len(changes) > MOST_SENTENCES:
        yield f"… and {len(changes) - MOST_SENTENCES:,} more"
    yield from _cells(moved)
    devices = {m.device_id for m in moved if m.column in reinterpret.SUPPORT}
    yield f"{len(changes):,} ends of support changed in the table, and of {len(devices):,} devices in the register"


COMMANDS: dict[str, Callable[..., str]] = {
    "reinterpret": reinterpretation,
    "import": import_file,
    "support": import_support,
}
