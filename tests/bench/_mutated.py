"""Mutated answers through the strict reader: what it raises, how long the worst takes, how much memory it holds.

    _mutated.figures(figures)

Ten million take minutes in pure Python, so a run is boxed to SECONDS, and says how many that were; with
`STOCKTAKE_MUTATED=10000000` it reads as many as that. The answers are those of recorded devices (`tests/devices`) as
v2c messages and as scoped PDUs of SNMPv3, and the mutations are always the same ones.
"""

from __future__ import annotations

import contextlib
import os
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from _figures import Figures

from agent.snmp.frames import read_frame, read_scoped
from stocktake import ber, snmprec
from stocktake.values import Binding

SECONDS = 20.0
COUNT_VARIABLE = "STOCKTAKE_MUTATED"
SLOWEST_MS, MEMORY_MB = 50, 20
_DEVICES = Path(__file__).parent.parent / "devices"
_SUSPECT_SECONDS = 0.005  # what takes longer is read again: the machine may have been busy with something else
_AGAIN = 5
_LOOK_EVERY = 20_000
_WORST_EVERY = 1_999  # one in so many is as large as a datagram gets; a prime, so that both readers get them
#: octets that mean something to BER: ends of ranges, forms of lengths, SNMP's tags
_NASTY = bytes((0, 1, 2, 4, 5, 6, 0x1F, 0x30, 0x40, 0x46, 0x7F, 0x80, 0x81, 0x82, 0x83, 0x84, 0xA2, 0xA8, 0xFF))

Mutate = Callable[[random.Random, bytearray], None]


def figures(figures: Figures, seconds: float = SECONDS) -> None:
    """Print them."""
    wanted = int(os.environ.get(COUNT_VARIABLE, "0"))
    tally = Tally()
    begun = time.process_time()
    for data in mutated(random.Random(6)):  # noqa: S311  the same mutations in each run
        tally.read(data)
        if tally.count % _LOOK_EVERY == 1:
            tally.look()
            if tally.count >= wanted if wanted else time.process_time() - begun > seconds:
                break
    figures.beside("mutated answers: read by v2c's reader and by v3's", tally.count, "answers")
    figures.beside("mutated answers: of these still well-formed", tally.believed, "answers")
    figures.beside("mutated answers: rate, with making them", tally.count / (time.process_time() - begun), "/s of CPU")
    figures.exactly("mutated answers: exceptions but the reader's own", len(tally.strange), 0, "exceptions")
    figures.at_most("mutated answers: the slowest", tally.slowest_seconds * 1000, SLOWEST_MS, "ms")
    figures.at_most("mutated answers: memory growth", tally.grown_mb, MEMORY_MB, "MB")
    for name in sorted(tally.strange):
        print(f"  {name}", flush=True)


class Tally:
    """What became of the answers so far."""

    def __init__(self) -> None:
        self.count = self.believed = 0
        self.strange: set[str] = set()
        self.slowest_seconds = 0.0
        self._first_mb = 0.0
        self.grown_mb = 0.0

    def read(self, data: bytes) -> None:
        """One answer, by both readers in turn."""
        self.count += 1
        by = read_v3 if self.count % 4 == 0 else ber.decode_message
        begun = time.perf_counter()
        try:
            by(data)
        except ber.BerError:
            pass
        except BaseException as error:  # noqa: BLE001  that there is none is what is measured
            self.strange.add(f"{type(error).__name__}: {error} for {data.hex()[:200]}")
        else:
            self.believed += 1
        took = time.perf_counter() - begun
        if took > max(self.slowest_seconds, _SUSPECT_SECONDS):
            took = min(took, *(_spent(by, data) for _ in range(_AGAIN)))
        self.slowest_seconds = max(self.slowest_seconds, took)

    def look(self) -> None:
        """Note how much memory there is; the first look is what growth is counted from."""
        now = _resident_mb()
        self._first_mb = self._first_mb or now
        self.grown_mb = max(self.grown_mb, now - self._first_mb)


def read_v3(data: bytes) -> object:
    """A datagram as SNMPv3's reader takes it, or else as what decryption may make of one."""
    try:
        plain = read_frame(data).plain
    except ber.BerError:
        plain = data
    return ber.decode_bindings(read_scoped(plain).bindings)


def _spent(by: Callable[[bytes], object], data: bytes) -> float:
    begun = time.process_time()
    with contextlib.suppress(ber.BerError):
        by(data)
    return time.process_time() - begun


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


# ------------------------------------------------------------------------------------------------ answers


def mutated(chance: random.Random) -> Iterator[bytes]:
    """Answers, each mutated once to three times, without end."""
    good = list(answers())
    worst = list(largest())
    number = 0
    while True:
        number += 1
        data = bytearray(chance.choice(worst if number % _WORST_EVERY == 0 else good))
        for _ in range(chance.choice((1, 1, 2, 3))):
            if data:
                chance.choice(MUTATIONS)(chance, data)
        yield bytes(data)


def answers() -> Iterator[bytes]:
    """Good answers of one to five recorded objects: v2c messages, and scoped PDUs of v3 at each fourth place."""
    recorded = [
        binding for path in sorted(_DEVICES.glob("*/walk.snmprec")) for binding in snmprec.read_file(path).bindings
    ]
    at = number = 0
    while at < len(recorded):
        number += 1
        portion = tuple(recorded[at : at + 1 + number % 5])
        at += len(portion)
        yield ber.encode_message(ber.Message(1, b"public", ber.RESPONSE, 0x12345678, 0, 0, portion))
        if number % 4 == 0:
            yield scoped(portion)


def scoped(bindings: tuple[Binding, ...]) -> bytes:
    """The scoped PDU of a v3 response."""
    numbers = b"".join(ber.encode_element(ber.INTEGER, b"\x01") for _ in range(3))
    pdu = ber.encode_element(ber.RESPONSE, numbers + ber.encode_bindings(bindings))
    engine = ber.encode_element(ber.OCTET_STRING, b"\x80\x00\x1f\x88\x80" + bytes(8))
    return ber.encode_element(ber.SEQUENCE, engine + ber.encode_element(ber.OCTET_STRING, b"vlan-20") + pdu)


def largest() -> Iterator[bytes]:
    """Answers as large as a datagram gets, and as tiresome."""
    arcs = ".".join(["1.3", *[str(ber.ARC_LIMIT)] * 126])
    for bindings in (
        [Binding("1.3.6", ber.NULL, b"")] * ber.BINDINGS_LIMIT,
        [Binding("1.3.6", ber.NULL, b"")] * 2 * ber.BINDINGS_LIMIT,
        [Binding(arcs, ber.INTEGER, b"\x01")] * 100,
        [Binding("1.3." + "1." * 120 + "1", ber.INTEGER, b"\x01")] * 450,
        [Binding("1.3.6.1", ber.OCTET_STRING, bytes(65_000))],
    ):
        yield ber.encode_message(ber.Message(1, b"public", ber.RESPONSE, 0x12345678, 0, 0, tuple(bindings)))
    yield b"\x30\x83\x00\xff\xf0\x30\x80" + b"\x30\x80" * 32_000


# ------------------------------------------------------------------------------------------------ mutations


def _flip(chance: random.Random, data: bytearray) -> None:
    data[int(chance.random() * len(data))] ^= 1 << int(chance.random() * 8)


def _set(chance: random.Random, data: bytearray) -> None:
    data[int(chance.random() * len(data))] = chance.choice(_NASTY)


def _set_early(chance: random.Random, data: bytearray) -> None:
    """Where the lengths of message and PDU, the header and the first OID are."""
    data[int(chance.random() * min(len(data), 48))] = chance.choice(_NASTY)


def _cut_off(chance: random.Random, data: bytearray) -> None:
    del data[int(chance.random() * len(data)) :]


def _insert(chance: random.Random, data: bytearray) -> None:
    at = int(chance.random() * len(data))
    data[at:at] = chance.randbytes(1 + int(chance.random() * 4))


def _leave_out(chance: random.Random, data: bytearray) -> None:
    at = int(chance.random() * len(data))
    del data[at : at + 1 + int(chance.random() * 8)]


def _repeat(chance: random.Random, data: bytearray) -> None:
    at = int(chance.random() * len(data))
    data[at:at] = data[at : at + int(chance.random() * 64)]


def _overwrite(chance: random.Random, data: bytearray) -> None:
    """Move a piece of the answer over another, without changing its length."""
    size = int(chance.random() * 16)
    start, at = int(chance.random() * len(data)), int(chance.random() * len(data))
    piece = data[start : start + size][: len(data) - at]
    data[at : at + len(piece)] = piece


MUTATIONS: tuple[Mutate, ...] = (
    _flip,
    _flip,
    _set,
    _set,
    _set_early,
    _cut_off,
    _insert,
    _leave_out,
    _repeat,
    _overwrite,
)
