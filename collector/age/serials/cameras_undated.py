"""Cameras whose serial numbers carry no date: Axis writes the MAC address; of others nothing is known."""

from __future__ import annotations

from collector.age.serials import CAMERAS, silent

NO_SOURCE = frozenset({
    "dahua", "hanwha", "wisenet", "bosch", "avigilon", "vivotek", "mobotix", "sony", "milesight", "uniview",
    "honeywell", "pelco", "samsung", "geovision", "arecont", "grandstream", "foscam", "reolink", "d-link", "tp-link",
    "acti", "flir", "i-pro", "canon", "verkada", "ionodes", "2n", "march", "synectics", "lg", "jvc", "ubiquiti",
    "trendnet",
})  # fmt: skip

RULES = (
    silent(
        "axis",
        {"axis"},
        "the MAC address stands in for a serial number: no date",
        source="Axis prints S/N and MAC address as one on its labels",
        kinds=CAMERAS,
    ),
    silent(
        "cameras.no_source",
        NO_SOURCE,
        "no rule is known for its serial numbers",
        source="no source known",
        kinds=CAMERAS,
    ),
)
