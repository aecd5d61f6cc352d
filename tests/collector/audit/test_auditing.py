"""An audit of a store: what is read, counts that equal their lists, and findings that a person accepts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, update
from trusts import START, Trust, entity, group, system

from collector import auditing
from collector.audit import Outcome, rule_sets
from collector.auditing import ACCEPTED, OUTCOMES, Audit, Found
from collector.errors import CollectorError
from collector.intake.vault import Vault
from collector.store import Store, Transaction, accepted, agents, ids, places
from collector.store import journal as journal_rows
from collector.store import schema as t
from stocktake.values import Credential, OperatingSystem, Secret

NOW = START + timedelta(days=1)
DFE = rule_sets.shipped("dfe-2026")


@pytest.fixture
def trust(store: Store) -> Trust:
    """A trust with a Windows laptop that has an agent, two switches by SNMP, and a UPS that only a record tells of."""
    made = Trust(store)
    made.host(
        START,
        group(
            "operating_system",
            OperatingSystem("windows", "Windows 11 Home", "10.0.26200", edition="Core", build="26200"),
        ),
    )
    made.say(START, system("sw-1"), entity("CN12FP0001"), address="10.1.0.5", mac="00:1b:21:00:00:01")
    made.say(START, system("sw-2"), entity("CN12FP0002"), address="10.1.0.6", mac="00:1b:21:00:00:02")
    return made


def run(trust: Trust, now: datetime = NOW, name: str = "dfe-2026") -> Audit:
    with trust.store.reader() as connection:
        return auditing.run(connection, trust.id, auditing.rule_set(connection, trust.id, name), now)


def listed(trust: Trust, rule: str, outcome: str = "", now: datetime = NOW, **more: Any) -> list[Found]:
    with trust.store.reader() as connection:
        return auditing.listed(connection, trust.id, DFE.line(rule), now, outcome=outcome, **more)


def say(trust: Trust, device_id: str, **fields: Any) -> None:
    """A person's record of a device, as rows."""

    def work(connection: Transaction) -> None:
        first = ids.take(connection, trust.id, "record_field", len(fields))
        base = {"trust_id": trust.id, "record_id": f"r-{device_id}"}
        connection.execute(insert(t.records).values(**base, device_id=device_id, created=START, change_id="c"))
        for number, (name, value) in enumerate(fields.items()):
            connection.execute(
                insert(t.record_fields).values(
                    **base, row_id=first + number, field=name, value=json.dumps(value), key="", actor="a",
                    source="page", change_id="c", observed_from=START, recorded_from=START,
                )
            )  # fmt: skip

    trust.store.write(work)


def device_id(trust: Trust, name: str) -> str:
    return next(row.device_id for row in trust.devices() if row.name == name)


def accept(trust: Trust, rule: str, now: datetime = NOW, days: int = 30, **about: str) -> str:
    return trust.store.write(
        lambda c: auditing.accept(
            c, trust.id, DFE.line(rule), reason="it is replaced in spring", owner="Ada", actor="account-1", now=now,
            until=now.date() + timedelta(days=days), **about,
        )
    )  # fmt: skip


def test_every_count_equals_its_list(trust: Trust) -> None:
    found = run(trust)
    school_id = next(iter(found.schools))
    assert found.count("windows_home", "fail") == 1
    for line in DFE.lines:
        for outcome in OUTCOMES:
            mine = listed(trust, line.rule.name, outcome)
            assert len(mine) == found.count(line.rule.name, outcome) == found.count(line.rule.name, outcome, school_id)
            assert all(one.outcome == outcome for one in mine)
    everything = listed(trust, "serial_alone")
    assert [one for start in range(3) for one in listed(trust, "serial_alone", limit=1, offset=start)] == everything


def test_another_schools_findings_are_not_counted_where_schools_are_named(trust: Trust) -> None:
    other = trust.store.write(lambda c: places.add_school(c, trust.id, "Ash", "654321", START))
    whole, none = run(trust), listed(trust, "serial_alone", schools=[other])
    assert none == []
    with trust.store.reader() as connection:
        part = auditing.run(connection, trust.id, DFE, NOW, [other])
    assert set(part.schools) == {other} < set(whole.schools)
    assert {rule for rule, _ in part.counts} == {"networks_swept", "snmp_answered"}


def test_what_is_read_reaches_the_rules(trust: Trust) -> None:
    one, two = device_id(trust, "sw-1"), device_id(trust, "sw-2")
    trust.store.write(
        lambda c: c.execute(update(t.devices).where(t.devices.c.device_id == two).values(serial="CN12FP0001"))
    )
    say(trust, one, room="Comms  Room", tags=["core"], purchased="2024-01-10", status="in use")
    twin = {each.device_id: each.finding for each in listed(trust, "serial_alone")}
    assert (twin[one].outcome, twin[one].sentence) == (Outcome.FAIL, "its serial number is also that of sw-2")
    bought = {each.device_id: each.finding.outcome for each in listed(trust, "purchase_date")}
    assert (bought[one], bought[two]) == (Outcome.PASS, Outcome.UNTOLD)
    assert [each.device_id for each in listed(trust, "core_ups")] == [
        one
    ]  # the other is not the core, as a person says


def test_ports_links_and_speeds_come_from_readings_and_the_map(trust: Trust) -> None:
    one, two = device_id(trust, "sw-1"), device_id(trust, "sw-2")
    say(trust, one, tags=["core"])

    def work(connection: Transaction) -> None:
        claim = connection.execute(t.claims.select().where(t.claims.c.device_id == two)).first()
        assert claim is not None
        base = {"trust_id": trust.id, "claim_id": claim.claim_id, "unit": "", "observed": START, "day": START.date(),
                "rule": "r", "group_name": "port_states", "locator": "", "weight": 50}  # fmt: skip
        rows = [("interface/1", "status", "up"), ("interface/1", "speed", 10**8), ("interface/2", "status", "down"),
                ("interface/2", "speed", 10**7), ("interface/48", "status", "up"),
                ("interface/48", "speed", 2 * 10**10)]  # fmt: skip
        connection.execute(
            insert(t.readings),
            [base | {"component": part, "name": name, "value": json.dumps(value)} for part, name, value in rows],
        )
        connection.execute(
            insert(t.links).values(
                trust_id=trust.id, site_id=trust.site, a_device=one, a_port=1, b_device=two, b_port=48, a_port_name="1",
                b_port_name="48", b_name="", members=2, told=True, standby=False, reason="lldp", since=START,
            )
        )  # fmt: skip

    trust.store.write(work)
    ports = {each.device_id: each.finding for each in listed(trust, "access_ports")}
    assert ports[two].rests_on == ("interface/1 speed",)
    assert "1 of 1 ports that are up are slower, or what hangs on them is: 1 at 100 Mb/s" in ports[two].sentence
    uplink = {each.device_id: each.finding for each in listed(trust, "uplinks")}
    assert set(uplink) == {two}
    assert uplink[two].words == "2 links to the core carry 20 Gb/s; 20 Gb/s are asked for"


@pytest.mark.parametrize(
    ("community", "uses", "outcome"),
    [
        ("public", [{"name": "all", "devices": 2, "refused": 0, "silent": 0}], Outcome.FAIL),
        ("nobody-guesses-this", [{"name": "all", "devices": 2, "refused": 0, "silent": 0}], Outcome.PASS),
        ("public", [{"name": "own file", "devices": 2, "refused": 0, "silent": 0}], Outcome.UNTOLD),
        ("public", [{"name": "all", "devices": 0, "refused": 2, "silent": 0}], Outcome.UNTOLD),
    ],
)
def test_a_community_of_the_factory_is_told_by_the_credential_that_devices_take(
    trust: Trust, tmp_path: Path, community: str, uses: list[Mapping[str, Any]], outcome: Outcome
) -> None:
    kept = Vault(tmp_path / "key").encrypt(Credential("all", "2c", community=Secret(community)))
    trust.store.write(lambda c: agents.add_credential(c, trust.id, kept, START))
    trust.store.write(lambda c: c.execute(update(t.agents).values(credentials=json.dumps(uses))))
    found = {each.name: each.finding for each in listed(trust, "snmp_community")}
    assert {name: each.outcome for name, each in found.items()} == {"sw-1": outcome, "sw-2": outcome}
    assert all(community not in each.words for each in found.values())


def test_nothing_is_missing_in_the_holidays_and_much_is_in_term(trust: Trust) -> None:
    august = datetime(2026, 9, 2, 9, tzinfo=UTC)
    assert listed(trust, "missing", "fail", now=august) == []
    later = START + timedelta(days=60)
    trust.store.write(lambda c: c.execute(update(t.agents).values(last_report=later)))
    trust.store.write(lambda c: c.execute(update(t.devices).values(life="missing")))
    gone = listed(trust, "missing", "fail", now=later)
    assert {each.name for each in gone} >= {"sw-1", "sw-2"}
    trust.store.write(lambda c: c.execute(update(t.devices).values(life="disposed")))
    assert listed(trust, "missing", now=later) == []


# ------------------------------------------------------------------------------------------------ acceptances


def test_an_accepted_finding_is_counted_apart_journaled_and_back_by_itself(trust: Trust) -> None:
    (home,) = listed(trust, "windows_home", "fail")
    made = accept(trust, "windows_home", device_id=home.device_id)
    found = run(trust)
    assert [found.count("windows_home", each) for each in ("fail", ACCEPTED)] == [0, 1]
    (one,) = listed(trust, "windows_home", ACCEPTED)
    assert one.acceptance is not None
    assert (one.acceptance.owner, one.finding.outcome) == ("Ada", Outcome.FAIL)
    last = NOW + timedelta(days=30)
    assert run(trust, last).count("windows_home", ACCEPTED) == 1
    assert run(trust, last + timedelta(days=1)).count("windows_home", "fail") == 1
    with trust.store.reader() as connection:
        entry = journal_rows.last(connection, trust.id)
    assert entry is not None
    assert (entry.action, json.loads(entry.detail)) == (
        "finding_accepted", {"acceptance": made, "rule": "windows_home", "device": home.device_id}
    )  # fmt: skip


def test_an_acceptance_can_be_taken_back_once(trust: Trust) -> None:
    (home,) = listed(trust, "windows_home", "fail")
    made = accept(trust, "windows_home", device_id=home.device_id)
    back = lambda c: auditing.take_back(c, trust.id, made, actor="account-1", now=NOW)  # noqa: E731 - said twice
    trust.store.write(back)
    assert run(trust).count("windows_home", "fail") == 1
    with pytest.raises(CollectorError, match="taken back already"):
        trust.store.write(back)


def test_of_a_school_what_no_agent_sees_can_be_accepted_too(trust: Trust) -> None:
    (school,) = listed(trust, "networks_swept")
    accept(trust, "networks_swept", school_id=school.school_id)
    assert listed(trust, "networks_swept")[0].outcome == ACCEPTED


def test_what_became_another_device_takes_its_acceptance_along(trust: Trust) -> None:
    (home,) = listed(trust, "windows_home", "fail")
    trust.store.write(
        lambda c: accepted.accept(
            c, trust.id, ("windows_home", "older-id", ""), "why", "Ada", NOW.date(), actor="a", now=NOW
        )
    )
    row = {"device_id": "older-id", "alias_of": home.device_id, "created": START, "school_id": home.school_id,
           "site_id": trust.site, "first_seen": START, "last_seen": START, "last_agent": "",
           "last_method": "HOST"}  # fmt: skip
    trust.store.write(lambda c: c.execute(insert(t.devices).values(trust_id=trust.id, **row)))
    assert [each.outcome for each in listed(trust, "windows_home")] == [ACCEPTED]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"reason": " "}, "say why: a finding is accepted with a reason"),
        ({"owner": ""}, "say who looks after it: a finding is accepted with an owner"),
        ({"until": None}, "say until when: a day from today on, and within a year; then the finding returns"),
        ({"until": date(2028, 1, 1)}, "say until when"),
        ({"device_id": "nobody"}, "the rule finds nothing there that could be accepted"),
        ({"rule": "serial_alone"}, "the rule finds nothing there that could be accepted"),
    ],
)
def test_what_is_missing_for_an_acceptance_is_said(trust: Trust, changed: dict[str, Any], sentence: str) -> None:
    named = device_id(trust, "sw-1") if "rule" in changed else listed(trust, "windows_home")[0].device_id
    known = {"rule": "windows_home", "reason": "why", "owner": "Ada", "until": NOW.date(), "device_id": named}
    said = known | changed
    line = DFE.line(said.pop("rule"))
    with pytest.raises(CollectorError, match=sentence):
        trust.store.write(lambda c: auditing.accept(c, trust.id, line, actor="a", now=NOW, **said))


# ------------------------------------------------------------------------------------------------ the trust's own set


def test_the_trust_decides_over_its_own_set_and_the_journal_knows(trust: Trust) -> None:
    def decide(rule: str, name: str, value: Any) -> None:
        trust.store.write(
            lambda c: auditing.decide(c, trust.id, rule, name, value, reason="because", actor="a", now=NOW)
        )

    decide("windows_home", "included", value=False)
    decide("missing", "term_days", 5)
    with trust.store.reader() as connection:
        own = auditing.rule_set(connection, trust.id, "own")
    assert (own.line("missing").given.number("term_days"), len(own.lines)) == (5.0, len(DFE.lines) - 1)
    with pytest.raises(CollectorError, match="the rule missing has no parameter 'days'"):
        decide("missing", "days", 5)
    undo = lambda c: auditing.undecide(c, trust.id, "missing", "term_days", actor="a", now=NOW)  # noqa: E731 - twice
    trust.store.write(undo)
    with pytest.raises(CollectorError, match="decided nothing"):
        trust.store.write(undo)
    with trust.store.reader() as connection:
        actions = [each.action for each in journal_rows.entries(connection, trust.id)]
    assert actions[-3:] == ["audit_rule_decided", "audit_rule_decided", "audit_rule_undecided"]


def test_a_decision_that_no_rule_knows_any_more_is_a_clear_error(trust: Trust) -> None:
    row = {"rule": "gone_rule", "name": "minutes", "value": "5", "reason": "r", "made": NOW, "made_by": "a"}
    trust.store.write(lambda c: c.execute(insert(t.audit_decisions).values(trust_id=trust.id, **row)))
    with pytest.raises(CollectorError, match="the trust’s own rule set cannot be read: there is no rule 'gone_rule'"):
        run(trust, name="own")
