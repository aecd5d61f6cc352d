"""Our reader, pysnmp and net-snmp read the same types and values from the same octets: all of them, to the byte.

The values are those of the recorded devices in `tests/devices` and the ends of every type's range. They go both ways:
as we write them (from a device of the tests), and as net-snmp writes them (from snmpd, which is told them as text).
"""

from __future__ import annotations

import asyncio
import ipaddress
import random
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from pyasn1.codec.ber import decoder, encoder
from pyasn1.type import univ
from pysnmp.proto.api import v2c
from snmp_device import Answer, Device, RecordedDevice, relay, running_snmpd

from agent.budget import Budget, Limits
from agent.snmp.habits import Habit
from agent.snmp.walk import Meter, walk
from agent.snmp.wire import over_wire
from stocktake import ber, snmprec
from stocktake.values import Binding, Credential, Secret

ROOT = "1.3.6.1.4.1.8072.9999.9999"
DEVICES = Path(__file__).parents[2] / "devices"
NUMBERS = {ber.COUNTER32: 32, ber.GAUGE32: 32, ber.TIME_TICKS: 32, ber.COUNTER64: 64}  # tag → bits


@cache
def values() -> tuple[Binding, ...]:
    """Over 2,000 recorded values and 600 at the ends of ranges; each name has a number and the recorded name."""
    recorded = [
        binding for path in sorted(DEVICES.glob("*/walk.snmprec")) for binding in snmprec.read_file(path).bindings
    ]
    ends = [Binding(f"2.{number}", tag, value) for number, (tag, value) in enumerate(_ends())]
    return tuple(
        binding._replace(oid=f"{ROOT}.{number}.{binding.oid}") for number, binding in enumerate([*recorded, *ends], 1)
    )


def _ends() -> Iterator[tuple[int, bytes]]:
    chance = random.Random(6)  # noqa: S311  the same values in each run
    powers = [2**exponent + near for exponent in range(64) for near in (-1, 0, 1)]
    for number in [*powers, *(-power for power in powers)]:
        if -(2**31) <= number < 2**31:
            yield ber.INTEGER, ber.encode_integer(number)
    for tag, bits in NUMBERS.items():
        yield from ((tag, ber.encode_unsigned(number)) for number in {0, *powers, 2**bits - 1} if number < 2**bits)
    for size in (0, 1, 2, 127, 128, 129, 255, 256, 257, 999):
        yield from ((ber.OCTET_STRING, chance.randbytes(size)) for _ in range(3))
        yield ber.OPAQUE, b"\x04" + chance.randbytes(size)
    yield from ((ber.IP_ADDRESS, ipaddress.IPv4Address(number).packed) for number in (0, 1, 2**31, 2**32 - 1))
    for oid in (
        "0.0",
        "0.39",
        "1.0",
        "2.0",
        "2.39",
        "2.40",
        "2.47",
        "2.48",
        "2.999.3",
        "1.3." + "4294967295." * 60 + "0",
    ):
        yield ber.OBJECT_IDENTIFIER, ber.encode_oid(oid)
    yield from ((ber.OBJECT_IDENTIFIER, ber.encode_oid(f"1.3.{2**bits}.{2**bits - 1}")) for bits in range(32))


# ------------------------------------------------------------------------------------------------ three readers


class Line:
    """A device that is listened to on its line."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.datagrams: list[bytes] = []

    def __call__(self, data: bytes) -> list[bytes]:
        answers = self._answer(data)
        self.datagrams += answers
        return answers


COMMUNITY = Credential("p", "2c", community=Secret("public"))
USER = Credential(
    "v3",
    "3",
    user="reader",
    auth_protocol="SHA-256",
    auth_key=Secret("authpass12"),
    privacy_protocol="AES",
    privacy_key=Secret("privpass12"),
)


async def as_we_read(port: int, credential: Credential = COMMUNITY) -> list[Binding]:
    """By the agent's own walk."""
    budget = Budget(Limits(("127.0.0.1/32",), packets_per_second=10**5, packets_per_second_per_host=10**5))
    session = await over_wire(budget)("127.0.0.1", port, credential, "")
    (walked,) = await walk(session, [ROOT], Meter(), Habit())
    await session.close()
    assert walked.complete
    return list(walked.bindings)


def as_pysnmp_reads(datagrams: Iterable[bytes]) -> list[Binding]:
    """By pyasn1 with pysnmp's types, from what was on the line; type and octets are what it writes of what it read.

    Numbers are taken as such: pyasn1 writes -128 and its like with an octet too many (X.690 8.3.2).
    """
    found = []
    for datagram in datagrams:
        message, rest = decoder.decode(datagram, asn1Spec=v2c.Message())
        assert not rest
        for name, value in v2c.apiPDU.get_varbinds(v2c.apiMessage.get_pdu(message)):
            written = encoder.encode(value)
            tag, start, stop = ber.element(written, 0, len(written))
            octets = ber.encode_integer(int(value)) if isinstance(value, univ.Integer) else written[start:stop]
            found.append(Binding(str(name), tag, octets))
    return [binding for binding in found if binding.oid.startswith(f"{ROOT}.") and binding.tag not in ber.EXCEPTIONS]


def as_net_snmp_reads(port: int) -> list[Binding]:
    """By `snmpbulkwalk`, which prints type and value: strings in hexadecimal, names and times as numbers."""
    command = ["snmpbulkwalk", "-v2c", "-c", "public", "-m", "", "-M", "", "-Onxet", "-Cr25", f"127.0.0.1:{port}", ROOT]
    done = subprocess.run(command, capture_output=True, check=True, text=True, timeout=60)
    entries = re.split(rf"^\.(?={re.escape(ROOT)}\.)", done.stdout, flags=re.MULTILINE)[1:]
    return [_printed(entry) for entry in entries if " = No more variables" not in entry]


PRINTED = {
    "Counter32": ber.COUNTER32,
    "Gauge32": ber.GAUGE32,
    "Counter64": ber.COUNTER64,
    "INTEGER": ber.INTEGER,
    "": ber.TIME_TICKS,
}


def _printed(entry: str) -> Binding:
    """`1.3.6.1 = Gauge32: 7`: what net-snmp printed."""
    oid, _, text = entry.partition(" = ")
    kind, colon, value = text.strip().partition(": ")
    if not colon:
        kind, value = kind.rstrip(":"), "" if kind.endswith(":") else kind
    match kind:
        case '""':
            return Binding(oid, ber.OCTET_STRING, b"")
        case "NULL":
            return Binding(oid, ber.NULL, b"")
        case "Hex-STRING":
            return Binding(oid, ber.OCTET_STRING, bytes.fromhex(value))
        case "OPAQUE":
            return Binding(oid, ber.OPAQUE, bytes.fromhex(value))
        case "OID":
            return Binding(oid, ber.OBJECT_IDENTIFIER, ber.encode_oid(value.removeprefix(".")))
        case "IpAddress":
            return Binding(oid, ber.IP_ADDRESS, ipaddress.IPv4Address(value).packed)
        case _ if kind.isdigit():
            return Binding(oid, ber.TIME_TICKS, ber.encode_unsigned(int(kind)))
        case _:
            return Binding(oid, PRINTED[kind], ber.encode_integer(int(value)))


# ------------------------------------------------------------------------------------------------ both ways


def test_there_are_enough_values_of_every_type() -> None:
    kinds = Counter(binding.tag for binding in values())
    assert len(values()) > 2_500
    assert min(kinds[tag] for tag in (ber.INTEGER, ber.OCTET_STRING, ber.OBJECT_IDENTIFIER, *NUMBERS)) > 40
    assert kinds.keys() >= {ber.IP_ADDRESS, ber.OPAQUE}


@pytest.mark.needs("snmpbulkwalk")
async def test_three_readers_agree_on_what_we_write(device: Device) -> None:
    nulls = [Binding(f"{ROOT}.1000000", ber.NULL, b"")]
    line = Line(RecordedDevice([*values(), *nulls]))
    port, _ = await device(line)
    expected = [*values(), *nulls]
    assert await as_we_read(port) == expected
    assert as_pysnmp_reads(line.datagrams) == expected
    assert await asyncio.to_thread(as_net_snmp_reads, port) == expected


@pytest.mark.needs("snmpd", "snmpbulkwalk")
async def test_three_readers_agree_on_what_net_snmp_writes(device: Device, tmp_path: Path) -> None:
    table, script = tmp_path / "values", tmp_path / "serve.py"
    table.write_text("".join(map(_told, values())))
    script.write_text(SERVE)
    user = ['createUser reader SHA-256 "authpass12" AES "privpass12"', "rouser reader priv"]
    with running_snmpd(tmp_path, [*user, f"pass_persist .{ROOT} {sys.executable} {script} {table}"]) as snmpd:
        line = Line(relay(snmpd, lambda _, answer: [answer]))
        port, _ = await device(line)
        assert await as_we_read(port) == list(values())
        assert as_pysnmp_reads(line.datagrams) == list(values())
        assert await asyncio.to_thread(as_net_snmp_reads, snmpd) == list(values())
        assert await as_we_read(snmpd, USER) == list(values())


TOLD = {
    ber.INTEGER: "integer",
    ber.COUNTER32: "counter",
    ber.GAUGE32: "gauge",
    ber.TIME_TICKS: "timeticks",
    ber.COUNTER64: "counter64",
    ber.OCTET_STRING: "octet",
    ber.OPAQUE: "opaque",
}


def _told(binding: Binding) -> str:
    """A value as `pass_persist` (snmpd.conf) takes it: name, type and text, a line each."""
    match binding.tag:
        case ber.OBJECT_IDENTIFIER:
            kind, text = "objectid", f".{ber.oid_text(binding.value)}"
        case ber.IP_ADDRESS:
            kind, text = "ipaddress", str(ipaddress.IPv4Address(binding.value))
        case ber.OCTET_STRING | ber.OPAQUE:
            kind, text = TOLD[binding.tag], binding.value.hex(" ")
        case _:
            kind, text = TOLD[binding.tag], str(ber.integer(binding))
    if binding.tag == ber.OCTET_STRING and not text:
        kind = "string"
    return f".{binding.oid}\n{kind}\n{text}\n"


#: what snmpd runs: a table in its order, by the protocol of `pass_persist`
SERVE = """
import bisect, sys
lines = open(sys.argv[1]).read().split("\\n")[:-1]
entries = [tuple(lines[at : at + 3]) for at in range(0, len(lines), 3)]
def key(oid):
    return tuple(map(int, oid.strip(".").split(".")))
keys = [key(entry[0]) for entry in entries]
for line in iter(sys.stdin.readline, ""):
    if line == "PING\\n":
        print("PONG", flush=True)
    elif line in ("get\\n", "getnext\\n"):
        asked = key(sys.stdin.readline())
        at = (bisect.bisect_left if line == "get\\n" else bisect.bisect_right)(keys, asked)
        found = at < len(keys) and (line == "getnext\\n" or keys[at] == asked)
        print("\\n".join(entries[at]) if found else "NONE", flush=True)
"""
