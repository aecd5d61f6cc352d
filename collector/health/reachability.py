"""Reachability: whether a device answered when an agent looked.

Infrastructure must answer whenever somebody looks: at a sweep of its network, and at a round of health, in which what a
school stands on is asked every five minutes. Machines that people switch off are judged by term-time days, so that a
holiday is no condition. Where nobody looked, nothing is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from collector.health import Dossier, Finding, State, above

ASPECT = "reachability"
MOST_DAYS = 400  # that are counted: a device unseen for longer is no less silent
LOOKED = timedelta(hours=26)  # an agent that looked longer ago than that is not looking


def judge(known: Dossier) -> Iterator[Finding]:
    """One finding for every device that was met at least once."""
    if known.last_seen is None:
        return
    if known.looked is None or known.looked < known.now - LOOKED:
        yield Finding(State.UNKNOWN, "no agent looked at its site for a day", observed=known.now)
    elif known.limits.find(ASPECT, "silent_term_days", known.device_class) is not None:
        yield _of_people(known, known.last_seen, known.looked)
    else:
        yield _of_infrastructure(known, known.last_seen, known.looked)


def _of_infrastructure(known: Dossier, seen: datetime, looked: datetime) -> Finding:
    minutes = max((looked - seen).total_seconds() / 60, 0)
    state = above(minutes, *(known.limit(ASPECT, f"silent_{word}_minutes") for word in ("warning", "critical")))
    sentence = "it answers" if state is State.OK else f"it has not answered for {round(minutes)} minutes"
    return Finding(state, sentence, readings=("last_seen",), observed=looked)


def _of_people(known: Dossier, seen: datetime, looked: datetime) -> Finding:
    days = term_days(known, seen.date(), looked.date())
    state = State.WARNING if days >= known.limit(ASPECT, "silent_term_days") else State.OK
    sentence = "it was seen in term-time lately" if state is State.OK else f"not seen for {days} term-time days"
    return Finding(state, sentence, readings=("last_seen",), observed=looked)


def term_days(known: Dossier, first: date, last: date) -> int:
    """Term-time days after the first and up to the last."""
    passed = min((last - first).days, MOST_DAYS)
    return sum(known.is_term_day(first + timedelta(days=number + 1)) for number in range(passed))
