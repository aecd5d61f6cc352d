"""What an audit asks of devices and schools, and what is found: pass, fail, or *cannot be told, because …*. Pure.

A rule is one file of `rules/`, found by being there:

    TITLE = "The UPS carries its load for long enough"
    CLASSES = ("ups",)                   of devices that it asks; () asks every class
    PARAMETERS = {"minutes": 30.0}       what a rule set may decide, and what holds where it does not
    NEEDS = frozenset({Need.TOLD})       what has to be read before it can judge
    SUBJECT = SCHOOL                     where it judges a school and no device
    GONE = True                          where it judges what is retired or disposed of as well
    def judge(case: Case, given: Given) -> Finding | None: …      None: the rule does not apply

This frame isolates a file's failure: it becomes *cannot be told, because the rule failed*, and stops nothing. It knows
no store, no clock and no rule; `rule_sets` says which rules a standard asks for, and with which parameters.
"""

from __future__ import annotations

import enum
import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from types import MappingProxyType, ModuleType
from typing import Any, NamedTuple

from collector.facts import text

DEVICE, SCHOOL = "device", "school"
MOST_WORDS = 500  # characters of a sentence
BECAUSE = "cannot be told, because "

COMPUTERS = ("desktop", "laptop", "tablet", "thin client", "computer", "server", "hypervisor", "virtual machine")
PERSONAL = ("desktop", "laptop", "tablet")
NETWORK = ("switch", "router", "firewall", "access point", "wireless controller")
SERVERS = ("server", "hypervisor", "nas", "storage")
#: what became of devices that only a rule of `GONE` still judges
GONE = frozenset({"retired", "disposed"})


class Outcome(enum.StrEnum):
    """What a rule found. That it cannot be told is an answer, and never counted as a pass."""

    PASS = "pass"  # noqa: S105 - a word of audits, no secret
    FAIL = "fail"
    UNTOLD = "cannot be told"


class Need(enum.Enum):
    """What a rule has to have read of a device, beside its row of the register."""

    SUPPORT = enum.auto()
    RECORD = enum.auto()
    TOLD = enum.auto()
    PORTS = enum.auto()
    LINKS = enum.auto()
    PLACE = enum.auto()  # the UPSs around it
    METHODS = enum.auto()
    TWINS = enum.auto()
    ABSENCE = enum.auto()


class Finding(NamedTuple):
    """What a rule concluded, in a sentence for people, and what it rests on.

    `rests_on`: a fact or reading as `component name` (or `name` alone: of the device), a record's field as
    `record: name`, the end of support as `support`.
    """

    outcome: Outcome
    sentence: str
    rests_on: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The sentence as it is shown: without control characters, and bounded."""
        return text(BECAUSE + self.sentence if self.outcome is Outcome.UNTOLD else self.sentence, MOST_WORDS)


def passed(sentence: str, *rests_on: str) -> Finding:
    """It is as the rule asks."""
    return Finding(Outcome.PASS, sentence, rests_on)


def failed(sentence: str, *rests_on: str) -> Finding:
    """It is not as the rule asks."""
    return Finding(Outcome.FAIL, sentence, rests_on)


def untold(because: str, *rests_on: str) -> Finding:
    """It cannot be told; `because` completes the sentence."""
    return Finding(Outcome.UNTOLD, because, rests_on)


# ------------------------------------------------------------------------------------------------ what is judged

Value = str | int | float | bool


class End(NamedTuple):
    """Until when one thing of a device is supported, by `age.support`. `state` is one of its words for today.

    `ends` is the last day; `at_latest` is later where the edition that decides was not told. `words` say why.
    """

    what: str  # operating system, firmware, hardware
    title: str
    state: str
    ends: date | None = None
    at_latest: date | None = None
    extended: date | None = None
    words: str = ""


SUPPORTED, EXTENDED, ENDED, END_UNKNOWN = "supported", "extended support", "ended", "supported, end unknown"
SYSTEM, FIRMWARE, HARDWARE = "operating system", "firmware", "hardware"


class Windows(NamedTuple):
    """A machine with Windows. `home`: whether its edition is one for homes, None where no edition is told."""

    edition: str
    home: bool | None


class Port(NamedTuple):
    """A port that carries a link now. `speed` in bits a second, None where it is not told."""

    component: str
    name: str
    speed: float | None


class Link(NamedTuple):
    """The way to another switch. `members`: cables; `speed` of all of them, in bits a second, None: not told."""

    far: str
    far_name: str
    component: str
    members: int
    speed: float | None
    to_core: bool


class Core(NamedTuple):
    """Whether a switch is the core of its site, None where that cannot be told, and why."""

    core: bool | None
    why: str


UNDRAWN = Core(None, "the map of its site is not drawn yet")
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One device with all that rules judge it from. What a rule did not ask for (`NEEDS`) may be empty.

    `supports`: None where it was never assessed. `told`: component → name → value. `ups_beside`: UPSs in its room.
    `communities`: of each SNMP v1 and v2c credential that devices of its school take, whether its community is one that
    everybody knows; None: not known. `unseen`: term-time days since it was seen last, None where it never was.
    """

    subject_id: str
    school_id: str
    today: date
    name: str = ""
    device_class: str = "unknown"
    maker: str = ""
    model: str = ""
    serial: str = ""
    life: str = ""
    seen: bool = True
    made: date | None = None
    supports: tuple[End, ...] | None = None
    windows: Windows | None = None
    recorded: bool = False
    record: Mapping[str, Any] = field(default_factory=dict)
    certificates: int = 0
    told: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    ports: tuple[Port, ...] = ()
    links: tuple[Link, ...] = ()
    core: Core = UNDRAWN
    ups_beside: tuple[str, ...] = ()
    methods: frozenset[str] = frozenset()
    communities: tuple[bool | None, ...] = ()
    twins: tuple[str, ...] = ()
    unseen: int | None = None

    def of(self, component: str = "") -> Mapping[str, Value]:
        """What was told of the device, or of one part."""
        return self.told.get(component, _NOTHING)

    def parts(self, *words: str) -> Iterator[tuple[str, Mapping[str, Value]]]:
        """The parts whose component begins with one of these words, by name."""
        firsts = set(words)
        return ((name, self.told[name]) for name in sorted(self.told) if name.partition("/")[0] in firsts)

    def end(self, *whats: str) -> End | None:
        """The support of its system, firmware or hardware that ends first; None where none of these is told of."""
        found = [end for end in self.supports or () if end.what in whats]
        return min(found, key=lambda end: (end.state not in _KNOWN, end.ends or date.max), default=None)

    def day(self, record_field: str) -> date | None:
        """A day that its record tells."""
        value = self.record.get(record_field)
        return date.fromisoformat(value) if isinstance(value, str) and value else None

    def tagged(self, word: str) -> bool:
        """Whether a person put this tag on its record."""
        tags = self.record.get("tags")
        return isinstance(tags, list) and word in tags


_KNOWN = frozenset({SUPPORTED, EXTENDED, ENDED, END_UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A school, as far as rules judge it: who looks there, and what they could not see.

    `agents`: those that stand; `reporting`: those that brought something within a day. `networks`: named for its sites;
    `unswept`: of these, what no agent sweeps. `refused`, `silent`: devices asked by SNMP in vain; None: nobody told.
    """

    subject_id: str
    school_id: str
    today: date
    name: str = ""
    agents: int = 0
    reporting: int = 0
    networks: tuple[str, ...] = ()
    unswept: tuple[str, ...] = ()
    refused: int | None = None
    silent: int | None = None
    unidentified: int = 0


class Given:
    """The parameters of a rule as a rule set decides them."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._values = values

    def number(self, name: str) -> float:
        """A parameter that is a number."""
        return float(self._values[name])

    def words(self, name: str) -> Sequence[str]:
        """A parameter that is a list of words."""
        found: Sequence[str] = self._values[name]
        return found


#: words by which makers' tables say that a power supply works
_SUPPLIED = frozenset({"ok", "on", "normal", "up", "operational", "good", "online", "active", "redundant"})


def second_supply(case: Case, least: int) -> Finding:
    """Whether a device tells of so many power supplies that work: what rules of switches and servers ask alike."""
    told = {name: str(said["status"]).lower() for name, said in case.parts("power supply") if "status" in said}
    if not told:
        return untold("it does not tell of its power supplies")
    working, rests_on = sum(status in _SUPPLIED for status in told.values()), tuple(f"{name} status" for name in told)
    if working >= least:
        return passed(f"{working} power supplies work", *rests_on)
    listed = ", ".join(sorted(told.values()))
    return failed(f"{working} of {least} power supplies work; it tells of {len(told)}: {listed}", *rests_on)


# ------------------------------------------------------------------------------------------------ the rules


@dataclass(frozen=True)
class Rule:
    """One file of `rules/`, as the frame sees it. `parameters`: what holds where a rule set decides nothing."""

    name: str
    title: str
    judge: Callable[[Any, Given], Finding | None] = field(repr=False)
    subject: str = DEVICE
    parameters: Mapping[str, Any] = field(default_factory=dict)
    needs: frozenset[Need] = frozenset()
    gone: bool = False


@cache
def all_rules() -> Mapping[str, Rule]:
    """Every rule there is, by name; found once, at first use."""
    package = importlib.import_module(f"{__name__}.rules")
    return load(package.__name__, package.__path__)


def load(package: str, path: Any) -> dict[str, Rule]:
    """The rules of a package, by name. A file that cannot be read is a rule that cannot tell anything."""
    names = sorted(module.name for module in pkgutil.iter_modules(path))
    return {name: _load(package, name) for name in names}


def _load(package: str, name: str) -> Rule:
    try:
        return _of(name, importlib.import_module(f"{package}.{name}"))
    except Exception as error:  # noqa: BLE001 - one broken file must not take the others with it
        sentence = f"the rule failed: its file cannot be read ({type(error).__name__})"
        return Rule(name, name.replace("_", " "), lambda _case, _given: untold(sentence), SCHOOL)


def _of(name: str, module: ModuleType) -> Rule:
    parameters: dict[str, Any] = dict(getattr(module, "PARAMETERS", {}))
    subject = getattr(module, "SUBJECT", DEVICE)
    if subject == DEVICE:
        parameters["classes"] = tuple(module.CLASSES)
    return Rule(
        name, module.TITLE, module.judge, subject, parameters, getattr(module, "NEEDS", frozenset()),
        getattr(module, "GONE", False),
    )  # fmt: skip


def judge(rule: Rule, case: Case | Place, given: Given) -> Finding | None:
    """What a rule says of a device or school; None where it does not apply to it."""
    if isinstance(case, Place):
        return heard(rule, case, given) if rule.subject == SCHOOL else None
    return heard(rule, case, given) if asks(rule, given, case.device_class) else None


def asks(rule: Rule, given: Given, device_class: str) -> bool:
    """Whether a rule asks devices of a class at all."""
    return rule.subject == DEVICE and (not given.words("classes") or device_class in given.words("classes"))


def heard(rule: Rule, case: Case | Place, given: Given) -> Finding | None:
    """What a rule says of what it asks; nothing of what has gone, where it does not judge that as well."""
    if isinstance(case, Case) and case.life in GONE and not rule.gone:
        return None
    try:
        return rule.judge(case, given)
    except Exception as error:  # noqa: BLE001 - the one place that isolates rules: one's failure silences no other
        return untold(f"the rule failed ({type(error).__name__})")
