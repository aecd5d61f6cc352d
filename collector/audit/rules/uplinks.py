"""A switch hangs on the core by two links of 10 Gb/s.

DfE, network switching standard: two links of 10 Gb/s from each hub to the core.
"""

from __future__ import annotations

from collector.audit import Case, Finding, Given, Need, failed, passed, untold

TITLE = "Uplinks to the core are two links of 10 Gb/s"
CLASSES = ("switch",)
PARAMETERS = {"links": 2.0, "bits_per_second": 1e10}
NEEDS = frozenset({Need.PORTS, Need.LINKS})


def judge(case: Case, given: Given) -> Finding | None:
    """By the cables to the core and what they carry together; the core itself has no uplink."""
    if case.core.core:
        return None
    ways = [link for link in case.links if link.to_core]
    if case.core.core is None:
        return untold(case.core.why)
    if not ways:
        return untold("its way to the core leads through switches between, or through some that were not read")
    rests_on = tuple(f"{link.component} speed" for link in ways)
    cables, least = sum(link.members for link in ways), round(given.number("links"))
    if cables < least:
        return failed(f"{cables} of {least} links to the core, {ways[0].far_name}", *rests_on)
    if any(link.speed is None for link in ways):
        return untold(f"{cables} links lead to the core, and they do not tell their speed", *rests_on)
    carried, asked = sum(link.speed or 0.0 for link in ways), least * given.number("bits_per_second")
    sentence = f"{cables} links to the core carry {carried / 1e9:g} Gb/s; {asked / 1e9:g} Gb/s are asked for"
    return passed(sentence, *rests_on) if carried >= asked else failed(sentence, *rests_on)
