"""Judges schools at once where a person asks, instead of in their turn of an hour.

It takes seconds, so a page hands it to a thread, one of each trust, and is told what that is still at. What was asked
for is journaled and noted in the store: what a process leaves undone when it ends is judged first in the background,
and so is what a person says while a school is judged. It knows no page.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable
from datetime import datetime
from functools import partial

from collector import journal, judging
from collector.auditing import Schools
from collector.background import Jobs
from collector.errors import CollectorError
from collector.keeping import PerTrust
from collector.store import Store, Transaction, cases, judged

log = logging.getLogger(__name__)


def ask(
    connection: Transaction, trust_id: str, schools: Schools, *, besides: Collection[str] = (), actor: str,
    now: datetime,
) -> dict[str, str]:  # fmt: skip
    """Note that some schools, or all, are to be judged at once; the names of those `besides` what is judged already.

    Journaled where there is any. CollectorError where none of the schools belongs to the trust.
    """
    members = cases.members(connection, trust_id, schools)
    if not members:
        raise CollectorError("there is no school to judge: one that left the trust is not audited any more")
    wanted = {key: name for key, name in members.items() if key not in besides}
    if wanted:
        judged.want(connection, trust_id, wanted, now)
        about: dict[str, str | int] = {"school": next(iter(wanted))} if len(wanted) == 1 else {"schools": len(wanted)}
        journal.append(connection, trust_id, actor=actor, action="judging_asked", detail=about, now=now)
    return wanted


def judge(store: Store, trust_id: str, school_id: str, now: datetime) -> bool:
    """Judge a school; False, and a line of the log, where that failed."""
    try:
        judging.judge(store, trust_id, school_id, now)
    except Exception:  # the one place that isolates schools here: the next ones are judged all the same
        log.exception("a school could not be audited")
        return False
    return True


_JOBS = PerTrust(lambda: Jobs("judging"))


def under_way(store: Store, trust_id: str) -> frozenset[str]:
    """The schools that are judged now, or wait for it."""
    return frozenset(map(str, _JOBS.of(store, trust_id).names()))


def begin(store: Store, trust_id: str, school_ids: Iterable[str], now: datetime) -> None:
    """Have schools judged one after another, and return at once; those that wait already are not judged twice."""
    for school_id in school_ids:
        _JOBS.of(store, trust_id).begin(school_id, partial(judge, store, trust_id, school_id, now))
