"""One contract for every form of session: v1, v2c and v3 against a real snmpd, and the recorded twin.

SNMPv3 is there with every pair of protocols that the agent offers.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import product
from pathlib import Path

import pytest

from agent.budget import Budget, Limits
from agent.snmp.habits import Habit
from agent.snmp.recorded import RecordedSession, recordings
from agent.snmp.session import Opener, Session, SnmpError
from agent.snmp.usm import AUTH_PROTOCOLS, PRIVACY_PROTOCOLS
from agent.snmp.walk import Meter, walk
from agent.snmp.wire import over_wire
from stocktake import ber, snmprec
from stocktake.values import Binding, Credential, Secret

pytestmark = pytest.mark.needs("snmpd")

SYSTEM = "1.3.6.1.2.1.1"
SYS_DESCR, SYS_OBJECT_ID, SYS_NAME = f"{SYSTEM}.1.0", f"{SYSTEM}.2.0", f"{SYSTEM}.5.0"
KEYS = {"auth_key": Secret("authpass12"), "privacy_key": Secret("privpass12")}


def v3(auth: str, privacy: str) -> Credential:
    """The credential of the user that the snmpd has for this pair of protocols."""
    return Credential("v3", "3", user=f"{auth}/{privacy}", auth_protocol=auth, privacy_protocol=privacy, **KEYS)


CREDENTIALS = {
    "v1": Credential("v1", "1", community=Secret("public")),
    "v2c": Credential("v2c", "2c", community=Secret("public")),
    "v3 SHA without privacy": Credential(
        "plain", "3", user="plain", auth_protocol="SHA", auth_key=Secret("authpass12")
    ),
} | {f"v3 {auth} {privacy}": v3(auth, privacy) for auth, privacy in product(AUTH_PROTOCOLS, PRIVACY_PROTOCOLS)}


@pytest.fixture(scope="session")
def recording(snmpd: int, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The snmpd's system group and its end of the tree, recorded."""

    async def record() -> list[str]:
        opener = over_wire(Budget(Limits(("127.0.0.1/32",), packets_per_second_per_host=10_000)))
        session = await opener("127.0.0.1", snmpd, CREDENTIALS["v2c"], "")
        tables = await walk(session, [SYSTEM, "1.3.6.1.2.1.11"], Meter(), Habit())
        await session.close()
        return [line for table in tables for line in snmprec.write(table.bindings)]

    path = tmp_path_factory.mktemp("recording") / "device.snmprec"
    path.write_text("\n".join(asyncio.run(record())))
    return path


@pytest.fixture(scope="module")
def opener() -> Opener:
    """One opener for all tests: making an engine for SNMPv3 takes a while."""
    return over_wire(Budget(Limits(("127.0.0.1/32",), packets_per_second_per_host=10_000)))


@pytest.fixture(params=[*CREDENTIALS, "recorded"])
async def session(
    request: pytest.FixtureRequest, snmpd: int, recording: Path, opener: Opener
) -> AsyncIterator[Session]:
    opened: Session
    if request.param == "recorded":
        opened = RecordedSession.from_file(recording)
    else:
        opened = await opener("127.0.0.1", snmpd, CREDENTIALS[request.param], "")
    yield opened
    await opened.close()


async def test_get_answers_each_object_in_the_order_it_was_asked(session: Session) -> None:
    found = await session.get([SYS_NAME, SYS_OBJECT_ID, SYS_DESCR])
    assert [(binding.oid, binding.tag) for binding in found] == [
        (SYS_NAME, ber.OCTET_STRING),
        (SYS_OBJECT_ID, ber.OBJECT_IDENTIFIER),
        (SYS_DESCR, ber.OCTET_STRING),
    ]
    assert [found[0].value, found[2].value] == [b"core-switch", b"A switch of the test"]
    assert ber.oid_text(found[1].value) == "1.3.6.1.4.1.8072.3.2.10"


async def test_get_names_what_is_not_there_and_still_answers_the_rest(session: Session) -> None:
    first, found, last = await session.get(["1.3.6.1.2.1.1.77.0", SYS_NAME, "1.3.6.1.2.1.1.5.9"])
    assert first.tag in (ber.NO_SUCH_OBJECT, ber.NO_SUCH_INSTANCE)
    assert found.value == b"core-switch"
    assert last.tag in (ber.NO_SUCH_OBJECT, ber.NO_SUCH_INSTANCE)


async def test_next_without_repetitions_answers_what_follows_each_object(session: Session) -> None:
    found = await session.next([f"{SYSTEM}.1", f"{SYSTEM}.4.0"], 0)
    assert [binding.oid for binding in found] == [SYS_DESCR, SYS_NAME]


async def test_next_answers_row_by_row(session: Session) -> None:
    found = await session.next([f"{SYSTEM}.1", f"{SYSTEM}.4"], 2)
    names = [binding.oid for binding in found]
    assert names[:2] == [SYS_DESCR, f"{SYSTEM}.4.0"]
    assert names[2:] in ([], [SYS_OBJECT_ID, SYS_NAME])


@pytest.mark.parametrize("repetitions", [0, 1])
async def test_next_says_where_the_tree_ends(session: Session, repetitions: int) -> None:
    found = await session.next(["2.99.1", f"{SYSTEM}.4.0"], repetitions)
    assert [(binding.oid, binding.tag) for binding in found] == [
        ("2.99.1", ber.END_OF_MIB_VIEW),
        (SYS_NAME, ber.OCTET_STRING),
    ]


async def test_a_walk_is_the_same_over_every_form(session: Session, recording: Path) -> None:
    (walked,) = await walk(session, [SYSTEM], Meter(), Habit())
    expected, _ = await walk(RecordedSession.from_file(recording), [SYSTEM, "1.3.6.1.2.1.11"], Meter(), Habit())
    assert walked.complete
    changing = (f"{SYSTEM}.3.0",)
    assert [b for b in walked.bindings if b.oid not in changing] == [
        b for b in expected.bindings if b.oid not in changing
    ]
    assert len(walked.bindings) > 10


async def _view(opener: Opener, port: int, form: str, context: str) -> tuple[Binding, ...]:
    """The system group in one context."""
    session = await opener("127.0.0.1", port, CREDENTIALS[form], context)
    (walked,) = await walk(session, [SYSTEM], Meter(), Habit())
    await session.close()
    assert walked.complete
    return walked.bindings


@pytest.mark.parametrize("form", ["v3 MD5 DES", "v3 SHA-256 AES-256", "v3 SHA-512 AES-192-C"])
async def test_a_context_is_another_view_of_the_device(form: str, snmpd: int, opener: Opener, tmp_path: Path) -> None:
    twin = recordings({"127.0.0.1": tmp_path / "device.snmprec"})
    for context, name in (("vlan-20", b"vlan-20"), ("", b"core-switch")):
        bindings = await _view(opener, snmpd, form, context)
        assert [binding.value for binding in bindings if binding.oid == SYS_NAME] == [name]
        lines = "\n".join(snmprec.write(bindings))
        (tmp_path / f"device{'@' * bool(context)}{context}.snmprec").write_text(lines)
        assert await _view(twin, snmpd, form, context) == bindings


async def test_a_context_that_there_is_not_has_nothing(snmpd: int) -> None:
    opener = over_wire(Budget(Limits(("127.0.0.1/32",), packets_per_second_per_host=10_000)))
    session = await opener("127.0.0.1", snmpd, CREDENTIALS["v3 SHA AES"], "vlan-99")
    session._timeout_seconds = 0.2  # type: ignore[attr-defined]
    with pytest.raises(SnmpError):
        await session.get([SYS_NAME])
    await session.close()
