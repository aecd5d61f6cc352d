"""A newer snapshot of endoflife.date: brought by an operator, kept per trust, used by every assessment from then on."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from collector import cli, commands, journal, reading, reinterpret, understand
from collector.age import snapshot
from collector.age.support_rows import Row, shipped, to_text
from collector.commands import Desk
from collector.config import Config
from collector.errors import CollectorError
from collector.store import Store, agents, ages, evidence, places, references, register
from collector.store import journal as entries
from collector.store import schema as t
from collector.store.evidence import IncomingExamination, IncomingGroup, IncomingReport
from estate import Estate
from stocktake import wire
from stocktake.values import Method, OperatingSystem, Outcome, Subject, SubjectKind

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATER = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
TAKEN = date(2027, 2, 20)  # after everything that comes with this release was checked

MACHINES = {
    "mac-1": OperatingSystem("macos", "macOS 14.6", "14.6"),
    "mac-2": OperatingSystem("macos", "macOS 31.0", "31.0"),  # of which no table knows yet
    "pc-1": OperatingSystem("windows", "Windows 11 Pro", "24H2", "Professional", "26100.2314"),
    "pc-2": OperatingSystem("debian", "Debian GNU/Linux 12", "12"),
}

Changed = dict[str, list[dict[str, object]]]


def release(cycle: str, eol: object, latest: str = "", **more: object) -> dict[str, object]:
    """A release in the form of the product files."""
    return {"releaseCycle": cycle, "eol": eol, "latest": latest, **more}


NEWER: Changed = {
    "macos": [release("31", eol=False), release("14", "2026-09-14")],
    "windows": [release("11-24h2-w", "2026-11-10", "10.0.26100", releaseLabel="11 24H2 (W)", eoes="2027-11-09")],
}


def written(folder: Path, products: Changed | None = None, day: date = TAKEN) -> Path:
    """A file as the operator brings it."""
    releases = {name: {"releases": told} for name, told in (products or NEWER).items()}
    path = folder / f"endoflife {day}.json"
    path.write_text(json.dumps({"commit": f"0123456789 {day}T08:52:34+00:00", "products": releases}), "utf-8")
    return path


class Trust:
    """A trust with a school where four machines have an agent, and a desk in March 2027."""

    def __init__(self, store: Store, folder: Path, name: str = "Elm Trust") -> None:
        self.store, self.folder = store, folder
        store.write(lambda connection: self._make(connection, name))
        self.desk = Desk(Config(data=folder), store, self.id, name, lambda: LATER)
        for machine in MACHINES:
            self.say(machine, START)

    def _make(self, connection: object, name: str) -> None:
        self.id = places.add_trust(connection, name, START)  # type: ignore[arg-type]
        school = places.add_school(connection, self.id, "Oak Lane", "123456", START)  # type: ignore[arg-type]
        self.site = places.add_site(connection, self.id, school, "Main site")  # type: ignore[arg-type]
        for machine in MACHINES:
            agent = agents.Agent(machine, self.site, school, machine, b"", (), "1", None)
            agents.add(connection, self.id, agent, version="", expires=START, now=START)  # type: ignore[arg-type]

    def say(self, machine: str, when: datetime, system: OperatingSystem | None = None) -> None:
        """The agent on a machine tells what runs there, and that is understood."""
        raw = wire.encode_content(system or MACHINES[machine])
        group = IncomingGroup("operating_system", Outcome.COMPLETE, raw, wire.digest(raw), "")
        body = IncomingExamination(Subject(SubjectKind.HOST), Method.HOST, b"", relayed=False, groups=(group,))
        report = [IncomingReport(int(when.timestamp()), when, 0.0, "boot", body)]
        self.store.write(lambda c: evidence.keep(c, self.id, machine, self.site, "stream", report, when))
        understand.understand_pending(self.store, self.id, when)

    def support(self, path: Path) -> str:
        return commands.execute(self.desk, "support", {"path": str(path)})

    def rows(self) -> dict[str, register.DeviceRow]:
        with self.store.reader() as connection:
            return {row.last_agent: row for row in register.devices(connection, self.id)}

    def ends(self) -> dict[str, tuple[bool, date | None, date | None]]:
        return {name: (row.support_known, row.support_ends, row.support_extended) for name, row in self.rows().items()}

    def everything(self) -> list[object]:
        """All that an import could change."""
        with self.store.reader() as connection:
            tables = (t.references, t.journal, t.ages, t.devices)
            return [sorted(map(repr, connection.execute(select(table)))) for table in tables]


@pytest.fixture
def trust(store: Store, tmp_path: Path) -> Trust:
    return Trust(store, tmp_path)


# ------------------------------------------------------------------------------------------------ what it does


def test_the_table_that_came_with_stocktake_is_what_counts_at_first(trust: Trust) -> None:
    assert trust.ends() == {
        "mac-1": (True, None, None),
        "mac-2": (False, None, None),
        "pc-1": (True, date(2026, 10, 13), None),
        "pc-2": (True, date(2026, 7, 11), date(2028, 6, 30)),
    }


def test_a_newer_snapshot_moves_the_ends_of_support_and_says_what_moved(trust: Trust) -> None:
    ids = {name: row.device_id for name, row in trust.rows().items()}
    said = trust.support(written(trust.folder)).splitlines()
    assert trust.ends() == {
        "mac-1": (True, date(2026, 9, 14), None),
        "mac-2": (True, None, None),
        "pc-1": (True, date(2026, 11, 10), date(2027, 11, 9)),
        "pc-2": (True, date(2026, 7, 11), date(2028, 6, 30)),
    }
    assert said[:3] == [
        "macOS 31 is new: supported, and no end is told",
        "macOS 14: supported until 2026-09-14; before: supported, and no end is told",
        "Windows 11 24H2 (Home and Pro): supported until 2026-11-10, ESU until 2027-11-09; "
        "before: supported until 2026-10-13",
    ]
    assert sorted(said[3:-1]) == sorted([
        f"{ids['mac-1']}  support_ends: unknown → 2026-09-14",
        f"{ids['mac-2']}  support_known: unknown → yes",
        f"{ids['pc-1']}  support_ends: 2026-10-13 → 2026-11-10",
        f"{ids['pc-1']}  support_extended: unknown → 2027-11-09",
    ])  # fmt: skip
    assert said[-1] == "3 ends of support changed in the table, and of 3 devices in the register"


def test_the_belief_names_the_snapshot_and_the_former_belief_is_kept(trust: Trust) -> None:
    trust.support(written(trust.folder))
    device_id = trust.rows()["mac-1"].device_id
    with trust.store.reader() as connection:
        found = ages.of(connection, trust.id, device_id)
        query = select(t.ages.c.recorded_to).where(t.ages.c.device_id == device_id, t.ages.c.component == "")
        believed = connection.execute(query.order_by(t.ages.c.age_id)).scalars().all()
    assert found is not None
    assert [(item.source, item.checked) for item in found.support] == [("https://endoflife.date/macos", TAKEN)]
    assert believed == [LATER, None]


def test_no_evidence_is_read_again(trust: Trust, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise AssertionError("evidence was read")

    monkeypatch.setattr(understand, "understand", refuse)
    monkeypatch.setattr(reading, "decode", refuse)
    trust.support(written(trust.folder))
    assert trust.ends()["mac-1"][1] == date(2026, 9, 14)


def test_what_is_brought_later_is_assessed_by_it_too(trust: Trust) -> None:
    trust.support(written(trust.folder))
    trust.say("pc-2", LATER, OperatingSystem("macos", "macOS 14.7", "14.7"))
    assert trust.ends()["pc-2"] == (True, date(2026, 9, 14), None)


def test_reading_everything_again_keeps_what_was_imported(trust: Trust) -> None:
    trust.support(written(trust.folder))
    before = trust.ends()
    assert reinterpret.reinterpret(trust.store, trust.id, LATER) == []
    assert reinterpret.reassess(trust.store, trust.id, LATER) == []
    assert trust.ends() == before


def test_it_is_kept_for_a_store_that_is_opened_again(migrated_url: str, tmp_path: Path) -> None:
    store = Store.open(migrated_url)
    trust = Trust(store, tmp_path)
    trust.support(written(tmp_path))
    store.close()
    with Store.glance(migrated_url) as connection:
        rows = references.support(connection, trust.id)
        kept = references.of(connection, trust.id, references.SUPPORT)
    assert kept is not None
    assert kept.imported == LATER
    assert len(kept.content.splitlines()) == 4  # its header, and what did not come with Stocktake
    assert {row.release: row.ends for row in rows if row.checked == TAKEN} == {
        "macOS 31": None,
        "macOS 14": date(2026, 9, 14),
        "Windows 11 24H2": date(2026, 11, 10),
    }


def test_one_trust_never_meets_the_table_of_another(trust: Trust) -> None:
    other = Trust(trust.store, trust.folder, "Ash Trust")
    before = other.ends()
    trust.support(written(trust.folder))
    assert reinterpret.reassess(other.store, other.id, LATER) == []
    assert other.ends() == before


def test_the_journal_holds_counts_and_nothing_else(trust: Trust) -> None:
    trust.support(written(trust.folder))
    with trust.store.reader() as connection:
        last = entries.last(connection, trust.id)
        assert journal.verify(connection, trust.id) == ""
    assert last is not None
    assert (last.actor, last.action, json.loads(last.detail)) == (
        "console", "support_imported", {"changes": 3, "rows": 3},
    )  # fmt: skip


def test_of_many_changes_fifty_are_told_and_the_rest_are_counted(trust: Trust) -> None:
    many = [release(f"{number}", "2030-01-01") for number in range(100, 175)]
    said = trust.support(written(trust.folder, {"macos": many})).splitlines()
    assert len(said) == 52
    assert said[49:] == [
        "macOS 149 is new: supported until 2030-01-01",
        "… and 25 more",
        "75 ends of support changed in the table, and of 0 devices in the register",
    ]


# ------------------------------------------------------------------------------------------------ again, and not


def test_the_same_again_changes_nothing(trust: Trust) -> None:
    path = written(trust.folder)
    trust.support(path)
    before, ends = trust.everything()[2], trust.ends()
    assert trust.support(path) == "0 ends of support changed in the table, and of 0 devices in the register"
    assert trust.everything()[2] == before
    assert trust.ends() == ends


def test_the_same_again_finishes_what_a_stop_interrupted(trust: Trust) -> None:
    path = written(trust.folder)
    rows, _ = snapshot.import_snapshot(path.read_text("utf-8"), shipped())
    kept = references.Reference(to_text(snapshot.brought(rows)), LATER)
    trust.store.write(lambda c: references.keep(c, trust.id, references.SUPPORT, kept))
    assert trust.ends()["mac-1"][1] is None
    said = trust.support(path)
    assert said.endswith("0 ends of support changed in the table, and of 3 devices in the register")
    assert trust.ends()["mac-1"][1] == date(2026, 9, 14)


def test_the_next_snapshot_builds_on_the_one_before(trust: Trust) -> None:
    trust.support(written(trust.folder))
    following = written(trust.folder, {"macos": [release("31", "2029-09-01")]}, TAKEN + timedelta(days=7))
    assert "macOS 31: supported until 2029-09-01; before: supported, and no end is told" in trust.support(following)
    assert trust.ends()["mac-1"] == (True, date(2026, 9, 14), None)
    assert trust.ends()["mac-2"] == (True, date(2029, 9, 1), None)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is not JSON"),
        (b"\x1f\x8b\x08\x00\xff", "is no text in UTF-8: if it is compressed, unpack it first"),
        (b"[" * 200_000, "the file is not JSON"),
        (b'{"commit": "2027-02-20", "products": {"macos": {"releases": [{"releaseCycle": "14"}]}}}',
         "'eol' of release 1 of macos is None: neither a date nor true or false; nothing was changed"),
        (b'{"commit": "2026-01-01", "products": {"macos": {"releases": []}}}',
         "the snapshot is of 2026-01-01, but a newer one, of 2026-08-22, is in use already; nothing was changed"),
        (b'{"commit": "2027-03-03", "products": {"macos": {"releases": [{"releaseCycle": "14", "eol": true}]}}}',
         "the snapshot is of 2027-03-03, which has not come yet; nothing was changed"),
    ],
    ids=["empty", "packed", "deep", "broken", "older", "future"],
)  # fmt: skip
def test_a_bad_file_is_refused_with_its_reason_and_nothing_changes(trust: Trust, content: bytes, reason: str) -> None:
    path = trust.folder / "snapshot.json"
    path.write_bytes(content)
    before = trust.everything()
    with pytest.raises(CollectorError) as refused:
        trust.support(path)
    assert str(refused.value).startswith(str(path))
    assert reason in str(refused.value)
    assert trust.everything() == before


def test_a_folder_and_a_file_that_is_not_there_are_refused(trust: Trust) -> None:
    for path in (trust.folder, trust.folder / "nowhere.json", Path("/dev/zero")):
        with pytest.raises(CollectorError, match="is no file that the collector can see"):
            trust.support(path)


def test_a_file_larger_than_any_snapshot_is_not_read(trust: Trust) -> None:
    path = trust.folder / "large.json"
    with path.open("wb") as file:
        file.truncate(snapshot.LONGEST + 1)
    with pytest.raises(CollectorError, match="is larger than any snapshot"):
        trust.support(path)


def test_a_file_with_a_byte_order_mark_is_read(trust: Trust) -> None:
    path = written(trust.folder)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert trust.support(path).startswith("macOS 31 is new")


# ------------------------------------------------------------------------------------------------ two tables, one


def row(key: tuple[str, str, str], day: date, source: str = "https://endoflife.date/x") -> Row:
    """A row that ends the day after it was checked."""
    return Row(*key, "made up", day + timedelta(days=1), False, None, "", source, day)


def test_a_release_of_stocktake_with_newer_rows_wins_over_an_older_import() -> None:
    came = next(known for known in shipped() if known.key == ("macos", "", "14"))
    assert came in snapshot.in_force(to_text([row(came.key, came.checked - timedelta(days=1))]))
    newer = row(came.key, came.checked + timedelta(days=1))
    assert newer in snapshot.in_force(to_text([newer]))


def test_what_stocktake_read_at_the_source_is_never_hidden_by_an_import() -> None:
    own = [known for known in shipped() if not known.source.startswith(snapshot.ORIGIN)]
    assert own
    imported = to_text(row(known.key, TAKEN) for known in own)
    assert set(snapshot.in_force(imported)) == set(shipped())


def test_the_table_in_force_is_made_once_for_one_content() -> None:
    content = to_text([row(("macos", "", "31"), TAKEN)])
    assert snapshot.in_force(content) is snapshot.in_force(content[:5] + content[5:])


# ------------------------------------------------------------------------------------------------ as it is typed

Type = Callable[..., tuple[int, str, str]]


@pytest.fixture
def typed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Type:
    """Types a command on a collector in a folder of its own; returns status, stdout, stderr."""

    def run(*words: str) -> tuple[int, str, str]:
        status = cli.main(["--config", str(empty), "--data", str(tmp_path / "data"), "--log-level", "error", *words])
        out, err = capsys.readouterr()
        return status, out.strip(), err.strip()

    empty = tmp_path / "collector.toml"
    empty.touch()
    return run


def today() -> date:
    """The day on which these snapshots are taken: the command line asks the real clock."""
    return datetime.now(UTC).date()


def test_an_operator_imports_a_snapshot_and_asks_where_the_table_comes_from(typed: Type, tmp_path: Path) -> None:
    assert "run 'stocktake-collector init' first" in typed("support")[2]
    typed("init", "--trust", "Elm Trust", "--school", "Oak Lane")
    came = len(shipped())
    lines = typed("support")[1].splitlines()
    assert lines[0] == (
        f"{came} ends of support: {came} came with Stocktake, 0 with an import; nothing was imported yet"
    )
    assert lines[3].split() == ["PRODUCT", "ROWS", "IMPORTED", "OLDEST", "CHECK", "NEWEST", "CHECK", "READ", "AT"]
    path = written(tmp_path, day=today())
    status, out, _ = typed("support", str(path))
    assert (status, out.splitlines()[0]) == (0, "macOS 31 is new: supported, and no end is told")
    lines = typed("support")[1].splitlines()
    assert f"{came + 1} ends of support: {came - 2} came with Stocktake, 3 with an import; the last" in lines[0]
    macs = [known for known in shipped() if known.product == "macos"]
    oldest = min(known.checked for known in macs)
    assert next(line.split() for line in lines if line.startswith("macos")) == [
        "macos", f"{len(macs) + 1}", "2", f"{oldest}", f"{today()}", "endoflife.date", f"({len(macs) + 1})",
    ]  # fmt: skip
    assert typed("verify")[1].startswith("the journal holds")


def test_a_mistake_of_the_operator_is_one_sentence_and_status_2(typed: Type, tmp_path: Path) -> None:
    typed("init")
    for path, reason in ((tmp_path / "nowhere.json", "is no file"), (tmp_path / "collector.toml", "not JSON")):
        status, out, err = typed("support", str(path))
        assert (status, out) == (2, "")
        assert err.startswith(f"stocktake-collector: {path}")
        assert reason in err
    assert "nothing was imported yet" in typed("support")[1]


async def test_a_running_collector_takes_a_snapshot_in_itself(estate: Estate) -> None:
    path = written(estate.config.data, day=today())
    said = await estate.command("support", path=str(path))
    assert said.endswith("3 ends of support changed in the table, and of 0 devices in the register")
    with pytest.raises(CollectorError, match="nowhere"):
        await estate.command("support", path=str(path.with_name("nowhere")))

    def kept() -> int:
        with Store.glance(estate.config.store_url) as connection:
            return connection.execute(select(func.count()).select_from(t.references)).scalar_one()

    assert await asyncio.to_thread(kept) == 1
