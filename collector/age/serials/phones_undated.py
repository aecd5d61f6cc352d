"""Telephones and video conferences whose serial numbers carry no date that is known.

Telephones of Polycom, Yealink, Snom and Grandstream are told apart by their MAC addresses. Tandberg's numbers of the
time before Cisco, and Polycom's of conference units, stand in no source that was found.
"""

from __future__ import annotations

from collector.age.serials import TELEPHONY, silent

NO_SOURCE = frozenset({
    "tandberg", "polycom", "poly", "yealink", "snom", "grandstream", "mitel", "aastra", "shoretel", "gigaset", "fanvil",
    "unify", "siemens", "lifesize", "logitech", "crestron", "barco", "audiocodes", "patton", "2n", "algo", "cyberdata",
    "sangoma", "digium", "xorcom", "innovaphone", "zycoo", "obihai", "hp",
})  # fmt: skip

RULES = (
    silent(
        "phones.no_source",
        NO_SOURCE,
        "no rule is known for its serial numbers",
        source="no source known",
        kinds=TELEPHONY,
    ),
)
