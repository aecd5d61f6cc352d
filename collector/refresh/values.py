"""What a plan is made of: kit, policies, what else is asked for, years, and the rows that come of them. Pure values.

Money is in whole pence without VAT unless a name says otherwise, rates in hundredths of a percent a year, days are days
in London. What is not known is None or "", and never a guess: an assumption is made by the plan, which says so.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import date


class Action(enum.StrEnum):
    """What a row of the plan does."""

    REPLACE = "replace"
    UPGRADE = "upgrade"  # in the middle of its life: memory, a battery
    EXTEND = "extend"  # kept longer than its policy, for a reason that a person gave
    RETIRE = "retire"  # goes and is not replaced
    ADD = "add"  # a need of a school: bought, and nothing goes
    SPEND = "spend"  # a line without a device: a licence, broadband, cabling, a lease


class Why(enum.StrEnum):
    """What sets a replace-by date."""

    AGE = "policy age"
    SUPPORT = "end of support"
    CONDITION = "condition"
    MINIMUM = "DfE minimum"
    LEASE = "lease ends"
    PIN = "pinned by a person"


@dataclass(frozen=True, slots=True)
class Made:
    """When a device was made or bought. `exact`: a person or an invoice says so."""

    earliest: date
    best: date
    latest: date
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Kit:
    """One device as the plan sees it.

    `suite`: the room or set that it is replaced with, "" for none. `use`: what a policy may distinguish (a tag of its
    record). `made`: None where nothing that is known of it has a date. `support_ends`: of what ends first; `condition`:
    its worst lasting state in words, "" where it is well or does not tell, since `condition_since`. `minimum`: why it
    fails a DfE minimum that only replacing mends, since `minimum_since`. `marks`: what people gave it, 1 to 5.
    """

    device_id: str
    name: str
    school_id: str
    device_class: str
    maker: str = ""
    model: str = ""
    suite: str = ""
    use: str = ""
    made: Made | None = None
    bought: date | None = None
    warranty_ends: date | None = None
    support_ends: date | None = None
    support_words: str = ""
    condition: str = ""
    condition_since: date | None = None
    minimum: str = ""
    minimum_since: date | None = None
    lease_ends: date | None = None
    memory_bytes: int | None = None
    marks: float | None = None
    battery_on: date | None = None  # the day of its battery: of a UPS, when it was replaced last


@dataclass(frozen=True, slots=True)
class Policy:
    """How long a class is kept and what it costs. Each figure has its source in the row that it is read from.

    `life`, `warranty`, `minimum` (for how long DfE asks for security support): months. `upgrade_after`: months after
    which it is upgraded in the middle of its life, None for never. `cost_on`: the day of the prices; `inflation`: how
    they rise from there. `residual`: what stays of the cost at the end. `kwh`: energy a year. `lead_weeks`: from order
    to installed. `weight`: how much a year past its date counts as a risk; `line`: DfE's category, as `Category`.
    """

    life: int
    warranty: int
    minimum: int | None
    upgrade_after: int | None
    upgrade_cost: int
    cost: int
    cost_on: date
    inflation: int
    residual: int
    kwh: int
    lead_weeks: int
    weight: float
    line: str
    source: str = ""
    checked: str = ""
    enough_memory: int | None = None  # bytes with which no upgrade is needed; None: it is not of memory


@dataclass(frozen=True, slots=True)
class Span:
    """A year and how certain it is: years by the calendar year in which they begin."""

    earliest: int
    best: int
    latest: int


@dataclass(frozen=True, slots=True)
class Due:
    """One replace-by date. `words`: why, for people. `assumed`: it rests on an assumption of the plan."""

    why: Why
    day: date
    words: str
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the plan.

    `row_id`: of the device, need or line that it is about. `year`: in which it is done, years by the calendar year in
    which they begin by the school's own start; None: after what is planned. `wanted`: the year that its dates ask
    for. `low`, `cost`, `high`: pence without VAT at the prices of that year. `assumed`: its year rests on an
    assumption. `due`: every replace-by date, the one that binds first. `sentence`: why this year, what displaced it.
    """

    action: Action
    row_id: str
    name: str
    school_id: str
    device_class: str
    line: str
    year: int | None
    wanted: Span
    low: int
    cost: int
    high: int
    assumed: bool
    sentence: str
    due: tuple[Due, ...] = ()
    suite: str = ""
    model: str = ""
    number: int = 1
    aim: str = ""
    capital: bool = True
    again: int = 0  # 0: the device as it stands; 1: what replaced it, when its own life ends within the plan; …
    span: Span = Span(0, 0, 0)  # the years it may be done in, none before the plan's first; see `totals`
    weight: float = 0.0  # of class and exposure: how much a year past its date counts as a risk
    day: date | None = None  # of the date that set the year; None where the year has none of its own


@dataclass(frozen=True, slots=True)
class Need:
    """What a school asks for beside what it has. `aim`: of the development plan. `cost`: each; None: the policy's."""

    need_id: str
    school_id: str
    what: str
    device_class: str
    number: int
    start: date
    aim: str = ""
    cost: int | None = None
    every_months: int | None = None


@dataclass(frozen=True, slots=True)
class Spending:
    """A line without a device: licences, broadband, support, cabling, a lease with the day it is returned.

    `cost`: pence a year, or once where `yearly` is not set. `ends`: its last day, None: it goes on. `line`: DfE's.
    """

    line_id: str
    school_id: str  # "": of the trust
    what: str
    line: str
    cost: int
    starts: date
    ends: date | None = None
    yearly: bool = True
    capital: bool = False
    aim: str = ""
    inflation: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided of a device or a suite. `year`: pinned to; `until`: extended to. `reason`: theirs.

    Of a suite: `device_id` is "" and `suite` with `school_id` name it.
    """

    action: Action
    reason: str
    device_id: str = ""
    school_id: str = ""
    suite: str = ""
    year: int | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Fund:
    """Money with a last day. `school_id` "": of the trust. `year`: from which it may be spent."""

    fund_id: str
    name: str
    school_id: str
    amount: int
    year: int
    spend_by: date | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """How a school reckons. `start_month`: 4 or 9, when its year begins. `vat`: added on pages and in files."""

    start_month: int = 9
    vat: int = 0


@dataclass(frozen=True, slots=True)
class Estate:
    """Everything that one plan is made of. `first`: its first year; `years`: how many. `today`: the day it is made.

    `policies`: of a school, class, model and use, found by `policies.Policies`. `terms`: by school; "" for all others.
    """

    today: date
    first: int
    years: int
    kit: tuple[Kit, ...]
    needs: tuple[Need, ...] = ()
    spending: tuple[Spending, ...] = ()
    decisions: tuple[Decision, ...] = ()
    terms: dict[str, Terms] = field(default_factory=dict)
