from __future__ import annotations

import ipaddress
import sys
import threading
from datetime import UTC, datetime

import pytest

from agent.budget import Budget, Limits
from agent.discovery import sendarp
from agent.discovery.attached import Attachment
from stocktake.values import Sighting

HERE = Attachment("", "", "", ipaddress.IPv4Network("10.9.0.0/24"))
ANSWERS = sendarp.Recorded({"10.9.0.9": bytes.fromhex("001b21000009"), "10.9.0.10": bytes.fromhex("001b2100000a")})


async def test_who_answers_is_told_in_order() -> None:
    told: list[tuple[int, int]] = []
    targets = [f"10.9.0.{n}" for n in range(1, 41)]
    asked, seen = await sendarp.ask(
        targets, HERE, Budget(Limits(("10.9.0.0/24",))), on_progress=lambda *at: told.append(at), call=ANSWERS
    )
    assert asked == set(targets)
    assert seen == [Sighting("10.9.0.9", "00:1b:21:00:00:09"), Sighting("10.9.0.10", "00:1b:21:00:00:0a")]
    assert told == [(32, 40), (40, 40)]


async def test_nothing_is_called_in_a_dry_run_or_outside_the_limits() -> None:
    called: list[str] = []

    def call(address: str) -> bytes:
        called.append(address)
        return b""

    dry = Budget(Limits(("10.9.0.0/24",)), dry_run=True)
    await sendarp.ask(["10.9.0.1"], HERE, dry, on_progress=lambda *_: None, call=call)
    other = Budget(Limits(("10.9.9.0/24",)))
    assert await sendarp.ask(["10.9.0.1"], HERE, other, on_progress=lambda *_: None, call=call) == (set(), [])
    assert called == []


async def test_when_the_quiet_hours_begin_it_ends_with_what_it_has() -> None:
    asked_by: list[str] = []

    def call(address: str) -> bytes:
        asked_by.append(threading.current_thread().name)
        return bytes.fromhex("001b21000001")

    budget = Budget(
        Limits(("10.9.0.0/24",), quiet_hours=("13:00-14:00",)),
        local_time=lambda: datetime(2026, 1, 1, 13 if len(asked_by) >= 32 else 12, tzinfo=UTC),
    )
    targets = [f"10.9.0.{n}" for n in range(1, 100)]
    asked, seen = await sendarp.ask(targets, HERE, budget, on_progress=lambda *_: None, call=call)
    assert 32 <= len(asked) == len(seen) <= 64
    assert all(name.startswith("sendarp") for name in asked_by)


async def test_an_address_that_cannot_be_asked_is_not_counted_as_asked() -> None:
    def call(address: str) -> bytes:
        raise OSError(1231, "the network cannot be reached")

    found = await sendarp.ask(
        ["10.9.0.1"], HERE, Budget(Limits(("10.9.0.0/24",))), on_progress=lambda *_: None, call=call
    )
    assert found == (set(), [])


@pytest.mark.skipif(sys.platform == "win32", reason="shows what happens elsewhere")
def test_it_is_windows_own() -> None:
    with pytest.raises(OSError, match="Windows"):
        sendarp.send_arp("10.9.0.1")
