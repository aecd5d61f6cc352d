"""A UPS carries its load for 30 minutes.

DfE, servers and storage standard: a UPS keeps what hangs on it running for 30 minutes.
"""

from __future__ import annotations

from collector.audit import Case, Finding, Given, Need, failed, passed, untold

TITLE = "The UPS carries its load for long enough"
CLASSES = ("ups",)
PARAMETERS = {"minutes": 30.0}
NEEDS = frozenset({Need.TOLD})
BATTERY = "battery/ups"


def judge(case: Case, given: Given) -> Finding:
    """By the time that it says its battery would last at the load of now."""
    seconds = case.of(BATTERY).get("runtime")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
        return untold("it does not tell how long its battery would last")
    if case.of().get("output_source") == "battery":
        return untold("it runs on its battery now, so what is left says nothing of a full one", "output_source")
    minutes, least = seconds / 60, given.number("minutes")
    sentence = f"its battery would last {minutes:.0f} minutes; {least:.0f} are asked for"
    found = passed if minutes >= least else failed
    return found(sentence, f"{BATTERY} runtime")
