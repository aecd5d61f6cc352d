"""Restarts: how often a device began anew, by its uptime (sysUpTime of SNMPv2-MIB, RFC 3418, or the system's own)."""

from __future__ import annotations

from collections.abc import Iterator

from collector.health import Dossier, Finding, above, number

ASPECT = "restarts"
DAMPED = False  # a restart is told once


def judge(known: Dossier) -> Iterator[Finding]:
    """One finding where the device tells its uptime."""
    told = known.of().get("uptime")
    up = number(told)
    if told is None or up is None:
        return
    state = above(told.changes, known.limit(ASPECT, "warning"), known.limit(ASPECT, "critical"))
    times = "once" if told.changes == 1 else f"{told.changes} times"
    sentence = f"it restarted {times} since yesterday" if told.changes else f"it has run for {_span(up)}"
    yield Finding(state, sentence, readings=("uptime",), observed=told.observed)


def _span(seconds: float) -> str:
    days = int(seconds // 86_400)
    return f"{days} days" if days > 1 else f"{int(seconds // 3600)} hours"
