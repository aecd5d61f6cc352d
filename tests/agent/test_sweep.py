"""A sweep on loopback with a real snmpd: who is asked, what is spooled, and what is never sent."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.budget import Budget, Forbidden, Limits
from agent.contents import pieces
from agent.examiner import CountingLedger, Question
from agent.plan import BASELINE
from agent.snmp.habits import Habits
from agent.sweep import Tally, Tools, sweep
from agent.targets import SIGHTINGS_GROUP
from agent.worker import Workers
from stocktake.values import (
    Binding,
    Credential,
    Examination,
    GroupResult,
    Method,
    Outcome,
    Secret,
    SnmpBindings,
    Subject,
    SubjectKind,
)
from stocktake.wire import plan_digest

PUBLIC = Credential("public", "2c", community=Secret("public"))
WRONG = Credential("wrong", "2c", community=Secret("wrong-word"))
V3 = Credential(
    "v3", "3", user="u3", auth_protocol="SHA", auth_key=Secret("authpass12"),
    privacy_protocol="AES", privacy_key=Secret("privpass12"),
)  # fmt: skip
SNMPD_CONF = """\
agentAddress udp:127.0.0.1:{port}
rocommunity public 127.0.0.1
createUser u3 SHA "authpass12" AES "privpass12"
rouser u3 priv
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
    process = subprocess.Popen(
        [shutil.which("snmpd") or "/usr/sbin/snmpd", "-f", "-Lf", str(folder / "log"), "-C", "-c",
         str(folder / "snmpd.conf"), "-p", str(folder / "pid")],
        env={**os.environ, "MIBS": "", "SNMP_PERSISTENT_DIR": str(folder / "p"), "SNMPCONFPATH": str(folder)},
    )  # fmt: skip
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and "NET-SNMP version" not in _text(folder / "log"):
        time.sleep(0.05)
    yield port
    process.send_signal(signal.SIGTERM)
    process.wait(10)


def _text(file: Path) -> str:
    return file.read_text() if file.exists() else ""


class Sweep:
    """One sweep of a test, with all that came of it."""

    def __init__(
        self, *networks: str, port: int = 161, credentials: tuple[Credential, ...] = (), **limits: object
    ) -> None:
        self.spooled: list[tuple[Examination, bool]] = []
        self.troubles: list[str] = []
        self.lines: list[str] = []
        self.ledger = CountingLedger(self.lines.append)
        self.habits = Habits()
        self.networks = networks
        self.limits = Limits(networks, packets_per_second=2000, packets_per_second_per_host=200, **limits)  # type: ignore[arg-type]  # the limits a test sets
        self.question = Question(BASELINE, credentials, self.limits)
        self.port = port

    async def run(self, workers: Workers | None = None) -> Tally:
        tools = Tools(
            workers=workers or Workers(),
            budget=Budget(self.limits, ledger=self.ledger),
            ledger=self.ledger,
            habits=self.habits,
            spool=lambda examination, volatile: self.spooled.append((examination, volatile)),
            trouble=self.troubles.append,
            snmp_port=self.port,
        )
        return await sweep(self.networks, self.question, tools)

    @property
    def examinations(self) -> list[Examination]:
        return [each for each, _ in self.spooled if each.subject.kind is SubjectKind.ADDRESS]


@pytest.mark.needs("snmpd")
@pytest.mark.parametrize(
    ("credentials", "method"),
    [((PUBLIC,), Method.SNMP_V2C), ((V3,), Method.SNMP_V3), ((WRONG, PUBLIC), Method.SNMP_V2C)],
    ids=["v2c", "v3", "wrong then right"],
)
async def test_a_device_that_answers_is_examined_by_the_credential_it_takes(
    snmp_port: int, credentials: tuple[Credential, ...], method: Method
) -> None:
    one = Sweep("127.0.0.0/30", port=snmp_port, credentials=credentials)
    tally = await one.run()
    assert (tally.examinations, tally.silent) == (1, 1)
    (found,) = one.examinations
    assert found.subject == Subject(SubjectKind.ADDRESS, "127.0.0.1", "", "127.0.0.0/30")
    assert found.method is method
    assert found.plan_digest == plan_digest(BASELINE)
    system = next(group for group in found.groups if group.group == "system")
    assert isinstance(system.content, SnmpBindings)
    assert b"core-switch" in [binding.value for binding in system.content.bindings]
    assert one.habits.of("127.0.0.1", "127.0.0.0/30").credential == credentials[-1].name
    assert one.ledger.packets > 2
    assert "wrong-word" not in "".join(one.lines)


async def test_what_was_seen_is_spooled_first_and_is_volatile() -> None:
    one = Sweep("127.0.0.0/30")
    await one.run()
    examination, volatile = one.spooled[0]
    assert examination.subject == Subject(SubjectKind.NETWORK, network="127.0.0.0/30")
    assert [group.group for group in examination.groups] == [SIGHTINGS_GROUP]
    assert volatile


async def test_without_a_network_only_the_neighbour_table_is_read_and_nothing_is_sent() -> None:
    one = Sweep(credentials=(PUBLIC,))
    tally = await one.run()
    assert [each.method for each, _ in one.spooled] == [Method.NEIGHBOUR_TABLE]
    assert one.spooled[0][0].groups[0].outcome is Outcome.COMPLETE
    assert (tally.examinations, one.ledger.packets) == (0, 0)


async def test_without_a_credential_nobody_is_asked() -> None:
    one = Sweep("127.0.0.1/32")
    assert (await one.run()).silent == 0
    assert one.ledger.packets == 0


@pytest.mark.needs("snmpd")
async def test_an_excluded_address_gets_no_packet(snmp_port: int) -> None:
    one = Sweep("127.0.0.0/30", port=snmp_port, credentials=(PUBLIC,), exclude=("127.0.0.1/32",))
    assert (await one.run()).examinations == 0
    assert one.lines
    assert "127.0.0.1\t" not in "\n".join(one.lines)


async def test_nothing_is_sent_in_the_quiet_hours() -> None:
    now = datetime.now(UTC).astimezone()
    span = f"{now - timedelta(minutes=5):%H:%M}-{now + timedelta(minutes=5):%H:%M}"
    one = Sweep("127.0.0.1/32", credentials=(PUBLIC,), quiet_hours=(span,))
    with pytest.raises(Forbidden, match="quiet hours"):
        await one.run()
    assert one.ledger.packets == 0


async def test_a_far_network_that_is_too_large_is_told_and_not_asked() -> None:
    one = Sweep("127.0.0.0/20", credentials=(PUBLIC,))
    await one.run()
    assert "all its 4094 addresses by SNMP is too much" in one.troubles[0]
    assert one.ledger.packets == 0


async def test_a_network_that_cannot_be_swept_is_refused_in_the_evidence() -> None:
    one = Sweep("10.0.0.0/8", credentials=(PUBLIC,))
    await one.run()
    (group,) = one.spooled[0][0].groups
    assert group.outcome is Outcome.REFUSED
    assert "at most a /16" in group.detail
    assert len(one.troubles) == 1


async def test_of_an_ipv6_network_that_is_not_ours_nobody_is_asked() -> None:
    one = Sweep("2001:db8:1::/64", credentials=(PUBLIC,))
    assert await one.run() == Tally(seconds=pytest.approx(0, abs=5))
    assert one.spooled[0][0].groups[0].outcome is Outcome.COMPLETE
    assert (one.ledger.packets, one.troubles) == (0, [])


class Doomed(Workers):
    """Starts children of another kind than asked for."""

    def __init__(self, entry: str) -> None:
        super().__init__(modules=("worker_entries",))
        self.entry = f"worker_entries:{entry}"

    def start(self, entry: str, request: bytes, **options: Any) -> Any:
        del entry
        return super().start(self.entry, request, **options)


@pytest.mark.parametrize("entry", ["leave", "fail", "echo"], ids=["dies", "babbles", "answers nothing asked"])
async def test_a_child_that_fails_leaves_every_device_with_an_answer_that_says_so(entry: str) -> None:
    one = Sweep("127.0.0.0/30", credentials=(PUBLIC,))
    tally = await one.run(Doomed(entry))
    assert (tally.examinations, tally.silent) == (0, 2)
    assert one.troubles[0].startswith("2 devices of 127.0.0.0/30 were not examined: ")


def test_a_long_examination_is_cut_between_groups_into_several_reports() -> None:
    contents = [SnmpBindings((Binding("1.3.6.1", 4, b"x" * size),)) for size in (400, 400, 2000, 10)]
    groups = tuple(GroupResult(str(n), Outcome.COMPLETE, content) for n, content in enumerate(contents))
    whole = Examination(Subject(SubjectKind.HOST), Method.HOST, groups)
    parts = pieces(whole, 1000)
    assert [[group.group for group in part.groups] for part in parts] == [["0", "1"], ["2"], ["3"]]
    assert pieces(whole, 10**6) == [whole]
