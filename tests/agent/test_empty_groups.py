"""Groups of health that a device never told anything of: asked again after a day, or once the device began anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from agent.budget import Budget, Limits
from agent.examine import Extent, Target, examine
from agent.plan import SYS_DESCR, SYS_OBJECT_ID, SYS_UPTIME
from agent.snmp.habits import Habits
from agent.snmp.recorded import RecordedSession
from stocktake import ber
from stocktake.values import Binding, Cadence, Credential, PlanGroup, Secret, WalkPlan

NETWORK = "10.1.0.0/24"
TARGET = Target("10.1.0.1", mac="00:1b:21:00:00:01", network=NETWORK, often=True)
PUBLIC = Credential("public", "2c", community=Secret("public"))
SENSORS, STATES = "1.3.6.1.2.1.99.1.1.1.4", "1.3.6.1.2.1.2.2.1.8"
PLAN = WalkPlan((
    PlanGroup(1, "system", Cadence.INVENTORY, (SYS_DESCR, SYS_OBJECT_ID)),
    PlanGroup(2, "sensors", Cadence.HEALTH, tables=(SENSORS,)),
    PlanGroup(3, "states", Cadence.HEALTH, tables=(STATES,)),
    PlanGroup(4, "uptime", Cadence.HEALTH, (SYS_UPTIME,)),
))  # fmt: skip
TIME_TICKS = 67
START = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
BOOTED = START - timedelta(days=30)
WELL = {STATES + ".1": 1}
WARM = {SENSORS + ".1": 31}


class Device:
    """A switch, as it answers at a time; `habits` is what the agent remembers of it."""

    def __init__(self) -> None:
        self.habits = Habits()

    async def asked(
        self,
        when: datetime,
        tells: Mapping[str, int],
        *,
        booted: datetime | None = BOOTED,
        extent: Extent = Extent.HEALTH,
    ) -> list[str]:
        """The groups that it was asked for."""
        rows = [
            Binding(SYS_DESCR, ber.OCTET_STRING, b"a switch"),
            *(Binding(oid, ber.INTEGER, ber.encode_integer(value)) for oid, value in tells.items()),
        ]
        if booted is not None:
            ticks = round((when - booted).total_seconds() * 100)
            rows.append(Binding(SYS_UPTIME, TIME_TICKS, ber.encode_integer(ticks)))

        async def opener(*_: object) -> RecordedSession:
            return RecordedSession(rows)

        found = await examine(
            TARGET, [PUBLIC], PLAN, Budget(Limits((NETWORK,))), sessions=opener, habits=self.habits, extent=extent,
            now=lambda: when,
        )  # fmt: skip
        assert found is not None
        return [group.group for group in found.groups]


@pytest.fixture
async def device() -> Device:
    """A switch without sensors, that a sweep has met."""
    made = Device()
    assert await made.asked(START, WELL, extent=Extent.DUE) == ["system", "sensors", "states", "uptime"]
    return made


async def test_a_round_leaves_out_what_a_device_never_told(device: Device) -> None:
    assert await device.asked(START + timedelta(minutes=5), WELL) == ["states", "uptime"]
    assert await device.asked(START + timedelta(hours=12), WELL, extent=Extent.DUE) == ["states", "uptime"]


async def test_after_a_day_it_is_asked_again_and_then_in_every_round_where_it_tells_something(device: Device) -> None:
    day = START + timedelta(days=1)
    assert await device.asked(day, WELL) == ["sensors", "states", "uptime"]
    assert await device.asked(day + timedelta(minutes=5), WARM | WELL) == ["states", "uptime"]
    assert await device.asked(day + timedelta(days=1), WARM | WELL) == ["sensors", "states", "uptime"]
    assert await device.asked(day + timedelta(days=1, minutes=5), WARM | WELL) == ["sensors", "states", "uptime"]


async def test_a_device_that_began_anew_is_asked_everything(device: Device) -> None:
    when = START + timedelta(minutes=10)
    booted = START + timedelta(minutes=6)
    assert await device.asked(when, WELL, booted=booted) == ["sensors", "states", "uptime"]
    assert await device.asked(when + timedelta(minutes=5), WELL, booted=booted) == ["states", "uptime"]


async def test_a_table_that_had_rows_and_lost_them_is_asked_on(device: Device) -> None:
    assert await device.asked(START + timedelta(minutes=5), {}) == ["states", "uptime"]
    assert await device.asked(START + timedelta(minutes=10), {}) == ["states", "uptime"]


async def test_of_a_device_that_does_not_say_when_it_began_nothing_is_left_out(device: Device) -> None:
    assert await device.asked(START + timedelta(minutes=5), WELL, booted=None) == ["sensors", "states", "uptime"]
    assert await device.asked(START + timedelta(minutes=10), WELL, booted=None) == ["sensors", "states", "uptime"]


async def test_whole_asks_it_too_and_what_is_remembered_survives_a_restart_of_the_agent(device: Device) -> None:
    assert "sensors" in await device.asked(START + timedelta(minutes=5), WELL, extent=Extent.WHOLE)
    device.habits = Habits.from_json(device.habits.to_json())
    assert await device.asked(START + timedelta(minutes=10), WELL) == ["states", "uptime"]
