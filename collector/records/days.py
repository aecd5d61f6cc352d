"""Days as people in the UK write them, and as spreadsheets keep them. It knows no field."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from collector.errors import CollectorError

EARLIEST, LATEST = date(1980, 1, 1), date(2099, 12, 31)
#: day 0 of spreadsheets' day numbers: they believe, as Lotus 1-2-3 did, that 1900 had a 29 February
SPREADSHEET_DAY_0 = date(1899, 12, 30)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?")
_BRITISH = re.compile(r"(\d{1,2})\s?[/.\-]\s?(\d{1,2})\s?[/.\-]\s?(\d{4}|\d{2})(?: 0{1,2}:00(?::00)?)?")
_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ \-]([a-z]{3})[a-z]*[ \-,]+(\d{4}|\d{2})", re.IGNORECASE)
_NUMBER = re.compile(r"\d{5}(?:\.0+)?")


class NoDay(CollectorError):
    """What was written is no day; the text says how to write one."""


def read(raw: object) -> date:
    """The day that a cell or a person means: 2024-09-01, 01/09/2024 (day first), 1 Sep 2024, or a day number."""
    if isinstance(raw, bool):
        raise NoDay("this is no day: write it as 01/09/2024")
    if isinstance(raw, datetime):
        found = raw.date()
    elif isinstance(raw, date):
        found = raw
    elif isinstance(raw, int | float):
        found = _of_number(raw)
    else:
        found = _of_text(" ".join(str(raw)[:64].split()))
    if not EARLIEST <= found <= LATEST:
        raise NoDay(f"{typed(found.isoformat())} cannot be: days lie between {EARLIEST.year} and {LATEST.year}")
    return found


def is_number(raw: object) -> bool:
    """Whether a cell holds a spreadsheet's day number instead of a day."""
    return (isinstance(raw, int | float) and not isinstance(raw, bool)) or (
        isinstance(raw, str) and _NUMBER.fullmatch(raw.strip()) is not None
    )


def _of_number(number: float) -> date:
    if not 1 <= number <= 100_000:
        raise NoDay(f"{number:.10g} is no day: write it as 01/09/2024")
    return SPREADSHEET_DAY_0 + timedelta(days=int(number))


def _of_text(said: str) -> date:
    if match := _ISO.fullmatch(said):
        year, month, day = (int(part) for part in match.groups())
    elif match := _BRITISH.fullmatch(said):
        day, month, year = int(match[1]), int(match[2]), _year(match[3])
    elif (match := _WORDS.fullmatch(said)) and match[2].lower() in _MONTHS:
        day, month, year = int(match[1]), _MONTHS.index(match[2].lower()) + 1, _year(match[3])
    elif _NUMBER.fullmatch(said):
        return _of_number(float(said))
    else:
        raise NoDay(f"“{said}” is no day: write it as 01/09/2024")
    if month > 12:
        raise NoDay(f"“{said}” has no month {month}: days are read as day/month/year")
    try:
        return date(year, month, day)
    except ValueError:
        raise NoDay(f"“{said}” is a day that never was: write it as 01/09/2024") from None


def _year(said: str) -> int:
    """Two digits are of this century up to 69: a purchase of 1970 is in no school's register any more."""
    year = int(said)
    return year if len(said) == 4 else year + (2000 if year < 70 else 1900)


def said(iso: str) -> str:
    """A kept day as people read it: 1 Sep 2024."""
    day = date.fromisoformat(iso)
    return f"{day.day} {_MONTHS[day.month - 1].capitalize()} {day.year}"


def typed(iso: str) -> str:
    """A kept day as a form takes it: 01/09/2024."""
    day = date.fromisoformat(iso)
    return f"{day.day:02}/{day.month:02}/{day.year:04}"
