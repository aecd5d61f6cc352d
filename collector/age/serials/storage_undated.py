"""Storage whose serial numbers carry no date that is known."""

from __future__ import annotations

from collector.age.serials import STORAGE, silent

NO_SOURCE = frozenset({
    "netapp", "emc", "equallogic", "nimble", "pure", "3par", "quantum", "bdt", "proware", "infortrend", "buffalo",
    "western", "seagate", "drobo", "thecus", "asustor", "ixsystems", "truenas", "nutanix", "hitachi", "areca", "data",
    "promise", "overland", "tandberg", "exagrid", "datto", "fujitsu", "oracle", "sun", "terramaster", "eurostor",
    "isilon", "supermicro", "broadberry",
})  # fmt: skip

RULES = (
    silent(
        "storage.no_source",
        NO_SOURCE,
        "no rule is known for its serial numbers",
        source="no source known",
        kinds=STORAGE,
    ),
)
