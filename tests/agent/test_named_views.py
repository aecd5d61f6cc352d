"""Views of a device that have a name, as the contexts of virtual routing tables do: asked by name, and only by it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from agent.budget import Budget, Limits
from agent.examine import Target, examine
from agent.snmp.habits import Habits
from agent.snmp.recorded import RecordedSession
from agent.snmp.session import Refused, Session
from stocktake import snmprec
from stocktake.values import Cadence, Condition, Credential, Expansion, Outcome, PlanGroup, Secret, WalkPlan

NAMES, TABLE = "1.3.6.1.4.1.30065.3.18.1.1.1.2", "1.3.6.1.2.1.4.22.1.2"
BY_COMMUNITY = Credential("public", "2c", community=Secret("public"))
BY_USER = Credential("reader", "3", user="reader")
BEGUN = datetime.fromisoformat("2026-03-02T10:00:00+00:00")


def plan(expansion: Expansion) -> WalkPlan:
    condition = Condition(answered=NAMES)
    return WalkPlan((
        PlanGroup(1, "names", Cadence.TABLES, tables=(NAMES,)),
        PlanGroup(2, "arp_by_vrf", Cadence.TABLES, tables=(TABLE,), condition=condition, expansion=expansion),
    ))  # fmt: skip


NAMED = plan(Expansion(NAMES, spelled=True, name_separator="@"))


class Device:
    """A router with two views, `IOT` and `20`, of which it answers `answered`; and what was asked of it."""

    def __init__(self, answered: Sequence[str]) -> None:
        self.asked: list[str] = []
        self.habits = Habits()
        self._answered = answered

    async def open(self, address: str, port: int, credential: Credential, context: str) -> Session:
        view = context or credential.community.reveal().removeprefix("public").removeprefix("@")
        self.asked.append(context or credential.community.reveal())
        if view and view not in self._answered:
            raise Refused("unknown context")
        rows = [f"{TABLE}.1.10.0.0.1|4x|002564000001"] if view else []
        return RecordedSession(snmprec.parse([f"{NAMES}.3.73.79.84|4x|c0", f"{NAMES}.2.50.48|4x|c0", *rows]).bindings)

    async def outcomes(self, credential: Credential, plan: WalkPlan = NAMED, minutes: int = 0) -> dict[str, Outcome]:
        found = await examine(
            Target("10.1.0.1", network="10.1.0.0/24"), [credential], plan, Budget(Limits(("10.1.0.0/24",))),
            sessions=self.open, habits=self.habits, now=lambda: BEGUN + timedelta(minutes=minutes),
        )  # fmt: skip
        assert found is not None
        return {group.group: group.outcome for group in found.groups}


@pytest.mark.parametrize(
    ("credential", "asked"),
    [(BY_COMMUNITY, ["public", "public@20", "public@IOT"]), (BY_USER, ["", "20", "IOT"])],
)
async def test_a_view_is_asked_by_the_name_that_its_index_spells(credential: Credential, asked: list[str]) -> None:
    device = Device(["IOT", "20"])
    assert await device.outcomes(credential) == {
        "names": Outcome.COMPLETE, "arp_by_vrf@20": Outcome.COMPLETE, "arp_by_vrf@IOT": Outcome.COMPLETE,
    }  # fmt: skip
    assert device.asked == asked


async def test_communities_are_not_made_up_where_the_plan_has_no_way_to() -> None:
    device = Device(["IOT", "20"])
    mapped = plan(Expansion(NAMES, spelled=True))
    assert await device.outcomes(BY_COMMUNITY, mapped) == {"names": Outcome.COMPLETE}
    assert device.asked == ["public"]


async def test_an_agent_that_does_not_know_of_names_asks_in_no_view() -> None:
    """It reads the fields that it knows: all of them are empty."""
    for credential in (BY_COMMUNITY, BY_USER):
        known = replace(NAMED.groups[1].expansion or Expansion(NAMES), spelled=False, name_separator="")
        assert await Device(["IOT", "20"]).outcomes(credential, plan(known)) == {"names": Outcome.COMPLETE}


async def test_views_that_all_refuse_are_asked_again_with_the_other_tables_and_not_before() -> None:
    device = Device([])
    first = await device.outcomes(BY_USER)
    assert [first["arp_by_vrf@20"], first["arp_by_vrf@IOT"]] == [Outcome.REFUSED] * 2
    assert "arp_by_vrf@20" not in await device.outcomes(BY_USER, minutes=10)
    assert "arp_by_vrf@20" in await device.outcomes(BY_USER, minutes=70)
