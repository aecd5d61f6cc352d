"""Files of records: photos, invoices, certificates. What a file is, its content says, not its name."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import PurePosixPath

from collector import journal, tenure
from collector.errors import CollectorError
from collector.facts import text
from collector.store import Transaction, acts, ids
from collector.store import records as rows
from collector.store.acts import Document

SIZE_LIMIT = 5 * 2**20  # octets
MOST = 20  # files of one record
KINDS = ("photo", "invoice", "certificate")
#: first octets → media type and ending: the closed list. Nothing in it runs in a browser that is told its type
_BEGINNINGS = (
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"), (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (b"%PDF-", "application/pdf", ".pdf"),
)  # fmt: skip
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp"})


def media_type(content: bytes) -> tuple[str, str]:
    """Media type and ending of a file by its first octets; CollectorError where it is none that is kept."""
    for beginning, media, ending in _BEGINNINGS:
        if content.startswith(beginning):
            return media, ending
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp", ".webp"
    raise CollectorError("files are JPEG, PNG or WebP pictures, or PDF: save it as one of them")


def keep(  # noqa: PLR0913 - a file of a record, who brings it, when
    connection: Transaction, trust_id: str, record_id: str, kind: str, name: str, content: bytes, *, actor: str,
    now: datetime,
) -> Document:  # fmt: skip
    """Keep a file. CollectorError where it is too large, of another type, or one too many."""
    if kind not in KINDS:
        raise CollectorError(f"a file is one of: {', '.join(KINDS)}")
    if not 0 < len(content) <= SIZE_LIMIT:
        raise CollectorError(f"choose a file of at most {SIZE_LIMIT // 2**20} MB")
    media, ending = media_type(content)
    _changeable(connection, trust_id, record_id)
    if acts.document_count(connection, trust_id, record_id) >= MOST:
        raise CollectorError(f"a record has at most {MOST} files: remove one first")
    called = PurePosixPath(text(name.replace("\\", "/"), 255)).stem[:80].strip(" .") or kind
    made = Document(
        ids.new(), record_id, kind, called + ending, media, hashlib.sha256(content).digest(), len(content), now, actor
    )
    acts.keep_document(connection, trust_id, made, content)
    _note(connection, trust_id, "document_added", made.document_id, actor, now)
    return made


def remove(connection: Transaction, trust_id: str, document_id: str, *, actor: str, now: datetime) -> None:
    """Let a file go, its content at once. CollectorError where there is none."""
    record_id = acts.record_of(connection, trust_id, document_id)
    _changeable(connection, trust_id, record_id)
    if not acts.remove_document(connection, trust_id, document_id, now):
        raise CollectorError("there is no such file any more")
    _note(connection, trust_id, "document_removed", document_id, actor, now)


def _changeable(connection: Transaction, trust_id: str, record_id: str) -> None:
    found = rows.get(connection, trust_id, [record_id])
    tenure.require_devices(connection, trust_id, [record.device_id for record in found.values()])


def _note(connection: Transaction, trust_id: str, action: str, document_id: str, actor: str, now: datetime) -> None:
    detail = {"document": document_id}
    journal.append(connection, trust_id, actor=actor, action=action, detail=detail, now=now)
