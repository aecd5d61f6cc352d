"""SNMPv3 where something is wrong: keys, users, clocks, and a stranger between agent and device."""

from __future__ import annotations

import contextlib
import socket
import time
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from snmp_device import Device, relay, running_snmpd

from agent.budget import Budget, Ledger, Limits
from agent.snmp import frames, usm
from agent.snmp.session import Refused, Silent, SnmpError
from stocktake import ber
from stocktake.values import Binding, Credential, Secret

NAME = "1.3.6.1.2.1.1.5.0"
GOOD = Credential(
    "sha",
    "3",
    user="sha",
    auth_protocol="SHA",
    auth_key=Secret("authpass12"),
    privacy_protocol="AES",
    privacy_key=Secret("privpass12"),
)


async def ask(budget: Budget, port: int, credential: Credential = GOOD, context: str = "") -> tuple[Binding, ...]:
    session = await usm.open_session(budget, "127.0.0.1", port, credential, context, usm.Engines())
    session._timeout_seconds = 0.7
    try:
        return await session.get([NAME])
    finally:
        await session.close()


@pytest.mark.needs("snmpd")
@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"auth_key": Secret("wrong-password")}, "authentication key is wrong"),
        ({"user": "nobody"}, "does not know the user"),
        ({"auth_protocol": "SHA-256"}, "authentication key is wrong"),
        ({"user": "plain"}, "does not offer this security level"),
    ],
)
async def test_a_wrong_credential_is_refused_at_once(
    snmpd: int, budget: Budget, changes: dict[str, str], why: str
) -> None:
    begun = time.monotonic()
    with pytest.raises(Refused, match=why):
        await ask(budget, snmpd, replace(GOOD, **changes))  # type: ignore[arg-type]
    assert time.monotonic() - begun < 1.4


@pytest.mark.needs("snmpd")
async def test_a_wrong_privacy_key_is_known_within_ten_seconds(snmpd: int, budget: Budget) -> None:
    begun = time.monotonic()
    with pytest.raises(SnmpError, match="privacy key"):
        await ask(budget, snmpd, replace(GOOD, privacy_key=Secret("wrong-password")))
    assert time.monotonic() - begun < 10


@pytest.mark.needs("snmpd")
async def test_a_user_of_a_lower_level_is_refused_by_the_device(snmpd: int, budget: Budget) -> None:
    with pytest.raises(Refused, match="authorizationError") as caught:
        await ask(budget, snmpd, replace(GOOD, privacy_protocol="", privacy_key=Secret("")))
    assert caught.value.status == ber.AUTHORIZATION_ERROR


@pytest.mark.parametrize("key", ["auth_key", "privacy_key"])
async def test_keys_are_long_enough(budget: Budget, key: str) -> None:
    with pytest.raises(Refused, match="at least 8"):
        await ask(budget, 1161, replace(GOOD, **{key: Secret("short")}))  # type: ignore[arg-type]


@pytest.mark.parametrize("changes", [{"auth_protocol": ""}, {"auth_protocol": "ROT13"}, {"privacy_protocol": "XOR"}])
async def test_a_protocol_that_there_is_not_is_refused_with_those_there_are(
    budget: Budget, changes: dict[str, str]
) -> None:
    with pytest.raises(Refused, match=r"SHA-256|AES-256"):
        await ask(budget, 1161, replace(GOOD, **changes))  # type: ignore[arg-type]


async def test_a_closed_port_is_known_at_once(budget: Budget) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Silent) as caught:
        await ask(budget, port)
    assert caught.value.closed


async def test_silence_costs_one_probe_and_one_retry(device: Device, budget: Budget) -> None:
    port, heard = await device(lambda _: [])
    with pytest.raises(Silent, match="no answer"):
        await ask(budget, port)
    assert len(heard) == 2


@pytest.mark.needs("snmpd")
async def test_a_session_discovers_once_and_asks_with_one_packet_each(
    snmpd: int, device: Device, budget: Budget
) -> None:
    port, heard = await device(relay(snmpd, lambda _, answer: [answer]))
    engines = usm.Engines()
    session = await usm.open_session(budget, "127.0.0.1", port, GOOD, "", engines)
    for _ in range(5):
        await session.get([NAME])
    await session.close()
    assert len(heard) == 6
    again = await usm.open_session(budget, "127.0.0.1", port, GOOD, "", engines)
    await again.get([NAME])
    await again.close()
    assert len(heard) == 8


@pytest.mark.needs("snmpd")
async def test_a_late_answer_to_the_first_attempt_is_an_answer(snmpd: int, device: Device, budget: Budget) -> None:
    held: list[bytes] = []

    def late(number: int, answer: bytes) -> list[bytes]:
        held.append(answer)
        return {0: [answer], 1: [], 2: [held[1] if len(held) > 1 else b""]}[number]

    port, heard = await device(relay(snmpd, late))
    assert (await ask(budget, port))[0].value == b"core-switch"
    assert len(heard) == 3


def forged_report(answer: bytes, counter: str, engine: bytes = b"\x80\x00\x00\x00\x01") -> bytes:
    """An unauthenticated Report, with the message id of an answer, about one of the counters of RFC 3414."""
    identity = frames.read_frame(answer).message_id
    header = [(ber.INTEGER, ber.encode_integer(identity)), (ber.INTEGER, ber.encode_integer(65_507))]
    header += [(ber.OCTET_STRING, b"\x00"), (ber.INTEGER, b"\x03")]
    security = [(ber.OCTET_STRING, engine), (ber.INTEGER, b"\x7f\xff\xff\xff"), (ber.INTEGER, b"\x00")]
    security += [(ber.OCTET_STRING, b"")] * 3
    pdu = b"".join(ber.encode_element(ber.INTEGER, b"\x00") for _ in range(3))
    pdu += ber.encode_bindings([Binding(counter, ber.COUNTER32, b"\x01")])
    scoped = ber.encode_element(ber.OCTET_STRING, b"") * 2 + ber.encode_element(ber.REPORT, pdu)
    inside = ber.encode_element(ber.SEQUENCE, sequence(security))
    whole = ber.encode_element(ber.INTEGER, b"\x03") + ber.encode_element(ber.SEQUENCE, sequence(header))
    whole += ber.encode_element(ber.OCTET_STRING, inside) + ber.encode_element(ber.SEQUENCE, scoped)
    return ber.encode_element(ber.SEQUENCE, whole)


def sequence(parts: list[tuple[int, bytes]]) -> bytes:
    return b"".join(ber.encode_element(tag, content) for tag, content in parts)


@pytest.mark.needs("snmpd")
async def test_an_unauthenticated_report_ends_a_question_but_sets_no_clock(
    snmpd: int, device: Device, budget: Budget
) -> None:
    lie = "1.3.6.1.6.3.15.1.1.2.0"  # usmStatsNotInTimeWindows, with boots of 2^31-1: would lock the agent out
    port, heard = await device(
        relay(snmpd, lambda number, answer: [forged_report(answer, lie) if number == 2 else answer])
    )
    engines = usm.Engines()
    session = await usm.open_session(budget, "127.0.0.1", port, GOOD, "", engines)
    assert (await session.get([NAME]))[0].value == b"core-switch"
    with pytest.raises(Refused, match="refuses the message"):
        await session.get([NAME])
    assert (await session.get([NAME]))[0].value == b"core-switch"
    assert len(heard) == 4
    await session.close()


async def test_a_device_that_asks_for_discovery_for_ever_is_left(device: Device, budget: Budget) -> None:
    unknown_engine = "1.3.6.1.6.3.15.1.1.4.0"
    port, heard = await device(lambda data: [forged_report(data, unknown_engine)])
    with pytest.raises(SnmpError):
        await ask(budget, port)
    assert len(heard) <= 3


@pytest.mark.parametrize("octets", [0, 1, 33, 300])
async def test_a_device_whose_engine_has_an_impossible_id_is_left(device: Device, budget: Budget, octets: int) -> None:
    """RFC 3411 5: an engine id has 5 to 32 octets."""
    unknown_engine = "1.3.6.1.6.3.15.1.1.4.0"
    port, heard = await device(lambda data: [forged_report(data, unknown_engine, b"\x80" * octets)])
    session = await usm.open_session(budget, "127.0.0.1", port, GOOD, "", usm.Engines())
    session._timeout_seconds = 0.1
    with pytest.raises(SnmpError):
        await session.get([NAME])
    await session.close()
    assert len(heard) <= 6


@pytest.mark.needs("snmpd")
async def test_octets_that_are_changed_on_the_way_never_raise_anything_else(
    snmpd: int, device: Device, budget: Budget
) -> None:
    def change(number: int, answer: bytes) -> list[bytes]:
        if number % 3 == 0:
            return [answer]
        damaged = bytearray(answer)
        damaged[number * 7 % len(damaged)] ^= 1 << number % 8
        return [bytes(damaged), b"\x30\x80" * 500, answer[: number % len(answer)]]

    port, _ = await device(relay(snmpd, change))
    engines = usm.Engines()
    for _ in range(20):
        session = await usm.open_session(budget, "127.0.0.1", port, GOOD, "", engines)
        session._timeout_seconds = 0.02
        for _ in range(2):
            with contextlib.suppress(SnmpError):
                await session.get([NAME])
        await session.close()


@pytest.mark.needs("snmpd")
async def test_every_packet_passes_the_budget(snmpd: int) -> None:
    lines: list[str] = []
    limits = Limits(("127.0.0.1/32",), packets_per_second_per_host=1000)
    budget = Budget(limits, ledger=Ledger(lines.append))
    await ask(budget, snmpd)
    budget.flush()
    (line,) = lines
    assert line.split("\t")[1:] == ["127.0.0.1", str(snmpd), "snmp v3", "2"]


async def test_secrets_are_in_no_error_and_no_repr(budget: Budget) -> None:
    with pytest.raises(SnmpError) as caught:
        await ask(budget, 9, replace(GOOD, user="x" * 60))
    assert "pass12" not in f"{caught.value!r} {caught.value.__cause__!r} {GOOD!r}"


# --------------------------------------------------------------------------------------------- wrong keys, and clocks

WRONG = [
    replace(GOOD, auth_key=Secret("wrong-password")),
    replace(GOOD, privacy_key=Secret("wrong-password")),
    replace(GOOD, auth_protocol="MD5"),
    replace(GOOD, privacy_protocol="DES"),
    replace(GOOD, user="nobody"),
]


@pytest.mark.needs("snmpd")
async def test_wrong_keys_lock_nobody_out(snmpd: int, device: Device, budget: Budget) -> None:
    """The right key works at once after twenty wrong ones, for the same user, from the same process and in a session
    that was open all the while.
    """
    port, heard = await device(relay(snmpd, lambda _, answer: [answer]))
    engines = usm.Engines()
    session = await usm.open_session(budget, "127.0.0.1", port, GOOD, "", engines)
    assert (await session.get([NAME]))[0].value == b"core-switch"
    for wrong in WRONG * 4:
        attempt = await usm.open_session(budget, "127.0.0.1", snmpd, wrong, "", engines)
        attempt._timeout_seconds = 0.05
        with pytest.raises(SnmpError):
            await attempt.get([NAME])
        await attempt.close()
    heard.clear()
    assert (await session.get([NAME]))[0].value == b"core-switch"
    assert len(heard) == 1
    await session.close()
    again = await usm.open_session(budget, "127.0.0.1", port, GOOD, "", engines)
    assert (await again.get([NAME]))[0].value == b"core-switch"
    assert len(heard) == 3
    await again.close()


@pytest.mark.needs("snmpd")
@pytest.mark.parametrize("wrong", WRONG, ids=["auth key", "privacy key", "auth protocol", "privacy protocol", "user"])
async def test_a_wrong_credential_costs_at_most_ten_seconds_whatever_is_lost(
    snmpd: int, device: Device, budget: Budget, wrong: Credential
) -> None:
    """Every first answer of a round is lost: six packets at most, each waited for 1.5 s at most."""
    turn = iter(range(1_000))
    port, heard = await device(relay(snmpd, lambda _, answer: [answer] if next(turn) % 2 else []))
    session = await usm.open_session(budget, "127.0.0.1", port, wrong, "", usm.Engines())
    session._timeout_seconds = 0.1
    with pytest.raises(SnmpError):
        await session.get([NAME])
    await session.close()
    assert len(heard) <= (usm.DISCOVERY_ROUNDS + 1) * usm.TRIES
    assert (usm.DISCOVERY_ROUNDS + 1) * usm.TRIES * usm.TIMEOUT_SECONDS <= 10


@pytest.mark.needs("snmpd")
async def test_a_lost_answer_to_discovery_takes_no_try_from_the_question(
    snmpd: int, device: Device, budget: Budget
) -> None:
    port, heard = await device(relay(snmpd, lambda number, answer: [] if number in (0, 2) else [answer]))
    session = await usm.open_session(budget, "127.0.0.1", port, GOOD, "", usm.Engines())
    session._timeout_seconds = 0.5
    assert (await session.get([NAME]))[0].value == b"core-switch"
    assert len(heard) == 4
    await session.close()


@pytest.mark.needs("snmpd")
async def test_a_device_that_booted_meanwhile_is_synchronised_with(
    device: Device, budget: Budget, tmp_path: Path
) -> None:
    lines = ['createUser sha SHA "authpass12" AES "privpass12"', "rouser sha priv", "sysName rebooted"]
    with running_snmpd(tmp_path, lines) as port:
        through, heard = await device(relay(port, lambda _, answer: [answer]))
        session = await usm.open_session(budget, "127.0.0.1", through, GOOD, "", usm.Engines())
        assert (await session.get([NAME]))[0].value == b"rebooted"
    with running_snmpd(tmp_path, lines, port):
        heard.clear()
        assert (await session.get([NAME]))[0].value == b"rebooted"
        assert len(heard) == 2
        assert (await session.get([NAME]))[0].value == b"rebooted"
        assert len(heard) == 3
    await session.close()


def test_one_engine_serves_every_user_of_a_process() -> None:
    engines = usm.Engines()
    pairs = list(product(usm.AUTH_PROTOCOLS, usm.PRIVACY_PROTOCOLS))
    for auth, privacy in pairs * 2:
        engines.of(replace(GOOD, user=f"{auth}/{privacy}", auth_protocol=auth, privacy_protocol=privacy))
    assert len(engines) == 1
    assert engines.of(GOOD) is engines.of(replace(GOOD, name="another", networks=("10.0.0.0/8",)))


def test_another_engine_is_for_another_user_of_the_same_name() -> None:
    engines = usm.Engines()
    first = engines.of(GOOD)
    for number in range(3):
        assert engines.of(replace(GOOD, privacy_key=Secret(f"another-key-{number}"))) is not first
    assert len(engines) == 4
    assert engines.of(GOOD) is first
