"""What Prometheus is told: compared with the documentation, checked by promtool, and safe from what devices say."""

from __future__ import annotations

import dataclasses
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from collector import metrics
from collector.age.estimate import Confidence
from collector.metrics import Counts, Estate, Family
from collector.metrics import school as one_school
from collector.store.conditions import ConditionCount
from collector.store.register import AGE_BANDS, NO_BAND, OLDEST_BAND, AgeCount, AgentRow, SchoolRow, Totals
from collector.store.rows import Coverage, CredentialUse

DOCUMENTATION = Path(__file__).parents[2] / "docs" / "metrics.md"
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
HOSTILE = '"} evil 1\n# HELP <img src=x onerror=alert(1)> \x1b[31m\u202e=cmd|'


def school(school_id: str, urn: str = "", **changes: object) -> SchoolRow:
    row = SchoolRow(school_id, f"School {school_id}", urn, 2, {"printer": 2}, 1, NOW, 3)
    return dataclasses.replace(row, **changes)  # type: ignore[arg-type]  # the names are the row's own


def agent(agent_id: str, school_id: str, **changes: object) -> AgentRow:
    numbers = {"spool_pending_reports": 4, "spool_dropped_reports": 1, "last_sweep_time": 1795339800.5, "sweeps": 7}
    row = AgentRow(
        agent_id, "server", school_id, "School", "Main", "0.1.0", NOW, None, NOW, NOW, NOW, 0, (), numbers, ("slow",)
    )  # fmt: skip
    return dataclasses.replace(row, **changes)  # type: ignore[arg-type]  # as above


def estate(**changes: object) -> Estate:
    whole = Estate(
        schools=(school("elm", "100001"), school("oak")),
        agents=(agent("a1", "elm"), agent("a2", "oak", last_report=None, numbers={})),
        classes={("elm", "printer"): 2, ("elm", "unknown"): 1, ("oak", "switch"): 5},
        totals=Totals(8, 2, 2, 6, 9),
        counts=Counts(12, {"unreadable": 2}),
        ages=(
            AgeCount("elm", "printer", {"under 3 years": 2}, {"high": 1, "low": 1}),
            AgeCount("elm", "unknown", {"unknown": 1}, {"none": 1}),
            AgeCount("oak", "switch", {"10 years and more": 5}, {"high": 5}),
        ),
        coverage={"elm": Coverage(("10.2.0.0/24",), 4, 3, 2), "oak": Coverage()},
        conditions=(
            ConditionCount("elm", "printer", "supplies", "critical", 2),
            ConditionCount("elm", "made up", "supplies", "critical", 1),
            ConditionCount("oak", "switch", "fan", "ok", 5),
        ),
        acknowledged={("elm", "supplies"): 1},
    )
    return dataclasses.replace(whole, **changes)  # type: ignore[arg-type]  # as above


def samples(of: Estate) -> dict[tuple[str, ...], float]:
    """(name, label values without trust) → number, and that each is there once."""
    found: dict[tuple[str, ...], float] = {}
    for family in metrics.families(of, "trust"):
        for sample in family.samples:
            assert sample.labels["trust"] == "trust"
            key = (sample.name, *(value for name, value in sample.labels.items() if name != "trust"))
            assert key not in found
            found[key] = sample.value
    return found


def page(of: Estate) -> str:
    return metrics.exposition(of, "trust").decode()


def test_devices_are_counted_by_school_and_class() -> None:
    found = samples(estate())
    assert found["stocktake_devices", "100001", "printer"] == 2
    assert found["stocktake_devices", "100001", "unknown"] == 1
    assert found["stocktake_devices", "oak", "switch"] == 5
    assert found["stocktake_school_info", "100001", "elm", "100001", "School elm"] == 1


def test_devices_are_counted_by_band_of_age_and_by_confidence() -> None:
    found = samples(estate())
    assert found["stocktake_devices_by_age", "100001", "printer", "under 3 years"] == 2
    assert found["stocktake_devices_by_age", "100001", "unknown", "unknown"] == 1
    assert found["stocktake_devices_by_age", "oak", "switch", "10 years and more"] == 5
    assert found["stocktake_devices_by_age_confidence", "100001", "high"] == 1
    assert found["stocktake_devices_by_age_confidence", "100001", "low"] == 1
    assert found["stocktake_devices_by_age_confidence", "oak", "high"] == 5
    of_ages = {key: number for key, number in found.items() if key[0] == "stocktake_devices_by_age"}
    of_confidence = {key: number for key, number in found.items() if key[0] == "stocktake_devices_by_age_confidence"}
    of_classes = {key: number for key, number in found.items() if key[0] == "stocktake_devices"}
    assert sum(of_ages.values()) == sum(of_confidence.values()) == sum(of_classes.values())


def test_devices_are_counted_by_aspect_and_state_and_those_that_people_know_of_apart() -> None:
    found = samples(estate())
    assert found["stocktake_conditions", "100001", "printer", "supplies", "critical"] == 2
    assert found["stocktake_conditions", "100001", "other", "supplies", "critical"] == 1
    assert found["stocktake_conditions", "oak", "switch", "fan", "ok"] == 5
    assert found["stocktake_conditions_acknowledged", "100001", "supplies"] == 1


def test_what_is_not_seen_is_counted() -> None:
    uses = (CredentialUse("good", 3, 1, 9), CredentialUse("bad", 0, 1, 0), CredentialUse("untried", 0, 0, 0))
    found = samples(estate(agents=(agent("a1", "elm", credentials=uses, numbers={"snmp_refused": 2.0}),)))
    assert found["stocktake_school_unswept_networks", "100001"] == 1
    assert found["stocktake_school_unidentified_devices", "100001"] == 4
    assert found["stocktake_school_cut_answers", "100001"] == 3
    assert found["stocktake_school_cut_answers", "oak"] == 0
    assert found["stocktake_agent_snmp_refused", "100001", "a1"] == 2
    assert found["stocktake_agent_failing_credentials", "100001", "a1"] == 1


def test_two_schools_with_one_urn_keep_series_of_their_own() -> None:
    found = samples(estate(schools=(school("elm", "100001"), school("oak", "100001 "))))
    assert found["stocktake_devices", "elm", "printer"] == 2
    assert found["stocktake_devices", "oak", "switch"] == 5


def test_what_is_not_known_has_no_series() -> None:
    found = samples(estate())
    assert ("stocktake_agent_last_report_timestamp_seconds", "oak", "a2") not in found
    assert ("stocktake_agent_spool_pending_reports", "oak", "a2") not in found
    assert ("stocktake_agent_spool_oldest_seconds", "100001", "a1") not in found


def test_an_agents_numbers_are_told_as_it_told_them() -> None:
    found = samples(estate())
    assert found["stocktake_agent_spool_pending_reports", "100001", "a1"] == 4
    assert found["stocktake_agent_spool_dropped_reports_total", "100001", "a1"] == 1
    assert found["stocktake_agent_last_sweep_timestamp_seconds", "100001", "a1"] == 1795339800.5
    assert found["stocktake_agent_certificate_expiry_timestamp_seconds", "100001", "a1"] == NOW.timestamp()


@pytest.mark.parametrize("told", ["7", None, -1, float("nan"), float("inf"), True, [1]])
def test_a_number_that_is_none_is_not_told(told: object) -> None:
    odd = agent("a1", "elm", numbers={"spool_pending_reports": told, "sweeps": 3})
    found = samples(estate(agents=(odd,)))
    assert ("stocktake_agent_spool_pending_reports", "100001", "a1") not in found
    assert found["stocktake_agent_sweeps_total", "100001", "a1"] == 3


def test_an_agent_that_has_not_swept_says_nothing_of_its_last_sweep() -> None:
    fresh = agent("a1", "elm", numbers={"last_sweep_silent": 0.0, "last_sweep_seconds": 0.0, "sweeps": 0.0})
    found = samples(estate(agents=(fresh,)))
    assert not [key for key in found if "last_sweep" in key[0]]
    assert found["stocktake_agent_sweeps_total", "100001", "a1"] == 0


def test_a_clock_may_be_behind() -> None:
    found = samples(estate(agents=(agent("a1", "elm", numbers={"clock_skew_seconds": -40.5}),)))
    assert found["stocktake_agent_clock_skew_seconds", "100001", "a1"] == -40.5


def test_a_revoked_agent_is_counted_and_has_no_numbers() -> None:
    found = samples(estate(agents=(agent("a1", "elm", revoked=NOW),)))
    assert found["stocktake_agents", "100001", "revoked"] == 1
    assert found["stocktake_agents", "100001", "active"] == 0
    assert ("stocktake_agent_sweeps_total", "100001", "a1") not in found


def test_the_collectors_own_counts_have_reasons_of_a_closed_list() -> None:
    found = samples(estate(counts=Counts(12, {"unreadable": 2, HOSTILE: 3, "made up": 1})))
    assert found[("stocktake_collector_received_reports_total",)] == 12
    assert found["stocktake_collector_refused_reports_total", "unreadable"] == 2
    assert found["stocktake_collector_refused_reports_total", "other"] == 4
    assert found["stocktake_collector_refused_reports_total", "too_large"] == 0


def test_nothing_that_a_device_or_agent_says_becomes_a_label() -> None:
    hostile = estate(
        agents=(agent("a1", "elm", name=HOSTILE, version=HOSTILE, troubles=(HOSTILE,), networks=(HOSTILE,)),),
        classes={("elm", HOSTILE): 3},
        ages=(AgeCount("elm", HOSTILE, {"unknown": 3}, {"none": 3}),),
    )
    text = page(hostile)
    assert "evil" not in text
    assert "onerror" not in text
    assert samples(hostile)["stocktake_devices", "100001", "other"] == 3
    assert samples(hostile)["stocktake_devices_by_age", "100001", "other", "unknown"] == 3


def test_a_schools_name_is_short_and_plain_and_survives_the_way() -> None:
    named = estate(schools=(school("elm", name='St "Mary\\\'s"\n\x1b[31m\u202e' + "x" * 100),))
    text = page(named)
    (info,) = [f for f in text_string_to_metric_families(text) if f.name == "stocktake_school_info"]
    assert info.samples[0].labels["name"] == ('St "Mary\\\'s" [31m' + "x" * 100)[:64]


ONE_SCHOOL = "## One school's devices"
ALERTS = "## Worth an alert"


def documented(of_one_school: bool = False) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Metric → type and labels, as docs/metrics.md has them of the estate's page, or of one school's."""
    estates, _, rest = DOCUMENTATION.read_text("utf-8").partition(ONE_SCHOOL)
    schools, _, alerts = rest.partition(ALERTS)
    assert alerts
    rows = re.findall(r"^\| `([a-z_]+)` \| (\w+) \| ([^|]*)\|", schools if of_one_school else estates, re.MULTILINE)
    return {name: (kind, tuple(re.findall(r"`(\w+)`", labels))) for name, kind, labels in rows}


def exposed_name(family: Family) -> str:
    return f"stocktake_{family.name}" + ("_total" if family.kind == "counter" else "")


def test_the_documentation_lists_what_is_exposed_and_nothing_else() -> None:
    declared = {exposed_name(f): (f.kind, ("trust", *f.labels)) for f in metrics.FAMILIES}
    of_process = {name: said for name, said in documented().items() if name.startswith("process_")}
    assert documented() == declared | of_process
    exposed = {line.split()[2] for line in page(estate()).splitlines() if "# HELP" in line}
    assert {name for name in exposed if name.startswith("process_")} == set(of_process)
    assert {name for name in exposed if name.startswith("stocktake_")} <= set(declared)


def test_the_documentation_lists_what_the_page_of_one_school_has_and_nothing_else() -> None:
    declared = {exposed_name(f): (f.kind, ("trust", *f.labels)) for f in one_school.FAMILIES}
    assert documented(of_one_school=True) == declared


def test_the_documentation_names_every_band_of_age_and_every_confidence() -> None:
    said = DOCUMENTATION.read_text("utf-8")
    words = [*(band for band, _ in AGE_BANDS), OLDEST_BAND, NO_BAND, *(each.value for each in Confidence)]
    assert [word for word in words if f"`{word}`" not in said] == []


def test_every_metric_that_an_example_asks_for_is_there() -> None:
    known = {exposed_name(family) for family in (*metrics.FAMILIES, *one_school.FAMILIES)}
    examples = re.findall(r"^```promql\n(.*?)^```", DOCUMENTATION.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert len(examples) > 3
    assert {name for example in examples for name in re.findall(r"stocktake_\w+", example)} <= known


def test_every_family_shows_where_everything_is_known() -> None:
    numbers = dict.fromkeys(metrics._AGENT_NUMBERS.values(), 1.0)
    text = page(estate(agents=(agent("a1", "elm", numbers=numbers),)))
    assert {exposed_name(f) for f in metrics.FAMILIES} <= {
        line.split()[2] for line in text.splitlines() if "# H" in line
    }


@pytest.mark.needs("promtool")
def test_promtool_has_nothing_to_say() -> None:
    numbers = dict.fromkeys(metrics._AGENT_NUMBERS.values(), 1.0)
    text = page(estate(agents=(agent("a1", "elm", numbers=numbers),)))
    checked = subprocess.run(["promtool", "check", "metrics"], input=text.encode(), capture_output=True, check=False)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, b"", b"")


def test_the_documentation_names_every_alert_and_no_other() -> None:
    _, _, section = DOCUMENTATION.read_text("utf-8").partition("## Worth an alert")
    rules = (DOCUMENTATION.parents[1] / "deploy" / "prometheus" / "alerts.yml").read_text("utf-8")
    assert re.findall(r"`([A-Z]\w+)`", section) == re.findall(r"- alert: (\w+)", rules)
