"""Lenovo: the serial number carries no date; of IBM, whose book it took over, no rule is known.

ThinkPads, ThinkCentres and ThinkSystems have eight characters (`PF…`, `MP…`, `J701NYHG`), older ones seven, that no
public rule reads. The month stands on the label beside it, `MFG date` (kawakami-ca.com/thinkpad/id.html), and Lenovo's
warranty service tells it; neither is in the number.
"""

from __future__ import annotations

from collector.age.serials import COMPUTERS, SCREENS, STORAGE, silent

RULES = (
    silent(
        "lenovo",
        {"lenovo", "lenovoemc"},
        "no date in its serial number: the month of manufacture stands on the label beside it",
        source="kawakami-ca.com/thinkpad/id.html; Lenovo's maintenance manuals name the number and no rule",
        kinds=COMPUTERS | SCREENS | STORAGE,
    ),
    silent(
        "ibm",
        {"ibm"},
        "no rule is known for its serial numbers",
        source="no source known",
        kinds=COMPUTERS | SCREENS | STORAGE,
    ),
)
