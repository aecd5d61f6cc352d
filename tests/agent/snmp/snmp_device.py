"""What tests put at the other end of a session: recorded devices on datagrams, and a real snmpd.

It reads and writes by `stocktake.ber`, so agreement of that with others is shown elsewhere (`test_agreement.py`).
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from stocktake import ber
from stocktake.values import Binding

LOOPBACK = "127.0.0.1"
DATAGRAM_LIMIT = 65_507  # octets of UDP over IPv4
Answer = Callable[[bytes], list[bytes]]


class Device(Protocol):
    """Makes a device: its port, and the list of what it heard. `lost` is asked for each datagram on its way."""

    async def __call__(
        self, answer: Answer, *, delay_seconds: float = 0.0, lost: Callable[[], bool] = ...
    ) -> tuple[int, list[bytes]]: ...


class RecordedDevice:
    """Answers v1 and v2c questions from bindings; an answer has at most `largest` octets, and ends early for that."""

    def __init__(self, bindings: Iterable[Binding], *, community: bytes = b"public", largest: int = 1400) -> None:
        self._found = {ber.oid_key(binding.oid): binding for binding in bindings}
        self._keys = sorted(self._found)
        self._community = community
        self._largest = largest

    def __call__(self, data: bytes) -> list[bytes]:
        """The answer to a datagram, as the only one of a list."""
        asked = ber.decode_message(data)
        if asked.community != self._community:
            return []
        return [answered(asked, *self._fitting(self.rows(asked)))]

    def rows(self, asked: ber.Message) -> Iterator[Binding]:
        """What answers the question, without end to its size."""
        if asked.pdu_type == ber.GET:
            for binding in asked.bindings:
                yield self._found.get(ber.oid_key(binding.oid), Binding(binding.oid, ber.NO_SUCH_OBJECT, b""))
            return
        row = [binding.oid for binding in asked.bindings]
        for _ in range(asked.error_index if asked.pdu_type == ber.GET_BULK else 1):
            following = [self._following(oid) for oid in row]
            yield from following
            row = [binding.oid for binding in following]

    def _fitting(self, bindings: Iterable[Binding]) -> Iterator[Binding]:
        size = 50
        for number, binding in enumerate(bindings):
            size += len(ber.encode_bindings([binding]))
            if number and size > self._largest:
                return
            yield binding

    def _following(self, oid: str) -> Binding:
        at = bisect_right(self._keys, ber.oid_key(oid))
        return self._found[self._keys[at]] if at < len(self._keys) else Binding(oid, ber.END_OF_MIB_VIEW, b"")

    def count_under(self, root: str) -> int:
        """How many objects there are under an OID."""
        key = ber.oid_key(root)
        return bisect_left(self._keys, (*key[:-1], key[-1] + 1)) - bisect_left(self._keys, key)


def answered(asked: ber.Message, *bindings: Binding, status: int = 0) -> bytes:
    """The datagram of a response to a question."""
    return ber.encode_message(
        replace(asked, pdu_type=ber.RESPONSE, error_status=status, error_index=0, bindings=bindings)
    )


def relay(port: int, change: Callable[[int, bytes], list[bytes]]) -> Answer:
    """A stranger between agent and device, who changes answers: (number of the answer, answer) → answers.

    Where the device is silent, nothing comes.
    """
    turn = iter(range(1_000_000))

    def through(data: bytes) -> list[bytes]:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.settimeout(0.3)
            line.connect((LOOPBACK, port))
            line.send(data)
            try:
                answer = line.recv(DATAGRAM_LIMIT)
            except TimeoutError:
                return []
        return change(next(turn), answer)

    return through


# ------------------------------------------------------------------------------------------------ snmpd


def free_port() -> int:
    """A UDP port of loopback that nobody has at the moment."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def running_snmpd(folder: Path, lines: Sequence[str], port: int = 0) -> Iterator[int]:
    """The port of a real snmpd with `public` and these lines of configuration, as long as the context is open.

    The same folder has the same engine, booted once more.
    """
    port = port or free_port()
    kept = folder / "p"
    first = [f"agentAddress udp:{LOOPBACK}:{port}", "rocommunity public"]
    (folder / "snmpd.conf").write_text("\n".join([*first, *lines, ""]))
    environment = {**os.environ, "MIBS": "", "SNMP_PERSISTENT_DIR": str(kept), "SNMPCONFPATH": f"{folder}:{kept}"}
    program = shutil.which("snmpd") or "/usr/sbin/snmpd"
    files = ["-Lf", str(folder / "log"), "-p", str(folder / "pid")]
    process = subprocess.Popen([program, "-f", "-I", "-smux", *files], env=environment)
    try:
        _wait_until_it_answers(port, process)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


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
