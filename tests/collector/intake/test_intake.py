"""Intake end to end on loopback: tokens, certificates, batches, receipts; each refusal with its reason."""

from __future__ import annotations

from collections.abc import Awaitable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from sqlalchemy import select, update

from collector.intake.certificates import Authority
from collector.store import Store, places, register
from collector.store import schema as t
from estate import Estate, settled
from handmade_agent import Client, channel, enrol, new_key, pem, request_for
from stocktake import tokens, wire
from stocktake.v1 import control_service_pb2, report_pb2, report_service_pb2, report_service_pb2_grpc
from stocktake.values import (
    Binding,
    Examination,
    Gap,
    GroupResult,
    Method,
    Outcome,
    Report,
    SnmpBindings,
    Subject,
    SubjectKind,
)

WHEN = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
STREAM = "stream-0001"


def examined(*groups: GroupResult, when: datetime = WHEN, address: str = "10.1.0.5") -> bytes:
    subject = Subject(SubjectKind.ADDRESS, address, "00:1b:21:00:00:01", "10.1.0.0/24")
    return wire.encode_report(Report(when, 1.0, "boot", Examination(subject, Method.SNMP_V2C, groups)))


def system(name: bytes = b"sw-1") -> GroupResult:
    bindings = (Binding("1.3.6.1.2.1.1.1.0", 4, b"a switch"), Binding("1.3.6.1.2.1.1.5.0", 4, name))
    return GroupResult("system", Outcome.COMPLETE, SnmpBindings(bindings))


def gap(first: int, last: int) -> bytes:
    return wire.encode_report(Report(WHEN, 1.0, "boot", Gap(first, last, "the disk was full")))


async def refusal(call: Awaitable[object]) -> tuple[grpc.StatusCode, str]:
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await call
    return caught.value.code(), caught.value.details() or ""


# ------------------------------------------------------------------------------------------------ enrolment


async def test_a_token_opens_once_and_says_so_the_second_time(estate: Estate) -> None:
    token = await estate.token()
    await enrol(estate.port, estate.ca, token)
    code, reason = await refusal(enrol(estate.port, estate.ca, token))
    assert code is grpc.StatusCode.UNAUTHENTICATED
    assert "used on" in reason


async def test_a_wrong_token_is_refused_with_its_reason(estate: Estate) -> None:
    code, reason = await refusal(enrol(estate.port, estate.ca, "made-up"))
    assert code is grpc.StatusCode.UNAUTHENTICATED
    assert "not known" in reason


async def test_an_expired_token_is_refused_with_its_reason(estate: Estate) -> None:
    token = await estate.token()
    await age_tokens(estate)
    code, reason = await refusal(enrol(estate.port, estate.ca, token))
    assert code is grpc.StatusCode.UNAUTHENTICATED
    assert "expired on" in reason


async def age_tokens(estate: Estate) -> None:
    """Turn the clock of every token back, through the one writer there is."""
    from collector import commands  # noqa: PLC0415 - a command of this test alone

    def expire(desk: commands.Desk) -> str:
        past = datetime.now(UTC) - timedelta(days=4)
        desk.store.write(lambda c: c.execute(update(t.enrolment_tokens).values(expires=past)))
        return ""

    commands.COMMANDS["expire-for-test"] = expire
    try:
        await estate.command("expire-for-test")
    finally:
        del commands.COMMANDS["expire-for-test"]


async def test_a_hundred_guesses_at_once_open_nothing_and_are_slowed_down(estate: Estate) -> None:
    codes = {(await refusal(enrol(estate.port, estate.ca, f"guess-{n}")))[0] for n in range(15)}
    assert codes <= {grpc.StatusCode.UNAUTHENTICATED, grpc.StatusCode.RESOURCE_EXHAUSTED}


async def test_a_request_that_is_not_signed_by_its_own_key_is_refused(estate: Estate) -> None:
    code, reason = await refusal(
        enrol(estate.port, estate.ca, await estate.token(), certificate_signing_request=b"no request")
    )
    assert code is grpc.StatusCode.INVALID_ARGUMENT
    assert "certificate request" in reason


async def test_a_refused_request_does_not_use_up_its_token(estate: Estate) -> None:
    token = await estate.token()
    await refusal(enrol(estate.port, estate.ca, token, sealing_key=b"short"))
    await enrol(estate.port, estate.ca, token)


async def test_networks_outside_the_outer_limit_are_not_taken(estate: Estate) -> None:
    agent = await estate.agent(networks=["10.1.0.0/24", "192.168.0.0/16"], network_limits=["10.0.0.0/8"])
    answer = await agent.sync(control_service_pb2.SyncRequest())
    assert list(answer.scope.networks) == ["10.1.0.0/24"]


# ------------------------------------------------------------------------------------------------ who speaks


async def test_a_foreign_certificate_cannot_even_connect(estate: Estate, tmp_path: Path) -> None:
    stranger = Authority.open(tmp_path / "stranger", datetime.now(UTC))
    key = new_key()
    certificate = stranger.agent(request_for(key), "trust", "agent", datetime.now(UTC))
    der = certificate.public_bytes(serialization.Encoding.DER)
    code, _ = await refusal(Client(estate.port, estate.ca, key, der).submit(STREAM, []))
    assert code is grpc.StatusCode.UNAVAILABLE


async def test_an_agent_does_not_speak_to_a_collector_with_a_foreign_ca(estate: Estate, tmp_path: Path) -> None:
    stranger = Authority.open(tmp_path / "stranger", datetime.now(UTC))
    code, reason = await refusal(enrol(estate.port, stranger.der, await estate.token()))
    assert code is grpc.StatusCode.UNAVAILABLE
    assert "CERTIFICATE_VERIFY_FAILED" in reason


async def test_without_a_certificate_nothing_is_taken(estate: Estate) -> None:
    credentials = grpc.ssl_channel_credentials(root_certificates=pem(estate.ca))
    async with channel(estate.port, tokens.AGENTS_SERVER_NAME, credentials) as open_channel:
        stub = report_service_pb2_grpc.ReportServiceStub(open_channel)
        code, _ = await refusal(stub.SubmitReports(report_service_pb2.SubmitReportsRequest(), timeout=5))
    assert code is grpc.StatusCode.UNAVAILABLE


async def test_a_revoked_agent_is_refused_with_its_reason(estate: Estate) -> None:
    agent = await estate.agent()
    await estate.command("revoke_agent", agent_id=agent.agent_id)
    code, reason = await refusal(agent.submit(STREAM, [(1, examined(system()))]))
    assert code is grpc.StatusCode.PERMISSION_DENIED
    assert "revoked" in reason


async def test_another_agents_stream_is_refused_with_its_reason(estate: Estate) -> None:
    first, second = await estate.agent(), await estate.agent()
    await first.submit(STREAM, [(1, examined(system()))])
    code, reason = await refusal(second.submit(STREAM, [(2, examined(system()))]))
    assert code is grpc.StatusCode.PERMISSION_DENIED
    assert "belongs to another agent" in reason


async def test_a_batch_signed_by_another_agent_is_refused_with_its_reason(estate: Estate) -> None:
    first, second = await estate.agent(), await estate.agent()
    code, reason = await refusal(second.submit_signed(first.sign(STREAM, [(1, examined(system()))])))
    assert code is grpc.StatusCode.PERMISSION_DENIED
    assert "another agent" in reason


async def test_a_batch_that_was_changed_on_its_way_is_refused(estate: Estate) -> None:
    agent = await estate.agent()
    signed = agent.sign(STREAM, [(1, examined(system()))])
    changed = report_pb2.SignedBatch(
        batch=signed.batch + b"\x12\x00", certificate=signed.certificate, signature=signed.signature
    )
    code, reason = await refusal(agent.submit_signed(changed))
    assert code is grpc.StatusCode.PERMISSION_DENIED
    assert "not signed" in reason


async def test_a_renewed_certificate_is_good_and_for_the_same_agent(estate: Estate) -> None:
    agent = await estate.agent()
    key = new_key()
    request = control_service_pb2.RenewCertificateRequest(certificate_signing_request=request_for(key))
    answer = await agent.renew(request)
    renewed = Client(estate.port, estate.ca, key, answer.certificate)
    receipt = await renewed.submit(STREAM, [(1, examined(system()))])
    assert receipt.highest_contiguous_sequence == 1


# ------------------------------------------------------------------------------------------------ receipts


async def test_what_is_sent_twice_is_kept_once(estate: Estate) -> None:
    agent = await estate.agent()
    entries = [(1, examined(system())), (2, examined(system(b"sw-2"), address="10.1.0.6"))]
    for _ in range(3):
        receipt = await agent.submit(STREAM, entries)
        assert receipt.highest_contiguous_sequence == 2
    await settled(estate.config)
    with Store.glance(estate.config.store_url) as connection:
        assert len(connection.execute(select(t.reports)).all()) == 2
        assert len(connection.execute(select(t.evidence)).all()) == 2


async def test_a_hole_is_told_and_a_gap_closes_it(estate: Estate) -> None:
    agent = await estate.agent()
    receipt = await agent.submit(STREAM, [(4, examined(system()))])
    assert (receipt.highest_contiguous_sequence, receipt.replay_from) == (0, 1)
    receipt = await agent.submit(STREAM, [(5, gap(1, 3))])
    assert receipt.highest_contiguous_sequence == 5
    assert not receipt.HasField("replay_from")


async def test_an_unreadable_report_is_refused_and_the_stream_goes_on(estate: Estate) -> None:
    agent = await estate.agent()
    receipt = await agent.submit(STREAM, [(1, b"\xff\xff"), (2, examined(system()))])
    assert receipt.highest_contiguous_sequence == 2
    assert [(r.sequence, r.reason) for r in receipt.refusals] == [(1, report_service_pb2.REFUSAL_REASON_UNREADABLE)]


async def test_unchanged_content_that_is_not_held_is_asked_for(estate: Estate) -> None:
    agent = await estate.agent()
    unknown = GroupResult("system", Outcome.UNCHANGED, digest=b"\x07" * 32)
    receipt = await agent.submit(STREAM, [(1, examined(unknown))])
    assert [r.reason for r in receipt.refusals] == [report_service_pb2.REFUSAL_REASON_CONTENT_UNKNOWN]


async def test_unchanged_content_moves_only_the_time_it_was_seen(estate: Estate) -> None:
    agent = await estate.agent()
    later = WHEN + timedelta(days=1)
    same = GroupResult("system", Outcome.UNCHANGED, digest=content_digest())
    await agent.submit(STREAM, [(1, examined(system())), (2, examined(same, when=later))])
    await settled(estate.config)
    with Store.glance(estate.config.store_url) as connection:
        rows = connection.execute(select(t.evidence)).all()
        device = register.devices(connection, places.trust_ids(connection)[0][0])[0]
    assert [(row.first_observed, row.last_observed) for row in rows] == [(WHEN, later)]
    assert device.last_seen == later


def content_digest() -> bytes:
    content = system().content
    assert content is not None
    return wire.digest(wire.encode_content(content))


async def test_a_receipt_carries_the_journals_checkpoint(estate: Estate) -> None:
    receipt = await (await estate.agent()).submit(STREAM, [])
    assert receipt.journal_checkpoint.position > 0
    assert len(receipt.journal_checkpoint.hash) == 32


# ------------------------------------------------------------------------------------------------ sync


async def test_a_plan_travels_once_and_only_where_it_differs(estate: Estate) -> None:
    agent = await estate.agent()
    answer = await agent.sync(control_service_pb2.SyncRequest())
    plan = wire.decode_plan(answer.plan.SerializeToString(deterministic=True))
    assert plan.groups[0].name == "system"
    again = await agent.sync(control_service_pb2.SyncRequest(plan_digest=plan.digest))
    assert not again.HasField("plan")


async def test_credentials_reach_only_their_schools_agents_and_only_sealed(estate: Estate) -> None:
    sealing = X25519PrivateKey.generate()
    here = await estate.agent(sealing_key=sealing.public_key().public_bytes_raw())
    elsewhere = await estate.agent("Beech Hill")
    credential = {"name": "core", "version": "2c", "community": "not-public-1"}
    await estate.command("add_credential", credential=credential, school="Oak Lane")
    answer = await here.sync(control_service_pb2.SyncRequest())
    assert b"not-public-1" not in answer.SerializeToString()
    suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
    opened = suite.decrypt(answer.credentials.sealed[0], sealing, wire.CREDENTIAL_SEALING_INFO)
    assert wire.decode_credential(opened).community.reveal() == "not-public-1"
    assert not (await elsewhere.sync(control_service_pb2.SyncRequest())).credentials.sealed
    for file in estate.config.data.rglob("*"):
        if file.is_file():
            assert b"not-public-1" not in file.read_bytes(), file


async def test_two_schools_with_the_same_private_addresses_never_meet(estate: Estate) -> None:
    for school, mac in (("Oak Lane", "00:1b:21:00:00:01"), ("Beech Hill", "00:1b:21:00:00:02")):
        subject = Subject(SubjectKind.ADDRESS, "10.0.0.1", mac, "10.0.0.0/16")
        report = Report(WHEN, 1.0, "boot", Examination(subject, Method.SNMP_V2C, (system(),)))
        await (await estate.agent(school)).submit(f"stream-{mac}", [(1, wire.encode_report(report))])
    await settled(estate.config)
    with Store.glance(estate.config.store_url) as connection:
        rows = register.devices(connection, places.trust_ids(connection)[0][0])
    assert sorted((row.school_name, row.mac) for row in rows) == [
        ("Beech Hill", "00:1b:21:00:00:02"),
        ("Oak Lane", "00:1b:21:00:00:01"),
    ]
