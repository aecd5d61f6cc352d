"""Certificate: until when the agent on a device may speak to the collector; it renews itself well before."""

from __future__ import annotations

from collections.abc import Iterator

from collector.health import Dossier, Finding, State, below

ASPECT = "certificate"
DAMPED = False  # a day passes once


def judge(known: Dossier) -> Iterator[Finding]:
    """One finding for a device on which an agent runs."""
    if known.agent is None:
        return
    ends = known.agent.certificate_expires
    if ends is None:
        yield Finding(State.UNKNOWN, "its agent has no certificate that is known", observed=known.now)
        return
    days = (ends - known.now).total_seconds() / 86_400
    state = below(days, known.limit(ASPECT, "warning_days"), known.limit(ASPECT, "critical_days"))
    ended = "has ended: it must be enrolled anew" if days < 0 else f"ends in {days:.0f} days"
    yield Finding(state, f"the certificate of its agent {ended}", observed=known.now)
