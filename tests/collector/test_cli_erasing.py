"""Erasing at the command line, and what a running collector forgets every day."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from trusts import DAY, Trust, entity, group, system

from collector import cli, service
from collector.config import Config
from collector.store import Store, Transaction, places, tombstones
from fresh_store import fresh_store
from stocktake.values import Sighting, Sightings

PHONE, SWITCH = "00:1b:21:9a:0e:c1", "00:1b:21:00:00:01"
NOW = datetime.now(UTC)

Type = Callable[..., tuple[int, str, str]]


@pytest.fixture
def typed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Type:
    """Types a command on a collector that knows a switch and, from its tables, a phone; status, stdout, stderr."""
    folder = tmp_path / "data"
    folder.mkdir()
    empty = tmp_path / "collector.toml"
    empty.touch()
    store = fresh_store(folder / "stocktake.db")
    trust = Trust(store)
    trust.say(
        NOW - DAY, system("sw1"), entity("CN7AB42"), group("sightings", Sightings((Sighting("10.1.0.9", PHONE),)))
    )
    trust.say(NOW - DAY, system("phone"), address="10.1.0.9", mac=PHONE)
    store.write(lambda c: places.add_networks(c, trust.id, trust.site, ["10.1.8.0/22"], NOW))
    store.close()

    def run(*words: str) -> tuple[int, str, str]:
        status = cli.main(["--config", str(empty), "--data", str(folder), "--log-level", "error", *words])
        out, err = capsys.readouterr()
        return status, out.strip(), err.strip()

    return run


def test_a_value_is_looked_for_first_and_then_erased_with_a_reason(typed: Type) -> None:
    assert "say what to erase" in typed("erase")[2]
    assert "say why with --reason" in typed("erase", "--mac", PHONE)[2]
    status, out, _ = typed("erase", "--mac", PHONE.upper().replace(":", "-"), "--dry-run")
    assert status == 0
    assert "would go whole" in out
    assert "nothing was erased" in out
    assert PHONE in typed("devices", "--json")[1]
    status, out, _ = typed("erase", "--mac", PHONE, "--reason", f"asked, for {PHONE}", "--keep-away")
    assert status == 0
    assert "is erased whole: its rows in exports since" in out
    assert PHONE not in out + typed("devices", "--json")[1]
    assert "nothing of it is here" in typed("erase", "--mac", PHONE, "--reason", "x")[2]
    assert typed("erase", "--again")[1] == "0 erasures were carried out again"


def test_erasures_are_listed_without_what_they_were_of_and_released_by_their_id(typed: Type) -> None:
    typed("erase", "--serial", "CN7AB42", "--reason", "asked for cn7ab42", "--keep-away")
    _, listed, _ = typed("erasures")
    assert "a serial  kept away  0 agents have yet to do it  asked for XXXXXXXX" in listed
    assert "CN7AB42" not in listed.upper()
    erasure_id = listed.split()[0]
    assert typed("release", erasure_id)[1] == f"what {erasure_id} was of may come again"
    assert "nothing is kept away by" in typed("release", erasure_id)[2]
    assert "kept away" not in typed("erasures")[1]


def test_a_network_is_said_to_be_one_of_guests_and_the_opposite(typed: Type) -> None:
    status, out, _ = typed("guest", "10.1.8.0/22", "--school", "Oak Lane")
    assert (status, out) == (0, "Oak Lane: whoever is on 10.1.8.0/22 is counted, not tracked")
    assert typed("guest", "10.1.8.0/22", "--school", "Oak Lane", "--tracked")[1].endswith("is tracked")
    status, _, said = typed("guest", "10.9.0.0/16", "--school", "Oak Lane")
    assert status == 2
    assert "names no network" in said


async def test_a_running_collector_forgets_daily_what_is_kept_for_a_time(store: Store) -> None:
    trust, long_ago = await asyncio.to_thread(lambda: Trust(store)), NOW - timedelta(days=500)
    made_up = "02:aa:00:00:00:01"

    def past() -> None:
        table = group("sightings", Sightings((Sighting("10.1.0.9", PHONE), Sighting("10.1.0.8", made_up))))
        trust.say(long_ago, system("sw1"), entity("CN7AB42"), table)
        trust.say(long_ago, system("stranger"), address="10.1.0.9", mac=PHONE)
        trust.say(NOW - DAY, system("lately"), address="10.1.0.7", mac="00:1b:21:00:00:07")

    def counts(connection: Transaction) -> None:
        for day in (long_ago.date(), NOW.date()):
            tombstones.note_count(connection, trust.id, (trust.site, "10.1.0.0/24"), day, 3)

    await asyncio.to_thread(past)
    await store.awrite(counts)
    work = asyncio.create_task(service._prune(store, trust.id, replace(Config())))
    for _ in range(500):
        if {row.name for row in trust.devices()} == {"sw1", "lately"}:
            break
        await asyncio.sleep(0.02)
    work.cancel()
    with suppress(asyncio.CancelledError):
        await work
    assert {row.name for row in trust.devices()} == {"sw1", "lately"}
    with store.reader() as connection:
        kept = list(tombstones.counted(connection, trust.id, long_ago.date()))
    assert [day for *_, day, _ in kept] == [NOW.date()]
