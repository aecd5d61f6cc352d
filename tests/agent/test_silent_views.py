"""Views of a device that are listed and silent, as Cisco's VLANs 1002 to 1005 are: the rest is asked all the same."""

from __future__ import annotations

from collections.abc import Sequence

from agent.budget import Budget, Limits
from agent.examine import SILENT_VIEWS, Target, examine
from agent.snmp.habits import Habits
from agent.snmp.recorded import RecordedSession
from agent.snmp.session import Session, Silent
from stocktake import snmprec
from stocktake.values import Binding, Cadence, Condition, Credential, Expansion, Outcome, PlanGroup, Secret, WalkPlan

VLANS, TABLE, NAMES = "1.3.6.1.4.1.9.9.46.1.3.1.1.2.1", "1.3.6.1.2.1.17.4.3.1.2", "1.3.6.1.2.1.2.2.1.2"
SILENCE_SECONDS = 3.0
PLAN = WalkPlan(
    (
        PlanGroup(1, "vlans", Cadence.TABLES, tables=(VLANS,)),
        PlanGroup(2, "by_vlan", Cadence.TABLES, tables=(TABLE,), condition=Condition(answered=VLANS),
                  expansion=Expansion(VLANS, community_suffix="@")),
        PlanGroup(3, "interfaces", Cadence.INVENTORY, tables=(NAMES,)),
    )
)  # fmt: skip
WHO = ("1.3.6.1.2.1.1.1.0|4|Cisco IOS", "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.9.1.1208")


class SilentSession:
    """A view that nobody answers for; every question takes its time."""

    room = 0

    def __init__(self, device: Device) -> None:
        self._device = device

    async def get(self, oids: Sequence[str]) -> tuple[Binding, ...]:
        self._device.now += SILENCE_SECONDS
        raise Silent("no answer")

    async def next(self, oids: Sequence[str], repetitions: int) -> tuple[Binding, ...]:
        return await self.get(oids)

    async def close(self) -> None:
        pass


class Device:
    """A switch with these VLANs, of which it answers for `answered`; and the time that has passed."""

    def __init__(self, vlans: Sequence[int], answered: Sequence[int]) -> None:
        self.now = 0.0
        self.asked: list[str] = []
        self._answered = {str(vlan) for vlan in answered}
        self._plain = [*WHO, *(f"{VLANS}.{vlan}|2|1" for vlan in vlans), f"{NAMES}.1|4|Gi1/0/1"]

    async def open(self, address: str, port: int, credential: Credential, context: str) -> Session:
        view = credential.community.reveal().partition("@")[2]
        self.asked.append(view)
        if view and view not in self._answered:
            return SilentSession(self)
        lines = [*WHO, f"{TABLE}.0.0.0.0.0.1|2|1"] if view else self._plain
        return RecordedSession(snmprec.parse(lines).bindings)

    async def outcomes(self) -> dict[str, Outcome]:
        credential = Credential("public", "2c", community=Secret("public"))
        found = await examine(
            Target("10.1.0.1", network="10.1.0.0/24"), [credential], PLAN, Budget(Limits(("10.1.0.0/24",))),
            sessions=self.open, habits=Habits(), clock=lambda: self.now,
        )  # fmt: skip
        assert found is not None
        return {group.group: group.outcome for group in found.groups}


async def test_silent_views_are_refused_and_the_other_groups_are_asked() -> None:
    reserved = [1002, 1003, 1004, 1005]
    found = await Device([1, 10, *reserved], answered=[1, 10]).outcomes()
    assert found.pop("interfaces") is Outcome.COMPLETE
    assert [found[f"by_vlan@{vlan}"] for vlan in (1, 10)] == [Outcome.COMPLETE] * 2
    assert [found[f"by_vlan@{vlan}"] for vlan in reserved] == [Outcome.REFUSED] * 4


async def test_after_some_silent_views_in_a_row_no_more_are_tried() -> None:
    device = Device(range(1, 100), answered=[])
    found = await device.outcomes()
    assert found["interfaces"] is Outcome.COMPLETE
    assert len([view for view in device.asked if view]) == SILENT_VIEWS
    assert device.now <= SILENT_VIEWS * SILENCE_SECONDS
