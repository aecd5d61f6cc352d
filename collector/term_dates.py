"""Reads term dates that people bring: a table (CSV), or a calendar (iCalendar, RFC 5545). Pure, bounded.

What is no term, holiday or INSET day by its own words is left out and counted: a school's calendar is full of parents'
evenings. It knows neither store nor school.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from collector import london
from collector.calendar import DAY, Kind, Span
from collector.facts import text

LONGEST = 1_000_000  # octets of a file
MOST_ROWS = 20_000  # of a table, or lines of a calendar times ten
MOST_ERRORS = 50  # that are told
MOST_SPANS = 2_000
NAME_LIMIT = 80  # characters
SHORTEST_TERM, LONGEST_TERM, LONGEST_HOLIDAY = 10 * DAY, 200 * DAY, 70 * DAY

#: what a title must say to be of a kind; the first that fits decides, so that "half-term holiday" is no term
WORDS = (
    (Kind.INSET, re.compile(r"\b(inset|in-service|training day|pd day|non[- ]pupil|teacher day|staff day)", re.I)),
    (Kind.HOLIDAY, re.compile(r"\b(half[- ]?term|holiday|vacation|break\b|school closed|closure)", re.I)),
    (Kind.TERM, re.compile(r"\b(term|autumn|spring|summer|michaelmas|lent|trinity)\b", re.I)),
)
#: headings that a table may have, folded: what people call the columns
HEADINGS = {
    "name": ("name", "title", "event", "description", "term", "summary", "what"),
    "first": ("first", "start", "start date", "from", "begins", "first day", "starts", "begin"),
    "last": ("last", "end", "end date", "to", "until", "ends", "last day", "finish"),
    "kind": ("kind", "type", "category"),
}
DATE_FORMS = ("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y", "%Y%m%d")


class TermDatesError(Exception):
    """A file that is no table and no calendar of term dates; the text is a sentence."""


@dataclass(frozen=True, slots=True)
class TermDates:
    """What a file says. `errors` are sentences with their line; `others`: entries that are none of the three kinds."""

    spans: tuple[Span, ...]
    errors: tuple[str, ...] = ()
    others: int = 0


@dataclass(frozen=True, slots=True)
class _Entry:
    """One row or event as it was written."""

    line: int
    name: str
    kind: str
    first: date
    last: date


def read(content: str | bytes) -> TermDates:
    """The term dates of a file: a calendar where it begins as one, else a table. TermDatesError where it is neither."""
    if len(content) > LONGEST:
        raise TermDatesError(f"it is larger than {LONGEST // 1_000_000} MB: export the term dates alone")
    said = content if isinstance(content, str) else _decoded(content)
    said = said.removeprefix("\ufeff")
    begins = said.lstrip()[:15].upper()
    errors: list[str] = []
    entries = _events(said, errors) if begins == "BEGIN:VCALENDAR" else _rows(said, errors)
    spans, others = _spans(entries, errors)
    if not spans and not errors:
        raise TermDatesError(
            "it names no term, holiday or INSET day: a title says 'term', 'half-term', 'holiday' or 'INSET'"
        )
    return TermDates(tuple(sorted(spans)), tuple(errors[:MOST_ERRORS]), others)


def _decoded(content: bytes) -> str:
    """Text as spreadsheets write it: UTF-8, else Windows-1252."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _spans(entries: Iterable[_Entry], errors: list[str]) -> tuple[set[Span], int]:
    spans: set[Span] = set()
    others = 0
    for entry in entries:
        kind = _kind(entry)
        if kind is None:
            others += 1
        elif wrong := _wrong(entry, kind):
            errors.append(f"line {entry.line}: {entry.name or kind}: {wrong}")
        elif len(spans) < MOST_SPANS:
            spans.add(Span(entry.first, entry.last, kind, entry.name))
    return spans, others


def _kind(entry: _Entry) -> Kind | None:
    for said in (entry.kind, entry.name):
        for kind, words in WORDS:
            if said and words.search(said):
                return kind
    return None


def _wrong(entry: _Entry, kind: Kind) -> str:
    """What speaks against an entry, or ""."""
    length = entry.last - entry.first + DAY
    if length <= timedelta(0):
        return f"it ends on {entry.last} before it begins on {entry.first}"
    if not 2000 <= entry.first.year <= 2100:
        return f"{entry.first.year} is no year of these times"
    if kind is Kind.TERM and length < SHORTEST_TERM:
        return f"a term of {length.days} days: write it from its first day to its last"
    if length > (LONGEST_TERM if kind is Kind.TERM else LONGEST_HOLIDAY):
        return f"{length.days} days are too long for one {kind}"
    return ""


# ------------------------------------------------------------------------------------------------ tables


def _rows(said: str, errors: list[str]) -> Iterator[_Entry]:
    """The rows of a table; its first row names the columns."""
    rows = csv.reader(io.StringIO(said), delimiter=_delimiter(said))
    try:
        columns = _columns(next(rows, []))
        for line, row in enumerate(rows, 2):
            if line > MOST_ROWS:
                errors.append(
                    f"line {line}: a table of term dates has at most {MOST_ROWS:,} rows; the rest is left out"
                )
                return
            if any(cell.strip() for cell in row):
                yield from _row(line, row, columns, errors)
    except csv.Error as error:
        raise TermDatesError(f"it is no table in CSV: {error}") from None


def _delimiter(said: str) -> str:
    heading = said.partition("\n")[0]
    return max(",;\t", key=heading.count)


def _columns(heading: Sequence[str]) -> dict[str, int]:
    folded = [text(cell, NAME_LIMIT).casefold() for cell in heading]
    found = {}
    for column, names in HEADINGS.items():
        number = next((folded.index(name) for name in names if name in folded), None)
        if number is not None:
            found[column] = number
    if not {"name", "first"} <= found.keys():
        raise TermDatesError(
            "it is neither a calendar (ICS) nor a table whose first row names the columns: name, first, last, and kind"
            " if the name does not say it"
        )
    return found


def _row(line: int, row: Sequence[str], columns: dict[str, int], errors: list[str]) -> Iterator[_Entry]:
    def cell(column: str) -> str:
        number = columns.get(column, len(row))
        return text(row[number], NAME_LIMIT) if number < len(row) else ""

    first, last = _date(cell("first")), _date(cell("last") or cell("first"))
    if first is None or last is None:
        wrong = cell("first") if first is None else cell("last")
        errors.append(f"line {line}: {wrong or 'nothing'!r} is no date: write it as 2026-09-03 or 03/09/2026")
        return
    yield _Entry(line, cell("name"), cell("kind"), first, last)


def _date(said: str) -> date | None:
    """A date as people write it, the day before the month; a weekday in front is left out."""
    plain = re.sub(r"^[A-Za-z]+day,?\s+", "", said.strip())
    plain = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", plain)
    for form in DATE_FORMS:
        try:
            return datetime.strptime(plain, form).date()  # noqa: DTZ007 - a day, which has no zone
        except ValueError:
            continue
    return None


# ------------------------------------------------------------------------------------------------ calendars


def _events(said: str, errors: list[str]) -> Iterator[_Entry]:
    """The events of an iCalendar object (RFC 5545, 3.6.1)."""
    inside: dict[str, tuple[str, str]] | None = None
    nested, began = 0, 0
    for line, name, parameters, value in _content_lines(said):
        if line > MOST_ROWS * 10:
            errors.append(f"line {line}: the calendar is too long; the rest is left out")
            return
        if name == "BEGIN" and value.upper() == "VEVENT":
            inside, nested, began = {}, 0, line
        elif inside is None:
            continue
        elif name == "END" and value.upper() == "VEVENT":
            yield from _event(began, inside, errors)
            inside = None
        elif name in ("BEGIN", "END"):
            nested += 1 if name == "BEGIN" else -1
        elif nested == 0:
            inside.setdefault(name, (parameters, value))


def _content_lines(said: str) -> Iterator[tuple[int, str, str, str]]:
    """Line number, name, parameters and value of each unfolded content line (RFC 5545, 3.1)."""
    kept, number = "", 0
    for count, line in enumerate(re.split(r"\r?\n", said), 1):
        if line[:1] in (" ", "\t"):
            kept = kept[:LONGEST] + line[1:]
            continue
        if kept:
            yield number, *_parts(kept)
        kept, number = line, count
    if kept:
        yield number, *_parts(kept)


def _parts(line: str) -> tuple[str, str, str]:
    quoted = False
    for place, character in enumerate(line):
        if character == '"':
            quoted = not quoted
        elif character == ":" and not quoted:
            name, _, parameters = line[:place].partition(";")
            return name.strip().upper(), parameters, line[place + 1 :].strip()
    return line.strip().upper(), "", ""


def _event(line: int, said: dict[str, tuple[str, str]], errors: list[str]) -> Iterator[_Entry]:
    name = text(re.sub(r"\\([\\;,])", r"\1", said.get("SUMMARY", ("", ""))[1]).replace(r"\n", " "), NAME_LIMIT)
    kind = text(said.get("CATEGORIES", ("", ""))[1], NAME_LIMIT)
    if not any(words.search(given) for given in (name, kind) for _, words in WORDS):
        yield _Entry(line, name, kind, date.min, date.min)  # counted; what it says of dates does not matter
        return
    if "RRULE" in said or "RDATE" in said:
        errors.append(f"line {line}: {name}: repeating events are not read: write each one with its own dates")
        return
    first = _moment(*said.get("DTSTART", ("", "")))
    last = _ending(said, first)
    if first is None or last is None:
        errors.append(f"line {line}: {name}: its DTSTART or DTEND is no date")
        return
    yield _Entry(line, name, kind, first[0], last)


def _ending(said: dict[str, tuple[str, str]], first: tuple[date, bool] | None) -> date | None:
    """The last day of an event: DTEND itself is not part of it (RFC 5545, 3.8.2.2)."""
    if first is None:
        return None
    if "DURATION" in said:
        found = re.fullmatch(r"P(?:(\d{1,3})W|(\d{1,3})D)", said["DURATION"][1])
        length = timedelta(weeks=int(found[1] or 0), days=int(found[2] or 0)) if found else DAY
        return first[0] + max(length, DAY) - DAY
    if "DTEND" not in said:
        return first[0]
    parameters, value = said["DTEND"]
    end = _moment(parameters, value)
    if end is None:
        return None
    day, at_midnight = end
    return day - DAY if at_midnight and day > first[0] else day


def _moment(parameters: str, value: str) -> tuple[date, bool] | None:
    """The day of a DATE or DATE-TIME in London, and whether it is the very beginning of that day."""
    form = re.fullmatch(r"(\d{8})(?:T(\d{6})(Z?))?", value)
    if form is None:
        return None
    try:
        if form[2] is None:
            return datetime.strptime(form[1], "%Y%m%d").date(), True  # noqa: DTZ007 - a day, which has no zone
        said = datetime.strptime(form[1] + form[2], "%Y%m%d%H%M%S")  # noqa: DTZ007 - its zone follows
    except ValueError:
        return None
    del parameters  # TZID: calendars of English schools are in London's time, whatever they call it
    local = said.replace(tzinfo=UTC).astimezone(london.ZONE) if form[3] else said
    return local.date(), (local.hour, local.minute, local.second) == (0, 0, 0)
