"""Commands about the journal: what stands in it, and whether it holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from collector import journal
from collector.cli.frame import Arguments, add, trust_of
from collector.config import Config
from collector.errors import CollectorError
from collector.intake.certificates import Authority, signed_by
from collector.store import Store
from collector.store import journal as rows


def _verify(settings: Config, arguments: Arguments) -> int:
    seen: list[journal.Checkpoint] = []
    with Store.glance(settings.store_url) as connection:
        trust_id = trust_of(connection)
        for file in arguments.witness:
            seen += _signed_here(settings, trust_id, file)
        broken = journal.verify(connection, trust_id, seen)
        end = journal.checkpoint(connection, trust_id)
    held = f", {len(seen)} of them as others saw them" if seen else ""
    entries = f"the journal holds: {end.position:,} entries{held}, {end.hash.hex()}" if end else "the journal is empty"
    print(broken or entries)
    return 1 if broken else 0


def _signed_here(settings: Config, trust_id: str, file: Path) -> list[journal.Checkpoint]:
    """The checkpoints of a file; CollectorError where this collector did not sign one of them."""
    try:
        found = journal.witnesses(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise CollectorError(f"{file} cannot be read: {error}") from error
    authority = Authority.read(settings.authority_folder)
    for one in found:
        if not signed_by(authority, one.signature, one.octets(trust_id)):
            raise CollectorError(f"{file}: what it says of entry {one.position} was not signed by this collector")
    return found


def _show(settings: Config, arguments: Arguments) -> int:
    with Store.glance(settings.store_url) as connection:
        found = rows.latest(connection, trust_of(connection), limit=arguments.most, action=arguments.action)
        for entry in reversed(found):
            detail = " ".join(f"{name}={value}" for name, value in json.loads(entry.detail).items())
            print(f"{entry.position:>7,}  {entry.time:%Y-%m-%d %H:%M:%S}  {entry.actor}  {entry.action}  {detail}")
    return 0


def add_to(group: Any) -> None:
    """Add these commands to the parser."""
    verify = add(group, "verify", _verify, "walk the journal's hash chain and say whether it holds")
    verify.add_argument("--witness", type=Path, nargs="+", default=[], metavar="FILE",
                        help="what others saw: an agent's witness.json, or the manifest of an export")  # fmt: skip
    shown = add(group, "journal", _show, "print who changed, saw and exported what, the latest last")
    shown.add_argument("--most", type=int, default=50, metavar="N", help="how many entries (default 50)")
    shown.add_argument("--action", default="", help="only these, such as signed_in or register_exported")
