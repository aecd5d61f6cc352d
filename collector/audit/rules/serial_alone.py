"""No other device has its serial number.

DfE and auditors: an asset is told from others by tag or serial number.
"""

from __future__ import annotations

from collector.audit import Case, Finding, Given, Need, failed, passed, untold

TITLE = "Its serial number is its alone"
CLASSES = ()
NEEDS = frozenset({Need.TWINS, Need.RECORD})
NAMED = 3


def judge(case: Case, _given: Given) -> Finding:
    """By serial number and maker, in the whole trust."""
    if not (case.serial or case.record.get("serial")):
        return untold("it tells no serial number, and nobody has recorded one")
    if case.twins:
        more = f" and {len(case.twins) - NAMED} more" if len(case.twins) > NAMED else ""
        return failed(f"its serial number is also that of {', '.join(case.twins[:NAMED])}{more}", "serial")
    return passed("no other device has its serial number", "serial" if case.serial else "record: serial")
