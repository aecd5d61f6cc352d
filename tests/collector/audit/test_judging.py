"""Schools judged in the background: counts that equal their lists, whose turn it is, and what holds at once."""

from __future__ import annotations

import logging
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from trusts import START, Trust, entity, group, system

from collector import auditing, judging, restate, schools
from collector.audit import Outcome, rule_sets
from collector.auditing import ACCEPTED, OUTCOMES, Found
from collector.judging import Judge, Kept, Page
from collector.store import Store, accepted, cases, judged, places
from collector.store import schema as t
from stocktake.values import OperatingSystem

NOW = START + timedelta(days=1)
DFE = rule_sets.shipped("dfe-2026")


@pytest.fixture
def trust(store: Store) -> Trust:
    """A trust with a Windows laptop that has an agent, two switches by SNMP, and a second school without anything."""
    made = Trust(store)
    windows = OperatingSystem("windows", "Windows 11 Home", "10.0.26200", edition="Core", build="26200")
    made.host(START, group("operating_system", windows))
    made.say(START, system("sw-1"), entity("CN12FP0001"), address="10.1.0.5", mac="00:1b:21:00:00:01")
    made.say(START, system("sw-2"), entity("CN12FP0002"), address="10.1.0.6", mac="00:1b:21:00:00:02")
    store.write(lambda c: places.add_school(c, made.id, "Ash", "654321", START))
    return made


def judge_all(trust: Trust, now: datetime = NOW) -> int:
    judge, steps = Judge(trust.store, trust.id), 0
    while judge.step(now):
        steps += 1
    return steps


def kept(trust: Trust, now: datetime = NOW, name: str = "dfe-2026", **more: Any) -> Kept:
    with trust.store.reader() as connection:
        return judging.kept(connection, trust.id, auditing.rule_set(connection, trust.id, name), now, **more)


def listed(trust: Trust, rule: str, outcome: str = "", now: datetime = NOW, **more: Any) -> Page:
    with trust.store.reader() as connection:
        return judging.listed(connection, trust.id, DFE.line(rule), now, outcome=outcome, **more)


def ids_of(trust: Trust) -> dict[str, str]:
    with trust.store.reader() as connection:
        return {name: key for key, name in cases.members(connection, trust.id).items()}


def accept(trust: Trust, rule: str, now: datetime = NOW, **about: str) -> str:
    until = now.date() + timedelta(days=30)
    said = {"reason": "it is replaced in spring", "owner": "Ada", "actor": "account-1", "until": until, "now": now}
    return trust.store.write(lambda c: auditing.accept(c, trust.id, DFE.line(rule), **said, **about))


def live(trust: Trust, rule: str, now: datetime = NOW) -> list[Found]:
    with trust.store.reader() as connection:
        return auditing.listed(connection, trust.id, DFE.line(rule), now)


@pytest.mark.parametrize("name", rule_sets.names())
def test_counts_equal_their_lists_and_what_an_audit_as_of_now_finds(trust: Trust, name: str) -> None:
    judge_all(trust)
    with trust.store.reader() as connection:
        rules = auditing.rule_set(connection, trust.id, name)
        fresh = auditing.run(connection, trust.id, rules, NOW)
        found = judging.kept(connection, trust.id, rules, NOW)
        for line in rules.lines:
            for outcome in OUTCOMES:
                page = judging.listed(connection, trust.id, line, NOW, outcome=outcome)
                count = found.count(line.rule.name, outcome)
                assert len(page.rows) == count == fresh.count(line.rule.name, outcome)
                assert all(one.outcome == outcome for one in page.rows)
            everything = judging.listed(connection, trust.id, line, NOW).rows
            assert list(everything) == auditing.listed(connection, trust.id, line, NOW)
    assert found.when.unjudged == []


def test_pages_of_a_list_are_the_list_also_where_something_is_accepted(trust: Trust) -> None:
    judge_all(trust)
    everything = list(listed(trust, "serial_alone").rows)
    one = next(each for each in live(trust, "labelled") if each.finding.outcome is not Outcome.PASS)
    accept(trust, "labelled", device_id=one.device_id)
    asked = [("serial_alone", ""), ("labelled", ""), ("labelled", "cannot be told"), ("labelled", ACCEPTED),
             ("networks_swept", "cannot be told")]  # fmt: skip
    for rule, outcome in asked:
        whole = listed(trust, rule, outcome)
        pages = [listed(trust, rule, outcome, limit=1, offset=start) for start in range(len(whole.rows))]
        assert [each for page in pages for each in page.rows] == list(whole.rows)
        assert [page.more for page in pages] == [True] * (len(pages) - 1) + [False] * bool(pages)
        assert listed(trust, rule, outcome, offset=len(whole.rows)).rows == []
    assert len(everything) == 3


def test_a_school_that_was_never_judged_says_so_and_counts_nothing(trust: Trust) -> None:
    found = kept(trust)
    assert {name for _, name in found.when.unjudged} == set(ids_of(trust))
    assert (found.when.first, found.count("serial_alone", "pass")) == (None, 0)
    assert listed(trust, "serial_alone").rows == []
    judging.judge(trust.store, trust.id, ids_of(trust)["Ash"], NOW)
    found = kept(trust)
    assert ("Ash" in {name for _, name in found.when.unjudged}, found.when.first, found.when.last) == (False, NOW, NOW)


def test_what_changed_shows_after_the_next_judging_and_each_school_has_its_turn_of_an_hour(trust: Trust) -> None:
    assert judge_all(trust) == 2
    change = update(t.devices).where(t.devices.c.name == "sw-2").values(serial="CN12FP0001")
    trust.store.write(lambda c: c.execute(change))
    soon, later = NOW + timedelta(minutes=59), NOW + timedelta(minutes=60)
    assert judge_all(trust, soon) == 0
    assert kept(trust, soon).count("serial_alone", "fail") == 0
    assert judge_all(trust, later) == 2
    found = kept(trust, later)
    assert (found.count("serial_alone", "fail"), found.when.first) == (2, later)


def test_a_school_that_grew_is_judged_again_within_minutes(trust: Trust) -> None:
    judge_all(trust)
    came = NOW + timedelta(seconds=30)
    trust.say(came, system("sw-9"), entity("CN12FP0009"), address="10.9.0.9", mac="00:1b:21:00:09:09")
    assert judge_all(trust, NOW + judging.GROWN - timedelta(seconds=1)) == 0
    assert judge_all(trust, NOW + judging.GROWN) == 1
    assert judge_all(trust, NOW + 2 * judging.GROWN) == 0


def test_what_a_person_said_of_a_device_is_judged_soon_and_what_devices_say_in_its_turn(trust: Trust) -> None:
    judge_all(trust)
    device = next(row for row in trust.devices() if row.name == "sw-1")
    soon = NOW + timedelta(minutes=1)
    for cause, schools_due in (("evidence", 0), ("record", 1)):
        trust.store.write(lambda c, why=cause: restate.restate(c, trust.id, [device.device_id], why, soon))
        assert judge_all(trust, soon + timedelta(seconds=1)) == schools_due
    assert judge_all(trust, soon + timedelta(seconds=2)) == 0


def test_what_a_person_says_while_a_school_is_judged_is_not_forgotten(trust: Trust) -> None:
    judge_all(trust)
    school_id = ids_of(trust)["Ash"]
    during = NOW + timedelta(seconds=1)
    trust.store.write(lambda c: judged.want(c, trust.id, [school_id], during))
    judging.judge(trust.store, trust.id, school_id, NOW)
    assert judge_all(trust, NOW + timedelta(seconds=2)) == 1
    assert judge_all(trust, NOW + timedelta(seconds=3)) == 0


def test_what_is_accepted_holds_at_once_in_every_set_and_ends_by_itself(trust: Trust) -> None:
    judge_all(trust)
    (home,) = listed(trust, "windows_home", "fail").rows
    accept(trust, "windows_home", device_id=home.device_id)
    for name in rule_sets.names():
        found = kept(trust, name=name)
        if any(line.rule.name == "windows_home" for line in found.rule_set.lines):
            assert [found.count("windows_home", each) for each in ("fail", ACCEPTED)] == [0, 1]
    (one,) = listed(trust, "windows_home", ACCEPTED).rows
    assert one.acceptance is not None
    assert (one.acceptance.owner, one.finding.outcome) == ("Ada", Outcome.FAIL)
    over = NOW + timedelta(days=31)
    assert kept(trust, over).count("windows_home", "fail") == 1
    trust.store.write(lambda c: accepted.end(c, trust.id, one.acceptance.acceptance_id, actor="a", now=NOW))  # type: ignore[union-attr]
    assert kept(trust).count("windows_home", "fail") == 1


def test_what_is_accepted_holds_in_a_set_that_asks_the_same_rule_otherwise_once_it_fails_there(trust: Trust) -> None:
    """Cyber Essentials looks 12 months ahead and DfE 6: what the first finds is accepted of the rule, so of both."""
    tenth, fifth = NOW.replace(month=12), NOW.replace(year=2027, month=5)  # months before Windows 11 25H2 Home ends
    line = rule_sets.shipped("cyber-essentials").line("system_ends_soon")
    sets = ("cyber-essentials", "dfe-2026", "own")

    def counts(now: datetime) -> list[tuple[int, int]]:
        judge_all(trust, now)
        found = [kept(trust, now, name) for name in sets]
        return [(each.count("system_ends_soon", "fail"), each.count("system_ends_soon", ACCEPTED)) for each in found]

    assert counts(tenth) == [(1, 0), (0, 0), (0, 0)]
    with trust.store.reader() as connection:
        (one,) = judging.listed(connection, trust.id, line, tenth, outcome="fail").rows
    said = {"reason": "it is replaced", "owner": "Ada", "until": date(2027, 8, 31), "actor": "account-1", "now": tenth}
    trust.store.write(lambda c: auditing.accept(c, trust.id, line, device_id=one.device_id, **said))
    assert counts(tenth) == [(0, 1), (0, 0), (0, 0)], "what passes needs nobody’s acceptance"
    assert counts(fifth) == [(0, 1)] * len(sets)
    with trust.store.reader() as connection:
        fresh = auditing.run(connection, trust.id, DFE, fifth)
    assert fresh.count("system_ends_soon", ACCEPTED) == 1


def test_of_a_school_itself_a_finding_can_be_accepted_too(trust: Trust) -> None:
    judge_all(trust)
    before = kept(trust).count("networks_swept", ACCEPTED)
    accept(trust, "networks_swept", school_id=live(trust, "networks_swept")[0].school_id)
    assert (before, kept(trust).count("networks_swept", ACCEPTED)) == (0, 1)


def test_a_rule_that_the_trust_decided_anew_is_not_judged_yet_and_then_soon(trust: Trust) -> None:
    judge_all(trust)
    decide = {"reason": "because", "actor": "a", "now": NOW}
    trust.store.write(lambda c: auditing.decide(c, trust.id, "missing", "term_days", 5, **decide))
    assert len(kept(trust, name="own").when.unjudged) == 2
    assert kept(trust).when.unjudged == []
    assert judge_all(trust) == 2
    assert kept(trust, name="own").when.unjudged == []


def test_a_school_that_left_the_trust_is_not_audited(trust: Trust) -> None:
    judge_all(trust)
    school_id = ids_of(trust)["Ash"]
    trust.store.write(lambda c: schools.leave(c, trust.id, school_id, NOW.date(), actor="a", now=NOW))
    found = kept(trust, schools=[school_id])
    assert (found.when.schools, found.count("networks_swept", "cannot be told")) == ({}, 0)
    assert school_id not in kept(trust).when.schools
    assert judge_all(trust, NOW + timedelta(hours=2)) == 1
    with trust.store.reader() as connection:
        assert school_id not in auditing.run(connection, trust.id, DFE, NOW).schools


def test_a_device_that_moved_on_is_not_named_where_it_was(trust: Trust) -> None:
    judge_all(trust)
    move = update(t.devices).where(t.devices.c.name == "sw-2").values(school_id=ids_of(trust)["Ash"])
    trust.store.write(lambda c: c.execute(move))
    assert {one.name for one in listed(trust, "serial_alone").rows} >= {"", "sw-1"}
    assert "sw-2" not in {one.name for one in listed(trust, "serial_alone").rows}


def test_what_was_erased_is_not_kept_nor_what_was_being_judged_meanwhile(trust: Trust) -> None:
    judge_all(trust)
    school_id = ids_of(trust)["Ash"]
    with trust.store.reader() as connection:
        marked = judged.mark(connection, trust.id)
        rows = judged.findings(connection, trust.id, [judged.ENDINGS], [school_id])
    trust.store.write(lambda c: judged.forget(c, trust.id))
    assert trust.store.write(lambda c: judged.keep(c, trust.id, school_id, rows, marked)) is False
    assert len(kept(trust).when.unjudged) == 2
    assert judge_all(trust) == 2


def test_a_school_that_fails_is_passed_by_for_an_hour_and_stops_no_other(
    trust: Trust, caplog: pytest.LogCaptureFixture
) -> None:
    elm, ash = sorted(ids_of(trust).values(), key=lambda key: key == ids_of(trust)["Ash"])
    trust.store.write(lambda c: c.execute(update(t.ages).values(assessed="no JSON")))
    judge = Judge(trust.store, trust.id)
    with caplog.at_level(logging.ERROR):
        assert [judge.step(NOW) for _ in range(3)] == [True, True, False]
    assert "a school could not be audited" in caplog.text
    assert {key for key, _ in kept(trust).when.unjudged} == {elm}
    assert ash in kept(trust).when.times
    assert judge.step(NOW + timedelta(hours=1))


def test_the_termly_pack_lists_what_ends_by_date_and_says_what_is_not_known(trust: Trust) -> None:
    judge_all(trust)
    with trust.store.reader() as connection:
        found = judging.endings(connection, trust.id, date(2028, 12, 31))
        early = judging.endings(connection, trust.id, date(2026, 9, 3))
        elsewhere = judging.endings(connection, trust.id, date(2028, 12, 31), [ids_of(trust)["Ash"]])
    one = next(row.end for row in found.rows if row.end.what == "operating system")
    assert (one.ends, one.state, len(one.devices)) == (date(2027, 10, 12), "supported", 1)
    assert [row.end.ends for row in found.rows] == sorted(row.end.ends for row in found.rows)
    assert found.unknown == len(trust.devices()) - len({each for row in found.rows for each in row.end.devices})
    assert all(row.end.ends <= date(2026, 9, 3) for row in early.rows)
    assert (list(elsewhere.rows), elsewhere.unknown) == ([], 0)
