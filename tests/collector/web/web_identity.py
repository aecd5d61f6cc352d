"""Machines of which the evidence cannot tell whether they are one: two boards with one serial number, hostile names."""

from __future__ import annotations

from datetime import datetime, timedelta

from web_estate import HOSTILE, NOW, World, asked, system

from collector import understand
from collector.intake.incoming import read_report
from collector.store import evidence, places, questions
from stocktake import values as v
from stocktake import wire

BOOTED = NOW - timedelta(days=30)
MACS = ("00:1b:21:00:09:01", "00:1b:21:00:09:02")
UUIDS = ("4c4c4544-0058-5910-805a-b5c04f313233", "4c4c4544-0058-5910-805a-b5c04f313299")
TWIN_SERIAL = "6TWIN42"


def board(
    number: int, name: str, serial: str, day: float, model: str = "OptiPlex 3060"
) -> tuple[datetime, v.Examination]:
    """What machine 0 or 1 answered on a day before now: its own UUID and MAC, a serial number, a name."""
    pieces = (
        ("sys_vendor", "Dell Inc."), ("product_name", model), ("product_serial", serial),
        ("product_uuid", UUIDS[number]),
    )  # fmt: skip
    table = v.GroupResult("smbios", v.Outcome.COMPLETE, v.SmbiosTable(pieces=pieces))
    examined = asked(f"10.1.0.{60 + number}", table, system(name, "a machine"), mac=MACS[number])
    return NOW - timedelta(days=day), examined


def bring_more(world: World, *said: tuple[datetime, v.Examination]) -> None:
    """The agent of elm brings more, and it is understood."""
    with world.store.reader() as connection:
        school = world.school_ids["elm"]
        site = next(p.site_id for p in places.places(connection, world.trust_id) if p.school_id == school)
    incoming = [
        read_report(number, wire.encode_report(v.Report(when, (when - BOOTED).total_seconds(), "boot", examined)))
        for number, (when, examined) in enumerate(said, 1)
    ]
    stream = f"stream-{said[0][0]:%m%d%H%M%S}"
    world.store.write(
        lambda connection: evidence.keep(connection, world.trust_id, "elm-agent", site, stream, incoming, NOW)
    )
    while understand.understand_pending(world.store, world.trust_id, NOW):
        pass


def doubt(world: World, second: str = HOSTILE) -> tuple[questions.QuestionRow, str, str]:
    """Two machines bear one serial number, in turn seen alive; the question, and the ids of both."""
    bring_more(
        world,
        board(0, "room-12-pc", TWIN_SERIAL, 3), board(1, second, TWIN_SERIAL, 2.9),
        board(0, "room-12-pc", TWIN_SERIAL, 1), board(1, second, TWIN_SERIAL, 0.9),
    )  # fmt: skip
    with world.store.reader() as connection:
        (asked_of,) = questions.still_open(connection, world.trust_id)
    return asked_of, world.device(MACS[0]).device_id, world.device(MACS[1]).device_id
