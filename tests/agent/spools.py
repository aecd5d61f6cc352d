"""What the tests of the spool share: reports, a spool at a path, and what waits in it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from agent.clock import Clock
from agent.spool import Spool
from stocktake.values import (
    Binding,
    Examination,
    Gap,
    GroupResult,
    Load,
    Method,
    Outcome,
    Report,
    SnmpBindings,
    Subject,
    SubjectKind,
)
from stocktake.wire import decode_report

WHEN = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


def bindings(text: str) -> SnmpBindings:
    return SnmpBindings((Binding("1.3.6.1.2.1.1.1.0", 4, text.encode()),))


def report(address: str = "10.1.0.5", content: str = "a switch", outcome: Outcome = Outcome.COMPLETE) -> Report:
    group = GroupResult("system", outcome, bindings(content))
    subject = Subject(SubjectKind.ADDRESS, address, "", "10.1.0.0/24")
    return Report(WHEN, 1.0, "boot", Examination(subject, Method.SNMP_V2C, (group,)))


def load_report(number: int, padding: int = 0) -> Report:
    group = GroupResult("load", Outcome.COMPLETE, Load((float(number),) * (1 + padding)))
    return Report(WHEN, 1.0, "boot", Examination(Subject(SubjectKind.HOST), Method.HOST, (group,)))


def spool_at(path: Path, **options: object) -> Spool:
    return Spool(path, "agent-1", clock=Clock(wall=lambda: WHEN, since_boot=lambda: 1.0, boot_id="boot"), **options)  # type: ignore[arg-type]  # passed on


def waiting(spool: Spool) -> dict[int, Examination | Gap]:
    entries = spool.pending(limit_bytes=10**9, limit_reports=10**6)
    assert [sequence for sequence, _ in entries] == sorted(sequence for sequence, _ in entries)
    return {sequence: decode_report(raw).body for sequence, raw in entries}


def accounted(spool: Spool) -> set[int]:
    """Every sequence that a collector would have dealt with after taking all that waits."""
    found: set[int] = set()
    for sequence, body in waiting(spool).items():
        found |= {sequence} | (set(range(body.first, body.last + 1)) if isinstance(body, Gap) else set())
    return found


def outcome(body: Examination | Gap) -> Outcome:
    assert isinstance(body, Examination)
    return body.groups[0].outcome
