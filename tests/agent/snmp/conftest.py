"""Devices to speak SNMP with, on loopback: a real snmpd, and one that answers whatever a test wants."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import product
from typing import Any

import pytest
from snmp_device import LOOPBACK, Answer, Device, running_snmpd

from agent.budget import Budget, Limits
from stocktake.values import Credential, Secret

AUTH_PROTOCOLS = ("MD5", "SHA", "SHA-224", "SHA-256", "SHA-384", "SHA-512")
PRIVACY_PROTOCOLS = ("DES", "AES", "AES-192", "AES-256", "AES-192-C", "AES-256-C")
SYSTEM = [
    "sysDescr A switch of the test",
    "sysObjectID 1.3.6.1.4.1.8072.3.2.10",
    "sysContact nobody",
    "sysLocation Server room",
    "sysServices 76",
]


def _users() -> list[str]:
    """A user `auth/privacy` for each pair of protocols, one without privacy, and one that sees every context."""
    pairs = [(f"{auth}/{privacy}", auth, privacy) for auth, privacy in product(AUTH_PROTOCOLS, PRIVACY_PROTOCOLS)]
    lines = ["view all included .1", 'createUser plain SHA "authpass12"', "rouser plain auth"]
    for name, auth, privacy in [*pairs, ("sha", "SHA", "AES")]:
        lines.append(f'createUser {name} {auth} "authpass12" {privacy} "privpass12"')
        lines.append(f"rouser {name} priv -V all *")
    return lines


@pytest.fixture(scope="session")
def snmpd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a real snmpd with v1, v2c and many v3 users; context `vlan-20` is another snmpd behind it."""
    behind, before = tmp_path_factory.mktemp("behind"), tmp_path_factory.mktemp("snmpd")
    with running_snmpd(behind, [*SYSTEM, "sysName vlan-20"]) as vlan:
        proxy = f"proxy -Cn vlan-20 -v 2c -c public {LOOPBACK}:{vlan} .1.3"
        with running_snmpd(before, [*_users(), *SYSTEM, "sysName core-switch", proxy]) as port:
            yield port


class _Device(asyncio.DatagramProtocol):
    """Answers each datagram with the datagrams that a function makes of it, from far away if need be."""

    def __init__(self, answer: Answer, delay_seconds: float, lost: Callable[[], bool]) -> None:
        self.answer = answer
        self.delay_seconds = delay_seconds
        self.lost = lost
        self.heard: list[bytes] = []

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, source: Any) -> None:
        self.heard.append(data)
        if self.lost():
            return
        for reply in self.answer(data):
            if not self.lost():
                asyncio.get_running_loop().call_later(self.delay_seconds, self._send, reply, source)

    def _send(self, reply: bytes, source: Any) -> None:
        if not self.transport.is_closing():
            self.transport.sendto(reply, source)


@pytest.fixture
async def device() -> AsyncIterator[Device]:
    """Makes a device that answers each request with the datagrams a function returns: its port, and what it heard."""
    transports: list[asyncio.BaseTransport] = []

    async def make(
        answer: Answer, *, delay_seconds: float = 0.0, lost: Callable[[], bool] = lambda: False
    ) -> tuple[int, list[bytes]]:
        transport, protocol = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Device(answer, delay_seconds, lost), local_addr=(LOOPBACK, 0)
        )
        transports.append(transport)
        return transport.get_extra_info("sockname")[1], protocol.heard

    yield make
    for transport in transports:
        transport.close()


@pytest.fixture
def budget() -> Budget:
    """A budget for loopback that does not slow tests down."""
    limits = Limits(("127.0.0.0/8", "::1/128"), packets_per_second=100_000, packets_per_second_per_host=100_000)
    return Budget(limits)


@pytest.fixture
def public() -> Credential:
    """The credential that devices of the tests take."""
    return Credential("public", "2c", community=Secret("public"))
