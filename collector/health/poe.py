"""Power over Ethernet: how much of its budget a switch gives out, and ports that cannot be fed (RFC 3621)."""

from __future__ import annotations

from collections.abc import Iterator

from collector.health import Dossier, Finding, State, above, share

ASPECT = "poe"
PART = "power over ethernet"
FAULTY = {"faulty": State.CRITICAL, "on": State.OK}


def judge(known: Dossier) -> Iterator[Finding]:
    """One finding for each group of ports that shares a supply, and one for ports that report a fault."""
    for component, told in known.parts(PART):
        used = share(told.get("consumption"), told.get("capacity"))
        if used is not None:
            state = above(used, known.limit(ASPECT, "warning"), known.limit(ASPECT, "critical"))
            sentence = f"{used:.0f} % of the power for devices is given out"
            readings = (f"{component} consumption", f"{component} capacity")
            yield Finding(state, sentence, component, readings, told["consumption"].observed)
        status = told.get("status")
        if status is not None and str(status.value) in FAULTY:
            sentence = f"the supply of power for devices is {status.value}"
            yield Finding(FAULTY[str(status.value)], sentence, component, (f"{component} status",), status.observed)
    faults = known.of().get("ports_with_power_faults")
    if faults is not None and isinstance(faults.value, int) and faults.value > 0:
        sentence = f"{faults.value} ports cannot feed what hangs on them"
        yield Finding(State.WARNING, sentence, readings=("ports_with_power_faults",), observed=faults.observed)
