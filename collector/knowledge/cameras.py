"""Cameras and recorders of makers beside Axis and Hikvision: Dahua (DAHUA-SNMP-MIB) and those told by sysDescr.

Hanwha (Samsung), Mobotix, Vivotek, Bosch, Sony, Panasonic, Canon, Avigilon, Geutebrück, Ionodes. Relabels of Dahua
(Intelbras, BCS, Lorex) answer under its number and are told as such.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

E = "1.3.6.1.4.1"
DAHUA = f"{E}.1004849"
SYSTEM = f"{DAHUA}.2.1"
IDENTITY = {"serial": f"{SYSTEM}.2.4.0", "model": f"{SYSTEM}.2.6.0", "firmware": f"{SYSTEM}.1.1.0"}
KIND = f"{SYSTEM}.2.7.0"  # deviceClass: IPC, NVR, SD …
#: sysObjectID → maker, and class where everything under the number has it
NUMBERS = {
    f"{E}.36849": ("Hanwha", ""), f"{E}.21701": ("Mobotix", "camera"), f"{E}.23465": ("Vivotek", "camera"),
    f"{E}.3967": ("Bosch", ""), f"{E}.28106": ("Geutebrück", ""), f"{E}.40748": ("Ionodes", "camera"),
    f"{E}.46202": ("Avigilon", "camera"), DAHUA: ("Dahua", ""),
}  # fmt: skip
CAMERA = re.compile(
    r"\b(network|IP|dome|bullet|PTZ|box|thermal|fisheye|video) ?camera\b|\bIPC-|\bencoder\b|\bWV-[A-Z]{1,4}\d"
    r"|\bSNC-[A-Z]{1,3}\d|\b(DINION|FLEXIDOME|AUTODOME|N[BDPTU][ECN]-\d)",
    re.IGNORECASE,
)
RECORDER = re.compile(r"\b(network|digital) video recorder\b|\b[NDX]VR\b|\bWJ-[NH][DXV]\d+|^DIVAR", re.IGNORECASE)
#: letters of which each description holds some that a pattern fits: looked for first, since most hold none
CAMERA_SIGNS = ("camera", "ipc-", "encoder", "wv-", "snc-", "dinion", "flexidome", "autodome",
                *(f"n{series}{kind}-" for series in "bdptu" for kind in "ecn"))  # fmt: skip
RECORDER_SIGNS = ("video recorder", "nvr", "dvr", "xvr", "wj-", "divar")
WORDS = (
    re.compile(r"SNMP Agent on IONODES's (?P<model>\S+) ver (?P<firmware>[1-9][\d.]*)?"),
    re.compile(r"^Canon Network Camera (?P<model>VB-\S+)"),
    re.compile(r"\b(?P<model>(?:WV|BB|BL)-[A-Z]{1,4}\d{2,5}\w*)"),
    re.compile(r"\b(?P<model>SNC-[A-Z]{1,3}\d{2,4}\w*)"),
    re.compile(r"^(?P<model>WJ-[NH][DXV]\d+\w*)(?: SWVer(?P<firmware>\S+))?"),
    re.compile(r"^(?:SAMSUNG|Hanwha|Wisenet) (?:iPolis |Techwin |Vision )?(?P<model>[SXPQT][NR][A-Z]-\w+)"),
    re.compile(r"^VIVOTEK (?P<model>[A-Z]{2,3}\d{3,4}\S*)", re.IGNORECASE),
    re.compile(r"^MOBOTIX (?:Camera )?(?P<model>[A-Z]\d+\S*)(?:.*? (?P<firmware>MX-V\S+))?"),
    re.compile(
        r"^(?:BOSCH )?(?P<model>(?:DINION|FLEXIDOME|AUTODOME|N[BDPTU][ECN]|DIVAR)(?=.*\d)[\w -]+)", re.IGNORECASE
    ),
)

ASKS = (
    Ask(
        "dahua", scalars=(*IDENTITY.values(), KIND), condition=Condition(object_id_prefixes=(DAHUA, f"{E}.8072.3.2.10"))
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Identity of a Dahua; of others what number and description tell."""
    if walk.has(SYSTEM):
        kind = walk.text(KIND).upper()
        recorder = bool(RECORDER.search(kind) or RECORDER.search(walk.text(IDENTITY["model"])))
        yield from walk.vote("video recorder" if recorder else "camera", 100, "device_class", SYSTEM)
        yield from walk.fact("maker", "Dahua", SYSTEM, weight=60)
        yield from walk.states(IDENTITY, weight=70)
    told, lowered = walk.description, walk.description.lower()
    maker, device_class = walk.of_object_id(NUMBERS) or ("", "")
    recorder = any(sign in lowered for sign in RECORDER_SIGNS) and bool(RECORDER.search(told))
    camera = any(sign in lowered for sign in CAMERA_SIGNS) and bool(CAMERA.search(told))
    if recorder or camera or device_class:
        place = DESCRIPTION if recorder or camera else OBJECT_ID
        yield from walk.vote("video recorder" if recorder else "camera", 90, "description", place)
    if recorder or camera or maker:
        yield from walk.fact("maker", maker, OBJECT_ID, weight=55)
        for pattern in WORDS:
            yield from walk.words(pattern, weight=55)
