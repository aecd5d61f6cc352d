"""The service between two sweeps: it asks a real snmpd how it is, and tells who stays silent."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from far_end import FarEnd, enrolled_state, running, sealed
from test_service import FAST, at_work, brought, until
from test_sweep import PUBLIC, snmp_port  # noqa: F401  # a fixture

from agent.service import Service
from stocktake.values import Cadence, Outcome, PlanGroup, SubjectKind, WalkPlan
from stocktake.wire import encode_plan

PLAN = WalkPlan(
    (
        PlanGroup(1, "system", Cadence.INVENTORY, ("1.3.6.1.2.1.1.1.0", "1.3.6.1.2.1.1.2.0")),
        PlanGroup(2, "uptime", Cadence.HEALTH, ("1.3.6.1.2.1.1.3.0",)),
    )
)


@pytest.mark.needs("snmpd")
async def test_between_sweeps_health_is_asked_and_is_brought_and_counted(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    snmp_port: int,  # noqa: F811  # the fixture
) -> None:
    monkeypatch.setattr("agent.rounds.ROUND_SECONDS", 4.0)
    with running(FarEnd()) as end:
        state = enrolled_state(tmp_path / "s", end, networks=("127.0.0.1/32",))
        identity = state.identity()
        assert identity is not None
        end.orders.plan.ParseFromString(encode_plan(PLAN))
        end.orders.often.extend([bytes([127, 0, 0, 1]), b"no address"])
        end.orders.credentials.revision = "r1"
        end.orders.credentials.sealed.append(sealed(identity, PUBLIC))
        config = FAST.__class__(
            sweep_interval=timedelta(hours=1), sync_interval=timedelta(seconds=1), snmp_port=snmp_port
        )
        async with at_work(Service(config, state)) as service:
            await until(lambda: service.numbers.health_rounds >= 2, 60)
            await until(lambda: any(each.numbers.health_rounds >= 2 for each in end.syncs), 60)
        asked = [[g.group for g in each.groups] for each in brought(end, SubjectKind.ADDRESS)]
        assert asked[0] == ["system", "uptime"]
        assert asked[1:]
        assert all(each == ["uptime"] for each in asked[1:])
        outcomes = {g.outcome for each in brought(end, SubjectKind.ADDRESS)[1:] for g in each.groups}
        assert outcomes == {Outcome.COMPLETE}
        told = end.syncs[-1].numbers
        assert (told.last_health_round_devices, told.last_health_round_silent) == (1, 0)
