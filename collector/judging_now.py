"""Judges schools at once where a person asks, instead of in their turn of an hour.

It takes seconds, so a page hands it to a thread, one of each trust, and is told what that is still at. What was asked
for is journaled and noted in the store: what a process leaves undone when it ends is judged first in the background,
and so is what a person says while a school is judged. It knows no page.
"""

from __future__ import annotations

import logging
import threading
import weakref
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from collector import journal, judging
from collector.auditing import Schools
from collector.errors import CollectorError
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


# ------------------------------------------------------------------------------------------------ in a thread


@dataclass(slots=True)
class _Waiting:
    """The schools of a trust that are judged now or wait for it, each with when it was asked for."""

    schools: dict[str, datetime] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


_WAITING: weakref.WeakKeyDictionary[Store, dict[str, _Waiting]] = weakref.WeakKeyDictionary()
_LOCK = threading.Lock()


def under_way(store: Store, trust_id: str) -> frozenset[str]:
    """The schools that are judged now, or wait for it."""
    waiting = _of(store, trust_id)
    with waiting.lock:
        return frozenset(waiting.schools)


def begin(store: Store, trust_id: str, school_ids: Iterable[str], now: datetime) -> None:
    """Have schools judged one after another, and return at once; those that wait already are not judged twice."""
    waiting = _of(store, trust_id)
    with waiting.lock:
        idle = not waiting.schools
        for school_id in school_ids:
            waiting.schools.setdefault(school_id, now)
        if idle and waiting.schools:
            threading.Thread(target=_work, args=(store, trust_id, waiting), name="judging", daemon=True).start()


def _of(store: Store, trust_id: str) -> _Waiting:
    with _LOCK:
        return _WAITING.setdefault(store, {}).setdefault(trust_id, _Waiting())


def _work(store: Store, trust_id: str, waiting: _Waiting) -> None:
    """Judge what waits, and end: a school leaves the list once it is judged, and the thread ends with the last."""
    going = True
    while going:
        with waiting.lock:
            school_id, now = next(iter(waiting.schools.items()))
        judge(store, trust_id, school_id, now)
        with waiting.lock:
            del waiting.schools[school_id]
            going = bool(waiting.schools)
