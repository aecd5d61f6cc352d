"""One credential on one device: what is said of each ending, with a real snmpd, and how little is sent."""

from __future__ import annotations

import time

import pytest

from agent.budget import Budget, Ledger, Limits
from agent.examine import Target
from agent.snmp.wire import over_wire
from agent.trial import FORBIDDEN, GOOD, REFUSED, SILENT, Verdict, ask
from stocktake.values import Credential, Secret

LOCAL = Limits(("127.0.0.0/8",))


def community(secret: str, version: str = "2c") -> Credential:
    return Credential("switches", version, community=Secret(secret))


def user(key: str, name: str = "sha") -> Credential:
    return Credential("users", "3", user=name, auth_protocol="SHA", auth_key=Secret(key), privacy_protocol="AES",
                      privacy_key=Secret("privpass12"))  # fmt: skip


async def tried(credential: Credential, port: int, limits: Limits = LOCAL) -> tuple[Verdict, int, float]:
    """The verdict, the packets that left, and the seconds it took."""
    lines: list[str] = []
    budget = Budget(limits, ledger=Ledger(lines.append))
    begun = time.monotonic()
    verdict = await ask(Target("127.0.0.1", network="127.0.0.0/8", port=port), credential, budget, over_wire(budget))
    budget.flush()
    packets = sum(int(line.rpartition("\t")[2]) for lump in lines for line in lump.splitlines())
    return verdict, packets, time.monotonic() - begun


@pytest.mark.needs("snmpd")
@pytest.mark.parametrize("credential", [community("public"), community("public", "1"), user("authpass12")])
async def test_a_good_one_is_told_with_what_the_device_says_of_itself(snmpd: int, credential: Credential) -> None:
    verdict, packets, _ = await tried(credential, snmpd)
    assert verdict.outcome == GOOD
    assert verdict.sentence.endswith('it answers: "A switch of the test".')
    assert packets <= 4


@pytest.mark.needs("snmpd")
@pytest.mark.parametrize("wrong", [user("authpass99"), user("authpass12", "nobody")], ids=["key", "user"])
async def test_a_wrong_v3_key_or_user_is_told_within_ten_seconds(snmpd: int, wrong: Credential) -> None:
    verdict, packets, seconds = await tried(wrong, snmpd)
    assert verdict.outcome == REFUSED
    assert "the device answers, and refuses" in verdict.sentence
    assert seconds < 10
    assert packets <= 4
    assert "authpass" not in verdict.sentence


@pytest.mark.needs("snmpd")
async def test_a_wrong_community_costs_one_question_and_its_retry(snmpd: int) -> None:
    verdict, packets, seconds = await tried(community("wrong"), snmpd)
    assert verdict.outcome == SILENT
    assert "may be wrong" in verdict.sentence
    assert packets == 2
    assert seconds < 10


async def test_where_nothing_listens_the_device_says_so() -> None:
    verdict, packets, _ = await tried(community("public"), 9)
    assert verdict.outcome == SILENT
    assert "nothing listens there" in verdict.sentence
    assert packets == 1


@pytest.mark.parametrize(
    ("limits", "why"),
    [
        (Limits(("10.0.0.0/8",)), "none of the networks"),
        (Limits(("127.0.0.0/8",), exclude=("127.0.0.1",)), "is excluded"),
        (Limits(("127.0.0.0/8",), quiet_hours=("00:00-12:00", "12:00-00:00")), "quiet hours"),
    ],
)
async def test_the_contract_wins_and_not_one_packet_leaves(limits: Limits, why: str) -> None:
    verdict, packets, _ = await tried(community("public"), 161, limits)
    assert verdict.outcome == FORBIDDEN
    assert why in verdict.sentence
    assert packets == 0
