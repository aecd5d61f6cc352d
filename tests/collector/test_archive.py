"""Archives: a school leaves with its history, evidence and journal; another collector takes it in; no secret leaves."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import LargeBinary, func, select
from trusts import DAY, START, Trust, entity, system

from collector import archive, history, privacy, reinterpret, schools
from collector.archive import Archive
from collector.errors import CollectorError
from collector.intake.vault import Vault, seal_erased
from collector.privacy import Means, Wanted
from collector.restate import restate
from collector.screening import Screen
from collector.store import (
    Store,
    Transaction,
    agents,
    cells,
    erasure,
    evidence,
    homes,
    people,
    places,
    register,
)
from collector.store import archive as rows
from collector.store import schema as t
from fresh_store import fresh_store
from stocktake.notations import MAC, TEXT, item
from stocktake.redaction import Sought
from stocktake.values import Credential, Secret

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
DOCS = Path(__file__).parents[2] / "docs" / "archive.md"
SECRET = "never-to-leave"


@pytest.fixture
def trust(store: Store, tmp_path: Path) -> Trust:
    """A school with a device that has a past, another school with one of its own, and secrets of every kind."""
    made = Trust(store)
    made.say(START, system("old-name"), entity("CN77FP1234"))
    made.say(START + DAY, system("new-name"), entity("CN77FP1234"))
    kept = Vault(tmp_path / "key").encrypt(Credential(SECRET, "2c", community=Secret(SECRET)))
    store.write(lambda c: agents.add_credential(c, made.id, kept, START))
    store.write(lambda c: agents.add_token(c, made.id, SECRET.encode().ljust(32), made.site, now=START, expires=START))
    person = people.Account("account-1", SECRET, "owner", START)
    store.write(lambda c: people.add_account(c, made.id, person))
    store.write(lambda c: schools.join(c, made.id, "Elm", "150001", date(2026, 9, 1), actor="me", now=START))
    return made


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Trust]:
    """Another collector, which counted its own rows from one, too."""
    store = fresh_store(tmp_path / "other.db")
    made = Trust.__new__(Trust)
    made.store, made.sequence = store, 0

    def work(connection):  # type: ignore[no-untyped-def]  # a transaction
        trust_id = places.add_trust(connection, "Ash Trust", START)
        own = places.add_school(connection, trust_id, "Ash", "100009", START)
        site_id = places.add_site(connection, trust_id, own, "Main site")
        agent = agents.Agent("agent-9", site_id, own, "server", b"", (), "1", None)
        agents.add(connection, trust_id, agent, version="", expires=START, now=START)
        return trust_id, site_id

    made.id, made.site = store.write(work)
    yield made
    store.close()


def written(trust: Trust, path: Path, school: str = "Oak Lane") -> Path:
    with trust.store.reader() as connection:
        ids = [schools.named(connection, trust.id, school).school_id] if school else []
        archive.write(connection, trust.id, path, exporter="Elm Trust", school_ids=ids, now=NOW)
    return path


def taken_in(trust: Trust, path: Path, keys: Vault | None = None) -> archive.Done:
    with closing(Archive(path)) as opened:
        with trust.store.reader() as connection:
            screen = Screen(Sought(()))
            if keys:
                screen = Screen.of(connection, trust.id, keys, opened.all_rows(), opened.contents())
        return trust.store.write(lambda c: archive.take_in(c, trust.id, opened, screen, actor="me", now=NOW))


def test_a_school_goes_on_at_another_collector_with_its_history_and_evidence(
    trust: Trust, other: Trust, tmp_path: Path
) -> None:
    (before,) = trust.devices()
    done = taken_in(other, written(trust, tmp_path / "oak.zip"))
    assert (done.counts["school"], done.counts["device"]) == (1, 1)
    assert done.contents > 0
    detail = other.detail(before.device_id)
    assert (detail.row.name, detail.row.serial, detail.row.school_name) == ("new-name", before.serial, "Oak Lane")
    names = select(t.facts.c.value).where(t.facts.c.name == "name").order_by(t.facts.c.fact_id)
    with trust.store.reader() as here, other.store.reader() as there:
        assert list(here.execute(names).scalars()) == list(there.execute(names).scalars())
        (agent,) = [a for a in register.agents(there, other.id) if a.agent_id == "agent-1"]
        assert agent.revoked == NOW
        opened = register.evidence(there, other.id, detail.evidence[0].evidence_id)
        assert opened is not None
        assert opened.content


def test_the_register_of_the_school_as_it_was_known_has_the_same_hash_at_the_other_collector(
    trust: Trust, other: Trust, tmp_path: Path
) -> None:
    known: dict[datetime, str] = {}
    trust.say(START + 2 * DAY, system("second"), entity("CN77FP9999"), address="10.1.0.6", mac="00:1b:21:00:00:02")
    (elm,) = [row for row in _places(trust) if row.school_name == "Elm"]
    moved = next(row.device_id for row in trust.devices() if row.name == "second")
    path = tmp_path / "oak.zip"
    for days in (0.5, 1.5, 2.5, 20):
        known[START + days * DAY] = _fingerprint(trust, START + days * DAY)
    written(trust, path)
    taken_in(other, path)
    assert {when: _fingerprint(other, when) for when in known} == known
    assert len(set(known.values())) > 2

    def move(connection: Transaction) -> None:  # one of them goes to another school: it stood here until then
        homes.reside(connection, trust.id, (elm.school_id, elm.site_id), {moved: START + 30 * DAY}, NOW)
        restate(connection, trust.id, [moved], "residency", NOW)

    trust.store.write(move)
    with zipfile.ZipFile(written(trust, tmp_path / "later.zip")) as packed:
        lines = [json.loads(line) for line in packed.read("tables/register.jsonl").splitlines()]
    assert moved in {line["device_id"] for line in lines}
    assert {line["school_id"] for line in lines if line["device_id"] == moved} == {_school(trust)}


def _places(trust: Trust) -> list[places.Place]:
    with trust.store.reader() as connection:
        return places.places(connection, trust.id)


def _school(trust: Trust) -> str:
    return next(row.school_id for row in _places(trust) if row.school_name == "Oak Lane")


def _fingerprint(trust: Trust, when: datetime) -> str:
    rows = history.register_as_known(trust.store, trust.id, when, NOW, _school(trust))
    return cells.fingerprint(rows)


def test_an_archive_that_was_written_before_an_erase_brings_nothing_of_it_back(
    trust: Trust, other: Trust, tmp_path: Path
) -> None:
    phone, serial = "00:1b:21:9a:0e:c1", "CN77FP1234"
    trust.say(START + DAY, system("phone of Kim"), address="10.1.0.9", mac=phone)
    path = written(trust, tmp_path / "oak.zip")
    keys = Vault(tmp_path / "other.key")
    means = Means(keys, seal_erased, tmp_path / "erasures.jsonl")
    for kind, value in (("mac", phone), ("serial", serial)):
        wanted = Wanted(kind, value)
        privacy.erase(other.store, other.id, wanted, means, actor="me", reason="asked", now=NOW, keep_away=True)
    done = taken_in(other, path, keys)
    assert done.screened > 0
    assert "held what was erased here" in done.sentence()
    gone = Sought([item(MAC, phone), item(TEXT, serial)])
    with other.store.reader() as connection:
        assert erasure.find(connection, other.id, gone).counts() == {}
        for lane_id in evidence.lane_ids(connection, other.id):
            assert evidence.lane(connection, other.id, lane_id).groups
    for file in tmp_path.glob("other.db*"):
        assert not gone.occurs(file.read_bytes()), file.name
    assert {row.name for row in other.devices()} == {"new-name"}, "the phone was known by its MAC alone"
    reinterpret.reinterpret(other.store, other.id, NOW + DAY)
    with other.store.reader() as connection:
        assert erasure.find(connection, other.id, gone).counts() == {}


def test_numbers_follow_those_that_are_there_and_new_evidence_follows_them(
    trust: Trust, other: Trust, tmp_path: Path
) -> None:
    taken_in(other, written(trust, tmp_path / "oak.zip"))
    with other.store.reader() as connection:
        lanes = list(connection.execute(select(t.lanes.c.lane_id)).scalars())
        facts = select(t.facts.c.lane_id, t.facts.c.claim_id).distinct()
        claims = set(connection.execute(select(t.claims.c.claim_id)).scalars())
        for lane_id, claim_id in connection.execute(facts):
            assert lane_id in lanes
            assert not claims or claim_id in {0, *claims}
        for counter, table, column in (("lane", t.lanes, "lane_id"), ("fact", t.facts, "fact_id")):
            largest = connection.execute(select(func.max(table.c[column]))).scalar_one()
            following = select(t.counters.c.next).where(t.counters.c.name == counter)
            assert connection.execute(following).scalar_one() > largest


def test_the_same_archive_is_refused_a_second_time_and_nothing_changes(
    trust: Trust, other: Trust, tmp_path: Path
) -> None:
    path = written(trust, tmp_path / "oak.zip")
    taken_in(other, path)
    with other.store.reader() as connection:
        before = connection.execute(select(func.count()).select_from(t.facts)).scalar_one()
    with pytest.raises(CollectorError, match=r"the school .* of this archive is here already: nothing was changed"):
        taken_in(other, path)
    with pytest.raises(CollectorError, match="is here already"):
        taken_in(trust, path)
    with other.store.reader() as connection:
        assert connection.execute(select(func.count()).select_from(t.facts)).scalar_one() == before


def test_only_what_is_of_the_school_leaves_and_never_a_secret(trust: Trust, tmp_path: Path) -> None:
    for school in ("Elm", "Oak Lane", ""):
        path = written(trust, tmp_path / f"{school or 'trust'}.zip", school)
        assert path.stat().st_mode & 0o777 == 0o600
        with zipfile.ZipFile(path) as packed:
            everything = b"".join(packed.read(name) for name in packed.namelist())
            named = {
                name.removeprefix("tables/").removesuffix(".jsonl")
                for name in packed.namelist()
                if name[:7] == "tables/"
            }
        assert SECRET.encode() not in everything
        assert not named & rows.WITHHELD.keys()
        assert (b"CN77FP1234" in everything) is (school != "Elm")
        assert (b"150001" in everything) is (school != "Oak Lane")


def test_every_column_that_may_hold_a_secret_is_withheld_or_known_to_be_harmless() -> None:
    harmless = {("record_field", "key"), ("archived_entry", "hash"), ("export_made", "journal_hash")}
    suspicious = re.compile(r"secret|key|hash|token|password|encrypted|sealed|credential|certificate_serial")
    found = {
        (table.name, column.name)
        for table in rows.tables()
        for column in table.c
        if suspicious.search(column.name) or (isinstance(column.type, LargeBinary) and "key" in column.name)
    }
    erased = {place for place in found if place[0].startswith("eras")}  # keyed: of no use without the key file
    assert found - harmless - erased - rows.BLANKED.keys() == set()


def test_the_whole_trust_leaves_with_its_whole_journal(trust: Trust, other: Trust, tmp_path: Path) -> None:
    done = taken_in(other, written(trust, tmp_path / "all.zip", ""))
    assert done.counts["school"] == 2
    with trust.store.reader() as here, other.store.reader() as there:
        kept = select(t.journal.c.action).order_by(t.journal.c.position)
        came = select(t.archived_entries.c.action).order_by(t.archived_entries.c.position)
        assert list(here.execute(kept).scalars()) == list(there.execute(came).scalars())


Change = Callable[[dict[str, bytes]], None]


def _changed(path: Path, change: Change) -> Path:
    with zipfile.ZipFile(path) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    change(members)
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return path


def _content(members: dict[str, bytes]) -> str:
    return next(name for name in members if name.startswith("contents/"))


def _manifest(**values: object) -> Change:
    def change(members: dict[str, bytes]) -> None:
        members["manifest.json"] = json.dumps(json.loads(members["manifest.json"]) | values).encode()

    return change


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda m: m.update({"tables/device.jsonl": m["tables/device.jsonl"] + b"{}\n"}), "its hash is another"),
        (lambda m: m.update({"tables/device.jsonl": m["tables/device.jsonl"].replace(b"new", b"bad")}), "its hash"),
        (lambda m: m.pop("journal.jsonl"), "is damaged"),
        (lambda m: m.pop("manifest.json"), "it has no manifest"),
        (lambda m: m.update({_content(m): b"x"}), "its hash is another"),
        (lambda m: m.pop(_content(m)), "another number of contents"),
        (lambda m: m.update({"../evil": b"x"}), "which the manifest does not name"),
        (_manifest(version=2), "it has version 2 and this collector reads version 1"),
        (_manifest(format="x"), "it is no archive of Stocktake"),
        (_manifest(tables={"pass": {}}), "it has a table 'pass', which this collector does not know"),
        (_manifest(numbers={}), "a number that its manifest does not know"),
        (lambda m: m.update({"manifest.json": b"["}), "is damaged"),
    ],
)
def test_an_archive_that_was_changed_is_refused_before_anything_is_written(
    trust: Trust, tmp_path: Path, change: Change, sentence: str
) -> None:
    path = _changed(written(trust, tmp_path / "oak.zip"), change)
    with pytest.raises(CollectorError, match=sentence) as refused:
        Archive(path)
    assert "nothing was changed" in str(refused.value)


def test_a_file_is_never_written_over_and_none_is_left_where_it_fails(trust: Trust, tmp_path: Path) -> None:
    path = written(trust, tmp_path / "oak.zip")
    with pytest.raises(CollectorError, match="is there already: name a file that is not"):
        written(trust, path)
    with pytest.raises(CollectorError, match="cannot be written: No such file or directory"):
        written(trust, tmp_path / "nowhere" / "oak.zip")
    (tmp_path / "x.zip").write_bytes(b"no zip")
    with pytest.raises(CollectorError, match="it is no ZIP file"):
        Archive(tmp_path / "x.zip")
    with pytest.raises(CollectorError, match="cannot be read"):
        Archive(tmp_path / "none.zip")


def test_the_description_of_the_format_says_what_the_code_does(trust: Trust, tmp_path: Path) -> None:
    described = DOCS.read_text("utf-8")
    with zipfile.ZipFile(written(trust, tmp_path / "oak.zip")) as packed:
        manifest = json.loads(packed.read("manifest.json"))
    for word in (
        *manifest, *manifest["tables"]["device"], *rows.WITHHELD, archive.FORMAT, archive.MANIFEST, archive.JOURNAL,
        archive.CONTENTS, archive.TABLES, *(f"{table}.{column}" for table, column in rows.BLANKED), *rows.KEYS,
    ):  # fmt: skip
        assert f"`{word}`" in described, word
    assert f"Version {archive.VERSION}" in described
