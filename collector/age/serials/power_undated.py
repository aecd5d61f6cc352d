"""Power and cooling whose serial numbers carry no date, or none that anybody has told.

CyberPower's units and some of Eaton's tell their date of manufacture or installation over SNMP, which is read
elsewhere.
"""

from __future__ import annotations

from collector.age.serials import POWER, silent

SEARCHED = frozenset({"eaton", "powerware", "mge", "cyberpower", "riello", "tripp"})
NO_SOURCE = frozenset({
    "hp", "lenovo", "ibm", "vertiv", "liebert", "emerson", "geist", "socomec", "rittal", "raritan", "legrand", "server",
    "panduit", "schleifenbauer", "gude", "delta", "eltek", "huawei", "zte", "salicru", "borri", "aeg", "voltronic",
    "phoenixtec", "powercom", "orvaldi", "argus", "alpha", "swichtec", "janitza", "phoenix", "siemens", "pentair",
    "dantherm", "stulz", "bachmann", "aten", "hw", "akcp", "avtech", "sensatronics", "wiesemann", "it", "asentria",
    "marc", "powerwalker", "xantrex", "gamatronic", "centiel", "chloride", "fortron", "fsp", "digipower", "enlogic",
})  # fmt: skip

RULES = (
    silent(
        "power.no_rule_found",
        SEARCHED,
        "no rule is known for its serial numbers",
        source="searched, November 2026: nothing found",
        kinds=POWER,
    ),
    silent(
        "power.no_source",
        NO_SOURCE,
        "no rule is known for its serial numbers",
        source="no source known",
        kinds=POWER,
    ),
)
