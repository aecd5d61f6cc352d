"""HP, HPE, Aruba, ProCurve and 3Com networks: `CCYMPPPZZZ`, year of a decade since 2010 and month; before, `CCYWW…`.

Month: 1 to 9, then 0 for October, A for November, B for December: not hexadecimal. Sources: HP, *MSM720 Controllers
Quickstart*, page 6 (manualslib.com/manual/1205043); some forty Comware modules that record a date, all from the first
of the decoded month to the fortieth day after. It holds for what came from ProCurve and H3C: switches, routers, MSM
access points and controllers. Access points and controllers of Aruba Networks follow no rule that is known.

Before 2010 ProCurve wrote country, last digit of the year and week. That stands in no document of HP that was found,
and the two read the same string differently: for products sold before 2010 both answers stand, until bounds or the
launch of the model decide. A fifth character that is a letter cannot be of a week.

HP's servers and computers have ten characters of another rule: their parts are left alone here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from collector.age import About, Grade, Span, decades, of_month
from collector.age.serials import PARTS, WIRELESS, Dated, SerialRule, reader, silent, told_maker, week

MAKERS = frozenset({"hp"})  # HPE, Aruba, ProCurve and 3Com have the same key
WIRED = frozenset({"switch", "router", "firewall"})
FIRST_YEAR = 2010
MONTHS = "1234567890AB"
MONTH_NAMES = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
BEFORE, AFTER = 7, 14  # days: a recorded date comes up to ten days after the month
WEEK_SLACK = 28  # days, of the rule that no document confirms
#: product numbers were given in order, more or less, and J9565A or so was the first of 2011: wide, for want of a source
PRODUCT_NUMBER = re.compile(r"\bJ(\d{4})[A-Z]?\b")
FIRST_AFTER_2009 = 9500
#: wireless products that are not from Aruba Networks: ProCurve's (MSM, J numbers) and H3C's (JD, JG)
NOT_ARUBA = re.compile(r"(?i)\bMSM ?\d{3}|\b(?:J\d{4}|J[DG]\d{3})[A-Z]?\b")


def _months(match: re.Match[str]) -> Iterator[Span]:
    month = MONTHS.index(match["month"]) + 1
    for year in decades(int(match["year"]), FIRST_YEAR):
        yield of_month(year, month, before=BEFORE, after=AFTER)


def _words(match: re.Match[str]) -> str:
    return f"year {match['year']} of a decade since 2010, {MONTH_NAMES[MONTHS.index(match['month'])]}"


def _found(match: re.Match[str], _about: About) -> Dated:
    return Dated(tuple(_months(match)), _words(match))


def _found_either(match: re.Match[str], _about: About) -> Dated:
    """By both rules, where the number can be of both."""
    number = match["month"] + match["rest"][0]
    if not number.isdecimal() or not 1 <= int(number) <= 53:
        return Dated(tuple(_months(match)), _words(match))
    old = week(2000 + int(match["year"]), int(number), since=2000, before=WEEK_SLACK, after=WEEK_SLACK)
    words = f"{_words(match)}; or, as before 2010, week {int(number)} of {2000 + int(match['year'])}"
    return Dated((old, *_months(match)), words)


# ------------------------------------------------------------------------------------------------ which rule


def _is_3com(about: About) -> bool:
    return about.maker.lower().startswith("3com")


def _is_network(about: About) -> bool:
    """Whether it is of ProCurve's or H3C's line: a part that a server's agent tells is not."""
    if about.kind in WIRELESS:
        return bool(NOT_ARUBA.search(about.model)) and not _is_3com(about)
    told = about.first("serial")
    of_server = told is not None and told.rule.startswith("hp_server")
    anybodys = about.kind == "transceiver" and not told_maker(about)
    return not (of_server or anybodys or _is_3com(about))


def _sold_before_2010(about: About) -> bool:
    number = PRODUCT_NUMBER.search(about.model)
    return int(number[1]) < FIRST_AFTER_2009 if number else "procurve" in about.model.lower()


FORM = "CCYMPPPZZZ"
PATTERN = r"[A-Z]{2}(?P<year>\d)(?P<month>[0-9AB])(?P<rest>[0-9A-Z]{6})"

RULES = (
    SerialRule(
        name="hp.network",
        makers=MAKERS,
        grade=Grade.DOCUMENTED,
        source="HP, MSM720 Controllers Quickstart, page 6; recorded dates of Comware modules",
        read=reader((FORM, PATTERN, _found)),
        kinds=WIRED | WIRELESS | PARTS,
        fits=lambda about: _is_network(about) and not _sold_before_2010(about),
    ),
    SerialRule(
        name="hp.network_before_2010",
        makers=MAKERS,
        grade=Grade.INFERRED,
        source="the same, and samples of ProCurve's older numbers; no document",
        read=reader((FORM, PATTERN, _found_either)),
        kinds=WIRED | WIRELESS | PARTS,
        fits=lambda about: _is_network(about) and _sold_before_2010(about),
    ),
    SerialRule(
        name="hp.optics_of_h3c",
        makers=frozenset({"h3c"}),
        grade=Grade.DOCUMENTED,
        source="the same: recorded dates of optics in HP's Comware switches, which name H3C as their maker",
        read=reader((FORM, PATTERN, _found)),
        kinds=frozenset({"transceiver"}),
    ),
    silent(
        "hp.aruba_wireless",
        MAKERS,
        "no rule is known for serial numbers of Aruba's access points and controllers",
        source="searched: Aruba's guides name the serial number, and never how it is made",
        kinds=WIRELESS,
        fits=lambda about: not NOT_ARUBA.search(about.model) and not _is_3com(about),
    ),
    silent(
        "hp.3com",
        MAKERS,
        "no rule is known for 3Com's own serial numbers",
        source="searched, nothing found",
        kinds=WIRED | WIRELESS | PARTS,
        fits=_is_3com,
    ),
)
