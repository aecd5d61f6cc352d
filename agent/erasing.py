"""What people had erased, on the agent's side: taken out of all that is kept, and told as done once it is.

It holds the ids of orders that are done with and not told yet, and no value any longer than it takes. It does not know
how orders travel, nor what a spool is beyond that it can be redacted.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable

from agent.errands import Erasure
from agent.errors import SpoolError
from stocktake.notations import Item
from stocktake.redaction import Sought

_UNTOLD_LIMIT = 32  # acknowledgements in one Sync

_log = logging.getLogger(__name__)


class Erasing:
    """The orders of one agent that are done with.

    `redact` takes values out of what is kept (SpoolError where it cannot) and returns in how many reports they stood;
    `trouble` is told what could not be done, and `tell` is called where the collector should hear of it at once.
    """

    def __init__(
        self, redact: Callable[[Sought], int], trouble: Callable[[str], object], tell: Callable[[], object]
    ) -> None:
        self._redact = redact
        self._trouble = trouble
        self._tell = tell
        self._done: list[str] = []

    def untold(self) -> tuple[str, ...]:
        """Orders that are done with, for the next Sync to tell."""
        return tuple(self._done)

    def hear(self, erasures: Iterable[Erasure], told: Iterable[str]) -> None:
        """Erase what is ordered and not done yet; `told` the collector knows of now. What fails is asked for again."""
        gone = set(told)
        self._done = [each for each in self._done if each not in gone]
        for each in [each for each in erasures if each.erasure_id not in self._done]:
            try:
                reports = self._redact(Sought(Item(kind, octets) for kind, octets in each.values))
            except SpoolError as error:
                self._trouble(f"What was erased at the collector is still in the spool: {error}")
                continue
            self._done.append(each.erasure_id)
            self._tell()
            _log.info("an erasure was carried out; %d reports held something of it", reports)
        del self._done[:-_UNTOLD_LIMIT]
