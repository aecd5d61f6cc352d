"""What people wish for, on the agent's side: each wish once, trials first, and every result until it was told.

It holds wishes and results and carries out nothing. A collector may repeat a wish until it has the result, so one that
was heard is remembered; and however many it sends, an hour has room for only so many trials.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from agent.errands import Wish
from agent.metrics import printable

TRIALS_AN_HOUR = 60
WAITING_LIMIT = 16
RESULTS_LIMIT = 32
_HEARD_LIMIT = 1_000
_HOUR_SECONDS = 3600.0
_SENTENCE_CHARACTERS = 300

BEGUN, DONE, REFUSED = "WISH_STATE_BEGUN", "WISH_STATE_DONE", "WISH_STATE_REFUSED"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a wish, so far."""

    wish_id: str
    state: str
    sentence: str = ""
    answered: bool = False

    def to_wire(self) -> dict[str, Any]:
        """The JSON form of WishResult."""
        return {"id": self.wish_id, "state": self.state, "sentence": self.sentence, "answered": self.answered}


class Hand:
    """The wishes that wait and the results that are not told yet.

    `called` is set while whatever is done should be left for something more urgent; `stirred` while somebody waits for
    a Sync.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.called = asyncio.Event()
        self.stirred = asyncio.Event()
        self._clock = clock
        self._waiting: list[Wish] = []
        self._unanswered: set[str] = set()
        self._heard: OrderedDict[str, None] = OrderedDict()
        self._results: list[Result] = []
        self._trials: deque[float] = deque(maxlen=TRIALS_AN_HOUR)

    def hear(self, wishes: Iterable[Wish]) -> None:
        """Take in wishes; those that were heard before are left out, those that cannot be kept are refused."""
        for wish in wishes:
            if wish.wish_id in self._heard:
                continue
            self._heard[wish.wish_id] = None
            if len(self._heard) > _HEARD_LIMIT:
                self._heard.popitem(last=False)
            if objection := self._objection(wish):
                self.tell(wish, REFUSED, objection)
            else:
                self._waiting.append(wish)
                self._unanswered.add(wish.wish_id)
                self.called.set()

    def _objection(self, wish: Wish) -> str:
        if wish.kind not in ("try", "look") or not (wish.address or (wish.kind == "look" and wish.network)):
            return "This agent does not know such a wish; it may be older than the collector."
        if len(self._waiting) >= WAITING_LIMIT:
            return "Too many wishes wait already. Try again when they are answered."
        if wish.kind == "try" and not self._room_for_a_trial():
            return f"This agent tries at most {TRIALS_AN_HOUR} credentials in an hour. Try again later."
        return ""

    def _room_for_a_trial(self) -> bool:
        now = self._clock()
        if len(self._trials) == TRIALS_AN_HOUR and now - self._trials[0] < _HOUR_SECONDS:
            return False
        self._trials.append(now)
        return True

    def next(self) -> Wish | None:
        """The wish whose turn it is, a trial before a look; None where none waits."""
        self.called.clear()
        chosen = next((wish for wish in self._waiting if wish.kind == "try"), None)
        chosen = chosen or next(iter(self._waiting), None)
        if chosen:
            self._waiting.remove(chosen)
        return chosen

    def put_back(self, wish: Wish) -> None:
        """It was interrupted by something more urgent: its turn comes again."""
        self._waiting.insert(0, wish)

    def waits_for_trial(self) -> bool:
        """Whether somebody waits for a trial's answer, which is more urgent than all else."""
        return any(wish.kind == "try" for wish in self._waiting)

    def is_awaited(self) -> bool:
        """Whether an answer is still to come."""
        return bool(self._unanswered)

    def tell(self, wish: Wish, state: str, sentence: str = "", *, answered: bool = False) -> None:
        """Note what came of a wish; the next Sync tells it."""
        if state != BEGUN:
            self._unanswered.discard(wish.wish_id)
        result = Result(wish.wish_id, state, printable(sentence)[:_SENTENCE_CHARACTERS], answered)
        if result not in self._results:
            self._results.append(result)
        del self._results[:-RESULTS_LIMIT]
        self.stirred.set()

    def results(self) -> list[Result]:
        """What is not told yet, in order."""
        return list(self._results)

    def told(self, results: Iterable[Result]) -> None:
        """The collector has these."""
        done = set(results)
        self._results = [each for each in self._results if each not in done]
