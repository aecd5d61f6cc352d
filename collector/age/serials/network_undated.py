"""Makers of networks whose serial numbers carry no date, or none by a rule that is known: each says why.

A reason is either a fact (*the serial number is the MAC address*) or what was looked for and not found. What is told of
NETGEAR, TP-Link, Arista and others in forums has no source that could be checked, and no recorded date beside it.
"""

from __future__ import annotations

from collector.age.serials import silent

IS_MAC = "the serial number is the MAC address"
UNKNOWN = "no rule is known for its serial numbers"
OTHER_FORMS = "its serial numbers have several forms, and no rule is known for any"

#: maker's key → reason
REASONS = {
    "ubiquiti": IS_MAC,
    "sonicwall": IS_MAC,
    "mikrotik": UNKNOWN,
    "netgear": UNKNOWN,
    "tp-link": UNKNOWN,
    "arista": UNKNOWN,
    "watchguard": UNKNOWN,
    "sophos": OTHER_FORMS,
    "palo": "the serial number is a model's code and a sequence, as far as is known",
    "draytek": UNKNOWN,
    "cambium": UNKNOWN,
    "brocade": UNKNOWN,
    "foundry": UNKNOWN,
    "alcatel": UNKNOWN,
    "alcatel-lucent": UNKNOWN,
    "check": UNKNOWN,
    "barracuda": UNKNOWN,
    "engenius": UNKNOWN,
    "fs": OTHER_FORMS,
    "lancom": OTHER_FORMS,
    "linksys": UNKNOWN,
    "peplink": UNKNOWN,
    "planet": UNKNOWN,
    "ruijie": UNKNOWN,
    "smoothwall": UNKNOWN,
    "stormshield": UNKNOWN,
    "symbol": UNKNOWN,
    "teltonika": "the serial number is a sequence, as far as is known",
    "trendnet": UNKNOWN,
    "xirrus": UNKNOWN,
}

RULES = tuple(
    silent(f"undated.{maker}", {maker}, reason, source="searched, nothing found" if reason != IS_MAC else "samples")
    for maker, reason in REASONS.items()
)
