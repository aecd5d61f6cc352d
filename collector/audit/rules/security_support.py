"""The maker supports the model with security updates for the years that the DfE asks for.

DfE, laptop, desktop and tablet standard: five years for laptops and desktops, three for tablets. A release of Windows
ends sooner and is replaced by the next, so the machine's own end counts, from the day on which it was bought or made.
"""

from __future__ import annotations

from collector.audit import HARDWARE, Case, Finding, Given, Need, failed, passed, untold

TITLE = "Security updates for the model last for the years asked for"
CLASSES = ("laptop", "desktop", "tablet")
PARAMETERS = {"years": 5.0, "years_tablet": 3.0}
NEEDS = frozenset({Need.SUPPORT, Need.RECORD})
DAYS_A_YEAR = 365.25


def judge(case: Case, given: Given) -> Finding:
    """From purchase, else manufacture, to the end that the maker names for the model."""
    end = case.end(HARDWARE)
    if end is None or end.ends is None:
        return untold("until when its maker updates this model is not known")
    begun = case.day("purchased") or case.made
    if begun is None:
        return untold("neither when it was bought nor when it was made is known", "support")
    asked = given.number("years_tablet" if case.device_class == "tablet" else "years")
    years = (end.ends - begun).days / DAYS_A_YEAR
    how = "bought" if case.day("purchased") else "made about"
    sentence = f"{how} {begun}, updated until {end.ends}: {years:.1f} years; {asked:g} are asked for"
    basis = "record: purchased" if case.day("purchased") else "age"
    return (passed if years >= asked else failed)(sentence, "support", basis)
