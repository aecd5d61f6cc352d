"""Every port that a device hangs on runs at 1 Gb/s or more.

DfE, network switching standard: at least 1 Gb/s to the desktop. A port runs as fast as what hangs on it can, so a slow
one may be an old printer and no old switch: the sentence says so, and a person decides.
"""

from __future__ import annotations

from collector.audit import Case, Finding, Given, Need, failed, passed, untold

TITLE = "Access ports run at 1 Gb/s or more"
CLASSES = ("switch",)
PARAMETERS = {"bits_per_second": 1e9}
NEEDS = frozenset({Need.PORTS, Need.LINKS})
NAMED = 5  # ports that a sentence names


def judge(case: Case, given: Given) -> Finding:
    """By the speed of the ports that are up; those that lead to other switches are another rule's."""
    uplinks = {link.component for link in case.links}
    ports = [port for port in case.ports if port.component not in uplinks]
    if not ports:
        return untold("it tells of no port that is up")
    least = given.number("bits_per_second")
    slow = [port for port in ports if port.speed is not None and 0 < port.speed < least]
    if slow:
        listed = ", ".join(f"{port.name} at {(port.speed or 0) / 1e6:.0f} Mb/s" for port in slow[:NAMED])
        more = f" and {len(slow) - NAMED} more" if len(slow) > NAMED else ""
        sentence = f"{len(slow)} of {len(ports)} ports that are up are slower, or what hangs on them is: {listed}{more}"
        return failed(sentence, *(f"{port.component} speed" for port in slow))
    silent = [port for port in ports if not port.speed]
    if silent:
        return untold(f"{len(silent)} of {len(ports)} ports that are up do not tell their speed")
    return passed(f"all {len(ports)} ports that are up run at {least / 1e9:g} Gb/s or more")
