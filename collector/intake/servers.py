"""Starts intake: the two gRPC servers on loopback and the doorway in front of them.

Limits follow what floods and half-open connections do to a server: they are grpc's channel arguments.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import grpc

from collector.intake.bell import Bell
from collector.intake.certificates import Authority, Pair
from collector.intake.control import ControlService
from collector.intake.doorway import Doorway
from collector.intake.enrolment import EnrolmentService
from collector.intake.reports import ReportService
from stocktake.tokens import AGENTS_SERVER_NAME, BELL_SERVER_NAME, ENROL_SERVER_NAME
from stocktake.v1 import control_service_pb2_grpc, enrolment_service_pb2_grpc, report_service_pb2_grpc

MESSAGE_BYTES = 16 * 2**20  # one report of the largest switch and some; enforced after decompression too
ENROL_MESSAGE_BYTES = 16 * 2**10
CONCURRENT_CALLS = 64

_OPTIONS = (
    ("grpc.max_metadata_size", 4096),
    ("grpc.absolute_max_metadata_size", 8192),
    ("grpc.max_concurrent_streams", 4),
    ("grpc.max_connection_idle_ms", 60_000),
    ("grpc.max_connection_age_ms", 600_000),
    ("grpc.max_connection_age_grace_ms", 30_000),
    ("grpc.server_handshake_timeout_ms", 5_000),
    ("grpc.keepalive_time_ms", 120_000),
    ("grpc.keepalive_timeout_ms", 20_000),
    ("grpc.http2.min_ping_interval_without_data_ms", 300_000),
    ("grpc.http2.max_ping_strikes", 2),
    ("grpc.so_reuseport", 0),
    ("grpc.enable_channelz", 0),
)


@dataclass(slots=True)
class Intake:
    """Intake as it runs. `port` is the one that agents know."""

    port: int
    doorway: Doorway
    servers: list[grpc.aio.Server]
    watch: asyncio.Task[None] | None = None

    async def close(self, grace_seconds: float = 5.0) -> None:
        """Finish calls that run, then stop."""
        if self.watch:
            self.watch.cancel()
        while self.servers:  # let go of each at once: grpc's finaliser needs the loop still running
            await self.servers.pop().stop(grace_seconds)
        await self.doorway.close()


async def start(
    address: tuple[str, int], authority: Authority, pair: Pair, enrolment: EnrolmentService, reports: ReportService,
    control: ControlService, bell: Bell,
) -> Intake:  # fmt: skip
    """Open the servers and the doorway at host and port; a port of 0 asks for a free one."""
    enrol_server = grpc.aio.server(options=(*_OPTIONS, ("grpc.max_receive_message_length", ENROL_MESSAGE_BYTES)))
    enrolment_service_pb2_grpc.add_EnrolmentServiceServicer_to_server(enrolment, enrol_server)
    enrol_port = enrol_server.add_secure_port("127.0.0.1:0", grpc.ssl_server_credentials([(pair.key, pair.chain)]))
    agent_server = grpc.aio.server(
        options=(*_OPTIONS, ("grpc.max_receive_message_length", MESSAGE_BYTES)),
        maximum_concurrent_rpcs=CONCURRENT_CALLS,
    )
    report_service_pb2_grpc.add_ReportServiceServicer_to_server(reports, agent_server)
    control_service_pb2_grpc.add_ControlServiceServicer_to_server(control, agent_server)
    agent_port = agent_server.add_secure_port(
        "127.0.0.1:0",
        grpc.ssl_server_credentials(
            [(pair.key, pair.chain)], root_certificates=authority.pem, require_client_auth=True
        ),
    )
    await enrol_server.start()
    await agent_server.start()
    doorway = Doorway({ENROL_SERVER_NAME: enrol_port, AGENTS_SERVER_NAME: agent_port, BELL_SERVER_NAME: bell.enter})
    watch = asyncio.create_task(bell.watch())
    return Intake(await doorway.open(*address), doorway, [enrol_server, agent_server], watch)
