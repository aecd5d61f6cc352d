"""Firmware: whether what ends first of a device's system, firmware and hardware is still supported (`age.support`)."""

from __future__ import annotations

from collections.abc import Iterator

from collector.health import Dossier, Finding, State, Support

ASPECT = "firmware"
DAMPED = False  # a day passes once
SOFTWARE = ("firmware", "os.name")


def judge(known: Dossier) -> Iterator[Finding]:
    """One finding where support is known, or software is told of which nobody knows until when it is supported."""
    support, today = known.support or Support(), known.now.date()
    if support.ends is None:
        if support.known:
            yield Finding(State.OK, "it is supported, without an announced end", observed=known.now)
        elif any(name in known.of() for name in SOFTWARE):
            yield Finding(State.UNKNOWN, "nobody knows until when it is supported", observed=known.now)
        return
    left = (support.ends - today).days
    if left >= 0:
        soon = left <= known.limit(ASPECT, "warning_days")
        sentence = f"it is supported until {support.ends.isoformat()}"
        yield Finding(State.WARNING if soon else State.OK, sentence, observed=known.now)
    elif support.extended is not None and support.extended >= today:
        sentence = f"its support ended on {support.ends.isoformat()}; more can be paid for until {support.extended}"
        yield Finding(State.WARNING, sentence, observed=known.now)
    else:
        sentence = f"its support ended on {support.ends.isoformat()}: it gets no security updates"
        yield Finding(State.CRITICAL, sentence, observed=known.now)
