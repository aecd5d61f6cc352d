"""When models, processors and kinds of memory came on the market, and when their sale ended: bounds, never a date.

Nothing is made long before it is sold, and little long after its sale has ended. What was launched when is data,
`models.tsv` and `processors.tsv`: a row is a family, recognised by a regular expression over the name that a device
tells; of a maker (and a class, `maker/class`) the first row that fits decides. It knows nothing of serial numbers.

A row's `source` is a document or, where no more than that is named, its maker's announcement of the launch. `checked`
is the day on which its launch was compared with a source at hand. It is empty where it is known only by the maker's
announcement of that time and nobody has compared it since: such a row keeps two years' distance instead of four months.
An end of sale is a day by which the last member of a family was no longer sold new; it is empty where none is known
for certain, and it is soft: a spare that was built later is no contradiction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from collector.age import About, Clue, Grade, Told, not_after, not_before
from collector.facts import maker_key

TOLERANCE = 120  # days before its launch in which the first units are made
UNCHECKED = 730  # the same for a row whose dates nobody has compared with a source: it must not settle a decade wrongly
AFTER_SALE = 365  # days after its end of sale in which a few more are made
MODELS, PROCESSORS = "models.tsv", "processors.tsv"
COLUMNS = ("maker", "family", "pattern", "example", "launch", "end_of_sale", "end_of_support", "source", "checked")
DAY = re.compile(r"(\d{4})-(\d{2})(?:-(\d{2}))?")
#: facts that name a model, the first that a row fits
NAMES = ("model", "part_number", "product_number", "hardware")
#: first words of components → the class of devices whose names they have: a member of a stack is a switch
KINDS = {"chassis": "switch"}
#: kind of memory → the month of its standard's first products
MEMORY = {
    "DDR3": (date(2007, 6, 1), "JEDEC JESD79-3, June 2007"),
    "DDR4": (date(2014, 6, 1), "JEDEC JESD79-4; the first machines with it were sold in September 2014"),
    "DDR5": (date(2020, 10, 1), "JEDEC JESD79-5, July 2020; the first modules were sold in October 2020"),
    "LPDDR4": (date(2014, 12, 1), "JEDEC JESD209-4, August 2014"),
    "LPDDR5": (date(2019, 7, 1), "JEDEC JESD209-5, February 2019"),
}


class BadRow(ValueError):
    """A row of a data file is wrong: the message says file, line, and what is wrong."""


@dataclass(frozen=True, slots=True)
class Row:
    """One family of products. Ends are None where they are unknown, `checked` where its launch was not compared.

    `kind` is the class of devices that it is of, empty where its names can be nothing else.
    """

    maker: str
    kind: str
    family: str
    pattern: re.Pattern[str]
    example: str
    launch: date
    end_of_sale: date | None
    end_of_support: date | None
    source: str
    checked: date | None

    @property
    def earliest(self) -> date:
        """The day before which none was made."""
        return self.launch - timedelta(days=TOLERANCE if self.checked else UNCHECKED)


# ------------------------------------------------------------------------------------------------ clues


def clues(about: About, parts: Sequence[About] = ()) -> Iterator[Clue]:
    """The bounds of a thing's model, and those of a computer's processor and memory."""
    if about.kind == "virtual machine":
        return
    if found := _named(about):
        row, raw, fact = found
        yield from _of_row(row, "model", row.family, raw, fact)
    if not about.component:
        yield from _of_processor(about)
        yield from _of_memory(parts)


def product(about: About) -> Row | None:
    """The family that a thing belongs to, or None where no row knows it."""
    found = _named(about)
    return found[0] if found else None


def processor(about: About) -> date | None:
    """When the processor of a computer was launched, or None where no row knows it."""
    row = _of_brand(about.text("processor"))
    return row.launch if row else None


def _of_processor(about: About) -> Iterator[Clue]:
    brand = about.text("processor")
    if row := _of_brand(brand):
        yield from _of_row(row, "processor", f"its processor, {row.family},", brand, about.first("processor"))


def _of_row(row: Row, what: str, subject: str, raw: str, fact: Told | None) -> Iterator[Clue]:
    words = f"{subject} was launched in {row.launch:%B %Y} ({row.source})"
    yield not_before(row.earliest, Grade.LAUNCH, f"launch.{what}", raw, words, fact)
    if row.end_of_sale:
        last = row.end_of_sale + timedelta(days=AFTER_SALE)
        words = f"{subject} was sold until {row.end_of_sale:%B %Y} at the latest ({row.source})"
        yield not_after(last, Grade.HINT, f"end_of_sale.{what}", raw, words, fact)


def _of_memory(parts: Iterable[About]) -> Iterator[Clue]:
    """The newest kind of its modules: a board takes only one, and boards are not changed."""
    kinds = [fact for part in parts if part.kind == "memory" and (fact := part.first("type"))]
    known = sorted((MEMORY[str(fact.value)], fact.component, fact) for fact in kinds if str(fact.value) in MEMORY)
    for (day, source), _, fact in known[-1:]:
        bound = day - timedelta(days=TOLERANCE)
        words = f"memory of its kind was first sold in {day:%B %Y} ({source})"
        yield not_before(bound, Grade.LAUNCH, "launch.memory", str(fact.value), words, fact)


# ------------------------------------------------------------------------------------------------ finding a row


def _named(about: About) -> tuple[Row, str, Told | None] | None:
    for name in NAMES:
        fact = about.first(name)
        raw = str(fact.value) if fact else about.model if name == "model" else ""
        if raw and (row := find(MODELS, maker_key(about.maker), raw, KINDS.get(about.kind, about.kind))):
            return row, raw, fact
    return None


def _of_brand(brand: str) -> Row | None:
    bare = bare_brand(brand)
    return find(PROCESSORS, bare.partition(" ")[0].lower(), bare) if bare else None


def bare_brand(brand: str) -> str:
    """A processor's brand string without what tells nothing: marks, the word CPU, the clock, repeated blanks.

    The maker stands first also where the string leaves it out: `Pentium(R) Dual-Core CPU` is `Intel Pentium …`.
    """
    bare = re.sub(r"\((R|TM|C)\)|\b(CPU|Processor|APU)\b|@.*|^\d+th Gen ", " ", brand, flags=re.IGNORECASE)
    bare = " ".join(bare.split())
    first = bare.partition(" ")[0].lower()
    if first in ("pentium", "celeron", "xeon", "core", "atom"):
        return f"Intel {bare}"
    return f"AMD {bare}" if first in ("ryzen", "athlon", "opteron", "turion", "phenom", "sempron") else bare


def find(file: str, maker: str, name: str, kind: str = "") -> Row | None:
    """The first row of a maker and for a class whose pattern is in a name, capitals and small letters alike."""
    fitting = (row for row in rows(file) if row.maker == maker and row.kind in ("", kind))
    return next((row for row in fitting if row.pattern.search(name)), None)


# ------------------------------------------------------------------------------------------------ data


@cache
def rows(file: str) -> tuple[Row, ...]:
    """The rows of a data file of this package; raises BadRow."""
    return tuple(read(file, Path(__file__).with_name(file).read_text("utf-8").splitlines()))


def read(file: str, lines: Iterable[str]) -> Iterator[Row]:
    """Rows of tab-separated lines, of which those that begin with # are comments; raises BadRow."""
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            yield _row(line.split("\t"))
        except (ValueError, re.error) as error:
            raise BadRow(f"{file} line {number}: {error}") from error


def _row(cells: list[str]) -> Row:
    if len(cells) != len(COLUMNS):
        raise ValueError(f"{len(cells)} columns, not {len(COLUMNS)} ({', '.join(COLUMNS)})")
    told = dict(zip(COLUMNS, (cell.strip() for cell in cells), strict=True))
    for name in ("maker", "family", "pattern", "example", "launch", "source"):
        if not told[name]:
            raise ValueError(f"no {name}")
    maker, _, kind = told["maker"].partition("/")
    row = Row(
        maker, kind, told["family"], re.compile(told["pattern"], re.IGNORECASE), told["example"],
        _first(told["launch"]), _last(told["end_of_sale"]), _last(told["end_of_support"]), told["source"],
        _last(told["checked"]),
    )  # fmt: skip
    _check(row)
    return row


def _check(row: Row) -> None:
    """What no row may be: with ends in the wrong order, or with an example that it does not fit."""
    if not row.pattern.search(row.example):
        raise ValueError(f"{row.pattern.pattern} does not fit its example {row.example}")
    told = [day for day in (row.launch, row.end_of_sale, row.end_of_support) if day]
    if told != sorted(told):
        raise ValueError(f"launch, end of sale and end of support of {row.family} are not in this order")


def _first(text: str) -> date:
    """A day, or the first day of a month; raises ValueError."""
    match = DAY.fullmatch(text)
    if not match:
        raise ValueError(f"{text} is no day and no month (2016-08-30 or 2016-08)")
    year, month, day = match.groups()
    return date(int(year), int(month), int(day or 1))


def _last(text: str) -> date | None:
    """A day, or the last day of a month; None where nothing is filled in."""
    if not text:
        return None
    first = _first(text)
    if len(text) > len("2016-08"):
        return first
    return date(first.year + first.month // 12, first.month % 12 + 1, 1) - timedelta(days=1)
