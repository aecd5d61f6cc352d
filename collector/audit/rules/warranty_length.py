"""The warranty was bought for long enough.

DfE: three years for laptops and desktops, two for tablets, five for switches.
"""

from __future__ import annotations

from collector.audit import Case, Finding, Given, Need, failed, passed, untold

TITLE = "It was bought with a warranty of the years asked for"
CLASSES = ("laptop", "desktop", "tablet", "switch")
PARAMETERS = {"years": 3.0, "years_tablet": 2.0, "years_switch": 5.0}
NEEDS = frozenset({Need.RECORD})
DAYS_A_YEAR = 365.25
GRACE = 31  # days: a warranty begins with delivery, and ends on the day before


def judge(case: Case, given: Given) -> Finding:
    """From the day of purchase to the end of the warranty, both as recorded."""
    bought, ends = case.day("purchased"), case.day("warranty_ends")
    if bought is None or ends is None:
        missing = " and ".join(
            words for words, day in (("the day of purchase", bought), ("the end of the warranty", ends)) if day is None
        )
        return untold(f"nobody has recorded {missing}")
    own = f"years_{case.device_class}"
    asked = given.number(own if own in PARAMETERS else "years")
    years = (ends - bought).days / DAYS_A_YEAR
    sentence = f"bought on {bought} with a warranty until {ends}: {years:.1f} years; {asked:g} are asked for"
    enough = (ends - bought).days + GRACE >= asked * DAYS_A_YEAR
    return (passed if enough else failed)(sentence, "record: purchased", "record: warranty_ends")
