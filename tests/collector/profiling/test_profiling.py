"""What people say of the catalogue and of schools, and what is read of it, the same on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from kit_estate import KIT, NOW, SCHOOLS, TODAY, Made, furnish
from sqlalchemy import insert, select, update

from collector import archive, commands, profiling, schools
from collector.benchmark import consistency
from collector.benchmark.consistency import Standing
from collector.benchmark.profile import Sorted
from collector.config import Config
from collector.errors import CollectorError
from collector.planning import sayings
from collector.profiling import WHOLE_TRUST, bringing, saying
from collector.records import sheets
from collector.store import Store, Transaction, ids, journal
from collector.store import consistency as rows
from collector.store import schema as t

LAPTOP = {"class": "laptop", "maker": "HP", "models": "ProBook 450 G9; ProBook 450 G10"}
CATALOGUE = b"""Class,Use,Make,Model,From,Until,Successor,Notes
laptop,,HP,ProBook 450 G9; ProBook 450 G10,01/09/2023,,,
laptop,,HP,EliteBook 840*,,31/08/2023,HP ProBook 450 G10,until the framework ended
switch,,HPE Aruba,2930F*,,,,
"""
FACTS = b"""School,Pupils,As of,Source,Support hours,Digital lead,Technician,Shared
Ash Academy,"1,210",01/10/2026,October census,17.5,Ms Lead,J. Fixit,broadband; filtering
100001,210,,,,,,
"""


@pytest.fixture
def made(store: Store) -> Made:
    return furnish(store)


def said(made: Made, **more: str) -> saying.Entry:
    return saying.entry({**LAPTOP, **more}, None, None)


def bring(store: Store, made: Made, content: bytes = CATALOGUE) -> str:
    return store.write(lambda c: bringing.catalogue(c, made.trust_id, content, actor="ada", now=NOW))


def bring_facts(store: Store, made: Made, content: bytes = FACTS) -> str:
    return store.write(lambda c: bringing.facts(c, made.trust_id, content, actor="ada", now=NOW))


def catalogue(store: Store, made: Made) -> list[saying.Entry]:
    with store.reader() as connection:
        return rows.entries(connection, made.trust_id)


def facts(store: Store, made: Made, school: int) -> dict[str, str]:
    with store.reader() as connection:
        found = rows.facts(connection, made.trust_id).get(made.school_ids[school], {})
    return {name: one.value for name, one in found.items()}


def say(store: Store, made: Made, school: int, **more: str) -> int:
    return store.write(
        lambda c: saying.say(c, made.trust_id, made.school_ids[school], more, actor="ada", now=NOW)
    )  # fmt: skip


def actions(store: Store, made: Made) -> list[tuple[str, str]]:
    with store.reader() as connection:
        return [(one.action, one.detail) for one in journal.entries(connection, made.trust_id)]


# ------------------------------------------------------------------------------------------------ the catalogue


def test_a_line_is_added_replaced_by_one_about_the_same_taken_out_and_journaled(store: Store, made: Made) -> None:
    trust = made.trust_id
    first = store.write(lambda c: saying.add(c, trust, said(made), actor="ada", now=NOW))
    with pytest.raises(CollectorError, match="in the catalogue already"):
        store.write(lambda c: saying.add(c, trust, said(made), actor="ada", now=NOW))
    again = said(made, models="PROBOOK 450-G10; HP ProBook 450 G9", successor="HP ProBook 450 G11")
    second = store.write(lambda c: saying.add(c, trust, again, actor="ada", now=NOW))
    assert [one.entry_id for one in catalogue(store, made)] == [second]
    assert catalogue(store, made)[0].successor == "HP ProBook 450 G11"
    with pytest.raises(CollectorError, match="any more"):
        store.write(lambda c: saying.take_out(c, trust, first, actor="ada", now=NOW))
    store.write(lambda c: saying.take_out(c, trust, second, actor="ada", now=NOW))
    assert catalogue(store, made) == []
    told = actions(store, made)
    assert [action for action, _ in told] == ["catalogue_entry_set"] * 2 + ["catalogue_entry_removed"]
    assert "ProBook" not in str(told)


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ({"class": "notebook"}, "there is no class “notebook”"),
        ({"class": ""}, "the class is missing"),
        ({"class": "unknown"}, "there is no class “unknown”"),
        ({"maker": ""}, "the maker is missing"),
        ({"models": " ; "}, "the models are missing"),
        ({"models": "N/A"}, "names no model"),
        ({"models": "Pr*"}, "would stand for too much"),
        ({"models": ";".join(f"model {n}" for n in range(20))}, "at most 12 models"),
    ],
)
def test_a_line_that_cannot_be_is_answered_with_a_sentence(written: dict[str, str], sentence: str) -> None:
    with pytest.raises(CollectorError, match=sentence.replace("*", r"\*")):
        saying.entry({**LAPTOP, **written}, None, None)


def test_a_line_cannot_end_before_it_begins() -> None:
    with pytest.raises(CollectorError, match="end before it begins"):
        saying.entry(LAPTOP, date(2026, 9, 1), date(2026, 8, 31))


def test_a_table_of_the_catalogue_is_taken_in_and_taking_it_in_again_changes_nothing(store: Store, made: Made) -> None:
    assert bring(store, made) == "3 lines: 3 are new or changed, 0 stood there already"
    before = catalogue(store, made)
    assert bring(store, made) == "3 lines: 0 are new or changed, 3 stood there already"
    assert catalogue(store, made) == before
    ended = next(one for one in before if one.ends)
    assert (ended.models, ended.ends, ended.successor) == (("EliteBook 840*",), date(2023, 8, 31), "HP ProBook 450 G10")


def test_of_a_table_with_bad_rows_nothing_is_taken_and_every_bad_row_has_a_sentence(store: Store, made: Made) -> None:
    bad = CATALOGUE + b"notebook,,HP,X200,,,,\nlaptop,,,X201,32/01/2024,,,\nlaptop,,hp inc,HP EliteBook 840*,,,,\n"
    with pytest.raises(bringing.BadTable) as caught:
        bring(store, made, bad)
    assert [one.partition(":")[0] for one in caught.value.sentences] == ["row 5", "row 6", "row 7"]
    assert "there is no class “notebook”" in caught.value.sentences[0]
    assert "from: “32/01/2024” is a day that never was" in caught.value.sentences[1]
    assert caught.value.sentences[2] == "row 7: the same as row 3"
    assert catalogue(store, made) == []
    assert actions(store, made) == []


def test_what_is_no_table_of_this_kind_is_refused(store: Store, made: Made) -> None:
    for content, sentence in (
        (b"", "choose a file"), (b"a,b\n1,2\n", "has no heading 'class'"), (b"class,maker,models\n", "no row below"),
        (b"class,maker,make,models\nlaptop,HP,HP,X1\n", "two columns"), (b"%PDF-1.7", "this is no table"),
        (b"\x00\x01\x02", "neither a CSV nor an XLSX"),
    ):  # fmt: skip
        with pytest.raises(sheets.NoTable, match=sentence):
            bring(store, made, content)


# ------------------------------------------------------------------------------------------------ consistency


def kit(store: Store, made: Made, *school_ids: str) -> profiling.Kit:
    with store.reader() as connection:
        return profiling.kit(connection, made.trust_id, NOW, frozenset(school_ids) or None)


def test_devices_stand_to_the_catalogue_as_worked_by_hand(store: Store, made: Made) -> None:
    bring(store, made)
    found = kit(store, made)
    by = consistency.tallies(found.things, found.catalogue, lambda one: one.school_id)
    counts = [[by[school].count(word) for word in Standing] for school in made.school_ids]
    # on, former, off, unknown, no standard
    assert counts == [[12, 0, 3, 2, 0], [5, 0, 4, 0, 10], [0, 10, 3, 0, 0]]
    assert len(kit(store, made, made.school_ids[1]).things) == 19


def test_what_is_retired_or_disposed_of_or_at_a_school_that_left_is_not_counted(store: Store, made: Made) -> None:
    def change(connection: Transaction) -> None:
        gone = (t.devices.c.device_id == "k00-0", "retired"), (t.devices.c.device_id == "k00-1", "disposed")
        for where, life in gone:
            connection.execute(update(t.devices).where(where).values(life=life))
        schools.leave(connection, made.trust_id, made.school_ids[2], TODAY, actor="ada", now=NOW)

    store.write(change)
    found = kit(store, made)
    assert len(found.things) == made.devices - 2 - 13
    assert list(found.schools) == list(made.school_ids[:2])
    with store.reader() as connection:
        profile = profiling.one(connection, made.trust_id, made.school_ids[0], NOW)
        assert profile is not None
        assert profile.figures.devices == 17 - 2
        assert profiling.one(connection, made.trust_id, made.school_ids[2], NOW) is None


def test_a_use_is_what_the_record_of_a_device_is_tagged_with(store: Store, made: Made) -> None:
    def change(connection: Transaction) -> None:
        record = {"trust_id": made.trust_id, "record_id": ids.new(), "device_id": "k02-0", "created": NOW,
                  "change_id": "x"}  # fmt: skip
        connection.execute(insert(t.records), record)
        field = {
            "trust_id": made.trust_id, "row_id": 1, "record_id": record["record_id"], "field": "tags",
            "value": json.dumps(["Staff"]), "key": "", "actor": "ada", "source": "page", "change_id": "x",
            "observed_from": NOW, "recorded_from": NOW,
        }  # fmt: skip
        connection.execute(insert(t.record_fields), field)
        staff = saying.entry(
            {"class": "laptop", "maker": "Lenovo", "models": "ThinkPad T4*", "use": "staff"}, None, None
        )
        pupils = saying.entry(
            {"class": "laptop", "maker": "HP", "models": "ProBook 450 G9", "use": "pupils"}, None, None
        )
        for line in (staff, pupils):
            saying.add(connection, made.trust_id, line, actor="ada", now=NOW)

    store.write(change)
    found = kit(store, made)
    tagged = next(one for one in found.things if one.device_id == "k02-0")
    assert tagged.uses == ("Staff",)
    assert found.catalogue.verdict(tagged).standing is Standing.ON
    assert found.catalogue.verdict(tagged._replace(uses=("pupils",))).standing is Standing.OFF


def test_the_price_is_that_of_the_plans_policies_with_what_the_trust_set_instead(store: Store, made: Made) -> None:
    with store.reader() as connection:
        before = profiling.price(connection, made.trust_id)(made.school_ids[0], "laptop", "HP ProBook 450 G10")

    def dearer(connection: Transaction) -> None:
        hand = sayings.Hand(connection, made.trust_id, "ada", NOW)
        sayings.set_policy(hand, made.school_ids[0], "class", "laptop", {"cost": 60_000}, "quote")

    store.write(dearer)
    with store.reader() as connection:
        price = profiling.price(connection, made.trust_id)
    assert before and before > 0  # noqa: PT018 - one thing: it is known
    assert price(made.school_ids[0], "laptop", "") == 60_000
    assert price(made.school_ids[1], "laptop", "") == before


# ------------------------------------------------------------------------------------------------ facts of schools


def test_facts_are_taken_in_by_name_or_urn_and_an_empty_cell_says_nothing(store: Store, made: Made) -> None:
    assert bring_facts(store, made) == "2 schools: 6 facts are new or changed"
    assert facts(store, made, 0) == {
        "pupils": "1210", "support_hours": "17.5", "digital_lead": "Ms Lead", "technician": "J. Fixit",
        "shared": "broadband; filtering",
    }  # fmt: skip
    assert facts(store, made, 1) == {"pupils": "210"}
    assert bring_facts(store, made) == "2 schools: 0 facts are new or changed"
    with store.reader() as connection:
        pupils = rows.facts(connection, made.trust_id)[made.school_ids[0]]["pupils"]
    assert (pupils.as_of, pupils.source) == (date(2026, 10, 1), "October census")


def test_of_facts_with_bad_rows_nothing_is_taken(store: Store, made: Made) -> None:
    bad = b"school,pupils,support hours,as of\nAsh Academy,210,,\nNowhere,1,,\nElm Primary School,many,,\n" \
          b"Oak High School,,half a day,\n100000,5,,soon\n"  # fmt: skip
    with pytest.raises(bringing.BadTable) as caught:
        bring_facts(store, made, bad)
    told = caught.value.sentences
    assert [one.partition(":")[0] for one in told] == ["row 3", "row 4", "row 5", "row 6"]
    assert "'Nowhere' is not a school here" in told[0]
    assert "“many” is no number of pupils" in told[1]
    assert "“half a day” is no number of hours" in told[2]
    assert "“soon” is no day" in told[3]
    assert facts(store, made, 0) == {}


def test_a_school_stands_in_a_table_once(store: Store, made: Made) -> None:
    with pytest.raises(bringing.BadTable, match="row 3: the same school as row 2"):
        bring_facts(store, made, b"school,pupils\nAsh Academy,210\n100000,211\n")


def test_once_somebody_else_is_named_the_name_before_stands_nowhere(store: Store, made: Made) -> None:
    say(store, made, 0, digital_lead="Ms Before", technician="Mr Goes", provider="Northern ICT")
    say(store, made, 0, digital_lead="Mr After", technician="", provider="Southern ICT")
    assert facts(store, made, 0) == {"digital_lead": "Mr After", "provider": "Southern ICT"}
    with store.reader() as connection:
        kept = [tuple(map(str, row)) for row in connection.execute(select(t.school_facts))]
        found = profiling.profiles(connection, made.trust_id, NOW)
    everything = str(kept) + str(actions(store, made)) + str(found)
    assert "Mr After" in everything
    assert "Ms Before" not in everything
    assert "Mr Goes" not in everything
    assert "Northern ICT" in str(kept)  # a firm is no person: what was said of it stays


def test_what_is_said_again_is_no_change_and_the_journal_names_fields_alone(store: Store, made: Made) -> None:
    assert say(store, made, 0, pupils="210", digital_lead="Ms Lead") == 2
    assert say(store, made, 0, pupils="210", digital_lead="Ms Lead") == 0
    ((action, detail),) = actions(store, made)
    assert (action, json.loads(detail)) == (
        "school_facts_said", {"school": made.school_ids[0], "fields": "pupils,digital_lead"},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "written", "kept"),
    [
        ("pupils", " 1,210 ", "1210"), ("support_hours", "7.50 hours", "7.5"), ("support_hours", "0", "0"),
        ("shared", "broadband ;; MIS\nbroadband", "broadband; MIS broadband"), ("digital_lead", "", ""),
    ],
)  # fmt: skip
def test_facts_are_kept_as_they_are_meant(name: str, written: str, kept: str) -> None:
    assert saying.value(name, written) == kept


@pytest.mark.parametrize(
    ("name", "written"),
    [("pupils", "-5"), ("pupils", "0"), ("pupils", "99999"), ("pupils", "２１０"), ("support_hours", "9999"),
     ("support_hours", "1e3"), ("head", "x")],
)  # fmt: skip
def test_what_cannot_be_is_refused(name: str, written: str) -> None:
    with pytest.raises(CollectorError):
        saying.value(name, written)


def test_of_all_schools_no_pupils_can_be_said(store: Store, made: Made) -> None:
    with pytest.raises(CollectorError, match="of all schools"):
        store.write(
            lambda c: saying.say(c, made.trust_id, WHOLE_TRUST, {"pupils": "3"}, actor="ada", now=NOW)
        )  # fmt: skip


# ------------------------------------------------------------------------------------------------ profiles


def test_a_profile_counts_what_was_put_in(store: Store, made: Made) -> None:
    bring(store, made)
    bring_facts(store, made)
    with store.reader() as connection:
        ash, elm, oak = profiling.profiles(connection, made.trust_id, NOW)
    assert [one.figures.name for one in (ash, elm, oak)] == list(SCHOOLS)
    assert (ash.figures.devices, ash.figures.personal, ash.figures.pupils) == (17, 15, 1210)
    assert (ash.figures.old.some, ash.figures.old.whole, ash.figures.old.unknown) == (3, 13, 2)
    assert (ash.figures.unsupported.some, ash.figures.unsupported.whole, ash.figures.unsupported.unknown) == (3, 15, 2)
    assert (ash.figures.standard.some, ash.figures.standard.whole, ash.figures.standard.unknown) == (12, 15, 2)
    assert (ash.figures.models, elm.figures.models, oak.figures.models) == (2, 2, 1)
    assert {band: (a, b) for band, a, b in ash.bands} == {
        "under 3 years": (10, 0), "3 to 5 years": (0, 2), "5 to 7 years": (3, 0), "7 to 10 years": (0, 0),
        "10 years and more": (0, 0), "unknown": (2, 0),
    }  # fmt: skip
    assert (oak.figures.unsupported.some, oak.figures.dated.share) == (3, 1.0)
    for one in (ash, elm, oak):
        assert sum(personal + others for _, personal, others in one.bands) == one.figures.devices
        assert sum(one.tally.counts.values()) == one.figures.devices
        assert one.judged is None
    assert sum(one.figures.devices for one in (ash, elm, oak)) == sum(line[5] for line in KIT)


def test_pupils_come_from_gias_where_nobody_said_how_many(store: Store, made: Made) -> None:
    def change(connection: Transaction) -> None:
        file = {"trust_id": made.trust_id, "brought": NOW, "brought_by": "ada", "schools": 1, "sha256": "0" * 64}
        connection.execute(insert(t.gias_files), file)
        line = {
            "trust_id": made.trust_id, "name": "x", "phase_group": "primary", "region": "x", "boards": False,
            "figures": "{}",
        }  # fmt: skip
        of = [line | {"urn": f"10000{n}", "pupils": pupils} for n, pupils in enumerate((300.0, 400.0, None))]
        connection.execute(insert(t.gias_schools), of)

    store.write(change)
    say(store, made, 0, pupils="305")
    with store.reader() as connection:
        found = profiling.profiles(connection, made.trust_id, NOW)
    assert [one.figures.pupils for one in found] == [305, 400, None]
    assert found[1].said["pupils"].source.startswith("GIAS")


def test_a_trust_sets_a_threshold_with_a_reason_and_goes_back(store: Store, made: Made) -> None:
    def held(number: float | None, why: str = "governors decided") -> Sorted:
        def write(connection: Transaction) -> None:
            if number is None:
                saying.unset_threshold(connection, made.trust_id, "old_share", actor="ada", now=NOW)
            else:
                saying.set_threshold(connection, made.trust_id, "old_share", number, why, actor="ada", now=NOW)

        store.write(write)
        with store.reader() as connection:
            ash = profiling.one(connection, made.trust_id, made.school_ids[0], NOW)
        assert ash is not None
        return next(one.sorted for one in ash.measures if one.name == "old_share")

    # 3 of 13: 23 %
    assert held(saying.number("old_share", "10 %")) is Sorted.BELOW
    assert held(saying.number("old_share", "40")) is Sorted.ABOVE
    assert held(None) is Sorted.AT
    with pytest.raises(CollectorError, match="has set nothing"):
        held(None)
    with pytest.raises(CollectorError, match="say why"):
        held(0.1, " ")
    with pytest.raises(CollectorError, match="between 0 and 1"):
        held(1.5)
    with pytest.raises(CollectorError, match="is no number"):
        saying.number("old_share", "much")


def test_a_school_that_left_cannot_be_said_anything_of(store: Store, made: Made) -> None:
    store.write(
        lambda c: schools.leave(
            c, made.trust_id, made.school_ids[2], TODAY - timedelta(days=1), actor="ada", now=NOW
        )
    )  # fmt: skip
    with pytest.raises(CollectorError, match="left the trust"):
        say(store, made, 2, pupils="5")


# ------------------------------------------------------------------------------------------------ archive, commands


def test_what_is_said_of_a_school_leaves_with_it_and_the_catalogue_stays(
    store: Store, made: Made, tmp_path: Path
) -> None:
    bring(store, made)
    bring_facts(store, made)
    path = tmp_path / "ash.zip"
    with store.reader() as connection:
        archive.write(connection, made.trust_id, path, exporter="x", school_ids=made.school_ids[:1], now=NOW)
    opened = archive.Archive(path)
    try:
        tables = {table.name: list(opened.rows(table)) for table in opened.tables}
    finally:
        opened.close()
    assert {row["school_id"] for row in tables["school_fact"]} == {made.school_ids[0]}
    assert len(tables["school_fact"]) == 5
    assert not tables.get("catalogue_entry")
    assert not tables.get("profile_threshold")


@pytest.fixture
def desk(store: Store, made: Made) -> Iterator[commands.Desk]:
    return commands.Desk(Config(), store, made.trust_id, "Three Trees Trust", lambda: NOW)


def test_the_command_line_says_and_takes_in_the_same(
    desk: commands.Desk, made: Made, store: Store, tmp_path: Path
) -> None:
    lines, table = tmp_path / "catalogue.csv", tmp_path / "facts.csv"
    lines.write_bytes(CATALOGUE)
    table.write_bytes(FACTS)

    def run(name: str, **arguments: str) -> str:
        return commands.execute(desk, name, arguments)

    assert run("catalogue_import", path=str(lines)).startswith("3 lines: 3 are new")
    added = run("catalogue_add", device_class="printer", maker="Brother", models="HL-L6410DN", starts="2026-09-01")
    assert "Brother HL-L6410DN is a standard for printer" in added
    entry = next(one for one in catalogue(store, made) if one.device_class == "printer")
    assert entry.starts == date(2026, 9, 1)
    assert run("catalogue_remove", entry=entry.entry_id) == "taken out"
    assert run("profile_import", path=str(table)) == "2 schools: 6 facts are new or changed"
    assert run("profile_say", field="pupils", value="400", school="Oak High School") == "Oak High School: pupils said"
    assert run("profile_say", field="shared", value="MIS") == "all schools: shared through the trust said"
    assert run("profile_threshold", measure="old_share", value="30", reason="ours") == "old_share: 30"
    assert run("profile_threshold", measure="old_share") == "old_share: as it comes with Stocktake"
    with pytest.raises(CollectorError, match="cannot be read"):
        run("profile_import", path=str(tmp_path / "nothing.csv"))
    with store.reader() as connection:
        found = profiling.profiles(connection, made.trust_id, NOW)
    assert [one.value("shared") for one in found] == ["broadband; filtering", "MIS", "MIS"]
