"""Files that the register is exported to: one form a file in this folder, found by being there; none knows another.

This is their frame. A form writes columns and lines to an open file, of which it keeps none; the frame says what rows
there are, hashes what was written, and puts it into the journal with its manifest. The file says nothing of when it was
made, only of which time it tells: so the file of a past day has the same SHA-256 whenever it is made.
"""

from __future__ import annotations

import functools
import hashlib
import importlib
import pkgutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import IO, Any

from collector import journal, ledger
from collector.book import OTHERS, Rules
from collector.cells import printable
from collector.errors import CollectorError
from collector.facts import text
from collector.ledger import Asked, Pulled
from collector.records.money import pounds
from collector.register_rows import FORM, Column, Line, Value
from collector.store import Store, Transaction, history, ids
from collector.store import book as rows
from collector.store.book import Made

__all__ = [
    "Content", "Form", "Made", "Place", "Sayings", "Writer", "file_name", "form", "forms", "make", "manifest",
    "printable", "rules_sentence", "unseen_sentence",
]  # fmt: skip

_PIECE = 2**20
_SAYINGS = 16_384  # values that are kept as they are said
#: what became of a device that nobody could see
UNSEEN = ("missing", "not scanned", "not reachable")


@dataclass(slots=True)
class Place:
    """Devices of one school (or of all), what they stand for, and what of them was not seen."""

    devices: int = 0
    capitalised: int = 0
    cost: int = 0
    written_off: int = 0
    unpriced: int = 0
    never_seen: int = 0
    lives: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: Place) -> Place:
        added = (getattr(self, name) + getattr(other, name) for name in self.__slots__)
        return Place(*added)


@dataclass(slots=True)
class Tally:
    """What was counted while lines passed: by school, and how often each column was empty where a form counts that."""

    rows: int = 0
    schools: dict[str, Place] = field(default_factory=dict)
    empty: Counter[int] = field(default_factory=Counter)

    @property
    def total(self) -> Place:
        """All schools together."""
        return sum(self.schools.values(), Place())

    def take(self, line: Line) -> None:
        """Count one line."""
        self.rows += 1
        cells = line.entry.cells
        school = cells.get("school", "")
        place = self.schools.get(school) or self.schools.setdefault(school, Place())
        place.devices += 1
        place.lives[cells.get("life", "")] += 1
        place.never_seen += line.entry.seen is None
        place.unpriced += not cells.get("cost")
        if line.worth.cost is not None:
            place.capitalised += 1
            place.cost += line.worth.cost
            place.written_off += line.worth.written_off or 0


@dataclass(slots=True)
class Content:
    """What a form is given. `lines` can be read once; `tally` grows while they are: see `counted`."""

    trust: str
    as_known: datetime
    day: date
    filters: Mapping[str, Any]
    rules: Rules
    columns: tuple[Column, ...]
    lines: Iterator[Line]
    tally: Tally = field(default_factory=Tally)

    def chosen(self) -> str:
        """What rows were chosen by, in words."""
        said = (f"{name}: {', '.join(v) if isinstance(v, list) else v}" for name, v in sorted(self.filters.items()))
        return printable("; ".join(said)) or "all devices"

    def known(self) -> str:
        """The time that it tells of, in words."""
        return self.as_known.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")

    def counted(self) -> Iterator[Line]:
        """The lines, counted as they pass."""
        for line in self.lines:
            self.tally.take(line)
            yield line

    def note_empty(self, values: Sequence[Value]) -> None:
        """Count which columns, by their place, a row leaves empty: for forms that tell it."""
        self.tally.empty.update([place for place, value in enumerate(values) if value is None])

    def rows(self) -> Iterator[tuple[Value, ...]]:
        """The values of each line."""
        return (line.values for line in self.counted())

    def records(self) -> Iterator[dict[str, Value]]:
        """Each line by the names of its columns."""
        names = [column.name for column in self.columns]
        return (dict(zip(names, values, strict=True)) for values in self.rows())


class Sayings(dict[Any, str]):
    """How a form says values: each is said once and kept, as most repeat; all are forgotten before they take much.

    What is empty is said as the empty text.
    """

    def __init__(self, say: Callable[[Any], str]) -> None:
        super().__init__({None: ""})
        self._say = say

    def __missing__(self, value: Any) -> str:
        if len(self) >= _SAYINGS:
            self.clear()
            self[None] = ""
        said = self[value] = self._say(value)
        return said


Writer = Callable[[IO[bytes], Content], None]


@dataclass(frozen=True, slots=True)
class Form:
    """One form of export. `word`: what it is asked for by; `note`: for whom it is, in a sentence."""

    word: str
    title: str
    suffix: str
    media_type: str
    note: str
    write: Writer


@functools.cache
def forms() -> Mapping[str, Form]:
    """Every form by its word."""
    found = {}
    for module in pkgutil.iter_modules(__path__):
        one = importlib.import_module(f"{__name__}.{module.name}").FORM
        if not isinstance(one, Form) or one.word in found:
            raise TypeError(f"{module.name} must have a FORM with a word of its own")
        found[one.word] = one
    return found


def form(word: str) -> Form:
    """The form of a word; CollectorError lists what there is."""
    if word not in forms():
        raise CollectorError(f"there is no form “{text(word, 20)}”; there are: {', '.join(sorted(forms()))}")
    return forms()[word]


def rules_sentence(rules: Rules) -> str:
    """The rules of the book in words."""
    together = ", like devices bought together counted as one" if rules.grouped else ""
    lives = ", ".join(f"{name} {life.months}" for name, life in sorted(rules.lives.items()) if name != OTHERS)
    month = "from the month of purchase" if rules.from_month_bought else "from the month after purchase"
    return (
        f"Capitalised from £{pounds(rules.threshold)}{together}. Written off straight line {month}, over months: "
        f"{lives}{', ' if lives else ''}all else {rules.life(OTHERS).months}."
    )


def unseen_sentence(place: Place) -> str:
    """What of some devices was not seen, in words."""
    lives = [f"{place.lives[life]:,} {life}" for life in UNSEEN if place.lives[life]]
    return ", ".join([f"{place.never_seen:,} never seen by an agent", *lives])


# ------------------------------------------------------------------------------------------------ making


def make(  # noqa: PLR0913 - what is exported, by whom, to where
    store: Store, trust_id: str, chosen: Form, asked: Asked, out: IO[bytes], *, trust: str, actor: str, now: datetime,
    sign: journal.Sign | None = None,
) -> Made:  # fmt: skip
    """Write an export to an open file that can be read again, note that the register was asked of, and journal it.

    `sign`: what signs where the journal ends, so that the manifest is a witness of it.
    """
    store.write(lambda connection: history.asked(connection, trust_id, asked.at))
    with store.reader() as connection:
        content = _content(connection, ledger.pull(connection, trust_id, asked), trust)
        chosen.write(out, content)
    size, digest = _hashed(out)
    export_id = ids.new()
    said: dict[str, str | int] = {
        "export": export_id, "form": chosen.word, "as_known": asked.at.isoformat(), "rows": content.tally.rows,
        "sha256": digest, "school": asked.school_id, "class": asked.device_class, "life": asked.life,
        "view": asked.view, "searched": "yes" if asked.search else "", "assignees": "yes" if asked.assignees else "",
    }  # fmt: skip

    def work(connection: Transaction) -> Made:
        journal.append(connection, trust_id, actor=actor, action="register_exported", detail=said, now=now)
        end = journal.checkpoint(connection, trust_id, sign)
        position, chain, signed = (end.position, end.hash.hex(), end.signature.hex()) if end else (0, "", "")
        made = Made(
            export_id, chosen.word, asked.at, asked.filters(), asked.assignees, content.tally.rows, size, digest,
            position, chain, now, actor, signed,
        )  # fmt: skip
        rows.add_export(connection, trust_id, made)
        return made

    return store.write(work)


def _content(connection: Transaction, pulled: Pulled, trust: str) -> Content:
    asked = pulled.asked
    return Content(
        trust, asked.at, pulled.day, asked.filters(), pulled.rules, pulled.columns, ledger.lines(connection, pulled)
    )  # fmt: skip


def _hashed(out: IO[bytes]) -> tuple[int, str]:
    out.flush()
    out.seek(0)
    digest, size = hashlib.sha256(), 0
    while piece := out.read(_PIECE):
        digest.update(piece)
        size += len(piece)
    out.seek(0)
    return size, digest.hexdigest()


def manifest(made: Made) -> dict[str, Any]:
    """What proves an export, as JSON says it. `journal`: where the chain ended when it was made, and its hash there."""
    return {
        "export": made.export_id, "form": made.form, "columns_form": FORM, "made": _time(made.made),
        "made_by": made.made_by, "as_known": _time(made.as_known), "filters": dict(made.filters),
        "assignees": made.assignees, "rows": made.rows, "size_bytes": made.size_bytes, "sha256": made.sha256,
        "journal": {
            "position": made.journal_position, "hash": made.journal_hash, "signature": made.journal_signature,
        },
    }  # fmt: skip


def file_name(made: Made) -> str:
    """What the file is called."""
    return f"register-as-known-{made.as_known.astimezone(UTC):%Y%m%dT%H%M%SZ}-{made.form}{form(made.form).suffix}"


def _time(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
