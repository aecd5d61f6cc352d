"""An erasure from end to end: a real collector, a real agent with its spool, and everything that people are shown.

A MAC, a serial number and a device are erased; after that nothing that the collector or the agent wrote, keeps or
answers holds any of them.
"""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy import select

from agent import asking
from agent.config import Config
from agent.service import Service
from agent.state import StateDirectory
from collector import commands, journal, service
from collector.config import Config as Settings
from collector.intake.certificates import Authority
from collector.store import Store, evidence, places, register
from collector.store import schema as t
from collector.store.journal import entries as entries_of
from estate import Estate, settled
from stocktake.notations import MAC, TEXT, item
from stocktake.redaction import Sought
from stocktake.values import (
    Binding,
    Examination,
    GroupResult,
    Method,
    Outcome,
    Secret,
    Sighting,
    Sightings,
    SnmpBindings,
    Subject,
    SubjectKind,
)

PHONE, SERIAL, SWITCH, NAME = "00:1b:21:9a:0e:c1", "CN7AB42KX1", "00:1b:21:00:00:07", "phone-of-kim"
GONE_SERIAL = "CZ19FP77QQ"
GONE = Sought([item(MAC, PHONE), item(TEXT, SERIAL), item(MAC, SWITCH), item(TEXT, GONE_SERIAL)])
ENTITIES = "1.3.6.1.2.1.47.1.1.1.1"


def swept(*macs: str) -> Examination:
    seen = tuple(Sighting(f"10.1.0.{n}", mac) for n, mac in enumerate(macs, 20))
    group = GroupResult("sightings", Outcome.COMPLETE, Sightings(seen))
    return Examination(Subject(SubjectKind.NETWORK, network="10.1.0.0/24"), Method.ARP, (group,))


def asked(address: str, mac: str, name: str, serial: str = "", knows: str = "") -> Examination:
    """A device that answers: its name, its chassis, and whom it has in its forwarding table."""
    words = ((1, "a switch"), (5, name))
    bindings = tuple(Binding(f"1.3.6.1.2.1.1.{n}.0", 4, word.encode()) for n, word in words)
    groups = [GroupResult("system", Outcome.COMPLETE, SnmpBindings(bindings))]
    if serial:
        cells = {2: "chassis", 7: "chassis", 11: serial, 12: "HP", 13: "J9773A"}
        rows = [Binding(f"{ENTITIES}.{n}.1", 4, value.encode()) for n, value in cells.items()]
        rows.append(Binding(f"{ENTITIES}.5.1", 2, b"\3"))
        ordered = tuple(sorted(rows, key=lambda row: row.oid))
        groups.append(GroupResult("entity", Outcome.COMPLETE, SnmpBindings(ordered)))
    if knows:
        octets = bytes.fromhex(knows.replace(":", ""))
        row = Binding(f"1.3.6.1.2.1.17.4.3.1.1.{'.'.join(map(str, octets))}", 4, octets)
        groups.append(GroupResult("forwarding", Outcome.COMPLETE, SnmpBindings((row,))))
    return Examination(Subject(SubjectKind.ADDRESS, address, mac, "10.1.0.0/24"), Method.SNMP_V2C, tuple(groups))


@dataclass
class School:
    """A running collector, one real agent that is told by hand what it sees, and what people were answered."""

    estate: Estate
    agent: Service
    answers: list[str]
    then: str = ""  # a time in the past, at which the register had all of it

    async def sees(self, *found: Examination) -> None:
        """The agent spools evidence."""
        for each in found:
            self.agent._put(each, volatile=False)

    async def talk(self) -> None:
        """The agent syncs and brings what waits, as its loop does, and the collector understands it."""
        await self.agent._talk(sync=True)
        await settled(self.estate.config)

    async def command(self, name: str, **said: object) -> str:
        self.answers.append(await self.estate.command(name, **said))
        return self.answers[-1]

    def read(self, reading: Any, *said: object) -> Any:
        with Store.glance(self.estate.config.store_url) as connection:
            return reading(connection, places.trust_ids(connection)[0][0], *said)

    def device(self, name: str) -> str:
        return next(str(row.device_id) for row in self.read(register.devices) if row.name == name)

    def texts(self) -> Iterator[tuple[str, bytes]]:
        """Every row of the database, and every content as it was before it was compressed."""
        with Store.glance(self.estate.config.store_url) as connection:
            for table in t.metadata.sorted_tables:
                for row in connection.execute(select(table)):
                    yield table.name, repr(tuple(row)).encode()
                    yield table.name, b"\n".join(bytes(each) for each in row if isinstance(each, bytes))
            trust_id = places.trust_ids(connection)[0][0]
            for lane_id in evidence.lane_ids(connection, trust_id):
                for group in evidence.lane(connection, trust_id, lane_id).groups.values():
                    yield "evidence", group.content

    async def shown(self) -> list[tuple[str, bytes]]:
        """Everything that pages, API, metrics and commands show, the register of the past included."""
        base = f"https://127.0.0.1:{self.estate.web_port}"
        found: list[tuple[str, bytes]] = []
        enter = "/enter/" + (await self.estate.command("link")).rpartition("/")[2]
        async with httpx.AsyncClient(base_url=base, verify=False, follow_redirects=True) as browser:  # noqa: S501 - loopback
            token = re.search(r'name="token" value="([0-9a-f]{64})"', (await browser.get(enter)).text)
            assert token
            await browser.post(
                enter, data={"token": token[1]}, headers={"Origin": base, "Sec-Fetch-Site": "same-origin"}
            )
            paths = ["/", "/devices", "/api/v1/devices", "/api/v1/schools", "/metrics", "/corrections", "/questions",
                     "/agents", "/privacy"]  # fmt: skip
            paths += [f"/devices/{row.device_id}" for row in self.read(register.devices)]
            when = quote(self.then)
            paths += [f"/register/history.csv?day={when}", f"/register/history?day={self.yesterday}"]
            for path in paths:
                answer = await browser.get(path)
                assert answer.status_code == 200, (path, answer.status_code)
                found.append((path, answer.content))
        for name in ("export_register", "register_as_known"):
            for when in (self.yesterday, self.then):
                found.append((name, (await self.estate.command(name, when=when)).encode()))
        found.append(("history", (await self.estate.command("history", day=self.yesterday)).encode()))
        return found

    @property
    def yesterday(self) -> str:
        return (datetime.now(UTC) - timedelta(days=1)).date().isoformat()

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file of the collector and of the agent."""
        for folder in (self.estate.config.data, self.agent.state.path):
            for file in sorted(folder.rglob("*")):
                if file.is_file():
                    yield file.name, file.read_bytes()


@asynccontextmanager
async def school(folder: Path, migrated_url: str) -> AsyncIterator[School]:
    (folder / "c").mkdir()
    config = Settings(
        data=folder / "c", store=Secret(migrated_url), agents_listen="127.0.0.1:0", web_listen="127.0.0.1:0",
    )  # fmt: skip
    store = Store.open(config.store_url)
    commands.execute(commands.open_desk(config, store), "init", {"trust": "Elm Trust", "school": "Oak Lane"})
    store.close()
    async with service.running(config) as where:
        authority = Authority.open(config.authority_folder, datetime.now(UTC))
        estate = Estate(config, where.agents_port, where.web_port, authority.der)
        (folder / "token").write_text(await estate.token())
        agent_config = Config(
            state_directory=folder / "a", collector=f"127.0.0.1:{where.agents_port}", report_host=False
        )
        enrolment = asking.Enrolment(token_file=folder / "token", sweep=("127.0.0.1/32",), limit=("127.0.0.0/24",))
        await asking.enrol(agent_config, enrolment)
        agent = Service(agent_config, StateDirectory(folder / "a"))
        try:
            yield School(estate, agent, [])
        finally:
            agent.spool.close()


def held(texts: Any) -> set[str]:
    """Where something of what was erased stands."""
    return {name for name, content in texts if GONE.occurs(content)}


async def lived(there: School) -> None:
    """A switch that knows a phone, the phone itself, another switch; records, corrections and a bulk list of them."""
    await there.sees(
        swept(PHONE, SWITCH, "00:1b:21:00:00:08"),
        asked("10.1.0.21", SWITCH, "sw1", SERIAL, knows=PHONE),
        asked("10.1.0.20", PHONE, NAME),
        asked("10.1.0.22", "00:1b:21:00:00:08", "sw2", GONE_SERIAL),
    )
    await there.talk()
    reason = f"the label says {SERIAL}"
    await there.command("correct", device=there.device("sw1"), cells={"name": f"sw1 {SERIAL}"}, reason=reason)
    await there.command("correct", device=there.device("sw2"), cells={"model": "2530"}, reason=f"not {PHONE}")


async def with_a_past(there: School) -> None:
    """The register is exported as it is known now, and has all of them."""
    there.then = datetime.now(UTC).isoformat()
    assert {"/devices", "/api/v1/devices", "export_register"} <= held(await there.shown())


async def erased(there: School) -> None:
    """The three are erased as people ask for it."""
    gone = there.device("sw2")
    for kind, value in (("mac", PHONE), ("serial", SERIAL), ("device", gone)):
        await there.command("erase", kind=kind, value=value, reason=f"asked for {PHONE}", dry_run=True)
        await there.command("erase", kind=kind, value=value, reason=f"asked for {PHONE} and {SERIAL}")
    whole = [row.device_id for row in there.read(register.devices) if row.mac == SWITCH]
    await there.command("erase", kind="mac", value=SWITCH, reason="asked")
    assert gone not in {row.device_id for row in there.read(register.devices)}
    assert len(whole) == 1
    listed = await there.command("erasures")
    assert "4 erasures" in listed
    assert listed.count("1 agents have yet to do it") == 4


async def check_nowhere(there: School, logged: str) -> None:
    assert held(there.texts()) == set()
    assert held(there.files()) == set()
    assert held(await there.shown()) == set()
    assert held([("answers", answer.encode()) for answer in there.answers[-6:]]) == set()
    assert held([("log", logged.encode())]) == set()
    assert there.read(journal.verify) == ""


async def test_after_an_erase_nothing_anywhere_holds_the_value(
    migrated_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "collector")
    caplog.set_level(logging.DEBUG, "agent")
    async with school(tmp_path, migrated_url) as there:
        await lived(there)
        await with_a_past(there)
        assert {"spool.db"} <= {name.partition("-")[0] for name in held(there.files())}
        await erased(there)
        assert held(there.texts()) == set()
        await there.sees(swept(PHONE))  # what was seen before the agent hears of it, and waits in its spool
        await there.talk()
        assert held((name, raw) for name, raw in there.files() if name.startswith(("spool", "habits"))) == set()
        await there.talk()  # it tells that it is done
        assert (await there.command("erasures")).count("0 agents have yet to do it") == 4
        actions = there.read(lambda c, trust: [entry.action for entry in entries_of(c, trust)])
        assert (actions.count("erased"), actions.count("spool_erased")) == (4, 4)
        await check_nowhere(there, caplog.text)


async def test_what_was_seen_before_an_erase_and_is_brought_after_it_is_not_kept(
    migrated_url: str, tmp_path: Path
) -> None:
    async with school(tmp_path, migrated_url) as there:
        await there.sees(swept(PHONE))
        await there.talk()
        await there.sees(swept(PHONE, "00:1b:21:00:00:08"))
        await there.command("erase", kind="mac", value=PHONE, reason="asked")
        await there.agent._talk(sync=False)  # it brings what waits before it hears of the erasure
        await settled(there.estate.config)
        assert held(there.texts()) == set()
        assert {row.mac for row in there.read(register.devices)} == {"00:1b:21:00:00:08"}
        await there.talk()  # it hears of it
        await there.sees(swept(PHONE))
        await there.talk()
        assert {row.mac for row in there.read(register.devices)} == {"00:1b:21:00:00:08", PHONE}


async def test_what_is_kept_away_stays_away_until_it_is_released(migrated_url: str, tmp_path: Path) -> None:
    async with school(tmp_path, migrated_url) as there:
        await there.command("erase", kind="mac", value=PHONE, reason="asked", keep_away=True)
        await there.talk()
        for name in ("one", "two"):
            await there.sees(swept(PHONE, SWITCH), asked("10.1.0.21", SWITCH, name, knows=PHONE))
            await there.talk()
        assert (
            held((n, r) for n, r in there.texts() if GONE.occurs(r) and Sought([item(MAC, PHONE)]).occurs(r)) == set()
        )
        assert {row.mac for row in there.read(register.devices)} == {SWITCH}
        listed = await there.command("erasures")
        assert "kept away" in listed
        await there.command("release", erasure_id=listed.split()[0])
        await there.sees(swept(PHONE))
        await there.talk()
        assert PHONE in {row.mac for row in there.read(register.devices)}
