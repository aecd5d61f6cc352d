"""Texts of devices and people as files can hold them: without control characters, and unharmed by spreadsheets. Pure.

It knows no form and no column: what is a number or a day, whoever writes the file writes as one.
"""

from __future__ import annotations

import re

CELL_LIMIT = 32_767  # characters of a cell of a workbook
_CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # what a reader would decode (ECMA-376, 18.4.12 and ST_Xstring)
_NUMBER = r"[\d\s.,:/+\-e£$€%()°]*\d[\d\s.,:/+\-e£$€%()°]*(?:\s?[ap]\.?m\.?)?"
_MONTHS = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_DAY = rf"(?:\d{{1,4}}[ ./,-]*)?{_MONTHS}[ ./,-]*\d{{0,4}}(?:[ ./,-]+\d{{1,4}})?"
_FORMULA = r"[=+\-@\t\r＝＋－＠].*"
_is_harmed = re.compile(f"{_FORMULA}|{_NUMBER}|{_DAY}|true|false", re.IGNORECASE | re.DOTALL).fullmatch
#: how months and truths begin; whatever else begins with a letter is taken for nothing but text
_RISKY = frozenset(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "tru", "fal"])


def printable(value: str) -> str:
    """Text that any file can hold: without lone surrogates and control characters."""
    if value.isprintable():
        return value
    return "".join(c if c.isprintable() else " " for c in value.encode("utf-8", "replace").decode())


def inline(value: str) -> str:
    """A text as the rest of a cell of SpreadsheetML, after its opening `<c r=… s=…`: a string, whatever it is."""
    said = printable(value)[:CELL_LIMIT]
    if not said.isalnum():
        said = _CODED.sub("_x005F_", said).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f' t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'


def letters(place: int) -> str:
    """The letters of a column, from 0: A to Z, then AA, AB and so on."""
    first, last = divmod(place, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)


def guarded(value: str) -> str:
    """A text as a spreadsheet leaves it alone, after a tab where it would not, quoted where CSV asks for it."""
    said = value if value.isprintable() else printable(value)
    if (not said[:1].isalpha() or said[:3].casefold() in _RISKY) and _is_harmed(said):
        said = f"\t{said}"
    return '"' + said.replace('"', '""') + '"' if "," in said or '"' in said or said[:1] in "\t " else said
