"""Axis (sysDescr, AXIS-VIDEO-MIB): cameras, encoders, intercoms and recorders with model and firmware.

The description is a list: maker and model, kind, version, day, hardware. The serial of an Axis device is its MAC, which
is told as such. Loudspeakers, door controllers and I/O modules have no class of their own and stay unknown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

AXIS = "1.3.6.1.4.1.368"
TEMPERATURE = f"{AXIS}.4.1.3.1.4"  # tempSensorValue
LISTED = re.compile(
    r"^\s*;?\s*(?P<model>AXIS [^;]+?)\s*;\s*(?P<kind>[^;]*?)\s*;\s*(?P<firmware>[^;]+?)\s*;[^;]*;"
    r"\s*(?P<hardware>[^;]*?)\s*(?:;|$)",
    re.IGNORECASE,
)
#: `AXIS 213 PTZ Network Camera 4.30`, `AXIS 5470e Network Print Server V6.21 Dec 5 2000`
PLAIN = re.compile(
    r"^(?P<model>AXIS \S+) (?P<kind>[A-Z][\w /-]*?)(?: V?(?P<firmware>\d+\.\d\S*)(?: [A-Z][a-z]{2} .{4,12})?)?$"
)
CLASSES = (
    (re.compile(r"recorder|NVR|video server", re.IGNORECASE), "video recorder"),
    (re.compile(r"print ?server", re.IGNORECASE), "printer"),
    (re.compile(r"audio|speaker|sound|horn|door|I/O|relay|radar|strobe|document|print|CD", re.IGNORECASE), ""),
    (re.compile(r"camera|dome|video|thermal|encoder|decoder|intercom|visual|bullet|PTZ", re.IGNORECASE), "camera"),
)

ASKS = (Ask("axis", tables=(TEMPERATURE,), condition=Condition(object_id_prefixes=(AXIS,))),)


def read(walk: Walk) -> Iterator[Statement]:
    """Identity by the description, and the temperature of the camera."""
    match = LISTED.match(walk.description) or PLAIN.match(walk.description)
    if match is None:
        return
    device_class = next((name for words, name in CLASSES if words.search(match["kind"])), "")
    if device_class:
        yield from walk.vote(device_class, 100, "kind", DESCRIPTION)
    yield from walk.fact("maker", "Axis", DESCRIPTION if walk.text(OBJECT_ID) == "" else OBJECT_ID, weight=60)
    yield from walk.fact("kind", match["kind"], DESCRIPTION)
    yield from walk.words(LISTED if LISTED.match(walk.description) else PLAIN, weight=60)
    for index in walk.column(TEMPERATURE):
        celsius = walk.integer(f"{TEMPERATURE}.{index}")
        if celsius is not None and -60 < celsius < 150:
            oid = f"{TEMPERATURE}.{index}"
            yield from walk.fact("temperature", celsius, oid, component=f"sensor/{index[:64]}", unit="celsius")
