"""When the next thing happens: regular instants that no two agents share, and waits that grow while something fails.

Pure but for the dice, which are a parameter.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

TURN_SECONDS = 20.0
BACKOFF_FIRST_SECONDS = 1.0
BACKOFF_LONGEST_SECONDS = 15 * 60.0
RENEW_AT = 2 / 3  # of a certificate's life
RENEW_SPREAD = 0.1


def share(agent_id: str, what: str) -> float:
    """A number from 0 up to 1 that is this agent's own, the same at every start."""
    digest = hashlib.sha256(f"{agent_id}/{what}".encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48


def seconds_until_next(now: float, interval_seconds: float, place: float) -> float:
    """Seconds until the agent's next instant of an interval, at least half an interval and at most one and a half.

    `now` is seconds since the epoch, `place` where in the interval the agent's instants are, 0 to 1.
    """
    wait = (place * interval_seconds - now) % interval_seconds
    return wait if wait >= interval_seconds / 2 else wait + interval_seconds


def renewal_time(starts: datetime, ends: datetime, agent_id: str) -> datetime:
    """When a certificate is to be renewed: at two thirds of its life, give or take a tenth, by agent."""
    spread = 1 + RENEW_SPREAD * (2 * share(agent_id, starts.isoformat()) - 1)
    return starts + timedelta(seconds=(ends - starts).total_seconds() * RENEW_AT * spread)


def doubt_of_clock(now: datetime, starts: datetime, ends: datetime) -> str:
    """What to say where a certificate's life and this machine's clock do not agree; "" where they do."""
    if starts <= now <= ends:
        return ""
    return (
        f"The certificate is good from {starts:%Y-%m-%d} to {ends:%Y-%m-%d}, and this machine's clock says "
        f"{now:%Y-%m-%d}. Set the clock right, or enrol this machine again with a new token."
    )


class Backoff:
    """Waits after failures: anything up to a bound that doubles from a second to a quarter of an hour (full jitter)."""

    def __init__(self, dice: Callable[[float, float], float] = random.uniform) -> None:
        self._dice = dice
        self._bound = BACKOFF_FIRST_SECONDS

    def failed(self, retry_after_seconds: float | None = None) -> float:
        """The wait after another failure, never shorter than what the collector asked for."""
        wait = self._dice(0, self._bound) + min(max(retry_after_seconds or 0.0, 0.0), BACKOFF_LONGEST_SECONDS)
        self._bound = min(2 * self._bound, BACKOFF_LONGEST_SECONDS)
        return wait

    def worked(self) -> None:
        """Begin anew."""
        self._bound = BACKOFF_FIRST_SECONDS


class Turns:
    """How soon the next sweep comes while credentials have not all had their turn at the devices that stay silent.

    A silent device hears one credential a sweep; so after a start, or with new credentials, as many sweeps follow each
    other closely as there are credentials.
    """

    def __init__(self) -> None:
        self._names: tuple[str, ...] = ()
        self._left = 0

    def swept(self, names: Iterable[str]) -> None:
        """A sweep with these credentials has ended."""
        now = tuple(sorted(names))
        self._left = max(0, self._left - 1) if now == self._names else max(0, len(now) - 1)
        self._names = now

    def wait(self, seconds: float) -> float:
        """The wait until the next sweep, which would be so long else."""
        return min(seconds, TURN_SECONDS) if self._left else seconds
