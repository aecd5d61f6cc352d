"""The declared table of who may do what, and who somebody is that proved it. Pure: it knows no row and no secret."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Scope(enum.StrEnum):
    """What a person is here (a role), or what a token is for."""

    OWNER = "owner"  # runs the collector
    IT_LEAD = "IT lead"  # of the trust
    TECHNICIAN = "technician"  # of some schools
    PROVIDER = "provider"  # works for some schools from outside, until a date
    FINANCE = "finance"  # sees the register, edits what is about money
    SCHOOL_VIEWER = "school viewer"  # looks at some schools
    AUDITOR = "auditor"  # looks at some schools, until a date
    BENCHMARK_VIEWER = "benchmark viewer"  # sees sums, no device
    READ = "read"  # a token: sees everything but whom devices are assigned to, changes nothing
    WRITE = "write"  # a token: that, and says things of devices in their records
    METRICS = "metrics"  # a token: Prometheus


class Right(enum.Enum):
    """One thing that can be done."""

    SEE_REGISTER = enum.auto()
    SEE_METRICS = enum.auto()
    SEE_SUMS = enum.auto()  # how much there is, without a device
    OWN_ACCOUNT = enum.auto()  # sign out, change one's own password and second factor
    MANAGE_PEOPLE = enum.auto()  # who has an account, what they may do, where, until when
    MANAGE_TOKENS = enum.auto()
    EDIT_PLACES = enum.auto()  # schools, sites, rooms, term dates
    ASK_AGENTS = enum.auto()  # a person's hand: have something done at a school now
    CORRECT = enum.auto()  # say what the register is to say, beside what the evidence says
    ACKNOWLEDGE = enum.auto()  # say that one knows of a condition
    EDIT_RECORDS = enum.auto()  # say things of devices: records, lists, bulk edits, files
    EDIT_MONEY = enum.auto()  # say what a device cost, and who paid for it
    SEE_ASSIGNEES = enum.auto()  # whom devices are assigned to
    DECIDE_IDENTITY = enum.auto()  # say which devices are one and which are two
    SEE_JOURNAL = enum.auto()  # who changed, saw and exported what
    SHARE_REPORTS = enum.auto()  # give a report without devices to somebody who has no account
    EDIT_PLAN = enum.auto()  # lives, prices, money there is, what is decided of a device
    EDIT_COVER = enum.auto()  # say who supports what: contracts, services, the standard catalogue
    MARK = enum.auto()  # give marks to services and devices
    EXCHANGE = enum.auto()  # give the trust's sums to other trusts, take theirs, and stop
    CHECK_SHELVES = enum.auto()  # begin a physical check, and write down what stands there
    ERASE = enum.auto()  # have a value or a device erased everywhere, and see what was


_EVERYBODY = {Right.SEE_SUMS, Right.OWN_ACCOUNT}
_VIEWER = _EVERYBODY | {Right.SEE_REGISTER}
_PROVIDER = _VIEWER | {
    Right.SEE_METRICS, Right.MANAGE_TOKENS, Right.EDIT_PLACES, Right.ASK_AGENTS, Right.CORRECT, Right.EDIT_RECORDS,
    Right.EDIT_MONEY, Right.DECIDE_IDENTITY, Right.ACKNOWLEDGE, Right.CHECK_SHELVES, Right.MARK,
}  # fmt: skip

#: the declared table of who may do what; what is not here is refused
RIGHTS: dict[Scope, frozenset[Right]] = {
    Scope.OWNER: frozenset(Right),
    Scope.IT_LEAD: frozenset(Right) - {Right.MANAGE_PEOPLE, Right.ERASE, Right.EXCHANGE},
    Scope.TECHNICIAN: frozenset(_PROVIDER | {Right.SEE_ASSIGNEES}),
    Scope.PROVIDER: frozenset(_PROVIDER),
    Scope.FINANCE: frozenset(_VIEWER | {Right.EDIT_MONEY, Right.EDIT_PLAN, Right.EDIT_COVER}),
    Scope.SCHOOL_VIEWER: frozenset(_VIEWER | {Right.MARK}),
    Scope.AUDITOR: frozenset(_VIEWER | {Right.SEE_ASSIGNEES, Right.CHECK_SHELVES}),
    Scope.BENCHMARK_VIEWER: frozenset(_EVERYBODY),
    Scope.READ: frozenset({Right.SEE_REGISTER, Right.SEE_METRICS}),
    Scope.WRITE: frozenset({Right.SEE_REGISTER, Right.SEE_METRICS, Right.EDIT_RECORDS, Right.EDIT_MONEY}),
    Scope.METRICS: frozenset({Right.SEE_METRICS}),
}
TOKEN_SCOPES = (Scope.READ, Scope.WRITE, Scope.METRICS)
ROLES = tuple(scope for scope in Scope if scope not in TOKEN_SCOPES)
#: roles of people who see named schools alone; all others see the whole trust
OF_SCHOOLS = frozenset({Scope.TECHNICIAN, Scope.PROVIDER, Scope.SCHOOL_VIEWER, Scope.AUDITOR})
#: roles that nobody has for ever
UNTIL_A_DAY = frozenset({Scope.PROVIDER, Scope.AUDITOR})


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who proved who they are. `pass_id` names their session or token and is no secret.

    `role`: what the person is; of a token, whoever made it, whose rights it never exceeds. `schools`: the schools that
    they see; None: the whole trust.
    """

    account_id: str
    name: str
    scope: Scope
    pass_id: str
    role: Scope
    schools: frozenset[str] | None

    def may(self, right: Right) -> bool:
        """Whether scope and role both grant a right."""
        return right in RIGHTS[self.scope] and right in RIGHTS[self.role]
