from __future__ import annotations

import itertools
import socket
import struct
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from agent.discovery import arp
from agent.discovery.arp_orders import read_answers
from stocktake.values import Sighting

OWN_MAC, OWN_ADDRESS = bytes.fromhex("000db9000001"), "10.9.0.254"


def frame(operation: int, mac: bytes, address: str, **changes: int) -> bytes:
    fields = {"ethertype": 0x0806, "hardware": 1, "protocol": 0x0800, "mac_size": 6, "address_size": 4} | changes
    return struct.pack(
        "!6s6sHHHBBH6s4s6s4s", OWN_MAC, mac, *fields.values(), operation, mac, socket.inet_aton(address), OWN_MAC,
        socket.inet_aton(OWN_ADDRESS),
    )  # fmt: skip


TEMPLATE = frame(1, OWN_MAC, OWN_ADDRESS)


class Segment:
    """A wire on which hosts answer, with a clock that only the wire moves: the recorded twin of a packet socket."""

    def __init__(self, hosts: dict[str, list[bytes]], noise: Iterable[bytes] = ()) -> None:
        self.hosts = hosts
        self.now = 0.0
        self.sent: list[tuple[float, str]] = []
        self._waiting = list(noise)

    def clock(self) -> float:
        return self.now

    def send(self, question: bytes) -> None:
        address = socket.inet_ntoa(question[38:42])
        self.sent.append((self.now, address))
        self._waiting += [frame(2, mac, address) for mac in self.hosts.get(address, [])]

    def receive(self, seconds: float) -> bytes | None:
        if self._waiting:
            self.now += 0.000_01
            return self._waiting.pop(0)
        self.now += seconds
        return None


def sweep(segment: Segment, addresses: list[str], rate: float = 100, wait: float = 0.2) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for address, mac, _ in arp.Sweep(TEMPLATE, segment, segment.clock).ask(addresses, rate, wait):
        found.setdefault(address, []).append(mac)
    return found


def test_each_address_is_asked_once_at_the_rate_and_then_awaited() -> None:
    segment = Segment({"10.9.0.2": [bytes.fromhex("001b21000002")]})
    addresses = [f"10.9.0.{n}" for n in range(1, 51)]
    assert sweep(segment, addresses) == {"10.9.0.2": ["00:1b:21:00:00:02"]}
    times = [time for time, _ in segment.sent]
    assert [address for _, address in segment.sent] == addresses
    assert all(later - earlier >= 0.0099 for earlier, later in itertools.pairwise(times))
    assert 0.69 <= segment.now <= 0.72


class Slow(Segment):
    """A wire whose machine is busy: now and then the sweep wakes up late."""

    def receive(self, seconds: float) -> bytes | None:
        late = 0.5 if len(self.sent) == 120 else 0.013
        return super().receive(seconds + late if seconds > 0.001 else seconds)


def test_what_left_late_is_made_good_and_yet_no_second_has_more_than_the_rate() -> None:
    segment = Slow({})
    addresses = [f"10.9.{n >> 8}.{n & 255}" for n in range(400)]
    sweep(segment, addresses, wait=0)
    times = [time for time, _ in segment.sent]
    assert all(times[n + 100] - times[n] >= 1 for n in range(300))
    assert times[-1] < 4.5


def test_an_answer_that_comes_after_its_order_is_heard_in_the_next_one_and_told_once() -> None:
    segment = Segment({"10.9.0.2": [bytes.fromhex("001b21000002")]})
    asking = arp.Sweep(TEMPLATE, segment, segment.clock)
    assert asking.ask(["10.9.0.2"], 100, 0) == []
    assert asking.ask(["10.9.0.3"], 100, 0) == [("10.9.0.2", "00:1b:21:00:00:02", 1)]
    assert asking.ask(["10.9.0.2", "10.9.0.3"], 100, 0.1) == []
    assert [address for _, address in segment.sent] == [
        "10.9.0.2",
        "10.9.0.3",
        "10.9.0.3",
    ]  # who answered is left alone


def test_two_machines_with_one_address_are_both_told_and_a_flood_is_cut() -> None:
    flood = [bytes([0, 0x1B, 0x21, 0, n >> 8, n & 255]) for n in range(10_000)]
    found = sweep(Segment({"10.9.0.2": flood}), ["10.9.0.2"], wait=1.0)
    assert found == {"10.9.0.2": [mac.hex(":") for mac in flood[: arp.MACS_PER_ADDRESS]]}


def test_a_flood_of_answers_does_not_hold_up_the_sweep() -> None:
    segment = Segment({}, noise=[frame(2, OWN_MAC, "10.9.0.99")] * 200_000)
    sweep(segment, ["10.9.0.1"], wait=0.2)
    assert segment.now < 0.22


def test_only_well_formed_replies_of_unicast_macs_count() -> None:
    mac = bytes.fromhex("001b21000002")
    assert arp.reply(frame(2, mac, "10.9.0.2")) == ("10.9.0.2", "00:1b:21:00:00:02")
    assert arp.reply(frame(2, mac, "10.9.0.2") + bytes(18)) == ("10.9.0.2", "00:1b:21:00:00:02")
    wrong = [
        frame(1, mac, "10.9.0.2"),
        frame(2, bytes.fromhex("ffffffffffff"), "10.9.0.2"),
        frame(2, bytes(6), "10.9.0.2"),
        frame(2, mac, "10.9.0.2", hardware=6),
        frame(2, mac, "10.9.0.2", protocol=0x86DD),
        frame(2, mac, "10.9.0.2", mac_size=8),
        frame(2, mac, "10.9.0.2", ethertype=0x0800),
        frame(2, mac, "10.9.0.2")[:41],
        b"",
    ]
    assert [arp.reply(raw) for raw in wrong] == [None] * len(wrong)


def test_an_address_that_was_not_asked_is_not_believed() -> None:
    segment = Segment({}, noise=[frame(2, bytes.fromhex("001b21000002"), "10.9.0.77")])
    assert sweep(segment, ["10.9.0.1"]) == {}


@given(st.binary(max_size=80))
def test_no_frame_breaks_the_reader(raw: bytes) -> None:
    arp.reply(raw)


def test_a_workers_answer_is_read_line_by_line() -> None:
    answer = b"10.9.0.2 00:1b:21:00:00:02 1\n10.9.0.2 00:1b:21:00:00:03 2"
    assert read_answers(answer, frozenset(["10.9.0.2"]), "eth0") == {
        Sighting("10.9.0.2", "00:1b:21:00:00:02", "eth0"): 1,
        Sighting("10.9.0.2", "00:1b:21:00:00:03", "eth0"): 2,
    }


def test_a_worker_that_says_something_else_is_not_believed() -> None:
    wrong = ["", "10.9.0.2", "10.9.0.2  ", "10.9.0.2 00:1b:21:00:00:02", "\xff 00:1b:21:00:00:02 1"]
    wrong += ["10.9.0.2 00:1B:21:00:00:02 1", "10.9.0.2 0:1b:21:0:0:2 1", "10.9.0.2 01:00:5e:00:00:01 1"]
    wrong += ["10.9.0.2 00:1b:21:00:00:02 99", "10.9.0.2 00:1b:21:00:00:02 x", "10.9.0.2 00:1b:21:00:00:02 1 1"]
    wrong += ["10.9.0.3 00:1b:21:00:00:02 1"]  # not asked
    assert read_answers("\n".join(wrong).encode(), frozenset(["10.9.0.2"]), "eth0") == {}


@given(st.binary(max_size=200))
def test_no_answer_of_a_worker_breaks_its_reader(raw: bytes) -> None:
    assert read_answers(raw, frozenset(["10.9.0.2"]), "eth0") == {}
