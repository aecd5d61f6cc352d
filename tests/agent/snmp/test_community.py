"""What a v1 or v2c session makes of devices that answer late, wrongly, too much, or as somebody else."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from dataclasses import replace

import pytest
from snmp_device import Device

from agent.budget import Budget
from agent.snmp.community import CommunitySession, open_session
from agent.snmp.session import Malformed, Refused, Silent, SnmpError
from stocktake import ber
from stocktake.values import Binding, Credential, Secret

NAME = "1.3.6.1.2.1.1.5.0"
OTHER = "1.3.6.1.2.1.1.6.0"


def answer(request: bytes, *values: Binding, **changes: object) -> bytes:
    """A good answer to a request, unless something is changed."""
    asked = ber.decode_message(request)
    bindings = values or tuple(Binding(binding.oid, ber.OCTET_STRING, b"yes") for binding in asked.bindings)
    good = replace(asked, pdu_type=ber.RESPONSE, error_status=0, error_index=0, bindings=bindings)
    return ber.encode_message(replace(good, **changes))  # type: ignore[arg-type]


async def opened(budget: Budget, port: int, version: int = ber.VERSION_2C) -> CommunitySession:
    endpoint = await budget.open_endpoint("127.0.0.1", port)
    return CommunitySession(endpoint, version, b"public", timeout_seconds=0.15)


async def ask(budget: Budget, port: int) -> tuple[Binding, ...]:
    session = await opened(budget, port)
    try:
        return await session.get([NAME])
    finally:
        await session.close()


@pytest.mark.parametrize(
    "changes",
    [{"request_id": 7}, {"community": b"other"}, {"version": ber.VERSION_1}, {"pdu_type": ber.GET}],
    ids=["request id", "community", "version", "pdu"],
)
async def test_an_answer_that_does_not_belong_is_no_answer(
    device: Device, budget: Budget, changes: dict[str, object]
) -> None:
    port, heard = await device(lambda data: [answer(data, **changes)])
    with pytest.raises(Silent):
        await ask(budget, port)
    assert len(heard) == 2


async def test_an_answer_that_does_not_belong_does_not_hide_the_one_that_does(device: Device, budget: Budget) -> None:
    port, _ = await device(lambda data: [b"\x30\x80", answer(data, request_id=7), answer(data)])
    assert (await ask(budget, port))[0].value == b"yes"


async def test_silence_costs_one_probe_and_one_retry(device: Device, budget: Budget) -> None:
    port, heard = await device(lambda _: [])
    with pytest.raises(Silent, match="no answer"):
        await ask(budget, port)
    assert len(heard) == 2
    assert heard[0] == heard[1]


async def test_a_late_answer_to_the_first_attempt_is_an_answer(device: Device, budget: Budget) -> None:
    seen: list[bytes] = []

    def late(data: bytes) -> list[bytes]:
        seen.append(data)
        return [answer(seen[0])] if len(seen) == 2 else []

    port, _ = await device(late)
    assert (await ask(budget, port))[0].value == b"yes"


async def test_a_hundred_copies_of_an_answer_are_one(device: Device, budget: Budget) -> None:
    port, heard = await device(lambda data: [answer(data)] * 100)
    session = await opened(budget, port)
    for _ in range(3):
        assert (await session.get([NAME]))[0].value == b"yes"
    assert len(heard) == 3
    await session.close()


async def test_an_answer_from_another_port_is_no_answer(device: Device, budget: Budget) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        answered: list[int] = []

        def answer_by_the_stranger(data: bytes) -> list[bytes]:
            answered.append(stranger.sendto(answer(data), session._endpoint._transport.get_extra_info("sockname")))
            return []

        port, _ = await device(answer_by_the_stranger)
        session = await opened(budget, port)
        with pytest.raises(Silent):
            await session.get([NAME])
        assert len(answered) == 2
        await session.close()


async def test_rubbish_is_called_rubbish(device: Device, budget: Budget) -> None:
    port, _ = await device(lambda _: [b"\x30\x80" * 1000])
    with pytest.raises(Malformed, match="indefinite"):
        await ask(budget, port)


async def test_a_closed_port_is_known_at_once(budget: Budget) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    begun = time.monotonic()
    with pytest.raises(Silent) as caught:
        await ask(budget, port)
    assert caught.value.closed
    assert time.monotonic() - begun < 0.15


async def test_an_answer_as_large_as_its_room_fills_one_frame_over_ipv6(device: Device, budget: Budget) -> None:
    port, _ = await device(lambda _: [])
    session = await opened(budget, port)
    await session.close()
    number = session.room - len(ber.encode_oid(NAME)) - 10  # tags and lengths of a binding that is so long
    full = (Binding(NAME, ber.OCTET_STRING, bytes(number)),)
    message = ber.Message(ber.VERSION_2C, b"public", ber.RESPONSE, 2**31 - 1, bindings=full)
    assert len(ber.encode_message(message)) + 40 + 8 == 1_500


async def test_a_device_that_answers_other_objects_is_refused(device: Device, budget: Budget) -> None:
    port, _ = await device(lambda data: [answer(data, Binding(OTHER, ber.NULL, b""))])
    with pytest.raises(Malformed, match="other objects"):
        await ask(budget, port)


async def test_a_device_that_answers_too_many_objects_is_refused(device: Device, budget: Budget) -> None:
    port, _ = await device(lambda data: [answer(data, *[Binding(OTHER, ber.NULL, b"")] * 101)])
    session = await opened(budget, port)
    with pytest.raises(Malformed, match="101 objects"):
        await session.get([NAME])
    with pytest.raises(Malformed, match="four times"):
        await session.next([NAME], 25)
    await session.close()


@pytest.mark.parametrize("status", [ber.TOO_BIG, ber.GEN_ERR, ber.AUTHORIZATION_ERROR, 99])
async def test_an_error_status_is_a_refusal(device: Device, budget: Budget, status: int) -> None:
    port, _ = await device(lambda data: [answer(data, error_status=status)])
    session = await opened(budget, port)
    for question in (session.get([NAME]), session.next([NAME], 0), session.next([NAME], 25)):
        with pytest.raises(Refused) as caught:
            await question
        assert caught.value.status == status
    await session.close()


async def test_v1_asks_again_without_each_name_that_is_not_there(device: Device, budget: Budget) -> None:
    missing = {"1.3.6.1.2.1.1.77.0", "1.3.6.1.2.1.1.78.0"}

    def v1(data: bytes) -> list[bytes]:
        asked = ber.decode_message(data).bindings
        for number, binding in enumerate(asked, 1):
            if binding.oid in missing:
                return [answer(data, *asked, error_status=ber.NO_SUCH_NAME, error_index=number)]
        return [answer(data)]

    port, heard = await device(v1)
    session = await opened(budget, port, ber.VERSION_1)
    found = await session.get(["1.3.6.1.2.1.1.77.0", NAME, "1.3.6.1.2.1.1.78.0", OTHER])
    assert [binding.tag for binding in found] == [ber.NO_SUCH_OBJECT, 4, ber.NO_SUCH_OBJECT, 4]
    assert len(heard) == 3
    (end,) = await session.next(["1.3.6.1.2.1.1.77.0"], 25)
    assert end.tag == ber.END_OF_MIB_VIEW
    await session.close()


@pytest.mark.parametrize("index", [-1, 0, 2, 99])
async def test_an_error_index_outside_the_question_is_a_refusal(device: Device, budget: Budget, index: int) -> None:
    port, _ = await device(lambda data: [answer(data, error_status=ber.NO_SUCH_NAME, error_index=index)])
    with pytest.raises(Refused, match="noSuchName"):
        await ask(budget, port)


async def test_request_ids_are_random_and_new_for_each_question(device: Device, budget: Budget) -> None:
    port, heard = await device(lambda data: [answer(data)])
    session = await opened(budget, port)
    for _ in range(20):
        await session.get([NAME])
    ids = {ber.decode_message(data).request_id for data in heard}
    assert len(ids) == 20
    assert all(0 <= number < 2**31 for number in ids)
    assert max(ids) > 2**20
    await session.close()


async def test_octets_that_a_device_mutates_never_raise_anything_else(device: Device, budget: Budget) -> None:
    changes = iter(range(10_000))

    def mutate(data: bytes) -> list[bytes]:
        number = next(changes)
        whole = bytearray(answer(data))
        whole[number % len(whole)] ^= 1 << number % 8
        return [bytes(whole)]

    port, _ = await device(mutate)
    endpoint = await budget.open_endpoint("127.0.0.1", port)
    session = CommunitySession(endpoint, ber.VERSION_2C, b"public", timeout_seconds=0.005)
    for _ in range(100):
        with contextlib.suppress(SnmpError):
            await session.get([NAME])
    await session.close()


async def test_ipv6_devices_are_asked_like_others(budget: Budget) -> None:
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as listener:
        listener.bind(("::1", 0))
        listener.settimeout(1)
        credential = Credential("public", "2c", community=Secret("public"))
        session = await open_session(budget, "::1", listener.getsockname()[1], credential)
        asking = asyncio.create_task(session.get([NAME]))
        data, source = await asyncio.to_thread(listener.recvfrom, 4096)
        listener.sendto(answer(data), source)
        assert (await asking)[0].value == b"yes"
        await session.close()
