"""Commands of audits: what the rules of a set find, who accepts it, and what the trust's own set decides."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from datetime import UTC, datetime
from typing import Any

from collector import auditing, show
from collector.audit import rule_sets
from collector.auditing import OUTCOMES, Audit, Found
from collector.cli.frame import Arguments, add, command, execute, trust_of
from collector.config import Config
from collector.errors import CollectorError
from collector.store import Store, coverage, register, school_lives
from collector.web.unseen import gaps

COLUMNS = ("rule", "severity", "outcome", "school", "device_id", "device", "class", "finding", "rests_on",
           "accepted_until", "accepted_by")  # fmt: skip


def _audit(settings: Config, arguments: Arguments) -> int:
    """Counts by rule, with what could not be seen; or every finding as CSV."""
    now = datetime.now(UTC)
    with Store.glance(settings.store_url) as connection:
        trust_id = trust_of(connection)
        rules = auditing.rule_set(connection, trust_id, arguments.rules)
        schools = _schools(connection, trust_id, arguments.school)
        if arguments.csv:
            writer = csv.writer(sys.stdout, lineterminator="\r\n")
            writer.writerow(COLUMNS)
            severities = {line.rule.name: line.severity for line in rules.lines}
            for one in auditing.findings(connection, trust_id, rules.lines, now, schools):
                writer.writerow([_tame(cell) for cell in _cells(severities[one.rule], one)])
            return 0
        found = auditing.run(connection, trust_id, rules, now, schools)
        agents = register.agents(connection, trust_id, school_ids=schools)
        known = register.schools(connection, trust_id, schools)
        unseen = gaps(known, agents, now, coverage.coverage(connection, trust_id, schools))
    print(_counts(found))
    for gap in unseen:
        listed = "; ".join(f"{item.label} {item.note}".strip() for item in gap.items)
        print(f"not seen: {gap.sentence}: {listed}{f' and {gap.more} more' if gap.more else ''}")
    return 0


def _counts(found: Audit) -> str:
    headings = ("rule", "severity", *OUTCOMES)
    lines = found.rule_set.lines
    rows = [(ln.rule.name, ln.severity, *(found.count(ln.rule.name, each) for each in OUTCOMES)) for ln in lines]
    return f"{found.rule_set.title}, {len(found.schools)} schools\n{show.table(headings, rows)}"


def _cells(severity: str, one: Found) -> tuple[str, ...]:
    mark = one.acceptance
    return (
        one.rule, severity, one.outcome, one.school_name, one.device_id, one.name, one.device_class, one.finding.words,
        "; ".join(one.finding.rests_on), mark.until.isoformat() if mark else "", mark.owner if mark else "",
    )  # fmt: skip


def _tame(cell: str) -> str:
    """A cell that no spreadsheet runs."""
    return f"'{cell}" if cell.startswith(show.FORMULA_STARTS) else cell


def _schools(connection: Any, trust_id: str, named: str) -> frozenset[str] | None:
    if not named:
        return None
    wanted = named.casefold()
    known = school_lives.schools(connection, trust_id)
    found = frozenset(one.school_id for one in known if wanted in (one.name.casefold(), one.urn, one.school_id))
    if len(found) != 1:
        raise CollectorError(f"{len(found)} schools are called {named!r}: name one by its name, URN or id")
    return found


def _decide(settings: Config, arguments: Arguments) -> int:
    try:
        value = json.loads(arguments.value)
    except ValueError:
        value = arguments.value
    said = {"rule": arguments.rule, "name": arguments.name, "value": value, "reason": arguments.reason}
    print(execute(settings, "audit_decide", said))
    return 0


def add_to(group: Any) -> None:
    """Add these commands to the parser."""
    audit = add(group, "audit", _audit, "hold the estate against the rules of a standard, and count what they find")
    audit.add_argument("--school", default="", help="only this school: its name, URN or id")
    audit.add_argument(
        "--rules", default=rule_sets.DEFAULT, metavar="SET", help=f"one of {', '.join(rule_sets.names())}"
    )
    audit.add_argument("--csv", action="store_true", help="every finding, one a line, instead of counts")
    more = audit.add_subparsers(metavar="ACT", title="acts")
    at_once = add(
        more,
        "judge",
        command("audit_judge", "school"),
        "have the pages judge at once, and not in their turn of an hour",
    )
    # said before the act or after it, a school is the same: a default of its own would forget the first
    at_once.add_argument("--school", default=argparse.SUPPRESS, help="only this school: its name, URN or id")
    one = group.add_parser("audit-rule", help="decide a rule of the trust's own set, or go back to what comes with it")
    acts = one.add_subparsers(required=True, metavar="ACT", title="acts")
    decide = add(acts, "set", _decide, "decide a parameter of a rule, its severity, or whether it is included")
    forget = add(acts, "unset", command("audit_undecide", "rule", "name"), "go back to what comes with Stocktake")
    for each in (decide, forget):
        each.add_argument("rule", help="as 'stocktake-collector audit --rules own' lists them")
        each.add_argument("name", help="a parameter, severity or included")
    decide.add_argument("value", help='a number, a list such as ["laptop"], high, true')
    decide.add_argument("--reason", required=True, help="why: it stands beside the decision")
