"""What people write for plans, read into values: fields of forms, options of commands, rows of a list.

One list of fields per kind of saying, so that a page, a command and a file take and refuse the same with the same
words. Money is written in pounds, percentages as 17 or 17.5, years as 2027 or 2027/28. It knows no row and no page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from collector.errors import CollectorError
from collector.facts import CLASSES, text
from collector.records import days, money, sheets
from collector.refresh import policies
from collector.refresh.lines import lines
from collector.store.planning import Kind

LIMIT, REASON_LIMIT = 120, 500  # characters
FIRST_YEAR, LAST_YEAR = 2000, 2079
MOST_TROUBLES = 50  # that are told of a file
SCOPES = ("class", "model", "use")
SCHOOL_KINDS = ("academy", "maintained")  # of which the second makes the CFR return, and the first is in the BFR
ACTIONS = {"pin": "replace", "replace": "replace", "extend": "extend", "retire": "retire"}
YES, NO = frozenset({"yes", "y", "true", "1", "on", "x"}), frozenset({"", "no", "n", "false", "0", "off"})


class Wrong(CollectorError):
    """What was written cannot be taken; the text says what to write instead."""


def words(limit: int = LIMIT) -> Callable[[str], str]:
    """Text, without control characters and within a limit."""

    def read(said: str) -> str:
        if len(said.strip()) > limit:
            raise Wrong(f"it is longer than {limit} characters: shorten it")
        return " ".join(text(said, limit).split())

    return read


def whole(least: int, most: int, what: str) -> Callable[[str], int]:
    """A whole number between two."""

    def read(said: str) -> int:
        bare = said.strip().replace(",", "")
        if not re.fullmatch(r"\d{1,9}", bare) or not least <= int(bare) <= most:
            raise Wrong(f"“{text(said, 40)}” is no number of {what}: write a whole number from {least} to {most:,}")
        return int(bare)

    return read


def percent(least: int = -50, most: int = 100) -> Callable[[str], int]:
    """A percentage, as hundredths of a percent."""

    def read(said: str) -> int:
        try:
            found = Decimal(said.strip().removesuffix("%").strip()) * 100
        except InvalidOperation:
            found = Decimal("NaN")
        if not found.is_finite() or found != found.to_integral_value() or not least * 100 <= found <= most * 100:
            raise Wrong(f"“{text(said, 40)}” is no percentage: write it as 17 or 17.5, from {least} to {most}")
        return int(found)

    return read


def weight(said: str) -> float:
    """How much a year past its date counts."""
    if not re.fullmatch(r"\d{1,3}(\.\d{1,3})?", said.strip()):
        raise Wrong(f"“{text(said, 40)}” is no weight: write a number such as 1 or 2.5")
    return float(said)


def year(said: str) -> int:
    """A year by the calendar year in which it begins: 2027, 2027/28, 2027-28."""
    match = re.fullmatch(r"(\d{4})(?:\s?[/–-]\s?(\d{2}|\d{4}))?", said.strip())
    first = int(match[1]) if match else 0
    wrong_end = match and match[2] and int(match[2]) % 100 != (first + 1) % 100
    if wrong_end or not FIRST_YEAR <= first <= LAST_YEAR:
        raise Wrong(f"“{text(said, 40)}” is no year: write it as 2027 or 2027/28")
    return first


def day(said: str) -> date:
    """A day, as records take it."""
    return days.read(said)


def truth(said: str) -> bool:
    """Yes or no; nothing is no."""
    bare = said.strip().casefold()
    if bare not in YES | NO:
        raise Wrong(f"“{text(said, 40)}” is neither yes nor no")
    return bare in YES


def one_of(choices: Sequence[str], what: str) -> Callable[[str], str]:
    """One of some words, in any case."""
    known = {choice.casefold(): choice for choice in choices}

    def read(said: str) -> str:
        found = known.get(" ".join(said.casefold().split()))
        if found is None:
            raise Wrong(f"“{text(said, 60)}” is no {what}; there are: {', '.join(choices)}")
        return found

    return read


def start_month(said: str) -> int:
    """The month in which a school's year begins: April or September."""
    found = {"4": 4, "april": 4, "apr": 4, "1 april": 4, "9": 9, "september": 9, "sep": 9, "1 september": 9}
    if said.strip().casefold() not in found:
        raise Wrong(f"“{text(said, 40)}” is no start of a year: 4 (1 April) or 9 (1 September)")
    return found[said.strip().casefold()]


def maintained(said: str) -> bool:
    """Which kind of school it is: whether it is maintained by its council, and so makes the CFR return."""
    return one_of(SCHOOL_KINDS, "kind of school")(said) == SCHOOL_KINDS[1]


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is written. `absent`: what holds where nothing is; `needed`: something has to be."""

    name: str
    read: Callable[[str], Any]
    label: str
    needed: bool = False
    absent: Any = None
    help: str = ""

    @property
    def asked(self) -> str:
        """By what a form asks for it: text, date, tick, class or line."""
        return _ASKED.get(self.read, "text")


_CLASS = one_of(CLASSES, "class")


def dfe_line(said: str) -> str:
    """A category of DfE, by its word or its name: connectivity, "Onsite servers"."""
    wanted = " ".join(said.casefold().split())
    for category, line in lines().items():
        if wanted in (category.value, line.name.casefold()):
            return category.value
    names = ", ".join(line.name for line in lines().values())
    raise Wrong(f"“{text(said, 60)}” is no line of DfE; there are: {names}")


_LINE = dfe_line
_ASKED: Mapping[Callable[[str], Any], str] = {day: "date", truth: "tick", _CLASS: "class", dfe_line: "line"}
_YEAR = Field("year", year, "Year", needed=True, help="as 2027/28")
_AIM = Field("aim", words(), "Aim of the development plan", absent="")
_DECIDED = (
    Field("year", year, "Year", help="as 2027/28"),
    Field("until", day, "Keep until"),
    Field("reason", words(REASON_LIMIT), "Reason", needed=True),
)
FIELDS: Mapping[Kind, tuple[Field, ...]] = {
    Kind.TERMS: (
        Field("start_month", start_month, "Year begins", needed=True),
        Field("vat", percent(0, 50), "VAT added (%)", needed=True),
        Field("maintained", maintained, "Kind of school", absent=False, help="academy or maintained"),
    ),
    Kind.BUDGET: (
        _YEAR,
        Field("cap", money.read, "Cap", needed=True, help="pounds without VAT"),
        Field("carries", truth, "What is left goes on to the next year", absent=False),
    ),
    Kind.FUND: (
        Field("name", words(), "Fund", needed=True),
        Field("amount", money.read, "Amount", needed=True, help="pounds without VAT"),
        Field("year", year, "From", needed=True, help="as 2027/28"),
        Field("spend_by", day, "Spend by"),
    ),
    Kind.NEED: (
        Field("what", words(), "What", needed=True),
        Field("class", _CLASS, "Class", needed=True),
        Field("number", whole(1, 10_000, "devices"), "How many", needed=True),
        Field("start", day, "From when", needed=True),
        _AIM,
        Field("cost", money.read, "Cost of each", help="empty: the policy’s"),
        Field("every_months", whole(1, 240, "months"), "Again every (months)"),
    ),
    Kind.LINE: (
        Field("what", words(), "What", needed=True),
        Field("line", _LINE, "Line of DfE", needed=True),
        Field("cost", money.read, "Cost", needed=True, help="pounds without VAT"),
        Field("starts", day, "Starts", needed=True),
        Field("ends", day, "Ends", help="the last day"),
        Field("yearly", truth, "Every year", absent=False),
        Field("capital", truth, "Capital", absent=False),
        _AIM,
        Field("inflation", percent(), "Rises each year by (%)", absent=0),
    ),
    Kind.DECISION: _DECIDED,
    Kind.SUITE: (Field("suite", words(), "Room", needed=True), *_DECIDED),
}
_MONTHS = whole(0, 240, "months")


def months_or_never(said: str) -> int | None:
    """Months, or never."""
    return None if said.strip().casefold() == "never" else _MONTHS(said)


def gigabytes(said: str) -> int:
    """Memory in GB, as octets."""
    bare = said.casefold().replace("gb", "").strip()
    return whole(1, 1024, "GB")(bare) * 2**30


POLICY_FIELDS: tuple[Field, ...] = (
    Field("life", whole(1, 240, "months"), "Life (months)"),
    Field("warranty", _MONTHS, "Warranty (months)"),
    Field("minimum", months_or_never, "DfE: security support (months)", help="or never"),
    Field("upgrade_after", months_or_never, "Upgrade after (months)", help="or never"),
    Field("upgrade_cost", money.read, "Cost of the upgrade"),
    Field("cost", money.read, "Cost"),
    Field("cost_on", day, "Prices of"),
    Field("inflation", percent(), "Prices rise a year by (%)"),
    Field("residual", percent(0), "Residual (%)"),
    Field("kwh", whole(0, 100_000, "kWh"), "Energy a year (kWh)"),
    Field("lead_weeks", whole(0, 104, "weeks"), "Lead time (weeks)"),
    Field("weight", weight, "Weight of a year past its date"),
    Field("line", _LINE, "Line of DfE"),
    Field("enough_memory", gigabytes, "Memory that needs no upgrade (GB)"),
)
_POLICY = {field.name: field for field in POLICY_FIELDS}


def read(kind: Kind, written: Mapping[str, str]) -> dict[str, Any]:
    """The values of a saying. Wrong says which fields cannot be taken, and why."""
    values: dict[str, Any] = {}
    troubles: list[str] = []
    for field in FIELDS[kind]:
        said = written.get(field.name, "").strip()
        if not said:
            values[field.name] = field.absent
            troubles += [f"{field.label.lower()}: say it"] if field.needed else []
            continue
        try:
            values[field.name] = field.read(said)
        except CollectorError as error:
            troubles.append(f"{field.label.lower()}: {error}")
    if troubles:
        raise Wrong("; ".join(troubles))
    return values


def policy(written: Mapping[str, str]) -> dict[str, Any]:
    """The fields of a policy that are said, as JSON keeps them; what is not said, or empty, is left out."""
    found: dict[str, Any] = {}
    for name, said in written.items():
        if name not in _POLICY:
            raise Wrong(f"a policy has no field “{text(name, 40)}”; it has: {', '.join(_POLICY)}")
        if said.strip():
            try:
                value = _POLICY[name].read(said)
            except CollectorError as error:
                raise Wrong(f"{_POLICY[name].label.lower()}: {error}") from None
            policies.check(name, value)
            found[name] = value.isoformat() if isinstance(value, date) else value
    return found


def decision(action: str, written: Mapping[str, str], kind: Kind = Kind.DECISION) -> dict[str, Any]:
    """What is decided of a device or suite: a pin needs a year, an extension a day, each a reason."""
    if action not in ACTIONS:
        raise Wrong(f"“{text(action, 40)}” cannot be decided: pin, extend or retire")
    values = read(kind, written)
    decided = ACTIONS[action]
    if decided == "replace" and values["year"] is None:
        raise Wrong("say to which year it is pinned, as 2027/28")
    if decided == "extend" and values["until"] is None:
        raise Wrong("say until which day it is kept")
    kept = {"replace": {"until": None}, "extend": {"year": None}, "retire": {"until": None}}[decided]
    return {**values, **kept, "action": decided}


def named(scope: str, said: str) -> tuple[str, str]:
    """What a policy is of: a scope, and the class, model or use that is named."""
    found = one_of(SCOPES, "scope")(scope)
    name = _CLASS(said) if found == "class" else words()(said)
    if not name:
        raise Wrong(f"say which {found} the policy is of")
    return found, name


# ------------------------------------------------------------------------------------------------ lists


@dataclass(frozen=True, slots=True)
class Asked:
    """One row of a list: what it says of which school, as that is written."""

    number: int
    kind: Kind
    school: str
    values: Mapping[str, Any]


_KINDS = {"budget": Kind.BUDGET, "fund": Kind.FUND, "need": Kind.NEED, "line": Kind.LINE}
#: headings that people use -> the name of the field
_HEADINGS = {"type": "kind", "name of fund": "name", "how many": "number", "from": "start", "begins": "starts",
             "item": "what", "description": "what", "unit cost": "cost", "pounds": "cost"}  # fmt: skip


def listed(content: bytes) -> tuple[list[Asked], list[str]]:
    """The rows of a CSV or XLSX list of budgets, funds, needs and lines; and a sentence for each that is wrong.

    The first row names columns: kind, school, and the fields of that kind. CollectorError where it is no such list.
    """
    rows = sheets.read(content).rows
    heads = [_heading(cell) for cell in rows[0].cells] if rows else []
    known = {"kind", "school", *(field.name for kind in _KINDS.values() for field in FIELDS[kind])}
    if "kind" not in heads or "school" not in heads:
        raise Wrong("the first row has to name the columns: kind, school, and such as what, cost, year")
    if strange := [head for head in heads if head and head not in known]:
        raise Wrong(f"there is no column “{text(strange[0], 40)}”; there are: {', '.join(sorted(known))}")
    found, troubles = list[Asked](), list[str]()
    for row in rows[1:]:
        written = {head: _cell(cell) for head, cell in zip(heads, row.cells, strict=False) if head}
        try:
            found.append(_asked(row.number, written))
        except CollectorError as error:
            troubles.append(f"row {row.number}: {error}")
    return found, troubles


def _asked(number: int, written: Mapping[str, str]) -> Asked:
    kind = _KINDS.get(written.get("kind", "").casefold())
    if kind is None:
        raise Wrong(f"“{text(written.get('kind', ''), 40)}” is no kind: {', '.join(_KINDS)}")
    names = {field.name for field in FIELDS[kind]}
    if astray := [name for name, said in written.items() if said and name not in names | {"kind", "school"}]:
        raise Wrong(f"a {kind.value} has no {astray[0]}: leave that cell empty")
    return Asked(number, kind, written.get("school", ""), read(kind, written))


def _heading(cell: object) -> str:
    said = " ".join(str(cell or "").casefold().replace("_", " ").split())
    return _HEADINGS.get(said, said.replace(" ", "_"))


def _cell(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return cell.isoformat()[:10] if isinstance(cell, date) else str(cell).strip()


def told(troubles: Iterable[str]) -> str:
    """Troubles as lines, bounded."""
    lines = list(troubles)
    more = [f"and {len(lines) - MOST_TROUBLES} more"] if len(lines) > MOST_TROUBLES else []
    return "\n".join([*lines[:MOST_TROUBLES], *more])
