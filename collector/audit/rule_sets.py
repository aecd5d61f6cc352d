"""Rule sets: what a standard asks, as rows of data; and a trust's own, as rows of its decisions over one of ours.

A set is a file `<name>.tsv` beside this module. A row: rule, severity, cycle, parameters (JSON), what is asked for in
words of our own, the standard that asks for it, its page, and the day on which the row was compared with it. It knows
no device.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from collector import audit
from collector.audit import Given, Rule
from collector.errors import CollectorError
from collector.facts import CLASSES, text

OWN, DEFAULT = "own", "dfe-2026"
SEVERITIES = ("high", "medium", "low")
CYCLES = ("at once", "termly", "yearly", "when replaced")
SEVERITY, INCLUDED, CLASS_LIST = "severity", "included", "classes"
COLUMNS = 8
_LARGEST = 1e15


@dataclass(frozen=True, slots=True)
class Line:
    """One rule as a set asks for it.

    `asks`: in words of our own; `standard` and its `page`: who asks, empty where the trust does; `checked`: when the
    row was compared with that.
    """

    rule: Rule
    severity: str
    cycle: str
    parameters: Mapping[str, Any]
    asks: str
    standard: str
    page: str
    checked: date

    @property
    def given(self) -> Given:
        """The parameters that hold: those of the set before those of the rule."""
        return Given({**self.rule.parameters, **self.parameters})

    @property
    def asking(self) -> str:
        """What names the rule with the parameters that hold: alike in every set that asks the same, 61 characters."""
        holding = json.dumps({**self.rule.parameters, **self.parameters}, sort_keys=True)
        return f"{self.rule.name}:{hashlib.sha256(holding.encode()).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A set of rules with its title."""

    name: str
    title: str
    lines: tuple[Line, ...]

    def line(self, rule: str) -> Line:
        """The row of a rule; CollectorError where the set has none."""
        found = next((line for line in self.lines if line.rule.name == rule), None)
        if found is None:
            raise CollectorError(f"the rule set {self.name} has no rule {text(rule, 64)!r}")
        return found


class Decision(NamedTuple):
    """What a trust decided of one rule of its own set: a parameter, its severity, or whether it is included."""

    rule: str
    name: str
    value: Any


def names() -> tuple[str, ...]:
    """The sets that there are, the trust's own last."""
    found = sorted(path.stem for path in Path(__file__).parent.glob("*.tsv"))
    return (*(name for name in found if name != OWN), OWN)


def shipped(name: str) -> RuleSet:
    """A set as it comes with Stocktake; CollectorError where there is none of that name."""
    if name not in names():
        raise CollectorError(f"there is no rule set {text(name, 64)!r}; there are: {', '.join(names())}")
    return _read(name)


@cache
def _read(name: str) -> RuleSet:
    return parse(name, Path(__file__).with_name(f"{name}.tsv").read_text("utf-8"), audit.all_rules())


def parse(name: str, written: str, rules: Mapping[str, Rule]) -> RuleSet:
    """A set from its table; CollectorError with the line's number where one cannot be read."""
    head, *lines = written.splitlines()
    found = [_line(number, line, rules) for number, line in enumerate(lines, 2) if line and not line.startswith("#")]
    return RuleSet(name, head.removeprefix("#").strip(), tuple(found))


def _line(number: int, written: str, rules: Mapping[str, Rule]) -> Line:
    cells = written.split("\t")
    if len(cells) != COLUMNS:
        raise CollectorError(f"line {number}: {COLUMNS} columns are needed, and {len(cells)} are there")
    name, severity, cycle, parameters, asks, standard, page, checked = cells
    try:
        given = json.loads(parameters or "{}")
        line = Line(_rule(name, rules), severity, cycle, {}, asks, standard, page, date.fromisoformat(checked))
        for key, value in given.items():
            line = _decided(line, key, value)
    except (ValueError, CollectorError) as error:
        raise CollectorError(f"line {number}: {error}") from None
    if severity not in SEVERITIES or cycle not in CYCLES:
        raise CollectorError(f"line {number}: “{severity}” or “{cycle}” is no severity or cycle")
    return line


def _rule(name: str, rules: Mapping[str, Rule]) -> Rule:
    if name not in rules:
        raise CollectorError(f"there is no rule {text(name, 64)!r}; there are: {', '.join(rules)}")
    return rules[name]


# ------------------------------------------------------------------------------------------------ a trust's own


def own(decisions: Iterable[Decision]) -> RuleSet:
    """The trust's own set; CollectorError where a decision is of no rule or parameter that there is."""
    base = shipped(OWN)
    lines = {line.rule.name: line for line in base.lines}
    left_out = set()
    for decision in decisions:
        try:
            lines[decision.rule] = _decide(lines, decision)
        except CollectorError as error:
            raise CollectorError(f"the trust’s own rule set cannot be read: {error}") from None
        if decision.name == INCLUDED and not decision.value:
            left_out.add(decision.rule)
    kept = tuple(line for name, line in lines.items() if name not in left_out)
    return RuleSet(OWN, base.title, kept)


def check(decision: Decision) -> None:
    """CollectorError where a decision of a trust is of no rule or parameter that there is, or no value of it."""
    _decide({line.rule.name: line for line in shipped(OWN).lines}, decision)


def _decide(lines: Mapping[str, Line], decision: Decision) -> Line:
    if decision.rule not in lines:
        raise CollectorError(f"there is no rule {text(decision.rule, 64)!r}; there are: {', '.join(sorted(lines))}")
    return _decided(lines[decision.rule], decision.name, decision.value)


def _decided(line: Line, name: str, value: Any) -> Line:
    if name == SEVERITY:
        if value not in SEVERITIES:
            raise CollectorError(f"a severity is one of: {', '.join(SEVERITIES)}")
        return replace(line, severity=value)
    if name == INCLUDED:
        if not isinstance(value, bool):
            raise CollectorError("whether a rule is included is said by true or false")
        return line
    if name not in line.rule.parameters:
        known = ", ".join((*line.rule.parameters, SEVERITY, INCLUDED))
        raise CollectorError(f"the rule {line.rule.name} has no parameter {text(name, 64)!r}; it has: {known}")
    return replace(line, parameters={**line.parameters, name: _value(line.rule, name, value)})


def _value(rule: Rule, name: str, value: Any) -> Any:
    if name == CLASS_LIST:
        wrong = [each for each in value if each not in CLASSES] if isinstance(value, list | tuple) else ["?"]
        if wrong:
            raise CollectorError(f"{rule.name}: classes is a list of classes of devices, and {wrong[0]!r} is none")
        return tuple(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LARGEST:
        raise CollectorError(f"{rule.name}: {name} is a number from 0 on")
    return float(value)
