"""Every rule has what passes, what fails and what cannot be told; broken rules stop nothing; sets are data."""

from __future__ import annotations

import audit_cases
import broken_rules
import pytest
from audit_cases import ASIDE, TABLE, device, school
from hypothesis import given, settings
from hypothesis import strategies as some

from collector import audit
from collector.audit import DEVICE, SCHOOL, Case, Finding, Given, Outcome, Place, core, rule_sets
from collector.audit.rule_sets import Decision
from collector.errors import CollectorError

CASES = [
    pytest.param(rule, outcome, case, id=f"{rule}-{outcome.value}-{number}")
    for rule, outcomes in TABLE.items()
    for outcome, cases in outcomes.items()
    for number, case in enumerate(cases)
]


def judged(rule: str, case: Case | Place, **parameters: object) -> Finding | None:
    found = audit.all_rules()[rule]
    return audit.judge(found, case, Given({**found.parameters, **parameters}))


@pytest.mark.parametrize(("rule", "outcome", "case"), CASES)
def test_a_rule_finds_what_its_table_says(rule: str, outcome: Outcome, case: Case | Place) -> None:
    found = judged(rule, case)
    assert found is not None
    assert (found.outcome, bool(found.sentence)) == (outcome, True), found.words
    assert found.words.startswith(audit.BECAUSE) is (outcome is Outcome.UNTOLD)
    assert "the rule failed" not in found.sentence


def test_no_rule_lacks_one_that_passes_one_that_fails_and_one_that_cannot_be_told() -> None:
    assert set(TABLE) == set(audit.all_rules())
    assert {
        rule for rule, outcomes in TABLE.items() if set(outcomes) != set(Outcome) or not all(outcomes.values())
    } == set()


@pytest.mark.parametrize(("rule", "case"), [(rule, case) for rule, cases in ASIDE.items() for case in cases])
def test_a_rule_says_nothing_of_what_it_does_not_ask(rule: str, case: Case | Place) -> None:
    assert judged(rule, case) is None


def test_a_rule_set_moves_what_a_rule_asks_for() -> None:
    sixty = device("ups", told={"battery/ups": {"runtime": 2400}})
    assert judged("ups_runtime", sixty).outcome is Outcome.PASS  # type: ignore[union-attr]  # the rule applies
    assert judged("ups_runtime", sixty, minutes=60.0).outcome is Outcome.FAIL  # type: ignore[union-attr]
    assert judged("ups_runtime", sixty, classes=("server",)) is None


def test_what_it_cannot_be_told_of_is_never_a_pass_where_nothing_is_known() -> None:
    nothing = [device(kind) for kind in audit.COMPUTERS + audit.NETWORK + audit.SERVERS + ("ups", "unknown")]
    found = [judged(rule, case) for rule in audit.all_rules() for case in (*nothing, school())]
    assert {each.outcome for each in found if each is not None} == {Outcome.UNTOLD}


JUNK = some.one_of(some.none(), some.booleans(), some.integers(), some.floats(), some.text(max_size=20))


@given(
    kind=some.sampled_from(["switch", "server", "ups", "laptop"]),
    value=JUNK,
    name=some.sampled_from(["runtime", "status", "asset_tag", "output_source"]),
)
@settings(max_examples=60, deadline=None)
def test_what_a_device_tells_raises_nowhere(kind: str, value: object, name: str) -> None:
    parts = ("", "battery/ups", "power supply/1", "array/1")
    case = device(kind, told={part: {name: value} for part in parts}, core=audit_cases.IS_CORE)
    for rule in audit.all_rules():
        found = judged(rule, case)
        assert found is None or "the rule failed" not in found.sentence


# ------------------------------------------------------------------------------------------------ broken rules


def test_a_broken_rule_cannot_tell_and_stops_no_other() -> None:
    rules = audit.load("broken_rules", broken_rules.__path__)
    one = device("laptop", name="d1")
    found = {
        name: audit.judge(rule, one if rule.subject == DEVICE else school(), Given(rule.parameters))
        for name, rule in rules.items()
    }
    assert {name: each and each.outcome for name, each in found.items()} == {
        "cannot_be_read": Outcome.UNTOLD, "names_nothing": Outcome.UNTOLD, "raises": Outcome.UNTOLD,
        "works": Outcome.PASS,
    }  # fmt: skip
    said = {name: each.words for name, each in found.items() if each}
    assert said["raises"] == "cannot be told, because the rule failed (KeyError)"
    assert said["cannot_be_read"] == "cannot be told, because the rule failed: its file cannot be read (RuntimeError)"
    assert rules["cannot_be_read"].subject == SCHOOL
    assert said["works"] == "d1[31m passes"


# ------------------------------------------------------------------------------------------------ rule sets


@pytest.mark.parametrize("name", rule_sets.names())
def test_every_set_that_comes_with_stocktake_is_of_rules_and_parameters_that_there_are(name: str) -> None:
    found = rule_sets.shipped(name)
    assert found.title
    assert found.lines
    assert len({line.rule.name for line in found.lines}) == len(found.lines)
    assert all(line.asks and line.standard for line in found.lines)
    assert all(line.page.startswith("https://") for line in found.lines) or name == rule_sets.OWN


def test_the_trusts_own_set_has_every_rule() -> None:
    assert {line.rule.name for line in rule_sets.own([]).lines} == set(audit.all_rules())


def test_a_trust_decides_parameters_severity_and_what_is_left_out() -> None:
    decided = [
        Decision("ups_runtime", "minutes", 60), Decision("ups_runtime", "severity", "high"),
        Decision("labelled", "included", False), Decision("warranty", "classes", ["server"]),
    ]  # fmt: skip
    own = rule_sets.own(decided)
    assert (own.line("ups_runtime").given.number("minutes"), own.line("ups_runtime").severity) == (60, "high")
    assert own.line("warranty").given.words("classes") == ("server",)
    with pytest.raises(CollectorError, match="the trust’s own rule set cannot be read: there is no rule 'nonsense'"):
        rule_sets.own([Decision("nonsense", "minutes", 5)])
    with pytest.raises(CollectorError, match="the rule set own has no rule 'labelled'"):
        own.line("labelled")


@pytest.mark.parametrize(
    ("rule", "name", "value", "sentence"),
    [
        ("nonsense", "minutes", 30, "there is no rule 'nonsense'; there are: access_ports"),
        ("ups_runtime", "hours", 1, "the rule ups_runtime has no parameter 'hours'; it has: minutes, classes"),
        ("ups_runtime", "minutes", "long", "ups_runtime: minutes is a number from 0 on"),
        ("ups_runtime", "minutes", True, "minutes is a number"),
        ("ups_runtime", "minutes", float("nan"), "minutes is a number"),
        ("ups_runtime", "minutes", -1, "minutes is a number"),
        ("ups_runtime", "classes", ["teapot"], "'teapot' is none"),
        ("ups_runtime", "classes", 5, "list of classes"),
        ("ups_runtime", "severity", "dire", "a severity is one of: high, medium, low"),
        ("ups_runtime", "included", "no", "true or false"),
    ],
)
def test_an_unknown_rule_or_parameter_of_a_trust_is_a_clear_error(
    rule: str, name: str, value: object, sentence: str
) -> None:
    with pytest.raises(CollectorError) as raised:
        rule_sets.check(Decision(rule, name, value))
    assert sentence in str(raised.value)


def test_a_set_that_cannot_be_read_says_in_which_line() -> None:
    rules = audit.all_rules()
    for row, sentence in (
        ("ups_runtime\tmedium", "line 2: 8 columns are needed, and 2 are there"),
        ("nonsense\tmedium\ttermly\t{}\ta\tb\tc\t2026-11-22", "line 2: there is no rule 'nonsense'"),
        ('ups_runtime\tmedium\ttermly\t{"h": 1}\ta\tb\tc\t2026-11-22', "line 2: the rule ups_runtime has no parameter"),
        ("ups_runtime\tmedium\ttermly\t{\ta\tb\tc\t2026-11-22", "line 2: "),
        ("ups_runtime\tmedium\ttermly\t{}\ta\tb\tc\tsoon", "line 2: "),
        ("ups_runtime\tdire\ttermly\t{}\ta\tb\tc\t2026-11-22", "line 2: “dire”"),
    ):
        with pytest.raises(CollectorError) as raised:
            rule_sets.parse("made-up", f"# A set\n{row}\n", rules)
        assert str(raised.value).startswith(sentence)
    with pytest.raises(CollectorError, match="there is no rule set 'dfe-1999'; there are: cyber-essentials, dfe-2026"):
        rule_sets.shipped("dfe-1999")


# ------------------------------------------------------------------------------------------------ the core


@pytest.mark.parametrize(
    ("switches", "pairs", "tagged", "expected"),
    [
        ("a", [], "", {"a": True}),
        ("ab", [], "", {"a": None, "b": None}),
        ("ab", ["ab"], "", {"a": None, "b": None}),
        ("abc", ["ab", "ac"], "", {"a": True, "b": False, "c": False}),
        ("abcd", ["ab", "ac", "ca"], "", {"a": True, "b": False, "c": False, "d": None}),
        ("abcd", ["ab", "ac", "dc", "db"], "", {"a": None, "b": None, "c": None, "d": None}),
        ("abc", ["ab", "ac"], "b", {"a": False, "b": True, "c": False}),
        ("ab", ["ab", "bx"], "ab", {"a": True, "b": True}),
    ],
)
def test_the_core_is_what_a_person_says_else_what_most_hang_on(
    switches: str, pairs: list[str], tagged: str, expected: dict[str, bool | None]
) -> None:
    found = core.cores(list(switches), [(pair[0], pair[1]) for pair in pairs], set(tagged))
    assert {switch: each.core for switch, each in found.items()} == expected
    assert all(each.why for each in found.values())
