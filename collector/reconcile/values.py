"""The values that a reconciliation passes on: what the register holds, what becomes of each row. Pure."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from collector.records.fields import Value


class Kind(enum.StrEnum):
    """What a row of the book, or a device that the book lacks, turned out to be."""

    MATCHED = "matched"
    DIFFERING = "differing"
    QUESTION = "question"  # it may be a device, and a person has to say
    GHOST = "ghost"  # in the book, not on the network
    UNRECORDED = "unrecorded"  # on the network, not in the book
    TWICE_IN_BOOK = "twice in the book"
    TWICE_ON_NETWORK = "twice on the network"
    PART = "part of a device"  # seen inside or on another one: a monitor, a module
    UNTOLD = "cannot be told"  # a row that names nothing that could be looked for


#: the kind of the mark that names a device outright: a column of device ids
DEVICE = "device"
#: marks that may match by themselves, strongest first; a name never does
MARKS = (DEVICE, "serial", "mac", "asset_tag", "local_name")
LABELS = {DEVICE: "device id", "serial": "serial number", "mac": "MAC", "asset_tag": "asset tag", "local_name": "name"}


@dataclass(frozen=True, slots=True)
class Held:
    """A device as the register holds it, by its own word and by its records.

    `values`: by field what the register says, records first; `marks`: by kind every value that leads to it, in the
    normal form of `marks`. `absent`: why it is not on the network now, empty where it is; `met`: something saw it once.
    """

    device_id: str
    school_id: str
    school_name: str
    title: str
    device_class: str
    values: Mapping[str, Value]
    marks: Mapping[str, frozenset[str]]
    absent: str = ""
    met: bool = True


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of which book and register say something else."""

    field: str
    book: Value
    register: Value


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row of the book, or of one device that it lacks.

    `row`: 0 for a device that the book lacks. `device_id`: whose it is, or for a question may be; `others`: further
    devices that it may be, or that are the same. `basis`: on which marks that rests; `reasons`: sentences. `adds`:
    what the book says and the register does not; `remarks`: cells of the row that say nothing as they are.
    """

    kind: Kind
    row: int = 0
    title: str = ""
    device_id: str = ""
    others: tuple[str, ...] = ()
    other_rows: tuple[int, ...] = ()
    basis: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    adds: Mapping[str, Value] = field(default_factory=dict)
    school_name: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Around:
    """What a book is compared with. `scope`: the schools that it is of; `unswept`: why a school was not looked at.

    `held` is of the whole trust: what the book of one school has may stand at another.
    """

    held: tuple[Held, ...]
    scope: frozenset[str]
    schools: Mapping[str, str]  # id → name
    unswept: Mapping[str, str] = field(default_factory=dict)  # school id → sentence
    parts: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # serial number → device, what part of it
