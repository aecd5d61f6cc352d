"""Dell storage: EqualLogic (EQLMEMBER-MIB, EQLDISK-MIB), Compellent (DELL-STORAGE-SC-MIB), FluidFS, PowerVault.

PowerVault ME tells product and serial in the Fibre Alliance MIB, which has a file of its own. Volumes and hosts are
not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.knowledge import DESCRIPTION, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

E = "1.3.6.1.4.1"
EQUALLOGIC = f"{E}.12740"
MEMBER = f"{EQUALLOGIC}.2.1"  # member: .11.1.1 model, .11.1.2 serial, .1.1.21 to .23 version, .1.1.9 name
VERSION = tuple(f"{MEMBER}.1.1.{number}" for number in (21, 22, 23))
DISK = f"{EQUALLOGIC}.3.1.1.1"  # eqlDiskTable: .3 model, .5 serial, .8 status
COMPELLENT = f"{E}.674.11000.2000.500.1.2"
FLUIDFS = f"{E}.674.11000.2000.200.1.47"
SCALARS = {"model": f"{FLUIDFS}.2", "firmware": f"{FLUIDFS}.1"}
CONTROLLER = f"{COMPELLENT}.13.1"  # scCtlrTable: .4 name, .7 model
SC_VERSION, SC_SERIAL = f"{COMPELLENT}.4.0", f"{COMPELLENT}.29.1.9"  # productIDVersion, serial of each system
DISK_STATES = {1: "online", 2: "spare", 3: "failed", 4: "offline", 8: "failed"}
POWERVAULT = re.compile(r"^DELL(?: EMC)? (?P<model>ME\d+|PowerVault .+|(?:MD|TL|ML|NX|DR)\d+\w*)", re.IGNORECASE)

ASKS = (
    Ask(
        "equallogic",
        tables=(
            f"{MEMBER}.1.1.9",
            f"{MEMBER}.11.1.1",
            f"{MEMBER}.11.1.2",
            *VERSION,
            f"{DISK}.3",
            f"{DISK}.5",
            f"{DISK}.8",
        ),
        condition=Condition(object_id_prefixes=(EQUALLOGIC,)),
    ),
    Ask(
        "compellent",
        scalars=(SC_VERSION,),
        tables=(f"{CONTROLLER}.4", f"{CONTROLLER}.7", SC_SERIAL),
        condition=Condition(object_id_prefixes=(f"{E}.8072.3.2.8", f"{E}.674.11000")),
    ),
    Ask(
        "fluidfs",
        tables=(FLUIDFS,),
        condition=Condition(object_id_prefixes=(f"{E}.674.11000", "1.3.6.1.2.1.1")),  # it answers with sysDescr's OID
    ),
)


def read(walk: Walk) -> Iterator[Statement]:
    """Whichever of the four it is."""
    if walk.is_of(EQUALLOGIC):
        yield from _equallogic(walk)
    elif walk.has(COMPELLENT):
        yield from _storage(walk, "compellent", COMPELLENT)
        yield from walk.state("firmware", SC_VERSION, weight=70)
        for index in list(walk.column(SC_SERIAL))[:1]:
            yield from walk.state("serial", f"{SC_SERIAL}.{index}", weight=70)
        yield from walk.fact("model", "Compellent Storage Center", COMPELLENT, weight=20)
        yield from walk.rows(CONTROLLER, {"name": 4, "model": 7}, component="controller")
    elif walk.has(FLUIDFS):
        yield from _storage(walk, "fluidfs", FLUIDFS)
        yield from walk.states(SCALARS, weight=70)
    elif POWERVAULT.match(walk.description) or walk.is_of(f"{E}.674.10893.2"):
        yield from _storage(walk, "powervault", DESCRIPTION if walk.description else OBJECT_ID)
        yield from walk.state("model", DESCRIPTION, weight=45)


def _storage(walk: Walk, because: str, oid: str) -> Iterator[Statement]:
    yield from walk.vote("storage", 110, because, oid)
    yield from walk.fact("maker", "Dell", oid, weight=55)


def _equallogic(walk: Walk) -> Iterator[Statement]:
    """The group's first member stands for the device; its disks are components."""
    yield from walk.vote("storage", 110, "equallogic", OBJECT_ID)
    for name, column, keep in (("model", 1, 70), ("serial", 2, 70)):
        for index in list(walk.column(f"{MEMBER}.11.1.{column}"))[:1]:
            yield from walk.state(name, f"{MEMBER}.11.1.{column}.{index}", weight=keep)
    for index in list(walk.column(VERSION[0]))[:1]:
        numbers = [walk.text(f"{column}.{index}") for column in VERSION]
        yield from walk.fact("firmware", ".".join(n for n in numbers if n), f"{VERSION[0]}.{index}", weight=60)
    yield from walk.fact("model", "EqualLogic PS", OBJECT_ID, weight=15)
    yield from walk.rows(DISK, {"model": 3, "serial": 5}, component="disk")
    for index in walk.column(f"{DISK}.8"):
        state = DISK_STATES.get(walk.integer(f"{DISK}.8.{index}") or 0)
        yield from walk.fact("status", state, f"{DISK}.8.{index}", component=f"disk/{index[:64]}")
