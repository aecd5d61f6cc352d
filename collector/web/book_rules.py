"""The rules of the book as a form: what it shows of rules, and what it says of each field that cannot be so. Pure.

It knows no store and no page; names of fields are `threshold`, `grouped`, `month`, and by class `months.…`,
`residual.…` and `portable.…`. What was typed is shown again as it was, with a sentence at each field that is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from collector.book import EVERYTHING, MOST_MONTHS, OTHERS, Life, Rules
from collector.facts import CLASSES
from collector.records import money

MOST_THRESHOLD = 10**9  # pence
TYPED = 20  # characters of a field that are shown again
_PERCENT = re.compile(r"(\d{1,3})(?:\.(\d{1,2}))?\s*%?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """One class: what its fields hold, and what is wrong with them (empty: nothing)."""

    name: str
    months: str = ""
    residual: str = ""
    portable: bool = False
    months_wrong: str = ""
    residual_wrong: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The form as it is filled in: all other classes first, then each class by name. `wrong`: how many fields are."""

    threshold: str
    grouped: bool
    from_month_bought: bool
    rows: tuple[Row, ...]
    threshold_wrong: str = ""
    wrong: int = 0


def filled(rules: Rules) -> Sheet:
    """The form as rules fill it in."""
    lives, rows = rules.lives, []
    for name in (OTHERS, *sorted(CLASSES)):
        months, residual = (str(lives[name].months), _percent(lives[name].residual)) if name in lives else ("", "")
        rows.append(Row(name, months, residual, name in rules.portable))
    return Sheet(money.pounds(rules.threshold), rules.grouped, rules.from_month_bought, tuple(rows))


def read(form: Mapping[str, str]) -> tuple[Rules | None, Sheet]:
    """The rules that a form says, None where a field is wrong; and the form as it was typed, which then says so."""
    reading = _Reading(form)
    threshold, threshold_wrong = reading.threshold()
    rows = [reading.row(name) for name in (OTHERS, *sorted(CLASSES))]
    grouped, from_month_bought = form.get("grouped") != "no", form.get("month") != "after"
    wrong = bool(threshold_wrong) + sum(bool(row.months_wrong) + bool(row.residual_wrong) for row in rows)
    typed = form.get("threshold", "")[:TYPED]
    sheet = Sheet(typed, grouped, from_month_bought, tuple(rows), threshold_wrong, wrong)
    if wrong:
        return None, sheet
    portable = frozenset(row.name for row in rows if row.portable)
    return Rules(threshold, grouped, reading.lives, portable, from_month_bought), sheet


@dataclass(slots=True)
class _Reading:
    """A form that is read; `lives` grows by each class that says one."""

    form: Mapping[str, str]
    lives: dict[str, Life] = field(default_factory=dict)

    def threshold(self) -> tuple[int, str]:
        """Pence, and what is wrong with it."""
        try:
            pence = money.read(self.form.get("threshold", ""))
        except money.NoMoney as error:
            return 0, f"{str(error)[:1].upper()}{str(error)[1:]}."
        most = f"£{money.pounds(MOST_THRESHOLD)}"
        return pence, "" if pence <= MOST_THRESHOLD else f"The threshold lies between £0 and {most}."

    def row(self, name: str) -> Row:
        """One class; where both fields are right its life is kept."""
        months, residual = (self.form.get(f"{part}.{name}", "").strip()[:TYPED] for part in ("months", "residual"))
        portable = name != OTHERS and bool(self.form.get(f"portable.{name}"))
        if not months and not residual and name != OTHERS:
            return Row(name, portable=portable)
        over = int(months) if months.isascii() and months.isdecimal() else 0
        share = _hundredths(residual) if residual else 0
        months_wrong = "" if 1 <= over <= MOST_MONTHS else f"Write whole months, from 1 to {MOST_MONTHS}."
        residual_wrong = "" if share is not None else "Write a percentage from 0 to 100, as 12.5."
        if not months_wrong and share is not None:
            self.lives[name] = Life(over, share)
        return Row(name, months, residual, portable, months_wrong, residual_wrong)


def _hundredths(said: str) -> int | None:
    """Hundredths of a percent; None for what is no percentage."""
    match = _PERCENT.fullmatch(said)
    found = int(match[1]) * 100 + int((match[2] or "").ljust(2, "0")) if match else EVERYTHING + 1
    return found if found <= EVERYTHING else None


def _percent(hundredths: int) -> str:
    whole, part = divmod(hundredths, 100)
    return f"{whole}.{part:02}".rstrip("0") if part else str(whole)
