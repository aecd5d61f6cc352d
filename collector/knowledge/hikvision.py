"""Hikvision (HIK-DEVICE-MIB, HIKVISION-MIB): cameras and recorders with model, firmware, serial, disks.

Cameras answer under one number and often have no system group at all; recorders answer under another. Video settings
are not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import Ask, Statement, Walk, as_mac
from stocktake.values import Condition

DEVICE, ENTITY = "1.3.6.1.4.1.39165.1", "1.3.6.1.4.1.50001.1"
MODEL, HARDWARE, FIRMWARE, MAC = (f"{DEVICE}.{number}.0" for number in (1, 2, 3, 4))
SERIAL = f"{ENTITY}.3.0"
DISK = f"{ENTITY}.241.1"  # hikDiskTable: .2 volume, .3 status
DISK_STATES = {0: "normal", 1: "unformatted", 2: "abnormal", 3: "smart failed", 4: "mismatch", 5: "idle", 6: "offline"}
RECORDER = re.compile(r"^(i?DS-[5-9]\d|DS-M|i?DS-\d+N|.*\bNVR|.*\bDVR)", re.IGNORECASE)
CAMERA = re.compile(r"^(i?DS-2|.*CAM)", re.IGNORECASE)
PERCENT = re.compile(r"^(\d{1,3}) PERCENT$")
LOADS = {f"{DEVICE}.7.0": "processor_load", f"{DEVICE}.11.0": "memory_load"}

ASKS = (
    Ask("hikvision", scalars=(MODEL, HARDWARE, FIRMWARE, MAC, SERIAL, *LOADS),
        condition=Condition(object_id_prefixes=("1.3.6.1.4.1.39165", "1.3.6.1.4.1.50001"))),
    Ask("hikvision_disks", tables=(f"{DISK}.2", f"{DISK}.3"), condition=Condition(answered=SERIAL)),
)  # fmt: skip


def read(walk: Walk) -> Iterator[Statement]:
    """Identity of a camera or recorder; the disks of a recorder."""
    if not walk.has(MODEL) and not walk.has(f"{ENTITY}.1") and not walk.description.startswith("Hikvision"):
        return
    model = walk.text(MODEL)
    recorder = RECORDER.match(model) or (walk.has(ENTITY) and not CAMERA.match(model))
    place = ENTITY if walk.has(ENTITY) else DEVICE
    if recorder or CAMERA.match(model):
        yield from walk.vote("video recorder" if recorder else "camera", 100, "model", place)
    yield from walk.fact("maker", "Hikvision", place, weight=70)
    yield from walk.states({"model": MODEL, "hardware": HARDWARE, "firmware": FIRMWARE, "serial": SERIAL}, weight=70)
    yield from walk.state("mac", MAC, read=as_mac, weight=60)
    for oid, name in LOADS.items():
        match = PERCENT.match(walk.text(oid))
        yield from walk.fact(name, int(match[1]) if match else None, oid, unit="percent")
    for index in walk.column(f"{DISK}.2"):
        component = f"disk/{index[:64]}"
        yield from walk.state("name", f"{DISK}.2.{index}", component=component)
        state = walk.integer(f"{DISK}.3.{index}")
        word = None if state is None else DISK_STATES.get(state, "other")
        yield from walk.fact("status", word, f"{DISK}.3.{index}", component=component)
