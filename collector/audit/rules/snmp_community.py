"""It answers SNMP by no community that everybody knows.

Cyber Essentials, secure configuration: passwords of the factory are changed. Which credential a device took is known by
school, not by device; where a school's devices take some that are known and some that are not, it cannot be told. The
community itself is never shown.
"""

from __future__ import annotations

from collector.audit import Case, Finding, Given, Need, failed, passed, untold

TITLE = "No community of the factory opens it to SNMP"
CLASSES = ()
NEEDS = frozenset({Need.METHODS})
BARE = frozenset({"SNMP_V1", "SNMP_V2C"})
SAFE = "SNMP_V3"


def judge(case: Case, _given: Given) -> Finding | None:
    """By the versions that it answers, and by the communities that its school's devices take."""
    open_ways = case.methods & BARE
    if not open_ways:
        return passed("it answers SNMP v3 and no community") if SAFE in case.methods else None
    version = "SNMP v2c" if "SNMP_V2C" in open_ways else "SNMP v1"
    known = set(case.communities)
    if not known or None in known:
        return untold(f"it answers {version}, and whether by a community of the factory is not told by its agent")
    if known == {False}:
        return passed(f"it answers {version}; no community that its school’s agents use is one of the factory")
    if known == {True}:
        return failed(f"it answers {version} by a community of the factory, which everybody knows")
    return untold(f"it answers {version}, and its school’s devices take a community of the factory and another")
