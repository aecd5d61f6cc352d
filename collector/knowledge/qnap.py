"""QNAP (NAS-MIB, QTS-MIB and ENTITY-MIB): model, serial, QTS version and disks.

Older generations answer without sysObjectID and tell product line and version in sysDescr alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk, as_integer, as_named
from stocktake.values import Binding, Condition

QNAP = "1.3.6.1.4.1.24681"
MODEL, HOST_NAME = f"{QNAP}.1.2.12.0", f"{QNAP}.1.2.13.0"
ENCLOSURE = f"{QNAP}.1.4.1.1.1.1.1.2.1"  # enclosureTable: .3 model, .4 serial
#: the agent of QTS 5 and of QuTS hero
NEW = tuple(f"1.3.6.1.4.1.55062.{edition}.12" for edition in (1, 2))
NEW_IDENTITY = {"model": 3, "serial": 4, "firmware": 6}
OLD_DISK, DISK = f"{QNAP}.1.2.11.1", f"{QNAP}.1.4.1.1.1.1.5.2.1"
OLD_COLUMNS = {"name": 2, "model": 5, "status": 7}  # HdTable
COLUMNS = {"model": 8, "maker": 7}  # diskTable; its serial is nowhere told
ENTITY = "1.3.6.1.2.1.47.1.1.1.1"
WORDS = re.compile(
    r"^Linux (?P<model>(TS|TVS|TES|TDS|TBS|SS|NASbook|HS|QGD|VS|ES)-\S+) (?P<firmware>\d+\.\d+\.\d+\S*)$"
)
VERSION = re.compile(r"^Linux \S+ (?P<firmware>\d+\.\d+\.\d+)$")

ASKS = (
    Ask(
        "qnap",
        scalars=(MODEL, HOST_NAME, *(f"{new}.{number}.0" for new in NEW for number in NEW_IDENTITY.values())),
        tables=(
            f"{ENCLOSURE}.3",
            f"{ENCLOSURE}.4",
            *(f"{OLD_DISK}.{number}" for number in (2, 3, 5, 7)),
            *(f"{DISK}.{number}" for number in (6, 7, 8)),
        ),
        condition=Condition(object_id_prefixes=(QNAP, "1.3.6.1.4.1.55062")),
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Identity and disks of a QNAP by its number or by the names of its product lines."""
    named = WORDS.match(walk.description)
    if not named and not walk.is_of(QNAP, "1.3.6.1.4.1.55062"):
        return
    yield from walk.vote("nas", 100, "product", DESCRIPTION if named else OBJECT_ID)
    yield from walk.fact("maker", "QNAP", DESCRIPTION, weight=70)
    yield from walk.words(WORDS, weight=50)
    yield from walk.words(VERSION, weight=30)
    yield from walk.state("model", MODEL, weight=65)
    yield from walk.state("name", HOST_NAME, weight=40)
    yield from walk.state("model", f"{ENCLOSURE}.3.1", weight=70)
    yield from walk.state("serial", f"{ENCLOSURE}.4.1", weight=70)
    for new in NEW:
        yield from walk.states({name: f"{new}.{number}.0" for name, number in NEW_IDENTITY.items()}, weight=70)
    for column in (10, 9):  # quoted once too often
        yield from walk.state("firmware", f"{ENTITY}.{column}.1", read=_bare, weight=60)
    yield from walk.rows(DISK, COLUMNS, component="disk")
    yield from walk.rows(OLD_DISK, OLD_COLUMNS, component="drive")
    for index in walk.column(f"{OLD_DISK}.3"):
        yield from walk.state(
            "temperature", f"{OLD_DISK}.3.{index}", read=_celsius, component=f"drive/{index[:64]}", unit="celsius"
        )


def _bare(binding: Binding) -> str:
    return as_named(binding).strip('\\"')


def _celsius(binding: Binding) -> int:
    """`28 C/82 F`, or a number."""
    match = re.match(r"(\d{1,3}) ?C", as_named(binding))
    return int(match[1]) if match else as_integer(binding)
