"""What people say for plans, and the estate that a plan is made of, on each database."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

import plan_estate
from collector import plan_asks
from collector.commands import refresh
from collector.commands.desk import Desk
from collector.config import Config
from collector.errors import CollectorError
from collector.planning import sayings, shelf
from collector.planning.gather import gather
from collector.planning.sayings import Hand
from collector.planning.whatif import Changes, reckon
from collector.refresh.values import Action, Why
from collector.store import Store, Transaction, journal
from collector.store import planning as rows
from collector.store.planning import Kind
from fresh_store import fresh_store
from plan_estate import NOW
from waiting import eventually


def hand(store: Store, trust_id: str, work: object) -> object:
    return store.write(lambda connection: work(Hand(connection, trust_id, "ada", NOW)))  # type: ignore[operator]


def desk(store: Store, trust_id: str) -> Desk:
    return Desk(Config(), store, trust_id, "Three Trees Trust", lambda: NOW)


def test_everything_that_is_said_stands_until_it_is_ended_and_is_in_the_journal(store: Store) -> None:
    trust_id, schools = plan_estate.three(store)
    elm = schools["elm"]

    def say(by: Hand) -> dict[Kind, str]:
        need = plan_asks.read(Kind.NEED, {"what": "Chromebooks", "class": "laptop", "number": "30",
                                          "start": "1/9/2027", "aim": "Reading"})  # fmt: skip
        line = plan_asks.read(Kind.LINE, {"what": "Broadband", "line": "Connectivity", "cost": "1,200",
                                          "starts": "1/4/2026", "yearly": "yes"})  # fmt: skip
        fund = plan_asks.read(Kind.FUND, {"name": "PTA", "amount": "5000", "year": "2026/27", "spend_by": "2027-07-31"})
        cap = plan_asks.read(Kind.BUDGET, {"year": "2027", "cap": "10000", "carries": "yes"})
        pin = plan_asks.decision("pin", {"year": "2027/28", "reason": "the grant comes then"})
        suite = plan_asks.decision("extend", {"suite": "ict SUITE", "until": "2029-08-31", "reason": "new"}, Kind.SUITE)
        return {
            Kind.NEED: sayings.add_need(by, elm, need), Kind.LINE: sayings.add_line(by, "", line),
            Kind.FUND: sayings.add_fund(by, elm, fund), Kind.BUDGET: sayings.set_budget(by, elm, cap),
            Kind.TERMS: sayings.set_terms(by, elm, 4, 2000), Kind.DECISION: sayings.decide(by, "elm-laptop-0", pin),
            Kind.POLICY: sayings.set_policy(by, elm, "class", "laptop", {"life": 60}, "governors"),
            Kind.SUITE: sayings.decide_suite(by, elm, suite.pop("suite"), suite),
            Kind.SCENARIO: sayings.save_scenario(by, "cuts", Changes(caps=50).to_json()),
        }  # fmt: skip

    said: dict[Kind, str] = hand(store, trust_id, say)  # type: ignore[assignment]
    with store.reader() as connection:
        for kind, said_id in said.items():
            (one,) = rows.standing(connection, trust_id, kind)
            assert (one.said_id, one.made, one.made_by) == (said_id, NOW, "ada")
        before = rows.stamp(connection, trust_id)
        known = gather(connection, trust_id, NOW, 3)
        actions = [entry.action for entry in journal.entries(connection, trust_id)]
    assert known.estate.terms[elm].start_month == 4
    assert known.estate.needs[0].number == 30
    assert known.estate.spending[0].cost == 120_000
    assert known.funds[0].spend_by == date(2027, 7, 31)
    assert (known.budgets[0].cap, known.budgets[0].carries) == (1_000_000, True)
    assert known.policies.find(elm, "laptop").policy.life == 60
    assert {one.suite for one in known.estate.decisions} == {"", "ICT suite"}
    assert {"plan_need_added", "plan_decided", "plan_policy_set", "plan_scenario_saved"} <= set(actions)
    for kind, said_id in said.items():
        hand(store, trust_id, lambda by, kind=kind, said_id=said_id: sayings.end(by, kind, said_id))
        with pytest.raises(CollectorError, match="taken back already"):
            hand(store, trust_id, lambda by, kind=kind, said_id=said_id: sayings.end(by, kind, said_id))
    with store.reader() as connection:
        assert not any(rows.standing(connection, trust_id, kind) for kind in said)
        assert rows.stamp(connection, trust_id)[0] != before[0]


def test_what_is_said_again_takes_the_place_of_what_was_said_before(store: Store) -> None:
    trust_id, schools = plan_estate.three(store)

    def say(by: Hand) -> None:
        sayings.set_policy(by, "", "class", "laptop", {"life": 60}, "a")
        sayings.set_policy(by, "", "class", "laptop", {"cost": 40_000}, "b")
        sayings.set_budget(by, schools["elm"], {"year": 2027, "cap": 1, "carries": False})
        sayings.set_budget(by, schools["elm"], {"year": 2027, "cap": 2, "carries": False})
        for action in ("retire", "pin"):
            sayings.decide(by, "elm-laptop-0", plan_asks.decision(action, {"year": "2028", "reason": "x"}))

    hand(store, trust_id, say)
    with store.reader() as connection:
        known = gather(connection, trust_id, NOW, 3)
    policy = known.policies.find("", "laptop").policy
    assert (policy.life, policy.cost) == (60, 40_000)
    assert [one.cap for one in known.budgets] == [2]
    assert [one.action for one in known.estate.decisions] == [Action.REPLACE]


def test_devices_that_are_gone_or_part_of_others_are_in_no_plan_and_are_counted_by_rule(store: Store) -> None:
    trust_id, schools = plan_estate.three(store)
    odd = {
        "retired": {"status": "retired"}, "disposed": {"disposed_on": "2026-01-01"}, "vm": {"class": "virtual machine"},
        "bmc": {"class": "management controller"}, "coming": {"status": "expected"},
        "stranger": {"class": "unknown", "model": "", "serial": "", "room": ""},
        "away": {"school_id": "another"},
    }  # fmt: skip

    def write(connection: Transaction) -> None:
        for key, more in odd.items():
            told = plan_estate.cells(schools["elm"], "laptop", 90, 2022) | more
            plan_estate.add(connection, trust_id, key, told)

    with store.reader() as connection:
        before = len(gather(connection, trust_id, NOW, 3).estate.kit)
    store.write(write)
    with store.reader() as connection:
        known = gather(connection, trust_id, NOW, 3)
    assert len(known.estate.kit) == before == 78
    assert sum(sum(counts.values()) for counts in known.out.values()) == len(odd)
    assert len(known.out) == 6


def test_a_pinned_device_is_in_its_year_with_its_reason_and_without_it_its_dates_decide_again(store: Store) -> None:
    trust_id, _ = plan_estate.three(store)
    commands = desk(store, trust_id)
    refresh.decide(commands, "pin", "elm-laptop-0", {"year": "2028/29", "reason": "the grant comes then"}, "", "")
    kept = shelf.Plans()
    (row,) = [r for r in kept.take(store, trust_id, NOW, 3).plan.rows if r.row_id == "elm-laptop-0" and not r.again]
    assert (row.year, row.due[0].why) == (2028, Why.PIN)
    assert "the grant comes then" in row.sentence
    refresh.release(commands, "elm-laptop-0", "", "")
    (row,) = [r for r in kept.take(store, trust_id, NOW, 3).plan.rows if r.row_id == "elm-laptop-0" and not r.again]
    assert row.year == 2026


def test_a_plan_is_kept_until_something_is_said_or_some_minutes_have_passed(store: Store) -> None:
    trust_id, schools = plan_estate.three(store)
    kept = shelf.Plans(quick=0.0)
    first = kept.take(store, trust_id, NOW, 3)
    assert kept.take(store, trust_id, NOW, 3) is first
    told = plan_estate.cells(schools["elm"], "laptop", 50, 2022)
    store.write(lambda connection: plan_estate.add(connection, trust_id, "new", told))
    assert kept.take(store, trust_id, NOW + shelf.FRESH, 3) is first
    older = NOW + shelf.FRESH + timedelta(seconds=1)
    assert kept.take(store, trust_id, older, 3) is first  # and the next one is made meanwhile
    later = eventually(lambda: (made := kept.take(store, trust_id, older, 3)) is not first and made)
    assert any(row.row_id == "new" for row in later.plan.rows)
    assert kept.take(store, trust_id, older, 5).gathered.estate.kit is later.gathered.estate.kit
    refresh.set_terms(desk(store, trust_id), {"start_month": "4", "vat": "20"}, "")
    assert kept.take(store, trust_id, NOW + shelf.FRESH + timedelta(seconds=1), 3) is not later


def test_a_plan_that_takes_no_time_is_made_whenever_something_new_is_known(store: Store) -> None:
    trust_id, schools = plan_estate.three(store)
    kept = shelf.Plans(quick=60.0)
    first = kept.take(store, trust_id, NOW, 3)
    assert kept.take(store, trust_id, NOW, 3) is first
    told = plan_estate.cells(schools["elm"], "laptop", 50, 2022)
    store.write(lambda connection: plan_estate.add(connection, trust_id, "new", told))
    assert any(row.row_id == "new" for row in kept.take(store, trust_id, NOW, 3).plan.rows)


def test_who_will_not_wait_is_told_that_a_plan_is_being_made_and_finds_it_later(store: Store) -> None:
    trust_id, _ = plan_estate.three(store)
    kept = shelf.Plans()
    first = kept.soon(store, trust_id, NOW, 5, patience=0.0)
    made = eventually(lambda: kept.soon(store, trust_id, NOW, 5, patience=0.0))
    assert kept.soon(store, trust_id, NOW, 5, patience=0.0) is kept.take(store, trust_id, NOW, 5) is made
    assert first in (None, made)
    refresh.set_terms(desk(store, trust_id), {"start_month": "4", "vat": "20"}, "")
    assert kept.soon(store, trust_id, NOW, 5, patience=10.0) is not made  # what people say counts at once


@pytest.mark.parametrize(
    ("command", "said", "sentence"),
    [
        ("policy", ("class", "teapot", {"life": "60"}), "“teapot” is no class"),
        ("policy", ("class", "laptop", {"life": "soon"}), "“soon” is no number of months"),
        ("policy", ("class", "laptop", {"colour": "red"}), "a policy has no field “colour”"),
        ("policy", ("class", "laptop", {}), "say which fields of the policy differ"),
        ("add", ("budget", {"year": "27", "cap": "1"}), "“27” is no year"),
        ("add", ("budget", {"year": "2027/29", "cap": "1"}), "“2027/29” is no year"),
        ("add", ("budget", {"cap": "€5"}), "year: say it; cap: “€5” is not in pounds"),
        ("add", ("need", {"what": "x", "class": "laptop", "number": "1", "start": "1/9/2027"}), "which school needs"),
        ("add", ("line", {"what": "x", "line": "beer", "cost": "1", "starts": "1/9/2027"}), "“beer” is no line of DfE"),
        ("add", ("line", {"what": "x", "line": "IT support", "cost": "1", "starts": "1/9/2027", "ends": "1/9/2026"}),
         "ends before it starts"),
        ("decide", ("pin", "elm-laptop-0", {"reason": "x"}), "say to which year"),
        ("decide", ("extend", "elm-laptop-0", {"reason": "x"}), "until which day"),
        ("decide", ("retire", "elm-laptop-0", {}), "reason: say it"),
        ("decide", ("burn", "elm-laptop-0", {"reason": "x"}), "cannot be decided"),
        ("decide", ("retire", "nobody", {"reason": "x"}), "there is no device 'nobody'"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_refused_in_words(trust: Desk, command: str, said: tuple, sentence: str) -> None:  # type: ignore[type-arg]
    run = {"policy": refresh.set_policy, "add": refresh.add, "decide": refresh.decide}[command]
    more = ("",) if command == "add" else ("", "")
    with pytest.raises(CollectorError, match=sentence):
        run(trust, *said, *more)


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> object:
    store = fresh_store(tmp_path_factory.mktemp("planning") / "store.db")
    yield desk(store, plan_estate.three(store)[0])
    store.close()


def encoded(text: str) -> str:
    import base64  # noqa: PLC0415 - for this alone

    return base64.b64encode(text.encode()).decode()


def test_a_list_is_taken_whole_or_not_at_all_with_a_sentence_for_each_bad_row(trust: Desk, tmp_path: Path) -> None:
    good = "kind,school,year,cap\nbudget,Elm Primary School,2031/32,5000\nbudget,,2031,9000\n"
    bad = f"{good}budget,Nowhere,2031,1\nbudget,Oak Academy,never,1\nhope,Oak Academy,2031,1\n"
    with pytest.raises(CollectorError) as refused:
        refresh.bring(trust, encoded(bad))
    told = str(refused.value)
    assert "nothing was taken" in told
    assert all(f"row {number}: " in told for number in (4, 5, 6))
    with trust.store.reader() as connection:
        assert not [one for one in rows.standing(connection, trust.trust_id, Kind.BUDGET) if one.values["year"] == 2031]
    assert refresh.bring(trust, encoded(good)) == "2 rows are in the plan"
    with pytest.raises(CollectorError, match="has to name the columns"):
        refresh.bring(trust, encoded("a,b\n1,2\n"))


def test_within_a_cap_no_more_is_spent_and_what_is_left_undone_is_told(trust: Desk) -> None:
    elsewhere = {"name": "PTA", "amount": "5", "year": "2026"}
    refresh.add(trust, "fund", elsewhere, "Elm Primary School")  # a fund alone caps nothing
    with trust.store.reader() as connection:
        known = gather(connection, trust.trust_id, NOW, 3)
    plain = reckon(known, Changes(level=None))
    assert plain.within is None
    assert "no cap" in plain.refused
    for year in (2026, 2027, 2028):
        refresh.add(trust, "budget", {"year": str(year), "cap": "4000"}, "")
    with trust.store.reader() as connection:
        known = gather(connection, trust.trust_id, NOW, 3)
    found = reckon(known, Changes())
    assert found.within is not None
    for year in (2026, 2027, 2028):
        assert sum(pence for (_, of), pence in found.within.costs.items() if of == year) <= 400_000
    assert sum(left.devices for left in found.within.undone) > 0
    assert found.within.gap is not None
    assert found.within.gap <= 0.05
    dearer = reckon(known, Changes(prices={"laptop": 10}, lives={"laptop": 60}))
    assert sum(dearer.plain.costs.values()) != sum(found.plain.costs.values())
