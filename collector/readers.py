"""How one value of a device is read: as text, a name, an identifier, a number with its measure, a word, a day.

A reader takes a binding and answers a value; "" says that there is nothing to state, and a ValueError says why the
value cannot be what it is asked for. Readers know neither which object they read nor what becomes of the answer.

Words for the state of a part are the same for every maker: `ok`, `warning`, `critical`, `failed`, `off`,
`not present`. Days are ISO text; a day that a factory, a clock without battery or a placeholder gives is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from collector import facts as say
from collector.facts import Value
from stocktake import ber
from stocktake.values import Binding

Reader = Callable[[Binding], Value]


def as_text(binding: Binding) -> str:
    """The value as text, whatever its type: numbers in digits, OIDs and addresses dotted."""
    if binding.tag == ber.OCTET_STRING:  # nearly all are
        return say.text(binding.value)
    raw = ber.octets(binding)
    if raw is not None:
        return ".".join(map(str, raw[:16])) if binding.tag == ber.IP_ADDRESS else say.text(raw)
    if binding.tag == ber.OBJECT_IDENTIFIER:
        return ber.oid_text(binding.value)
    return str(as_integer(binding))


def as_named(binding: Binding) -> str:
    """Text that names something; placeholders are refused."""
    value = as_text(binding)
    if value and not say.names_something(value):
        raise ValueError(f"a placeholder: {value[:64]}")
    return value


def as_typed(binding: Binding) -> str:
    """Text that people type in, such as a place: what a factory left there is nothing said, and nothing unread."""
    value = as_text(binding)
    return value if say.names_something(value) else ""


def as_identifier(binding: Binding) -> str:
    """Text that identifies something; placeholders are refused."""
    return _kept(as_text(binding), say.identifier_text)


def as_maker(binding: Binding) -> str:
    """A maker's name as people say it."""
    return _kept(as_text(binding), say.maker_name)


def as_integer(binding: Binding) -> int:
    """A number of any integer type."""
    value = binding.value
    if len(value) == 1 and binding.tag == ber.INTEGER:  # nearly all are
        return value[0] if value[0] < 128 else value[0] - 256
    number = ber.integer(binding)
    if number is None:
        raise ValueError(f"no number, but type {binding.tag} of {len(binding.value)} octets")
    return number


def as_seconds(binding: Binding) -> float:
    """TimeTicks (hundredths of a second, RFC 2578) as seconds."""
    return as_integer(binding) / 100


def as_octets(binding: Binding) -> bytes:
    """The octets of a string."""
    raw = ber.octets(binding)
    if raw is None:
        raise ValueError(f"no octets, but type {binding.tag}")
    return raw


def as_mac(binding: Binding) -> str:
    """A MAC, from six octets or from its text; "" where it identifies nothing."""
    raw = as_octets(binding)
    return say.mac(raw if len(raw) == 6 else say.text(raw))


def _kept(value: str, keep: Callable[[str], str]) -> str:
    kept = keep(value)
    if value and not kept:
        raise ValueError(f"a placeholder: {value[:64]}")
    return kept


# ------------------------------------------------------------------------------------------------ measures

_NUMBER = re.compile(r"\s*([-+]?\d{1,15}(?:\.\d{1,9})?)")


def measure(least: float, most: float, factor: float = 1) -> Reader:
    """A reader of numbers, told as numbers or at the beginning of a text (`58.0 C`), in units of `factor`.

    What lies outside of `least` to `most` after that is what agents say of things that they do not measure: it is not
    stated.
    """

    def read(binding: Binding) -> Value:
        number = _number(binding)
        value = number if factor == 1 else round(number * factor, 6)
        return value if least <= value <= most else ""

    return read


def _number(binding: Binding) -> int | float:
    """A number of any integer type, or the one that a text begins with."""
    number = ber.integer(binding)
    if number is not None:
        return number
    match = _NUMBER.match(as_text(binding))
    if match is None:
        raise ValueError(f"no number: {as_text(binding)[:20]}")
    return float(match[1]) if "." in match[1] else int(match[1])


def word(words: Mapping[int, str]) -> Reader:
    """A reader of enumerations: what has no word is not stated."""

    def read(binding: Binding) -> Value:
        return words.get(int(_number(binding)), "")

    return read


CELSIUS = measure(1, 150)  # 0 stands for a sensor that is not there more often than for ice
CELSIUS_TENTHS = measure(1, 150, 0.1)
PERCENT = measure(0, 100)
SPEED = measure(1, 100_000)  # revolutions per minute
DECIBELS = measure(-50, 20)  # of a milliwatt
COUNT = measure(0, 2**63)


# ------------------------------------------------------------------------------------------------ days

#: 2009-08-06 13:30:30.1, which switches of seven products give for every part
SAMPLE = bytes.fromhex("07d908060d1e1e01")
#: days that clocks begin with, and that makers' agents give for a part without a date
FACTORY_DAYS = {date(1990, 1, 1), date(1999, 12, 27), date(2000, 1, 1), date(2001, 1, 1)}
FIRST_YEAR, LAST_YEAR = 1990, 2099
_ISO = re.compile(r"(\d{4})([-/.])(\d\d?)\2(\d\d?)(?:[ T,].*)?")
#: YYYYMMDD, with hours and minutes (HP: `YYYYMMDDHHmm[Z]`), seconds and what follows (CIM: `yyyyMMddhhmmss.uuuuuu+fff`)
_DIGITS = re.compile(r"(\d{4})(\d\d)(\d\d)(?:\d{4}Z?|\d{6}(?:\.\d{6}[-+]\d{3}|Z)?)?")
_MONTH_FIRST = re.compile(r"(\d\d?)([-/.])(\d\d?)\2(\d{4}|\d\d)(?:[ T,].*)?")
_DAY_FIRST = re.compile(r"(\d\d)(\d\d)(\d{4})")
_NAMED_MONTH = re.compile(r"([A-Za-z]{3})[a-z]* (\d\d?),? (\d{4})")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def as_date(binding: Binding) -> str:
    """The day of a DateAndTime (RFC 2579: 8 or 11 octets, some write a 12th), of its first 4 octets, of an ISO text."""
    raw = _date_octets(binding)
    if not any(raw):
        return ""
    if raw.isascii() and raw.decode("ascii").isprintable():
        return _iso(raw.decode("ascii").strip(), raw)
    if len(raw) not in (4, 8, 11, 12) or raw[:8] == SAMPLE or (len(raw) > 4 and (raw[4] > 23 or raw[5] > 59)):
        raise _no_day(raw)
    return _day(int.from_bytes(raw[:2], "big"), raw[2], raw[3], raw)


def month_first_date(binding: Binding) -> str:
    """A day as it is written in America (mm/dd/yy or mm/dd/yyyy), or as ISO text; two digits are 1986 to 2085."""
    raw = _date_octets(binding)
    told = say.text(raw)
    match = _MONTH_FIRST.fullmatch(told)
    if match is None:
        return as_date(binding)
    year = int(match[4])
    year += 0 if year > 99 else 1900 if year > 85 else 2000
    return _day(year, int(match[1]), int(match[3]), raw)


def day_first_date(binding: Binding) -> str:
    """A day as DDMMYYYY, or as ISO text."""
    raw = _date_octets(binding)
    match = _DAY_FIRST.fullmatch(say.text(raw))
    if match is None or FIRST_YEAR <= int(match[0][:4]) <= LAST_YEAR:  # that could be YYYYMMDD
        return as_date(binding)
    return _day(int(match[3]), int(match[2]), int(match[1]), raw)


def named_month_date(binding: Binding) -> str:
    """A day as `AUG 15 2015`, or as ISO text."""
    raw = _date_octets(binding)
    match = _NAMED_MONTH.fullmatch(say.text(raw))
    if match is None or match[1].lower() not in MONTHS:
        return as_date(binding)
    return _day(int(match[3]), MONTHS.index(match[1].lower()) + 1, int(match[2]), raw)


def as_told(read: Callable[[Binding], str]) -> Reader:
    """A reader of what stands where a day was read: the text itself, or the octets in hex; "" where there is none."""

    def told(binding: Binding) -> Value:
        try:
            return _told(as_octets(binding)) if read(binding) else ""
        except ValueError:
            return ""  # the reader of the day itself says why, and what was told

    return told


def _date_octets(binding: Binding) -> bytes:
    raw = ber.octets(binding)
    if raw is None:
        raise ValueError(f"no date, but type {binding.tag}: {binding.value[:16].hex()}")
    return raw


def _iso(told: str, raw: bytes) -> str:
    match = _ISO.fullmatch(told)
    if match:
        return _day(int(match[1]), int(match[3]), int(match[4]), raw)
    match = _DIGITS.fullmatch(told)
    if match is None:
        raise _no_day(raw)
    return _day(int(match[1]), int(match[2]), int(match[3]), raw)


def _day(year: int, month: int, day: int, raw: bytes) -> str:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _no_day(raw)
    try:
        found = date(year, month, day)
    except ValueError:
        raise _no_day(raw) from None
    if found in FACTORY_DAYS:
        raise ValueError(f"a day that factories set: {_told(raw)}")
    return found.isoformat()


def _no_day(raw: bytes) -> ValueError:
    return ValueError(f"no date: {_told(raw)}")


def _told(raw: bytes) -> str:
    """What was told, for people and for later stages: text as it is, anything else in hex."""
    shown = raw[:32]
    return say.text(shown) if shown.isascii() and shown.decode("ascii").isprintable() else shown.hex()
