"""Rows of products: devices that a number, the words of their description and a few objects are enough to know.

A knowledge file that is a table of such rows states them as `Product`s of one `ProductTable`, which tells what to ask
(`asks`) and reads a walk (`read`). It knows no maker, and no fact that a row does not name: what a product tells in
tables, or in a way of its own, its file reads itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from collector.walks import DESCRIPTION, ENTERPRISES, OBJECT_ID, Ask, Statement, Walk
from stocktake.values import Condition

LINUX = "8072.3.2.10"  # the sysObjectID of net-snmp on Linux, which names no maker
NOBODY = ("0.0", "0")  # zeroDotZero, "to which nobody answers" (RFC 3418), and the enterprise number that nobody has
ONLY_ASKED = ""  # in the place of a fact's name: an object that is asked for to see that it answers
FIRST_ROW = ".*"
LIGHTER = 10  # each further object for the same fact, than the one before it


@dataclass(frozen=True, slots=True)
class Product:
    """One line of products: how it is recognised, what that makes of the device, and where its facts are.

    OIDs are those below the enterprises; one with a dot before it lies below `number`; one of a standard MIB is whole.

    `number`: the sysObjectID that its devices have or lie under; the longest of a table stands. `words`: a pattern over
    sysDescr, without regard to case, whose named groups are facts; a row without a number is recognised by it.
    `objects`: fact → scalar, or column with `.*` behind it (the first row that says anything tells), or several of
    them, the best first. `texts`: object → pattern of a text that tells facts among other words.
    `instead`: pattern over sysDescr → the class that it makes of such a device. `vote`: its weight, if not the table's.
    """

    number: str = ""
    device_class: str = ""
    maker: str = ""
    words: str = ""
    objects: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    instead: Mapping[str, str] = field(default_factory=dict)
    vote: int = 0
    #: its words name it beyond doubt, whatever the sysObjectID
    anywhere: bool = False
    #: letters, in lower case, that each description holds which the words fit: looked for first, where words are slow
    sign: str = ""
    #: others share the number, so the words must fit, too
    shared: bool = False
    #: sysObjectIDs that tell too little: below them the objects are asked for, and what answers under `number` tells
    behind: tuple[str, ...] = ()


class Weights(NamedTuple):
    """What the statements of a table weigh: the vote for a class, the maker, words of the description, objects."""

    vote: int = 80
    maker: int = 60
    words: int = 58
    objects: int = 60


class _Row(NamedTuple):
    """A product as it is read: whole OIDs, compiled patterns."""

    product: Product
    number: str
    words: re.Pattern[str] | None
    objects: tuple[tuple[str, str, int], ...]
    texts: tuple[tuple[str, re.Pattern[str]], ...]
    instead: tuple[tuple[re.Pattern[str], str], ...]

    def fits(self, description: str) -> bool:
        return self.words is not None and self.words.search(description) is not None

    def device_class(self, description: str) -> str:
        told = (other for pattern, other in self.instead if pattern.search(description))
        return next(told, self.product.device_class)


class ProductTable:
    """The rows of one knowledge file. `name` begins the names of the plan's groups, which end in a row's number."""

    def __init__(self, name: str, weights: Weights, *products: Product) -> None:
        self.products = products
        self._weights = weights
        self._by_number: dict[str, list[_Row]] = {}
        self._by_answer: dict[str, list[_Row]] = {}
        self._by_words: list[tuple[str, Callable[[str], object], _Row]] = []
        rows = [_row(product) for product in products]
        for row in rows:
            self._add(row)
        self.asks = tuple(_ask(name, row) for row in rows if row.objects or row.texts)

    def _add(self, row: _Row) -> None:
        if row.number:
            self._by_number.setdefault(row.number, []).append(row)
        if row.product.behind:
            enterprise = row.number.removeprefix(ENTERPRISES).partition(".")[0]
            self._by_answer.setdefault(enterprise, []).append(row)
        if row.words and (row.product.anywhere or not row.number):
            self._by_words.append((row.product.sign, row.words.search, row))

    @property
    def enterprises(self) -> tuple[str, ...]:
        """The enterprise numbers of all rows: the `UNDER` of a file none of whose rows is known by its words alone."""
        return tuple(sorted({product.number.partition(".")[0] for product in self.products}))

    def read(self, walk: Walk) -> Iterator[Statement]:
        """Class, maker and facts of the first product that answers, else has the number, else fits the words."""
        found = self._recognised(walk)
        if found is None:
            return
        row, because, place = found
        weights, product = self._weights, row.product
        device_class = row.device_class(walk.description)
        if device_class:
            yield from walk.vote(device_class, product.vote or weights.vote, because, place)
        yield from walk.fact("maker", product.maker, place, weight=weights.maker)
        if row.words:
            yield from walk.words(row.words, weight=weights.words)
        for name, oid, lighter in row.objects:
            if name != ONLY_ASKED:
                yield from walk.state(name, _object(walk, oid), weight=weights.objects - lighter)
        for oid, pattern in row.texts:
            yield from walk.words(pattern, _object(walk, oid), weight=weights.objects)

    def _recognised(self, walk: Walk) -> tuple[_Row, str, str] | None:
        """The row, why it is the one, and the object that tells so."""
        for enterprise in walk.enterprises if self._by_answer else ():
            for row in self._by_answer.get(enterprise, ()):
                if walk.has(row.number):
                    return row, "answers", row.number
        description = walk.description
        rows = walk.of_object_id(self._by_number)
        if rows:
            enough = next((row for row in reversed(rows) if not row.product.shared), None)
            found = next((row for row in rows if row.fits(description)), enough)
            if found:
                return found, "object_id", OBJECT_ID
        lowered = description.lower()
        for sign, fits, row in self._by_words:  # every device that no row's number names comes here
            if sign in lowered and fits(description):
                return row, "description", DESCRIPTION
        return None


def _row(product: Product) -> _Row:
    number = _whole(product.number, "")
    told = {name: (oids,) if isinstance(oids, str) else oids for name, oids in product.objects.items()}
    return _Row(
        product,
        number,
        re.compile(product.words, re.IGNORECASE) if product.words else None,
        tuple((name, _whole(oid, number), at * LIGHTER) for name, oids in told.items() for at, oid in enumerate(oids)),
        tuple((_whole(oid, number), re.compile(pattern)) for oid, pattern in product.texts.items()),
        tuple((re.compile(pattern), other) for pattern, other in product.instead.items()),
    )


def _whole(oid: str, number: str) -> str:
    """An OID of a row, written out."""
    if oid.startswith("."):
        return number + oid
    return oid if not oid or oid.startswith(("0.", "1.3.6.1.")) else ENTERPRISES + oid


def _ask(name: str, row: _Row) -> Ask:
    oids = (*(oid for _, oid, _ in row.objects), *(oid for oid, _ in row.texts))
    return Ask(
        f"{name}_{row.product.number.replace('.', '_')}",
        scalars=tuple(oid for oid in oids if not oid.endswith(FIRST_ROW)),
        tables=tuple(oid.removesuffix(FIRST_ROW) for oid in oids if oid.endswith(FIRST_ROW)),
        condition=Condition(object_id_prefixes=(row.number, *(_whole(oid, "") for oid in row.product.behind))),
    )


def _object(walk: Walk, oid: str) -> str:
    """The object itself, or that of the first row of its column that says anything."""
    if not oid.endswith(FIRST_ROW):
        return oid
    column = oid.removesuffix(FIRST_ROW)
    return next((f"{column}.{index}" for index in walk.column(column) if walk.text(f"{column}.{index}")), column)
