"""How well a messy register is reconciled: what is found of what was planted, false matches, seconds and memory.

The book is `tests/messy_register.py`'s, made from several seeds; the school is brought into a store and the book goes
the way of the pages: read, compared, kept. `python tests/bench/_reconcile.py [SEED …]` works alone.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT / part) for part in ("", "proto", "tests", "tests/bench")]

from _memory import pss_mb, watched  # noqa: E402 - the paths come first
from sqlalchemy import select  # noqa: E402

from collector.reconcile import bringing  # noqa: E402
from collector.reconcile.values import Difference, Kind, Outcome  # noqa: E402
from collector.store import Store  # noqa: E402
from collector.store import reconcile as rows  # noqa: E402
from collector.store import schema as t  # noqa: E402
from collector.store.reconcile import Asked, Reconciled  # noqa: E402
from messy_register import Messy, Planted, make  # noqa: E402
from messy_store import NOW, fill  # noqa: E402

SEEDS = (0, 1, 2, 3, 4, 5)
LEAST_FOUND = 98.0  # % of what was planted
LIMIT_SECONDS, LIMIT_MB = 15, 150
#: what must be the same before and after: all that the register and the records say
WATCHED = (t.devices, t.records, t.record_fields, t.changes, t.claims, t.words, t.identifiers, t.register)


@dataclass(slots=True)
class Judged:
    """What of the planted was found, and what was said that is not so."""

    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    missed: list[Planted] = field(default_factory=list)
    false_on_serial: int = 0
    false_matches: int = 0
    false_differences: int = 0
    asked: int = 0
    kinds: Counter[str] = field(default_factory=Counter)

    @property
    def share(self) -> float:
        """Percent of what was planted that was found."""
        return 100 * sum(self.found.values()) / sum(self.planted.values())


@dataclass(frozen=True, slots=True)
class Run:
    """One book that went the way of the pages."""

    judged: Judged
    seconds: float
    cpu_seconds: float  # what it costs however busy the machine is
    more_mb: float
    changed: bool


def run(seed: int, rows_: int = 2_000, store: Store | None = None) -> Run:
    """Bring the book of a seed to the school of that seed, and compare it; nothing is settled.

    `store`: an empty one; without, one is made for this alone.
    """
    if store is not None:
        return _run(make(seed, rows_), store)
    with tempfile.TemporaryDirectory() as folder:
        made = Store.open(f"sqlite:///{folder}/store.db")
        done = _run(make(seed, rows_), made)
        made.close()
    return done


def _run(made: Messy, store: Store) -> Run:
    trust_id, school_id = fill(store, made.things, made.twice)
    before, memory = _everything(store), pss_mb(os.getpid())
    begun, used = time.perf_counter(), time.process_time()
    with watched(os.getpid()) as peak:
        found = _compared(store, trust_id, school_id, made)
    seconds, cpu, more = time.perf_counter() - begun, time.process_time() - used, peak.largest - memory
    changed = _everything(store) != before
    keys = {device_id: device_id for one in found for device_id in (one.device_id, *one.others)}
    return Run(judge(made, map(_outcome, found), keys), seconds, cpu, more, changed)


def _compared(store: Store, trust_id: str, school_id: str, made: Messy) -> list[Reconciled]:
    brought = store.write(
        lambda c: bringing.bring(c, trust_id, made.content, made.name, school_id=school_id, actor="ada", now=NOW)
    )
    key = brought.reconciliation_id
    with store.reader() as connection:
        compared = bringing.compare(connection, trust_id, key, None, NOW)
    store.write(lambda c: bringing.keep(c, trust_id, compared, actor="ada", now=NOW))
    with store.reader() as connection:
        return rows.outcomes(connection, trust_id, key, Asked(), 1_000_000)


def _everything(store: Store) -> str:
    """A digest of all that the register and the records say."""
    told = hashlib.sha256()
    with store.reader() as connection:
        for table in WATCHED:
            for row in connection.execute(select(table).order_by(*table.primary_key.columns)):
                told.update(repr(tuple(row)).encode())
    return told.hexdigest()


def _outcome(one: Reconciled) -> Outcome:
    differences = tuple(Difference(*each) for each in one.differences)
    return Outcome(
        Kind(one.kind), one.row, one.title, one.device_id, one.others, one.other_rows, one.basis, one.reasons,
        differences, one.adds, one.school_name, one.remarks,
    )  # fmt: skip


def figures(seeds: Sequence[int] = SEEDS) -> list[str]:
    """Every figure as a line; those that fall short end with SHORT."""
    lines: list[str] = []
    for seed in seeds:
        done = run(seed)
        judged, name = done.judged, f"reconcile, book {seed}"
        lines += [
            _line(f"{name}: planted differences found", f"{judged.share:.2f} %", f"at least {LEAST_FOUND:g}",
                  holds=judged.share >= LEAST_FOUND),
            _line(f"{name}: false matches on a serial number", judged.false_on_serial, "0",
                  holds=not judged.false_on_serial),
            _line(f"{name}: false matches at all", judged.false_matches, "0", holds=not judged.false_matches),
            _line(f"{name}: changed before confirmation", int(done.changed), "0", holds=not done.changed),
            _line(f"{name}: CPU", f"{done.cpu_seconds:.1f} s", f"at most {LIMIT_SECONDS}",
                  holds=done.cpu_seconds <= LIMIT_SECONDS),
            f"{name}: by the clock {done.seconds:.1f} s",
            _line(f"{name}: more memory", f"{done.more_mb:.0f} MB", f"at most {LIMIT_MB}",
                  holds=done.more_mb <= LIMIT_MB),
            f"{name}: planted {sum(judged.planted.values())}; {dict(judged.kinds)}",
            f"{name}: clean rows that are asked about {judged.asked}, that are called something else than matched "
            f"{judged.false_differences}",
        ]  # fmt: skip
        lines += [
            f"  {kind}: {judged.found[kind]} of {count}"
            for kind, count in judged.planted.items() if judged.found[kind] < count
        ]  # fmt: skip
    return lines


def _line(name: str, value: object, must: str, *, holds: bool) -> str:
    return f"{name} {value} (must be {must}) {'HOLDS' if holds else 'SHORT'}"


def judge(made: Messy, outcomes: Iterable[Outcome], key_of: Mapping[str, str]) -> Judged:
    """Hold what came out against the truth. `key_of`: device id → thing."""
    judged, told = Judged(), list(outcomes)
    rows = {one.row: one for one in told if one.row}
    by_key: dict[str, list[Outcome]] = defaultdict(list)
    for one in told:
        judged.kinds[one.kind.value] += 1
        if not one.row:
            by_key[key_of[one.device_id]].append(one)
    for mess in made.planted:
        judged.planted[mess.kind] += 1
        if _found(mess, rows, by_key, key_of, made):
            judged.found[mess.kind] += 1
        else:
            judged.missed.append(mess)
    messy_rows = {row for mess in made.planted for row in mess.rows}
    for row, one in rows.items():
        _against_truth(judged, one, made.row_of.get(row, ""), key_of, clean=row not in messy_rows)
    return judged


def _against_truth(judged: Judged, one: Outcome, true: str, key_of: Mapping[str, str], *, clean: bool) -> None:
    matched = one.kind in (Kind.MATCHED, Kind.DIFFERING) or (one.kind is Kind.GHOST and one.device_id != "")
    if matched and key_of[one.device_id].removesuffix("b") != true:
        judged.false_matches += 1
        judged.false_on_serial += any("serial" in mark for mark in one.basis)
    if clean and true:
        judged.asked += one.kind is Kind.QUESTION
        judged.false_differences += one.kind not in (Kind.MATCHED, Kind.QUESTION)


def _found(
    mess: Planted, rows: Mapping[int, Outcome], by_key: Mapping[str, list[Outcome]], key_of: Mapping[str, str],
    made: Messy,
) -> bool:  # fmt: skip
    mine = [rows[row] for row in mess.rows if row in rows]
    if mess.kind in ("row missing", "twice on the network"):
        wanted = Kind.UNRECORDED if mess.kind == "row missing" else Kind.TWICE_ON_NETWORK
        keys = {*mess.keys, *(made.twice.get(key, "") for key in mess.keys)} - {""}
        return any(one.kind is wanted for key in keys for one in by_key.get(key, ()))
    if mess.kind.startswith("twice in the book"):
        return any(one.kind is Kind.TWICE_IN_BOOK and set(one.other_rows) & set(mess.rows) for one in mine)
    if not mess.keys:
        wanted = Kind.GHOST if mess.kind.startswith("never") else Kind.UNTOLD
        network = mess.kind == "never on a network"
        return all(
            one.kind is wanted
            and not one.device_id
            and (not network or any("never on a network" in r for r in one.reasons))
            for one in mine
        )
    return all(_named(mess, one, key, key_of) for one, key in zip(mine, mess.keys, strict=True))


#: the field whose difference names a mess
_FIELDS = {"moved room": "room", "wrong day": "purchased", "other model": "model", "typo in a tag": "asset_tag",
           "other cost": "cost", "at another school": "school"}  # fmt: skip


def _named(mess: Planted, one: Outcome, key: str, key_of: Mapping[str, str]) -> bool:
    """Whether a row leads to the right thing, for a match or as a question, and says what is wrong with it."""
    leads = key in {key_of[device_id] for device_id in (one.device_id, *one.others) if device_id}
    fields = {difference.field for difference in one.differences}
    said = " ".join(one.reasons)
    if mess.kind == "gone for long":
        return leads and one.kind is Kind.GHOST and "last seen" in said
    if mess.kind == "spoilt by a spreadsheet":
        return "spoilt" in said or "zeros" in said + " ".join(one.remarks)
    if mess.kind == "day in another form":
        return leads and "purchased" not in fields
    if mess.kind in ("day that says no day", "day as in America"):
        return leads and ("purchased" in fields or any("day" in remark for remark in one.remarks))
    if mess.kind in _FIELDS:
        return leads and _FIELDS[mess.kind] in fields
    return leads and one.kind in (Kind.DIFFERING, Kind.QUESTION) and "serial" in said


def main() -> None:
    """Print all figures; of the seeds that are named, else of `SEEDS`."""
    lines = figures([int(seed) for seed in sys.argv[1:]] or SEEDS)
    print("\n".join(lines))
    sys.exit(any(line.endswith("SHORT") for line in lines))


if __name__ == "__main__":
    main()
