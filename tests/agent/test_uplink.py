"""The uplink and enrolment against a real gRPC server with real TLS, most of it through the real child process."""

from __future__ import annotations

import hashlib
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import grpc
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from far_end import Authority, FarEnd, der, enrolled_state, pem, running, sealed

from agent import enrol as enrolment
from agent.certificates import trust_of
from agent.clock import Clock
from agent.enrol import Wishes, shown_certificates
from agent.errands import Checkpoint, Orders, Receipt, Token, frame, parse
from agent.errors import BatchRefused, EnrolmentFailed, Refused, Unreachable, UplinkError
from agent.link import connected, push
from agent.spool import Spool
from agent.state import WITNESS, StateDirectory
from agent.worker import Workers
from stocktake.checkpoints import signed_octets
from stocktake.v1 import control_service_pb2, report_service_pb2
from stocktake.values import (
    Binding,
    Cadence,
    Credential,
    Examination,
    Gap,
    GroupResult,
    Method,
    Outcome,
    PlanGroup,
    Report,
    Secret,
    SnmpBindings,
    Subject,
    SubjectKind,
    WalkPlan,
)
from stocktake.wire import (
    BATCH_SIGNATURE_PREFIX,
    decode_plan,
    decode_report,
    digest,
    encode_content,
    encode_plan,
)

WHEN = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
PLAN = WalkPlan((PlanGroup(1, "system", Cadence.INVENTORY, ("1.3.6.1.2.1.1.1.0",)),))
CREDENTIAL = Credential("switches", "2c", community=Secret("not-for-logs"))


@pytest.fixture
def end() -> Iterator[FarEnd]:
    with running(FarEnd()) as far_end:
        yield far_end


@pytest.fixture
def state(end: FarEnd, tmp_path: Path) -> StateDirectory:
    return enrolled_state(tmp_path / "state", end)


@pytest.fixture
def spool(state: StateDirectory) -> Iterator[Spool]:
    opened = Spool(state.spool_path, "agent-1")
    yield opened
    opened.close()


def report(address: str, text: str = "a switch") -> Report:
    content = SnmpBindings((Binding("1.3.6.1.2.1.1.1.0", 4, text.encode()),))
    subject = Subject(SubjectKind.ADDRESS, address)
    return Report(
        WHEN, 1.0, "boot", Examination(subject, Method.SNMP_V2C, (GroupResult("s", Outcome.COMPLETE, content),))
    )


def response(highest: int, **fields: object) -> Callable[[object], report_service_pb2.SubmitReportsResponse]:
    made = report_service_pb2.SubmitReportsResponse(highest_contiguous_sequence=highest, **fields)  # type: ignore[arg-type]  # its fields
    return lambda _: made


async def pushed(state: StateDirectory, spool: Spool, end: FarEnd, troubles: list[str] | None = None) -> None:
    async with connected(Workers(), state, end.address) as link:
        await push(link, spool, state, Clock(), (troubles if troubles is not None else []).append)


async def with_link(state: StateDirectory, end: FarEnd, sync: Orders | None = None) -> Orders:
    async with connected(Workers(), state, end.address) as link:
        return await link.sync(
            {"version": "1", "numbers": {"sweeps": 3}, "networks": ["10.1.0.0/24"]}, sync or Orders()
        )


# ------------------------------------------------------------------------------------------------ reports


async def test_everything_that_waits_arrives_once_and_is_acknowledged(
    state: StateDirectory, spool: Spool, end: FarEnd
) -> None:
    for n in range(700):
        spool.put(report(f"10.1.{n // 250}.{n % 250}", "x" * 500))
    await pushed(state, spool, end)
    assert end.sequences(spool.stream_id) == list(range(1, 701))
    assert len(end.batches) > 1
    assert spool.numbers().pending_reports == 0


async def test_a_batch_is_signed_by_the_key_of_the_certificate_beside_it(
    state: StateDirectory, spool: Spool, end: FarEnd
) -> None:
    spool.put(report("10.1.0.1"))
    await pushed(state, spool, end)
    key = x509.load_der_x509_certificate(end.signed[0].certificate).public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    key.verify(end.signed[0].signature, BATCH_SIGNATURE_PREFIX + end.signed[0].batch, ec.ECDSA(hashes.SHA256()))


async def test_a_busy_collector_is_unreachable_and_nothing_is_lost(
    state: StateDirectory, spool: Spool, end: FarEnd
) -> None:
    spool.put(report("10.1.0.1"))
    end.failures.append((grpc.StatusCode.RESOURCE_EXHAUSTED, "too much at once"))
    with pytest.raises(Unreachable, match="too much at once"):
        await pushed(state, spool, end)
    await pushed(state, spool, end)
    assert end.sequences(spool.stream_id) == [1]


async def test_a_collector_that_knows_us_not_is_told_apart_from_one_that_is_away(
    state: StateDirectory, spool: Spool, end: FarEnd
) -> None:
    spool.put(report("10.1.0.1"))
    end.failures.append((grpc.StatusCode.PERMISSION_DENIED, "this agent is revoked"))
    with pytest.raises(Refused, match="revoked") as caught:
        await pushed(state, spool, end)
    assert not isinstance(caught.value, BatchRefused)
    assert spool.numbers().pending_reports == 1


async def test_a_batch_that_is_refused_is_halved_until_the_one_bad_report_is_given_up(
    state: StateDirectory, spool: Spool, end: FarEnd
) -> None:
    for n in range(1, 9):
        spool.put(report(f"10.1.0.{n}", "poison" if n == 5 else "good"))

    troubles: list[str] = []
    end.poison = b"poison"
    await pushed(state, spool, end, troubles)
    assert any("given up" in trouble for trouble in troubles)
    bodies = [decode_report(raw).body for batch in end.batches for _, raw in batch.entries]
    assert [body.first for body in bodies if isinstance(body, Gap)] == [5]
    assert spool.numbers().pending_reports == 0


async def test_a_gap_that_is_refused_is_not_replaced_by_gaps_for_ever(
    state: StateDirectory, spool: Spool, end: FarEnd
) -> None:
    spool.put(report("10.1.0.1"))
    spool.give_up(1, "poison")
    end.poison = b"poison"
    with pytest.raises(BatchRefused):
        await pushed(state, spool, end)
    assert spool.numbers().pending_reports == 1


async def test_a_refused_report_is_dropped_and_an_unknown_content_is_sent_in_full_next_time(
    state: StateDirectory, spool: Spool, end: FarEnd
) -> None:
    spool.put(report("10.1.0.1"))
    spool.put(report("10.1.0.1"))
    reason = report_service_pb2.REFUSAL_REASON_CONTENT_UNKNOWN
    end.answers.append(response(2, refusals=[report_service_pb2.Refusal(sequence=2, reason=reason, message="?")]))
    await pushed(state, spool, end)
    spool.put(report("10.1.0.1"))
    await pushed(state, spool, end)
    body = decode_report(end.batches[-1].entries[0][1]).body
    assert isinstance(body, Examination)
    assert body.groups[0].outcome is Outcome.COMPLETE


async def test_a_collector_that_was_restored_gets_everything_again(
    state: StateDirectory, spool: Spool, end: FarEnd
) -> None:
    for n in range(1, 4):
        spool.put(report(f"10.1.0.{n}"))
    end.answers.append(response(3))
    await pushed(state, spool, end)
    spool.put(report("10.1.0.4"))
    end.answers.append(response(1, replay_from=2))
    end.known = {(spool.stream_id, 1)}
    await pushed(state, spool, end)
    assert end.sequences(spool.stream_id) == [1, 2, 3, 4, 2, 3, 4]
    assert spool.numbers().pending_reports == 0


async def test_a_collector_that_asks_for_everything_again_and_again_is_not_obeyed_for_ever(
    state: StateDirectory, spool: Spool, end: FarEnd
) -> None:
    spool.put(report("10.1.0.1"))
    end.answers.extend([response(1, replay_from=1)] * 50)
    with pytest.raises(Unreachable):
        await pushed(state, spool, end)
    assert len(end.batches) < 10


async def test_a_collector_that_never_counts_is_not_asked_in_circles(
    state: StateDirectory, spool: Spool, end: FarEnd
) -> None:
    spool.put(report("10.1.0.1"))
    end.answers.extend([response(0), response(0)])
    with pytest.raises(Unreachable, match="does not count"):
        await pushed(state, spool, end)
    assert len(end.batches) == 1


async def test_erasures_are_obeyed_and_the_journal_s_checkpoint_is_witnessed(
    state: StateDirectory, spool: Spool, end: FarEnd
) -> None:
    spool.put(report("10.1.0.1", "a pupil's phone"))
    content = SnmpBindings((Binding("1.3.6.1.2.1.1.1.0", 4, b"a pupil's phone"),))
    checkpoint = report_service_pb2.JournalCheckpoint(position=7, hash=b"\x07" * 32)
    erasure = report_service_pb2.Erasure(digest=digest(encode_content(content)))
    end.answers.append(response(1, erasures=[erasure], journal_checkpoint=checkpoint))
    await pushed(state, spool, end)
    assert (state.load(WITNESS) or {})["position"] == 7
    spool.replay_from(1)
    assert [type(decode_report(raw).body) for _, raw in spool.pending()] == [Gap]
    troubles: list[str] = []
    end.answers.append(response(2, journal_checkpoint=report_service_pb2.JournalCheckpoint(position=6, hash=b"\x06")))
    await pushed(state, spool, end, troubles)
    assert any("journal" in trouble for trouble in troubles)


async def test_only_what_the_collector_signed_is_witnessed_and_of_each_day_the_last(
    state: StateDirectory, spool: Spool, end: FarEnd
) -> None:
    def shown(position: int, signature: bytes) -> report_service_pb2.JournalCheckpoint:
        return report_service_pb2.JournalCheckpoint(position=position, hash=b"\x07" * 32, signature=signature)

    def signed(position: int) -> report_service_pb2.JournalCheckpoint:
        octets = signed_octets(trust_of(identity), position, b"\x07" * 32)
        return shown(position, end.authority.key.sign(octets, ec.ECDSA(hashes.SHA256())))

    identity = state.identity()
    assert identity
    told = (signed(7), shown(8, signed(9).signature), shown(9, b""), signed(10))
    troubles: list[str] = []
    for number, checkpoint in enumerate(told, 1):
        spool.put(report("10.1.0.1", str(number)))
        end.answers.append(response(number, journal_checkpoint=checkpoint))
        await pushed(state, spool, end, troubles)
    assert [trouble.split(" of ")[0] for trouble in troubles] == [
        "The collector showed entry 8",
        "The collector showed entry 9",
    ]
    witness = state.load(WITNESS) or {}
    assert (witness["position"], witness["earlier"]) == (10, [])
    state.save(WITNESS, witness | {"day": "2020-01-01"})
    spool.put(report("10.1.0.1", "another day"))
    end.answers.append(response(5, journal_checkpoint=signed(11)))
    await pushed(state, spool, end, troubles)
    witness = state.load(WITNESS) or {}
    assert (witness["position"], [one["position"] for one in witness["earlier"]]) == (11, [10])


async def test_a_foreign_collector_gets_nothing(state: StateDirectory, spool: Spool) -> None:
    spool.put(report("10.1.0.1"))
    with running(FarEnd()) as impostor:
        with pytest.raises(UplinkError):
            await pushed(state, spool, impostor)
        assert impostor.batches == []


async def test_nobody_gets_in_without_a_certificate_of_the_collector_s_ca(end: FarEnd, tmp_path: Path) -> None:
    stranger = StateDirectory(tmp_path / "stranger")
    stranger.prepare()
    stranger.save_identity(replace(Authority().identity(end.address), authority=der(end.authority.certificate)))
    with pytest.raises(UplinkError):
        await with_link(stranger, end)
    assert end.syncs == []


# ------------------------------------------------------------------------------------------------ orders


async def test_a_sync_tells_how_the_agent_is_and_brings_plan_scope_schedule_and_sealed_credentials(
    state: StateDirectory, end: FarEnd
) -> None:
    identity = state.identity()
    assert identity is not None
    end.orders.plan.ParseFromString(encode_plan(PLAN))
    end.orders.scope.networks.append("10.1.0.0/24")
    end.orders.scope.exclusions.append("10.1.0.9/32")
    end.orders.schedule.sweep_interval.FromSeconds(7200)
    end.orders.credentials.revision = "r1"
    end.orders.credentials.sealed.append(sealed(identity, CREDENTIAL))
    orders = await with_link(state, end)
    assert end.syncs[0].numbers.sweeps == 3
    assert decode_plan(orders.plan).groups == PLAN.groups
    assert (orders.networks, orders.exclusions) == (("10.1.0.0/24",), ("10.1.0.9/32",))
    assert (orders.sweep_seconds, orders.host_seconds) == (7200.0, None)
    assert b"not-for-logs" not in orders.sealed[0]
    async with connected(Workers(), state, end.address) as link:
        opened, left_out = await link.unseal((*orders.sealed, b"\x00" * 90))
    assert [each.community.reveal() for each in opened] == ["not-for-logs"]
    assert left_out == 1


async def test_what_a_sync_leaves_out_stays_as_it_was(state: StateDirectory, end: FarEnd) -> None:
    held = Orders(b"plan", ("10.1.0.0/24",), ("10.1.0.1/32",), 60.0, 61.0, 62.0, "r1", (b"sealed",))
    assert await with_link(state, end, held) == held
    end.orders = control_service_pb2.SyncResponse(scope=control_service_pb2.Scope())
    assert (await with_link(state, end, held)).networks == ()


async def test_a_renewed_certificate_has_a_fresh_key_and_is_used_at_once(state: StateDirectory, end: FarEnd) -> None:
    before = state.identity()
    async with connected(Workers(), state, end.address) as link:
        await link.renew()
        await link.sync({}, Orders())
    after = state.identity()
    assert before is not None
    assert after is not None
    assert after.key.reveal() != before.key.reveal()
    assert after.ends > before.ends
    assert after.sealing_key.reveal() == before.sealing_key.reveal()


def test_a_receipt_survives_the_pipe() -> None:
    receipt = Receipt(7, (), 3, 1.5, Checkpoint(9, "aa", "bb"), (b"\x01\x02",))
    assert Receipt.from_json(receipt.to_json()) == receipt
    assert Orders.from_json(Orders().to_json()) == Orders()


# ------------------------------------------------------------------------------------------------ enrolment


def wishes(address: str) -> Wishes:
    return Wishes(address, ("10.1.0.0/24",), ("10.1.0.0/16",), "server-1", "0.1.0")


async def test_a_token_becomes_an_identity_that_the_agent_can_use(tmp_path: Path) -> None:
    end = FarEnd()
    state = StateDirectory(tmp_path)
    with running(end, mutual=False):
        header = {
            "state_directory": str(tmp_path), "collector": end.address, "networks": ["10.1.0.0/24"],
            "network_limits": ["10.1.0.0/16"], "host_name": "server-1", "version": "0.1.0",
        }  # fmt: skip
        token = end.authority.token().encode()
        (raw,) = await Workers().run("agent.enrol:main", frame(header, token), deadline_seconds=30)
    answer, _ = parse(raw)
    assert answer["school_name"] == "Oak Lane"
    assert end.enrolments[0].token == "a-secret"
    assert len(end.enrolments[0].sealing_key) == 32
    assert list(end.enrolments[0].network_limits) == ["10.1.0.0/16"]
    identity = state.identity()
    assert identity is not None
    assert stat.S_IMODE((tmp_path / "identity.json").stat().st_mode) == 0o600
    assert "PRIVATE" not in repr(identity)
    with running(end):
        await with_link(state, end)
    assert len(end.syncs) == 1


def test_a_machine_that_does_not_show_the_pinned_certificate_never_sees_the_token() -> None:
    with running(FarEnd(), mutual=False) as impostor:
        token = Token.parse(Authority().token())
        with pytest.raises(EnrolmentFailed, match="is not the collector that made this token"):
            enrolment.enrol(token, wishes(impostor.address))
        assert impostor.enrolments == []


def test_a_machine_that_shows_the_pinned_certificate_but_cannot_speak_under_it_never_sees_the_token() -> None:
    real = Authority()
    with running(FarEnd(extra_chain=pem(real.certificate)), mutual=False) as impostor:
        assert real.pin in [hashlib.sha256(each).digest() for each in shown_certificates(impostor.address)]
        with pytest.raises(EnrolmentFailed, match="broke"):
            enrolment.enrol(Token.parse(real.token()), wishes(impostor.address))
        assert impostor.enrolments == []


def test_a_used_token_is_told_in_the_collector_s_words() -> None:
    with running(FarEnd(), mutual=False) as end:
        end.failures.append((grpc.StatusCode.UNAUTHENTICATED, "this token was used on 3 May"))
        with pytest.raises(EnrolmentFailed, match="does not accept this token: this token was used on 3 May"):
            enrolment.enrol(Token.parse(end.authority.token()), wishes(end.address))


@pytest.mark.parametrize("text", ["", "hello", "stk1.a", "stk2.a.b", "stk1..AAAA", "stk1.a.!!!", "stk1.a.AAAA"])
def test_what_is_no_token_is_said_before_anything_is_sent(text: str) -> None:
    with pytest.raises(EnrolmentFailed):
        Token.parse(text)


def test_a_token_never_shows_its_secret() -> None:
    assert "a-secret" not in repr(Token.parse(Authority().token()))


def test_nobody_at_the_address_is_a_sentence() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{closed.getsockname()[1]}"
    with pytest.raises(EnrolmentFailed, match="There is no way to"):
        shown_certificates(address)


def test_somebody_who_accepts_and_says_nothing_does_not_hold_the_technician() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        accepted: list[socket.socket] = []
        listener = threading.Thread(target=lambda: accepted.append(mute.accept()[0]))
        listener.start()
        with pytest.raises(EnrolmentFailed, match=r"does not answer|no way"):
            shown_certificates(f"127.0.0.1:{mute.getsockname()[1]}", timeout_seconds=0.3)
        listener.join()
        for each in accepted:
            each.close()
