"""What was erased at the collector leaves an agent's spool, keeps every number, and is acknowledged once it is done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import x25519
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from far_end import FarEnd, enrolled_state, running

from agent.clock import Clock
from agent.erasing import Erasing
from agent.errands import Erasure, Orders
from agent.errors import SpoolFull
from agent.link import connected
from agent.snmp.habits import Habits
from agent.spool import Spool
from agent.state import Identity, StateDirectory
from agent.worker import Workers
from stocktake import wire
from stocktake.notations import MAC, TEXT, Item, item
from stocktake.redaction import Sought
from stocktake.v1 import control_service_pb2
from stocktake.values import (
    Binding,
    Examination,
    Gap,
    GroupResult,
    Method,
    Outcome,
    Report,
    Sighting,
    Sightings,
    SnmpBindings,
    Subject,
    SubjectKind,
)

WHEN = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
PHONE = "00:1b:21:9a:0e:c1"
RAW = bytes.fromhex("001b219a0ec1")
OTHER = "00:1b:21:9a:0e:c2"


def spool_at(path: Path) -> Spool:
    return Spool(path, "agent-1", clock=Clock(wall=lambda: WHEN, since_boot=lambda: 1.0, boot_id="boot"))


def report(*sightings: Sighting, name: str = "sightings") -> Report:
    group = GroupResult(name, Outcome.COMPLETE, Sightings(sightings))
    return Report(
        WHEN, 1.0, "boot", Examination(Subject(SubjectKind.NETWORK, network="10.1.0.0/24"), Method.ARP, (group,))
    )


def of_switch(mac: str) -> Report:
    rows = (Binding("1.3.6.1.2.1.17.4.3.1.1.0.27.33.154.14.193", 4, RAW), Binding("1.3.6.1.2.1.1.5.0", 4, b"sw1"))
    group = GroupResult("forwarding", Outcome.COMPLETE, SnmpBindings(rows))
    subject = Subject(SubjectKind.ADDRESS, "10.1.0.5", mac, "10.1.0.0/24")
    return Report(WHEN, 1.0, "boot", Examination(subject, Method.SNMP_V2C, (group,)))


def files(path: Path) -> bytes:
    return b"".join(each.read_bytes() for each in sorted(path.parent.iterdir()) if each.is_file())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spool.db"


def test_a_value_leaves_waiting_and_kept_reports_and_every_number_stays(path: Path) -> None:
    spool = spool_at(path)
    spool.put(report(Sighting("10.1.0.9", PHONE), Sighting("10.1.0.8", OTHER)))
    spool.put(of_switch(PHONE))
    spool.acknowledge(2)
    spool.put(report(Sighting("10.1.0.9", PHONE), name="again"))
    spool.put(report(Sighting("10.1.0.8", OTHER), name="other"))
    untouched = dict(spool.pending())[4]
    assert RAW in files(path)
    assert spool.redact(Sought([item(MAC, PHONE)])) == 3
    assert RAW not in files(path)
    spool.replay_from(1)
    kept = dict(spool.pending())
    assert sorted(kept) == [1, 2, 3, 4]
    assert kept[4] == untouched
    bodies = [wire.decode_report(raw).body for raw in kept.values()]
    assert not [body for body in bodies if isinstance(body, Gap)]
    first = bodies[0]
    assert isinstance(first, Examination)
    assert first.groups[0].content == Sightings((Sighting("10.1.0.8", OTHER),))
    spool.close()
    reopened = spool_at(path)
    assert sorted(dict(reopened.pending())) == [1, 2, 3, 4]
    assert reopened.renewals == 0
    reopened.close()


def test_what_the_collector_holds_is_forgotten_so_that_it_travels_in_full_again(path: Path) -> None:
    spool = spool_at(path)
    for _ in range(2):
        spool.put(report(Sighting("10.1.0.8", OTHER)))
    spool.redact(Sought([item(MAC, PHONE)]))
    spool.put(report(Sighting("10.1.0.8", OTHER)))
    outcomes = [wire.decode_report(raw).body.groups[0].outcome for _, raw in spool.pending()]  # type: ignore[union-attr]  # no gaps
    assert outcomes == [Outcome.COMPLETE, Outcome.UNCHANGED, Outcome.COMPLETE]
    spool.close()


def test_damaged_files_that_were_set_aside_go_with_it(path: Path) -> None:
    spool = spool_at(path)
    path.with_name("spool.corrupt.1").write_bytes(RAW)
    spool.redact(Sought([item(MAC, PHONE)]))
    spool.close()
    assert RAW not in files(path)


def test_habits_forget_the_faces_of_devices_and_the_address_that_is_made_of_the_value() -> None:
    habits = Habits()
    habits.of("10.1.0.8", "10.1.0.0/24").meet("a face")
    habits.of("2001:db8::21b:21ff:fe9a:ec1", "2001:db8::/64").meet("another")
    habits.forget_faces(Sought([item(MAC, PHONE)]).occurs)
    assert "face" not in habits.to_json().replace('"face": ""', "")
    assert "10.1.0.8" in habits.to_json()
    assert "21b:21ff" not in habits.to_json()


def test_an_order_that_fails_is_not_told_as_done_and_tried_again() -> None:
    troubles: list[str] = []
    tells: list[None] = []
    failures = [SpoolFull("The disk is full.")]

    def redact(_: Sought) -> int:
        if failures:
            raise failures.pop()
        return 1

    erasing = Erasing(redact, troubles.append, lambda: tells.append(None))
    order = Erasure("e1", ((MAC, RAW),))
    erasing.hear([order], ())
    assert (erasing.untold(), tells) == ((), [])
    assert "still in the spool" in troubles[0]
    erasing.hear([order, Erasure("e2")], ())
    assert (erasing.untold(), len(tells)) == (("e1", "e2"), 2)
    erasing.hear([order], ())
    assert len(tells) == 2
    erasing.hear((), ["e1"])
    assert erasing.untold() == ("e2",)
    assert RAW.hex() not in repr(order)


# ------------------------------------------------------------------------------------------------ the wire


@pytest.fixture
def end() -> Iterator[FarEnd]:
    with running(FarEnd()) as far_end:
        yield far_end


def sealed(identity: Identity, *items: Item, info: bytes = b"stocktake.v1.Erasure") -> bytes:
    private = x25519.X25519PrivateKey.from_private_bytes(bytes.fromhex(identity.sealing_key.reveal()))
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
    return suite.encrypt(wire.encode_erased((i.kind, i.octets) for i in items), private.public_key(), info)


async def test_orders_come_sealed_with_a_sync_and_are_acknowledged_by_the_next(end: FarEnd, tmp_path: Path) -> None:
    state = enrolled_state(tmp_path / "state", end)
    identity = state.identity()
    assert identity is not None
    phone, serial = item(MAC, PHONE), item(TEXT, "cn7ab42")
    other = control_service_pb2.EraseOrder(id="e2", sealed=sealed(identity, phone, info=b"stocktake.v1.Credential"))
    good = control_service_pb2.EraseOrder(id="e1", sealed=sealed(identity, phone, serial))
    end.orders = control_service_pb2.SyncResponse(erase_orders=[good, other])
    found = await synced(state, end, [])
    values = tuple((i.kind, i.octets) for i in (phone, serial))
    assert found.erasures == (Erasure("e1", values), Erasure("e2"))
    assert Orders.from_json(found.to_json()) == found
    await synced(state, end, ["e1"])
    assert list(end.syncs[-1].erased) == ["e1"]


async def synced(state: StateDirectory, end: FarEnd, erased: list[str]) -> Orders:
    async with connected(Workers(), state, end.address) as link:
        return await link.sync({"version": "1", "erased": erased}, Orders())


def test_values_that_cannot_be_looked_for_are_no_order() -> None:
    for hostile in (b"\xff", control_service_pb2.ErasedValues(macs=[b"\0" * 5]).SerializeToString(),
                    control_service_pb2.ErasedValues(texts=[""]).SerializeToString(),
                    control_service_pb2.ErasedValues(texts=["abcd"] * 501).SerializeToString()):  # fmt: skip
        with pytest.raises(wire.WireError):
            wire.decode_erased(hostile)
