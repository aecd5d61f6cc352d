"""What is kept: found again until somebody says something, made anew then, and bounded; on each database."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest

from collector import cover_lists, covering, journal, keeping
from collector.comparing import measuring
from collector.cover import Contract
from collector.cover import Kind as ContractKind
from collector.cover.counting import count
from collector.profiling import kept, saying
from collector.store import Store, ids, stamps
from compared_trusts import NOW, Compared, gias_row
from fresh_store import fresh_store
from waiting import eventually

BY = {"actor": "owner", "now": NOW}


@pytest.fixture
def elm(store: Store) -> Compared:
    return Compared(store, "Elm", 100100, 3)


def counting() -> tuple[list[int], Callable[[object], int]]:
    """Work that says how often it was done."""
    done: list[int] = []

    def make(_: object) -> int:
        done.append(len(done))
        return len(done)

    return done, make


def did(elm: Compared, action: str) -> None:
    elm.store.write(lambda c: journal.append(c, elm.trust_id, actor="ada", action=action, detail={}, now=NOW))


def test_what_is_kept_is_found_until_somebody_does_something(elm: Compared) -> None:
    topic: keeping.Topic[int] = keeping.Topic(2)
    _, make = counting()
    assert [topic.of(elm.store, elm.trust_id).take(NOW, make).value for _ in range(3)] == [1, 1, 1]
    did(elm, "contract_added")
    assert topic.of(elm.store, elm.trust_id).take(NOW, make).value == 2
    for action in stamps.CHANGES_NOTHING:
        did(elm, action)
    assert topic.of(elm.store, elm.trust_id).take(NOW, make).value == 2
    did(elm, "what_nobody_thought_of")
    assert topic.of(elm.store, elm.trust_id).take(NOW, make).value == 3


def test_what_becomes_known_of_devices_counts_at_once_where_that_takes_no_time(elm: Compared) -> None:
    topic: keeping.Topic[int] = keeping.Topic(2, quick=60.0)
    _, make = counting()
    assert [topic.of(elm.store, elm.trust_id).take(NOW, make).value for _ in range(2)] == [1, 1]
    elm.store.write(lambda c: ids.take(c, elm.trust_id, "register"))
    assert topic.of(elm.store, elm.trust_id).take(NOW, make).value == 2


def test_what_becomes_known_of_devices_counts_after_minutes_and_another_day_at_once(elm: Compared) -> None:
    topic: keeping.Topic[int] = keeping.Topic(2, quick=0.0)
    _, make = counting()
    later = NOW + keeping.FRESH + timedelta(seconds=1)
    assert topic.of(elm.store, elm.trust_id).take(NOW, make).value == 1
    assert topic.of(elm.store, elm.trust_id).take(later, make).value == 1, "nothing is new"
    elm.store.write(lambda c: ids.take(c, elm.trust_id, "register"))
    assert topic.of(elm.store, elm.trust_id).take(NOW + keeping.FRESH, make).value == 1
    assert topic.of(elm.store, elm.trust_id).take(later, make).value == 2
    assert topic.of(elm.store, elm.trust_id).take(NOW - timedelta(hours=1), make).value == 2, "nothing is new"
    assert topic.of(elm.store, elm.trust_id).take(later + timedelta(days=1), make).value == 3


def test_no_more_is_kept_than_is_said_and_each_key_by_itself(elm: Compared) -> None:
    topic: keeping.Topic[str] = keeping.Topic(2)
    for key in ("a", "b", "a", "c"):
        assert topic.of(elm.store, elm.trust_id).take(NOW, lambda _, key=key: key, key).value == key
    assert len(topic.of(elm.store, elm.trust_id)) == 2
    done, make = counting()
    assert topic.of(elm.store, elm.trust_id).take(NOW, lambda _: "made anew", "a").value == "a"
    assert topic.of(elm.store, elm.trust_id).take(NOW, lambda _: "made anew", "b").value == "made anew"
    assert not done
    assert make(None) == 1


def test_who_asks_meanwhile_waits_and_finds_what_was_made(elm: Compared) -> None:
    topic: keeping.Topic[int] = keeping.Topic(2)
    begun, go, found = threading.Event(), threading.Event(), []
    done, make = counting()

    def slow(connection: object) -> int:
        begun.set()
        assert go.wait(20)
        return make(connection)

    asking = [
        threading.Thread(target=lambda: found.append(topic.of(elm.store, elm.trust_id).take(NOW, slow).value))
        for _ in range(20)  # more than there are connections to read by
    ]
    for one in asking:
        one.start()
    assert begun.wait(20)
    go.set()
    for one in asking:
        one.join(20)
    assert found == [1] * 20
    assert len(done) == 1


def test_what_may_be_stale_is_given_while_the_next_one_is_made(elm: Compared) -> None:
    kept = keeping.Topic[int](2, quick=0.0).of(elm.store, elm.trust_id)
    _, make = counting()
    later, hour = NOW + keeping.FRESH + timedelta(seconds=1), timedelta(hours=1)
    assert kept.take(NOW, make, stale=hour).value == 1
    elm.store.write(lambda c: ids.take(c, elm.trust_id, "register"))
    assert kept.take(later, make, stale=hour).value == 1
    assert eventually(lambda: kept.take(later, make, stale=hour).value == 2)
    elm.store.write(lambda c: ids.take(c, elm.trust_id, "register"))
    assert kept.take(later + hour * 2, make, stale=hour).value == 3, "too old to be given"
    did(elm, "contract_added")
    assert kept.take(later + hour * 2, make, stale=hour).value == 4, "what people do counts at once"


def test_who_will_not_wait_is_told_that_there_is_nothing_yet(elm: Compared) -> None:
    kept, go = keeping.Topic[int](2).of(elm.store, elm.trust_id), threading.Event()
    assert kept.soon(NOW, lambda _: 7 if go.wait(20) else 8, patience=0.0) is None
    go.set()
    found = kept.soon(NOW, lambda _: 9, patience=20.0)
    assert found is not None
    assert found.value == 7


def test_what_could_not_be_made_is_not_kept(elm: Compared) -> None:
    topic: keeping.Topic[int] = keeping.Topic(2)

    def fail(_: object) -> int:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        topic.of(elm.store, elm.trust_id).take(NOW, fail)
    assert topic.of(elm.store, elm.trust_id).take(NOW, lambda _: 7).value == 7


def test_what_is_kept_goes_with_its_store(tmp_path: Path) -> None:
    class Big:
        pass

    topic: keeping.Topic[Big] = keeping.Topic(1)
    opened = fresh_store(tmp_path / "own.db")
    big = weakref.ref(topic.of(opened, "trust").take(NOW, lambda _: Big()).value)
    assert big() is not None
    opened.close()
    del opened
    import gc  # noqa: PLC0415 - for the one collection

    gc.collect()
    assert big() is None


def test_numbers_are_read_once_for_all_and_each_sees_their_schools(elm: Compared, tmp_path: Path) -> None:
    first = measuring.kept(elm.store, elm.trust_id, NOW)
    own = measuring.kept(elm.store, elm.trust_id, NOW, {elm.schools[1]})
    assert [one.school_id for one in own] == [elm.schools[1]]
    assert own[0] is first[1]
    assert measuring.kept(elm.store, elm.trust_id, NOW, set()) == []
    assert first[0].numbers["per_pupil:laptop"].value is None
    elm.bring(tmp_path / "gias.csv", [gias_row("900001", "Far", 500)])
    found = measuring.kept(elm.store, elm.trust_id, NOW)
    assert found[0].numbers["per_pupil:laptop"].value == 0.1, "the file counts at once"


def test_the_schools_of_england_are_looked_through_once_for_each_file(elm: Compared, tmp_path: Path) -> None:
    elm.bring(tmp_path / "gias.csv")
    everybody = measuring.kept(elm.store, elm.trust_id, NOW)

    def peers() -> set[str]:
        alike = measuring.kept_alike(elm.store, elm.trust_id, elm.schools[0], everybody, NOW)
        assert alike is not None
        return {peer.school.name for peer in alike.peers}

    assert "Far" not in peers()
    elm.bring(tmp_path / "gias.csv", [gias_row("900001", "Far", 500)])
    assert "Far" in peers()
    with elm.store.reader() as connection:
        plain = measuring.alike(connection, elm.trust_id, elm.schools[0], everybody)
    assert plain == measuring.kept_alike(elm.store, elm.trust_id, elm.schools[0], everybody, NOW)
    own = [one for one in everybody if one.school_id == elm.schools[0]]
    alone = measuring.kept_alike(elm.store, elm.trust_id, elm.schools[0], own, NOW)
    assert alone is not None
    assert not alone.ours, "who sees one school is told of no other of the trust"
    assert measuring.kept_alike(elm.store, elm.trust_id, "nowhere", everybody, NOW) is None


def test_a_line_of_the_catalogue_counts_at_once_in_kits_counts_and_profiles(elm: Compared) -> None:
    mine = frozenset({elm.schools[0]})

    def on() -> tuple[int, int, int | None]:
        kit, counted = kept.counted(elm.store, elm.trust_id, NOW, mine)
        assert {thing.school_id for thing in kit.things} == mine
        (profile,) = kept.profiles(elm.store, elm.trust_id, NOW, mine)
        return len(kit.catalogue.entries), counted.whole.known, profile.tally.known

    assert on() == (0, 0, 0)
    line = saying.entry({"class": "laptop", "maker": "Dell", "models": "Mlaptop"}, None, None)
    elm.store.write(lambda c: saying.add(c, elm.trust_id, line, **BY))  # type: ignore[arg-type]
    assert on() == (1, 10, 10)


def test_a_contract_counts_at_once_and_is_narrowed_to_who_asks(elm: Compared) -> None:
    mine, other = elm.schools[:2]

    def covered(schools: frozenset[str] | None) -> tuple[int, int]:
        laid, counts = cover_lists.kept(elm.store, elm.trust_id, NOW, schools)
        assert schools is None or {one.device.school_id for one in laid.covers} == schools
        assert all(schools is None or one.schools <= schools for one in laid.contracts)
        assert counts == count(laid.covers)
        return len(laid.contracts), counts.whole.devices - counts.whole.bare

    assert covered(None) == covered(frozenset({mine})) == (0, 0)
    for schools in ({mine, other}, {other}):
        wanted = Contract("", "Bluecoat", ContractKind.SUPPORT, date(2026, 1, 1), schools=frozenset(schools))
        elm.store.write(lambda c, wanted=wanted: covering.put_contract(c, elm.trust_id, wanted, **BY))  # type: ignore[misc]
    assert covered(None) == (2, 12 + 13)
    assert covered(frozenset({mine})) == (1, 12)
    assert covered(frozenset({other})) == (2, 13)
