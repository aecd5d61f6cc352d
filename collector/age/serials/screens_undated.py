"""Projectors and displays on the network whose serial numbers carry no date that is known.

Monitors at a computer tell year and week by EDID, which is read elsewhere and needs no serial number.
"""

from __future__ import annotations

from collector.age.serials import silent

NO_SOURCE = frozenset({
    "epson", "nec", "benq", "sony", "casio", "hitachi", "sharp", "barco", "christie", "viewsonic", "promethean",
    "smart", "clevertouch", "sahara", "avocor", "infocus", "sanyo", "mitsubishi", "vivitek", "digital", "lg", "philips",
    "iiyama", "canon", "maxell", "ricoh", "toshiba", "eiki", "crestron", "boxlight", "mimio", "newline", "ctouch",
    "microsoft",
})  # fmt: skip

RULES = (
    silent(
        "screens.no_source",
        NO_SOURCE,
        "no rule is known for its serial numbers",
        source="no source known",
        kinds=frozenset({"projector", "display"}),
    ),
)
