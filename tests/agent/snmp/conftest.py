"""Devices to speak SNMP with, on loopback: a real snmpd, and one that answers whatever a test wants."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.budget import Budget, Limits
from stocktake import ber
from stocktake.values import Credential, Secret

LOOPBACK = "127.0.0.1"
SNMPD_CONF = """\
agentAddress udp:127.0.0.1:{port}
rocommunity public 127.0.0.1
createUser sha SHA "authpass12" AES "privpass12"
rouser sha priv
createUser sha2 SHA-256 "authpass12" AES-256 "privpass12"
rouser sha2 priv
createUser longkey SHA "authpass12" AES-256 "privpass12"
rouser longkey priv
createUser old MD5 "authpass12" DES "privpass12"
rouser old priv
createUser plain SHA "authpass12"
rouser plain auth
sysDescr A switch of the test
sysObjectID 1.3.6.1.4.1.8072.3.2.10
sysName core-switch
sysContact nobody
sysLocation Server room
sysServices 76
"""


def free_port() -> int:
    """A UDP port of loopback that nobody has at the moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def _wait_until_it_answers(port: int, process: subprocess.Popen[bytes]) -> None:
    request = ber.encode_request(ber.VERSION_2C, b"public", ber.GET, 1, ["1.3.6.1.2.1.1.3.0"])
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
            asker.settimeout(0.1)
            asker.connect((LOOPBACK, port))
            try:
                asker.send(request)
                asker.recv(4096)
            except OSError:
                time.sleep(0.05)
            else:
                return
    raise RuntimeError("snmpd did not come up")


@pytest.fixture(scope="session")
def snmpd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a real snmpd with v1, v2c and several v3 users."""
    folder: Path = tmp_path_factory.mktemp("snmpd")
    port = free_port()
    (folder / "snmpd.conf").write_text(SNMPD_CONF.format(port=port))
    environment = {**os.environ, "MIBS": "", "SNMP_PERSISTENT_DIR": str(folder / "p"), "SNMPCONFPATH": str(folder)}
    program = shutil.which("snmpd") or "/usr/sbin/snmpd"
    process = subprocess.Popen(
        [program, "-f", "-Lf", str(folder / "log"), "-C", "-c", str(folder / "snmpd.conf"), "-p", str(folder / "pid")],
        env=environment,
    )
    try:
        _wait_until_it_answers(port, process)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


class _Device(asyncio.DatagramProtocol):
    """Answers each datagram with the datagrams that a function makes of it."""

    def __init__(self, answer: Callable[[bytes], list[bytes]]) -> None:
        self.answer = answer
        self.heard: list[bytes] = []

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, source: Any) -> None:
        self.heard.append(data)
        for reply in self.answer(data):
            self.transport.sendto(reply, source)


Device = Callable[[Callable[[bytes], list[bytes]]], Awaitable[tuple[int, list[bytes]]]]


@pytest.fixture
async def device() -> AsyncIterator[Device]:
    """Makes a device that answers each request with the datagrams a function returns: its port, and what it heard."""
    transports: list[asyncio.BaseTransport] = []

    async def make(answer: Callable[[bytes], list[bytes]]) -> tuple[int, list[bytes]]:
        loop = asyncio.get_running_loop()
        transport, protocol = await loop.create_datagram_endpoint(lambda: _Device(answer), local_addr=(LOOPBACK, 0))
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
