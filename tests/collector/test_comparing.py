"""Comparison over the store: the file of GIAS, numbers of schools, and two trusts that exchange sums."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from collector import journal
from collector.benchmark import exchange
from collector.comparing import club, measuring
from collector.errors import CollectorError
from collector.store import Store, schema, school_lives
from collector.store import benchmark as rows
from collector.store.school_lives import LEFT, Life
from compared_trusts import NOW, TODAY, Compared, gias_file, gias_row
from fresh_store import fresh_store

MONTH = timedelta(days=30)
NOTE = "Fewer printers.\nSwapping batteries in year three."


@pytest.fixture
def elm(tmp_path: Path) -> Iterator[Compared]:
    yield from own(tmp_path, "Elm", 100100, 8)


@pytest.fixture
def oak(tmp_path: Path) -> Iterator[Compared]:
    """Another trust with a collector of its own."""
    yield from own(tmp_path, "Oak", 200100, 6)


@pytest.fixture
def anywhere(store: Store, tmp_path: Path) -> Compared:
    """Elm, on each database."""
    made = Compared(store, "Elm", 100100, 8)
    made.bring(tmp_path / "anywhere.csv")
    return made


def own(folder: Path, name: str, first: int, count: int) -> Iterator[Compared]:
    store = fresh_store(folder / f"{name}.db")
    made = Compared(store, name, first, count)
    made.bring(folder / f"{name}.csv")
    yield made
    store.close()


def consent(trust: Compared, name: str = "", note: str = "", now: datetime = NOW) -> str:
    return trust.store.write(lambda c: club.consent(c, trust.trust_id, name, note, actor="owner", now=now))


def export(trust: Compared, now: datetime = NOW) -> bytes:
    return trust.store.write(lambda c: club.export(c, trust.trust_id, actor="owner", now=now))


def take_in(trust: Compared, content: bytes, invited: str = "", now: datetime = NOW) -> str:
    return trust.store.write(lambda c: club.take_in(c, trust.trust_id, content, invited, actor="owner", now=now))


def leave(trust: Compared, now: datetime = NOW) -> bytes:
    return trust.store.write(lambda c: club.leave(c, trust.trust_id, actor="owner", now=now))


def schools(trust: Compared) -> list[measuring.Compared]:
    with trust.store.reader() as connection:
        return measuring.schools(connection, trust.trust_id, TODAY)


def lines(trust: Compared) -> dict[str, list[club.Line]]:
    with trust.store.reader() as connection:
        return club.lines(schools(trust), club.members(connection, trust.trust_id))


def actions(trust: Compared) -> list[tuple[str, str]]:
    with trust.store.reader() as connection:
        assert journal.verify(connection, trust.trust_id) == ""
        return [tuple(row) for row in connection.execute(select(schema.journal.c.action, schema.journal.c.detail))]


# ------------------------------------------------------------------------------------------------ GIAS and numbers


def test_numbers_of_schools_come_from_the_register_in_bulk(anywhere: Compared) -> None:
    found = schools(anywhere)
    assert [one.name for one in found] == [f"Elm {n:02}" for n in range(8)]
    # the fifth: 14 laptops and a switch of 5 and 6 years, all past their support, a device of which nothing is known
    fifth = found[4]
    assert (fifth.group, fifth.known.figures["pupils"], fifth.known.region) == ("primary", 140, "London")  # type: ignore[union-attr]
    said = {key: (number.value, number.unknown) for key, number in fifth.numbers.items()}
    assert said["median_age"] == (pytest.approx(5, abs=0.01), 1 / 16)
    assert said["unsupported"] == (1.0, 1 / 16)
    assert said["per_pupil:laptop"] == (0.1, 1 / 16)
    assert said["models:laptop"] == (1, 0)
    assert said["unwell"] == (None, 1)
    assert measuring.median(found, "median_age") == pytest.approx(4.5, abs=0.01)


def test_health_is_the_worst_of_a_device_and_what_is_gone_is_not_counted(anywhere: Compared) -> None:
    def write(connection: object) -> None:
        for device, states in (
            ("d-100100-0", ("ok", "critical")),
            ("d-100100-1", ("ok",)),
            ("d-100100-2", ("unknown",)),
        ):
            for aspect, state in zip(("fan", "disk"), states, strict=False):
                values = {
                    "trust_id": anywhere.trust_id, "device_id": device, "school_id": anywhere.schools[0],
                    "class": "laptop", "aspect": aspect, "component": "", "state": state, "since": NOW, "sentence": "",
                    "readings": "[]",
                    "previous": "", "seen": NOW,
                }  # fmt: skip
                known = {column.name for column in schema.conditions.c}
                connection.execute(schema.conditions.insert().values({k: v for k, v in values.items() if k in known}))  # type: ignore[attr-defined]
        gone = update(schema.devices).where(schema.devices.c.device_id == "d-100100-3").values(life="disposed")
        connection.execute(gone)  # type: ignore[attr-defined]

    anywhere.store.write(write)
    number = schools(anywhere)[0].numbers
    assert (number["unwell"].value, number["unwell"].of) == (0.5, 11)  # one of two that tell; 12 but one are there
    assert number["unwell"].unknown == pytest.approx(9 / 11)


def test_a_file_of_gias_keeps_only_what_is_needed_and_says_what_it_has_not(elm: Compared, tmp_path: Path) -> None:
    more = [
        gias_row("300001", "Köln Road École", 200, kind="Community special school", phase="Not applicable"),
        gias_row("300002", "Shut", 200, status="Closed"), gias_row("300003", "Far", 200, kind="Welsh", phase="Other"),
        gias_row("x", "No number", 200), gias_row("300004", "Strange", -5, fsm=1e9),
    ]  # fmt: skip
    told = elm.bring(tmp_path / "again.csv", more)
    assert told[0] == "10 schools of England with a phase are kept, 8 of them are ours"
    assert told[1:] == ["line 13: its URN is no number of six digits", "1 rows could not be read"]
    with elm.store.reader() as connection:
        kept = connection.execute(select(schema.gias_schools)).all()
        found = rows.gias_schools(connection, elm.trust_id, ["300001", "300004"])
    assert "Confidential" not in str(kept)
    assert (found["300001"].name, found["300001"].group) == ("Köln Road École", "special")
    assert {found["300004"].figures[name] for name in ("pupils", "fsm", "spld")} == {None}
    assert [action for action, _ in actions(elm)].count("gias_brought") == 2


HOSTILE = (
    (b"", "has no column 'URN'"), (b"a,b\r\n1,2\r\n", "has no column 'URN'"), (b"\x00\xff\x81" * 99, "has no column"),
    (b'"' * 300_000, "no CSV|no column"), (b"PK\x03\x04" + bytes(range(256)) * 50, "has no column"),
)  # fmt: skip


def test_what_is_no_file_of_gias_changes_nothing(elm: Compared, tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    for content, sentence in HOSTILE:
        path.write_bytes(content)
        with pytest.raises(CollectorError, match=sentence) as refused:
            elm.store.write(lambda c: measuring.bring_gias(c, elm.trust_id, path, actor="owner", now=NOW))
        assert "nothing was changed" in str(refused.value)
    assert schools(elm)[0].group == "primary"


def test_similar_schools_and_where_one_stands_in_the_trust(elm: Compared, tmp_path: Path) -> None:
    elm.bring(
        tmp_path / "more.csv", [gias_row(str(400000 + n), f"Other {n}", 101 + n, region="Wales") for n in range(90)]
    )
    with elm.store.reader() as connection:
        found = measuring.alike(connection, elm.trust_id, elm.schools[2], schools(elm))
    assert found is not None
    assert (found.of, len(found.peers), found.peers[0].school.name) == (98, 30, "Elm 02")
    # with up to 35 pupils more or less there are 55 others and five of Elm, which are of the region
    assert [peer.why for peer in found.peers[1:6]] == ["same region"] * 5
    assert {peer.why for peer in found.peers[6:]} == {"distance"}
    assert [peer.school.name for peer in found.ours[:3]] == ["Elm 03", "Elm 01", "Elm 04"]  # special needs decide
    standing = found.standings["median_age"]
    assert standing is not None
    assert (round(standing.percent), standing.of) == (29, 7)  # two of seven are younger


def test_a_school_that_gias_does_not_know_has_no_set_and_one_that_left_is_not_compared(elm: Compared) -> None:
    strange = elm.join(9, "")
    elm.store.write(lambda c: school_lives.begin(c, elm.trust_id, Life(elm.schools[0], LEFT), NOW, NOW))
    found = schools(elm)
    assert elm.schools[0] not in {one.school_id for one in found}
    with elm.store.reader() as connection:
        alike = measuring.alike(connection, elm.trust_id, strange, found)
        assert measuring.alike(connection, elm.trust_id, elm.schools[0], found) is None
    assert alike is not None
    assert alike.peers == ()


# ------------------------------------------------------------------------------------------------ two trusts


def test_two_trusts_exchange_files_and_see_each_others_percentiles_and_never_a_device(
    anywhere: Compared, oak: Compared
) -> None:
    consent(anywhere, "Elm Trust", NOTE)
    consent(oak)
    given, got = export(anywhere), export(oak)
    assert take_in(oak, given) == "Elm Trust: 1 phase groups and 15 measures, as of 2026-11-22"
    take_in(anywhere, got, "Our neighbours")
    age = next(line for line in lines(anywhere)["primary"] if line.measure.key == "median_age")
    ((other, cell),) = age.theirs
    # Oak has six schools of 1 to 6 years (of 365.25 days): quartiles 2.249, 3.5 and 4.7495, to half years
    assert (other.called, other.file.name, cell.schools) == ("Our neighbours", "", 6)
    assert (cell.quarter, cell.half, cell.three_quarters) == (200, 350, 450)
    assert age.ours is not None
    assert (age.ours.schools, round(age.ours.half, 1)) == (8, 4.5)
    assert age.standing is not None
    assert (round(age.standing.percent), age.standing.of, age.standing.groups) == (
        75,
        6,
        1,
    )  # 50 + 25 × 0.9997: our median is 4.4997
    back = next(line for line in lines(oak)["primary"] if line.measure.key == "median_age")
    assert back.theirs[0][0].file.note == NOTE
    for trust, content in ((anywhere, given), (oak, got)):
        everything = content.decode().casefold()
        for word in ("serial", "00:1b:21", "host-", "dell", "10.0.0.1", "mlaptop", *trust.schools, *trust.urns,
                     *(f"{trust.name} {n:02}".casefold() for n in range(8)), trust.trust_id):  # fmt: skip
            assert word not in everything, word
        assert "secret" not in everything


def test_every_step_is_journaled_by_ids_and_no_secret_is(elm: Compared, oak: Compared) -> None:
    member = consent(elm, "Elm Trust", NOTE)
    consent(elm, "Elm", NOTE)
    consent(oak)
    export(elm)
    theirs = export(oak)
    take_in(elm, theirs)
    take_in(elm, leave(oak))
    leave(elm)
    told = actions(elm)[1:]
    assert [action for action, _ in told] == [
        "club_consent_given", "club_consent_reworded", "club_sums_exported", "club_file_brought", "club_file_removed",
        "club_consent_ended",
    ]  # fmt: skip
    assert all(json.loads(detail)["member"] for _, detail in told)
    assert json.loads(told[0][1]) == {"member": member}
    with elm.store.reader() as connection:
        secrets = list(connection.execute(select(schema.club_consents.c.secret)).scalars())
        assert secrets[0] not in str(told)
        assert secrets[0] not in repr(rows.ended_consent(connection, elm.trust_id))


def test_nothing_leaves_without_consent_or_with_too_few_schools_or_naming_a_device(
    elm: Compared, tmp_path: Path
) -> None:
    with pytest.raises(CollectorError, match="did not consent"):
        export(elm)
    for note in ("ask for SERIAL100100-1 there", "host-100101-3 was slow", "its MAC 00-1B-21-AA-BB-CC", "001b21aabbcc"):
        with pytest.raises(CollectorError, match="names a device"):
            consent(elm, "Elm", note)
    small = Compared(elm.store, "Ash", 500100, 4)
    small.bring(tmp_path / "ash.csv")
    consent(small)
    with pytest.raises(CollectorError, match="nothing may leave: it takes 5 schools"):
        export(small)


def test_leaving_deletes_the_numbers_and_an_old_file_does_not_bring_them_back(elm: Compared, oak: Compared) -> None:
    consent(elm, "Elm Trust", NOTE)
    given = export(elm)
    take_in(oak, given)
    assert lines(oak)
    bye = leave(elm)
    assert leave(elm) == bye  # may be written again
    assert take_in(oak, bye) == "Elm Trust left: its file and its numbers are deleted"
    assert lines(oak) == {}
    with oak.store.reader() as connection:
        kept = str(connection.execute(select(schema.club_files)).all())
    assert "Elm" not in kept
    assert "primary" not in kept
    with pytest.raises(CollectorError, match="left: its sums are not taken in again"):
        take_in(oak, given)
    assert take_in(oak, bye) == "the trust that left has no file here"
    with pytest.raises(CollectorError, match="did not consent"):
        export(elm)
    assert consent(elm) not in bye.decode()  # whoever comes back has another id


def test_a_forged_leave_a_stale_file_and_ones_own_are_refused(elm: Compared, oak: Compared) -> None:
    consent(elm)
    consent(oak)
    first = export(elm)
    with pytest.raises(CollectorError, match="of this trust itself"):
        take_in(elm, first)
    later = export(elm, NOW + MONTH)
    take_in(oak, later)
    with pytest.raises(CollectorError, match="a later file"):
        take_in(oak, first)
    bye = json.loads(leave(oak))
    mine = json.loads(first)
    said = {"format": "stocktake-benchmark", "version": 1, "trust": mine["trust"], "issued": TODAY, "digest": ""}
    forged = exchange.write(exchange.Leaving(**said, secret=bye["secret"]))  # type: ignore[arg-type]
    with pytest.raises(CollectorError, match="its secret is another"):
        take_in(oak, forged)
    assert lines(oak)
    told = oak.store.write(lambda c: club.remove(c, oak.trust_id, mine["trust"], actor="owner", now=NOW))
    assert "are deleted" in told
    assert lines(oak) == {}


# ------------------------------------------------------------------------------------------------ differencing


def cells(content: bytes) -> list[dict[str, object]]:
    return list(json.loads(content)["cells"])


def test_two_exports_between_which_a_school_left_are_the_same_numbers(anywhere: Compared) -> None:
    consent(anywhere)
    before = cells(export(anywhere))
    anywhere.store.write(lambda c: school_lives.begin(c, anywhere.trust_id, Life(anywhere.schools[7], LEFT), NOW, NOW))
    assert cells(export(anywhere, NOW + MONTH)) == before
    assert {cell["as_of"] for cell in before} == {"2026-11-22"}


def test_one_that_joins_waits_until_five_do_and_corrections_wait_a_month(elm: Compared, tmp_path: Path) -> None:
    consent(elm)
    before = cells(export(elm))
    assert {cell["schools"] for cell in before} == {8}
    elm.store.write(lambda c: c.execute(update(schema.devices).values(support_ends=TODAY - timedelta(days=9))))
    assert cells(export(elm, NOW + timedelta(days=27))) == before
    elm.urns += [str(100200 + n) for n in range(5)]
    elm.join(8, elm.urns[8])
    elm.bring(tmp_path / "later.csv")
    alone = cells(export(elm, NOW + MONTH))
    assert {cell["schools"] for cell in alone} == {8}
    assert alone != before
    for number in range(9, 13):
        elm.join(number, elm.urns[number])
    together = cells(export(elm, NOW + 2 * MONTH))
    assert {cell["schools"] for cell in together} == {13}


def test_a_measure_that_one_school_begins_to_tell_does_not_betray_it(elm: Compared, tmp_path: Path) -> None:
    """Who tells changes from measure to measure: one without pupils has no number per pupil, but has an age."""
    known = elm.rows()
    path = gias_file(tmp_path / "one.csv", [*known[:7], gias_row(elm.urns[7], "Elm 07", 0)])
    elm.store.write(lambda c: measuring.bring_gias(c, elm.trust_id, path, actor="owner", now=NOW))
    consent(elm)
    told = {cell["measure"]: cell["schools"] for cell in cells(export(elm))}
    assert (told["median_age"], told["per_pupil:laptop"]) == (8, 7)
    elm.bring(tmp_path / "all.csv")
    told = {cell["measure"]: cell["schools"] for cell in cells(export(elm, NOW + MONTH))}
    assert (told["median_age"], told["per_pupil:laptop"]) == (8, 7)


def test_who_left_and_came_back_is_still_held_to_all_that_ever_left(elm: Compared) -> None:
    consent(elm)
    before = cells(export(elm))
    leave(elm)
    consent(elm)
    elm.store.write(lambda c: school_lives.begin(c, elm.trust_id, Life(elm.schools[7], LEFT), NOW, NOW))
    assert cells(export(elm, NOW + MONTH)) == before
