"""A person's hand from end to end: a real collector, a real agent and a real snmpd on loopback, with one school.

The agent's Sync is an hour away in all of these, so that only the bell can be quick.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agent import asking
from agent.config import Config
from agent.errands import Orders
from agent.service import Service
from agent.state import ORDERS, StateDirectory
from collector import console, journal, service
from collector.errors import CollectorError
from collector.intake.certificates import Authority
from collector.store import Store, places, register
from collector.store.journal import entries as entries_of
from estate import Estate, set_up

NETWORK = "127.0.0.1/32"
SNMPD_CONF = """\
agentAddress udp:127.0.0.1:{port}
rocommunity goodcommunity
createUser u3 SHA "authpass12" AES "privpass12"
rouser u3 priv
sysDescr A switch of the test
sysName core-switch
"""


@pytest.fixture(scope="module")
def snmp_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a real snmpd on 127.0.0.1."""
    folder = tmp_path_factory.mktemp("snmpd")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    (folder / "snmpd.conf").write_text(SNMPD_CONF.format(port=port))
    log = folder / "log"
    process = subprocess.Popen(
        [shutil.which("snmpd") or "/usr/sbin/snmpd", "-f", "-Lf", str(log), "-C", "-c", str(folder / "snmpd.conf"),
         "-p", str(folder / "pid")],
        env={**os.environ, "MIBS": "", "SNMP_PERSISTENT_DIR": str(folder / "p"), "SNMPCONFPATH": str(folder)},
    )  # fmt: skip
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and not (log.exists() and "NET-SNMP version" in log.read_text()):
        time.sleep(0.05)
    yield port
    process.send_signal(signal.SIGTERM)
    process.wait(10)


async def until(happened: Callable[[], object], seconds: float = 40) -> None:
    async with asyncio.timeout(seconds):
        while not happened():  # noqa: ASYNC110  # what is waited for happens in another process
            await asyncio.sleep(0.05)


@dataclass
class School:
    """A running collector and the one agent of a school."""

    estate: Estate
    agent: Service

    async def wish(self, kind: str, **said: object) -> tuple[float, str]:
        """Wish for something; the seconds until the answer, and its words."""
        begun = time.monotonic()
        wish_id = await asyncio.to_thread(console.ask, self.estate.config.console, kind, said)
        while True:
            state, _, told = (await self.estate.command("wish", wish_id=wish_id)).partition("\n")
            if state == "done":
                return time.monotonic() - begun, told
            await asyncio.sleep(0.1)

    def read(self, reading: Callable[[Any, str], Any]) -> Any:
        with Store.glance(self.estate.config.store_url) as connection:
            return reading(connection, places.trust_ids(connection)[0][0])

    def agent_row(self) -> register.AgentRow:
        return self.read(register.agents)[0]  # type: ignore[no-any-return]  # a row

    def ledger(self) -> str:
        file = self.agent.state.path / "ledger.tsv"
        return file.read_text() if file.exists() else ""


@asynccontextmanager
async def at_work(agent: Service) -> AsyncIterator[Service]:
    work = asyncio.create_task(agent.run())
    try:
        yield agent
    finally:
        work.cancel()
        with suppress(asyncio.CancelledError):
            await work


@asynccontextmanager
async def school(folder: Path, snmp_port: int, **settings: Any) -> AsyncIterator[School]:
    """The agent swept once, and stands at the bell."""
    (folder / "c").mkdir()
    config = replace(set_up(folder / "c"), sync_interval=timedelta(hours=1))
    async with service.running(config) as where:
        authority = Authority.open(config.authority_folder, datetime.now(UTC))
        estate = Estate(config, where.agents_port, where.web_port, authority.der)
        await estate.command("add_credential", credential=_community("good", "goodcommunity"))
        await estate.command("add_credential", credential=_community("bad", "badcommunity"))
        await estate.command("add_credential", credential=_user("wrong key", "authpass99"))
        (folder / "token").write_text(await estate.token())
        agent_config = Config(
            state_directory=folder / "a", collector=f"127.0.0.1:{where.agents_port}", snmp_port=snmp_port,
            report_host=False, **settings,
        )  # fmt: skip
        enrolment = asking.Enrolment(token_file=folder / "token", sweep=(NETWORK,), limit=("127.0.0.0/24",))
        await asking.enrol(agent_config, enrolment)
        async with at_work(Service(agent_config, StateDirectory(folder / "a"))) as agent:
            await until(lambda: "bell" in agent._last)
            yield School(estate, agent)


def _community(name: str, secret: str) -> dict[str, object]:
    return {"name": name, "version": "2c", "community": secret}


def _user(name: str, key: str) -> dict[str, object]:
    return {
        "name": name, "version": "3", "user": "u3", "auth_protocol": "SHA", "privacy_protocol": "AES", "auth_key": key,
        "privacy_key": "privpass12",
    }  # fmt: skip


@pytest.mark.needs("snmpd")
async def test_people_are_answered_in_time_and_in_words_and_all_of_it_is_journaled(
    tmp_path: Path, snmp_port: int
) -> None:
    async with school(tmp_path, snmp_port) as there:
        await until(lambda: there.read(register.devices))
        trial = {"address": "127.0.0.1", "school": "Oak Lane"}
        seconds, told = await there.wish("try_credential", name="good", **trial)
        assert seconds < 10
        assert '127.0.0.1 with "good" (SNMP v2c): it answers: "A switch of the test"' in told
        seconds, told = await there.wish("try_credential", name="wrong key", **trial)
        assert seconds < 10
        assert "the device answers, and refuses" in told
        seconds, told = await there.wish("look", what=there.read(register.devices)[0].device_id)
        assert seconds < 30
        assert "127.0.0.1 answered" in told
        seconds, told = await there.wish("look", what=NETWORK)
        assert seconds < 30
        assert f"{NETWORK}: 0 addresses were seen; 1 devices answered SNMP" in told
        assert there.read(journal.verify) == ""
        actions = there.read(lambda c, trust: [entry.action for entry in entries_of(c, trust)])
        assert actions.count("wish_made") == actions.count("wish_answered") == 4
        await _is_paused_and_resumed(there)


async def _is_paused_and_resumed(there: School) -> None:
    """Heard at once, kept over a restart, told, and ended: by a person, and by itself."""
    agent = there.agent
    end = datetime.now(UTC) + timedelta(hours=2)
    await there.estate.command("pause", school="Oak Lane", until=end.isoformat())
    await until(agent._objection)
    assert Orders.stored(agent.state.load(ORDERS)).pause_until == pytest.approx(end.timestamp(), abs=1e-3)
    with pytest.raises(CollectorError, match="is paused until"):
        await there.estate.command("look", what=NETWORK)
    await there.estate.command("resume", school="Oak Lane")
    sweeps = agent.numbers.sweeps
    await until(lambda: not agent._objection() and agent.numbers.sweeps > sweeps)
    end = datetime.now(UTC) + timedelta(seconds=4)
    await there.estate.command("pause", school="Oak Lane", until=end.isoformat())
    await until(agent._objection)
    sweeps = agent.numbers.sweeps
    await until(lambda: agent.numbers.sweeps > sweeps)
    assert datetime.now(UTC) >= end, "the next sweep began by itself, and not before its time"
    assert "pause_until" in there.agent_row().numbers or not agent._objection()


@pytest.mark.needs("snmpd")
async def test_in_quiet_hours_a_wish_is_refused_in_words_and_not_one_packet_leaves(
    tmp_path: Path, snmp_port: int
) -> None:
    async with school(tmp_path, snmp_port, quiet_hours=("00:00-12:00", "12:00-00:00")) as there:
        _, told = await there.wish("try_credential", name="good", address="127.0.0.1", school="Oak Lane")
        assert "nothing is sent in the quiet hours" in told
        with pytest.raises(CollectorError, match="no agent of this school sweeps"):
            await _ask_far(there)
    assert there.ledger() == ""


async def _ask_far(there: School) -> None:
    said = {"name": "good", "address": "192.0.2.1", "school": "Oak Lane"}
    await asyncio.to_thread(console.ask, there.estate.config.console, "try_credential", said)
