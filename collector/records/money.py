"""Money as people in the UK write it, in pence. It knows no field."""

from __future__ import annotations

import re
from decimal import Decimal

from collector.errors import CollectorError

MOST = 100_000_000_00  # pence: beyond it somebody slipped
_SIGNS = re.compile(r"^(?:£|gbp)\s*|\s*gbp$", re.IGNORECASE)
_POUNDS = re.compile(r"(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?")


class NoMoney(CollectorError):
    """What was written is no sum in pounds; the text says how to write one."""


def read(raw: object) -> int:
    """Pence of what a cell or a person means: £1,249.99, 1249.99, GBP 1249. A spreadsheet's number is in pounds."""
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        return _within(_of_number(raw))
    said = " ".join(str(raw)[:64].split())
    bare = _SIGNS.sub("", said).strip()
    match = _POUNDS.fullmatch(bare)
    if match is None:
        raise NoMoney(_why(said, bare))
    pounds, pence = match[1].replace(",", ""), (match[2] or "").ljust(2, "0")
    return _within(int(pounds) * 100 + int(pence))


def _of_number(number: float) -> int:
    """Sums that a spreadsheet added up are off by less than a thousandth of a penny."""
    if not -1e15 < number < 1e15:
        raise NoMoney("this is no sum in pounds: write it as 1249.99")
    pence = Decimal(repr(number)) * 100
    whole = int(pence.to_integral_value())
    if abs(pence - whole) > Decimal("0.001"):
        raise NoMoney(f"{number:.10g} has parts of a penny: write pounds and pence, as 1249.99")
    return whole


def _within(pence: int) -> int:
    if not 0 <= pence <= MOST:
        raise NoMoney(f"a cost lies between £0 and £{pounds(MOST)}")
    return pence


def _why(said: str, bare: str) -> str:
    if re.search(r"[€$]|eur|usd", said, re.IGNORECASE):
        return f"“{said}” is not in pounds: write the cost in pounds, as 1249.99"
    if re.fullmatch(r"[\d.]*,\d{1,2}", bare):
        return f"“{said}” has a comma before the pence: write it with a full stop, as 1249.99"
    if re.fullmatch(r"[(-].*", bare):
        return f"“{said}” is less than nothing: a cost is what was paid"
    return f"“{said}” is no sum in pounds: write it as 1249.99"


def pounds(pence: int) -> str:
    """Pence as pounds: 1,249.99."""
    return f"{pence // 100:,}.{pence % 100:02}"
