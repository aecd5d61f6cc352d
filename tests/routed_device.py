"""What devices of the routed lab run, each in its namespace: a bridge that tells its table, hosts that talk, a twin.

    routed_device.py bridge br0        BRIDGE-MIB of a Linux bridge, for snmpd's pass_persist
    routed_device.py talk JSON         an ARP request for its gateway from each [interface, MAC, address, gateway]
    routed_device.py twin FOLDER       a recorded device on port 161; FOLDER/COMMUNITY.snmprec is one view of it

The first two need the standard library alone and start with `python -SE`.
"""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import sys
import time
from collections.abc import Iterator
from pathlib import Path

BRIDGE = (1, 3, 6, 1, 2, 1, 17)  # BRIDGE-MIB, RFC 4188
ENTRY = struct.Struct("=6sBBIB3x")  # struct __fdb_entry of linux/if_bridge.h: MAC, port, local, age, high octet
FRESH_SECONDS = 2.0
Row = tuple[tuple[int, ...], str, str]  # OID, type and value as pass_persist has them


def main() -> None:
    """Run one of them."""
    {"bridge": bridge, "talk": talk, "twin": twin}[sys.argv[1]](sys.argv[2])


def bridge(interface: str) -> None:
    """Answer snmpd: `get` or `getnext` and an OID, line by line."""
    rows: list[Row] = []
    read_at = -FRESH_SECONDS
    while command := sys.stdin.readline().strip():
        if command == "PING":
            print("PONG", flush=True)
            continue
        oid = tuple(int(arc) for arc in sys.stdin.readline().strip().strip(".").split("."))
        if time.monotonic() - read_at >= FRESH_SECONDS:
            rows, read_at = sorted(table(Path("/sys/class/net") / interface)), time.monotonic()
        found = next((row for row in rows if (row[0] > oid if command == "getnext" else row[0] == oid)), None)
        print(f".{'.'.join(map(str, found[0]))}\n{found[1]}\n{found[2]}" if found else "NONE", flush=True)


def table(folder: Path) -> Iterator[Row]:
    """dot1dBase, dot1dTpAgingTime and the forwarding table as the kernel has it now."""
    ports = {int((port / "port_no").read_text(), 16): port.name for port in (folder / "brif").iterdir()}
    yield (*BRIDGE, 1, 1, 0), "octet", (folder / "address").read_text().strip().replace(":", " ")
    yield (*BRIDGE, 1, 2, 0), "integer", str(len(ports))
    yield (*BRIDGE, 4, 2, 0), "integer", str(int((folder / "bridge/ageing_time").read_text()) // 100)
    for number, name in ports.items():
        yield (*BRIDGE, 1, 4, 1, 2, number), "integer", (folder.parent / name / "ifindex").read_text().strip()
    raw = (folder / "brforward").read_bytes()
    for mac, low, local, _, high in ENTRY.iter_unpack(raw[: len(raw) // ENTRY.size * ENTRY.size]):
        yield (*BRIDGE, 4, 3, 1, 2, *mac), "integer", str(low | high << 8)
        yield (*BRIDGE, 4, 3, 1, 3, *mac), "integer", "4" if local else "3"


def talk(told: str) -> None:
    """Send everybody's request once."""
    for interface, mac, address, gateway in json.loads(told):
        raw, wanted = bytes.fromhex(mac.replace(":", "")), socket.inet_aton(gateway)
        request = struct.pack("!HHHBBH", 0x0806, 1, 0x0800, 6, 4, 1) + raw + socket.inet_aton(address) + bytes(6)
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as wire:
            wire.bind((interface, 0))
            wire.send(b"\xff" * 6 + raw + request + wanted)


def twin(folder: str) -> None:
    """Answer as the device once did; a community that has no view is not heard."""
    sys.path.append(str(Path(__file__).parent / "agent" / "snmp"))
    from snmp_device import RecordedDevice  # noqa: PLC0415 -- the others start without

    from stocktake import ber, snmprec  # noqa: PLC0415

    views = [
        RecordedDevice(snmprec.read_file(path).bindings, community=path.stem.encode())
        for path in Path(folder).glob("*.snmprec")
    ]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as wire:
        wire.bind(("", 161))
        (Path(folder) / "ready").touch()
        while True:
            asked, asker = wire.recvfrom(65_535)
            with contextlib.suppress(ber.BerError):  # SNMPv3, which it does not speak
                for answer in (answer for view in views for answer in view(asked)):
                    wire.sendto(answer, asker)


if __name__ == "__main__":
    main()
